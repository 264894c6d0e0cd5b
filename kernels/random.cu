// Philox4x32-10 on the device (gradus.numerics.Philox): any word of a stream from any thread.
#include "functions.cuh"
#include "walk.cuh"

namespace gradus {

/** The four words of counter (low, high) under a key. */
__device__ inline void philox(unsigned long long low, unsigned long long high, unsigned long long key, unsigned (&c)[4]) {
    c[0] = static_cast<unsigned>(low);
    c[1] = static_cast<unsigned>(low >> 32);
    c[2] = static_cast<unsigned>(high);
    c[3] = static_cast<unsigned>(high >> 32);
    unsigned k0 = static_cast<unsigned>(key);
    unsigned k1 = static_cast<unsigned>(key >> 32);
    for (int round = 0; round < 10; round++) {
        const unsigned long long p0 = 0xd2511f53ULL * c[0];
        const unsigned long long p1 = 0xcd9e8d57ULL * c[2];
        c[0] = static_cast<unsigned>(p1 >> 32) ^ c[1] ^ k0;
        c[1] = static_cast<unsigned>(p1);
        c[2] = static_cast<unsigned>(p0 >> 32) ^ c[3] ^ k1;
        c[3] = static_cast<unsigned>(p0);
        k0 += 0x9e3779b9u;
        k1 += 0xbb67ae85u;
    }
}

/** y[i] = word `position + i` of the stream lies below the threshold ? yes : no. A thread takes the four words of one counter. */
template <class T>
__global__ void bernoulliKernel(unsigned n, unsigned long long position, unsigned long long name, unsigned long long seed, unsigned long long threshold, T yes,
                                T no, Global<T> y) {
    const unsigned skipped = static_cast<unsigned>(position % 4);
    const unsigned blocks = static_cast<unsigned>((static_cast<unsigned long long>(n) + skipped + 3) / 4);
    for (unsigned b = blockIdx.x * blockDim.x + threadIdx.x; b < blocks; b += gridDim.x * blockDim.x) {
        unsigned words[4];
        philox(position / 4 + b, name, seed, words);
        for (unsigned w = 0; w < 4; w++) {
            const unsigned long long place = 4ULL * b + w;
            if (place >= skipped && place - skipped < n) {
                y[static_cast<long long>(place - skipped)] = words[w] < threshold ? yes : no;
            }
        }
    }
}

GRADUS_EXPORT int gradus_bernoulli(void* stream, int type, int n, long long position, long long name, long long seed, long long threshold, double yes, double no,
                                   void* y) {
    return n == 0 ? 0 : withType(type, [&]<class T>(T) {
        return launch("bernoulli", bernoulliKernel<T>, walkingBlocks(n / 4 + 2), WALKERS, stream, static_cast<unsigned>(n), static_cast<unsigned long long>(position),
                      static_cast<unsigned long long>(name), static_cast<unsigned long long>(seed), static_cast<unsigned long long>(threshold),
                      static_cast<T>(yes), static_cast<T>(no), as<T>(y));
    });
}

}  // namespace gradus
