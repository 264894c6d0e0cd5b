#include "fiber.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <new>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

namespace gradus::emulator {

#ifdef __SANITIZE_ADDRESS__
constexpr std::size_t STACK_BYTES = 256 * 1024;
#else
constexpr std::size_t STACK_BYTES = 64 * 1024;
#endif

#ifndef GRADUS_FIBER_UCONTEXT
// Saves what the System V ABI wants kept, exchanges stacks, restores. swapcontext would call the kernel for the signal mask each time.
extern "C" void gradus_switch_stacks(void** from, void* to);
asm(R"(
.text
.hidden gradus_switch_stacks
.globl gradus_switch_stacks
.type gradus_switch_stacks, @function
gradus_switch_stacks:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
.size gradus_switch_stacks, .-gradus_switch_stacks

.hidden gradus_begin_fiber
.globl gradus_begin_fiber
.type gradus_begin_fiber, @function
gradus_begin_fiber:
    movq %r12, %rdi
    callq *%r13
    ud2
.size gradus_begin_fiber, .-gradus_begin_fiber
)");
extern "C" void gradus_begin_fiber();
#endif

Fiber::Fiber(void (*entry)(void*), void* argument) : entry(entry), argument(argument) {
    const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    bytes = STACK_BYTES + page;
    void* mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped == MAP_FAILED) {
        throw std::bad_alloc();
    }
    memory = static_cast<char*>(mapped);
    mprotect(memory, page, PROT_NONE);
#ifdef GRADUS_FIBER_UCONTEXT
    getcontext(&inside);
    inside.uc_stack.ss_sp = memory + page;
    inside.uc_stack.ss_size = STACK_BYTES;
    inside.uc_link = nullptr;
    const auto word = reinterpret_cast<std::uintptr_t>(this);
    makecontext(&inside, reinterpret_cast<void (*)()>(+[](unsigned high, unsigned low) {
        begin(reinterpret_cast<Fiber*>(static_cast<std::uintptr_t>(high) << 32 | low));
    }), 2, static_cast<unsigned>(word >> 32), static_cast<unsigned>(word));
#else
    // The frame that the first switch pops: r15, r14, r13 = begin, r12 = this, rbx, rbp, the address to return to; aligned as a call wants it.
    void** top = reinterpret_cast<void**>(memory + bytes - 64);
    *--top = reinterpret_cast<void*>(&gradus_begin_fiber);
    *--top = nullptr;
    *--top = nullptr;
    *--top = this;
    *--top = reinterpret_cast<void*>(&Fiber::begin);
    *--top = nullptr;
    *--top = nullptr;
    inside = top;
#endif
}

Fiber::~Fiber() {
    munmap(memory, bytes);
}

void Fiber::begin(Fiber* self) {
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_finish_switch_fiber(nullptr, &self->outsideBottom, &self->outsideBytes);
#endif
    self->entry(self->argument);
}

void Fiber::enter() {
#ifdef __SANITIZE_ADDRESS__
    void* mine = nullptr;
    __sanitizer_start_switch_fiber(&mine, memory + bytes - STACK_BYTES, STACK_BYTES);
#endif
#ifdef GRADUS_FIBER_UCONTEXT
    swapcontext(&outside, &inside);
#else
    gradus_switch_stacks(&outside, inside);
#endif
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_finish_switch_fiber(mine, nullptr, nullptr);
#endif
}

void Fiber::giveWay() {
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_start_switch_fiber(&fakeStack, outsideBottom, outsideBytes);
#endif
#ifdef GRADUS_FIBER_UCONTEXT
    swapcontext(&inside, &outside);
#else
    gradus_switch_stacks(&inside, outside);
#endif
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_finish_switch_fiber(fakeStack, &outsideBottom, &outsideBytes);
#endif
}

}  // namespace gradus::emulator
