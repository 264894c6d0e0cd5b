package gradus.op;

import gradus.backend.Backend;
import gradus.backend.Zip;
import gradus.numerics.Function;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/** Arithmetic and elementary functions, element by element, with NumPy's broadcasting where there are two operands. */
public sealed interface Elementwise extends Op {
    /** Two operands of one type. */
    sealed interface Binary extends Elementwise {
        /** Left operand. */
        Value a();

        /** Right operand. */
        Value b();

        @Override
        default List<Value> inputs() {
            return List.of(a(), b());
        }
    }

    /** One operand. */
    sealed interface Unary extends Elementwise {
        /** The operand. */
        Value x();

        @Override
        default List<Value> inputs() {
            return List.of(x());
        }
    }

    private static void requireSameType(String operation, Value a, Value b) {
        if (a.dtype() != b.dtype()) {
            throw new ShapeException(operation + ": operands are " + a.tensor() + " and " + b.tensor() + "; convert one of them");
        }
    }

    /** y = a + b. */
    record Add(Value a, Value b) implements Binary {
        /** Checks the types. */
        public Add {
            requireSameType("add", a, b);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.zip(Zip.ADD, a.tensor(), b.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g, () -> g);
        }
    }

    /** y = a − b. */
    record Subtract(Value a, Value b) implements Binary {
        /** Checks the types. */
        public Subtract {
            requireSameType("subtract", a, b);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.zip(Zip.SUBTRACT, a.tensor(), b.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g, g::negate);
        }
    }

    /** y = a · b. */
    record Multiply(Value a, Value b) implements Binary {
        /** Checks the types. */
        public Multiply {
            requireSameType("multiply", a, b);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.zip(Zip.MULTIPLY, a.tensor(), b.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.times(b), () -> g.times(a));
        }
    }

    /** y = a / b. */
    record Divide(Value a, Value b) implements Binary {
        /** Checks the types. */
        public Divide {
            requireSameType("divide", a, b);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.zip(Zip.DIVIDE, a.tensor(), b.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.dividedBy(b), () -> g.times(y).dividedBy(b).negate());
        }
    }

    /** y = max(a, b); the gradient of a tie goes half to each side. */
    record Maximum(Value a, Value b) implements Binary {
        /** Checks the types. */
        public Maximum {
            requireSameType("maximum", a, b);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.zip(Zip.MAXIMUM, a.tensor(), b.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.times(share(a, b)), () -> g.times(share(b, a)));
        }
    }

    /** y = min(a, b); the gradient of a tie goes half to each side. */
    record Minimum(Value a, Value b) implements Binary {
        /** Checks the types. */
        public Minimum {
            requireSameType("minimum", a, b);
        }

        @Override
        public Tensor forward(Backend backend) {
            return backend.zip(Zip.MINIMUM, a.tensor(), b.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.times(share(b, a)), () -> g.times(share(a, b)));
        }
    }

    /** 1 where the first is larger, ½ where both are equal, else 0. */
    private static Value share(Value larger, Value smaller) {
        return larger.greater(smaller).plus(larger.equalTo(smaller).times(0.5));
    }

    /** y = x + c. */
    record Shift(Value x, double c) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return backend.zip(Zip.ADD, x.tensor(), c);
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g);
        }
    }

    /** y = c − x. */
    record SubtractFrom(Value x, double c) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return backend.zip(Zip.SUBTRACT_FROM, x.tensor(), c);
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(g::negate);
        }
    }

    /** y = c · x. */
    record Scale(Value x, double c) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return backend.zip(Zip.MULTIPLY, x.tensor(), c);
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.times(c));
        }
    }

    /** y = x / c. */
    record DivideBy(Value x, double c) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return backend.zip(Zip.DIVIDE, x.tensor(), c);
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.dividedBy(c));
        }
    }

    /** y = min(max(x, lower), upper); ∂y/∂x is 1 on lower ≤ x ≤ upper, else 0, as in PyTorch. */
    record Clamp(Value x, double lower, double upper) implements Unary {
        /** Checks the limits. */
        public Clamp {
            if (!(lower <= upper)) {
                throw new IllegalArgumentException("clamp: lower limit " + lower + " is not at most the upper limit " + upper);
            }
        }

        @Override
        public Tensor forward(Backend backend) {
            Tensor raised = backend.zip(Zip.MAXIMUM, x.tensor(), lower);
            Tensor y = backend.zip(Zip.MINIMUM, raised, upper);
            backend.release(raised);
            return y;
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.times(x.equalTo(y)));
        }
    }

    /** y = xⁿ; ∂y/∂x = n·xⁿ⁻¹. float32: correctly rounded. */
    record Power(Value x, int n) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return backend.zip(Zip.INTEGER_POWER, x.tensor(), n);
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> n == 0 ? g.times(0) : g.times(x.power(n - 1).times(n)));
        }
    }

    /** y = −x. */
    record Negate(Value x) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return backend.map(Function.NEG, x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(g::negate);
        }
    }

    /** y = |x|; ∂y/∂x = sign(x), 0 at 0. */
    record Absolute(Value x) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return backend.map(Function.ABS, x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.times(x.sign()));
        }
    }

    /** y = x². */
    record Square(Value x) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return backend.map(Function.SQUARE, x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.times(x.times(2)));
        }
    }

    /** y = √x; ∂y/∂x = 1 / (2y), infinite at 0. */
    record SquareRoot(Value x) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return backend.map(Function.SQRT, x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.dividedBy(y.times(2)));
        }
    }

    /** y = 1 / √x; ∂y/∂x = −y³ / 2. float32: correctly rounded. */
    record ReciprocalSquareRoot(Value x) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return backend.map(Function.RSQRT, x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.times(y.power(3).times(-0.5)));
        }
    }

    /** y = eˣ. float32: correctly rounded. */
    record Exp(Value x) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return backend.map(Function.EXP, x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.times(y));
        }
    }

    /** y = eˣ − 1. float32: correctly rounded. */
    record Expm1(Value x) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return backend.map(Function.EXPM1, x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.times(x.exp()));
        }
    }

    /** y = log x; ∂y/∂x = 1/x. float32: correctly rounded. */
    record Log(Value x) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return backend.map(Function.LOG, x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.dividedBy(x));
        }
    }

    /** y = log(1 + x); ∂y/∂x = 1/(1 + x). float32: correctly rounded. */
    record Log1p(Value x) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return backend.map(Function.LOG1P, x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.dividedBy(x.plus(1)));
        }
    }

    /** y = sin x. float32: correctly rounded. */
    record Sin(Value x) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return backend.map(Function.SIN, x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.times(x.cos()));
        }
    }

    /** y = cos x. float32: correctly rounded. */
    record Cos(Value x) implements Unary {
        @Override
        public Tensor forward(Backend backend) {
            return backend.map(Function.COS, x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.times(x.sin()).negate());
        }
    }

    /** y = erf x; ∂y/∂x = 2/√π · e^(−x²). float32: correctly rounded. */
    record Erf(Value x) implements Unary {
        private static final double TWO_OVER_ROOT_PI = 0x1.20dd750429b6dp0;

        @Override
        public Tensor forward(Backend backend) {
            return backend.map(Function.ERF, x.tensor());
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            return List.of(() -> g.times(x.square().negate().exp().times(TWO_OVER_ROOT_PI)));
        }
    }
}
