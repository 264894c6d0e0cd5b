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

/** The words of a stream, one after the other from a place on; a block of four is worked out once. */
struct Words {
    unsigned long long name, seed, next;
    unsigned block[4];
    bool fresh = true;

    __device__ Words(unsigned long long name, unsigned long long seed, unsigned long long position) : name(name), seed(seed), next(position) {}

    __device__ unsigned word() {
        const unsigned place = static_cast<unsigned>(next % 4);
        if (fresh || place == 0) {
            philox(next / 4, name, seed, block);
            fresh = false;
        }
        next++;
        return place == 0 ? block[0] : place == 1 ? block[1] : place == 2 ? block[2] : block[3];
    }

    /** Two words, the first one above. */
    __device__ unsigned long long pair() {
        const unsigned long long high = word();
        return high << 32 | word();
    }
};

/** RandomStream.uniform, one value. */
__device__ inline void uniformAt(Words words, float low, float width, float last, float& y) {
    y = minimum(__fmaf_rn(static_cast<float>(words.word() >> 8) * 0x1p-24f, width, low), last);
}
__device__ inline void uniformAt(Words words, double low, double width, double last, double& y) {
    y = minimum(__fma_rn(static_cast<double>(words.pair() >> 11) * 0x1p-53, width, low), last);
}

/** RandomStream.normal, two values, by Box and Muller. */
__device__ inline void normalAt(Words words, float mean, float deviation, float (&y)[2]) {
    const float u = static_cast<float>((static_cast<double>(words.word()) + 0.5) * 0x1p-32);
    const float angle = static_cast<float>(static_cast<int>(words.word()) * (3.141592653589793 * 0x1p-31));
    const float r = apply(SQRT, -2 * apply(LOG, u));
    y[0] = __fmaf_rn(r * apply(COS, angle), deviation, mean);
    y[1] = __fmaf_rn(r * apply(SIN, angle), deviation, mean);
}
__device__ inline void normalAt(Words words, double mean, double deviation, double (&y)[2]) {
    const double u = (static_cast<double>(words.pair() >> 11) + 0.5) * 0x1p-53;
    const double angle = 2 * 3.141592653589793 * (static_cast<double>(words.pair() >> 11) * 0x1p-53);
    const double r = sqrt(-2 * f64::log64(u));
    y[0] = __fma_rn(r * f64::cos64(angle), deviation, mean);
    y[1] = __fma_rn(r * f64::sin64(angle), deviation, mean);
}

template <class T>
__global__ void uniformKernel(unsigned n, unsigned long long position, unsigned long long name, unsigned long long seed, T low, T width, T last, Global<T> y) {
    constexpr unsigned WORDS = sizeof(T) / 4;
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
        T value;
        uniformAt(Words(name, seed, position + static_cast<unsigned long long>(WORDS) * i), low, width, last, value);
        y[i] = value;
    }
}

template <class T>
__global__ void normalKernel(unsigned n, unsigned long long position, unsigned long long name, unsigned long long seed, T mean, T deviation, Global<T> y) {
    constexpr unsigned WORDS = sizeof(T) / 2;
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < n / 2 + n % 2; i += gridDim.x * blockDim.x) {
        T pair[2];
        normalAt(Words(name, seed, position + static_cast<unsigned long long>(WORDS) * i), mean, deviation, pair);
        y[2LL * i] = pair[0];
        if (2 * i + 1 < n) {
            y[2LL * i + 1] = pair[1];
        }
    }
}

GRADUS_EXPORT int gradus_uniform(void* stream, int type, int n, long long position, long long name, long long seed, double low, double width, double last, void* y) {
    return n == 0 ? 0 : withType(type, [&]<class T>(T) {
        return launch("uniform", uniformKernel<T>, walkingBlocks(n), WALKERS, stream, static_cast<unsigned>(n), static_cast<unsigned long long>(position),
                      static_cast<unsigned long long>(name), static_cast<unsigned long long>(seed), static_cast<T>(low), static_cast<T>(width), static_cast<T>(last),
                      as<T>(y));
    });
}

GRADUS_EXPORT int gradus_normal(void* stream, int type, int n, long long position, long long name, long long seed, double mean, double deviation, void* y) {
    return n == 0 ? 0 : withType(type, [&]<class T>(T) {
        return launch("normal", normalKernel<T>, walkingBlocks(n / 2 + 1), WALKERS, stream, static_cast<unsigned>(n), static_cast<unsigned long long>(position),
                      static_cast<unsigned long long>(name), static_cast<unsigned long long>(seed), static_cast<T>(mean), static_cast<T>(deviation), as<T>(y));
    });
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
