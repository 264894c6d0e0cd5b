// c = f(bias + a·b): one fused multiply-add chain over k ascending for each element of c, whatever the tile.
//
// A block makes a tile of c. It walks along k in slices; a slice of a and b goes through shared memory, where both lie with k outermost, so
// that a thread reads the rows and columns it needs as vectors and spends ROWS·COLUMNS multiply-adds on them. Two buffers alternate: while one
// is multiplied, the next slice is on its way into registers, and a slice costs one barrier. What a thread multiplies next is already on its
// way from shared memory, AHEAD steps at a time. Places beyond the edges of a and b are read at the edge and never stored, and the short slice,
// if there is one, comes first, so the loop over the others asks for no bounds; it is cut off exactly: a multiply-add with zeros is no no-op (it
// turns −0 into +0).
#pragma once

#include "functions.cuh"
#include "walk.cuh"

namespace gradus {

/**
 * How a tile of BM × BN elements is cut: BK steps a slice, TM × TN elements a thread, fragments of so many steps read ahead, and so many blocks
 * that a processor should hold. ALONE and EACH: cycles that a processor takes for a step along k, at least and for each of its blocks.
 * ONLY_CARRY: so many threads that fetch the slices and multiply nothing, while the others only multiply; 0: all threads do both.
 */
template <int BM, int BN, int BK, int TM, int TN, int STEPS, int BLOCKS_HELD, int CYCLES_ALONE, int CYCLES_EACH, int ONLY_CARRY = 0>
struct Tile {
    static constexpr int M = BM;
    static constexpr int N = BN;
    static constexpr int K = BK;
    static constexpr int ROWS = TM;
    static constexpr int COLUMNS = TN;
    static constexpr int AHEAD = STEPS;
    static constexpr int BLOCKS = BLOCKS_HELD;
    static constexpr int ALONE = CYCLES_ALONE;
    static constexpr int EACH = CYCLES_EACH;
    static constexpr int MULTIPLIERS = (BM / TM) * (BN / TN);
    static constexpr int THREADS = MULTIPLIERS + ONLY_CARRY;
    static constexpr int CARRIERS = ONLY_CARRY > 0 ? ONLY_CARRY : THREADS;
    static_assert(MULTIPLIERS % 32 == 0 && ONLY_CARRY % 32 == 0 && BM / TM % 4 == 0 && BN / TN % 8 == 0, "warps are 4 rows by 8 columns of threads");
    static_assert(BK % (2 * STEPS) == 0, "fragments alternate between two places");
};

/** A number of steps along k, known where code is made. */
template <int COUNT>
struct Steps {
    __device__ constexpr operator int() const { return COUNT; }
};

/** One operand of a product. */
template <class T>
struct Factor {
    Global<const T> values;
    /** Distance between neighbours along the axis of c (rows of a, columns of b), and along k. */
    int along;
    int inner;
    /** Whether groups of four neighbours are aligned and none crosses an edge. */
    bool vectors;
};

__device__ inline void load4At(Global<const float> p, int place, float* out) {
    const float4 v = load4(p + place);
    out[0] = v.x;
    out[1] = v.y;
    out[2] = v.z;
    out[3] = v.w;
}
__device__ inline void load4At(Global<const double> p, int place, double* out) {
    const double2 low = load2(p + place);
    const double2 high = load2(p + (place + 2));
    out[0] = low.x;
    out[1] = low.y;
    out[2] = high.x;
    out[3] = high.y;
}

/**
 * The slices [EXTENT along c] × [K] of an operand, in groups of four that lie side by side: along k if INNER, else along c. Fetched into
 * registers, then laid down in shared memory with k outermost. Two threads share eight neighbours along k, so that the 32 places that a warp
 * writes at once, 16 of them in a row and 16 four rows below, lie in different banks. The last CARRIERS threads of the block do this. ALIGNED:
 * all operands have vectors.
 */
template <class T, class TILE, int EXTENT, bool INNER, bool ALIGNED>
struct Slices {
    static constexpr int K = TILE::K;
    static constexpr int GROUPS = EXTENT * K / 4 / TILE::CARRIERS;
    static constexpr int PITCH = EXTENT + 4;
    static_assert(GROUPS >= 1 && EXTENT * K % (4 * TILE::CARRIERS) == 0 && K % 8 == 0, "every thread carries whole groups");
    /** Where the next slice begins. */
    Global<const T> from;
    T values[GROUPS * 4] = {};

    static __device__ int at(int group) {
        const int e = static_cast<int>(threadIdx.x) - (TILE::THREADS - TILE::CARRIERS) + group * TILE::CARRIERS;
        return INNER ? e / 2 % EXTENT : e % (EXTENT / 4) * 4;
    }
    static __device__ int deep(int group) {
        const int e = static_cast<int>(threadIdx.x) - (TILE::THREADS - TILE::CARRIERS) + group * TILE::CARRIERS;
        return INNER ? e % 2 * 4 + e / (2 * EXTENT) * 8 : e / (EXTENT / 4);
    }

    /**
     * The next slice of so many terms, and rows (or columns) `first`… of c, those beyond the last at the last. Of a short one, values beyond the
     * terms keep what they were, which nobody uses.
     */
    template <bool SHORT>
    __device__ void fetch(const Factor<T>& f, int first, int extent, int terms) {
        const int inner = ALIGNED && INNER ? 1 : f.inner;
        if (ALIGNED || f.vectors) {
            const int last = extent - (INNER ? 1 : 4);
#pragma unroll
            for (int g = 0; g < GROUPS; g++) {
                const int i = first + at(g);
                if (!SHORT || deep(g) < terms) {
                    load4At(from, (i < last ? i : last) * f.along + deep(g) * inner, values + 4 * g);
                }
            }
        } else {
            const int last = extent - 1;
#pragma unroll
            for (int e = 0; e < GROUPS * 4; e++) {
                const int i = first + at(e / 4) + (INNER ? 0 : e % 4);
                const int k = deep(e / 4) + (INNER ? e % 4 : 0);
                if (!SHORT || k < terms) {
                    values[e] = from[(i < last ? i : last) * f.along + k * inner];
                }
            }
        }
        from = from + terms * inner;
    }

    template <class S>
    __device__ void layDown(S& tile, int base) const {
#pragma unroll
        for (int g = 0; g < GROUPS; g++) {
            const int place = base + deep(g) * PITCH + at(g);
            if constexpr (INNER) {
#pragma unroll
                for (int j = 0; j < 4; j++) {
                    tile[place + j * PITCH] = values[4 * g + j];
                }
            } else {
                storeShared(tile, place, values + 4 * g);
            }
        }
    }
};

/** f(x) out of line: the epilogue's registers are not the product's. */
template <class T>
__device__ __noinline__ static T applied(int function, T x) {
    return apply(static_cast<Function>(function), x);
}

/** Place in its tile of a thread's i-th row or column: in runs of four, so that the threads' vectors lie side by side. */
template <int COUNT, int EXTENT>
__device__ int spread(int thread, int i) {
    constexpr int RUN = COUNT % 4 == 0 ? 4 : COUNT;
    return i / RUN * (EXTENT / (COUNT / RUN)) + thread * RUN + i % RUN;
}

/** Stores the first `left` of a run, in one if it may. */
template <int RUN, class T>
__device__ void store(Global<T> p, const T* values, int left, bool vectors) {
    if constexpr (RUN == 4 && sizeof(T) == 4) {
        if (vectors) {
            if (left > 0) {
                store4(p, float4{values[0], values[1], values[2], values[3]});
            }
            return;
        }
    }
#pragma unroll
    for (int j = 0; j < RUN; j++) {
        if (j < left) {
            p[j] = values[j];
        }
    }
}

// Without ALIGNED each thread keeps the place of every element, which takes the registers of one block.
template <class T, class TILE, bool A_INNER, bool B_INNER, bool ALIGNED>
__global__ void __launch_bounds__(TILE::THREADS, ALIGNED || TILE::BLOCKS < 3 ? TILE::BLOCKS : TILE::BLOCKS - 1)
    matmulKernel(int m, int n, int depth, Factor<T> a, Factor<T> b, const __grid_constant__ Walk<2> batches, unsigned firstBatch, Global<const T> bias,
                 int biasStride, int function, Global<T> c, bool vectorsC) {
    using SlicesA = Slices<T, TILE, TILE::M, A_INNER, ALIGNED>;
    using SlicesB = Slices<T, TILE, TILE::N, B_INNER, ALIGNED>;
    constexpr int SIZE_A = TILE::K * SlicesA::PITCH;
    constexpr int SIZE_B = TILE::K * SlicesB::PITCH;
    __shared__ __align__(16) Shared<T, 2 * SIZE_A> tileA;
    __shared__ __align__(16) Shared<T, 2 * SIZE_B> tileB;
    constexpr int RUN_A = TILE::ROWS % 4 == 0 ? 4 : TILE::ROWS;
    constexpr int RUN_B = TILE::COLUMNS % 4 == 0 ? 4 : TILE::COLUMNS;
    [[maybe_unused]] constexpr int UNROLLED = TILE::AHEAD < 8 ? 8 / TILE::AHEAD : 1;
    constexpr int WARPS_ACROSS = TILE::N / TILE::COLUMNS / 8;
    const int lane = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
    // Of four neighbouring lanes two share their rows and two their columns, which halves what a vector read asks of shared memory.
    const int threadRow = warp / WARPS_ACROSS * 4 + (lane / 2 % 2 + lane / 16 * 2);
    const int threadColumn = warp % WARPS_ACROSS * 8 + (lane % 2 + lane / 4 % 4 * 2);
    const int firstRow = static_cast<int>(blockIdx.x) * TILE::M;
    const int firstColumn = static_cast<int>(blockIdx.y) * TILE::N;
    int start[2];
    const unsigned batch = firstBatch + blockIdx.z;
    batches.places(batch, start);
    SlicesA slicesA{a.values + start[0]};
    SlicesB slicesB{b.values + start[1]};

    T sum[TILE::ROWS][TILE::COLUMNS];
    for (int j = 0; j < TILE::COLUMNS; j++) {
        const int column = firstColumn + spread<TILE::COLUMNS, TILE::N>(threadColumn, j);
        const T begin = bias && column < n ? static_cast<T>(bias[column * biasStride]) : T(0);
        for (int i = 0; i < TILE::ROWS; i++) {
            sum[i][j] = begin;
        }
    }

    struct Fragment {
        T rows[TILE::AHEAD][TILE::ROWS];
        T columns[TILE::AHEAD][TILE::COLUMNS];
    };
    const auto read = [&](Fragment& f, int buffer, int k, auto steps) {
#pragma unroll
        for (int s = 0; s < steps; s++) {
#pragma unroll
            for (int i = 0; i < TILE::ROWS; i += RUN_A) {
                loadShared<RUN_A>(tileA, buffer * SIZE_A + (k + s) * SlicesA::PITCH + spread<TILE::ROWS, TILE::M>(threadRow, i), f.rows[s] + i);
            }
#pragma unroll
            for (int j = 0; j < TILE::COLUMNS; j += RUN_B) {
                loadShared<RUN_B>(tileB, buffer * SIZE_B + (k + s) * SlicesB::PITCH + spread<TILE::COLUMNS, TILE::N>(threadColumn, j), f.columns[s] + j);
            }
        }
    };
    const auto multiply = [&](const Fragment& f, auto steps) {
#pragma unroll
        for (int s = 0; s < steps; s++) {
#pragma unroll
            for (int i = 0; i < TILE::ROWS; i++) {
#pragma unroll
                for (int j = 0; j < TILE::COLUMNS; j++) {
                    sum[i][j] = fusedMultiplyAdd(f.rows[s][i], f.columns[s][j], sum[i][j]);
                }
            }
        }
    };

    const auto fetch = [&]<bool SHORT>(int terms) {
        slicesA.template fetch<SHORT>(a, firstRow, m, terms);
        slicesB.template fetch<SHORT>(b, firstColumn, n, terms);
    };
    const auto layDown = [&](int buffer) {
        slicesA.layDown(tileA, buffer * SIZE_A);
        slicesB.layDown(tileB, buffer * SIZE_B);
    };
    constexpr Steps<TILE::AHEAD> some;
    constexpr Steps<1> one;
    Fragment here;
    Fragment there;
    const bool carries = TILE::CARRIERS == TILE::THREADS || static_cast<int>(threadIdx.x) >= TILE::THREADS - TILE::CARRIERS;
    const bool multiplies = TILE::MULTIPLIERS == TILE::THREADS || static_cast<int>(threadIdx.x) < TILE::MULTIPLIERS;
    const int first = depth % TILE::K;
    int left = depth / TILE::K;
    if (first > 0) {
        if (carries) {
            fetch.template operator()<true>(first);
            layDown(0);
        }
        __syncthreads();
    }
    if (carries && left > 0) {
        fetch.template operator()<false>(TILE::K);
    }
    if (multiplies) {
        int k = 0;
#pragma unroll 1
        for (; k + TILE::AHEAD <= first; k += TILE::AHEAD) {
            read(here, 0, k, some);
            multiply(here, some);
        }
        if constexpr (TILE::AHEAD > 1) {
#pragma unroll 1
            for (; k < first; k++) {
                read(here, 0, k, one);
                multiply(here, one);
            }
        }
    }
    int buffer = 1;
    if (left > 0) {
        if (carries) {
            layDown(buffer);
        }
        __syncthreads();
        if (multiplies) {
            read(here, buffer, 0, some);
        }
    }
#pragma unroll 1
    for (; left > 0; left--) {
        if (carries && left > 1) {
            fetch.template operator()<false>(TILE::K);
        }
        if (multiplies) {
            constexpr int LAST = TILE::K - 2 * TILE::AHEAD;
#pragma unroll UNROLLED
            for (int k = 0; k < LAST; k += 2 * TILE::AHEAD) {
                read(there, buffer, k + TILE::AHEAD, some);
                multiply(here, some);
                read(here, buffer, k + 2 * TILE::AHEAD, some);
                multiply(there, some);
            }
            read(there, buffer, LAST + TILE::AHEAD, some);
            multiply(here, some);
        }
        if (left > 1) {
            buffer ^= 1;
            if (carries) {
                layDown(buffer);
            }
        }
        __syncthreads();
        if (multiplies) {
            read(here, buffer, 0, some);  // after the last slice nobody uses it; a condition would part the reads from the multiply-adds
            multiply(there, some);
        }
    }
    if (!multiplies) {
        return;
    }

    const long long origin = static_cast<long long>(batch) * m * n;
#pragma unroll
    for (int i = 0; i < TILE::ROWS; i++) {
        const int row = firstRow + spread<TILE::ROWS, TILE::M>(threadRow, i);
#pragma unroll
        for (int j = 0; j < TILE::COLUMNS; j += RUN_B) {
            const int column = firstColumn + spread<TILE::COLUMNS, TILE::N>(threadColumn, j);
            if (row < m) {
                store<RUN_B>(c + (origin + static_cast<long long>(row) * n + column), sum[i] + j, n - column, vectorsC);
            }
        }
    }
    if (function >= 0) {
        // Each thread takes back what it wrote itself, a run of columns at a time.
#pragma unroll 1
        for (int e = 0; e < TILE::ROWS * TILE::COLUMNS; e += RUN_B) {
            const int row = firstRow + spread<TILE::ROWS, TILE::M>(threadRow, e / TILE::COLUMNS);
            const int column = firstColumn + spread<TILE::COLUMNS, TILE::N>(threadColumn, e % TILE::COLUMNS);
            const long long place = origin + static_cast<long long>(row) * n + column;
            T values[RUN_B];
#pragma unroll
            for (int j = 0; j < RUN_B; j++) {
                values[j] = row < m && column + j < n ? static_cast<T>(c[place + j]) : T(0);
            }
#pragma unroll
            for (int j = 0; j < RUN_B; j++) {
                if (row < m && column + j < n) {
                    c[place + j] = applied<T>(function, values[j]);
                }
            }
        }
    }
}

}  // namespace gradus
