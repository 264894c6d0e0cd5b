// Pooling and resampling of images [N, C, H, W], a thread an element; orders and ties as gradus.backend.Convolutions says.
#include "chains.cuh"
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
    bool tilesByFour() const { return tiles() && kernelHeight == 2 && kernelWidth == 2; }

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

/** Whether a later value takes the place of the largest so far. */
template <class T>
__device__ bool wins(T value, T most) {
    return value > most || (value != value && most == most);
}

template <class T>
struct Winner {
    int place;
    T value;
};

/** A window's winner and its place in its plane: the first NaN, else the first of the largest; −1 for a window of padding alone. */
template <class T>
__device__ Winner<T> winner(const Pooling& s, const Global<const T>& x, long long plane, int i, int j) {
    Winner<T> best = {-1, -T(infinity())};
    for (int k = 0; k < s.kernelHeight; k++) {
        for (int l = 0; l < s.kernelWidth; l++) {
            const int h = s.row(i, k);
            const int w = s.column(j, l);
            if (s.inside(h, w)) {
                const T value = x[plane + h * s.width + w];
                if (best.place < 0 || wins(value, best.value)) {
                    best = {h * s.width + w, value};
                }
            }
        }
    }
    return best;
}

/** The same for a window of 2 × 2 inside the image, whose places are all fetched before the first is compared. */
template <class T>
__device__ Winner<T> winnerOfFour(const Pooling& s, const Global<const T>& x, long long plane, int i, int j) {
    const int place = 2 * (i * s.width + j);
    const T value[] = {x[plane + place], x[plane + place + 1], x[plane + place + s.width], x[plane + place + s.width + 1]};
    Winner<T> best = {place, value[0]};
#pragma unroll
    for (int e = 1; e < 4; e++) {
        if (wins(value[e], best.value)) {
            best = {place + e / 2 * s.width + e % 2, value[e]};
        }
    }
    return best;
}

/** FOUR: windows of 2 × 2 that tile the image. */
template <class T, bool FOUR>
__device__ Winner<T> winnerOf(const Pooling& s, const Global<const T>& x, long long plane, int i, int j) {
    return FOUR ? winnerOfFour<T>(s, x, plane, i, j) : winner<T>(s, x, plane, i, j);
}

template <class T, bool FOUR>
__global__ void maxPoolKernel(const __grid_constant__ Pooling s, unsigned n, Global<const T> x, Global<const T> u, Global<T> y) {
    const unsigned outPlane = s.outHeight * s.outWidth;
    for (unsigned o = blockIdx.x * blockDim.x + threadIdx.x; o < n; o += gridDim.x * blockDim.x) {
        const long long plane = static_cast<long long>(o / outPlane) * s.height * s.width;
        const Winner<T> best = winnerOf<T, FOUR>(s, x, plane, o % outPlane / s.outWidth, o % s.outWidth);
        y[o] = !u ? best.value : best.place < 0 ? T(0) : static_cast<T>(u[plane + best.place]);
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
                if (winner<T>(s, x, plane, i, j).place == at) {
                    sum = sum + static_cast<T>(g[outPlane + i * s.outWidth + j]);
                }
            }
        }
        dx[e] = sum;
    }
}

/** Where the windows lie side by side and cover the image: a thread a window, which writes all its places. */
template <class T, bool FOUR>
__global__ void maxPoolTilesGradientKernel(const __grid_constant__ Pooling s, unsigned n, Global<const T> g, Global<const T> x, Global<T> dx) {
    const unsigned outPlane = s.outHeight * s.outWidth;
    for (unsigned o = blockIdx.x * blockDim.x + threadIdx.x; o < n; o += gridDim.x * blockDim.x) {
        const unsigned image = o / outPlane;
        const int at = static_cast<int>(o - image * outPlane);
        const int i = at / s.outWidth;
        const int j = at - i * s.outWidth;
        const long long plane = static_cast<long long>(image) * s.height * s.width;
        const T slope = T(0) + static_cast<T>(g[o]);
        const int best = winnerOf<T, FOUR>(s, x, plane, i, j).place;
        const int kernelHeight = FOUR ? 2 : s.kernelHeight;
        const int kernelWidth = FOUR ? 2 : s.kernelWidth;
        for (int k = 0; k < kernelHeight; k++) {
            for (int l = 0; l < kernelWidth; l++) {
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
    /** low(source(i)), for the nearest place without float64. */
    __device__ int lowOf(int i) const {
        if (mode != NEAREST) {
            return low(source(i));
        }
        const int at = static_cast<int>(floorf(static_cast<float>(i) * (static_cast<float>(extent) / static_cast<float>(outputs))));
        return at < extent - 1 ? at : extent - 1;
    }
    __device__ int high(int low) const { return low < extent - 1 ? low + 1 : extent - 1; }

    /** The first output place whose lower source is not below `at`; the lower sources ascend. Few steps from where it would lie without rounding. */
    __device__ int firstFrom(int at) const {
        int place = static_cast<int>(static_cast<float>(at) * (static_cast<float>(outputs) / static_cast<float>(extent)));
        place = place < 0 ? 0 : place < outputs ? place : outputs;
        while (place > 0 && lowOf(place - 1) >= at) {
            place--;
        }
        while (place < outputs && lowOf(place) < at) {
            place++;
        }
        return place;
    }
};

template <class T>
__global__ void resizeKernel(ResizeAxis rows, ResizeAxis columns, unsigned n, Global<const T> x, Global<T> y) {
    const unsigned outPlane = rows.outputs * columns.outputs;
    for (unsigned o = blockIdx.x * blockDim.x + threadIdx.x; o < n; o += gridDim.x * blockDim.x) {
        const long long plane = static_cast<long long>(o / outPlane) * rows.extent * columns.extent;
        const int i = static_cast<int>(o % outPlane / columns.outputs);
        const int j = static_cast<int>(o % columns.outputs);
        if (rows.mode == NEAREST) {
            y[o] = static_cast<T>(x[plane + rows.lowOf(i) * columns.extent + columns.lowOf(j)]);
            continue;
        }
        const double v = rows.source(i);
        const double h = columns.source(j);
        const int top = rows.low(v);
        const int left = columns.low(h);
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
    for (unsigned e = blockIdx.x * blockDim.x + threadIdx.x; e < n; e += gridDim.x * blockDim.x) {
        const long long outPlane = static_cast<long long>(e / inPlane) * rows.outputs * columns.outputs;
        const int h = static_cast<int>(e % inPlane) / columns.extent;
        const int w = static_cast<int>(e % inPlane) % columns.extent;
        T sum = 0;
        if (rows.mode == NEAREST) {
            const int firstColumn = columns.firstFrom(w);
            const int endColumn = columns.firstFrom(w + 1);
            const int endRow = rows.firstFrom(h + 1);
            for (int i = rows.firstFrom(h); i < endRow; i++) {
                inOrder<2>(
                    firstColumn, endColumn, 1, [&](unsigned j) { return static_cast<T>(g[outPlane + static_cast<long long>(i) * columns.outputs + j]); },
                    [&](T slope) { sum = sum + slope; });
            }
            dx[e] = sum;
            continue;
        }
        const int firstColumn = columns.firstFrom(w - 1);
        for (int i = rows.firstFrom(h - 1); i < rows.outputs; i++) {
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
        const auto kernel = s.tilesByFour() ? maxPoolKernel<T, true> : maxPoolKernel<T, false>;
        return launch("max pool", kernel, walkingBlocks(s.outputs()), WALKERS, stream, s, static_cast<unsigned>(s.outputs()), as<T>(x), as<T>(u), as<T>(y));
    });
}

GRADUS_EXPORT int gradus_max_pool_gradient(void* stream, int type, const int* shape, const void* g, const void* x, void* dx) {
    const Pooling s(shape);
    if (s.inputs() == 0) {
        return 0;
    }
    return withType(type, [&]<class T>(T) {
        if (s.tiles()) {
            const auto kernel = s.tilesByFour() ? maxPoolTilesGradientKernel<T, true> : maxPoolTilesGradientKernel<T, false>;
            return launch("max pool gradient", kernel, walkingBlocks(s.outputs()), WALKERS, stream, s, static_cast<unsigned>(s.outputs()), as<T>(g), as<T>(x),
                          as<T>(dx));
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
