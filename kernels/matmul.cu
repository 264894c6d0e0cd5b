// Matrix products: which tile, which orientation, and the launch. The kernel is in matmul_tile.cuh.
#include "matmul_tile.cuh"

namespace gradus {

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
    // Four neighbours are loaded as one where they lie side by side, their rows begin at aligned places and end with a whole four.
    const bool vectorsA = aligned[0] && (A_INNER ? s[1] == 1 && s[0] % VECTOR == 0 && p.depth % 4 == 0 : s[0] == 1 && s[1] % VECTOR == 0 && p.m % 4 == 0);
    const bool vectorsB = aligned[1] && (B_INNER ? s[2] == 1 && s[3] % VECTOR == 0 && p.depth % 4 == 0 : s[3] == 1 && s[2] % VECTOR == 0 && p.n % 4 == 0);
    const auto kernel = vectorsA && vectorsB ? matmulKernel<T, TILE, A_INNER, B_INNER, true> : matmulKernel<T, TILE, A_INNER, B_INNER, false>;
    const unsigned all = static_cast<unsigned>(p.batches.size());
    for (unsigned first = 0; first < all; first += MOST_BATCHES) {
        const dim3 grid((p.m + TILE::M - 1) / TILE::M, (p.n + TILE::N - 1) / TILE::N, all - first < MOST_BATCHES ? all - first : MOST_BATCHES);
        const int status = launch("matmul", kernel, grid, TILE::THREADS, p.stream, p.m, p.n, p.depth, Factor<T>{a, s[0], s[1], vectorsA},
                                  Factor<T>{b, s[3], s[2], vectorsB}, p.batches, first, bias, s[4], p.function, c, p.n % 4 == 0 && alignedTo16(c));
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

/**
 * Cycles of the processor with the most blocks; a short slice counts as a whole one. The first blocks are dealt out evenly; two or three on a processor end
 * together, and it then takes as many again though others are idle.
 */
template <class TILE>
long long cycles(const Problem& p) {
    const long long tiles = static_cast<long long>((p.m + TILE::M - 1) / TILE::M) * ((p.n + TILE::N - 1) / TILE::N) * p.batches.size();
    const long long atOnce = static_cast<long long>(multiprocessors()) * TILE::BLOCKS;
    long long blocks = (tiles + multiprocessors() - 1) / multiprocessors();
    if (TILE::BLOCKS <= 3 && tiles > atOnce) {
        const long long last = tiles % atOnce;
        blocks = tiles / atOnce * TILE::BLOCKS + (last < TILE::BLOCKS ? last : TILE::BLOCKS);
    }
    const long long steps = static_cast<long long>((p.depth + TILE::K - 1) / TILE::K) * TILE::K;
    return steps * (blocks * TILE::EACH > TILE::ALONE ? blocks * TILE::EACH : TILE::ALONE);
}

/** With the tile of the fewest cycles, the first among equals. */
template <class T, class TILE, class... OTHERS>
int matmulBest(const Problem& p, const T* a, const T* b, const T* bias, T* c) {
    if constexpr (sizeof...(OTHERS) > 0) {
        if (((cycles<TILE>(p) > cycles<OTHERS>(p)) || ...)) {
            return matmulBest<T, OTHERS...>(p, a, b, bias, c);
        }
    }
    return matmulOriented<T, TILE>(p, a, b, bias, c);
}

// The cycles of float32 are from an H100: a lone block waits for its slices, several hide each other's waits. Large products take the first
// tiles, those with too few elements for them the others; the last is for the few elements and many terms of a weight gradient, where a processor
// has one small block and the chain of multiply-adds itself (4 cycles a term) is the limit: two warps multiply there and four carry.
int matmulOf(const Problem& p, const float* a, const float* b, const float* bias, float* c) {
    return matmulBest<float, Tile<128, 128, 8, 8, 16, 1, 2, 190, 157>, Tile<64, 128, 16, 8, 8, 1, 3, 122, 81>, Tile<64, 64, 16, 8, 4, 1, 4, 78, 49>,
                      Tile<32, 32, 64, 2, 4, 2, 3, 20, 18>, Tile<16, 16, 128, 2, 2, 8, 2, 10, 8, 128>>(p, a, b, bias, c);
}

int matmulOf(const Problem& p, const double* a, const double* b, const double* bias, double* c) {
    return matmulBest<double, Tile<64, 64, 16, 4, 4, 1, 2, 120, 100>, Tile<32, 32, 32, 2, 2, 2, 2, 32, 30>, Tile<16, 16, 64, 2, 2, 4, 2, 16, 12>>(p, a, b, bias, c);
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
