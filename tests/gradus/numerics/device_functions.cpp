// Applies kernels/numerics.cuh, compiled for the CPU, to the floats on standard input: every function, then powers, then stream words.
#include <cstdio>
#include <vector>

#include "../../../kernels/numerics.cuh"

int main() {
    std::vector<float> x;
    float one;
    while (std::fread(&one, sizeof one, 1, stdin) == 1) x.push_back(one);
    std::vector<float> y(x.size());
    auto write = [&] { return std::fwrite(y.data(), sizeof(float), y.size(), stdout) == y.size(); };
    for (int f = gradus::EXP; f <= gradus::FLOOR; f++) {
        for (std::size_t i = 0; i < x.size(); i++) y[i] = gradus::apply(static_cast<gradus::Function>(f), x[i]);
        if (!write()) return 1;
    }
    for (int n : {-2147483647 - 1, -7, -1, 0, 2, 3, 10, 1001}) {
        for (std::size_t i = 0; i < x.size(); i++) y[i] = gradus::pow32(x[i], n);
        if (!write()) return 1;
    }
    for (std::size_t i = 0; i < x.size(); i++) {
        y[i] = __uint_as_float(gradus::streamWord(0x0123456789abcdefULL, 0xfedcba9876543210ULL, (1ULL << 40) + i));
    }
    return write() ? 0 : 1;
}
