// A libcublas.so.13 that multiplies on the CPU, column by column, and writes down each call: what the forwarder passes on can be read and its numbers checked.
#include <cstdio>
#include <cstdlib>

#define CUBLAS extern "C" __attribute__((visibility("default"))) int

namespace {

int handle;

template <class T>
void multiply(const char* name, int ta, int tb, int m, int n, int k, const T* alpha, const T* a, int lda, long long sa, const T* b, int ldb, long long sb,
              const T* beta, T* c, int ldc, long long sc, int batches) {
    if (FILE* log = std::fopen(std::getenv("STAND_IN_CUBLAS"), "a")) {
        std::fprintf(log, "%s %d %d m=%d n=%d k=%d alpha=%g lda=%d sa=%lld ldb=%d sb=%lld beta=%g ldc=%d sc=%lld batches=%d\n", name, ta, tb, m, n, k,
                     static_cast<double>(*alpha), lda, sa, ldb, sb, static_cast<double>(*beta), ldc, sc, batches);
        std::fclose(log);
    }
    for (int batch = 0; batch < batches; batch++) {
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < m; i++) {
                T sum = 0;
                for (int p = 0; p < k; p++) {
                    sum += a[batch * sa + (ta ? p + static_cast<long long>(i) * lda : i + static_cast<long long>(p) * lda)]
                            * b[batch * sb + (tb ? j + static_cast<long long>(p) * ldb : p + static_cast<long long>(j) * ldb)];
                }
                T& place = c[batch * sc + i + static_cast<long long>(j) * ldc];
                place = *alpha * sum + (*beta == 0 ? 0 : *beta * place);
            }
        }
    }
}

}  // namespace

CUBLAS cublasCreate_v2(void** created) { return *created = &handle, 0; }
CUBLAS cublasDestroy_v2(void* given) { return given == &handle ? 0 : 7; }
CUBLAS cublasSetStream_v2(void* given, void*) { return given == &handle ? 0 : 7; }
CUBLAS cublasSetMathMode(void* given, int) { return given == &handle ? 0 : 7; }
CUBLAS cublasGetVersion_v2(void*, int* version) { return *version = 130000, 0; }
CUBLAS cublasSgemmStridedBatched(void*, int ta, int tb, int m, int n, int k, const float* alpha, const float* a, int lda, long long sa, const float* b, int ldb,
                                 long long sb, const float* beta, float* c, int ldc, long long sc, int batches) {
    return multiply("sgemm", ta, tb, m, n, k, alpha, a, lda, sa, b, ldb, sb, beta, c, ldc, sc, batches), 0;
}
CUBLAS cublasDgemmStridedBatched(void*, int ta, int tb, int m, int n, int k, const double* alpha, const double* a, int lda, long long sa, const double* b,
                                 int ldb, long long sb, const double* beta, double* c, int ldc, long long sc, int batches) {
    return multiply("dgemm", ta, tb, m, n, k, alpha, a, lda, sa, b, ldb, sb, beta, c, ldc, sc, batches), 0;
}
