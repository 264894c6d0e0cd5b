// How a kernel finds the elements of strided operands that share one index.
#pragma once

#include "device.cuh"
#include "launchers.h"

namespace gradus {

constexpr int MOST_AXES = 8;

/** Extents of an index and, for each operand, the distance in elements between neighbours along each axis. */
template <int OPERANDS>
struct Walk {
    int rank;
    int extent[MOST_AXES];
    int stride[OPERANDS][MOST_AXES];

    /** Reads the form of launchers.h. */
    explicit Walk(const int* flat) : rank(*flat++) {
        for (int i = 0; i < MOST_AXES; i++) {
            extent[i] = i < rank ? flat[i] : 1;
            for (int o = 0; o < OPERANDS; o++) {
                stride[o][i] = i < rank ? flat[(o + 1) * rank + i] : 0;
            }
        }
    }

    /** Number of indices. */
    long long size() const {
        long long n = 1;
        for (int i = 0; i < rank; i++) {
            n *= extent[i];
        }
        return n;
    }

    /** The places of index number i in row-major order. */
    __device__ void places(unsigned i, int (&place)[OPERANDS]) const {
        for (int o = 0; o < OPERANDS; o++) {
            place[o] = 0;
        }
        for (int axis = rank - 1; axis > 0; axis--) {
            const unsigned rest = i / static_cast<unsigned>(extent[axis]);
            const int at = static_cast<int>(i - rest * static_cast<unsigned>(extent[axis]));
            for (int o = 0; o < OPERANDS; o++) {
                place[o] += at * stride[o][axis];
            }
            i = rest;
        }
        for (int o = 0; o < OPERANDS; o++) {
            place[o] += static_cast<int>(i) * stride[o][0];
        }
    }
};

/** Element types as gradus.tensor.DType orders them. */
enum Type { FLOAT32, FLOAT64 };

/** Calls f with a value of the element type. */
template <class F>
int withType(int type, F f) {
    return type == FLOAT32 ? f(float{}) : f(double{});
}

template <class T>
const T* as(const void* p) {
    return static_cast<const T*>(p);
}
template <class T>
T* as(void* p) {
    return static_cast<T*>(p);
}

}  // namespace gradus
