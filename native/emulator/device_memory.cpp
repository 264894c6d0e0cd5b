#include "device_memory.h"

#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>

namespace gradus::emulator {

namespace {

constexpr std::size_t ALIGNMENT = 256;
constexpr std::size_t CELL = 4;

std::mutex lock;
std::map<std::uintptr_t, Allocation> allocations;
std::size_t total = std::size_t{4} << 30;
std::size_t used = 0;

std::uintptr_t number(const void* p) { return reinterpret_cast<std::uintptr_t>(p); }

const Allocation* locate(const void* address) {
    auto after = allocations.upper_bound(number(address));
    if (after == allocations.begin()) {
        return nullptr;
    }
    const Allocation& candidate = std::prev(after)->second;
    return number(address) <= number(candidate.begin) + candidate.bytes ? &candidate : nullptr;
}

const Allocation* holding(const void* address, std::size_t bytes) {
    const Allocation* a = locate(address);
    return a && number(address) + bytes <= number(a->begin) + a->bytes ? a : nullptr;
}

void markWritten(const Allocation& a, const void* from, std::size_t bytes) {
    if (a.cells && bytes > 0) {
        std::size_t first = (number(from) - number(a.begin)) / CELL;
        std::size_t last = (number(from) - number(a.begin) + bytes - 1) / CELL;
        for (std::size_t i = first; i <= last; i++) {
            a.cells[i].everWritten = true;
        }
    }
}

}  // namespace

void useMemory(std::size_t bytes) {
    std::lock_guard hold(lock);
    total = bytes;
}

std::size_t totalMemory() {
    std::lock_guard hold(lock);
    return total;
}

std::size_t freeMemory() {
    std::lock_guard hold(lock);
    return total > used ? total - used : 0;
}

void* allocate(std::size_t bytes) {
    std::lock_guard hold(lock);
    if (used + bytes > total) {
        return nullptr;
    }
    // Not rounded up: in the sanitized build the red zone begins at the first byte past the end.
    void* memory = nullptr;
    if (posix_memalign(&memory, ALIGNMENT, bytes > 0 ? bytes : 1) != 0) {
        return nullptr;
    }
    std::memset(memory, 0xff, bytes);
    Allocation a{static_cast<char*>(memory), bytes, nullptr};
#ifdef GRADUS_CHECKED
    a.cells = std::make_unique<Cell[]>((bytes + CELL - 1) / CELL);
#endif
    allocations.emplace(number(memory), std::move(a));
    used += bytes;
    return memory;
}

bool release(void* memory) {
    std::lock_guard hold(lock);
    auto found = allocations.find(number(memory));
    if (found == allocations.end()) {
        return false;
    }
    used -= found->second.bytes;
    allocations.erase(found);
    std::free(memory);
    return true;
}

bool copyIn(void* device, const void* host, std::size_t bytes) {
    std::lock_guard hold(lock);
    const Allocation* a = holding(device, bytes);
    if (!a) {
        return false;
    }
    std::memcpy(device, host, bytes);
    markWritten(*a, device, bytes);
    return true;
}

bool copyOut(void* host, const void* device, std::size_t bytes) {
    std::lock_guard hold(lock);
    if (!holding(device, bytes)) {
        return false;
    }
    std::memcpy(host, device, bytes);
    return true;
}

const Allocation* find(const void* address) {
    std::lock_guard hold(lock);
    return locate(address);
}

}  // namespace gradus::emulator
