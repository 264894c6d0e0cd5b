#pragma once

enum class PlantedFault {
    NONE_FILL, WRITE_PAST_END, NONE_ROTATE, MISSING_BARRIER, NONE_WINNER, SHARED_RACE, NONE_ROUNDS, MISSING_SECOND_BARRIER,
    DIVERGENT_BARRIER, TWO_BARRIERS, SHARED_BEYOND, SHARED_UNSET, GLOBAL_RACE, NONE_VECTOR, MISALIGNED, TOO_MANY_THREADS
};

/** Launches one of the kernels in faults.cu and gives its status. */
int plantedFault(PlantedFault which, const float* x, float* y, int n);
