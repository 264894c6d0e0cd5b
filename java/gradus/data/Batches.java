package gradus.data;

import gradus.numerics.RandomStream;
import java.util.Iterator;
import java.util.NoSuchElementException;

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

    /** Batches of the rows in an order drawn from a named stream ({@link RandomStream#permutation}). */
    public static Batches shuffled(int rows, int size, RandomStream stream) {
        return new Batches(stream.permutation(rows), rows, size);
    }

    /** Batches of the rows in the given order. */
    public static Batches of(int[] order, int size) {
        return new Batches(order.clone(), order.length, size);
    }

    /** The same batches without a last one that is short. */
    public Batches withoutShortLast() {
        return new Batches(order, rows - rows % size, size);
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
