// Element by element: map, zip, select, copy, fill. Each thread walks over the elements in steps of the grid; results are row-major.
#include <array>
#include <utility>

#include "functions.cuh"
#include "walk.cuh"

namespace gradus {

template <class T, int F>
__global__ void mapKernel(const __grid_constant__ Walk<1> walk, unsigned n, Global<const T> x, Global<T> y) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
        int place[1];
        walk.places(i, place);
        y[i] = apply(static_cast<Function>(F), static_cast<T>(x[place[0]]));
    }
}

template <class T, int F>
__global__ void zipKernel(const __grid_constant__ Walk<2> walk, unsigned n, Global<const T> a, Global<const T> b, Global<T> y) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
        int place[2];
        walk.places(i, place);
        y[i] = zip(static_cast<Zip>(F), static_cast<T>(a[place[0]]), static_cast<T>(b[place[1]]));
    }
}

template <class T, int F>
__global__ void zipScalarKernel(const __grid_constant__ Walk<1> walk, unsigned n, Global<const T> a, T b, Global<T> y) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
        int place[1];
        walk.places(i, place);
        y[i] = zip(static_cast<Zip>(F), static_cast<T>(a[place[0]]), b);
    }
}

template <class T>
__global__ void selectKernel(const __grid_constant__ Walk<3> walk, unsigned n, Global<const T> mask, Global<const T> a, Global<const T> b, Global<T> y) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
        int place[3];
        walk.places(i, place);
        y[i] = mask[place[0]] != 0 ? static_cast<T>(a[place[1]]) : static_cast<T>(b[place[2]]);
    }
}

template <class T>
__global__ void copyKernel(const __grid_constant__ Walk<2> walk, unsigned n, Global<const T> x, Global<T> y) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
        int place[2];
        walk.places(i, place);
        y[place[1]] = static_cast<T>(x[place[0]]);
    }
}

template <class T>
__global__ void fillKernel(const __grid_constant__ Walk<1> walk, unsigned n, T value, Global<T> y) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
        int place[1];
        walk.places(i, place);
        y[place[0]] = value;
    }
}

namespace {

template <class Kernel, class W, class... Arguments>
int walkOver(const char* name, Kernel kernel, Stream stream, const W& walk, Arguments... arguments) {
    const long long n = walk.size();
    return n == 0 ? 0 : launch(name, kernel, walkingBlocks(n), WALKERS, stream, walk, static_cast<unsigned>(n), arguments...);
}

/** A kernel for each number of a function: KERNELS<T>::map[f]. */
template <class T, int... F>
constexpr auto mapKernels(std::integer_sequence<int, F...>) {
    return std::array{mapKernel<T, F>...};
}
template <class T, int... F>
constexpr auto zipKernels(std::integer_sequence<int, F...>) {
    return std::array{zipKernel<T, F>...};
}
template <class T, int... F>
constexpr auto zipScalarKernels(std::integer_sequence<int, F...>) {
    return std::array{zipScalarKernel<T, F>...};
}

}  // namespace

GRADUS_EXPORT int gradus_map(void* stream, int type, int function, const int* walk, const void* x, void* y) {
    return withType(type, [&]<class T>(T) {
        static constexpr auto kernels = mapKernels<T>(std::make_integer_sequence<int, FUNCTIONS>());
        return walkOver("map", kernels[function], stream, Walk<1>(walk), as<T>(x), as<T>(y));
    });
}

GRADUS_EXPORT int gradus_zip(void* stream, int type, int zip, const int* walk, const void* a, const void* b, void* y) {
    return withType(type, [&]<class T>(T) {
        static constexpr auto kernels = zipKernels<T>(std::make_integer_sequence<int, ZIPS>());
        return walkOver("zip", kernels[zip], stream, Walk<2>(walk), as<T>(a), as<T>(b), as<T>(y));
    });
}

GRADUS_EXPORT int gradus_zip_scalar(void* stream, int type, int zip, const int* walk, const void* a, double b, void* y) {
    return withType(type, [&]<class T>(T) {
        static constexpr auto kernels = zipScalarKernels<T>(std::make_integer_sequence<int, ZIPS>());
        return walkOver("zip with a scalar", kernels[zip], stream, Walk<1>(walk), as<T>(a), static_cast<T>(b), as<T>(y));
    });
}

GRADUS_EXPORT int gradus_select(void* stream, int type, const int* walk, const void* mask, const void* a, const void* b, void* y) {
    return withType(type, [&]<class T>(T) {
        return walkOver("select", selectKernel<T>, stream, Walk<3>(walk), as<T>(mask), as<T>(a), as<T>(b), as<T>(y));
    });
}

GRADUS_EXPORT int gradus_copy(void* stream, int type, const int* walk, const void* x, void* y) {
    return withType(type, [&]<class T>(T) { return walkOver("copy", copyKernel<T>, stream, Walk<2>(walk), as<T>(x), as<T>(y)); });
}

GRADUS_EXPORT int gradus_fill(void* stream, int type, const int* walk, double value, void* y) {
    return withType(type, [&]<class T>(T) { return walkOver("fill", fillKernel<T>, stream, Walk<1>(walk), static_cast<T>(value), as<T>(y)); });
}

}  // namespace gradus
