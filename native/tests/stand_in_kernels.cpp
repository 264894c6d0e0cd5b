// A library of kernels that does nothing, for what the bridge and --backend cuda must refuse: built with another INTERFACE it is of the wrong version, with
// READY=209 it has no code for the device. With neither, what a training step costs the host can be timed with it.
#include <cstdint>
#include <cstring>

namespace {

const void* answer(const char* name) {
    if (std::strcmp(name, "gradus_interface") == 0) {
        return reinterpret_cast<const void*>(std::intptr_t{INTERFACE});
    }
    if (std::strcmp(name, "gradus_toolkit") == 0) {
        return reinterpret_cast<const void*>(std::intptr_t{13000});
    }
    if (std::strcmp(name, "gradus_ready") == 0) {
        return reinterpret_cast<const void*>(std::intptr_t{READY});
    }
    if (std::strcmp(name, "gradus_status") == 0) {
        return "cudaErrorNoKernelImageForDevice (209): no kernel image is available for execution on the device";
    }
    return std::strcmp(name, "gradus_built") == 0 ? "a stand-in" : nullptr;
}

}  // namespace

// Numbers and words come back in the same register, and arguments that nobody reads do no harm.
#define FUNCTION(name) \
    extern "C" __attribute__((visibility("default"))) const void* name() { return answer(#name); }
#include "../bridge/functions.inc"
