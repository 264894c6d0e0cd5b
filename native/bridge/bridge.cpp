// The bridge between gradus.backend.cuda.Bridge and a library of kernels (launchers.h): it turns Java's arguments into C's and calls. It decides
// nothing, and holds no Java array while a kernel is launched.
#include <dlfcn.h>
#include <jni.h>

#include <algorithm>
#include <string>
#include <vector>

#include "../../kernels/launchers.h"
#include "../emulator/memory_interface.h"

namespace {

/** The functions of one loaded library. */
struct Library {
    void* handle = nullptr;
#define FUNCTION(name) decltype(&::name) name = nullptr;
#include "functions.inc"
#undef FUNCTION
};

std::string open(Library& library, const char* path) {
    library.handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library.handle) {
        return dlerror();
    }
    library.gradus_interface = reinterpret_cast<decltype(&::gradus_interface)>(dlsym(library.handle, "gradus_interface"));
    const int version = library.gradus_interface ? library.gradus_interface() : 0;
    if (version != GRADUS_INTERFACE) {
        return std::string(path) + " has interface version " + std::to_string(version) + ", wanted " + std::to_string(GRADUS_INTERFACE)
                + "; native/build.sh builds the native libraries anew";
    }
#define OPTIONAL(name) library.name = reinterpret_cast<decltype(library.name)>(dlsym(library.handle, #name));
#define FUNCTION(name)                                                       \
    OPTIONAL(name)                                                           \
    if (!library.name && std::string(#name).find("gradus_emulator_") != 0) { \
        return std::string(path) + " lacks " #name "; native/build.sh builds the native libraries anew";                          \
    }
#include "functions.inc"
#undef FUNCTION
#undef OPTIONAL
    return "";
}

Library& at(jlong library) { return *reinterpret_cast<Library*>(library); }
void* pointer(jlong address) { return reinterpret_cast<void*>(address); }

/** A copy of a small int array: a walk or a shape. */
class Ints {
public:
    Ints(JNIEnv* env, jintArray array) { env->GetIntArrayRegion(array, 0, std::min(env->GetArrayLength(array), MOST), values); }
    operator const int*() const { return values; }

private:
    static constexpr jint MOST = 64;
    jint values[MOST] = {};
};

}  // namespace

#define NATIVE(result, name) extern "C" JNIEXPORT result JNICALL Java_gradus_backend_cuda_Bridge_##name

NATIVE(jint, builtInterface)(JNIEnv*, jclass) { return GRADUS_INTERFACE; }

NATIVE(jlong, open)(JNIEnv* env, jclass, jstring path) {
    const char* text = env->GetStringUTFChars(path, nullptr);
    auto* library = new Library;
    const std::string problem = open(*library, text);
    env->ReleaseStringUTFChars(path, text);
    if (!problem.empty()) {
        if (library->handle) {
            dlclose(library->handle);
        }
        delete library;
        env->ThrowNew(env->FindClass("java/lang/UnsatisfiedLinkError"), problem.c_str());
        return 0;
    }
    return reinterpret_cast<jlong>(library);
}

NATIVE(jstring, status)(JNIEnv* env, jclass, jlong l, jint status) { return env->NewStringUTF(at(l).gradus_status(status)); }
NATIVE(jint, toolkit)(JNIEnv*, jclass, jlong l) { return at(l).gradus_toolkit(); }
NATIVE(jint, ready)(JNIEnv*, jclass, jlong l, jlong stream) { return at(l).gradus_ready(pointer(stream)); }
NATIVE(jstring, built)(JNIEnv* env, jclass, jlong l) { return env->NewStringUTF(at(l).gradus_built()); }

NATIVE(jstring, load)(JNIEnv* env, jclass, jstring name) {
    const char* text = env->GetStringUTFChars(name, nullptr);
    // Global and never closed: what is loaded later finds it by its SONAME.
    void* handle = dlopen(text, RTLD_LAZY | RTLD_GLOBAL);
    const char* problem = handle ? nullptr : dlerror();
    env->ReleaseStringUTFChars(name, text);
    return problem ? env->NewStringUTF(problem) : nullptr;
}

// ------------------------------------------------------------------------------------------------------- memory of the emulator

NATIVE(jlong, allocate)(JNIEnv*, jclass, jlong l, jlong bytes) { return reinterpret_cast<jlong>(at(l).gradus_emulator_allocate(bytes)); }
NATIVE(jboolean, free)(JNIEnv*, jclass, jlong l, jlong address) { return at(l).gradus_emulator_free(pointer(address)) != 0; }
NATIVE(jlong, freeMemory)(JNIEnv*, jclass, jlong l) { return at(l).gradus_emulator_free_memory(); }
NATIVE(jlong, totalMemory)(JNIEnv*, jclass, jlong l) { return at(l).gradus_emulator_total_memory(); }
NATIVE(void, configure)(JNIEnv*, jclass, jlong l, jlong bytes, jint processors) { at(l).gradus_emulator_configure(bytes, processors); }

namespace {

/** Copies between a Java array and device memory. Nothing but the copy happens while the array is held. */
template <class Copy>
jboolean withArray(JNIEnv* env, jarray array, jint offset, jint width, jint mode, Copy copy) {
    void* values = env->GetPrimitiveArrayCritical(array, nullptr);
    const bool done = values && copy(static_cast<char*>(values) + static_cast<jlong>(offset) * width);
    env->ReleasePrimitiveArrayCritical(array, values, mode);
    return done;
}

}  // namespace

NATIVE(jboolean, copyIn)(JNIEnv* env, jclass, jlong l, jlong address, jarray array, jint offset, jint length, jint width) {
    return withArray(env, array, offset, width, JNI_ABORT, [&](char* values) {
        return at(l).gradus_emulator_copy_in(pointer(address), values, static_cast<long long>(length) * width) != 0;
    });
}
NATIVE(jboolean, copyOut)(JNIEnv* env, jclass, jlong l, jlong address, jarray array, jint offset, jint length, jint width) {
    return withArray(env, array, offset, width, 0, [&](char* values) {
        return at(l).gradus_emulator_copy_out(values, pointer(address), static_cast<long long>(length) * width) != 0;
    });
}

// ------------------------------------------------------------------------------------------------------------------------ kernels

NATIVE(jint, map)(JNIEnv* env, jclass, jlong l, jlong stream, jint type, jint function, jintArray walk, jlong x, jlong y) {
    return at(l).gradus_map(pointer(stream), type, function, Ints(env, walk), pointer(x), pointer(y));
}
NATIVE(jint, zip)(JNIEnv* env, jclass, jlong l, jlong stream, jint type, jint zip, jintArray walk, jlong a, jlong b, jlong y) {
    return at(l).gradus_zip(pointer(stream), type, zip, Ints(env, walk), pointer(a), pointer(b), pointer(y));
}
NATIVE(jint, zipScalar)(JNIEnv* env, jclass, jlong l, jlong stream, jint type, jint zip, jintArray walk, jlong a, jdouble b, jlong y) {
    return at(l).gradus_zip_scalar(pointer(stream), type, zip, Ints(env, walk), pointer(a), b, pointer(y));
}
NATIVE(jint, select)(JNIEnv* env, jclass, jlong l, jlong stream, jint type, jintArray walk, jlong mask, jlong a, jlong b, jlong y) {
    return at(l).gradus_select(pointer(stream), type, Ints(env, walk), pointer(mask), pointer(a), pointer(b), pointer(y));
}
NATIVE(jint, copy)(JNIEnv* env, jclass, jlong l, jlong stream, jint type, jintArray walk, jlong x, jlong y) {
    return at(l).gradus_copy(pointer(stream), type, Ints(env, walk), pointer(x), pointer(y));
}
NATIVE(jint, fill)(JNIEnv* env, jclass, jlong l, jlong stream, jint type, jintArray walk, jdouble value, jlong y) {
    return at(l).gradus_fill(pointer(stream), type, Ints(env, walk), value, pointer(y));
}
NATIVE(jint, reduce)(JNIEnv* env, jclass, jlong l, jlong stream, jint type, jint reduction, jintArray kept, jintArray folded, jlong x, jlong partial, jlong y) {
    return at(l).gradus_reduce(pointer(stream), type, reduction, Ints(env, kept), Ints(env, folded), pointer(x), pointer(partial), pointer(y));
}
NATIVE(jint, matmul)(JNIEnv* env, jclass, jlong l, jlong stream, jint type, jint m, jint n, jint k, jintArray strides, jintArray batches, jlong a, jlong b,
                     jlong bias, jint function, jlong c) {
    return at(l).gradus_matmul(pointer(stream), type, m, n, k, Ints(env, strides), Ints(env, batches), pointer(a), pointer(b), pointer(bias), function,
                               pointer(c));
}
NATIVE(jint, convForward)(JNIEnv* env, jclass, jlong l, jlong stream, jint type, jintArray shape, jlong x, jlong weight, jlong bias, jint phi, jdouble slope,
                          jlong y) {
    return at(l).gradus_conv_forward(pointer(stream), type, Ints(env, shape), pointer(x), pointer(weight), pointer(bias), phi, slope, pointer(y));
}
NATIVE(jint, convInput)(JNIEnv* env, jclass, jlong l, jlong stream, jint type, jintArray shape, jlong y, jlong weight, jlong bias, jint phi, jdouble slope,
                        jlong x) {
    return at(l).gradus_conv_input(pointer(stream), type, Ints(env, shape), pointer(y), pointer(weight), pointer(bias), phi, slope, pointer(x));
}
NATIVE(jint, convWeight)(JNIEnv* env, jclass, jlong l, jlong stream, jint type, jintArray shape, jlong y, jlong x, jlong partial, jlong room, jlong weight) {
    return at(l).gradus_conv_weight(pointer(stream), type, Ints(env, shape), pointer(y), pointer(x), pointer(partial), room, pointer(weight));
}
NATIVE(jint, columns)(JNIEnv* env, jclass, jlong l, jlong stream, jint type, jintArray shape, jint first, jint samples, jlong sampleStep, jlong tapStep, jlong x,
                      jlong columns) {
    return at(l).gradus_columns(pointer(stream), type, Ints(env, shape), first, samples, sampleStep, tapStep, pointer(x), pointer(columns));
}
NATIVE(jint, foldColumns)(JNIEnv* env, jclass, jlong l, jlong stream, jint type, jintArray shape, jint first, jint samples, jlong columns, jlong bias, jint phi,
                          jdouble slope, jlong x) {
    return at(l).gradus_fold_columns(pointer(stream), type, Ints(env, shape), first, samples, pointer(columns), pointer(bias), phi, slope, pointer(x));
}
NATIVE(jint, maxPool)(JNIEnv* env, jclass, jlong l, jlong stream, jint type, jintArray shape, jlong x, jlong u, jlong y) {
    return at(l).gradus_max_pool(pointer(stream), type, Ints(env, shape), pointer(x), pointer(u), pointer(y));
}
NATIVE(jint, maxPoolGradient)(JNIEnv* env, jclass, jlong l, jlong stream, jint type, jintArray shape, jlong g, jlong x, jlong dx) {
    return at(l).gradus_max_pool_gradient(pointer(stream), type, Ints(env, shape), pointer(g), pointer(x), pointer(dx));
}
NATIVE(jint, averagePool)(JNIEnv* env, jclass, jlong l, jlong stream, jint type, jintArray shape, jlong x, jlong y) {
    return at(l).gradus_average_pool(pointer(stream), type, Ints(env, shape), pointer(x), pointer(y));
}
NATIVE(jint, averagePoolGradient)(JNIEnv* env, jclass, jlong l, jlong stream, jint type, jintArray shape, jlong g, jlong dx) {
    return at(l).gradus_average_pool_gradient(pointer(stream), type, Ints(env, shape), pointer(g), pointer(dx));
}
NATIVE(jint, resize)(JNIEnv* env, jclass, jlong l, jlong stream, jint type, jintArray shape, jlong x, jlong y) {
    return at(l).gradus_resize(pointer(stream), type, Ints(env, shape), pointer(x), pointer(y));
}
NATIVE(jint, resizeGradient)(JNIEnv* env, jclass, jlong l, jlong stream, jint type, jintArray shape, jlong g, jlong dx) {
    return at(l).gradus_resize_gradient(pointer(stream), type, Ints(env, shape), pointer(g), pointer(dx));
}
NATIVE(jint, channelSums)(JNIEnv*, jclass, jlong l, jlong stream, jint type, jint kind, jint samples, jint channels, jint places, jlong g, jlong x, jlong mean,
                          jlong partial, jlong room, jlong y) {
    return at(l).gradus_channel_sums(pointer(stream), type, kind, samples, channels, places, pointer(g), pointer(x), pointer(mean), pointer(partial), room,
                                     pointer(y));
}
NATIVE(jint, normalize)(JNIEnv*, jclass, jlong l, jlong stream, jint type, jint n, jint channels, jint places, jlong x, jlong mean, jlong scale, jlong shift,
                        jint phi, jdouble slope, jlong y) {
    return at(l).gradus_normalize(pointer(stream), type, n, channels, places, pointer(x), pointer(mean), pointer(scale), pointer(shift), phi, slope,
                                  pointer(y));
}
NATIVE(jint, normalizeGradient)(JNIEnv*, jclass, jlong l, jlong stream, jint type, jint n, jint channels, jint places, jlong g, jlong x, jlong mean,
                                jlong offset, jlong slope, jlong scale, jlong dx) {
    return at(l).gradus_normalize_gradient(pointer(stream), type, n, channels, places, pointer(g), pointer(x), pointer(mean), pointer(offset), pointer(slope),
                                           pointer(scale), pointer(dx));
}
NATIVE(jint, phiGradient)(JNIEnv*, jclass, jlong l, jlong stream, jint type, jint n, jint phi, jdouble slope, jlong g, jlong y, jlong dx) {
    return at(l).gradus_phi_gradient(pointer(stream), type, n, phi, slope, pointer(g), pointer(y), pointer(dx));
}
NATIVE(jint, evaluate)(JNIEnv* env, jclass, jlong l, jlong stream, jint type, jintArray formula, jdoubleArray scalars, jintArray lengths, jlongArray addresses) {
    std::vector<jint> steps(env->GetArrayLength(formula));
    std::vector<jdouble> numbers(env->GetArrayLength(scalars));
    std::vector<jint> segments(env->GetArrayLength(lengths));
    std::vector<jlong> places(env->GetArrayLength(addresses));
    env->GetIntArrayRegion(formula, 0, static_cast<jsize>(steps.size()), steps.data());
    env->GetDoubleArrayRegion(scalars, 0, static_cast<jsize>(numbers.size()), numbers.data());
    env->GetIntArrayRegion(lengths, 0, static_cast<jsize>(segments.size()), segments.data());
    env->GetLongArrayRegion(addresses, 0, static_cast<jsize>(places.size()), places.data());
    const std::vector<long long> addressesOfC(places.begin(), places.end());
    return at(l).gradus_evaluate(pointer(stream), type, steps.data(), numbers.data(), static_cast<int>(segments.size()), segments.data(), addressesOfC.data());
}
NATIVE(jint, fused)(JNIEnv*, jclass, jlong l, jlong stream, jint type, jint fusion, jint rows, jint width, jlong x, jlong target, jlong partial, jlong y) {
    return at(l).gradus_fused(pointer(stream), type, fusion, rows, width, pointer(x), pointer(target), pointer(partial), pointer(y));
}
NATIVE(jint, bernoulli)(JNIEnv*, jclass, jlong l, jlong stream, jint type, jint n, jlong position, jlong name, jlong seed, jlong threshold, jdouble yes, jdouble no,
                        jlong y) {
    return at(l).gradus_bernoulli(pointer(stream), type, n, position, name, seed, threshold, yes, no, pointer(y));
}
NATIVE(jint, uniform)(JNIEnv*, jclass, jlong l, jlong stream, jint type, jint n, jlong position, jlong name, jlong seed, jdouble low, jdouble width, jdouble last,
                      jlong y) {
    return at(l).gradus_uniform(pointer(stream), type, n, position, name, seed, low, width, last, pointer(y));
}
NATIVE(jint, normal)(JNIEnv*, jclass, jlong l, jlong stream, jint type, jint n, jlong position, jlong name, jlong seed, jdouble mean, jdouble deviation, jlong y) {
    return at(l).gradus_normal(pointer(stream), type, n, position, name, seed, mean, deviation, pointer(y));
}
NATIVE(jint, nearestCenters)(JNIEnv*, jclass, jlong l, jlong stream, jint n, jint k, jint d, jlong rows, jlong centers, jlong labels) {
    return at(l).gradus_nearest_centers(pointer(stream), n, k, d, pointer(rows), pointer(centers), pointer(labels));
}
NATIVE(jint, tsneForces)(JNIEnv*, jclass, jlong l, jlong stream, jint n, jlong x, jlong y, jlong start, jlong column, jlong p, jlong slots, jlong z) {
    return at(l).gradus_tsne_forces(pointer(stream), n, pointer(x), pointer(y), pointer(start), pointer(column), pointer(p), pointer(slots), pointer(z));
}
NATIVE(jint, tsneUpdate)(JNIEnv*, jclass, jlong l, jlong stream, jint n, jdouble exaggeration, jdouble momentum, jdouble rate, jlong z, jlong state) {
    return at(l).gradus_tsne_update(pointer(stream), n, exaggeration, momentum, rate, pointer(z), pointer(state));
}
