// Convolution with kernels of 3 × 3 in float32, forward and by the input: what convolution.cu does for all shapes, with the pixels of a strip in registers.
//
// A thread owns a strip, P pixels one below the other, and F targets (filters forward, channels by the input). For each source plane it loads the strip's
// window, P + 2 rows of 3, once; then every tap is a fused multiply-add from registers, whose weights all threads of a block read from shared memory at one
// address. A 16-byte read of shared memory occupies the unit for as long as four rows of multiply-adds even where all threads read one address, so a tap must
// serve many pixels: one pixel and 16 filters a thread got 12 TFLOP/s from an H100 and 2 × 8 got 15, both by that limit.
// Each chain keeps its order (source, row, column of the kernel); a tap that falls into padding is left out.
#pragma once

#include "conv_shape.cuh"
#include "phi.cuh"

namespace gradus {

constexpr int STRIP_THREADS = 128;
/** Weights that a block holds at a time. */
constexpr int STRIP_STAGE = 4096;
/** Blocks that a processor is to hold: left to itself, ptxas spills some kernels of few sums to hold more. */
template <int P, int F>
constexpr int STRIP_BLOCKS = P == 1 ? 6 : P == 3 || F == 1 ? 5 : 4;

/** One pass as sums over source planes: forward over x, by the input over y. */
struct Strips {
    int samples, sources, sourceHeight, sourceWidth, targets, height, width, top, left;
    /** Distances of the weight between targets and between sources. */
    int weightTarget, weightSource;

    static Strips forward(const Conv& s) {
        return {s.samples, s.channels, s.height, s.width, s.filters, s.outHeight, s.outWidth, s.top, s.left, s.channels * 9, 9};
    }
    /** With stride 1 this is a convolution of y by the kernel turned around; with stride 2, top and left are those of x. */
    static Strips byInput(const Conv& s) {
        const int turned = s.strideHeight == 1 ? 2 : 0;
        const int sign = s.strideHeight == 1 ? -1 : 1;
        return {s.samples, s.filters, s.outHeight, s.outWidth, s.channels, s.height, s.width, turned + sign * s.top, turned + sign * s.left, 9, s.channels * 9};
    }

    /** Rows and columns of source planes that taps reach beyond the edges, at most. */
    int reach(int stride) const {
        const int below = (height - 1) * stride - top + 3 - sourceHeight;
        const int behind = (width - 1) * stride - left + 3 - sourceWidth;
        int most = top > left ? top : left;
        most = below > most ? below : most;
        return behind > most ? behind : most;
    }
};

/** staged[(source · 9 + tap) · F + target] for some sources and F targets; 0 for targets that there are not. */
template <int F>
__device__ void stageWeights(const Strips& s, int first, int here, int firstTarget, Global<const float> weight, Shared<float, STRIP_STAGE>& staged) {
#pragma unroll 4
    for (int e = threadIdx.x; e < here * 9 * F; e += STRIP_THREADS) {
        const int f = e / (here * 9);
        const int rest = e - f * (here * 9);
        const int c = rest / 9;
        staged[rest * F + f] =
            firstTarget + f < s.targets ? static_cast<float>(weight[(firstTarget + f) * s.weightTarget + (first + c) * s.weightSource + rest - c * 9]) : 0.0f;
    }
}

template <int F>
__device__ void startWithBias(const Strips& s, int firstTarget, Global<const float> bias, float (&start)[F]) {
#pragma unroll
    for (int f = 0; f < F; f++) {
        start[f] = bias && firstTarget + f < s.targets ? static_cast<float>(bias[firstTarget + f]) : 0.0f;
    }
}

/** The costly nonlinearities, when the registers are free: to F targets of one pixel that the thread wrote itself. */
template <int F>
__device__ void finishStrip(const Strips& s, const Phi<float>& phi, int firstTarget, long long place, Global<float> y) {
    const int plane = s.height * s.width;
#pragma unroll 1
    for (int f = 0; f < F && firstTarget + f < s.targets; f++) {
        const long long at = place + static_cast<long long>(f) * plane;
        y[at] = applyPhi(phi, static_cast<float>(y[at]));
    }
}

/**
 * P pixels × F targets a thread. FLIP: by the input with stride 1, where a later tap reads an earlier row and column. EDGE: rows and columns beyond an edge
 * that taps may reach. The lowest strip of an image starts where it ends with the image, above the end of the one before: heights are at least P.
 */
template <int P, int F, int STRIDE, bool FLIP, int EDGE>
__global__ void __launch_bounds__(STRIP_THREADS, (STRIP_BLOCKS<P, F>)) convStrips(const __grid_constant__ Strips s, Global<const float> x,
                                                                                  Global<const float> weight, Global<const float> bias, Phi<float> phi,
                                                                                  Global<float> y) {
    constexpr int ROWS = (P - 1) * STRIDE + 3;
    constexpr int SOURCES = STRIP_STAGE / (9 * F);
    __shared__ __align__(16) Shared<float, STRIP_STAGE> staged;
    const int groups = (s.targets + F - 1) / F;
    const int bands = (s.height + P - 1) / P;
    const int firstTarget = static_cast<int>(blockIdx.x) % groups * F;
    const int strip = static_cast<int>(blockIdx.x) / groups * STRIP_THREADS + static_cast<int>(threadIdx.x);
    const int n = strip / (bands * s.width);
    const int inSample = strip - n * (bands * s.width);
    const int band = inSample / s.width;
    const int column = inSample - band * s.width;
    const int row = band * P < s.height - P ? band * P : s.height - P;
    const bool alive = n < s.samples;
    const int sourceRow = row * STRIDE - s.top;
    const int sourceColumn = column * STRIDE - s.left;
    bool rowInside[ROWS];
    bool columnInside[3];
#pragma unroll
    for (int q = 0; q < ROWS; q++) {
        rowInside[q] = (q >= EDGE || sourceRow + q >= 0) && (q < ROWS - EDGE || sourceRow + q < s.sourceHeight);
    }
#pragma unroll
    for (int l = 0; l < 3; l++) {
        columnInside[l] = (l >= EDGE || sourceColumn + l >= 0) && (l < 3 - EDGE || sourceColumn + l < s.sourceWidth);
    }

    float start[F];
    startWithBias<F>(s, firstTarget, bias, start);
    float sum[P][F];
#pragma unroll
    for (int p = 0; p < P; p++) {
#pragma unroll
        for (int f = 0; f < F; f++) {
            sum[p][f] = start[f];
        }
    }
    int window = (n * s.sources * s.sourceHeight + sourceRow) * s.sourceWidth + sourceColumn;
    for (int first = 0; first < s.sources; first += SOURCES) {
        const int here = s.sources - first < SOURCES ? s.sources - first : SOURCES;
        __syncthreads();
        stageWeights<F>(s, first, here, firstTarget, weight, staged);
        __syncthreads();
        if (alive) {
            // Few pixels a thread: the windows of several planes on their way at a time.
#pragma unroll(P == 1 ? 4 : 1)
            for (int c = 0; c < here; c++) {
                float value[ROWS][3];
#pragma unroll
                for (int q = 0; q < ROWS; q++) {
#pragma unroll
                    for (int l = 0; l < 3; l++) {
                        value[q][l] = rowInside[q] && columnInside[l] ? static_cast<float>(x[window + q * s.sourceWidth + l]) : 0.0f;
                    }
                }
                window += s.sourceHeight * s.sourceWidth;
#pragma unroll
                for (int k = 0; k < 3; k++) {
#pragma unroll
                    for (int l = 0; l < 3; l++) {
                        const int across = FLIP ? 2 - l : l;
                        float w[F];
                        loadShared<F>(staged, (c * 9 + k * 3 + l) * F, w);
#pragma unroll
                        for (int p = 0; p < P; p++) {
                            const int q = p * STRIDE + (FLIP ? 2 - k : k);
                            const bool there = rowInside[q] && columnInside[across];
#pragma unroll
                            for (int f = 0; f < F; f++) {
                                sum[p][f] = EDGE == 0 ? fusedMultiplyAdd(value[q][across], w[f], sum[p][f])
                                                      : fusedMultiplyAddIf(there, value[q][across], w[f], sum[p][f]);
                            }
                        }
                    }
                }
            }
        }
    }
    if (!alive) {
        return;
    }
    const int plane = s.height * s.width;
    const long long place = (static_cast<long long>(n) * s.targets + firstTarget) * plane + row * s.width + column;
#pragma unroll
    for (int p = 0; p < P; p++) {
        if (row + p >= band * P) {
#pragma unroll
            for (int f = 0; f < F; f++) {
                if (firstTarget + f < s.targets) {
                    y[place + static_cast<long long>(f) * plane + p * s.width] = applyCheapPhi(phi, sum[p][f]);
                }
            }
        }
    }
    if (phi.kind == SIGMOID_KIND || phi.kind == TANH_KIND) {
#pragma unroll 1
        for (int p = band * P - row; p < P; p++) {
            finishStrip<F>(s, phi, firstTarget, place + p * s.width, y);
        }
    }
}

/**
 * By the input with stride 2. Counted from −top and −left, the pixels of a square of 2 × 2 read the same two rows and columns of y: its first pixel by four
 * taps, the next two by two, the last by one. A thread owns P squares, one below the other, and F channels.
 */
template <int P, int F>
__global__ void __launch_bounds__(STRIP_THREADS) convSquares(const __grid_constant__ Strips s, Global<const float> y, Global<const float> weight,
                                                             Global<const float> bias, Phi<float> phi, Global<float> x) {
    constexpr int SOURCES = STRIP_STAGE / (9 * F);
    __shared__ __align__(16) Shared<float, STRIP_STAGE> staged;
    const int groups = (s.targets + F - 1) / F;
    const int squaresDown = (s.height + s.top + 1) / 2;
    const int squaresAcross = (s.width + s.left + 1) / 2;
    const int bands = (squaresDown + P - 1) / P;
    const int firstTarget = static_cast<int>(blockIdx.x) % groups * F;
    const int strip = static_cast<int>(blockIdx.x) / groups * STRIP_THREADS + static_cast<int>(threadIdx.x);
    const int n = strip / (bands * squaresAcross);
    const int inSample = strip - n * (bands * squaresAcross);
    const int band = inSample / squaresAcross;
    const int j = inSample - band * squaresAcross - 1;
    const int i = band * P - 1;
    const bool alive = n < s.samples;
    bool rowInside[P + 1];
    bool columnInside[2];
#pragma unroll
    for (int q = 0; q <= P; q++) {
        rowInside[q] = static_cast<unsigned>(i + q) < static_cast<unsigned>(s.sourceHeight);
    }
#pragma unroll
    for (int q = 0; q < 2; q++) {
        columnInside[q] = static_cast<unsigned>(j + q) < static_cast<unsigned>(s.sourceWidth);
    }

    float start[F];
    startWithBias<F>(s, firstTarget, bias, start);
    float sum[P][2][2][F];
#pragma unroll
    for (int p = 0; p < 4 * P; p++) {
#pragma unroll
        for (int f = 0; f < F; f++) {
            sum[p / 4][p / 2 % 2][p % 2][f] = start[f];
        }
    }
    int window = (n * s.sources * s.sourceHeight + i) * s.sourceWidth + j;
    for (int first = 0; first < s.sources; first += SOURCES) {
        const int here = s.sources - first < SOURCES ? s.sources - first : SOURCES;
        __syncthreads();
        stageWeights<F>(s, first, here, firstTarget, weight, staged);
        __syncthreads();
        if (alive) {
#pragma unroll(P == 1 ? 4 : 2)
            for (int c = 0; c < here; c++) {
                float value[P + 1][2];
#pragma unroll
                for (int q = 0; q <= P; q++) {
#pragma unroll
                    for (int r = 0; r < 2; r++) {
                        value[q][r] = rowInside[q] && columnInside[r] ? static_cast<float>(y[window + q * s.sourceWidth + r]) : 0.0f;
                    }
                }
                window += s.sourceHeight * s.sourceWidth;
#pragma unroll
                for (int k = 0; k < 3; k++) {
#pragma unroll
                    for (int l = 0; l < 3; l++) {
                        float w[F];
                        loadShared<F>(staged, (c * 9 + k * 3 + l) * F, w);
#pragma unroll
                        for (int p = 0; p < P; p++) {
                            const int q = p + 1 - k / 2;
                            const int r = 1 - l / 2;
                            const bool there = rowInside[q] && columnInside[r];
#pragma unroll
                            for (int f = 0; f < F; f++) {
                                sum[p][k % 2][l % 2][f] = fusedMultiplyAddIf(there, value[q][r], w[f], sum[p][k % 2][l % 2][f]);
                            }
                        }
                    }
                }
            }
        }
    }
    if (!alive) {
        return;
    }
    const int plane = s.height * s.width;
    const long long image = (static_cast<long long>(n) * s.targets + firstTarget) * plane;
    const int row = 2 * (i + 1) - s.top;
    const int column = 2 * (j + 1) - s.left;
#pragma unroll
    for (int p = 0; p < 4 * P; p++) {
        const int h = row + p / 2;
        const int w = column + p % 2;
        if (static_cast<unsigned>(h) < static_cast<unsigned>(s.height) && static_cast<unsigned>(w) < static_cast<unsigned>(s.width)) {
#pragma unroll
            for (int f = 0; f < F; f++) {
                if (firstTarget + f < s.targets) {
                    x[image + static_cast<long long>(f) * plane + h * s.width + w] = applyCheapPhi(phi, sum[p / 4][p / 2 % 2][p % 2][f]);
                }
            }
        }
    }
    if (phi.kind == SIGMOID_KIND || phi.kind == TANH_KIND) {
#pragma unroll 1
        for (int p = 0; p < 4 * P; p++) {
            const int h = row + p / 2;
            const int w = column + p % 2;
            if (static_cast<unsigned>(h) < static_cast<unsigned>(s.height) && static_cast<unsigned>(w) < static_cast<unsigned>(s.width)) {
                finishStrip<F>(s, phi, firstTarget, image + h * s.width + w, x);
            }
        }
    }
}

namespace {

/** Kernels of 3 × 3 and strides of 1 or 2, neither groups nor dilation: all convolutions of the experiments. */
inline bool plainThrees(const Conv& s) {
    return s.groups == 1 && s.kernelHeight == 3 && s.kernelWidth == 3 && s.dilationHeight == 1 && s.dilationWidth == 1 && s.strideHeight == s.strideWidth &&
           s.strideHeight <= 2;
}

template <class Kernel>
int launchStrips(Stream stream, const char* name, Kernel kernel, const Strips& s, int each, long long strips, const float* x, const float* weight,
                 const float* bias, Phi<float> phi, float* y) {
    const long long blocks = (strips + STRIP_THREADS - 1) / STRIP_THREADS * ((s.targets + each - 1) / each);
    return launch(name, kernel, static_cast<unsigned>(blocks), STRIP_THREADS, stream, s, x, weight, bias, phi, y);
}

template <int P, int F, int STRIDE, bool FLIP, int EDGE>
int strips(Stream stream, const Strips& s, const float* x, const float* weight, const float* bias, Phi<float> phi, float* y) {
    const long long count = static_cast<long long>(s.samples) * ((s.height + P - 1) / P) * s.width;
    return launchStrips(stream, "conv by strips", convStrips<P, F, STRIDE, FLIP, EDGE>, s, F, count, x, weight, bias, phi, y);
}

/** Whether strips of P pixels and F targets give each processor this many threads. */
inline bool fills(const Strips& s, int p, int f, int threads) {
    return s.height >= p && static_cast<long long>(s.samples) * ((s.height + p - 1) / p) * s.width * ((s.targets + f - 1) / f) >= 1LL * threads * multiprocessors();
}

/** The longest strips that leave the device enough threads and compute few pixels twice; small batches take single pixels. The limits are measured. */
template <bool FLIP, int EDGE>
int stripsOfStride1(Stream stream, const Strips& s, const float* x, const float* weight, const float* bias, Phi<float> phi, float* y) {
    const auto with = [&](auto kernel) { return kernel(stream, s, x, weight, bias, phi, y); };
    if (s.targets == 1) {
        return with(fills(s, 7, 1, 32) ? strips<7, 1, 1, FLIP, EDGE> : strips<1, 4, 1, FLIP, EDGE>);
    }
    // With two rows and columns beyond each edge the conditions of the taps do not leave the sums of 7 pixels their registers.
    if constexpr (EDGE < 2) {
        // A strip that starts above the end of the one before computes their common pixels again.
        const bool few = s.targets <= 4;
        if (few || (s.height + 6) / 7 * 7 <= (s.height + 2) / 3 * 3) {
            if (!few && fills(s, 7, 8, 256)) {
                return with(strips<7, 8, 1, FLIP, EDGE>);
            }
            if (fills(s, 7, 4, 192)) {
                return with(strips<7, 4, 1, FLIP, EDGE>);
            }
        }
    }
    return with(s.targets > 4 && fills(s, 3, 8, 90) ? strips<3, 8, 1, FLIP, EDGE> : strips<1, 4, 1, FLIP, EDGE>);
}

/** Whether these kernels serve a pass. */
inline bool servedForward(const Conv& s) { return plainThrees(s) && Strips::forward(s).reach(s.strideHeight) <= 1; }
inline bool servedByInput(const Conv& s) { return plainThrees(s) && (s.strideHeight == 2 || Strips::byInput(s).reach(1) <= 2); }

inline int stripsForward(Stream stream, const Conv& conv, const float* x, const float* weight, const float* bias, Phi<float> phi, float* y) {
    const Strips s = Strips::forward(conv);
    if (conv.strideHeight == 1) {
        return (s.reach(1) <= 0 ? stripsOfStride1<false, 0> : stripsOfStride1<false, 1>)(stream, s, x, weight, bias, phi, y);
    }
    return (s.targets > 4 && fills(s, 3, 8, 90) ? strips<3, 8, 2, false, 1> : strips<1, 4, 2, false, 1>)(stream, s, x, weight, bias, phi, y);
}

inline int stripsByInput(Stream stream, const Conv& conv, const float* y, const float* weight, const float* bias, Phi<float> phi, float* x) {
    const Strips s = Strips::byInput(conv);
    if (conv.strideHeight == 1) {
        return (s.reach(1) <= 1 ? stripsOfStride1<true, 1> : stripsOfStride1<true, 2>)(stream, s, y, weight, bias, phi, x);
    }
    const long long down = (s.height + s.top + 1) / 2;
    const long long across = (s.width + s.left + 1) / 2;
    return launchStrips(stream, "conv by squares", convSquares<1, 4>, s, 4, s.samples * down * across, y, weight, bias, phi, x);
}

}  // namespace

}  // namespace gradus
