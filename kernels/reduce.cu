// Folds in the contract's order: chunks of 4096 terms, in each 16 lanes (place modulo 16) that add in ascending order, the lanes folded
// pairwise (+8, +4, +2, +1), the chunks added in order from +0. Sixteen threads are the lanes of one chunk of one output.
#include "chains.cuh"
#include "functions.cuh"
#include "walk.cuh"

namespace gradus {

constexpr int CHUNK = 4096;
constexpr int LANES = 16;

/** gradus.backend.Reduction. */
enum Reduction { SUM, SUM_OF_SQUARES, MAX, MIN };

template <Reduction R, class T>
__device__ T identity() {
    return R == MAX ? -T(infinity()) : R == MIN ? T(infinity()) : T(0);
}

template <Reduction R, class T>
__device__ T withTerm(T sum, T term) {
    switch (R) {
        case SUM: return sum + term;
        case SUM_OF_SQUARES: return fusedMultiplyAdd(term, term, sum);
        case MAX: return maximum(sum, term);
        case MIN: return minimum(sum, term);
    }
    return sum;
}

template <Reduction R, class T>
__device__ T joined(T a, T b) {
    switch (R) {
        case SUM:
        case SUM_OF_SQUARES: return a + b;
        case MAX: return maximum(a, b);
        case MIN: return minimum(a, b);
    }
    return a;
}

/**
 * One chunk of one output for each group of 16 threads; partial[chunk · outputs + output] is its value. Neighbouring threads are lanes where
 * the terms lie together (ROWS), else outputs.
 */
template <class T, Reduction R, bool ROWS>
__global__ void foldChunks(const __grid_constant__ Walk<1> kept, const __grid_constant__ Walk<1> folded, unsigned outputs, unsigned terms, unsigned blocksOfOutputs, Global<const T> x, bool last,
                           Global<T> partial) {
    constexpr int GROUPS = 16;
    __shared__ Shared<T, LANES * GROUPS> lanes;
    const unsigned lane = ROWS ? threadIdx.x : threadIdx.y;
    const unsigned group = ROWS ? threadIdx.y : threadIdx.x;
    const unsigned chunk = blockIdx.x / blocksOfOutputs;
    const unsigned output = (blockIdx.x - chunk * blocksOfOutputs) * GROUPS + group;
    const unsigned first = chunk * CHUNK;
    T sum = identity<R, T>();
    if (output < outputs) {
        int base[1];
        kept.places(output, base);
        const unsigned end = terms - first < CHUNK ? terms : first + CHUNK;
        const auto add = [&](T term) { sum = withTerm<R>(sum, term); };
        if (folded.rank == 1) {
            const int stride = folded.stride[0][0];
            inOrder<64>(first + lane, end, LANES, [&](unsigned t) { return static_cast<T>(x[base[0] + static_cast<int>(t) * stride]); }, add);
        } else {
            inOrder<16>(
                first + lane, end, LANES,
                [&](unsigned t) {
                    int place[1];
                    folded.places(t, place);
                    return static_cast<T>(x[base[0] + place[0]]);
                },
                add);
        }
    }
    lanes[lane * GROUPS + group] = sum;
    for (unsigned half = LANES / 2; half > 0; half /= 2) {
        __syncthreads();
        if (lane < half) {
            lanes[lane * GROUPS + group] = joined<R>(static_cast<T>(lanes[lane * GROUPS + group]), static_cast<T>(lanes[(lane + half) * GROUPS + group]));
        }
    }
    if (lane == 0 && output < outputs) {
        const T value = lanes[group];
        partial[chunk * outputs + output] = last ? joined<R>(identity<R, T>(), value) : value;
    }
}

/** The chunks of each output, in order. */
template <class T, Reduction R>
__global__ void foldPartials(unsigned outputs, unsigned chunks, Global<const T> partial, Global<T> y) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < outputs; i += gridDim.x * blockDim.x) {
        T sum = identity<R, T>();
        inOrder<16>(0, chunks, 1, [&](unsigned c) { return static_cast<T>(partial[c * outputs + i]); }, [&](T chunk) { sum = joined<R>(sum, chunk); });
        y[i] = sum;
    }
}

namespace {

template <class T, Reduction R>
int reduceAs(Stream stream, const Walk<1>& kept, const Walk<1>& folded, const T* x, T* partial, T* y) {
    const unsigned outputs = static_cast<unsigned>(kept.size());
    const unsigned terms = static_cast<unsigned>(folded.size());
    if (outputs == 0) {
        return 0;
    }
    const unsigned chunks = (terms + CHUNK - 1) / CHUNK;
    const bool last = chunks <= 1;
    const unsigned blocksOfOutputs = (outputs + 15) / 16;
    const unsigned blocks = blocksOfOutputs * (last ? 1 : chunks);
    // Lanes side by side where the terms lie side by side, or where there are too few outputs to fill a row of threads.
    const bool rows = folded.stride[0][folded.rank - 1] == 1 || outputs < 8;
    int status = launch("reduce", rows ? foldChunks<T, R, true> : foldChunks<T, R, false>, blocks, dim3(16, 16), stream, kept, folded, outputs, terms,
                        blocksOfOutputs, x, last, last ? y : partial);
    if (status == 0 && !last) {
        status = launch("reduce, last fold", foldPartials<T, R>, walkingBlocks(outputs), WALKERS, stream, outputs, chunks, partial, y);
    }
    return status;
}

}  // namespace

GRADUS_EXPORT int gradus_reduce(void* stream, int type, int reduction, const int* kept, const int* folded, const void* x, void* partial, void* y) {
    const Walk<1> outer(kept);
    const Walk<1> inner(folded);
    return withType(type, [&]<class T>(T) {
        switch (reduction) {
            case SUM: return reduceAs<T, SUM>(stream, outer, inner, as<T>(x), as<T>(partial), as<T>(y));
            case SUM_OF_SQUARES: return reduceAs<T, SUM_OF_SQUARES>(stream, outer, inner, as<T>(x), as<T>(partial), as<T>(y));
            case MAX: return reduceAs<T, MAX>(stream, outer, inner, as<T>(x), as<T>(partial), as<T>(y));
            default: return reduceAs<T, MIN>(stream, outer, inner, as<T>(x), as<T>(partial), as<T>(y));
        }
    });
}

}  // namespace gradus
