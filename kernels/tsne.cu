// Exact t-SNE in the plane: what gradus.learn computes in ExactRepulsion, ScalarLearnKernels.attract and TsneDescent, with its bits.
//
// Repulsion: a block takes 128 points and 4096 sources, which pass through shared memory 128 at a time; a thread is one point. The sums of the chunks of
// 4096 lie in slots and are folded in order, in float64. As on the CPU, a point meets the 16 of its own group after all others of the chunk.
#include "functions.cuh"
#include "walk.cuh"

namespace gradus {

constexpr int SOURCES = 4096;
constexpr int TARGETS = 128;
constexpr int GROUP = 16;

/** What pushes one point: with δ to a source and q = 1/(1 + ‖δ‖²), z ← z + mq and f ← fma(mq², δ, f). */
struct Push {
    float x, y;
    float fx = 0, fy = 0, z = 0;

    __device__ void by(float sx, float sy, float mass) {
        const float dx = x - sx;
        const float dy = y - sy;
        const float q = 1 / __fmaf_rn(dx, dx, __fmaf_rn(dy, dy, 1));
        const float mq = q * mass;
        z += mq;
        const float mqq = mq * q;
        fx = __fmaf_rn(mqq, dx, fx);
        fy = __fmaf_rn(mqq, dy, fy);
    }
};

__global__ void repelKernel(int n, Global<const float> x, Global<const float> y, Global<float> slots) {
    __shared__ Shared<float, TARGETS> tileX;
    __shared__ Shared<float, TARGETS> tileY;
    const int lane = static_cast<int>(threadIdx.x);
    const int home = static_cast<int>(blockIdx.x) * TARGETS;
    const int i = home + lane;
    const int from = static_cast<int>(blockIdx.y) * SOURCES;
    const int to = n - from < SOURCES ? n : from + SOURCES;
    const int group = i / GROUP * GROUP;
    const int place = i < n ? i : n - 1;
    Push push{static_cast<float>(x[place]), static_cast<float>(y[place])};
    for (int tile = from; tile < to; tile += TARGETS) {
        const int count = to - tile < TARGETS ? to - tile : TARGETS;
        if (lane < count) {
            tileX[lane] = static_cast<float>(x[tile + lane]);
            tileY[lane] = static_cast<float>(y[tile + lane]);
        }
        __syncthreads();
        if (tile != home) {
            for (int s = 0; s < count; s++) {
                push.by(tileX[s], tileY[s], 1);
            }
        } else {
            for (int s = 0; s < count; s++) {
                if (home + s < group || home + s >= group + GROUP) {
                    push.by(tileX[s], tileY[s], 1);
                }
            }
        }
        __syncthreads();
    }
    if (i < n) {
        if (group >= from && group < to) {
            for (int s = group; s < group + GROUP && s < n; s++) {
                push.by(x[s], y[s], s == i ? 0 : 1);
            }
        }
        const long long slot = 3LL * blockIdx.y * n + i;
        slots[slot] = push.fx;
        slots[slot + n] = push.fy;
        slots[slot + 2LL * n] = push.z;
    }
}

/** The chunks of each point, in order. */
__global__ void foldPushes(int n, int chunks, Global<const float> slots, Global<float> pushX, Global<float> pushY, Global<double> z) {
    for (int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x); i < n; i += static_cast<int>(gridDim.x * blockDim.x)) {
        double sum[3] = {};
        for (int c = 0; c < chunks; c++) {
            for (int part = 0; part < 3; part++) {
                sum[part] += static_cast<float>(slots[(3LL * c + part) * n + i]);
            }
        }
        pushX[i] = static_cast<float>(sum[0]);
        pushY[i] = static_cast<float>(sum[1]);
        z[i] = sum[2];
    }
}

/** Sixteen lanes over the entries of a row, sixteen rows a block; lanes are folded pairwise. */
__global__ void attractKernel(int n, Global<const float> x, Global<const float> y, Global<const int> start, Global<const int> column, Global<const float> p,
                              Global<float> pullX, Global<float> pullY) {
    __shared__ Shared<float, GROUP * GROUP> lanesX;
    __shared__ Shared<float, GROUP * GROUP> lanesY;
    const int lane = static_cast<int>(threadIdx.x);
    const int at = static_cast<int>(threadIdx.y) * GROUP + lane;
    const int i = static_cast<int>(blockIdx.x * GROUP + threadIdx.y);
    float sx = 0;
    float sy = 0;
    if (i < n) {
        const float px = x[i];
        const float py = y[i];
        const int end = start[i + 1];
        for (int k = start[i] + lane; k < end; k += GROUP) {
            const int j = column[k];
            const float dx = static_cast<float>(x[j]) - px;
            const float dy = static_cast<float>(y[j]) - py;
            const float w = static_cast<float>(p[k]) / __fmaf_rn(dx, dx, __fmaf_rn(dy, dy, 1));
            sx = __fmaf_rn(w, dx, sx);
            sy = __fmaf_rn(w, dy, sy);
        }
    }
    lanesX[at] = sx;
    lanesY[at] = sy;
    for (int half = GROUP / 2; half > 0; half /= 2) {
        __syncthreads();
        if (lane < half) {
            lanesX[at] = static_cast<float>(lanesX[at]) + static_cast<float>(lanesX[at + half]);
            lanesY[at] = static_cast<float>(lanesY[at]) + static_cast<float>(lanesY[at + half]);
        }
    }
    if (lane == 0 && i < n) {
        pullX[i] = static_cast<float>(lanesX[at]);
        pullY[i] = static_cast<float>(lanesY[at]);
    }
}

/** One step of the descent along one axis; state is [at, pull, push, gain, move, gradient][n]. */
__global__ void descendKernel(int n, float exaggeration, float momentum, float rate, Global<const double> z, Global<float> state) {
    for (int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x); i < n; i += static_cast<int>(gridDim.x * blockDim.x)) {
        const float perZ = static_cast<float>(1 / static_cast<double>(z[0]));
        const float push = static_cast<float>(state[2LL * n + i]) * perZ;
        const float g = -4 * __fmaf_rn(exaggeration, static_cast<float>(state[1LL * n + i]), push);
        const float move = state[4LL * n + i];
        const float gain = state[3LL * n + i];
        const float next = maximum(move * g < 0 ? gain + 0.2f : gain * 0.8f, 0.01f);
        const float gradient = next * g;
        const float moved = __fmaf_rn(momentum, move, -(rate * gradient));
        state[3LL * n + i] = next;
        state[5LL * n + i] = gradient;
        state[4LL * n + i] = moved;
        state[i] = static_cast<float>(state[i]) + moved;
    }
}

GRADUS_EXPORT int gradus_tsne_forces(void* stream, int n, void* x, void* y, const void* start, const void* column, const void* p, void* slots, void* z) {
    const int chunks = (n + SOURCES - 1) / SOURCES;
    float* sx = static_cast<float*>(x);
    float* sy = static_cast<float*>(y);
    float* parts = static_cast<float*>(slots);
    double* sums = static_cast<double*>(z);
    int status = launch("t-SNE, attraction", attractKernel, (n + GROUP - 1) / GROUP, dim3(GROUP, GROUP), stream, n, sx, sy, static_cast<const int*>(start),
                        static_cast<const int*>(column), static_cast<const float*>(p), sx + n, sy + n);
    if (status == 0) {
        status = launch("t-SNE, repulsion", repelKernel, dim3((n + TARGETS - 1) / TARGETS, chunks), TARGETS, stream, n, sx, sy, parts);
    }
    if (status == 0) {
        status = launch("t-SNE, fold", foldPushes, walkingBlocks(n), WALKERS, stream, n, chunks, parts, sx + 2LL * n, sy + 2LL * n, sums);
    }
    return status;
}

GRADUS_EXPORT int gradus_tsne_update(void* stream, int n, double exaggeration, double momentum, double rate, const void* z, void* state) {
    return launch("t-SNE, descent", descendKernel, walkingBlocks(n), WALKERS, stream, n, static_cast<float>(exaggeration), static_cast<float>(momentum),
                  static_cast<float>(rate), static_cast<const double*>(z), static_cast<float*>(state));
}

}  // namespace gradus
