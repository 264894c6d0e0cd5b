package gradus.data;

import gradus.tensor.ShapeException;
import gradus.tensor.Storage;
import gradus.tensor.Tensor;

/** One batch of an epoch: which rows of the data it holds. Made by {@link Batches}. */
public final class Batch {
    private final int number;
    private final int from;
    private final int to;
    private final int[] order;

    Batch(int number, int from, int to, int[] order) {
        this.number = number;
        this.from = from;
        this.to = to;
        this.order = order;
    }

    /** Place in the epoch, from 0. */
    public int number() {
        return number;
    }

    /** Number of rows. */
    public int size() {
        return to - from;
    }

    /** The data's row at place {@code i} of the batch. */
    public int row(int i) {
        return order == null ? from + i : order[from + i];
    }

    /** The rows at the places from ≤ i &lt; to of this batch, as a batch with the same number. */
    public Batch part(int from, int to) {
        if (from < 0 || to < from || to > size()) {
            throw new IndexOutOfBoundsException("batch: places " + from + " to " + to + " of a batch of " + size());
        }
        return new Batch(number, this.from + from, this.from + to, order);
    }

    /** The batch's rows of a tensor, along its first axis: a view in file order, else a copy. */
    public Tensor of(Tensor data) {
        return order == null ? data.slice(0, from, to) : into(data.dtype().zeros(data.shape().with(0, size()).size()), data);
    }

    /** The batch's rows copied to the beginning of a storage that is used again and again. The data must lie dense on the heap. */
    public Tensor into(Storage target, Tensor data) {
        Tensor source = data.isContiguous() ? data : data.copy();
        int width = source.size() == 0 ? 0 : source.size() / source.dim(0);
        Object values = array(source.storage());
        Object place = array(target);
        for (int i = 0; i < size(); i++) {
            if (row(i) >= source.dim(0)) {
                throw new ShapeException("batch: row " + row(i) + " of data " + data.shape() + "; wanted data with the rows that the batches were made for");
            }
            System.arraycopy(values, source.offset() + row(i) * width, place, i * width, width);
        }
        return Tensor.over(target, data.shape().with(0, size()));
    }

    private static Object array(Storage storage) {
        return switch (storage) {
            case Storage.Floats f -> f.array();
            case Storage.Doubles d -> d.array();
            default -> throw new IllegalStateException("batch: rows are taken from and to tensors on the heap");
        };
    }

    /** The batch's entries of a list of labels. */
    public int[] of(int[] labels) {
        int[] out = new int[size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = labels[row(i)];
        }
        return out;
    }
}
