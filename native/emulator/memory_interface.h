// The emulator's memory as C functions; a real device's memory is the driver's business.
#pragma once

#include "../../kernels/launchers.h"

/** 256-byte aligned memory, or null when the device has too little left. */
GRADUS_EXPORT void* gradus_emulator_allocate(long long bytes);

/** 1, or 0 when this was not allocated or is already free. */
GRADUS_EXPORT int gradus_emulator_free(void* memory);

/** 1, or 0 when the copy does not fit one allocation. */
GRADUS_EXPORT int gradus_emulator_copy_in(void* device, const void* host, long long bytes);
GRADUS_EXPORT int gradus_emulator_copy_out(void* host, const void* device, long long bytes);

GRADUS_EXPORT long long gradus_emulator_total_memory();
GRADUS_EXPORT long long gradus_emulator_free_memory();

/** Bytes that the emulated device has, and threads of the CPU that share its blocks. */
GRADUS_EXPORT void gradus_emulator_configure(long long bytes, int processors);
