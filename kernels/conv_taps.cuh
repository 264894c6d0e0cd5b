// Convolution with kernels of 3 × 3 in float32, by the weight. A block has one lane of one chunk of the batch: the samples n0 and n0 + 16, some channels of x
// and some filters of y, whose rows it brings to shared memory band by band. A thread owns K rows of 3 taps of a channel for F filters and walks over the
// places; of the window of x only the new column is read at each.
//
// All threads of a block copy, more than add: with a few dozen loads on their way a processor waits for memory most of the time (68 µs for the 36 weights of
// 1 → 4 channels and 1024 samples on an H100, of which the chains need 5).
#pragma once

#include "batch_tree.cuh"
#include "conv_shape.cuh"

namespace gradus {

constexpr int TAP_THREADS = 128;
/** Elements that each thread has on their way to shared memory. */
constexpr int COPIES = 8;
/** Elements of x and of y that a block holds at a time. */
constexpr int TAP_IMAGE = 6656;
constexpr int TAP_SLOPES = 5376;

/** A convolution, and how a block cuts it. */
struct Taps {
    Conv conv;
    int blockChannels, blockFilters, bandRows;
    /** Distance of planes in the image, odd so that channels lie in different banks; of places in the slopes. */
    int planeStep, placeStep;

    __host__ __device__ int tileRows() const { return (bandRows - 1) * conv.strideHeight + 3; }
};

/** e / n for 0 ≤ e < 2¹⁵ and n > 0, by the reciprocal of n. */
__device__ inline int quotient(int e, float reciprocal) { return static_cast<int>((static_cast<float>(e) + 0.5f) * reciprocal); }

template <int K, int F, int STRIDE>
__global__ void __launch_bounds__(TAP_THREADS) convTaps(const __grid_constant__ Taps taps, int firstChunk, Global<const float> y, Global<const float> x,
                                                        Global<float> partial) {
    __shared__ __align__(16) Shared<float, TAP_IMAGE> image;
    __shared__ __align__(16) Shared<float, TAP_SLOPES> slopes;
    const Conv& s = taps.conv;
    const int channelBlocks = (s.channels + taps.blockChannels - 1) / taps.blockChannels;
    const int c0 = static_cast<int>(blockIdx.y) % channelBlocks * taps.blockChannels;
    const int f0 = static_cast<int>(blockIdx.y) / channelBlocks * taps.blockFilters;
    const int t = static_cast<int>(threadIdx.x);
    const int c = t % taps.blockChannels;
    const int k0 = t / taps.blockChannels % (3 / K) * K;
    const int f = t / taps.blockChannels / (3 / K) * F;
    const bool alive = f < taps.blockFilters && c0 + c < s.channels;
    const int n0 = (firstChunk + static_cast<int>(blockIdx.z) / BATCH_LANES) * BATCH_CHUNK + static_cast<int>(blockIdx.z) % BATCH_LANES;
    const int halves = n0 + BATCH_LANES < s.samples ? 2 : n0 < s.samples ? 1 : 0;
    const int halfStep = taps.blockChannels * taps.planeStep;
    // Places of a row whose three columns all lie in the image.
    const int firstWhole = (s.left + STRIDE - 1) / STRIDE < s.outWidth ? (s.left + STRIDE - 1) / STRIDE : s.outWidth;
    const int end = s.width - 3 + s.left < 0 ? 0 : (s.width - 3 + s.left) / STRIDE + 1;
    const int endWhole = end < firstWhole ? firstWhole : end < s.outWidth ? end : s.outWidth;

    float sum[K][3][F];
#pragma unroll
    for (int e = 0; e < K * 3 * F; e++) {
        sum[e / (3 * F)][e / F % 3][e % F] = 0;
    }
    for (int band = 0; band < s.outHeight && halves > 0; band += taps.bandRows) {
        const int rows = s.outHeight - band < taps.bandRows ? s.outHeight - band : taps.bandRows;
        const int from = band * STRIDE - s.top;
        const int low = from < 0 ? 0 : from;
        const int high = from + taps.tileRows() < s.height ? from + taps.tileRows() : s.height;
        const int elements = high > low ? (high - low) * s.width : 0;
        const float byElements = 1.0f / static_cast<float>(elements > 0 ? elements : 1);
        __syncthreads();
        const int images = halves * taps.blockChannels * elements;
        for (int e0 = t; e0 < images; e0 += COPIES * TAP_THREADS) {
            float value[COPIES];
            int at[COPIES];
#pragma unroll
            for (int q = 0; q < COPIES; q++) {
                const int e = e0 + q * TAP_THREADS;
                const int plane = quotient(e, byElements);
                const int half = plane >= taps.blockChannels ? 1 : 0;
                const int channel = c0 + plane - half * taps.blockChannels;
                const int place = e - plane * elements;
                at[q] = plane * taps.planeStep + (low - from) * s.width + place;
                value[q] = e < images && channel < s.channels
                               ? static_cast<float>(x[(((n0 + half * BATCH_LANES) * s.channels + channel) * s.height + low) * s.width + place])
                               : 0.0f;
            }
#pragma unroll
            for (int q = 0; q < COPIES; q++) {
                if (e0 + q * TAP_THREADS < images) {
                    image[at[q]] = value[q];
                }
            }
        }
        const int places = rows * s.outWidth;
        const float byPlaces = 1.0f / static_cast<float>(places);
        const int all = halves * taps.blockFilters * places;
        for (int e0 = t; e0 < all; e0 += COPIES * TAP_THREADS) {
            float value[COPIES];
            int at[COPIES];
#pragma unroll
            for (int q = 0; q < COPIES; q++) {
                const int e = e0 + q * TAP_THREADS;
                const int plane = quotient(e, byPlaces);
                const int half = plane >= taps.blockFilters ? 1 : 0;
                const int filter = f0 + plane - half * taps.blockFilters;
                const int place = e - plane * places;
                at[q] = place * taps.placeStep + plane;
                value[q] = e < all && filter < s.filters
                               ? static_cast<float>(y[(((n0 + half * BATCH_LANES) * s.filters + filter) * s.outHeight + band) * s.outWidth + place])
                               : 0.0f;
            }
#pragma unroll
            for (int q = 0; q < COPIES; q++) {
                if (e0 + q * TAP_THREADS < all) {
                    slopes[at[q]] = value[q];
                }
            }
        }
        __syncthreads();
        // WHOLE: all rows of the window lie in the image.
        const auto walk = [&]<int HALVES, bool WHOLE>(std::integral_constant<int, HALVES>, std::bool_constant<WHOLE>, int i, int row) {
            const int slope = i * s.outWidth * taps.placeStep + f;
            // A tap outside the image reads its edge and is left out: a condition around the read would cost as much as the tap.
            bool rowThere[K];
            int line[K];
#pragma unroll
            for (int e = 0; e < K; e++) {
                rowThere[e] = WHOLE || static_cast<unsigned>(row + e) < static_cast<unsigned>(s.height);
                const int inside = WHOLE || rowThere[e] ? row + e : row + e < 0 ? 0 : s.height - 1;
                line[e] = c * taps.planeStep + (inside - from) * s.width;
            }
            float value[HALVES][K][3];
            const auto column = [&](int at, int l) {
#pragma unroll
                for (int e = 0; e < HALVES * K; e++) {
                    value[e / K][e % K][l] = image[e / K * halfStep + line[e % K] + at];
                }
            };
            bool columnThere[3];
            const auto add = [&]<bool EDGE>(std::bool_constant<EDGE>, int j) {
#pragma unroll
                for (int half = 0; half < HALVES; half++) {
                    float g[F];
                    loadShared<F>(slopes, slope + j * taps.placeStep + half * taps.blockFilters, g);
#pragma unroll
                    for (int e = 0; e < K * 3 * F; e++) {
                        const int k = e / (3 * F);
                        const int l = e / F % 3;
                        float& chain = sum[k][l][e % F];
                        chain = WHOLE && !EDGE ? fusedMultiplyAdd(g[e % F], value[half][k][l], chain)
                                               : fusedMultiplyAddIf(rowThere[k] && (!EDGE || columnThere[l]), g[e % F], value[half][k][l], chain);
                    }
                }
            };
            const auto addAtEdge = [&](int j) {
#pragma unroll
                for (int l = 0; l < 3; l++) {
                    const int at = j * STRIDE + l - s.left;
                    columnThere[l] = static_cast<unsigned>(at) < static_cast<unsigned>(s.width);
                    column(at < 0 ? 0 : at < s.width ? at : s.width - 1, l);
                }
                add(std::true_type(), j);
            };
#pragma unroll 1
            for (int j = 0; j < firstWhole; j++) {
                addAtEdge(j);
            }
            if (firstWhole < endWhole) {
#pragma unroll
                for (int l = 0; l < 3 - STRIDE; l++) {
                    column(firstWhole * STRIDE + l - s.left, l);
                }
            }
            // After three steps of stride 1 a column is back in its registers.
#pragma unroll(K == 1 ? 8 : 3)
            for (int j = firstWhole; j < endWhole; j++) {
#pragma unroll
                for (int l = 3 - STRIDE; l < 3; l++) {
                    column(j * STRIDE + l - s.left, l);
                }
                add(std::false_type(), j);
#pragma unroll
                for (int e = 0; e < HALVES * K; e++) {
#pragma unroll
                    for (int l = 0; l < 3 - STRIDE; l++) {
                        value[e / K][e % K][l] = value[e / K][e % K][l + STRIDE];
                    }
                }
            }
#pragma unroll 1
            for (int j = endWhole; j < s.outWidth; j++) {
                addAtEdge(j);
            }
        };
        const auto walkRow = [&]<bool WHOLE>(std::bool_constant<WHOLE> whole, int i, int row) {
            if (halves == 2) {
                walk(std::integral_constant<int, 2>(), whole, i, row);
            } else {
                walk(std::integral_constant<int, 1>(), whole, i, row);
            }
        };
        for (int i = 0; i < rows && alive; i++) {
            const int row = from + i * STRIDE + k0;
            if (row >= 0 && row + K <= s.height) {
                walkRow(std::true_type(), i, row);
            } else if constexpr (K > 1) {
                if (row + K > 0 && row < s.height) {
                    walkRow(std::false_type(), i, row);
                }
            }
        }
    }
    // By way of shared memory, for the weights of a thread and of its neighbour lie 9 apart.
    const int weights = taps.blockChannels * 9;
    __syncthreads();
    if (alive) {
#pragma unroll
        for (int e = 0; e < K * 3 * F; e++) {
            image[(f + e % F) * weights + c * 9 + (k0 + e / (3 * F)) * 3 + e / F % 3] = sum[e / (3 * F)][e / F % 3][e % F];
        }
    }
    __syncthreads();
    const long long slot = static_cast<long long>(blockIdx.z) * s.filters * s.channels * 9;
    const float byWeights = 1.0f / static_cast<float>(weights);
    for (int e = t; e < taps.blockFilters * weights; e += TAP_THREADS) {
        const int filter = quotient(e, byWeights);
        const int weight = c0 * 9 + e - filter * weights;
        if (f0 + filter < s.filters && weight < s.channels * 9) {
            partial[slot + static_cast<long long>(f0 + filter) * s.channels * 9 + weight] = static_cast<float>(image[e]);
        }
    }
}

namespace {

/** Lanes of chunks that have samples: what blocks there are before channels and filters are cut. */
inline long long lanesWithSamples(int samples) {
    const int rest = samples % BATCH_CHUNK;
    return samples / BATCH_CHUNK * static_cast<long long>(BATCH_LANES) + (rest < BATCH_LANES ? rest : BATCH_LANES);
}

/**
 * Cuts channels and filters until a block's threads suffice and the blocks are enough: three for each processor while they keep a warp busy or cut the image
 * into bands, half of one while they keep 12 threads busy. False where not even one row of the image fits.
 */
template <int K, int F>
bool cut(const Conv& s, Taps& taps) {
    int channels = s.channels;
    int filters = (s.filters + F - 1) / F * F;
    for (;;) {
        const int work = channels * (3 / K) * (filters / F);
        const long long parts = static_cast<long long>((s.channels + channels - 1) / channels) * ((s.filters + filters - 1) / filters);
        const int placeStep = F == 1 ? 2 * filters | 1 : 2 * filters + F;
        const auto planeStep = [&](int rows) { return ((rows - 1) * s.strideHeight + 3) * s.width | 1; };
        int rows = s.outHeight;
        while (rows > 0 && (2LL * channels * planeStep(rows) > TAP_IMAGE || static_cast<long long>(rows) * s.outWidth * placeStep > TAP_SLOPES)) {
            rows--;
        }
        const long long blocks = parts * lanesWithSamples(s.samples);
        const bool tooFew = (blocks < 3LL * multiprocessors() && (work > 32 || rows < s.outHeight)) || (blocks < multiprocessors() / 2 && work > 12);
        if (work <= TAP_THREADS && rows > 0 && (!tooFew || filters * channels == F)) {
            const int bands = (s.outHeight + rows - 1) / rows;
            rows = (s.outHeight + bands - 1) / bands;
            taps = Taps{s, channels, filters, rows, planeStep(rows), placeStep};
            return true;
        }
        if (filters > F && (filters >= channels || channels == 1)) {
            filters = (filters / 2 + F - 1) / F * F;
        } else if (channels > 1) {
            channels = (channels + 1) / 2;
        } else {
            return false;
        }
    }
}

template <int K, int F, int STRIDE>
int launchTaps(Stream stream, const Taps& taps, int firstChunk, int chunks, const float* y, const float* x, float* partial) {
    const Conv& s = taps.conv;
    const unsigned parts = static_cast<unsigned>((s.channels + taps.blockChannels - 1) / taps.blockChannels) *
                           ((s.filters + taps.blockFilters - 1) / taps.blockFilters);
    return launch("conv by weight, taps", convTaps<K, F, STRIDE>, dim3(1, parts, chunks * BATCH_LANES), TAP_THREADS, stream, taps, firstChunk, y, x, partial);
}

/** All nine taps for four filters a thread, where that leaves each processor a warp and a half and keeps a warp of each block busy; else three for one filter. */
inline bool cutForManyTaps(const Conv& s, Taps& taps) {
    return s.filters >= 4 && lanesWithSamples(s.samples) * s.channels * (s.filters / 4) >= 48LL * multiprocessors() && cut<3, 4>(s, taps) &&
           taps.blockChannels * taps.blockFilters >= 4 * 32;
}

}  // namespace

}  // namespace gradus
