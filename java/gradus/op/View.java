package gradus.op;

import gradus.backend.Backend;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Operations that move elements and compute nothing; most are views and copy nothing. */
public sealed interface View extends Op {
    /** One operand. */
    sealed interface Unary extends View {
        /** The operand. */
        Value x();

        @Override
        default List<Value> inputs() {
            return List.of(x());
        }
    }

    /** The same elements, in row-major order, in another shape. */
    record Reshape(Value x, Shape shape) implements Unary {
        /** Checks the sizes. */
        public Reshape {
            if (shape.size() != x.size()) {
                throw new ShapeException("reshape: shape " + x.shape() + " of " + x.size() + " elements does not fit " + shape);
            }
        }

        @Override
        public Tensor forward(Backend backend) {
            Tensor t = x.tensor();
            boolean keepsSamples = t.batchBlock() > 0 && shape.rank() >= 2 && shape.dim(0) == t.dim(0);
            return (keepsSamples ? t : backend.contiguous(t)).reshape(shape);
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.reshape(x.shape()));
        }
    }

    /** The axes in another order. */
    record Permute(Value x, int[] axes) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return (x.tensor().batchBlock() > 0 ? backend.contiguous(x.tensor()) : x.tensor()).permute(axes);
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            int[] inverse = new int[axes.length];
            for (int i = 0; i < axes.length; i++) {
                inverse[x.shape().axis(axes[i])] = i;
            }
            return List.of(() -> g.permute(inverse));
        }
    }

    /** The indices from ≤ i &lt; to along an axis. */
    record Slice(Value x, int axis, int from, int to) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return (x.tensor().batchBlock() > 0 ? backend.contiguous(x.tensor()) : x.tensor()).slice(axis, from, to);
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.pad(axis, from, x.shape().dim(axis) - to));
        }
    }

    /** Zeros before and after along an axis. */
    record Pad(Value x, int axis, int before, int after) implements Unary {
        /** Checks the widths. */
        public Pad {
            if (before < 0 || after < 0) {
                throw new ShapeException("pad: widths " + before + " and " + after + " of axis " + axis + " must not be negative");
            }
        }

        @Override
        public Tensor forward(Backend backend) {
            int extent = x.shape().dim(axis);
            Tensor y = backend.allocate(x.dtype(), x.shape().with(axis, before + extent + after));
            backend.fill(y.slice(axis, 0, before), 0);
            backend.copy(x.tensor(), y.slice(axis, before, before + extent));
            backend.fill(y.slice(axis, before + extent, before + extent + after), 0);
            return y;
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.slice(axis, before, before + x.shape().dim(axis)));
        }
    }

    /** Extents of 1 and missing leading axes repeated; the gradient is the sum over what was repeated. */
    record Broadcast(Value x, Shape shape) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return backend.contiguous(x.tensor()).broadcastTo(shape);
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g);
        }
    }

    /** Several values, one after the other along an axis; the other extents agree. */
    record Concat(List<Value> inputs, int axis) implements View {
        /** Checks the shapes. */
        public Concat {
            inputs = List.copyOf(inputs);
            Shape first = inputs.getFirst().shape();
            for (Value v : inputs) {
                if (v.shape().rank() != first.rank() || !v.shape().with(axis, 0).equals(first.with(axis, 0))) {
                    throw new ShapeException("concat: shapes " + first + " and " + v.shape() + " differ outside axis " + axis);
                }
                if (v.dtype() != inputs.getFirst().dtype()) {
                    throw new ShapeException("concat: operands are " + inputs.getFirst().tensor() + " and " + v.tensor() + "; convert one of them");
                }
            }
        }

        @Override
        public Tensor forward(Backend backend) {
            int total = inputs.stream().mapToInt(v -> v.shape().dim(axis)).sum();
            Value first = inputs.getFirst();
            Tensor y = backend.allocate(first.dtype(), first.shape().with(axis, total));
            int start = 0;
            for (Value v : inputs) {
                int extent = v.shape().dim(axis);
                backend.copy(v.tensor(), y.slice(axis, start, start + extent));
                start += extent;
            }
            return y;
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            List<Supplier<Value>> parts = new ArrayList<>();
            int start = 0;
            for (Value v : inputs) {
                int from = start;
                int to = start + v.shape().dim(axis);
                parts.add(() -> g.slice(axis, from, to));
                start = to;
            }
            return parts;
        }

        @Override
        public String toString() {
            return "concat " + Arrays.toString(inputs.toArray());
        }
    }
}
