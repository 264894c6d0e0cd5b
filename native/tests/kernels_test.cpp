// Every launcher once and more in the checked emulator, built with AddressSanitizer and UBSan: nothing may be reported, every element of a result must be
// set, and products, folds and convolutions must have the bits of plain loops. (Bit equality with Java's scalar backend over many shapes is tested from Java.)
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "../../kernels/launchers.h"
#include "../emulator/memory_interface.h"

namespace {

int failures = 0;
constexpr int FLOAT32 = 0;
constexpr int FLOAT64 = 1;

void require(bool held, const std::string& what) {
    if (!held) {
        failures++;
        std::printf("FAILED: %s\n", what.c_str());
    }
}

/** Device memory for n numbers, given back at the end. */
template <class T>
class Buffer {
public:
    explicit Buffer(long long n) : n(n), memory(gradus_emulator_allocate(n * static_cast<long long>(sizeof(T)))) {}
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer() { gradus_emulator_free(memory); }

    /** Numbers between −1 and 1 that depend on the seed alone. */
    Buffer& random(unsigned seed) {
        std::vector<T> values(n);
        unsigned state = seed * 2654435761u + 1;
        for (T& v : values) {
            state = state * 1664525u + 1013904223u;
            v = static_cast<T>(static_cast<int>(state) / 2147483648.0);
        }
        gradus_emulator_copy_in(memory, values.data(), n * static_cast<long long>(sizeof(T)));
        return *this;
    }

    std::vector<T> values() const {
        std::vector<T> values(n);
        gradus_emulator_copy_out(values.data(), memory, n * static_cast<long long>(sizeof(T)));
        return values;
    }

    operator void*() const { return memory; }

    const long long n;

private:
    void* memory;
};

template <class T>
void requireAllSet(const Buffer<T>& y, const std::string& what) {
    for (T v : y.values()) {
        if (std::isnan(v)) {
            require(false, what + " leaves elements unset");
            return;
        }
    }
}

template <class T>
void requireSame(const std::vector<T>& expected, const Buffer<T>& y, const std::string& what) {
    const std::vector<T> got = y.values();
    require(std::memcmp(expected.data(), got.data(), got.size() * sizeof(T)) == 0, what + " differs from plain loops");
}

void ran(int status, const std::string& what) { require(status == 0, what + ": " + (status == 0 ? "" : gradus_status(status))); }

template <class T>
T fusedMultiplyAdd(T a, T b, T c) {
    return std::fma(a, b, c);
}

template <class T>
void elementwise(int type) {
    const int walk1[] = {2, 37, 11, 13, 1};
    const int walk2[] = {2, 37, 11, 13, 1, 0, 2};
    const int walk3[] = {2, 37, 11, 13, 1, 0, 2, 1, 0};
    Buffer<T> a(37 * 13);
    Buffer<T> b(37 * 13);
    a.random(1);
    b.random(2);
    for (int f = 0; f < 19; f++) {
        Buffer<T> y(37 * 11);
        ran(gradus_map(nullptr, type, f, walk1, a, y), "map " + std::to_string(f));
    }
    for (int f = 0; f < 16; f++) {
        Buffer<T> y(37 * 11);
        ran(gradus_zip(nullptr, type, f, walk2, a, b, y), "zip " + std::to_string(f));
        requireAllSet(y, "zip");
        ran(gradus_zip_scalar(nullptr, type, f, walk1, a, 3, y), "zip with a scalar");
    }
    Buffer<T> y(37 * 11);
    ran(gradus_select(nullptr, type, walk3, a, b, a, y), "select");
    const int views[] = {2, 11, 37, 1, 13, 37, 1};
    ran(gradus_copy(nullptr, type, views, a, y), "copy");
    ran(gradus_fill(nullptr, type, views, 2.5, a), "fill");
}

/** Large and subnormal arguments, for which the reductions of sine and cosine and the exponents of powers take their rare ways. */
void rareArguments() {
    std::vector<double> x;
    for (int e = -1074; e < 1024; e += 3) {
        x.push_back(std::ldexp(1.2345678901234567, e));
        x.push_back(-std::ldexp(1.9, e));
    }
    x.insert(x.end(), {0.0, -0.0, HUGE_VAL, -HUGE_VAL, std::nan("")});
    const int n = static_cast<int>(x.size());
    Buffer<double> device(n);
    gradus_emulator_copy_in(device, x.data(), static_cast<long long>(n) * 8);
    const int walk[] = {1, n, 1};
    Buffer<double> y(n);
    for (int f = 0; f < 19; f++) {
        ran(gradus_map(nullptr, FLOAT64, f, walk, device, y), "map of rare arguments");
    }
    for (double power : {-2147483648.0, -3.0, 5.0, 1000.0, 2147483647.0, 1e300, -1e300, std::nan("")}) {
        ran(gradus_zip_scalar(nullptr, FLOAT64, 15, walk, device, power, y), "powers of rare arguments");
    }
    std::vector<float> narrow(x.begin(), x.end());
    Buffer<float> floats(n);
    gradus_emulator_copy_in(floats, narrow.data(), static_cast<long long>(n) * 4);
    Buffer<float> z(n);
    for (int f = 0; f < 19; f++) {
        ran(gradus_map(nullptr, FLOAT32, f, walk, floats, z), "map of rare float32 arguments");
    }
    for (double power : {-2147483648.0, -3.0, 5.0, 1000.0, 2147483647.0}) {
        ran(gradus_zip_scalar(nullptr, FLOAT32, 15, walk, floats, power, z), "powers of rare float32 arguments");
    }
}

/** Σ of terms in the contract's order: chunks of 4096, in each 16 lanes folded pairwise, chunks added in order. */
template <class T>
T chunked(int n, const std::function<void(T& lane, int i)>& add) {
    T total = 0;
    for (int first = 0; first < n; first += 4096) {
        T lanes[16] = {};
        for (int i = first; i < n && i < first + 4096; i++) {
            add(lanes[(i - first) % 16], i);
        }
        for (int half = 8; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                lanes[l] += lanes[l + half];
            }
        }
        total += lanes[0];
    }
    return total;
}

template <class T>
void reductions(int type) {
    for (int terms : {0, 1, 17, 4096, 4097}) {
        Buffer<T> x(3 * terms + 1);
        x.random(3);
        const std::vector<T> t = x.values();
        std::vector<T> expected;
        for (int o = 0; o < 3; o++) {
            expected.push_back(chunked<T>(terms, [&](T& lane, int i) { lane += t[i * 3 + o]; }));
        }
        const int kept[] = {1, 3, 1};
        const int folded[] = {1, terms, 3};
        Buffer<T> partial(6);
        Buffer<T> y(3);
        ran(gradus_reduce(nullptr, type, 0, kept, folded, x, partial, y), "sum");
        requireSame(expected, y, "sum of " + std::to_string(terms));
        for (int r = 1; r < 4; r++) {
            ran(gradus_reduce(nullptr, type, r, kept, folded, x, partial, y), "fold");
            requireAllSet(y, "fold");
        }
    }
}

template <class T>
void products(int type) {
    for (auto [m, n, k] : {std::tuple{126, 127, 17}, std::tuple{128, 124, 20}, std::tuple{190, 123, 33}, std::tuple{192, 128, 32}, std::tuple{66, 65, 33}, std::tuple{64, 64, 32},
                           std::tuple{31, 30, 67}, std::tuple{32, 28, 132}, std::tuple{5, 7, 131}, std::tuple{16, 12, 260}, std::tuple{3, 2, 0}}) {
        Buffer<T> a(static_cast<long long>(m) * k + 1);
        Buffer<T> b(static_cast<long long>(k) * n + 1);
        Buffer<T> bias(n);
        Buffer<T> c(static_cast<long long>(m) * n);
        a.random(4);
        b.random(5);
        bias.random(6);
        const std::vector<T> x = a.values(), y = b.values(), start = bias.values();
        for (int orientation = 0; orientation < 4; orientation++) {
            const bool at = orientation & 1, bt = orientation & 2;
            const int strides[] = {at ? 1 : k, at ? m : 1, bt ? 1 : n, bt ? k : 1, 1};
            std::vector<T> expected;
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    T sum = start[j];
                    for (int p = 0; p < k; p++) {
                        sum = fusedMultiplyAdd(x[i * strides[0] + p * strides[1]], y[p * strides[2] + j * strides[3]], sum);
                    }
                    expected.push_back(sum);
                }
            }
            const int one[] = {1, 1, 0, 0};
            ran(gradus_matmul(nullptr, type, m, n, k, strides, one, a, b, bias, -1, c), "matmul");
            requireSame(expected, c, "matmul " + std::to_string(m) + "×" + std::to_string(n) + "×" + std::to_string(k));
            ran(gradus_matmul(nullptr, type, m, n, k, strides, one, a, b, nullptr, 5, c), "matmul with sigmoid");
            requireAllSet(c, "matmul with sigmoid");
        }
    }
}

template <class T>
void convolutions(int type) {
    const int N = 19, C = 6, H = 7, W = 5, F = 10, OH = 4, OW = 3, G = 2, K = 3;
    const int shape[] = {N, C, H, W, F, OH, OW, G, K, K, 2, 2, 1, 1, 1, 1};
    Buffer<T> x(N * C * H * W), w(F * (C / G) * K * K), y(N * F * OH * OW), bias(F), dx(N * C * H * W), dw(F * (C / G) * K * K), room(32 * F * (C / G) * K * K);
    x.random(7);
    w.random(8);
    bias.random(9);
    ran(gradus_conv_forward(nullptr, type, shape, x, w, bias, 0, 0, y), "conv forward");
    Buffer<T> mean(C), sums(C);
    mean.random(10);
    const std::vector<T> in = x.values(), weight = w.values(), start = bias.values();
    std::vector<T> expected;
    for (int n = 0; n < N; n++) {
        for (int f = 0; f < F; f++) {
            for (int i = 0; i < OH; i++) {
                for (int j = 0; j < OW; j++) {
                    T sum = start[f];
                    for (int t = 0; t < C / G * K * K; t++) {
                        const int c = f / (F / G) * (C / G) + t / K / K, h = 2 * i - 1 + t / K % K, v = 2 * j - 1 + t % K;
                        if (h >= 0 && h < H && v >= 0 && v < W) {
                            sum = fusedMultiplyAdd(in[((n * C + c) * H + h) * W + v], weight[f * (C / G) * K * K + t], sum);
                        }
                    }
                    expected.push_back(sum);
                }
            }
        }
    }
    requireSame(expected, y, "conv forward");
    for (int phi = 0; phi < 5; phi++) {
        ran(gradus_conv_forward(nullptr, type, shape, x, w, nullptr, phi, 0.1, y), "conv forward with an epilogue");
        ran(gradus_conv_input(nullptr, type, shape, y, w, nullptr, phi, 0.1, dx), "conv by input");
        ran(gradus_phi_gradient(nullptr, type, static_cast<int>(x.n), phi, 0.1, x, dx, dx), "epilogue gradient in place");
    }
    requireAllSet(dx, "conv by input");
    ran(gradus_conv_weight(nullptr, type, shape, y, x, room, room.n, dw), "conv by weight");
    requireAllSet(dw, "conv by weight");

    Buffer<T> columns(N * C * K * K * OH * OW);
    ran(gradus_columns(nullptr, type, shape, 0, N, C * K * K * OH * OW, OH * OW, x, columns), "columns by sample");
    requireAllSet(columns, "columns by sample");
    ran(gradus_fold_columns(nullptr, type, shape, 0, N, columns, mean, 3, 0, dx), "fold of columns");
    requireAllSet(dx, "fold of columns");
    ran(gradus_columns(nullptr, type, shape, 4, N - 4, OH * OW, (N - 4) * OH * OW, x, columns), "columns by tap");

    const int pool[] = {N, C, H, W, 4, 3, 2, 2, 2, 2, 1, 1, 1, 0, 1, 0, 1};
    Buffer<T> pooled(N * C * 4 * 3);
    ran(gradus_max_pool(nullptr, type, pool, x, nullptr, pooled), "max pool");
    ran(gradus_max_pool_gradient(nullptr, type, pool, pooled, x, dx), "max pool gradient");
    ran(gradus_max_pool(nullptr, type, pool, x, x, pooled), "max pool pick");
    ran(gradus_average_pool(nullptr, type, pool, x, pooled), "average pool");
    ran(gradus_average_pool_gradient(nullptr, type, pool, pooled, dx), "average pool gradient");
    requireAllSet(dx, "average pool gradient");
    for (int mode = 0; mode < 3; mode++) {
        const int resize[] = {N * C, H, W, 11, 4, mode};
        Buffer<T> resized(N * C * 11 * 4);
        ran(gradus_resize(nullptr, type, resize, x, resized), "resize");
        ran(gradus_resize_gradient(nullptr, type, resize, resized, dx), "resize gradient");
        requireAllSet(dx, "resize gradient");
    }

    for (int kind = 0; kind < 3; kind++) {
        ran(gradus_channel_sums(nullptr, type, kind, N, C, H * W, x, x, mean, room, room.n, sums), "channel sums");
        requireAllSet(sums, "channel sums");
    }
    ran(gradus_normalize(nullptr, type, static_cast<int>(x.n), C, H * W, x, mean, mean, mean, 3, 0, dx), "normalize");
    ran(gradus_normalize_gradient(nullptr, type, static_cast<int>(x.n), C, H * W, x, x, mean, mean, mean, mean, dx), "normalize gradient");
    requireAllSet(dx, "normalize gradient");
}

template <class T>
void draws(int type) {
    Buffer<T> y(1001);
    ran(gradus_bernoulli(nullptr, type, 1001, 3, 4, 5, 1LL << 31, 1, 0, y), "bernoulli");
    requireAllSet(y, "bernoulli");
    ran(gradus_uniform(nullptr, type, 1001, 3, 4, 5, -1, 2, 0.99, y), "uniform");
    requireAllSet(y, "uniform");
    ran(gradus_normal(nullptr, type, 1001, 3, 4, 5, 0, 1, y), "normal");
    requireAllSet(y, "normal");
}

constexpr int EXP = 0;
constexpr int LOG = 2;
constexpr int LOG1P = 3;

/** A function of each number, as the map kernel computes it. */
template <class T>
std::vector<T> mapped(int type, int function, const std::vector<T>& x) {
    const int n = static_cast<int>(x.size());
    const int walk[] = {1, n, 1};
    Buffer<T> in(n), out(n);
    gradus_emulator_copy_in(in, x.data(), n * static_cast<long long>(sizeof(T)));
    ran(gradus_map(nullptr, type, function, walk, in, out), "map");
    return out.values();
}

template <class T>
void softmax(int type, int rows, int width) {
    const int n = rows * width;
    Buffer<T> x(n), y(n);
    x.random(13);
    const std::vector<T> in = x.values();
    std::vector<T> shifted(n), sums;
    for (int i = 0; i < n; i++) {
        const T* row = in.data() + i / width * width;
        shifted[i] = in[i] - *std::max_element(row, row + width);
    }
    const std::vector<T> e = mapped(type, EXP, shifted);
    for (int r = 0; r < rows; r++) {
        sums.push_back(chunked<T>(width, [&](T& lane, int i) { lane += e[r * width + i]; }));
    }
    const std::vector<T> logs = mapped(type, LOG, sums);
    std::vector<T> share(n), logarithm(n);
    for (int i = 0; i < n; i++) {
        share[i] = e[i] / sums[i / width];
        logarithm[i] = shifted[i] - logs[i / width];
    }
    const std::string size = std::to_string(rows) + "×" + std::to_string(width);
    ran(gradus_fused(nullptr, type, 0, rows, width, x, nullptr, nullptr, y), "softmax");
    requireSame(share, y, "softmax of " + size);
    ran(gradus_fused(nullptr, type, 1, rows, width, x, nullptr, nullptr, y), "log-softmax");
    requireSame(logarithm, y, "log-softmax of " + size);
}

template <class T>
void losses(int type, int rows, int width) {
    const int n = rows * width;
    Buffer<T> x(n), target(n), partial(n / 4096 + 1), mean(1);
    target.random(14);
    x.random(13);
    std::vector<T> p = x.values(), negated(n);
    for (int i = 0; i < n; i++) {
        p[i] = (p[i] + 1) / 2;
        negated[i] = -p[i];
    }
    gradus_emulator_copy_in(x, p.data(), n * static_cast<long long>(sizeof(T)));
    const std::vector<T> t = target.values(), yes = mapped(type, LOG, p), no = mapped(type, LOG1P, negated);
    const T squares = chunked<T>(n, [&](T& lane, int i) { lane = fusedMultiplyAdd(p[i] - t[i], p[i] - t[i], lane); });
    const T entropy = chunked<T>(n, [&](T& lane, int i) { lane += (t[i] - 1) * no[i] - t[i] * yes[i]; });
    const std::string size = std::to_string(rows) + "×" + std::to_string(width);
    ran(gradus_fused(nullptr, type, 2, rows, width, x, target, partial, mean), "mean squared error");
    requireSame({squares / static_cast<T>(n)}, mean, "mean squared error of " + size);
    ran(gradus_fused(nullptr, type, 3, rows, width, x, target, partial, mean), "binary cross-entropy");
    requireSame({entropy / static_cast<T>(n)}, mean, "binary cross-entropy of " + size);
}

/** Rows and chunks that fill their groups of 16 threads in part, and the widest row there is. */
template <class T>
void fusions(int type) {
    for (auto [rows, width] : {std::pair{37, 10}, std::pair{1, 1}, std::pair{16, 16}, std::pair{3, 4096}, std::pair{17, 4095}}) {
        softmax<T>(type, rows, width);
        losses<T>(type, rows, width);
    }
}

void nearestCenters() {
    Buffer<float> rows(21 * 37);
    Buffer<double> centers(19 * 37), labels(21);
    rows.random(11);
    centers.random(12);
    ran(gradus_nearest_centers(nullptr, 21, 19, 37, rows, centers, labels), "nearest centres");
    requireAllSet(labels, "nearest centres");
}

}  // namespace

int main() {
    elementwise<float>(FLOAT32);
    elementwise<double>(FLOAT64);
    rareArguments();
    reductions<float>(FLOAT32);
    reductions<double>(FLOAT64);
    products<float>(FLOAT32);
    products<double>(FLOAT64);
    convolutions<float>(FLOAT32);
    convolutions<double>(FLOAT64);
    draws<float>(FLOAT32);
    draws<double>(FLOAT64);
    fusions<float>(FLOAT32);
    fusions<double>(FLOAT64);
    nearestCenters();
    require(gradus_emulator_free_memory() == gradus_emulator_total_memory(), "all device memory came back");
    std::printf(failures == 0 ? "kernels: all well\n" : "kernels: %d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
