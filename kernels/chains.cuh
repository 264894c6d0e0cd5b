// Chains of terms from memory: one thread takes them in order, and waits for memory once for many of them.
#pragma once

#include "device.cuh"

namespace gradus {

/** The next COUNT terms in order, or those that are left: all are fetched before the first is used. */
template <int COUNT, bool ALL, class Term, class Step>
__device__ inline void nextInOrder(unsigned first, unsigned left, unsigned apart, Term& term, Step& step) {
    decltype(term(first)) values[COUNT];
#pragma unroll
    for (unsigned j = 0; j < COUNT; j++) {
        values[j] = term(ALL || j < left ? first + j * apart : first);
    }
#pragma unroll
    for (unsigned j = 0; j < COUNT; j++) {
        if (ALL || j < left) {
            step(values[j]);
        }
    }
}

/**
 * Calls step(term(t)) for t = first, first + apart, … below end, in order, and fetches DEEP terms at a time. A loop that fetches one and adds it waits some 0.4 µs
 * for each on an H100 (96 µs for the 256 terms of a lane, 24 µs with 16 at a time), and a compiler can't move the fetches together, for it doesn't know that the
 * count of t won't wrap.
 */
template <int DEEP, class Term, class Step>
__device__ inline void inOrder(unsigned first, unsigned end, unsigned apart, Term term, Step step) {
    constexpr unsigned REST = DEEP < 8 ? DEEP : 8;
    unsigned left = first < end ? (end - first + apart - 1) / apart : 0;
    for (; left >= DEEP; left -= DEEP, first += DEEP * apart) {
        nextInOrder<DEEP, true>(first, left, apart, term, step);
    }
    for (; left > 0; left -= left < REST ? left : REST, first += REST * apart) {
        nextInOrder<REST, false>(first, left, apart, term, step);
    }
}

}  // namespace gradus
