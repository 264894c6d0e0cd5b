// A libcuda.so.1 for machines without a GPU: device memory is the heap's, and every copy is done at once. With the emulator's kernels in place of the
// device's, the whole path of --backend cuda runs through it. The file that STAND_IN names chooses what goes wrong: no-device, old-driver, small.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>

#define DRIVER extern "C" __attribute__((visibility("default"))) int

namespace {

constexpr int SUCCESS = 0, INVALID = 1, OUT_OF_MEMORY = 2, NO_DEVICE = 100;
constexpr size_t LARGE = size_t{1} << 30, SMALL = size_t{1} << 20;
std::mutex mutex;
std::map<unsigned long long, size_t> blocks;
size_t used = 0;
thread_local bool current = false;

std::string behaviour() {
    char line[64] = {};
    const char* path = std::getenv("STAND_IN");
    if (FILE* file = path ? std::fopen(path, "r") : nullptr) {
        if (!std::fgets(line, sizeof line, file)) {
            line[0] = 0;
        }
        std::fclose(file);
    }
    return line;
}

size_t total() { return behaviour() == "small" ? SMALL : LARGE; }

/** Whether [address, address + bytes) lies in one block of device memory. */
bool inside(unsigned long long address, size_t bytes) {
    std::lock_guard lock(mutex);
    auto block = blocks.upper_bound(address);
    return block != blocks.begin() && (--block, address + bytes <= block->first + block->second);
}

}  // namespace

DRIVER cuInit(unsigned) { return behaviour() == "no-device" ? NO_DEVICE : SUCCESS; }
DRIVER cuDriverGetVersion(int* version) { return *version = behaviour() == "old-driver" ? 11040 : 13000, SUCCESS; }
DRIVER cuDeviceGetCount(int* count) { return *count = 1, SUCCESS; }
DRIVER cuDeviceGet(int* device, int) { return *device = 0, SUCCESS; }
DRIVER cuDeviceGetName(char* name, int length, int) { return std::snprintf(name, length, "Stand-in"), SUCCESS; }
DRIVER cuDeviceGetAttribute(int* value, int attribute, int) { return *value = attribute == 75 ? 9 : 0, SUCCESS; }
DRIVER cuDevicePrimaryCtxRetain(void** context, int) { return *context = &blocks, SUCCESS; }
DRIVER cuDevicePrimaryCtxRelease_v2(int) { return SUCCESS; }
DRIVER cuCtxSetCurrent(void* context) { return current = context == &blocks, SUCCESS; }
DRIVER cuMemGetInfo_v2(size_t* free, size_t* all) { return *all = total(), *free = total() - used, SUCCESS; }
DRIVER cuMemAlloc_v2(unsigned long long* address, size_t bytes) {
    std::lock_guard lock(mutex);
    if (!current) {
        return INVALID;
    }
    if (used + bytes > total()) {
        return OUT_OF_MEMORY;
    }
    *address = reinterpret_cast<unsigned long long>(std::aligned_alloc(256, (bytes + 255) / 256 * 256));
    blocks[*address] = bytes;
    used += bytes;
    return SUCCESS;
}
DRIVER cuMemFree_v2(unsigned long long address) {
    std::lock_guard lock(mutex);
    const auto block = blocks.find(address);
    if (block == blocks.end()) {
        return INVALID;
    }
    used -= block->second;
    blocks.erase(block);
    std::free(reinterpret_cast<void*>(address));
    return SUCCESS;
}
DRIVER cuMemHostAlloc(void** memory, size_t bytes, unsigned) { return *memory = std::malloc(bytes), SUCCESS; }
DRIVER cuMemFreeHost(void* memory) { return std::free(memory), SUCCESS; }
DRIVER cuMemcpyHtoDAsync_v2(unsigned long long device, const void* host, size_t bytes, void*) {
    return inside(device, bytes) ? (std::memcpy(reinterpret_cast<void*>(device), host, bytes), SUCCESS) : INVALID;
}
DRIVER cuMemcpyDtoHAsync_v2(void* host, unsigned long long device, size_t bytes, void*) {
    return inside(device, bytes) ? (std::memcpy(host, reinterpret_cast<void*>(device), bytes), SUCCESS) : INVALID;
}
DRIVER cuStreamCreate(void** stream, unsigned) { return *stream = &used, SUCCESS; }
DRIVER cuStreamSynchronize(void*) { return SUCCESS; }
DRIVER cuStreamDestroy_v2(void*) { return SUCCESS; }
DRIVER cuEventCreate(void** event, unsigned) { return *event = &used, SUCCESS; }
DRIVER cuEventRecord(void*, void*) { return SUCCESS; }
DRIVER cuEventSynchronize(void*) { return SUCCESS; }
DRIVER cuEventDestroy_v2(void*) { return SUCCESS; }
DRIVER cuGetErrorName(int status, const char** name) { return *name = status == NO_DEVICE ? "CUDA_ERROR_NO_DEVICE" : "CUDA_ERROR", SUCCESS; }
DRIVER cuGetErrorString(int status, const char** words) { return *words = status == NO_DEVICE ? "no device" : "an error of the stand-in", SUCCESS; }
