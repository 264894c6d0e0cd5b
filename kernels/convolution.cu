// Convolution of images [N, C, H, W]: forward, by the input, by the weight. Each element is one chain of fused multiply-adds in the order of
// gradus.backend.Convolutions; a tap that falls into padding is left out.
//
// Forward and by the input: a thread owns one pixel and FT filters (or channels). A tap is found, tested and loaded once and serves FT
// multiply-adds, whose weights all threads of the block read from shared memory at one address: the images here have few channels, so
// that the reuse has to come from the filters. By the weight: a thread owns one tap and FT filters, and walks over the places of two samples.
#include "batch_tree.cuh"
#include "conv_strips.cuh"
#include "conv_taps.cuh"

namespace gradus {

constexpr int CONV_THREADS = 128;
/** Weights that a block holds at a time. */
constexpr int STAGE = 4096;

/** The place (channel, row, column) of a tap in its kernel, moved on tap by tap. */
struct TapPlace {
    int plane, row, column;

    __device__ static TapPlace of(int tap, int kernelHeight, int kernelWidth) {
        const int rest = tap / kernelWidth;
        return {rest / kernelHeight, rest % kernelHeight, tap % kernelWidth};
    }
    __device__ void advance(int kernelHeight, int kernelWidth) {
        if (++column == kernelWidth) {
            column = 0;
            if (++row == kernelHeight) {
                row = 0;
                plane++;
            }
        }
    }
};

/** Stores the finished chains of one pixel, planes apart, and applies φ; a costly φ when the registers are free, to what the thread wrote itself. */
template <class T, int FT>
__device__ void finish(const T (&sum)[FT], const Phi<T>& phi, int count, int planeSize, long long place, Global<T> y) {
#pragma unroll
    for (int f = 0; f < FT; f++) {
        if (f < count) {
            y[place + static_cast<long long>(f) * planeSize] = applyCheapPhi(phi, sum[f]);
        }
    }
    if (phi.kind == SIGMOID_KIND || phi.kind == TANH_KIND) {
#pragma unroll 1
        for (int f = 0; f < count; f++) {
            const long long at = place + static_cast<long long>(f) * planeSize;
            y[at] = applyPhi(phi, static_cast<T>(y[at]));
        }
    }
}

/** Blocks that a processor is to hold: left to itself, ptxas spills 8 bytes of the forward kernel for float32 and 8 filters on 9.0 to go from 48 registers to 40. */
template <class T, int FT>
constexpr int FORWARD_BLOCKS = sizeof(T) == 4 && FT == 8 ? 10 : 1;

template <class T, int FT>
__global__ void __launch_bounds__(CONV_THREADS, (FORWARD_BLOCKS<T, FT>)) convForward(const __grid_constant__ Conv s, Global<const T> x, Global<const T> weight,
                                                                                     Global<const T> bias, Phi<T> phi, Global<T> y) {
    constexpr int TAPS = STAGE / FT;
    __shared__ __align__(16) Shared<T, STAGE> staged;
    const int filterBlocks = (s.groupFilters() + FT - 1) / FT;
    const int group = static_cast<int>(blockIdx.y) / filterBlocks;
    const int inGroup = static_cast<int>(blockIdx.y) % filterBlocks * FT;
    const int count = s.groupFilters() - inGroup < FT ? s.groupFilters() - inGroup : FT;
    const int firstFilter = group * s.groupFilters() + inGroup;
    const int firstChannel = group * s.groupChannels();
    const int taps = s.groupChannels() * s.kernelSize();
    const int outPlane = s.outHeight * s.outWidth;
    const long long pixel = static_cast<long long>(blockIdx.x) * CONV_THREADS + threadIdx.x;
    const bool alive = pixel < static_cast<long long>(s.samples) * outPlane;
    const int n = static_cast<int>(pixel / outPlane);
    const int o = static_cast<int>(pixel % outPlane);
    const int row0 = o / s.outWidth * s.strideHeight - s.top;
    const int column0 = o % s.outWidth * s.strideWidth - s.left;
    const int sample = (n * s.channels + firstChannel) * s.height * s.width;

    T sum[FT];
#pragma unroll
    for (int f = 0; f < FT; f++) {
        sum[f] = bias && f < count ? static_cast<T>(bias[firstFilter + f]) : T(0);
    }
    for (int first = 0; first < taps; first += TAPS) {
        const int here = taps - first < TAPS ? taps - first : TAPS;
        __syncthreads();
        for (int e = threadIdx.x; e < here * FT; e += CONV_THREADS) {
            const int f = e / here;
            const int t = e - f * here;
            staged[t * FT + f] = f < count ? static_cast<T>(weight[(firstFilter + f) * taps + first + t]) : T(0);
        }
        __syncthreads();
        TapPlace tap = TapPlace::of(first, s.kernelHeight, s.kernelWidth);
        for (int t = 0; t < here; t++) {
            const int row = row0 + tap.row * s.dilationHeight;
            const int column = column0 + tap.column * s.dilationWidth;
            if (alive && static_cast<unsigned>(row) < static_cast<unsigned>(s.height) && static_cast<unsigned>(column) < static_cast<unsigned>(s.width)) {
                const T value = x[sample + (tap.plane * s.height + row) * s.width + column];
                T w[FT];
                loadShared<FT>(staged, t * FT, w);
#pragma unroll
                for (int f = 0; f < FT; f++) {
                    sum[f] = fusedMultiplyAdd(value, w[f], sum[f]);
                }
            }
            tap.advance(s.kernelHeight, s.kernelWidth);
        }
    }
    if (alive) {
        finish<T, FT>(sum, phi, count, outPlane, (static_cast<long long>(n) * s.filters + firstFilter) * outPlane + o, y);
    }
}

template <class T, int FT>
__global__ void __launch_bounds__(CONV_THREADS) convInput(const __grid_constant__ Conv s, Global<const T> y, Global<const T> weight, Global<const T> bias,
                                                          Phi<T> phi, Global<T> x) {
    constexpr int TAPS = STAGE / FT;
    __shared__ __align__(16) Shared<T, STAGE> staged;
    const int channelBlocks = (s.groupChannels() + FT - 1) / FT;
    const int group = static_cast<int>(blockIdx.y) / channelBlocks;
    const int inGroup = static_cast<int>(blockIdx.y) % channelBlocks * FT;
    const int count = s.groupChannels() - inGroup < FT ? s.groupChannels() - inGroup : FT;
    const int firstChannel = group * s.groupChannels() + inGroup;
    const int firstFilter = group * s.groupFilters();
    const int taps = s.groupFilters() * s.kernelSize();
    const int inPlane = s.height * s.width;
    const int outPlane = s.outHeight * s.outWidth;
    const long long pixel = static_cast<long long>(blockIdx.x) * CONV_THREADS + threadIdx.x;
    const bool alive = pixel < static_cast<long long>(s.samples) * inPlane;
    const int n = static_cast<int>(pixel / inPlane);
    const int o = static_cast<int>(pixel % inPlane);
    const int row0 = o / s.width + s.top;
    const int column0 = o % s.width + s.left;
    const int sample = (n * s.filters + firstFilter) * outPlane;

    T sum[FT];
#pragma unroll
    for (int c = 0; c < FT; c++) {
        sum[c] = bias && c < count ? static_cast<T>(bias[firstChannel + c]) : T(0);
    }
    for (int first = 0; first < taps; first += TAPS) {
        const int here = taps - first < TAPS ? taps - first : TAPS;
        __syncthreads();
        for (int e = threadIdx.x; e < here * FT; e += CONV_THREADS) {
            const int c = e / here;
            const int t = e - c * here;
            const int f = (first + t) / s.kernelSize();
            const int place = ((firstFilter + f) * s.groupChannels() + inGroup + c) * s.kernelSize() + (first + t) % s.kernelSize();
            staged[t * FT + c] = c < count ? static_cast<T>(weight[place]) : T(0);
        }
        __syncthreads();
        TapPlace tap = TapPlace::of(first, s.kernelHeight, s.kernelWidth);
        for (int t = 0; t < here; t++) {
            const int i = meeting(row0 - tap.row * s.dilationHeight, s.strideHeight, s.outHeight);
            const int j = meeting(column0 - tap.column * s.dilationWidth, s.strideWidth, s.outWidth);
            if (alive && i >= 0 && j >= 0) {
                const T value = y[sample + (tap.plane * s.outHeight + i) * s.outWidth + j];
                T w[FT];
                loadShared<FT>(staged, t * FT, w);
#pragma unroll
                for (int c = 0; c < FT; c++) {
                    sum[c] = fusedMultiplyAdd(value, w[c], sum[c]);
                }
            }
            tap.advance(s.kernelHeight, s.kernelWidth);
        }
    }
    if (alive) {
        finish<T, FT>(sum, phi, count, inPlane, (static_cast<long long>(n) * s.channels + firstChannel) * inPlane + o, x);
    }
}

/** The chains of one lane of one chunk: two samples, n0 and n0 + 16. A thread owns one tap (c, k, l) and FT filters. */
template <class T, int FT>
__global__ void __launch_bounds__(CONV_THREADS) convWeight(const __grid_constant__ Conv s, int firstChunk, Global<const T> y, Global<const T> x,
                                                           Global<T> partial) {
    constexpr int PLACES = 64;
    constexpr int PAIR = 2;
    __shared__ __align__(16) Shared<T, PLACES * PAIR * FT> staged;
    const int filterBlocks = (s.groupFilters() + FT - 1) / FT;
    const int group = static_cast<int>(blockIdx.y) / filterBlocks;
    const int inGroup = static_cast<int>(blockIdx.y) % filterBlocks * FT;
    const int count = s.groupFilters() - inGroup < FT ? s.groupFilters() - inGroup : FT;
    const int firstFilter = group * s.groupFilters() + inGroup;
    const int taps = s.groupChannels() * s.kernelSize();
    const int t = static_cast<int>(blockIdx.x * CONV_THREADS + threadIdx.x);
    const bool alive = t < taps;
    const TapPlace tap = TapPlace::of(t, s.kernelHeight, s.kernelWidth);
    const int chunk = firstChunk + static_cast<int>(blockIdx.z) / BATCH_LANES;
    const int lane = static_cast<int>(blockIdx.z) % BATCH_LANES;
    const int n0 = chunk * BATCH_CHUNK + lane;
    const int places = s.outHeight * s.outWidth;
    const int row0 = tap.row * s.dilationHeight - s.top;
    const int column0 = tap.column * s.dilationWidth - s.left;
    const int plane = group * s.groupChannels() + tap.plane;

    T sum[FT];
#pragma unroll
    for (int f = 0; f < FT; f++) {
        sum[f] = T(0);
    }
    for (int first = 0; first < places; first += PLACES) {
        const int here = places - first < PLACES ? places - first : PLACES;
        __syncthreads();
        for (int e = threadIdx.x; e < PAIR * FT * here; e += CONV_THREADS) {
            const int f = e / here % FT;
            const int p = e % here;
            const int half = e / here / FT;
            const int n = n0 + half * BATCH_LANES;
            staged[(p * PAIR + half) * FT + f] =
                n < s.samples && f < count ? static_cast<T>(y[(n * s.filters + firstFilter + f) * places + first + p]) : T(0);
        }
        __syncthreads();
        int i = first / s.outWidth;
        int j = first % s.outWidth;
        for (int p = 0; p < here; p++) {
            const int row = i * s.strideHeight + row0;
            const int column = j * s.strideWidth + column0;
            if (alive && static_cast<unsigned>(row) < static_cast<unsigned>(s.height) && static_cast<unsigned>(column) < static_cast<unsigned>(s.width)) {
#pragma unroll
                for (int half = 0; half < PAIR; half++) {
                    const int n = n0 + half * BATCH_LANES;
                    if (n < s.samples) {
                        const T value = x[((n * s.channels + plane) * s.height + row) * s.width + column];
                        T g[FT];
                        loadShared<FT>(staged, (p * PAIR + half) * FT, g);
#pragma unroll
                        for (int f = 0; f < FT; f++) {
                            sum[f] = fusedMultiplyAdd(g[f], value, sum[f]);
                        }
                    }
                }
            }
            if (++j == s.outWidth) {
                j = 0;
                i++;
            }
        }
    }
    if (alive) {
        const long long slot = static_cast<long long>(blockIdx.z) * s.filters * taps;
#pragma unroll
        for (int f = 0; f < FT; f++) {
            if (f < count) {
                partial[slot + static_cast<long long>(firstFilter + f) * taps + t] = sum[f];
            }
        }
    }
}

namespace {

unsigned blocksOf(long long n, int each) { return static_cast<unsigned>((n + each - 1) / each); }

/** Filters (or channels) that a thread owns: the fewest idle ones. */
template <class F>
int withFilters(int filters, F f) {
    if (filters > 8) {
        return f(std::integral_constant<int, 16>());
    }
    return filters > 4 ? f(std::integral_constant<int, 8>()) : f(std::integral_constant<int, 4>());
}

}  // namespace

GRADUS_EXPORT int gradus_conv_forward(void* stream, int type, const int* shape, const void* x, const void* weight, const void* bias, int phi, double slope,
                                      void* y) {
    const Conv s(shape);
    const long long pixels = static_cast<long long>(s.samples) * s.outHeight * s.outWidth;
    if (pixels == 0 || s.filters == 0) {
        return 0;
    }
    if (type == FLOAT32 && servedForward(s)) {
        return stripsForward(stream, s, as<float>(x), as<float>(weight), as<float>(bias), Phi<float>{phi, static_cast<float>(slope)}, as<float>(y));
    }
    return withType(type, [&]<class T>(T) {
        return withFilters(s.groupFilters(), [&]<int FT>(std::integral_constant<int, FT>) {
            const dim3 grid(blocksOf(pixels, CONV_THREADS), s.groups * blocksOf(s.groupFilters(), FT));
            return launch("conv forward", convForward<T, FT>, grid, CONV_THREADS, stream, s, as<T>(x), as<T>(weight), as<T>(bias),
                          Phi<T>{phi, static_cast<T>(slope)}, as<T>(y));
        });
    });
}

GRADUS_EXPORT int gradus_conv_input(void* stream, int type, const int* shape, const void* y, const void* weight, const void* bias, int phi, double slope,
                                    void* x) {
    const Conv s(shape);
    const long long pixels = static_cast<long long>(s.samples) * s.height * s.width;
    if (pixels == 0 || s.channels == 0) {
        return 0;
    }
    if (type == FLOAT32 && servedByInput(s)) {
        return stripsByInput(stream, s, as<float>(y), as<float>(weight), as<float>(bias), Phi<float>{phi, static_cast<float>(slope)}, as<float>(x));
    }
    return withType(type, [&]<class T>(T) {
        return withFilters(s.groupChannels(), [&]<int FT>(std::integral_constant<int, FT>) {
            const dim3 grid(blocksOf(pixels, CONV_THREADS), s.groups * blocksOf(s.groupChannels(), FT));
            return launch("conv by input", convInput<T, FT>, grid, CONV_THREADS, stream, s, as<T>(y), as<T>(weight), as<T>(bias),
                          Phi<T>{phi, static_cast<T>(slope)}, as<T>(x));
        });
    });
}

GRADUS_EXPORT int gradus_conv_weight(void* stream, int type, const int* shape, const void* y, const void* x, void* partial, long long room, void* weight) {
    const Conv s(shape);
    const int taps = s.groupChannels() * s.kernelSize();
    const unsigned weights = static_cast<unsigned>(s.filters) * taps;
    if (weights == 0) {
        return 0;
    }
    Taps tile{s, 0, 0, 0, 0, 0};
    const bool served = type == FLOAT32 && plainThrees(s);
    const bool many = served && cutForManyTaps(s, tile);
    if (served && (many || cut<1, 1>(s, tile))) {
        const auto kernel = s.strideHeight == 1 ? (many ? launchTaps<3, 4, 1> : launchTaps<1, 1, 1>) : many ? launchTaps<3, 4, 2> : launchTaps<1, 1, 2>;
        return sumOverBatch(stream, s.samples, weights, room, as<float>(partial), as<float>(weight), [&](int firstChunk, int chunks) {
            return kernel(stream, tile, firstChunk, chunks, as<float>(y), as<float>(x), as<float>(partial));
        });
    }
    return withType(type, [&]<class T>(T) {
        return sumOverBatch(stream, s.samples, weights, room, as<T>(partial), as<T>(weight), [&](int firstChunk, int chunks) {
            return withFilters(s.groupFilters(), [&]<int FT>(std::integral_constant<int, FT>) {
                const dim3 grid(blocksOf(taps, CONV_THREADS), s.groups * blocksOf(s.groupFilters(), FT), chunks * BATCH_LANES);
                return launch("conv by weight", convWeight<T, FT>, grid, CONV_THREADS, stream, s, firstChunk, as<T>(y), as<T>(x), as<T>(partial));
            });
        });
    });
}

}  // namespace gradus
