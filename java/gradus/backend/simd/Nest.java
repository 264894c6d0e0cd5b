package gradus.backend.simd;

import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.Arrays;

/**
 * The loops over a result and its operands. Axes of extent 1 are dropped, and neighbouring axes that every operand passes through at one pace
 * are one loop, so that the innermost loop is as long as the layouts allow.
 */
final class Nest {
    /** Extents, outermost first; at least one. */
    final int[] extents;
    /** Distances between neighbours, by operand and loop. */
    final int[][] steps;

    private Nest(int[] extents, int[][] steps) {
        this.extents = extents;
        this.steps = steps;
    }

    /** The loops over all {@code dims}; {@code strides} has a row for each operand. */
    static Nest of(int[] dims, int[]... strides) {
        int[] extents = new int[Math.max(1, dims.length)];
        int[][] steps = new int[strides.length][extents.length];
        extents[0] = 1;
        int loops = 0;
        for (int axis = 0; axis < dims.length; axis++) {
            if (dims[axis] == 1) {
                continue;
            }
            if (loops > 0 && joins(strides, steps, axis, loops - 1, dims[axis])) {
                extents[loops - 1] *= dims[axis];
            } else {
                extents[loops++] = dims[axis];
            }
            for (int t = 0; t < strides.length; t++) {
                steps[t][loops - 1] = strides[t][axis];
            }
        }
        return new Nest(Arrays.copyOf(extents, Math.max(1, loops)), steps);
    }

    /** The loops over {@code count} runs of {@code length} elements side by side, a step apart, for one operand. */
    static Nest ofRuns(int count, int step, int length) {
        return length == 1 ? new Nest(new int[] {count}, new int[][] {{step}})
                : count == 1 ? new Nest(new int[] {length}, new int[][] {{1}})
                : new Nest(new int[] {count, length}, new int[][] {{step, 1}});
    }

    private static boolean joins(int[][] strides, int[][] steps, int axis, int loop, int extent) {
        for (int t = 0; t < strides.length; t++) {
            if (steps[t][loop] != strides[t][axis] * extent) {
                return false;
            }
        }
        return true;
    }

    /** Strides of a strided tensor that is broadcast to a shape. */
    static int[] strides(Tensor t, Shape shape) {
        int[] strides = new int[shape.rank()];
        int lead = shape.rank() - t.rank();
        for (int axis = 0; axis < t.rank(); axis++) {
            strides[lead + axis] = t.dim(axis) == 1 ? 0 : t.stride(axis);
        }
        return strides;
    }

    /** Length of the innermost loop. */
    int inner() {
        return extents[extents.length - 1];
    }

    /** Distance between neighbours in the innermost loop. */
    int innerStep(int operand) {
        return steps[operand][extents.length - 1];
    }

    /** How often the innermost loop runs. */
    int runs() {
        int runs = 1;
        for (int i = 0; i < extents.length - 1; i++) {
            runs *= extents[i];
        }
        return runs;
    }

    /** Goes through the runs from one on; {@code starts} are the places of each operand's first element. */
    Walk walk(int from, int... starts) {
        return new Walk(from, starts);
    }

    /** Where each operand stands at the beginning of a run. */
    final class Walk {
        /** Places by operand. */
        final int[] place;
        private final int[] index = new int[extents.length];

        private Walk(int from, int[] starts) {
            place = starts;
            int rest = from;
            for (int loop = extents.length - 2; loop >= 0 && rest > 0; loop--) {
                index[loop] = rest % extents[loop];
                rest /= extents[loop];
                for (int t = 0; t < place.length; t++) {
                    place[t] += index[loop] * steps[t][loop];
                }
            }
        }

        /** Moves on to the next run. */
        void next() {
            for (int loop = extents.length - 2; loop >= 0; loop--) {
                boolean wraps = ++index[loop] == extents[loop];
                int by = wraps ? extents[loop] - 1 : -1;
                for (int t = 0; t < place.length; t++) {
                    place[t] -= by * steps[t][loop];
                }
                if (!wraps) {
                    return;
                }
                index[loop] = 0;
            }
        }
    }
}
