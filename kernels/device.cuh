// The words in which all kernels are written. nvcc reads them as thin names for CUDA; with GRADUS_EMULATOR the same kernels are compiled for
// the CPU, where GRADUS_CHECKED makes every access of memory report races, places out of bounds and values never set.
#pragma once

#ifdef GRADUS_EMULATOR
#include "../native/emulator/cuda_words.h"
#else
#include <cuda_runtime.h>

/** A pointer to device memory as a kernel holds it. */
template <class T>
using Global = T*;

/** An array in shared memory: __shared__ Shared<float, 256> tile; */
template <class T, int N>
using Shared = T[N];

/** The stream that a launch goes to, as the driver's handle. */
using Stream = void*;

/** Reads N elements of a shared array as vectors of four, or two, floats or two doubles; the first must be aligned to them. */
template <int N, int LENGTH>
__device__ void loadShared(const float (&tile)[LENGTH], int i, float* out) {
    if constexpr (N % 4 == 0) {
        for (int j = 0; j < N; j += 4) {
            *reinterpret_cast<float4*>(out + j) = *reinterpret_cast<const float4*>(tile + i + j);
        }
    } else if constexpr (N % 2 == 0) {
        for (int j = 0; j < N; j += 2) {
            *reinterpret_cast<float2*>(out + j) = *reinterpret_cast<const float2*>(tile + i + j);
        }
    } else {
        for (int j = 0; j < N; j++) {
            out[j] = tile[i + j];
        }
    }
}
template <int N, int LENGTH>
__device__ void loadShared(const double (&tile)[LENGTH], int i, double* out) {
    for (int j = 0; j < N; j += 2) {
        *reinterpret_cast<double2*>(out + j) = *reinterpret_cast<const double2*>(tile + i + j);
    }
}

/** Writes four floats to a shared array as one vector, or four doubles as two; the first place must be aligned to them. */
template <int LENGTH>
__device__ void storeShared(float (&tile)[LENGTH], int i, const float* values) {
    *reinterpret_cast<float4*>(tile + i) = float4{values[0], values[1], values[2], values[3]};
}
template <int LENGTH>
__device__ void storeShared(double (&tile)[LENGTH], int i, const double* values) {
    *reinterpret_cast<double2*>(tile + i) = double2{values[0], values[1]};
    *reinterpret_cast<double2*>(tile + i + 2) = double2{values[2], values[3]};
}

/** there ? a · b + c : c, one rounding, as one predicated instruction: a condition around it would become a branch. */
__device__ inline float fusedMultiplyAddIf(bool there, float a, float b, float c) {
    asm("{ .reg .pred p; setp.ne.s32 p, %1, 0; @p fma.rn.f32 %0, %2, %3, %0; }" : "+f"(c) : "r"(static_cast<int>(there)), "f"(a), "f"(b));
    return c;
}

__device__ inline float4 load4(const float* p) { return *reinterpret_cast<const float4*>(p); }
__device__ inline double2 load2(const double* p) { return *reinterpret_cast<const double2*>(p); }
__device__ inline void store4(float* p, float4 v) { *reinterpret_cast<float4*>(p) = v; }

/** Sends one kernel to a stream; the status is cudaSuccess, or says why the launch was refused. */
template <class... Wanted, class... Given>
int launch(const char*, void (*kernel)(Wanted...), dim3 blocks, dim3 threads, Stream stream, Given... arguments) {
    kernel<<<blocks, threads, 0, static_cast<cudaStream_t>(stream)>>>(arguments...);
    return static_cast<int>(cudaGetLastError());
}

inline int deviceAttribute(cudaDeviceAttr attribute) {
    int device = 0;
    int value = 0;
    cudaGetDevice(&device);
    cudaDeviceGetAttribute(&value, attribute, device);
    return value;
}

/** Processors that run blocks side by side. */
inline int multiprocessors() {
    static const int count = deviceAttribute(cudaDevAttrMultiProcessorCount);
    return count > 0 ? count : 1;
}
#endif

/** Threads of a block in kernels that walk over elements. */
constexpr int WALKERS = 256;

/** Blocks for a walk over n elements: enough to fill the device eight times, each thread walking on in steps of the whole grid. */
inline unsigned walkingBlocks(long long n) {
    long long wanted = (n + WALKERS - 1) / WALKERS;
    long long most = 8LL * multiprocessors();
    return static_cast<unsigned>(wanted < most ? wanted : most);
}
