// Pooling and resampling of images [N, C, H, W], a thread an element; orders and ties as gradus.backend.Convolutions says.
#include "functions.cuh"
#include "walk.cuh"

namespace gradus {

/** gradus.backend.PoolShape and its Window. */
struct Pooling {
    int samples, channels, height, width, outHeight, outWidth;
    int kernelHeight, kernelWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, top, bottom, left, right;
    bool countsPadding;

    explicit Pooling(const int* p)
        : samples(p[0]), channels(p[1]), height(p[2]), width(p[3]), outHeight(p[4]), outWidth(p[5]), kernelHeight(p[6]), kernelWidth(p[7]), strideHeight(p[8]),
          strideWidth(p[9]), dilationHeight(p[10]), dilationWidth(p[11]), top(p[12]), bottom(p[13]), left(p[14]), right(p[15]), countsPadding(p[16] != 0) {}

    long long inputs() const { return static_cast<long long>(samples) * channels * height * width; }
    long long outputs() const { return static_cast<long long>(samples) * channels * outHeight * outWidth; }

    /** Whether every place of the input lies in exactly one window. */
    bool tiles() const {
        return top == 0 && left == 0 && dilationHeight == 1 && dilationWidth == 1 && strideHeight == kernelHeight && strideWidth == kernelWidth &&
               outHeight * kernelHeight == height && outWidth * kernelWidth == width;
    }

    __device__ int row(int i, int k) const { return i * strideHeight - top + k * dilationHeight; }
    __device__ int column(int j, int l) const { return j * strideWidth - left + l * dilationWidth; }
    __device__ bool inside(int h, int w) const {
        return static_cast<unsigned>(h) < static_cast<unsigned>(height) && static_cast<unsigned>(w) < static_cast<unsigned>(width);
    }

    __device__ bool counts(int place, int extent, int before, int after) const {
        return countsPadding ? place >= -before && place < extent + after : place >= 0 && place < extent;
    }
    __device__ int divisor(int i, int j) const {
        int rows = 0;
        int columns = 0;
        for (int k = 0; k < kernelHeight; k++) {
            rows += counts(row(i, k), height, top, bottom) ? 1 : 0;
        }
        for (int l = 0; l < kernelWidth; l++) {
            columns += counts(column(j, l), width, left, right) ? 1 : 0;
        }
        return rows * columns;
    }

    /** The windows that may cover row h: the first, and the one behind the last. */
    __device__ int firstWindow(int at, int before, int kernel, int dilation, int stride) const {
        const int distance = at + before - (kernel - 1) * dilation;
        return distance <= 0 ? 0 : (distance + stride - 1) / stride;
    }
    __device__ int endWindow(int at, int before, int stride, int outputs) const {
        const int last = (at + before) / stride + 1;
        return last < outputs ? last : outputs;
    }
};

/** The place in its plane of a window's winner: the first NaN, else the first of the largest; −1 for a window of padding alone. */
template <class T>
__device__ int winner(const Pooling& s, const Global<const T>& x, long long plane, int i, int j) {
    int best = -1;
    T most = 0;
    for (int k = 0; k < s.kernelHeight; k++) {
        for (int l = 0; l < s.kernelWidth; l++) {
            const int h = s.row(i, k);
            const int w = s.column(j, l);
            if (s.inside(h, w)) {
                const T value = x[plane + h * s.width + w];
                if (best < 0 || value > most || (value != value && most == most)) {
                    best = h * s.width + w;
                    most = value;
                }
            }
        }
    }
    return best;
}

template <class T>
__global__ void maxPoolKernel(const __grid_constant__ Pooling s, unsigned n, Global<const T> x, Global<const T> u, Global<T> y) {
    const unsigned outPlane = s.outHeight * s.outWidth;
    for (unsigned o = blockIdx.x * blockDim.x + threadIdx.x; o < n; o += gridDim.x * blockDim.x) {
        const long long plane = static_cast<long long>(o / outPlane) * s.height * s.width;
        const int best = winner<T>(s, x, plane, o % outPlane / s.outWidth, o % s.outWidth);
        y[o] = u ? (best < 0 ? T(0) : static_cast<T>(u[plane + best])) : (best < 0 ? -T(infinity()) : static_cast<T>(x[plane + best]));
    }
}

template <class T>
__global__ void maxPoolGradientKernel(const __grid_constant__ Pooling s, unsigned n, Global<const T> g, Global<const T> x, Global<T> dx) {
    const unsigned inPlane = s.height * s.width;
    for (unsigned e = blockIdx.x * blockDim.x + threadIdx.x; e < n; e += gridDim.x * blockDim.x) {
        const unsigned image = e / inPlane;
        const int at = static_cast<int>(e - image * inPlane);
        const int h = at / s.width;
        const int w = at % s.width;
        const long long plane = static_cast<long long>(image) * inPlane;
        const long long outPlane = static_cast<long long>(image) * s.outHeight * s.outWidth;
        const int endRow = s.endWindow(h, s.top, s.strideHeight, s.outHeight);
        const int endColumn = s.endWindow(w, s.left, s.strideWidth, s.outWidth);
        T sum = 0;
        for (int i = s.firstWindow(h, s.top, s.kernelHeight, s.dilationHeight, s.strideHeight); i < endRow; i++) {
            for (int j = s.firstWindow(w, s.left, s.kernelWidth, s.dilationWidth, s.strideWidth); j < endColumn; j++) {
                if (winner<T>(s, x, plane, i, j) == at) {
                    sum = sum + static_cast<T>(g[outPlane + i * s.outWidth + j]);
                }
            }
        }
        dx[e] = sum;
    }
}

/** Where the windows lie side by side and cover the image: a thread a window, which writes all its places. */
template <class T>
__global__ void maxPoolTilesGradientKernel(const __grid_constant__ Pooling s, unsigned n, Global<const T> g, Global<const T> x, Global<T> dx) {
    const unsigned outPlane = s.outHeight * s.outWidth;
    for (unsigned o = blockIdx.x * blockDim.x + threadIdx.x; o < n; o += gridDim.x * blockDim.x) {
        const unsigned image = o / outPlane;
        const int at = static_cast<int>(o - image * outPlane);
        const int i = at / s.outWidth;
        const int j = at - i * s.outWidth;
        const long long plane = static_cast<long long>(image) * s.height * s.width;
        const int best = winner<T>(s, x, plane, i, j);
        const T slope = T(0) + static_cast<T>(g[o]);
        for (int k = 0; k < s.kernelHeight; k++) {
            for (int l = 0; l < s.kernelWidth; l++) {
                const int place = s.row(i, k) * s.width + s.column(j, l);
                dx[plane + place] = place == best ? slope : T(0);
            }
        }
    }
}

template <class T>
__global__ void averagePoolKernel(const __grid_constant__ Pooling s, unsigned n, Global<const T> x, Global<T> y) {
    const unsigned outPlane = s.outHeight * s.outWidth;
    for (unsigned o = blockIdx.x * blockDim.x + threadIdx.x; o < n; o += gridDim.x * blockDim.x) {
        const long long plane = static_cast<long long>(o / outPlane) * s.height * s.width;
        const int i = o % outPlane / s.outWidth;
        const int j = o % s.outWidth;
        T sum = 0;
        for (int k = 0; k < s.kernelHeight; k++) {
            for (int l = 0; l < s.kernelWidth; l++) {
                const int h = s.row(i, k);
                const int w = s.column(j, l);
                if (s.inside(h, w)) {
                    sum = sum + static_cast<T>(x[plane + h * s.width + w]);
                }
            }
        }
        y[o] = sum / static_cast<T>(s.divisor(i, j));
    }
}

template <class T>
__global__ void averagePoolGradientKernel(const __grid_constant__ Pooling s, unsigned n, Global<const T> g, Global<T> dx) {
    const unsigned inPlane = s.height * s.width;
    for (unsigned e = blockIdx.x * blockDim.x + threadIdx.x; e < n; e += gridDim.x * blockDim.x) {
        const unsigned image = e / inPlane;
        const int h = static_cast<int>(e - image * inPlane) / s.width;
        const int w = static_cast<int>(e - image * inPlane) % s.width;
        const long long outPlane = static_cast<long long>(image) * s.outHeight * s.outWidth;
        const int endRow = s.endWindow(h, s.top, s.strideHeight, s.outHeight);
        const int endColumn = s.endWindow(w, s.left, s.strideWidth, s.outWidth);
        T sum = 0;
        for (int i = s.firstWindow(h, s.top, s.kernelHeight, s.dilationHeight, s.strideHeight); i < endRow; i++) {
            for (int j = s.firstWindow(w, s.left, s.kernelWidth, s.dilationWidth, s.strideWidth); j < endColumn; j++) {
                const int down = h - s.row(i, 0);
                const int across = w - s.column(j, 0);
                if (down % s.dilationHeight == 0 && across % s.dilationWidth == 0) {
                    sum = sum + static_cast<T>(g[outPlane + i * s.outWidth + j]) / static_cast<T>(s.divisor(i, j));
                }
            }
        }
        dx[e] = sum;
    }
}

// ------------------------------------------------------------------------------------------------------------------------ resampling

enum Mode { NEAREST, BILINEAR, BILINEAR_ALIGNED };

/** gradus.backend.ResizeShape: one axis, and what its output places are made of. */
struct ResizeAxis {
    int extent, outputs, mode;

    __device__ double source(int i) const {
        if (mode == NEAREST) {
            return floorf(static_cast<float>(i) * (static_cast<float>(extent) / static_cast<float>(outputs)));
        }
        if (mode == BILINEAR) {
            const double at = (i + 0.5) * (static_cast<double>(extent) / outputs) - 0.5;
            return at > 0 ? at : 0;
        }
        return outputs == 1 ? 0 : i * ((extent - 1.0) / (outputs - 1));
    }
    __device__ int low(double source) const {
        const int at = static_cast<int>(source);
        return at < extent - 1 ? at : extent - 1;
    }
    __device__ int high(int low) const { return low < extent - 1 ? low + 1 : extent - 1; }

    /** The first output place whose lower source is not below `at`; the lower sources ascend. */
    __device__ int firstFrom(int at) const {
        int below = 0;
        int end = outputs;
        while (below < end) {
            const int middle = (below + end) / 2;
            if (low(source(middle)) < at) {
                below = middle + 1;
            } else {
                end = middle;
            }
        }
        return below;
    }
};

template <class T>
__global__ void resizeKernel(ResizeAxis rows, ResizeAxis columns, unsigned n, Global<const T> x, Global<T> y) {
    const unsigned outPlane = rows.outputs * columns.outputs;
    for (unsigned o = blockIdx.x * blockDim.x + threadIdx.x; o < n; o += gridDim.x * blockDim.x) {
        const long long plane = static_cast<long long>(o / outPlane) * rows.extent * columns.extent;
        const double v = rows.source(static_cast<int>(o % outPlane / columns.outputs));
        const double h = columns.source(static_cast<int>(o % columns.outputs));
        const int top = rows.low(v);
        const int left = columns.low(h);
        if (rows.mode == NEAREST) {
            y[o] = static_cast<T>(x[plane + top * columns.extent + left]);
            continue;
        }
        const double down = v - top;
        const double across = h - left;
        const int bottom = rows.high(top);
        const int right = columns.high(left);
        T sum = fusedMultiplyAdd(static_cast<T>((1 - down) * (1 - across)), static_cast<T>(x[plane + top * columns.extent + left]), T(0));
        sum = fusedMultiplyAdd(static_cast<T>((1 - down) * across), static_cast<T>(x[plane + top * columns.extent + right]), sum);
        sum = fusedMultiplyAdd(static_cast<T>(down * (1 - across)), static_cast<T>(x[plane + bottom * columns.extent + left]), sum);
        y[o] = fusedMultiplyAdd(static_cast<T>(down * across), static_cast<T>(x[plane + bottom * columns.extent + right]), sum);
    }
}

template <class T>
__global__ void resizeGradientKernel(ResizeAxis rows, ResizeAxis columns, unsigned n, Global<const T> g, Global<T> dx) {
    const unsigned inPlane = rows.extent * columns.extent;
    const bool nearest = rows.mode == NEAREST;
    for (unsigned e = blockIdx.x * blockDim.x + threadIdx.x; e < n; e += gridDim.x * blockDim.x) {
        const long long outPlane = static_cast<long long>(e / inPlane) * rows.outputs * columns.outputs;
        const int h = static_cast<int>(e % inPlane) / columns.extent;
        const int w = static_cast<int>(e % inPlane) % columns.extent;
        const int firstColumn = columns.firstFrom(nearest ? w : w - 1);
        T sum = 0;
        for (int i = rows.firstFrom(nearest ? h : h - 1); i < rows.outputs; i++) {
            const double v = rows.source(i);
            const int top = rows.low(v);
            if (top > h) {
                break;
            }
            const double down = v - top;
            for (int j = firstColumn; j < columns.outputs; j++) {
                const double c = columns.source(j);
                const int left = columns.low(c);
                if (left > w) {
                    break;
                }
                const T slope = g[outPlane + static_cast<long long>(i) * columns.outputs + j];
                if (nearest) {
                    sum = sum + slope;
                    continue;
                }
                const double across = c - left;
                const bool bottom = rows.high(top) == h;
                const bool right = columns.high(left) == w;
                if (top == h && left == w) {
                    sum = fusedMultiplyAdd(static_cast<T>((1 - down) * (1 - across)), slope, sum);
                }
                if (top == h && right) {
                    sum = fusedMultiplyAdd(static_cast<T>((1 - down) * across), slope, sum);
                }
                if (bottom && left == w) {
                    sum = fusedMultiplyAdd(static_cast<T>(down * (1 - across)), slope, sum);
                }
                if (bottom && right) {
                    sum = fusedMultiplyAdd(static_cast<T>(down * across), slope, sum);
                }
            }
        }
        dx[e] = sum;
    }
}

GRADUS_EXPORT int gradus_max_pool(void* stream, int type, const int* shape, const void* x, const void* u, void* y) {
    const Pooling s(shape);
    return s.outputs() == 0 ? 0 : withType(type, [&]<class T>(T) {
        return launch("max pool", maxPoolKernel<T>, walkingBlocks(s.outputs()), WALKERS, stream, s, static_cast<unsigned>(s.outputs()), as<T>(x), as<T>(u),
                      as<T>(y));
    });
}

GRADUS_EXPORT int gradus_max_pool_gradient(void* stream, int type, const int* shape, const void* g, const void* x, void* dx) {
    const Pooling s(shape);
    if (s.inputs() == 0) {
        return 0;
    }
    return withType(type, [&]<class T>(T) {
        if (s.tiles()) {
            return launch("max pool gradient", maxPoolTilesGradientKernel<T>, walkingBlocks(s.outputs()), WALKERS, stream, s,
                          static_cast<unsigned>(s.outputs()), as<T>(g), as<T>(x), as<T>(dx));
        }
        return launch("max pool gradient", maxPoolGradientKernel<T>, walkingBlocks(s.inputs()), WALKERS, stream, s, static_cast<unsigned>(s.inputs()),
                      as<T>(g), as<T>(x), as<T>(dx));
    });
}

GRADUS_EXPORT int gradus_average_pool(void* stream, int type, const int* shape, const void* x, void* y) {
    const Pooling s(shape);
    return s.outputs() == 0 ? 0 : withType(type, [&]<class T>(T) {
        return launch("average pool", averagePoolKernel<T>, walkingBlocks(s.outputs()), WALKERS, stream, s, static_cast<unsigned>(s.outputs()), as<T>(x),
                      as<T>(y));
    });
}

GRADUS_EXPORT int gradus_average_pool_gradient(void* stream, int type, const int* shape, const void* g, void* dx) {
    const Pooling s(shape);
    return s.inputs() == 0 ? 0 : withType(type, [&]<class T>(T) {
        return launch("average pool gradient", averagePoolGradientKernel<T>, walkingBlocks(s.inputs()), WALKERS, stream, s,
                      static_cast<unsigned>(s.inputs()), as<T>(g), as<T>(dx));
    });
}

GRADUS_EXPORT int gradus_resize(void* stream, int type, const int* shape, const void* x, void* y) {
    const ResizeAxis rows{shape[1], shape[3], shape[5]};
    const ResizeAxis columns{shape[2], shape[4], shape[5]};
    const long long n = static_cast<long long>(shape[0]) * rows.outputs * columns.outputs;
    return n == 0 ? 0 : withType(type, [&]<class T>(T) {
        return launch("resize", resizeKernel<T>, walkingBlocks(n), WALKERS, stream, rows, columns, static_cast<unsigned>(n), as<T>(x), as<T>(y));
    });
}

GRADUS_EXPORT int gradus_resize_gradient(void* stream, int type, const int* shape, const void* g, void* dx) {
    const ResizeAxis rows{shape[1], shape[3], shape[5]};
    const ResizeAxis columns{shape[2], shape[4], shape[5]};
    const long long n = static_cast<long long>(shape[0]) * rows.extent * columns.extent;
    return n == 0 ? 0 : withType(type, [&]<class T>(T) {
        return launch("resize gradient", resizeGradientKernel<T>, walkingBlocks(n), WALKERS, stream, rows, columns, static_cast<unsigned>(n), as<T>(g),
                      as<T>(dx));
    });
}

}  // namespace gradus
