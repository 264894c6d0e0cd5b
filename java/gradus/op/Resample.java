package gradus.op;

import gradus.backend.Backend;
import gradus.backend.ResizeShape;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/** Images [N, C, H, W] at another resolution; linear, so gradient and operation are each other's transposes. */
public sealed interface Resample extends Op {
    /** The extents and the mode. */
    ResizeShape shape();

    /** Nearest or bilinear; {@link ResizeShape.Mode} has the rules. */
    record Resize(Value x, ResizeShape shape) implements Resample {
        @Override
        public List<Value> inputs() {
            return List.of(x);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.convolutions().resize(shape, x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> Activation.through(x, (backend, target) -> backend.resizeGradient(shape, g.tensor(), target),
                    () -> g.tape().apply(new ResizeGradient(g, shape))));
        }
    }

    /** Each element of g goes back, weighted, to the places that it was made of. */
    record ResizeGradient(Value g, ResizeShape shape) implements Resample {
        @Override
        public List<Value> inputs() {
            return List.of(g);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.convolutions().resizeGradient(shape, g.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value dx, Value u) {
            return List.of(() -> u.tape().apply(new Resize(u, shape)));
        }
    }
}
