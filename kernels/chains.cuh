// Chains of terms from memory: one thread takes them in order, and waits for memory once for several of them.
#pragma once

#include "device.cuh"

namespace gradus {

/**
 * Calls step(term(t)) for t = first, first + apart, … below end, in order. DEEP terms are fetched before the first of them is used: a loop that fetches
 * one and adds it waits some 0.4 µs for each on an H100, and a compiler can't move the fetches together, for it doesn't know that the count of t won't wrap.
 */
template <int DEEP, class Term, class Step>
__device__ inline void inOrder(unsigned first, unsigned end, unsigned apart, Term term, Step step) {
    for (unsigned left = first < end ? (end - first + apart - 1) / apart : 0; left > 0; left -= left < DEEP ? left : DEEP) {
        decltype(term(first)) values[DEEP];
#pragma unroll
        for (unsigned j = 0; j < DEEP; j++) {
            values[j] = term(j < left ? first + j * apart : first);
        }
#pragma unroll
        for (unsigned j = 0; j < DEEP; j++) {
            if (j < left) {
                step(values[j]);
            }
        }
        first += DEEP * apart;
    }
}

}  // namespace gradus
