// The passes of batch normalization over [N, C, places], and the gradient through a layer's nonlinearity.
#include "batch_tree.cuh"
#include "phi.cuh"

namespace gradus {

enum ChannelSum { PLAIN, SQUARES, PRODUCTS };

/**
 * The chains of one channel in one chunk, a lane each: the places of two samples in turn. Places of a sample lie side by side, those of a chain's neighbour far
 * off: so all threads of a block bring the places of the 32 samples to shared memory, row by row, the next ones while 16 threads add. With `folds`, where the
 * chunk is the only one, those fold as well.
 */
template <class T, ChannelSum KIND>
__global__ void __launch_bounds__(WALKERS) channelChains(int samples, int channels, int places, int firstChunk, bool folds, Global<const T> g,
                                                         Global<const T> x, Global<const T> mean, Global<T> partial, Global<T> y) {
    constexpr int PLACES = KIND == PRODUCTS ? 64 : 128;
    constexpr int PITCH = PLACES + 1;
    constexpr int ROWS = BATCH_CHUNK * 32 / WALKERS;
    __shared__ Shared<T, BATCH_CHUNK * PITCH> values;
    __shared__ Shared<T, KIND == PRODUCTS ? BATCH_CHUNK * PITCH : 1> slopes;
    __shared__ Shared<T, BATCH_LANES> lanes;
    const int channel = static_cast<int>(blockIdx.x) % channels;
    const int chunk = static_cast<int>(blockIdx.x) / channels;
    const int n0 = (firstChunk + chunk) * BATCH_CHUNK;
    const int lane = static_cast<int>(threadIdx.x) % 32;
    const int row0 = static_cast<int>(threadIdx.x) / 32 * ROWS;
    const T centre = KIND == PLAIN ? T(0) : static_cast<T>(mean[channel]);
    T value[ROWS][PLACES / 32];
    T slope[KIND == PRODUCTS ? ROWS : 1][PLACES / 32];
    const auto fetch = [&](int first) {
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
            const int n = n0 + row0 + r;
            const long long from = (static_cast<long long>(n) * channels + channel) * places;
#pragma unroll
            for (int q = 0; q < PLACES / 32; q++) {
                const int p = first + lane + 32 * q;
                const bool there = n < samples && p < places;
                value[r][q] = there ? static_cast<T>(x[from + p]) : T(0);
                if constexpr (KIND == PRODUCTS) {
                    slope[r][q] = there ? static_cast<T>(g[from + p]) : T(0);
                }
            }
        }
    };
    const int mine = static_cast<int>(threadIdx.x);
    const int halves = mine >= BATCH_LANES || n0 + mine >= samples ? 0 : n0 + mine + BATCH_LANES < samples ? 2 : 1;
    T sum = 0;
    struct Term {
        T value, slope;
    };
    const auto term = [&](int at) { return Term{values[at], KIND == PRODUCTS ? static_cast<T>(slopes[KIND == PRODUCTS ? at : 0]) : T(0)}; };
    const auto add = [&](const Term& t) { sum = KIND == PLAIN ? sum + t.value : fusedMultiplyAdd(KIND == SQUARES ? t.value : t.slope, t.value, sum); };
    fetch(0);
    for (int first = 0; first < places; first += PLACES) {
        const unsigned here = places - first < PLACES ? places - first : PLACES;
        __syncthreads();
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
#pragma unroll
            for (int q = 0; q < PLACES / 32; q++) {
                const int at = (row0 + r) * PITCH + lane + 32 * q;
                values[at] = KIND == PLAIN ? value[r][q] : value[r][q] - centre;
                if constexpr (KIND == PRODUCTS) {
                    slopes[at] = slope[r][q];
                }
            }
        }
        __syncthreads();
        fetch(first + PLACES);
        const int at = mine * PITCH;
        if (halves == 2) {
            struct Terms {
                Term even, odd;
            };
            inOrder<16>(
                0, here, 1, [&](unsigned p) { return Terms{term(at + p), term(at + BATCH_LANES * PITCH + p)}; },
                [&](const Terms& t) {
                    add(t.even);
                    add(t.odd);
                });
        } else if (halves == 1) {
            inOrder<16>(0, here, 1, [&](unsigned p) { return term(at + p); }, add);
        }
    }
    if (!folds) {
        if (mine < BATCH_LANES) {
            partial[(static_cast<long long>(chunk) * BATCH_LANES + mine) * channels + channel] = sum;
        }
        return;
    }
    if (mine < BATCH_LANES) {
        lanes[mine] = T(0) + sum;
    }
    for (int half = BATCH_LANES / 2; half > 0; half /= 2) {
        __syncthreads();
        if (mine < half) {
            lanes[mine] = static_cast<T>(lanes[mine]) + static_cast<T>(lanes[mine + half]);
        }
    }
    if (mine == 0) {
        y[channel] = static_cast<T>(lanes[0]);
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
        const auto kernel = kind == PLAIN ? channelChains<T, PLAIN> : kind == SQUARES ? channelChains<T, SQUARES> : channelChains<T, PRODUCTS>;
        const auto chains = [&](int firstChunk, int chunks, bool folds) {
            return launch("sum of a channel", kernel, static_cast<unsigned>(channels) * chunks, WALKERS, stream, samples, channels, places, firstChunk, folds,
                          as<T>(g), as<T>(x), as<T>(mean), as<T>(partial), as<T>(y));
        };
        if (batchChunks(samples) == 1) {
            return chains(0, 1, true);
        }
        return sumOverBatch(stream, samples, static_cast<unsigned>(channels), room, as<T>(partial), as<T>(y),
                            [&](int firstChunk, int chunks) { return chains(firstChunk, chunks, false); });
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
