// Kernels with planted faults, each of a kind that the emulator must find, and their sound twins, which it must pass.
#include "../../kernels/device.cuh"
#include "faults.h"

namespace {

__global__ void fillTo(Global<float> y, int n) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
        y[i] = 1;
    }
}

/** Each thread hands its number to its neighbour through shared memory. */
template <bool BARRIER>
__global__ void rotate(Global<float> y) {
    __shared__ Shared<float, 64> numbers;
    numbers[threadIdx.x] = threadIdx.x;
    if (BARRIER) {
        __syncthreads();
    }
    y[blockIdx.x * 64 + threadIdx.x] = numbers[(threadIdx.x + 1) % 64];
}

template <bool RACE>
__global__ void oneWinner(Global<float> y) {
    __shared__ Shared<float, 1> winner;
    if (RACE || threadIdx.x == 7) {
        winner[0] = threadIdx.x;
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        y[blockIdx.x] = winner[0];
    }
}

/** A tile used twice: the second round may not begin to write before all have read the first. */
template <bool BARRIER>
__global__ void twoRounds(Global<float> y) {
    __shared__ Shared<float, 32> tile;
    float sum = 0;
    for (int round = 0; round < 2; round++) {
        tile[threadIdx.x] = round + 1;
        __syncthreads();
        sum += tile[31 - threadIdx.x];
        if (BARRIER) {
            __syncthreads();
        }
    }
    y[blockIdx.x * 32 + threadIdx.x] = sum;
}

__global__ void halfWaits(Global<float> y) {
    if (threadIdx.x < 16) {
        __syncthreads();
    }
    y[threadIdx.x] = 1;
}

__global__ void waitsApart(Global<float> y) {
    if (threadIdx.x < 16) {
        __syncthreads();
    } else {
        __syncthreads();
    }
    y[threadIdx.x] = 1;
}

__global__ void sharedBeyond(Global<float> y) {
    __shared__ Shared<float, 32> tile;
    tile[threadIdx.x + 1] = 1;
    __syncthreads();
    y[threadIdx.x] = tile[threadIdx.x + 1];
}

__global__ void sharedUnset(Global<float> y) {
    __shared__ Shared<float, 32> tile;
    if (threadIdx.x > 0) {
        tile[threadIdx.x] = 1;
    }
    __syncthreads();
    y[threadIdx.x] = tile[threadIdx.x];
}

__global__ void allBlocksWriteOne(Global<float> y) {
    if (threadIdx.x == 0) {
        y[0] = blockIdx.x;
    }
}

__global__ void copyFour(Global<const float> x, Global<float> y) {
    store4(y, load4(x));
}

}  // namespace

int plantedFault(PlantedFault which, const float* x, float* y, int n) {
    switch (which) {
        case PlantedFault::NONE_FILL: return launch("fillTo", fillTo, 2, 32, nullptr, y, n);
        case PlantedFault::WRITE_PAST_END: return launch("fillTo", fillTo, 2, 32, nullptr, y, n + 1);
        case PlantedFault::NONE_ROTATE: return launch("rotate", rotate<true>, 2, 64, nullptr, y);
        case PlantedFault::MISSING_BARRIER: return launch("rotate", rotate<false>, 2, 64, nullptr, y);
        case PlantedFault::NONE_WINNER: return launch("oneWinner", oneWinner<false>, 2, 32, nullptr, y);
        case PlantedFault::SHARED_RACE: return launch("oneWinner", oneWinner<true>, 2, 32, nullptr, y);
        case PlantedFault::NONE_ROUNDS: return launch("twoRounds", twoRounds<true>, 2, 32, nullptr, y);
        case PlantedFault::MISSING_SECOND_BARRIER: return launch("twoRounds", twoRounds<false>, 2, 32, nullptr, y);
        case PlantedFault::DIVERGENT_BARRIER: return launch("halfWaits", halfWaits, 1, 32, nullptr, y);
        case PlantedFault::TWO_BARRIERS: return launch("waitsApart", waitsApart, 1, 32, nullptr, y);
        case PlantedFault::SHARED_BEYOND: return launch("sharedBeyond", sharedBeyond, 1, 32, nullptr, y);
        case PlantedFault::SHARED_UNSET: return launch("sharedUnset", sharedUnset, 1, 32, nullptr, y);
        case PlantedFault::GLOBAL_RACE: return launch("allBlocksWriteOne", allBlocksWriteOne, 2, 32, nullptr, y);
        case PlantedFault::NONE_VECTOR: return launch("copyFour", copyFour, 1, 1, nullptr, x, y);
        case PlantedFault::MISALIGNED: return launch("copyFour", copyFour, 1, 1, nullptr, x + 1, y);
        case PlantedFault::TOO_MANY_THREADS: return launch("fillTo", fillTo, 1, 1025, nullptr, y, n);
    }
    return -1;
}
