// c = f(bias + a·b): one fused multiply-add chain over k ascending for each element of c, whatever the tile.
//
// A block makes a BM × BN tile of c. It walks along k in steps of BK; a step's slices of a and b go through shared memory, where both lie with k
// outermost, so that a thread reads the TM rows and TN columns it needs as vectors and spends TM·TN multiply-adds on them. Two buffers alternate: while
// one is multiplied, the next slice is on its way into registers, and a step costs one barrier. The lanes of a warp lie 4 × 8, which
// makes every vector read of shared memory free of conflicts. A last short step is cut off exactly: a multiply-add with zeros is no
// no-op (it turns −0 into +0).
#include "functions.cuh"
#include "walk.cuh"

namespace gradus {

/** How a tile is cut. */
template <int BM, int BN, int BK, int TM, int TN>
struct Tile {
    static constexpr int M = BM;
    static constexpr int N = BN;
    static constexpr int K = BK;
    static constexpr int ROWS = TM;
    static constexpr int COLUMNS = TN;
    static constexpr int THREADS = (BM / TM) * (BN / TN);
    static_assert(THREADS % 32 == 0 && BM / TM % 4 == 0 && BN / TN % 8 == 0, "warps are 4 rows by 8 columns of threads");
};

/** One operand of a product. */
template <class T>
struct Factor {
    Global<const T> values;
    /** Distance between neighbours along the axis of c (rows of a, columns of b), and along k. */
    int along;
    int inner;
    /** Whether groups of four neighbours are aligned. */
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
 * The slice [EXTENT along c] × [K] of an operand, in groups of four that lie side by side in memory: along k if INNER, else along c. Fetched into
 * registers, then laid down in shared memory with k outermost.
 */
template <class T, int EXTENT, int K, int THREADS, bool INNER>
struct Slice {
    static constexpr int GROUPS = EXTENT * K / 4 / THREADS;
    static constexpr int PITCH = EXTENT + 4;
    static_assert(GROUPS >= 1 && EXTENT * K % (4 * THREADS) == 0, "every thread carries whole groups");
    T values[GROUPS * 4] = {};

    static __device__ int at(int group) {
        const int e = static_cast<int>(threadIdx.x) + group * THREADS;
        return INNER ? e / (K / 4) : e % (EXTENT / 4) * 4;
    }
    static __device__ int deep(int group) {
        const int e = static_cast<int>(threadIdx.x) + group * THREADS;
        return INNER ? e % (K / 4) * 4 : e / (EXTENT / 4);
    }

    /** Rows (or columns) `first`… of c below `extent`, terms from k to depth; what lies outside is not read and never used. */
    __device__ void fetch(const Factor<T>& f, int first, int extent, int k, int depth) {
        for (int g = 0; g < GROUPS; g++) {
            const int i = first + at(g);
            const int p = k + deep(g);
            const int place = i * f.along + p * f.inner;
            const bool whole = INNER ? i < extent && p + 4 <= depth : p < depth && i + 4 <= extent;
            if (f.vectors && whole) {
                load4At(f.values, place, values + 4 * g);
            } else {
                for (int j = 0; j < 4; j++) {
                    const bool inside = INNER ? i < extent && p + j < depth : p < depth && i + j < extent;
                    values[4 * g + j] = inside ? static_cast<T>(f.values[place + j * (INNER ? f.inner : f.along)]) : T(0);
                }
            }
        }
    }

    template <class S>
    __device__ void layDown(S& tile, int base) const {
        for (int g = 0; g < GROUPS; g++) {
            for (int j = 0; j < 4; j++) {
                const int k = deep(g) + (INNER ? j : 0);
                const int i = at(g) + (INNER ? 0 : j);
                tile[base + k * PITCH + i] = values[4 * g + j];
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

template <class T, class TILE, bool A_INNER, bool B_INNER>
__global__ void __launch_bounds__(TILE::THREADS, 2) matmulKernel(int m, int n, int depth, Factor<T> a, Factor<T> b, const __grid_constant__ Walk<2> batches, unsigned firstBatch,
                                                              Global<const T> bias, int biasStride, int function, Global<T> c) {
    using SliceA = Slice<T, TILE::M, TILE::K, TILE::THREADS, A_INNER>;
    using SliceB = Slice<T, TILE::N, TILE::K, TILE::THREADS, B_INNER>;
    constexpr int SIZE_A = TILE::K * SliceA::PITCH;
    constexpr int SIZE_B = TILE::K * SliceB::PITCH;
    __shared__ __align__(16) Shared<T, 2 * SIZE_A> tileA;
    __shared__ __align__(16) Shared<T, 2 * SIZE_B> tileB;
    constexpr int RUN_A = TILE::ROWS % 4 == 0 ? 4 : TILE::ROWS;
    constexpr int RUN_B = TILE::COLUMNS % 4 == 0 ? 4 : TILE::COLUMNS;
    constexpr int WARPS_ACROSS = TILE::N / TILE::COLUMNS / 8;
    const int lane = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
    const int threadRow = warp / WARPS_ACROSS * 4 + lane / 8;
    const int threadColumn = warp % WARPS_ACROSS * 8 + lane % 8;
    const int firstRow = static_cast<int>(blockIdx.x) * TILE::M;
    const int firstColumn = static_cast<int>(blockIdx.y) * TILE::N;
    int start[2];
    const unsigned batch = firstBatch + blockIdx.z;
    batches.places(batch, start);
    a.values = a.values + start[0];
    b.values = b.values + start[1];

    T sum[TILE::ROWS][TILE::COLUMNS];
    for (int j = 0; j < TILE::COLUMNS; j++) {
        const int column = firstColumn + spread<TILE::COLUMNS, TILE::N>(threadColumn, j);
        const T begin = bias && column < n ? static_cast<T>(bias[column * biasStride]) : T(0);
        for (int i = 0; i < TILE::ROWS; i++) {
            sum[i][j] = begin;
        }
    }

    const auto multiply = [&](int buffer, int k) {
        T rows[TILE::ROWS];
        T columns[TILE::COLUMNS];
#pragma unroll
        for (int i = 0; i < TILE::ROWS; i += RUN_A) {
            loadShared<RUN_A>(tileA, buffer * SIZE_A + k * SliceA::PITCH + spread<TILE::ROWS, TILE::M>(threadRow, i), rows + i);
        }
#pragma unroll
        for (int j = 0; j < TILE::COLUMNS; j += RUN_B) {
            loadShared<RUN_B>(tileB, buffer * SIZE_B + k * SliceB::PITCH + spread<TILE::COLUMNS, TILE::N>(threadColumn, j), columns + j);
        }
#pragma unroll
        for (int i = 0; i < TILE::ROWS; i++) {
#pragma unroll
            for (int j = 0; j < TILE::COLUMNS; j++) {
                sum[i][j] = fusedMultiplyAdd(rows[i], columns[j], sum[i][j]);
            }
        }
    };

    SliceA sliceA;
    SliceB sliceB;
    int buffer = 0;
    if (depth > 0) {
        sliceA.fetch(a, firstRow, m, 0, depth);
        sliceB.fetch(b, firstColumn, n, 0, depth);
        sliceA.layDown(tileA, 0);
        sliceB.layDown(tileB, 0);
        __syncthreads();
    }
    int done = 0;
    for (; done + TILE::K <= depth; done += TILE::K) {
        const int next = done + TILE::K;
        if (next < depth) {
            sliceA.fetch(a, firstRow, m, next, depth);
            sliceB.fetch(b, firstColumn, n, next, depth);
        }
#pragma unroll
        for (int k = 0; k < TILE::K; k++) {
            multiply(buffer, k);
        }
        if (next < depth) {
            buffer ^= 1;
            sliceA.layDown(tileA, buffer * SIZE_A);
            sliceB.layDown(tileB, buffer * SIZE_B);
            __syncthreads();
        }
    }
#pragma unroll 1
    for (int k = 0; k < depth - done; k++) {
        multiply(buffer, k);
    }

    const long long origin = static_cast<long long>(batch) * m * n;
#pragma unroll
    for (int i = 0; i < TILE::ROWS; i++) {
        const int row = firstRow + spread<TILE::ROWS, TILE::M>(threadRow, i);
#pragma unroll
        for (int j = 0; j < TILE::COLUMNS; j++) {
            const int column = firstColumn + spread<TILE::COLUMNS, TILE::N>(threadColumn, j);
            if (row < m && column < n) {
                c[origin + static_cast<long long>(row) * n + column] = sum[i][j];
            }
        }
    }
    if (function >= 0) {
        // Each thread takes back what it wrote itself.
#pragma unroll 1
        for (int e = 0; e < TILE::ROWS * TILE::COLUMNS; e++) {
            const int row = firstRow + spread<TILE::ROWS, TILE::M>(threadRow, e / TILE::COLUMNS);
            const int column = firstColumn + spread<TILE::COLUMNS, TILE::N>(threadColumn, e % TILE::COLUMNS);
            if (row < m && column < n) {
                const long long place = origin + static_cast<long long>(row) * n + column;
                c[place] = applied<T>(function, c[place]);
            }
        }
    }
}

namespace {

/** The largest number of batches that a grid takes at once. */
constexpr unsigned MOST_BATCHES = 65535;

bool alignedTo16(const void* p) { return reinterpret_cast<unsigned long long>(p) % 16 == 0; }

struct Problem {
    Stream stream;
    int m, n, depth;
    const int* strides;
    Walk<2> batches;
    int function;
};

template <class T, class TILE, bool A_INNER, bool B_INNER>
int matmulTiled(const Problem& p, const T* a, const T* b, const T* bias, T* c) {
    bool aligned[2] = {alignedTo16(a), alignedTo16(b)};
    constexpr int VECTOR = 16 / static_cast<int>(sizeof(T));
    for (int o = 0; o < 2; o++) {
        for (int axis = 0; axis < p.batches.rank; axis++) {
            aligned[o] = aligned[o] && p.batches.stride[o][axis] % VECTOR == 0;
        }
    }
    const int* s = p.strides;
    // Four neighbours are loaded as one where they lie side by side and their rows begin at aligned places.
    const bool vectorsA = aligned[0] && (A_INNER ? s[1] == 1 && s[0] % VECTOR == 0 : s[0] == 1 && s[1] % VECTOR == 0);
    const bool vectorsB = aligned[1] && (B_INNER ? s[2] == 1 && s[3] % VECTOR == 0 : s[3] == 1 && s[2] % VECTOR == 0);
    const unsigned all = static_cast<unsigned>(p.batches.size());
    for (unsigned first = 0; first < all; first += MOST_BATCHES) {
        const dim3 grid((p.m + TILE::M - 1) / TILE::M, (p.n + TILE::N - 1) / TILE::N, all - first < MOST_BATCHES ? all - first : MOST_BATCHES);
        const int status = launch("matmul", matmulKernel<T, TILE, A_INNER, B_INNER>, grid, TILE::THREADS, p.stream, p.m, p.n, p.depth,
                                  Factor<T>{a, s[0], s[1], vectorsA}, Factor<T>{b, s[3], s[2], vectorsB}, p.batches, first, bias, s[4], p.function, c);
        if (status != 0) {
            return status;
        }
    }
    return 0;
}

template <class T, class TILE>
int matmulOriented(const Problem& p, const T* a, const T* b, const T* bias, T* c) {
    const bool aInner = p.strides[1] == 1 || p.strides[0] != 1;
    const bool bInner = p.strides[2] == 1 && p.strides[3] != 1;
    return aInner ? bInner ? matmulTiled<T, TILE, true, true>(p, a, b, bias, c) : matmulTiled<T, TILE, true, false>(p, a, b, bias, c)
                  : bInner ? matmulTiled<T, TILE, false, true>(p, a, b, bias, c) : matmulTiled<T, TILE, false, false>(p, a, b, bias, c);
}

/** Whether tiles of this extent fill the device, and the product fills them. */
bool fits(const Problem& p, int extent) {
    const long long tiles = static_cast<long long>((p.m + extent - 1) / extent) * ((p.n + extent - 1) / extent) * p.batches.size();
    return p.m > extent / 2 && p.n > extent / 2 && tiles >= multiprocessors();
}

int matmulOf(const Problem& p, const float* a, const float* b, const float* bias, float* c) {
    if (fits(p, 128)) {
        return matmulOriented<float, Tile<128, 128, 16, 8, 8>>(p, a, b, bias, c);
    }
    if (fits(p, 64)) {
        return matmulOriented<float, Tile<64, 64, 16, 4, 4>>(p, a, b, bias, c);
    }
    return matmulOriented<float, Tile<32, 32, 32, 2, 2>>(p, a, b, bias, c);
}

int matmulOf(const Problem& p, const double* a, const double* b, const double* bias, double* c) {
    if (fits(p, 64)) {
        return matmulOriented<double, Tile<64, 64, 16, 4, 4>>(p, a, b, bias, c);
    }
    return matmulOriented<double, Tile<32, 32, 32, 2, 2>>(p, a, b, bias, c);
}

}  // namespace

GRADUS_EXPORT int gradus_matmul(void* stream, int type, int m, int n, int k, const int* strides, const int* batches, const void* a, const void* b,
                                const void* bias, int function, void* c) {
    const Problem problem{stream, m, n, k, strides, Walk<2>(batches), function};
    if (m == 0 || n == 0 || problem.batches.size() == 0) {
        return 0;
    }
    return withType(type, [&]<class T>(T) { return matmulOf(problem, as<T>(a), as<T>(b), as<T>(bias), as<T>(c)); });
}

}  // namespace gradus
