package gradus.op;

import gradus.backend.Backend;
import gradus.backend.PoolShape;
import gradus.backend.Window;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/** Maxima and averages over windows of images [N, C, H, W], and their gradients, which are linear and each other's transposes. */
public sealed interface Pooling extends Op {
    /** The extents. */
    PoolShape shape();

    /** The largest tap of each window; NaN when one is; −∞, to which no gradient flows, where a window with gaps lies in padding alone. */
    record MaxPool(Value x, PoolShape shape) implements Pooling {
        /** Refuses padding of more than half a window, as PyTorch does: whole windows would lie in it. */
        public MaxPool {
            Window w = shape.window();
            if (2 * Math.max(w.top(), w.bottom()) > w.kernelHeight() || 2 * Math.max(w.left(), w.right()) > w.kernelWidth()) {
                throw new ShapeException("max pooling: padding " + w.top() + ", " + w.bottom() + ", " + w.left() + ", " + w.right() + " is more than half of the kernel "
                        + w.kernelHeight() + "×" + w.kernelWidth() + "; whole windows would lie in padding, where there is no largest element");
            }
        }

        @Override
        public List<Value> inputs() {
            return List.of(x);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.convolutions().maxPool(shape, x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> Activation.through(x, (backend, target) -> backend.maxPoolGradient(shape, g.tensor(), target),
                    () -> g.tape().apply(new MaxPoolGradient(g, x, shape))));
        }
    }

    /** Each element of g goes to the winner of its window of x: of equals the first in scan order. */
    record MaxPoolGradient(Value g, Value x, PoolShape shape) implements Pooling {
        @Override
        public List<Value> inputs() {
            return List.of(g, x);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.convolutions().maxPoolGradient(shape, g.tensor(), x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value dx, Value u) {
            return List.of(() -> u.tape().apply(new MaxPoolPick(u, x, shape)), () -> u.times(0));
        }
    }

    /** The element of u at the winner of each window of x. */
    record MaxPoolPick(Value u, Value x, PoolShape shape) implements Pooling {
        @Override
        public List<Value> inputs() {
            return List.of(u, x);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.convolutions().maxPoolPick(shape, u.tensor(), x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.tape().apply(new MaxPoolGradient(g, x, shape)), () -> u.times(0));
        }
    }

    /** The mean of each window; {@link PoolShape#countsPadding} says by what it divides at the border. */
    record AveragePool(Value x, PoolShape shape) implements Pooling {
        @Override
        public List<Value> inputs() {
            return List.of(x);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.convolutions().averagePool(shape, x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.tape().apply(new AveragePoolGradient(g, shape)));
        }
    }

    /** Each element of g, divided, goes to all taps of its window. */
    record AveragePoolGradient(Value g, PoolShape shape) implements Pooling {
        @Override
        public List<Value> inputs() {
            return List.of(g);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.convolutions().averagePoolGradient(shape, g.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value dx, Value u) {
            return List.of(() -> u.tape().apply(new AveragePool(u, shape)));
        }
    }
}
