// What the library says of itself.
#include <string>

#include "device.cuh"
#include "launchers.h"

#ifdef GRADUS_EMULATOR
#include "../native/emulator/fiber_block.h"
#endif

#define TEXT(x) #x
#define TEXT_OF(x) TEXT(x)

namespace {

/** Does nothing; that it can be started shows that this library has code for the device. */
__global__ void nothing(int) {}

}  // namespace

GRADUS_EXPORT int gradus_interface() { return GRADUS_INTERFACE; }

GRADUS_EXPORT int gradus_ready(void* stream) { return launch("nothing", nothing, 1, 1, stream, 0); }

#ifdef GRADUS_EMULATOR

GRADUS_EXPORT int gradus_toolkit() { return 0; }

GRADUS_EXPORT const char* gradus_status(int status) {
    return status == gradus::emulator::FAULT ? gradus::emulator::lastFault() : "unknown status of the emulator";
}

GRADUS_EXPORT const char* gradus_built() {
#ifdef GRADUS_CHECKED
    return "checked emulator, C++ compiler " __VERSION__;
#else
    return "emulator, C++ compiler " __VERSION__;
#endif
}

#else

GRADUS_EXPORT int gradus_toolkit() { return CUDART_VERSION; }

GRADUS_EXPORT const char* gradus_status(int status) {
    static thread_local std::string words;
    const auto error = static_cast<cudaError_t>(status);
    words = std::string(cudaGetErrorName(error)) + " (" + std::to_string(status) + "): " + cudaGetErrorString(error);
    return words.c_str();
}

GRADUS_EXPORT const char* gradus_built() {
    return "nvcc " TEXT_OF(__CUDACC_VER_MAJOR__) "." TEXT_OF(__CUDACC_VER_MINOR__) ", for " GRADUS_BUILT_FOR " and PTX of compute_75";
}

#endif
