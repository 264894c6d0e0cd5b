#include "checked_memory.h"

namespace gradus::emulator {

namespace {

std::string at(const char* where, long long index) {
    return std::string(" element ") + std::to_string(index) + " of " + where;
}

/** Whether an access of this launch by (block, thread, epoch) is neither the running thread's own nor separated from it by a barrier. */
bool unordered(std::uint64_t epoch, std::uint64_t block, std::uint32_t thread) {
    if (epoch < self->launchBegan) {
        return false;
    }
    return block != self->blockNumber || (epoch == self->epoch && thread != self->threadNumber);
}

std::string other(std::uint64_t block, std::uint32_t thread) {
    return block == self->blockNumber ? "thread number " + std::to_string(thread)
                                      : "thread number " + std::to_string(thread) + " of block number " + std::to_string(block);
}

}  // namespace

void watchRead(Cell& cell, const char* where, long long index) {
    if (!cell.everWritten) {
        fault("reads" + at(where, index) + ", which was never set");
    }
    if (unordered(cell.writeEpoch, cell.writeBlock, cell.writer)) {
        fault("races: reads" + at(where, index) + " that " + other(cell.writeBlock, cell.writer) + " writes, with no barrier between");
    }
    const bool sameBlock = cell.readEpoch >= self->launchBegan && cell.readBlock == self->blockNumber;
    const bool sameEpoch = sameBlock && cell.readEpoch == self->epoch;
    cell.severalBlocks = cell.readEpoch >= self->launchBegan && (cell.severalBlocks || !sameBlock);
    cell.severalThreads = sameEpoch && (cell.severalThreads || cell.reader != self->threadNumber);
    cell.readEpoch = self->epoch;
    cell.readBlock = self->blockNumber;
    cell.reader = self->threadNumber;
}

void watchWrite(Cell& cell, const char* where, long long index) {
    if (unordered(cell.writeEpoch, cell.writeBlock, cell.writer)) {
        fault("races: writes" + at(where, index) + " that " + other(cell.writeBlock, cell.writer) + " writes too, with no barrier between");
    }
    const bool severalNow = cell.readEpoch >= self->launchBegan && (cell.severalBlocks || (cell.severalThreads && cell.readEpoch == self->epoch));
    if (severalNow || unordered(cell.readEpoch, cell.readBlock, cell.reader)) {
        fault("races: writes" + at(where, index) + " that " + (severalNow ? "several threads read" : other(cell.readBlock, cell.reader) + " reads")
              + ", with no barrier between");
    }
    cell.writeEpoch = self->epoch;
    cell.writeBlock = self->blockNumber;
    cell.writer = self->threadNumber;
    cell.everWritten = true;
}

void outOfBounds(const char* access, long long index, const char* where, long long length) {
    fault(std::string(access) + " element " + std::to_string(index) + " of " + where + " of " + std::to_string(length) + " elements");
}

}  // namespace gradus::emulator
