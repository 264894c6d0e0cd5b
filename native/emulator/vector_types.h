// CUDA's vectors that kernels load and store as one.
#pragma once

struct alignas(16) float4 {
    float x, y, z, w;
};

struct alignas(16) double2 {
    double x, y;
};
