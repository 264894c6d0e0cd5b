package gradus.data;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.IntUnaryOperator;

/**
 * The batches of one epoch: the rows of a data set in file order or shuffled, {@code size} at a time. The last batch is shorter when the rows do not divide, and can be dropped.
 */
public final class Batches implements Iterable<Batch> {
    private final int[] order;
    private final int rows;
    private final int size;

    private Batches(int[] order, int rows, int size) {
        if (rows < 0 || size < 1) {
            throw new IllegalArgumentException("batches: " + rows + " rows in batches of " + size + "; wanted rows ≥ 0 and a size ≥ 1");
        }
        this.order = order;
        this.rows = rows;
        this.size = size;
    }

    /** Batches in file order. Their tensors are views. */
    public static Batches inOrder(int rows, int size) {
        return new Batches(null, rows, size);
    }

    /**
     * Batches of the rows in an order drawn by {@link #permutation}.
     *
     * @param below draws a uniform integer at least 0 and below its argument, from a named stream
     */
    public static Batches shuffled(int rows, int size, IntUnaryOperator below) {
        return new Batches(permutation(rows, below), rows, size);
    }

    /** Batches of the rows in the given order. */
    public static Batches of(int[] order, int size) {
        return new Batches(order.clone(), order.length, size);
    }

    /** The same batches without a last one that is short. */
    public Batches withoutShortLast() {
        return new Batches(order, rows - rows % size, size);
    }

    /**
     * A random order of 0 … rows − 1 by Durstenfeld's shuffle: for i = rows − 1 down to 1, exchange places i and {@code below(i + 1)}.
     */
    public static int[] permutation(int rows, IntUnaryOperator below) {
        int[] order = new int[rows];
        for (int i = 0; i < rows; i++) {
            order[i] = i;
        }
        for (int i = rows - 1; i > 0; i--) {
            int j = below.applyAsInt(i + 1);
            int held = order[i];
            order[i] = order[j];
            order[j] = held;
        }
        return order;
    }

    /** Number of batches. */
    public int count() {
        return (int) ((rows + size - 1L) / size);
    }

    /** One batch by its number from 0. */
    public Batch get(int number) {
        if (number < 0 || number >= count()) {
            throw new IndexOutOfBoundsException("batch " + number + " of " + count());
        }
        return new Batch(number, number * size, Math.min(rows, number * size + size), order);
    }

    @Override
    public Iterator<Batch> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < count();
            }

            @Override
            public Batch next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return get(next++);
            }
        };
    }
}
