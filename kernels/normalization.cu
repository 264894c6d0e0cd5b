// The passes of batch normalization over [N, C, places], and the gradient through a layer's nonlinearity.
#include "batch_tree.cuh"
#include "phi.cuh"

namespace gradus {

enum ChannelSum { PLAIN, SQUARES, PRODUCTS };

/** Chains of a block. */
constexpr int CHAINS = 16;

/**
 * A chain: a lane of a chunk of a channel, the places of two samples in turn. Places of a sample lie side by side, those of a chain's neighbour a plane away:
 * so all threads of a block bring the places of 16 chains to shared memory, row by row, and 16 of them add.
 */
template <class T, ChannelSum KIND>
__global__ void __launch_bounds__(WALKERS) channelChains(int samples, int channels, int places, int firstChunk, unsigned chains, Global<const T> g,
                                                         Global<const T> x, Global<const T> mean, Global<T> partial) {
    constexpr int PLACES = KIND == PRODUCTS ? 64 : 128;
    constexpr int PITCH = PLACES + 1;
    constexpr int ROWS = 2 * CHAINS * 32 / WALKERS;
    __shared__ Shared<T, 2 * CHAINS * PITCH> values;
    __shared__ Shared<T, KIND == PRODUCTS ? 2 * CHAINS * PITCH : 1> slopes;
    const int lane = static_cast<int>(threadIdx.x) % 32;
    const int row0 = static_cast<int>(threadIdx.x) / 32 * ROWS;
    long long from[ROWS];
    T centre[ROWS];
#pragma unroll
    for (int r = 0; r < ROWS; r++) {
        const unsigned chain = blockIdx.x * CHAINS + (row0 + r) / 2;
        const unsigned slot = chain / channels;
        const int channel = static_cast<int>(chain - slot * channels);
        const int n = (firstChunk + static_cast<int>(slot / BATCH_LANES)) * BATCH_CHUNK + static_cast<int>(slot % BATCH_LANES) + (row0 + r) % 2 * BATCH_LANES;
        const bool there = chain < chains && n < samples;
        from[r] = there ? (static_cast<long long>(n) * channels + channel) * places : -1;
        centre[r] = there && KIND != PLAIN ? static_cast<T>(mean[channel]) : T(0);
    }
    const unsigned mine = blockIdx.x * CHAINS + threadIdx.x;
    const bool adds = threadIdx.x < CHAINS && mine < chains;
    const unsigned slot = mine / channels;
    const int n = (firstChunk + static_cast<int>(slot / BATCH_LANES)) * BATCH_CHUNK + static_cast<int>(slot % BATCH_LANES);
    const int halves = !adds || n >= samples ? 0 : n + BATCH_LANES < samples ? 2 : 1;
    T sum = 0;
    const auto add = [&](int at) {
        const T d = values[at];
        sum = KIND == PLAIN ? sum + d : fusedMultiplyAdd(KIND == SQUARES ? d : static_cast<T>(slopes[KIND == PRODUCTS ? at : 0]), d, sum);
    };
    for (int first = 0; first < places; first += PLACES) {
        const int here = places - first < PLACES ? places - first : PLACES;
        // All loads first: what a thread stores between them would hold them up.
        T value[ROWS][PLACES / 32];
        T slope[KIND == PRODUCTS ? ROWS : 1][PLACES / 32];
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
#pragma unroll
            for (int q = 0; q < PLACES / 32; q++) {
                const int p = lane + 32 * q;
                const bool there = from[r] >= 0 && p < here;
                value[r][q] = there ? static_cast<T>(x[from[r] + first + p]) : T(0);
                if constexpr (KIND == PRODUCTS) {
                    slope[r][q] = there ? static_cast<T>(g[from[r] + first + p]) : T(0);
                }
            }
        }
        __syncthreads();
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
#pragma unroll
            for (int q = 0; q < PLACES / 32; q++) {
                const int at = (row0 + r) * PITCH + lane + 32 * q;
                values[at] = KIND == PLAIN ? value[r][q] : value[r][q] - centre[r];
                if constexpr (KIND == PRODUCTS) {
                    slopes[at] = slope[r][q];
                }
            }
        }
        __syncthreads();
        const int at = static_cast<int>(threadIdx.x) * 2 * PITCH;
        if (halves == 2) {
#pragma unroll 8
            for (int p = 0; p < here; p++) {
                add(at + p);
                add(at + PITCH + p);
            }
        } else if (halves == 1) {
#pragma unroll 8
            for (int p = 0; p < here; p++) {
                add(at + p);
            }
        }
    }
    if (adds) {
        partial[mine] = sum;
    }
}

template <class T>
__global__ void normalizeKernel(unsigned n, int channels, int places, Global<const T> x, Global<const T> mean, Global<const T> scale, Global<const T> shift,
                                Phi<T> phi, Global<T> y) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
        const int c = static_cast<int>(i / places % channels);
        const T d = static_cast<T>(x[i]) - static_cast<T>(mean[c]);
        y[i] = applyPhi(phi, fusedMultiplyAdd(d, static_cast<T>(scale[c]), static_cast<T>(shift[c])));
    }
}

template <class T>
__global__ void normalizeGradientKernel(unsigned n, int channels, int places, Global<const T> g, Global<const T> x, Global<const T> mean,
                                        Global<const T> offset, Global<const T> slope, Global<const T> scale, Global<T> dx) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
        const int c = static_cast<int>(i / places % channels);
        const T d = static_cast<T>(x[i]) - static_cast<T>(mean[c]);
        const T rest = static_cast<T>(g[i]) - static_cast<T>(offset[c]);
        dx[i] = fusedMultiplyAdd(d, -static_cast<T>(slope[c]), rest) * static_cast<T>(scale[c]);
    }
}

template <class T>
__global__ void phiGradientKernel(unsigned n, Phi<T> phi, Global<const T> g, Global<const T> y, Global<T> dx) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
        dx[i] = phiGradient(phi, static_cast<T>(g[i]), static_cast<T>(y[i]));
    }
}

GRADUS_EXPORT int gradus_channel_sums(void* stream, int type, int kind, int samples, int channels, int places, const void* g, const void* x, const void* mean,
                                      void* partial, long long room, void* y) {
    if (channels == 0) {
        return 0;
    }
    return withType(type, [&]<class T>(T) {
        return sumOverBatch(stream, samples, static_cast<unsigned>(channels), room, as<T>(partial), as<T>(y), [&](int firstChunk, int chunks) {
            const auto kernel = kind == PLAIN ? channelChains<T, PLAIN> : kind == SQUARES ? channelChains<T, SQUARES> : channelChains<T, PRODUCTS>;
            const unsigned chains = static_cast<unsigned>(channels) * chunks * BATCH_LANES;
            return launch("sum of a channel", kernel, (chains + CHAINS - 1) / CHAINS, WALKERS, stream, samples, channels, places, firstChunk, chains, as<T>(g),
                          as<T>(x), as<T>(mean), as<T>(partial));
        });
    });
}

GRADUS_EXPORT int gradus_normalize(void* stream, int type, int n, int channels, int places, const void* x, const void* mean, const void* scale,
                                   const void* shift, int phi, double slope, void* y) {
    return n == 0 ? 0 : withType(type, [&]<class T>(T) {
        return launch("normalize", normalizeKernel<T>, walkingBlocks(n), WALKERS, stream, static_cast<unsigned>(n), channels, places, as<T>(x), as<T>(mean),
                      as<T>(scale), as<T>(shift), Phi<T>{phi, static_cast<T>(slope)}, as<T>(y));
    });
}

GRADUS_EXPORT int gradus_normalize_gradient(void* stream, int type, int n, int channels, int places, const void* g, const void* x, const void* mean,
                                            const void* offset, const void* slope, const void* scale, void* dx) {
    return n == 0 ? 0 : withType(type, [&]<class T>(T) {
        return launch("normalize gradient", normalizeGradientKernel<T>, walkingBlocks(n), WALKERS, stream, static_cast<unsigned>(n), channels, places,
                      as<T>(g), as<T>(x), as<T>(mean), as<T>(offset), as<T>(slope), as<T>(scale), as<T>(dx));
    });
}

GRADUS_EXPORT int gradus_phi_gradient(void* stream, int type, int n, int phi, double slope, const void* g, const void* y, void* dx) {
    return n == 0 ? 0 : withType(type, [&]<class T>(T) {
        return launch("epilogue gradient", phiGradientKernel<T>, walkingBlocks(n), WALKERS, stream, static_cast<unsigned>(n),
                      Phi<T>{phi, static_cast<T>(slope)}, as<T>(g), as<T>(y), as<T>(dx));
    });
}

}  // namespace gradus
