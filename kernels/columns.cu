// Convolution as a product, for the fast mode: the taps of every place side by side, and back. No part of the contract: which order the product in between
// sums in is the business of its library. Elements of padding are +0.
#include "conv_shape.cuh"
#include "phi.cuh"
#include "walk.cuh"

namespace gradus {

/** columns[n · sampleStep + (c, k, l) · tapStep + (i, j)] = x[first + n, c, row(i, k), column(j, l)]; a thread is one element. */
template <class T>
__global__ void columnsKernel(const __grid_constant__ Conv s, int first, unsigned elements, long long sampleStep, long long tapStep, Global<const T> x,
                              Global<T> columns) {
    const unsigned places = static_cast<unsigned>(s.outHeight * s.outWidth);
    const unsigned taps = static_cast<unsigned>(s.channels * s.kernelSize());
    for (unsigned e = blockIdx.x * blockDim.x + threadIdx.x; e < elements; e += gridDim.x * blockDim.x) {
        const unsigned row = e / places;
        const int place = static_cast<int>(e - row * places);
        const int n = static_cast<int>(row / taps);
        const int tap = static_cast<int>(row - static_cast<unsigned>(n) * taps);
        const int channel = tap / s.kernelSize();
        const int inKernel = tap - channel * s.kernelSize();
        const int h = place / s.outWidth * s.strideHeight - s.top + inKernel / s.kernelWidth * s.dilationHeight;
        const int w = place % s.outWidth * s.strideWidth - s.left + inKernel % s.kernelWidth * s.dilationWidth;
        T value = 0;
        if (static_cast<unsigned>(h) < static_cast<unsigned>(s.height) && static_cast<unsigned>(w) < static_cast<unsigned>(s.width)) {
            value = x[(((first + n) * s.channels + channel) * s.height + h) * s.width + w];
        }
        columns[n * sampleStep + tap * tapStep + place] = value;
    }
}

/** x[first + n, c, h, w] = φ(bias[c] + Σ columns[n, (c, k, l), (i, j)]) over the taps (k, l) ascending whose place (i, j) reads (h, w). */
template <class T>
__global__ void foldColumnsKernel(const __grid_constant__ Conv s, int first, unsigned elements, Global<const T> columns, Global<const T> bias, Phi<T> phi,
                                  Global<T> x) {
    const int places = s.outHeight * s.outWidth;
    const int plane = s.height * s.width;
    for (unsigned e = blockIdx.x * blockDim.x + threadIdx.x; e < elements; e += gridDim.x * blockDim.x) {
        const int at = static_cast<int>(e % static_cast<unsigned>(plane));
        const int image = static_cast<int>(e / static_cast<unsigned>(plane));
        const int channel = image % s.channels;
        T sum = bias ? static_cast<T>(bias[channel]) : T(0);
        for (int k = 0; k < s.kernelHeight; k++) {
            const int i = meeting(at / s.width + s.top - k * s.dilationHeight, s.strideHeight, s.outHeight);
            for (int l = 0; i >= 0 && l < s.kernelWidth; l++) {
                const int j = meeting(at % s.width + s.left - l * s.dilationWidth, s.strideWidth, s.outWidth);
                if (j >= 0) {
                    sum += static_cast<T>(columns[(static_cast<long long>(image) * s.kernelSize() + k * s.kernelWidth + l) * places + i * s.outWidth + j]);
                }
            }
        }
        x[static_cast<long long>(first) * s.channels * plane + e] = applyPhi(phi, sum);
    }
}

GRADUS_EXPORT int gradus_columns(void* stream, int type, const int* shape, int first, int samples, long long sampleStep, long long tapStep, const void* x,
                                 void* columns) {
    const Conv s(shape);
    const unsigned elements = static_cast<unsigned>(samples) * s.channels * s.kernelSize() * s.outHeight * s.outWidth;
    return elements == 0 ? 0 : withType(type, [&]<class T>(T) {
        return launch("columns", columnsKernel<T>, walkingBlocks(elements), WALKERS, stream, s, first, elements, sampleStep, tapStep, as<T>(x), as<T>(columns));
    });
}

GRADUS_EXPORT int gradus_fold_columns(void* stream, int type, const int* shape, int first, int samples, const void* columns, const void* bias, int phi, double slope,
                                      void* x) {
    const Conv s(shape);
    const unsigned elements = static_cast<unsigned>(samples) * s.channels * s.height * s.width;
    return elements == 0 ? 0 : withType(type, [&]<class T>(T) {
        return launch("fold of columns", foldColumnsKernel<T>, walkingBlocks(elements), WALKERS, stream, s, first, elements, as<T>(columns), as<T>(bias),
                      Phi<T>{phi, static_cast<T>(slope)}, as<T>(x));
    });
}

}  // namespace gradus
