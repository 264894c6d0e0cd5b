// What a layer applies to each finished element: gradus.backend.Epilogue.
#pragma once

#include "functions.cuh"

namespace gradus {

/** The order of gradus.backend.Epilogue.Kind; a test compares the two. */
enum Kind { IDENTITY, RELU_KIND, LEAKY_RELU_KIND, SIGMOID_KIND, TANH_KIND };

template <class T>
struct Phi {
    int kind;
    T slope;
};

template <class T>
__device__ T applyPhi(const Phi<T>& phi, T x) {
    switch (phi.kind) {
        case RELU_KIND: return apply(RELU, x);
        case LEAKY_RELU_KIND: return x > 0 ? x : phi.slope * x;
        case SIGMOID_KIND: return apply(SIGMOID, x);
        case TANH_KIND: return apply(TANH, x);
        default: return x;
    }
}

/** The nonlinearities that cost no more than a comparison; x itself for the others. */
template <class T>
__device__ T applyCheapPhi(const Phi<T>& phi, T x) {
    switch (phi.kind) {
        case RELU_KIND: return apply(RELU, x);
        case LEAKY_RELU_KIND: return x > 0 ? x : phi.slope * x;
        default: return x;
    }
}

/** φ′ · g where y = φ(x). */
template <class T>
__device__ T phiGradient(const Phi<T>& phi, T g, T y) {
    switch (phi.kind) {
        case RELU_KIND: return y > 0 ? g : T(0);
        case LEAKY_RELU_KIND: return y > 0 ? g : phi.slope * g;
        case SIGMOID_KIND: return g * (y * (1 - y));
        case TANH_KIND: return g * (1 - y * y);
        default: return g;
    }
}

}  // namespace gradus
