// A straight line of element-by-element steps (gradus.backend.Formula) over several runs of memory in one launch: an update rule over all parameters. A
// thread reads an element of each operand, walks through the steps, which are the same for all threads, and writes what is replaced; memory is touched once.
#include "functions.cuh"
#include "walk.cuh"

namespace gradus {

constexpr int MOST_OPERANDS = 12;
constexpr int MOST_STEPS = 48;
/** Segments of one launch, and addresses of all their operands: Adam has four, so 48 of its parameters are one launch. */
constexpr int MOST_SEGMENTS = 48;
constexpr int MOST_ADDRESSES = 192;

/** What a step does: f(place a), f(place a, place b), or f(place a, the step's scalar). */
enum Kind : unsigned char { MAP, PAIR, SCALAR };

struct Step {
    Kind kind;
    unsigned char function, a, b;
};

template <class T>
struct Line {
    int operands, steps, results, segments;
    Step step[MOST_STEPS];
    T scalar[MOST_STEPS];
    unsigned char from[MOST_OPERANDS];
    unsigned char to[MOST_OPERANDS];
    /** Elements up to the end of each segment. */
    unsigned end[MOST_SEGMENTS];
    Global<T> memory[MOST_ADDRESSES];
};

template <class T>
__device__ __noinline__ static T mapped(int function, T x) {
    return apply(static_cast<Function>(function), x);
}
template <class T>
__device__ __noinline__ static T zipped(int function, T a, T b) {
    return zip(static_cast<Zip>(function), a, b);
}

template <class T>
__global__ void evaluateKernel(const __grid_constant__ Line<T> line) {
    const unsigned n = line.end[line.segments - 1];
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
        int segment = 0;
        while (i >= line.end[segment]) {
            segment++;
        }
        const unsigned at = segment == 0 ? i : i - line.end[segment - 1];
        T place[MOST_OPERANDS + MOST_STEPS];
        for (int o = 0; o < line.operands; o++) {
            place[o] = line.memory[segment * line.operands + o][at];
        }
        for (int s = 0; s < line.steps; s++) {
            const Step step = line.step[s];
            const T a = place[step.a];
            place[line.operands + s] = step.kind == MAP ? mapped(step.function, a) : zipped(step.function, a, step.kind == PAIR ? place[step.b] : line.scalar[s]);
        }
        for (int r = 0; r < line.results; r++) {
            line.memory[segment * line.operands + line.to[r]][at] = place[line.from[r]];
        }
    }
}

GRADUS_EXPORT int gradus_evaluate(void* stream, int type, const int* formula, const double* scalars, int segments, const int* lengths,
                                  const long long* addresses) {
    return withType(type, [&]<class T>(T) {
        Line<T> line{};
        const int* next = formula;
        line.operands = *next++;
        line.steps = *next++;
        line.results = *next++;
        for (int s = 0; s < line.steps; s++, next += 4) {
            line.step[s] = {static_cast<Kind>(next[0]), static_cast<unsigned char>(next[1]), static_cast<unsigned char>(next[2]),
                            static_cast<unsigned char>(next[3])};
            line.scalar[s] = static_cast<T>(scalars[s]);
        }
        for (int r = 0; r < line.results; r++, next += 2) {
            line.from[r] = static_cast<unsigned char>(next[0]);
            line.to[r] = static_cast<unsigned char>(next[1]);
        }
        const int most = MOST_ADDRESSES / line.operands < MOST_SEGMENTS ? MOST_ADDRESSES / line.operands : MOST_SEGMENTS;
        for (int first = 0; first < segments; first += most) {
            unsigned end = 0;
            line.segments = segments - first < most ? segments - first : most;
            for (int s = 0; s < line.segments; s++) {
                line.end[s] = end += static_cast<unsigned>(lengths[first + s]);
                for (int o = 0; o < line.operands; o++) {
                    line.memory[s * line.operands + o] = reinterpret_cast<T*>(addresses[(first + s) * line.operands + o]);
                }
            }
            const int status = end == 0 ? 0 : launch("formula", evaluateKernel<T>, walkingBlocks(end), WALKERS, stream, line);
            if (status != 0) {
                return status;
            }
        }
        return 0;
    });
}

}  // namespace gradus
