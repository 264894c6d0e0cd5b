// CUDA's words for a CPU compiler. Blocks run one after the other on a few threads of the CPU; the threads of a block are fibers that give way
// at __syncthreads.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <utility>

#include "fiber_block.h"
#include "vector_types.h"
#ifdef GRADUS_CHECKED
#include "checked_memory.h"
#endif

#define __global__
#define __device__
#define __host__
#define __forceinline__
#define __noinline__ __attribute__((noinline))
#define __restrict__
#define __launch_bounds__(...)
#define __shared__ alignas(16) static thread_local
#define __align__(...)
#define __grid_constant__
#define __constant__ static

#define threadIdx (gradus::emulator::self->thread)
#define blockIdx (gradus::emulator::self->block)
#define blockDim (gradus::emulator::self->threads)
#define gridDim (gradus::emulator::self->blocks)
#define __syncthreads() gradus::emulator::barrier(__LINE__)

using dim3 = gradus::emulator::Extent;

#ifdef GRADUS_CHECKED
template <class T>
using Global = gradus::emulator::CheckedPointer<T>;
template <class T, int N>
using Shared = gradus::emulator::CheckedShared<T, N>;
#else
template <class T>
using Global = T*;
template <class T, int N>
using Shared = T[N];
inline float4 load4(const float* p) { return *reinterpret_cast<const float4*>(p); }
inline double2 load2(const double* p) { return *reinterpret_cast<const double2*>(p); }
inline void store4(float* p, float4 v) { *reinterpret_cast<float4*>(p) = v; }
#endif

template <int N, class S, class T>
inline void loadShared(const S& tile, int i, T* out) {
    for (int j = 0; j < N; j++) {
        out[j] = tile[i + j];
    }
}

template <class S, class T>
inline void storeShared(S& tile, int i, const T* values) {
    for (int j = 0; j < 4; j++) {
        tile[i + j] = values[j];
    }
}

using Stream = void*;

inline float __fmaf_rn(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
inline double __fma_rn(double a, double b, double c) { return __builtin_fma(a, b, c); }
inline float fusedMultiplyAddIf(bool there, float a, float b, float c) { return there ? __builtin_fmaf(a, b, c) : c; }
inline unsigned __umulhi(unsigned a, unsigned b) { return static_cast<unsigned>(static_cast<std::uint64_t>(a) * b >> 32); }
inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
    return static_cast<unsigned long long>(static_cast<unsigned __int128>(a) * b >> 64);
}
template <class To, class From>
To bitsAs(From from) {
    static_assert(sizeof(To) == sizeof(From));
    To to;
    std::memcpy(&to, &from, sizeof(To));
    return to;
}
inline int __float_as_int(float x) { return bitsAs<int>(x); }
inline float __int_as_float(int x) { return bitsAs<float>(x); }
inline unsigned __float_as_uint(float x) { return bitsAs<unsigned>(x); }
inline float __uint_as_float(unsigned x) { return bitsAs<float>(x); }
inline long long __double_as_longlong(double x) { return bitsAs<long long>(x); }
inline double __longlong_as_double(long long x) { return bitsAs<double>(x); }

inline int multiprocessors() { return 1; }

/** Runs a kernel to its end; the arguments become the kernel's own types once, before any thread starts. */
template <class... Wanted, class... Given>
int launch(const char* name, void (*kernel)(Wanted...), dim3 blocks, dim3 threads, Stream, Given... arguments) {
    std::tuple<Wanted...> converted(static_cast<Wanted>(arguments)...);
    auto body = [&] { std::apply(kernel, converted); };
    return gradus::emulator::run(name, blocks, threads, [](void* f) { (*static_cast<decltype(body)*>(f))(); }, &body);
}
