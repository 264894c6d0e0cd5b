// The step of k-means that gives each row its nearest centre, with the labels of gradus.learn.Lloyd: squared distances in float64 as WideSums sums them (chunks
// of 4096 columns, in each 16 lanes of fused multiply-adds, folded pairwise, chunks added in order), of equal ones the first centre.
//
// A block is 16 rows by 16 centres; 16 columns of both pass through shared memory at a time, one for each lane, whose sums a thread keeps in registers.
#include "functions.cuh"
#include "walk.cuh"

namespace gradus {

constexpr int KMEANS_TILE = 16;
constexpr int KMEANS_CHUNK = 4096;
/** One column more than the tile: a row of centres then lies in other banks than the next. */
constexpr int KMEANS_PITCH = KMEANS_TILE + 1;

/** Σ (x − c)² of this thread's row and centre; all threads of the block come along. */
__device__ inline double squaredDistance(Global<const float> rows, Global<const double> centers, int row, int center, bool inside, int d,
                                         Shared<float, KMEANS_TILE * KMEANS_PITCH>& tileRows, Shared<double, KMEANS_TILE * KMEANS_PITCH>& tileCenters) {
    const int across = static_cast<int>(threadIdx.x);
    const int down = static_cast<int>(threadIdx.y);
    double total = 0;
    for (int chunk = 0; chunk < d; chunk += KMEANS_CHUNK) {
        const int end = d - chunk < KMEANS_CHUNK ? d : chunk + KMEANS_CHUNK;
        double lanes[KMEANS_TILE] = {};
        for (int p = chunk; p < end; p += KMEANS_TILE) {
            const bool has = p + across < end;
            __syncthreads();
            // Beyond the last column both are 0, and so is what they add.
            tileRows[down * KMEANS_PITCH + across] = has ? static_cast<float>(rows[static_cast<long long>(row) * d + p + across]) : 0;
            tileCenters[down * KMEANS_PITCH + across] = has && inside ? static_cast<double>(centers[static_cast<long long>(center) * d + p + across]) : 0;
            __syncthreads();
#pragma unroll
            for (int l = 0; l < KMEANS_TILE; l++) {
                const double v = static_cast<float>(tileRows[down * KMEANS_PITCH + l]) - static_cast<double>(tileCenters[across * KMEANS_PITCH + l]);
                lanes[l] = __fma_rn(v, v, lanes[l]);
            }
        }
        foldInRegisters<KMEANS_TILE / 2>(lanes);
        total += lanes[0];
    }
    return total;
}

__global__ void __launch_bounds__(KMEANS_TILE * KMEANS_TILE) nearestKernel(int n, int k, int d, Global<const float> rows, Global<const double> centers,
                                                                           Global<double> labels) {
    __shared__ Shared<float, KMEANS_TILE * KMEANS_PITCH> tileRows;
    __shared__ Shared<double, KMEANS_TILE * KMEANS_PITCH> tileCenters;
    __shared__ Shared<double, KMEANS_TILE * KMEANS_PITCH> least;
    __shared__ Shared<int, KMEANS_TILE * KMEANS_PITCH> which;
    const int across = static_cast<int>(threadIdx.x);
    const int down = static_cast<int>(threadIdx.y);
    const int row = static_cast<int>(blockIdx.x) * KMEANS_TILE + down;
    double best = 0;
    int label = -1;
    for (int first = 0; first < k; first += KMEANS_TILE) {
        // Threads load the centre of their line of the tile, and measure that of their column.
        const double distance = squaredDistance(rows, centers, row < n ? row : n - 1, first + down, first + down < k, d, tileRows, tileCenters);
        if (first + across < k && (label < 0 || distance < best)) {
            best = distance;
            label = first + across;
        }
    }
    least[down * KMEANS_PITCH + across] = best;
    which[down * KMEANS_PITCH + across] = label;
    __syncthreads();
    if (across == 0 && row < n) {
        for (int c = 1; c < KMEANS_TILE; c++) {
            const double other = least[down * KMEANS_PITCH + c];
            const int name = which[down * KMEANS_PITCH + c];
            if (name >= 0 && (other < best || (other == best && name < label))) {
                best = other;
                label = name;
            }
        }
        labels[row] = label;
    }
}

GRADUS_EXPORT int gradus_nearest_centers(void* stream, int n, int k, int d, const void* rows, const void* centers, void* labels) {
    return n == 0 ? 0 : launch("nearest centres", nearestKernel, static_cast<unsigned>((n + KMEANS_TILE - 1) / KMEANS_TILE), dim3(KMEANS_TILE, KMEANS_TILE), stream, n, k, d,
                               as<float>(rows), as<double>(centers), as<double>(labels));
}

}  // namespace gradus
