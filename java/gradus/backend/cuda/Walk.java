package gradus.backend.cuda;

import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How a kernel walks over several operands by one index in row-major order: extents, and the stride of each operand along each axis, with axes
 * merged where all operands allow it.
 */
record Walk(int[] extents, int[][] strides) {
    /** Axes that a kernel takes. */
    static final int MOST_AXES = 8;

    /** A part of a walk that a kernel takes at once: where each operand begins, which indices it covers, and the form of {@code launchers.h}. */
    record Part(int[] offsets, int first, int size, int[] flat) {}

    /** The walk over tensors, each broadcast to the shape. */
    static Walk of(Shape shape, Tensor... operands) {
        int[] axes = new int[shape.rank()];
        Arrays.setAll(axes, i -> i);
        Tensor[] full = new Tensor[operands.length];
        for (int o = 0; o < operands.length; o++) {
            full[o] = operands[o].broadcastTo(shape);
        }
        return over(axes, full);
    }

    /** The walk over some axes of tensors of one shape, in the order given. */
    static Walk over(int[] axes, Tensor... operands) {
        int[] extents = new int[axes.length];
        int[][] strides = new int[operands.length][axes.length];
        int rank = 0;
        for (int axis : axes) {
            int extent = operands[0].dim(axis);
            if (extent == 1) {
                continue;
            }
            boolean merges = rank > 0;
            for (int o = 0; o < operands.length && merges; o++) {
                merges = strides[o][rank - 1] == (long) operands[o].stride(axis) * extent;
            }
            rank += merges ? 0 : 1;
            extents[rank - 1] = merges ? extents[rank - 1] * extent : extent;
            for (int o = 0; o < operands.length; o++) {
                strides[o][rank - 1] = operands[o].stride(axis);
            }
        }
        if (rank == 0) {
            return new Walk(new int[] {1}, new int[operands.length][1]);
        }
        int axesLeft = rank;
        return new Walk(Arrays.copyOf(extents, rank), Arrays.stream(strides).map(s -> Arrays.copyOf(s, axesLeft)).toArray(int[][]::new));
    }

    int rank() {
        return extents.length;
    }

    /** The whole walk, or one part for each index of the axes that are too many. */
    List<Part> parts() {
        int outer = Math.max(0, rank() - MOST_AXES);
        int outerSize = product(extents, 0, outer);
        int innerSize = product(extents, outer, rank());
        List<Part> parts = new ArrayList<>(outerSize);
        for (int i = 0; i < outerSize; i++) {
            int[] offsets = new int[strides.length];
            int rest = i;
            for (int axis = outer - 1; axis >= 0; axis--) {
                for (int o = 0; o < offsets.length; o++) {
                    offsets[o] += rest % extents[axis] * strides[o][axis];
                }
                rest /= extents[axis];
            }
            parts.add(new Part(offsets, i * innerSize, innerSize, flat(outer)));
        }
        return parts;
    }

    /** [rank, extents…, strides of each operand…] of the axes from one on. */
    int[] flat(int from) {
        int n = rank() - from;
        int[] flat = new int[1 + n * (1 + strides.length)];
        flat[0] = n;
        System.arraycopy(extents, from, flat, 1, n);
        for (int o = 0; o < strides.length; o++) {
            System.arraycopy(strides[o], from, flat, 1 + n * (o + 1), n);
        }
        return flat;
    }

    private static int product(int[] values, int from, int to) {
        int p = 1;
        for (int i = from; i < to; i++) {
            p *= values[i];
        }
        return p;
    }
}
