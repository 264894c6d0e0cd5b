// JCublas2 12.6 asks for libcublas.so.12. Where only CUDA 13 is installed, this library takes that name and version tag and passes the calls that Gradus makes
// on to libcublas.so.13, whose functions of these names have the same arguments. It defines nothing else: another call of JCublas2 ends in the loader's error.
#include <dlfcn.h>

namespace {

constexpr int NOT_INITIALIZED = 1;

void* entry(const char* name) {
    static void* const cublas = dlopen("libcublas.so.13", RTLD_NOW | RTLD_LOCAL);
    return cublas ? dlsym(cublas, name) : nullptr;
}

}  // namespace

#define FORWARD(name, parameters, arguments)                                                        \
    extern "C" __attribute__((visibility("default"))) int name parameters {                         \
        static const auto next = reinterpret_cast<int(*) parameters>(entry(#name));                 \
        return next ? next arguments : NOT_INITIALIZED;                                             \
    }

FORWARD(cublasCreate_v2, (void** handle), (handle))
FORWARD(cublasDestroy_v2, (void* handle), (handle))
FORWARD(cublasSetStream_v2, (void* handle, void* stream), (handle, stream))
FORWARD(cublasSetMathMode, (void* handle, int mode), (handle, mode))
FORWARD(cublasGetVersion_v2, (void* handle, int* version), (handle, version))
FORWARD(cublasSgemmStridedBatched,
        (void* handle, int ta, int tb, int m, int n, int k, const float* alpha, const float* a, int lda, long long sa, const float* b, int ldb, long long sb,
         const float* beta, float* c, int ldc, long long sc, int batches),
        (handle, ta, tb, m, n, k, alpha, a, lda, sa, b, ldb, sb, beta, c, ldc, sc, batches))
FORWARD(cublasDgemmStridedBatched,
        (void* handle, int ta, int tb, int m, int n, int k, const double* alpha, const double* a, int lda, long long sa, const double* b, int ldb, long long sb,
         const double* beta, double* c, int ldc, long long sc, int batches),
        (handle, ta, tb, m, n, k, alpha, a, lda, sa, b, ldb, sb, beta, c, ldc, sc, batches))
