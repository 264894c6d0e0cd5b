#include "fiber_block.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "fiber.h"

namespace gradus::emulator {

constinit thread_local State* self = nullptr;

namespace {

/** Thrown through the frames of a kernel to end a thread. */
struct Stop {};

constexpr std::uint64_t MOST_THREADS = 1024;

struct Launch {
    const char* kernel;
    Extent blocks;
    Extent threads;
    void (*body)(void*);
    void* argument;
    std::atomic<std::uint64_t> nextBlock{0};
    std::atomic<bool> failed{false};
};

std::mutex faultLock;
std::string faultText;

std::string described(const Extent& e) {
    return "(" + std::to_string(e.x) + ", " + std::to_string(e.y) + ", " + std::to_string(e.z) + ")";
}

void record(Launch& launch, const std::string& text) {
    std::lock_guard hold(faultLock);
    if (!launch.failed.exchange(true)) {
        faultText = text;
    }
}

/**
 * Runs one block after the other on one thread of the CPU. A fiber runs thread after thread of the block by plain calls for as long as none
 * waits at a barrier; when one does, the fiber is set aside with it and another fiber goes on with the threads not yet begun. A kernel without
 * barriers so needs a single fiber.
 */
class Worker {
public:
    void work(Launch& launch) {
        current = &launch;
        self = &state;
        state.kernel = launch.kernel;
        state.threads = launch.threads;
        state.blocks = launch.blocks;
        state.launchBegan = ++state.epoch;
        const std::uint64_t blocks = launch.blocks.count();
        while (!launch.failed) {
            std::uint64_t number = launch.nextBlock++;
            if (number >= blocks) {
                break;
            }
            runBlock(inOrder(number, blocks));
        }
        self = nullptr;
    }

    void wait(int line) {
        Place& place = *running;
        place.line = line;
        place.thread = state.threadNumber;
        waiting.push_back(&place);
        place.fiber->giveWay();
        if (cancelled) {
            throw Stop{};
        }
    }

    [[noreturn]] void stop(const std::string& what) {
        record(*current, std::string(state.kernel) + ": block " + described(state.block) + ", thread " + described(state.thread) + " " + what);
        throw Stop{};
    }

private:
    /** A fiber, and the thread of the block that waits on it. */
    struct Place {
        Worker* worker;
        std::unique_ptr<Fiber> fiber;
        std::uint32_t thread = 0;
        int line = 0;
    };

    /** The checked build takes blocks, and threads between barriers, last first: what hangs on the order shows. */
    static std::uint64_t inOrder(std::uint64_t i, std::uint64_t n) {
#ifdef GRADUS_CHECKED
        return n - 1 - i;
#else
        (void) n;
        return i;
#endif
    }

    void runBlock(std::uint64_t number) {
        const Extent& grid = current->blocks;
        state.block = {static_cast<unsigned>(number % grid.x), static_cast<unsigned>(number / grid.x % grid.y),
                       static_cast<unsigned>(number / grid.x / grid.y)};
        state.blockNumber = number;
        state.blockBegan = ++state.epoch;
        count = static_cast<std::uint32_t>(current->threads.count());
        begun = 0;
        finished = 0;
        cancelled = false;
        waiting.clear();
        resumed.clear();
        while (begun < count && !current->failed) {
            enter(idlePlace());
        }
        while (!waiting.empty()) {
            cancelled = current->failed || !barrierIsWhole();
            resumed.swap(waiting);
            waiting.clear();
            ++state.epoch;
            for (std::size_t i = 0; i < resumed.size(); i++) {
                Place* place = resumed[inOrder(i, resumed.size())];
                become(place->thread);
                enter(place);
                cancelled |= current->failed;
            }
        }
    }

    bool barrierIsWhole() {
        const Place* first = waiting.front();
        if (waiting.size() < count) {
            record(*current, std::string(state.kernel) + ": divergent barrier: of block " + described(state.block) + " "
                    + std::to_string(waiting.size()) + " threads wait at line " + std::to_string(first->line) + ", "
                    + std::to_string(count - waiting.size()) + " have ended");
            return false;
        }
        for (const Place* place : waiting) {
            if (place->line != first->line) {
                record(*current, std::string(state.kernel) + ": divergent barrier: of block " + described(state.block) + " thread "
                        + std::to_string(first->thread) + " waits at line " + std::to_string(first->line) + ", thread "
                        + std::to_string(place->thread) + " at line " + std::to_string(place->line));
                return false;
            }
        }
        return true;
    }

    void enter(Place* place) {
        running = place;
        place->fiber->enter();
    }

    Place* idlePlace() {
        if (idle.empty()) {
            places.push_back(std::make_unique<Place>());
            Place* place = places.back().get();
            place->worker = this;
            place->fiber = std::make_unique<Fiber>([](void* p) { live(*static_cast<Place*>(p)); }, place);
            idle.push_back(place);
        }
        Place* place = idle.back();
        idle.pop_back();
        return place;
    }

    void become(std::uint32_t thread) {
        const Extent& e = current->threads;
        state.threadNumber = thread;
        state.thread = {thread % e.x, thread / e.x % e.y, thread / e.x / e.y};
    }

    /** The life of a fiber: threads of the block as long as there are any, then idle until the next block wants it. */
    static void live(Place& place) {
        Worker& worker = *place.worker;
        while (true) {
            while (worker.begun < worker.count && !worker.current->failed) {
                worker.become(static_cast<std::uint32_t>(inOrder(worker.begun++, worker.count)));
                try {
                    worker.current->body(worker.current->argument);
                } catch (const Stop&) {
                }
                worker.finished++;
            }
            worker.idle.push_back(&place);
            place.fiber->giveWay();
        }
    }

    State state;
    Launch* current = nullptr;
    Place* running = nullptr;
    std::uint32_t count = 0;
    std::uint32_t begun = 0;
    std::uint32_t finished = 0;
    bool cancelled = false;
    std::vector<std::unique_ptr<Place>> places;
    std::vector<Place*> idle;
    std::vector<Place*> waiting;
    std::vector<Place*> resumed;
};

thread_local Worker worker;

/** Threads of the CPU that help the one that launches. */
class Helpers {
public:
    ~Helpers() { resize(0); }

    void resize(int helpers) {
        {
            std::lock_guard hold(lock);
            ending = true;
            wake.notify_all();
        }
        for (std::thread& t : threads) {
            t.join();
        }
        threads.clear();
        ending = false;
        for (int i = 0; i < helpers; i++) {
            threads.emplace_back([this, begin = turn] { help(begin); });
        }
    }

    void work(Launch& launch) {
        const std::uint64_t blocks = launch.blocks.count();
        if (blocks > 1 && !threads.empty()) {
            std::unique_lock hold(lock);
            job = &launch;
            busy = static_cast<int>(threads.size());
            turn++;
            wake.notify_all();
            hold.unlock();
            worker.work(launch);
            hold.lock();
            done.wait(hold, [this] { return busy == 0; });
            job = nullptr;
        } else {
            worker.work(launch);
        }
    }

private:
    void help(std::uint64_t seen) {
        std::unique_lock hold(lock);
        while (true) {
            wake.wait(hold, [&] { return ending || turn != seen; });
            if (ending) {
                return;
            }
            seen = turn;
            Launch& launch = *job;
            hold.unlock();
            worker.work(launch);
            hold.lock();
            if (--busy == 0) {
                done.notify_one();
            }
        }
    }

    std::mutex lock;
    std::condition_variable wake;
    std::condition_variable done;
    std::vector<std::thread> threads;
    Launch* job = nullptr;
    std::uint64_t turn = 0;
    int busy = 0;
    bool ending = false;
};

std::mutex oneLaunchAtATime;
Helpers helpers;

}  // namespace

int run(const char* kernel, Extent blocks, Extent threads, void (*body)(void*), void* argument) {
    std::lock_guard hold(oneLaunchAtATime);
    Launch launch{kernel, blocks, threads, body, argument};
    if (threads.count() == 0 || threads.count() > MOST_THREADS || blocks.count() == 0 || blocks.y > 65535 || blocks.z > 65535) {
        record(launch, std::string(kernel) + ": a launch of " + described(blocks) + " blocks of " + described(threads)
                + " threads; a block has 1 to 1024 threads, a grid at least one block and at most 65535 along y and z");
    } else {
        helpers.work(launch);
    }
    return launch.failed ? FAULT : 0;
}

void barrier(int line) {
    worker.wait(line);
}

void fault(const std::string& what) {
    worker.stop(what);
}

const char* lastFault() {
    std::lock_guard hold(faultLock);
    static thread_local std::string copy;
    copy = faultText;
    return copy.c_str();
}

void useProcessors(int count) {
#ifdef GRADUS_CHECKED
    count = 1;  // the shadow of memory belongs to one thread
#endif
    std::lock_guard hold(oneLaunchAtATime);
    helpers.resize(std::max(count, 1) - 1);
}

}  // namespace gradus::emulator
