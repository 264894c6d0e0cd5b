// The emulator finds every planted fault, passes the sound twins, and gives the same numbers with any number of processors.
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "../emulator/device_memory.h"
#include "../emulator/fiber_block.h"
#include "faults.h"

using namespace gradus;

namespace {

int failures = 0;

void require(bool held, const std::string& what) {
    if (!held) {
        failures++;
        std::printf("FAILED: %s\n", what.c_str());
    }
}

struct Case {
    PlantedFault fault;
    /** Words that the report must hold; empty for a sound kernel. */
    const char* report;
    /** Whether only the checked build watches for it. */
    bool checkedOnly;
};

constexpr int N = 1000;

const Case CASES[] = {
    {PlantedFault::NONE_FILL, "", false},
    {PlantedFault::WRITE_PAST_END, "writes element 1000 of a buffer of 1000 elements", true},
    {PlantedFault::NONE_ROTATE, "", false},
    {PlantedFault::MISSING_BARRIER, "reads element 0 of shared memory, which was never set", true},
    {PlantedFault::NONE_WINNER, "", false},
    {PlantedFault::SHARED_RACE, "races: writes element 0 of shared memory", true},
    {PlantedFault::NONE_ROUNDS, "", false},
    {PlantedFault::MISSING_SECOND_BARRIER, "with no barrier between", true},
    {PlantedFault::DIVERGENT_BARRIER, "divergent barrier", false},
    {PlantedFault::TWO_BARRIERS, "divergent barrier", false},
    {PlantedFault::SHARED_BEYOND, "writes element 32 of shared memory of 32 elements", true},
    {PlantedFault::SHARED_UNSET, "reads element 0 of shared memory, which was never set", true},
    {PlantedFault::GLOBAL_RACE, "races: writes element 0 of a buffer", true},
    {PlantedFault::NONE_VECTOR, "", false},
    {PlantedFault::MISALIGNED, "not aligned", true},
    {PlantedFault::TOO_MANY_THREADS, "1025", false},
};

#ifdef GRADUS_CHECKED
constexpr bool CHECKED = true;
#else
constexpr bool CHECKED = false;
#endif

void findsPlantedFaults(const float* x, float* y) {
    for (const Case& c : CASES) {
        if (c.checkedOnly && !CHECKED) {
            continue;
        }
        const int status = plantedFault(c.fault, x, y, N);
        const std::string number = "fault " + std::to_string(static_cast<int>(c.fault));
        if (*c.report == 0) {
            require(status == 0, number + ": a sound kernel was reported: " + emulator::lastFault());
        } else {
            require(status == emulator::FAULT, number + " was not found");
            require(std::strstr(emulator::lastFault(), c.report) != nullptr,
                    number + ": the report '" + emulator::lastFault() + "' lacks '" + c.report + "'");
            std::printf("found: %s\n", emulator::lastFault());
        }
    }
}

void givesTheSameNumbersOnAnyProcessors(const float* x, float* y) {
    for (int processors : {1, 2, 3, 1}) {
        emulator::useProcessors(processors);
        for (int round = 0; round < 20; round++) {
            require(plantedFault(PlantedFault::NONE_ROTATE, x, y, N) == 0, "rotate ran");
            std::vector<float> got(128);
            require(emulator::copyOut(got.data(), y, got.size() * sizeof(float)), "copied out");
            for (int i = 0; i < 128; i++) {
                require(got[i] == (i % 64 + 1) % 64, "rotate hands on the neighbour's number");
            }
        }
    }
}

void memoryIsGuarded() {
    emulator::useMemory(1 << 20);
    void* half = emulator::allocate(1 << 19);
    require(half != nullptr, "half the memory fits");
    require(emulator::allocate((1 << 19) + 1) == nullptr, "more than is left does not fit");
    float values[4] = {1, 2, 3, 4};
    require(!emulator::copyIn(static_cast<char*>(half) + (1 << 19) - 8, values, 16), "a copy past the end is refused");
    require(!emulator::copyOut(values, values, 16), "a copy from memory of the host is refused");
    require(emulator::release(half), "memory goes back");
    require(!emulator::release(half), "memory does not go back twice");
    require(emulator::freeMemory() == 1 << 20, "all memory is free again");
    emulator::useMemory(std::size_t{1} << 30);
}

}  // namespace

int main() {
    memoryIsGuarded();
    auto* x = static_cast<float*>(emulator::allocate(N * sizeof(float)));
    auto* y = static_cast<float*>(emulator::allocate(N * sizeof(float)));
    std::vector<float> ones(N, 1.0f);
    require(emulator::copyIn(x, ones.data(), N * sizeof(float)), "copied in");
    float unset = 0;
    require(emulator::copyOut(&unset, y, sizeof(float)) && std::isnan(unset), "memory that was not set holds NaN");
    findsPlantedFaults(x, y);
    givesTheSameNumbersOnAnyProcessors(x, y);
    emulator::release(x);
    emulator::release(y);
    emulator::useProcessors(1);
    std::printf(failures == 0 ? "emulator: all well\n" : "emulator: %d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
