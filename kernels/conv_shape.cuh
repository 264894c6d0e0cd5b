// The extents of one convolution, and which places of its output a place of its input takes part in.
#pragma once

#include "device.cuh"

namespace gradus {

/** The extents of gradus.backend.ConvShape and Window, in the order of their fields. */
struct Conv {
    int samples, channels, height, width, filters, outHeight, outWidth, groups;
    int kernelHeight, kernelWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, top, left;

    explicit Conv(const int* p)
        : samples(p[0]), channels(p[1]), height(p[2]), width(p[3]), filters(p[4]), outHeight(p[5]), outWidth(p[6]), groups(p[7]), kernelHeight(p[8]),
          kernelWidth(p[9]), strideHeight(p[10]), strideWidth(p[11]), dilationHeight(p[12]), dilationWidth(p[13]), top(p[14]), left(p[15]) {}

    __host__ __device__ int groupChannels() const { return channels / groups; }
    __host__ __device__ int groupFilters() const { return filters / groups; }
    __host__ __device__ int kernelSize() const { return kernelHeight * kernelWidth; }
};

/** The output place whose first tap lies `distance` before an input place, or −1. */
__device__ inline int meeting(int distance, int stride, int outputs) {
    if (distance < 0) {
        return -1;
    }
    const int place = stride == 1 ? distance : stride == 2 ? ((distance & 1) ? -1 : distance >> 1) : distance % stride == 0 ? distance / stride : -1;
    return place < outputs ? place : -1;
}

}  // namespace gradus
