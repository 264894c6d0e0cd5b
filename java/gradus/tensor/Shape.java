package gradus.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The extents of a tensor, outermost first. A scalar has no extents and one element.
 *
 * <p>Extents are at least 0 and their product is below 2³¹.
 */
public final class Shape {
    /** The shape of a scalar. */
    public static final Shape SCALAR = new Shape();

    private final int[] dims;
    private final int size;
    private int[] steps;

    private Shape(int... dims) {
        this.dims = dims;
        long product = 1;
        for (int d : dims) {
            if (d < 0) {
                throw new ShapeException("shape " + Arrays.toString(dims) + " has a negative extent");
            }
            product *= d;
            if (product > Integer.MAX_VALUE) {
                throw new ShapeException("shape " + Arrays.toString(dims) + " has 2^31 elements or more; split the tensor");
            }
        }
        this.size = (int) product;
    }

    /** The shape with these extents. */
    public static Shape of(int... dims) {
        return dims.length == 0 ? SCALAR : new Shape(dims.clone());
    }

    /** Number of dimensions. */
    public int rank() {
        return dims.length;
    }

    /** Number of elements. */
    public int size() {
        return size;
    }

    /** Extent of a dimension; negative axes count from the end. */
    public int dim(int axis) {
        return dims[axis(axis)];
    }

    /** All extents, as a copy. */
    public int[] dims() {
        return dims.clone();
    }

    /** The axis with negatives resolved; an axis out of range is an error. */
    public int axis(int axis) {
        int resolved = axis < 0 ? axis + dims.length : axis;
        if (resolved < 0 || resolved >= dims.length) {
            throw new ShapeException("axis " + axis + " is out of range for shape " + this);
        }
        return resolved;
    }

    /** Strides, in elements, of a row-major (C order) tensor of this shape. */
    public int[] rowMajorStrides() {
        return sharedStrides().clone();
    }

    /** The row-major strides, one array for all tensors of this shape: not to be changed. Two threads may both compute it; either array does. */
    int[] sharedStrides() {
        int[] known = steps;
        if (known == null) {
            known = new int[dims.length];
            int step = 1;
            for (int i = dims.length - 1; i >= 0; i--) {
                known[i] = step;
                step *= Math.max(1, dims[i]);
            }
            steps = known;
        }
        return known;
    }

    /** This shape with one extent replaced. */
    public Shape with(int axis, int extent) {
        int[] copy = dims.clone();
        copy[axis(axis)] = extent;
        return new Shape(copy);
    }

    /** This shape without one axis. */
    public Shape without(int axis) {
        int drop = axis(axis);
        int[] rest = new int[dims.length - 1];
        for (int i = 0, j = 0; i < dims.length; i++) {
            if (i != drop) {
                rest[j++] = dims[i];
            }
        }
        return of(rest);
    }

    /** The common shape of two operands under NumPy's broadcasting rules; {@code operation} is named in the error. */
    public static Shape broadcast(String operation, Shape a, Shape b) {
        if (a.equals(b)) {
            return a;
        }
        int rank = Math.max(a.rank(), b.rank());
        int[] dims = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int x = i <= a.rank() ? a.dims[a.rank() - i] : 1;
            int y = i <= b.rank() ? b.dims[b.rank() - i] : 1;
            if (x != y && x != 1 && y != 1) {
                throw new ShapeException(operation + ": shapes " + a + " and " + b + " do not broadcast: extent " + x + " against "
                        + y + " at axis " + (rank - i));
            }
            dims[rank - i] = x == 1 ? y : x;
        }
        return of(dims);
    }

    @Override
    public boolean equals(Object other) {
        return other == this || other instanceof Shape s && Arrays.equals(dims, s.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** The extents in brackets: {@code [32, 3, 28, 28]}. */
    @Override
    public String toString() {
        return Arrays.stream(dims).mapToObj(Integer::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
