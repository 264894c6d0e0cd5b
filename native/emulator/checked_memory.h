// Pointers and shared arrays that watch every access of a kernel: places out of bounds, misaligned vectors, values never set, and two threads
// that touch one place without a barrier between them, at least one of them writing.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>

#include "device_memory.h"
#include "fiber_block.h"
#include "vector_types.h"

namespace gradus::emulator {

/** Reports a read of a place by the running thread. */
void watchRead(Cell& cell, const char* where, long long index);

/** Reports a write to a place by the running thread. */
void watchWrite(Cell& cell, const char* where, long long index);

/** Reports an access outside an array. */
[[noreturn]] void outOfBounds(const char* access, long long index, const char* where, long long length);

/** A place that can be read and assigned as an element can. */
template <class Owner, class T>
class Place {
public:
    Place(const Owner& owner, long long index) : owner(owner), index(index) {}
    Place(const Place&) = default;
    operator T() const { return owner.read(index); }
    const Place& operator=(T value) const {
        owner.write(index, value);
        return *this;
    }
    const Place& operator=(const Place& other) const { return *this = static_cast<T>(other); }
    const Place& operator+=(T value) const { return *this = static_cast<T>(*this) + value; }

private:
    const Owner& owner;
    long long index;
};

/** A pointer into device memory that knows its allocation. */
template <class T>
class CheckedPointer {
    using Value = std::remove_const_t<T>;

public:
    CheckedPointer(T* p = nullptr) : p(p), allocation(find(p)) {}
    template <class U, class = std::enable_if_t<std::is_same_v<const U, T>>>
    CheckedPointer(const CheckedPointer<U>& other) : p(other.raw()), allocation(other.owner()) {}

    CheckedPointer operator+(long long n) const {
        CheckedPointer moved = *this;
        moved.p += n;
        return moved;
    }
    explicit operator bool() const { return p != nullptr; }
    T* raw() const { return p; }
    const Allocation* owner() const { return allocation; }

    auto operator[](long long i) const {
        if constexpr (std::is_const_v<T>) {
            return read(i);
        } else {
            return Place<CheckedPointer, Value>(*this, i);
        }
    }

    Value read(long long i) const {
        watch<false>(i, 1);
        return p[i];
    }

    void write(long long i, Value value) const
        requires(!std::is_const_v<T>)
    {
        watch<true>(i, 1);
        p[i] = value;
    }

    /** Checks `count` elements that are touched as one, for which the first must be aligned. */
    template <bool WRITES>
    void watch(long long i, int count) const {
        if (!allocation) {
            fault((WRITES ? "writes" : "reads") + std::string(p ? " through a pointer that is not device memory" : " through a null pointer"));
        }
        const auto at = reinterpret_cast<std::intptr_t>(p) + i * static_cast<long long>(sizeof(T));
        const auto from = at - reinterpret_cast<std::intptr_t>(allocation->begin);
        const auto bytes = static_cast<std::intptr_t>(sizeof(T)) * count;
        if (from < 0 || from + bytes > static_cast<std::intptr_t>(allocation->bytes)) {
            outOfBounds(WRITES ? "writes" : "reads", from / static_cast<long long>(sizeof(T)), "a buffer",
                        static_cast<long long>(allocation->bytes / sizeof(T)));
        }
        if (at % bytes != 0) {
            fault("touches " + std::to_string(bytes) + " bytes at byte " + std::to_string(from) + " of a buffer, which is not aligned");
        }
        for (std::intptr_t cell = from / 4; cell < (from + bytes + 3) / 4; cell++) {
            if constexpr (WRITES) {
                watchWrite(allocation->cells[cell], "a buffer", cell * 4 / static_cast<long long>(sizeof(T)));
            } else {
                watchRead(allocation->cells[cell], "a buffer", cell * 4 / static_cast<long long>(sizeof(T)));
            }
        }
    }

private:
    T* p;
    const Allocation* allocation;
};

/** An array in shared memory. */
template <class T, int N>
class CheckedShared {
public:
    auto operator[](long long i) const { return Place<CheckedShared, T>(*this, i); }

    T read(long long i) const {
        watchRead(cell("reads", i), "shared memory", i);
        return values[i];
    }

    void write(long long i, T value) const {
        watchWrite(cell("writes", i), "shared memory", i);
        values[i] = value;
    }

private:
    Cell& cell(const char* access, long long i) const {
        if (i < 0 || i >= N) {
            outOfBounds(access, i, "shared memory", N);
        }
        Cell& c = cells[i];
        if (c.everWritten && c.writeEpoch < self->blockBegan) {
            c = Cell{};  // left by another block
        }
        return c;
    }

    mutable T values[N] = {};
    mutable Cell cells[N] = {};
};

}  // namespace gradus::emulator

inline float4 load4(gradus::emulator::CheckedPointer<const float> p) {
    p.watch<false>(0, 4);
    return *reinterpret_cast<const float4*>(p.raw());
}
inline double2 load2(gradus::emulator::CheckedPointer<const double> p) {
    p.watch<false>(0, 2);
    return *reinterpret_cast<const double2*>(p.raw());
}
inline void store4(gradus::emulator::CheckedPointer<float> p, float4 v) {
    p.watch<true>(0, 4);
    *reinterpret_cast<float4*>(p.raw()) = v;
}
