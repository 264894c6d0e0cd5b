// Runs the blocks of a launch: the threads of a block are fibers between barriers, the blocks are shared among a few threads of the CPU.
#pragma once

#include <cstdint>
#include <string>

namespace gradus::emulator {

/** CUDA's dim3. */
struct Extent {
    unsigned x = 1;
    unsigned y = 1;
    unsigned z = 1;
    constexpr Extent(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
    constexpr std::uint64_t count() const { return std::uint64_t{1} * x * y * z; }
};

/** Who runs at this moment on this thread of the CPU. */
struct State {
    Extent thread;
    Extent block;
    Extent threads;
    Extent blocks;
    /** Place of the thread in its block, and of the block in its grid. */
    std::uint32_t threadNumber = 0;
    std::uint64_t blockNumber = 0;
    /** Grows with every barrier and every block, so that one number tells "since the last barrier of this block". */
    std::uint64_t epoch = 0;
    /** Value of the epoch when the block, and the launch, began. */
    std::uint64_t blockBegan = 0;
    std::uint64_t launchBegan = 0;
    const char* kernel = "";
};

extern constinit thread_local State* self;

/** Status of a launch in which the emulator found a fault; lastFault() has the words. */
constexpr int FAULT = 9001;

/** Runs all blocks to their end; 0, or FAULT. */
int run(const char* kernel, Extent blocks, Extent threads, void (*body)(void*), void* argument);

/** __syncthreads: waits until every thread of the block is here. */
void barrier(int line);

/** Ends the launch with a report of what the running thread did wrong. */
[[noreturn]] void fault(const std::string& what);

/** What the last launch with a fault did wrong. */
const char* lastFault();

/** Threads of the CPU that share the blocks of a launch; at least 1. */
void useProcessors(int count);

}  // namespace gradus::emulator
