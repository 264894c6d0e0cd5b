// Functions of one and two elements in both types: gradus.numerics.Function and gradus.backend.Zip, with their bits.
#pragma once

#include "functions64.cuh"
#include "numerics.cuh"

namespace gradus {

__device__ inline double apply(Function f, double x) {
    switch (f) {
        case EXP: return f64::exp64(x);
        case EXPM1: return f64::expm164(x);
        case LOG: return f64::log64(x);
        case LOG1P: return f64::log1p64(x);
        case TANH: return f64::tanh64(x);
        case SIGMOID: return f64::quiet(f64::sigmoid(x));
        case SOFTPLUS: return f64::quiet(f64::softplus(x));
        case SIN: return f64::sin64(x);
        case COS: return f64::cos64(x);
        case ERF: return f64::erf64(x);
        case RSQRT: return f64::quiet(1 / sqrt(x));
        case NEG: return f64::quiet(-x);
        case ABS: return f64::quiet(f64::magnitude(x));
        case SQRT: return f64::quiet(sqrt(x));
        case SQUARE: return f64::quiet(x * x);
        case RECIPROCAL: return f64::quiet(1 / x);
        case SIGN: return x > 0 ? 1 : x < 0 ? -1 : f64::quiet(x);
        case RELU: return x > 0 ? x : x <= 0 ? 0 : f64::nan();
        case FLOOR: return f64::quiet(floor(x));
    }
    return f64::nan();
}
constexpr int FUNCTIONS = FLOOR + 1;

/** The order of gradus.backend.Zip; a test compares the two. */
enum Zip {
    ADD, SUBTRACT, SUBTRACT_FROM, MULTIPLY, DIVIDE, DIVIDE_INTO, MAXIMUM, MINIMUM, GREATER, GREATER_EQUAL, EQUAL, LEAKY_RELU, RELU_GRADIENT,
    SIGMOID_GRADIENT, TANH_GRADIENT, INTEGER_POWER
};
constexpr int ZIPS = INTEGER_POWER + 1;

__device__ inline float fusedMultiplyAdd(float a, float b, float c) { return __fmaf_rn(a, b, c); }
__device__ inline double fusedMultiplyAdd(double a, double b, double c) { return __fma_rn(a, b, c); }
__device__ inline bool negative(float x) { return __float_as_int(x) < 0; }
__device__ inline bool negative(double x) { return __double_as_longlong(x) < 0; }

/** Math.max: NaN when either is, +0 above −0. */
template <class T>
__device__ T maximum(T a, T b) {
    if (a != a) {
        return a;
    }
    return a > b || (a == b && negative(b)) ? a : b;
}

/** Math.min: NaN when either is, −0 below +0. */
template <class T>
__device__ T minimum(T a, T b) {
    if (a != a) {
        return a;
    }
    return a < b || (a == b && negative(a)) ? a : b;
}

/** Java's conversion to int: towards 0, NaN to 0, beyond the range to its ends. */
template <class T>
__device__ int toInt(T x) {
    if (!(x == x)) {
        return 0;
    }
    return x >= T(2147483648.0) ? 2147483647 : x <= T(-2147483648.0) ? static_cast<int>(0x80000000u) : static_cast<int>(x);
}

__device__ inline float power(float x, int n) { return pow32(x, n); }
__device__ inline double power(double x, int n) { return f64::pow64(x, n); }

template <class T>
__device__ T zip(Zip f, T a, T b) {
    switch (f) {
        case ADD: return a + b;
        case SUBTRACT: return a - b;
        case SUBTRACT_FROM: return b - a;
        case MULTIPLY: return a * b;
        case DIVIDE: return a / b;
        case DIVIDE_INTO: return b / a;
        case MAXIMUM: return maximum(a, b);
        case MINIMUM: return minimum(a, b);
        case GREATER: return a > b ? 1 : 0;
        case GREATER_EQUAL: return a >= b ? 1 : 0;
        case EQUAL: return a == b ? 1 : 0;
        case LEAKY_RELU: return a > 0 ? a : b * a;
        case RELU_GRADIENT: return b > 0 ? a : 0;
        case SIGMOID_GRADIENT: return a * (b * (1 - b));
        case TANH_GRADIENT: return a * (1 - b * b);
        case INTEGER_POWER: return power(a, toInt(b));
    }
    return a;
}

/** Folds lanes of a thread's own pairwise, + HALF first, into lane 0. HALF is a constant: where a loop halves it the lanes go to local memory. */
template <int HALF, class T, int N>
__device__ void foldInRegisters(T (&lanes)[N]) {
#pragma unroll
    for (int l = 0; l < HALF; l++) {
        lanes[l] = lanes[l] + lanes[l + HALF];
    }
    if constexpr (HALF > 1) {
        foldInRegisters<HALF / 2>(lanes);
    }
}

}  // namespace gradus
