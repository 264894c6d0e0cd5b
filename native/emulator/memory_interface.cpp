#include "memory_interface.h"

#include "device_memory.h"
#include "fiber_block.h"

using namespace gradus;

void* gradus_emulator_allocate(long long bytes) { return emulator::allocate(static_cast<std::size_t>(bytes)); }
int gradus_emulator_free(void* memory) { return emulator::release(memory) ? 1 : 0; }
int gradus_emulator_copy_in(void* device, const void* host, long long bytes) {
    return emulator::copyIn(device, host, static_cast<std::size_t>(bytes)) ? 1 : 0;
}
int gradus_emulator_copy_out(void* host, const void* device, long long bytes) {
    return emulator::copyOut(host, device, static_cast<std::size_t>(bytes)) ? 1 : 0;
}
long long gradus_emulator_total_memory() { return static_cast<long long>(emulator::totalMemory()); }
long long gradus_emulator_free_memory() { return static_cast<long long>(emulator::freeMemory()); }
void gradus_emulator_configure(long long bytes, int processors) {
    emulator::useMemory(static_cast<std::size_t>(bytes));
    emulator::useProcessors(processors);
}
