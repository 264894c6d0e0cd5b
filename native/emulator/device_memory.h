// The emulated device's memory: allocations that are remembered, filled with NaN, and fenced so that AddressSanitizer sees a step outside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace gradus::emulator {

/** What is known of four bytes of memory: who wrote them last, and who has read them since. */
struct Cell {
    std::uint64_t writeEpoch = 0;
    std::uint64_t writeBlock = 0;
    std::uint64_t readEpoch = 0;
    std::uint64_t readBlock = 0;
    std::uint32_t writer = 0;
    std::uint32_t reader = 0;
    bool severalThreads = false;
    bool severalBlocks = false;
    bool everWritten = false;
};

struct Allocation {
    char* begin;
    std::size_t bytes;
    /** One for each four bytes in the checked build, else none. */
    std::unique_ptr<Cell[]> cells;
};

/** Bytes the emulated device has; allocations beyond it fail as they do on a device. */
void useMemory(std::size_t bytes);
std::size_t totalMemory();
std::size_t freeMemory();

/** 256-byte aligned memory, or null when the device has too little left. */
void* allocate(std::size_t bytes);

/** Gives memory back; false when it was not allocated or is already free. */
bool release(void* memory);

/** Copies between host and device, checked against the allocation; false when it does not fit. */
bool copyIn(void* device, const void* host, std::size_t bytes);
bool copyOut(void* host, const void* device, std::size_t bytes);

/** The allocation that a device address lies in (its end included), or null. */
const Allocation* find(const void* address);

}  // namespace gradus::emulator
