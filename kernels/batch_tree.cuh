// The fixed tree in which a sum over a batch is taken (gradus.backend.Convolutions): chunks of 32 samples; in a chunk 16 lanes, lane l a chain over the
// samples n with n mod 16 = l, places ascending and at each place those samples ascending; lane by lane the chunks added in order from +0; the lanes folded
// pairwise (+8, +4, +2, +1). A kernel writes the chains, partial[(chunk · 16 + lane) · sums + sum]; this folds them.
#pragma once

#include "chains.cuh"
#include "functions.cuh"
#include "walk.cuh"

namespace gradus {

constexpr int BATCH_CHUNK = 32;
constexpr int BATCH_LANES = 16;

/** Chunks of a batch. */
inline int batchChunks(int samples) { return (samples + BATCH_CHUNK - 1) / BATCH_CHUNK; }

/** Sums that a block folds, a thread for each of their lanes. */
constexpr int FOLD_SUMS = 16;

/**
 * Adds the chains of some chunks, in order, to the running sums of each lane, and folds the lanes when these were the last. `running`
 * holds 16 · sums elements between calls. A thread for each sum alone would wait for its 16 · chunks loads one after the other.
 */
template <class T>
__global__ void foldBatch(unsigned sums, int chunks, bool first, bool last, Global<const T> partial, Global<T> running, Global<T> y) {
    __shared__ Shared<T, FOLD_SUMS * BATCH_LANES> lanes;
    const unsigned i = blockIdx.x * FOLD_SUMS + threadIdx.x;
    const int lane = static_cast<int>(threadIdx.y);
    const bool alive = i < sums;
    T sum = 0;
    if (alive) {
        const long long place = lane * static_cast<long long>(sums) + i;
        sum = first ? T(0) : static_cast<T>(running[place]);
        inOrder<16>(
            0, static_cast<unsigned>(chunks), 1, [&](unsigned c) { return static_cast<T>(partial[c * BATCH_LANES * static_cast<long long>(sums) + place]); },
            [&](T chain) { sum = sum + chain; });
        if (!last) {
            running[place] = sum;
        }
    }
    const int at = lane * FOLD_SUMS + static_cast<int>(threadIdx.x);
    lanes[at] = sum;
    for (int half = BATCH_LANES / 2; half > 0; half /= 2) {
        __syncthreads();
        if (lane < half) {
            lanes[at] = static_cast<T>(lanes[at]) + static_cast<T>(lanes[at + half * FOLD_SUMS]);
        }
    }
    if (alive && last && lane == 0) {
        y[i] = static_cast<T>(lanes[at]);
    }
}

/**
 * Runs `chains(firstChunk, chunks)`, which writes the chains of those chunks to `partial`, over all chunks in portions that fit `room`
 * elements, and folds. `partial` holds portions and, behind them, the 16 · sums running elements.
 */
template <class T, class Chains>
int sumOverBatch(Stream stream, int samples, unsigned sums, long long room, T* partial, T* y, Chains chains) {
    const int all = batchChunks(samples);
    const long long chunkSize = static_cast<long long>(BATCH_LANES) * sums;
    const long long portions = room / chunkSize - 1;
    const int most = static_cast<int>(portions < 4095 ? portions : 4095);
    T* running = partial + chunkSize * (most < all ? most : all);
    int done = 0;
    do {
        const int chunks = all - done < most ? all - done : most;
        int status = chunks == 0 ? 0 : chains(done, chunks);
        if (status == 0) {
            status = launch("fold over the batch", foldBatch<T>, (sums + FOLD_SUMS - 1) / FOLD_SUMS, dim3(FOLD_SUMS, BATCH_LANES), stream, sums, chunks,
                            done == 0, done + chunks == all, partial, running, y);
        }
        if (status != 0) {
            return status;
        }
        done += chunks;
    } while (done < all);
    return 0;
}

}  // namespace gradus
