// Softmax and losses in one launch or two in place of four to ten: gradus.backend.Fusion, with the bits of the operations that they stand for, each of which rounds.
#include "chains.cuh"
#include "functions.cuh"
#include "walk.cuh"

namespace gradus {

constexpr int FUSED_LANES = 16;
constexpr int FUSED_GROUPS = 16;
constexpr int FUSED_CHUNK = 4096;
constexpr int LOSS_THREADS = 256;

/** The order of gradus.backend.Fusion; KernelProperties tries each. */
enum Fusion { SOFTMAX, LOG_SOFTMAX, MEAN_SQUARED_ERROR, BINARY_CROSS_ENTROPY };

/** Folds the lanes of one group pairwise, +8, +4, +2, +1, and gives lane 0 to all of them. All threads of the block come along. */
template <class T, class Join>
__device__ T foldLanes(T mine, Shared<T, FUSED_LANES * FUSED_GROUPS>& lanes, Join join) {
    const unsigned lane = threadIdx.x;
    const unsigned at = threadIdx.y * FUSED_LANES;
    __syncthreads();
    lanes[at + lane] = mine;
    for (unsigned half = FUSED_LANES / 2; half > 0; half /= 2) {
        __syncthreads();
        if (lane < half) {
            lanes[at + lane] = join(static_cast<T>(lanes[at + lane]), static_cast<T>(lanes[at + lane + half]));
        }
    }
    __syncthreads();
    return lanes[at];
}

/** A row for each group of 16 threads, at most 4096 wide: one chunk of the contract's sums. */
template <class T, bool LOGARITHM>
__global__ void softmaxKernel(unsigned rows, unsigned width, Global<const T> x, Global<T> y) {
    __shared__ Shared<T, FUSED_LANES * FUSED_GROUPS> lanes;
    const unsigned row = blockIdx.x * FUSED_GROUPS + threadIdx.y;
    const long long first = static_cast<long long>(row) * width;
    const unsigned end = row < rows ? width : 0;
    T largest = -T(infinity());
    for (unsigned i = threadIdx.x; i < end; i += FUSED_LANES) {
        largest = maximum(largest, static_cast<T>(x[first + i]));
    }
    largest = foldLanes(largest, lanes, [](T a, T b) { return maximum(a, b); });
    T sum = 0;
    for (unsigned i = threadIdx.x; i < end; i += FUSED_LANES) {
        const T e = apply(EXP, static_cast<T>(x[first + i]) - largest);
        if constexpr (!LOGARITHM) {
            y[first + i] = e;
        }
        sum += e;
    }
    sum = T(0) + foldLanes(sum, lanes, [](T a, T b) { return a + b; });
    const T log = LOGARITHM ? apply(LOG, sum) : T(0);
    for (unsigned i = threadIdx.x; i < end; i += FUSED_LANES) {
        y[first + i] = LOGARITHM ? static_cast<T>(x[first + i]) - largest - log : static_cast<T>(y[first + i]) / sum;
    }
}

/** max(log, −100), as PyTorch limits the logarithms of binary cross-entropy. */
template <class T>
__device__ T limited(T log) {
    return maximum(log, T(-100));
}

/**
 * A block makes one chunk: all its threads make the 4096 terms, whose functions are the work, and sixteen of them add. With each lane making its own terms
 * as well, the 25 chunks of 128 images kept an H100 busy for 211 µs.
 */
template <class T, Fusion F>
__global__ void lossChunks(unsigned n, Global<const T> x, Global<const T> target, Global<T> partial) {
    __shared__ Shared<T, FUSED_CHUNK> terms;
    const unsigned first = blockIdx.x * FUSED_CHUNK;
    const unsigned count = n - first < FUSED_CHUNK ? n - first : FUSED_CHUNK;
    for (unsigned i = threadIdx.x; i < count; i += LOSS_THREADS) {
        const T p = x[first + i];
        const T t = target[first + i];
        if constexpr (F == MEAN_SQUARED_ERROR) {
            terms[i] = p - t;
        } else {
            const T yes = t * limited(apply(LOG, p));
            const T no = (t - 1) * limited(apply(LOG1P, -p));
            terms[i] = no - yes;
        }
    }
    __syncthreads();
    T sum = 0;
    if (threadIdx.x < FUSED_LANES) {
        inOrder<16>(threadIdx.x, count, FUSED_LANES, [&](unsigned i) { return static_cast<T>(terms[i]); },
                    [&](T term) { sum = F == MEAN_SQUARED_ERROR ? fusedMultiplyAdd(term, term, sum) : sum + term; });
    }
    __syncthreads();
    if (threadIdx.x < FUSED_LANES) {
        terms[threadIdx.x] = sum;
    }
    for (unsigned half = FUSED_LANES / 2; half > 0; half /= 2) {
        __syncthreads();
        if (threadIdx.x < half) {
            terms[threadIdx.x] = static_cast<T>(terms[threadIdx.x]) + static_cast<T>(terms[threadIdx.x + half]);
        }
    }
    if (threadIdx.x == 0) {
        partial[blockIdx.x] = static_cast<T>(terms[0]);
    }
}

/** y = the chunks in order, divided by the number of terms. */
template <class T>
__global__ void lossMean(unsigned chunks, T terms, Global<const T> partial, Global<T> y) {
    T sum = 0;
    inOrder<32>(0, chunks, 1, [&](unsigned c) { return static_cast<T>(partial[c]); }, [&](T chunk) { sum += chunk; });
    y[0] = sum / terms;
}

namespace {

template <class T, Fusion F>
int loss(Stream stream, unsigned n, const T* x, const T* target, T* partial, T* y) {
    const unsigned chunks = (n + FUSED_CHUNK - 1) / FUSED_CHUNK;
    const int status = launch("loss", lossChunks<T, F>, chunks, LOSS_THREADS, stream, n, x, target, partial);
    return status != 0 ? status : launch("mean of a loss", lossMean<T>, 1, 1, stream, chunks, static_cast<T>(n), partial, y);
}

}  // namespace

GRADUS_EXPORT int gradus_fused(void* stream, int type, int fusion, int rows, int width, const void* x, const void* target, void* partial, void* y) {
    const unsigned n = static_cast<unsigned>(rows) * static_cast<unsigned>(width);
    return n == 0 ? 0 : withType(type, [&]<class T>(T) {
        const dim3 threads(FUSED_LANES, FUSED_GROUPS);
        const unsigned blocks = (static_cast<unsigned>(rows) + FUSED_GROUPS - 1) / FUSED_GROUPS;
        switch (fusion) {
            case SOFTMAX: return launch("softmax", softmaxKernel<T, false>, blocks, threads, stream, static_cast<unsigned>(rows), static_cast<unsigned>(width), as<T>(x), as<T>(y));
            case LOG_SOFTMAX:
                return launch("log-softmax", softmaxKernel<T, true>, blocks, threads, stream, static_cast<unsigned>(rows), static_cast<unsigned>(width), as<T>(x), as<T>(y));
            case MEAN_SQUARED_ERROR: return loss<T, MEAN_SQUARED_ERROR>(stream, n, as<T>(x), as<T>(target), as<T>(partial), as<T>(y));
            default: return loss<T, BINARY_CROSS_ENTROPY>(stream, n, as<T>(x), as<T>(target), as<T>(partial), as<T>(y));
        }
    });
}

}  // namespace gradus
