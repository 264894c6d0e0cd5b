package gradus.op;

import gradus.backend.Backend;
import gradus.backend.ReduceShape;
import gradus.backend.Reduction;
import gradus.backend.Zip;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/** Folds over axes, which stay with extent 1; no axes means all. The order of every sum is fixed: see {@link Reduction}. */
public sealed interface Reduce extends Op {
    /** The operand. */
    Value x();

    /** The folded axes; none means all. */
    int[] axes();

    @Override
    default List<Value> inputs() {
        return List.of(x());
    }

    /** y = Σ x. */
    record Sum(Value x, int[] axes) implements Reduce {
        @Override
        public Tensor forward(Backend backend) {
            return backend.reduce(Reduction.SUM, x.tensor(), axes);
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.broadcastTo(x.shape()));
        }
    }

    /** y = (Σ x) / n; NaN when there is nothing to fold. */
    record Mean(Value x, int[] axes) implements Reduce {
        @Override
        public Tensor forward(Backend backend) {
            Tensor sum = backend.reduce(Reduction.SUM, x.tensor(), axes);
            Tensor y = backend.zip(Zip.DIVIDE, sum, terms());
            backend.release(sum);
            return y;
        }

        private double terms() {
            int kept = ReduceShape.kept(x.shape(), ReduceShape.folded(x.shape(), axes)).size();
            return kept == 0 ? 0 : (double) x.size() / kept;
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.dividedBy(terms()).broadcastTo(x.shape()));
        }
    }

    /** y = Σ x². */
    record SumOfSquares(Value x, int[] axes) implements Reduce {
        @Override
        public Tensor forward(Backend backend) {
            return backend.reduce(Reduction.SUM_OF_SQUARES, x.tensor(), axes);
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> x.times(g.times(2)));
        }
    }

    /** y = max x or min x; the gradient is shared evenly among the ties, as in PyTorch's {@code amax}. */
    record Extreme(Value x, Reduction which, int[] axes) implements Reduce {
        /** Checks that it is an extreme. */
        public Extreme {
            if (which != Reduction.MAX && which != Reduction.MIN) {
                throw new IllegalArgumentException("extreme: " + which + " is neither MAX nor MIN");
            }
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.reduce(which, x.tensor(), axes);
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> {
                Value ties = x.equalTo(y);
                Value count = ties.tape().apply(new Sum(ties, axes));
                return ties.times(g.dividedBy(count));
            });
        }
    }
}
