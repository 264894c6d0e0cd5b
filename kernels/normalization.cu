// The passes of batch normalization over [N, C, places], and the gradient through a layer's nonlinearity.
#include "batch_tree.cuh"
#include "phi.cuh"

namespace gradus {

enum ChannelSum { PLAIN, SQUARES, PRODUCTS };

/** One chain a thread: a lane of a chunk of a channel, the places of two samples. Neighbouring threads are neighbouring channels. */
template <class T, ChannelSum KIND>
__global__ void channelChains(int samples, int channels, int places, int firstChunk, int chunks, Global<const T> g, Global<const T> x, Global<const T> mean,
                              Global<T> partial) {
    const unsigned n = static_cast<unsigned>(channels) * chunks * BATCH_LANES;
    for (unsigned e = blockIdx.x * blockDim.x + threadIdx.x; e < n; e += gridDim.x * blockDim.x) {
        const int channel = static_cast<int>(e % channels);
        const int slot = static_cast<int>(e / channels);
        const int first = (firstChunk + slot / BATCH_LANES) * BATCH_CHUNK + slot % BATCH_LANES;
        const int second = first + BATCH_LANES;
        const long long place0 = (static_cast<long long>(first) * channels + channel) * places;
        const long long step = static_cast<long long>(BATCH_LANES) * channels * places;
        const T centre = KIND == PLAIN ? T(0) : static_cast<T>(mean[channel]);
        const auto withTerm = [&](T sum, long long place) {
            const T value = x[place];
            if (KIND == PLAIN) {
                return sum + value;
            }
            const T d = value - centre;
            return fusedMultiplyAdd(KIND == SQUARES ? d : static_cast<T>(g[place]), d, sum);
        };
        T sum = 0;
        if (second < samples) {
#pragma unroll 4
            for (int p = 0; p < places; p++) {
                sum = withTerm(sum, place0 + p);
                sum = withTerm(sum, place0 + step + p);
            }
        } else if (first < samples) {
#pragma unroll 4
            for (int p = 0; p < places; p++) {
                sum = withTerm(sum, place0 + p);
            }
        }
        partial[e] = sum;
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
            return launch("sum of a channel", kernel, walkingBlocks(static_cast<long long>(channels) * chunks * BATCH_LANES), WALKERS, stream, samples,
                          channels, places, firstChunk, chunks, as<T>(g), as<T>(x), as<T>(mean), as<T>(partial));
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
