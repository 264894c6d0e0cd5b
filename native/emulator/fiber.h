// Fibers: stacks that give way to one another on one thread of the CPU.
#pragma once

#include <cstddef>

#if !defined(__x86_64__) || defined(GRADUS_UCONTEXT)
#define GRADUS_FIBER_UCONTEXT 1
#include <ucontext.h>
#endif

namespace gradus::emulator {

/** A stack of its own with a guard page below, on which a function runs until it gives way. */
class Fiber {
public:
    /** `entry(argument)` must never return. */
    Fiber(void (*entry)(void*), void* argument);
    ~Fiber();
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;

    /** Runs the fiber from the thread's own stack until it gives way. */
    void enter();

    /** Goes back to the stack that entered; must be called on the fiber. */
    void giveWay();

private:
    static void begin(Fiber* self);

    void (*entry)(void*);
    void* argument;
    char* memory;
    std::size_t bytes;
#ifdef GRADUS_FIBER_UCONTEXT
    ucontext_t outside;
    ucontext_t inside;
#else
    void* outside = nullptr;
    void* inside = nullptr;
#endif
#ifdef __SANITIZE_ADDRESS__
    void* fakeStack = nullptr;
    const void* outsideBottom = nullptr;
    std::size_t outsideBytes = 0;
#endif
};

}  // namespace gradus::emulator
