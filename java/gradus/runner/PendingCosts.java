package gradus.runner;

import gradus.backend.Backend;
import gradus.op.Value;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;

/**
 * Costs of steps that were sent to a device and are not read yet. To read one is to wait until the device has done all that was sent before it, so they are read
 * together, {@value #MOST} at a time. Where results lie on the heap each is read at once.
 */
final class PendingCosts implements AutoCloseable {
    private static final int MOST = 32;

    /** Takes the costs in the order of their steps. */
    interface Reader {
        void cost(int batch, double cost, DType dtype);
    }

    private final Backend backend;
    private final Reader reader;
    private final int[] batches = new int[MOST];
    private Tensor waiting;
    private int count;

    PendingCosts(Backend backend, Reader reader) {
        this.backend = backend;
        this.reader = reader;
    }

    void add(int batch, Value loss) {
        if (loss.tensor().storage().isOnHeap()) {
            reader.cost(batch, loss.item(), loss.dtype());
            return;
        }
        if (waiting == null) {
            waiting = backend.allocate(loss.dtype(), Shape.of(MOST));
        }
        backend.copy(loss.tensor().reshape(1), waiting.slice(0, count, count + 1));
        batches[count++] = batch;
        if (count == MOST) {
            read();
        }
    }

    /** Reads what was not read yet. */
    void read() {
        if (count > 0) {
            double[] costs = backend.download(waiting.slice(0, 0, count)).toDoubles();
            count = 0;
            for (int i = 0; i < costs.length; i++) {
                reader.cost(batches[i], costs[i], waiting.dtype());
            }
        }
    }

    @Override
    public void close() {
        if (waiting != null) {
            backend.release(waiting);
        }
    }
}
