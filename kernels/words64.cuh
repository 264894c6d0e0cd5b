// A binary64 number as its two halves, and the constants that several functions share.
#pragma once

#include "device.cuh"

namespace gradus::f64 {

__device__ inline int high(double x) { return static_cast<int>(__double_as_longlong(x) >> 32); }
__device__ inline unsigned low(double x) { return static_cast<unsigned>(__double_as_longlong(x)); }
__device__ inline double withHigh(double x, int h) {
    return __longlong_as_double(static_cast<long long>(static_cast<unsigned long long>(static_cast<unsigned>(h)) << 32 | low(x)));
}
__device__ inline double withoutLow(double x) { return __longlong_as_double(__double_as_longlong(x) & static_cast<long long>(0xffffffff00000000ULL)); }
__device__ inline double raised(double x, int powers) { return withHigh(x, static_cast<int>(static_cast<unsigned>(high(x)) + (static_cast<unsigned>(powers) << 20))); }
__device__ inline double magnitude(double x) { return __longlong_as_double(__double_as_longlong(x) & 0x7fffffffffffffffLL); }
__device__ inline double signed1(double y, double x) { return high(x) < 0 ? -magnitude(y) : magnitude(y); }
__device__ inline double infinity() { return __longlong_as_double(0x7ff0000000000000LL); }
__device__ inline double nan() { return __longlong_as_double(0x7ff8000000000000LL); }
__device__ inline double quiet(double y) { return y == y ? y : nan(); }
/** 2ⁿ for −1022 ≤ n ≤ 1023. */
__device__ inline double powerOfTwo(int n) { return __longlong_as_double(static_cast<long long>(n + 1023) << 52); }

constexpr double LN2_HIGH = 0x1.62e42feep-1;
constexpr double LN2_LOW = 0x1.a39ef35793c76p-33;
constexpr double INVERSE_LN2 = 0x1.71547652b82fep0;
constexpr double TWO54 = 0x1p54;

}  // namespace gradus::f64
