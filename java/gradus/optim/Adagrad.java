package gradus.optim;

import gradus.tensor.Tensor;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;

/**
 * Adagrad (Duchi, Hazan and Singer 2011).
 *
 * <pre>
 *   s ← s + g²
 *   PyTorch:  Δw = (g / (√s + ε)) · (−η/(1 + (t − 1)·δ))     s starts at 0
 *   Keras:    Δw = (g / √(s + ε)) · (−η)                     s starts at 0.1
 * </pre>
 *
 * @param initial where s starts
 * @param rateDecay δ, for PyTorch's reading; 0 in Keras'
 */
public record Adagrad(double learningRate, double initial, double epsilon, double rateDecay, Dialect dialect) implements Rule<Adagrad.State> {
    /** The sum of squared gradients. */
    public record State(long count, Tensor sum) implements gradus.optim.State {
        @Override
        public SortedMap<String, Tensor> tensors() {
            return gradus.optim.State.sorted("sum", sum);
        }
    }

    /** {@code torch.optim.Adagrad}: s starts at 0, ε = 1e-10, δ = 0; its default η is 0.01. */
    public static Adagrad torch(double learningRate) {
        return new Adagrad(learningRate, 0, 1e-10, 0, Dialect.TORCH);
    }

    /** {@code keras.optimizers.Adagrad}: s starts at 0.1, ε = 1e-7; its default η is 0.001. */
    public static Adagrad keras(double learningRate) {
        return new Adagrad(learningRate, 0.1, 1e-7, 0, Dialect.KERAS);
    }

    /** {@code keras.optimizers.Adagrad} of Keras 2.3: PyTorch's form, ε = 1e-7; its default η is 0.01. */
    public static Adagrad keras2(double learningRate) {
        return new Adagrad(learningRate, 0, 1e-7, 0, Dialect.TORCH);
    }

    /** Checks the numbers, and that Keras' reading has no decay of the learning rate. */
    public Adagrad {
        Settings.requireNotNegative("Adagrad", "learningRate", learningRate, "initial", initial, "epsilon", epsilon, "rateDecay", rateDecay);
        if (dialect == Dialect.KERAS && rateDecay != 0) {
            throw new IllegalArgumentException("Adagrad: the learning rate's decay " + rateDecay + " is PyTorch's; give Keras' a schedule");
        }
    }

    @Override
    public State init(Tensor w) {
        return new State(0, Tensor.full(w.dtype(), w.shape(), initial));
    }

    @Override
    public Change<State> apply(Arithmetic math, State s, Tensor g, Tensor w) {
        Tensor sum = math.plus(s.sum(), math.square(g));
        Tensor denominator = math.note("denominator", switch (dialect) {
            case TORCH -> math.plus(math.sqrt(sum), epsilon);
            case KERAS -> math.sqrt(math.plus(sum, epsilon));
        });
        return new Change<>(new State(s.count() + 1, sum), math.times(math.dividedBy(g, denominator), -learningRate / (1 + s.count() * rateDecay)));
    }

    @Override
    public State restore(long count, Map<String, Double> numbers, Map<String, Tensor> tensors) {
        return new State(count, gradus.optim.State.named("sum", tensors));
    }

    @Override
    public SequencedMap<String, Double> settings() {
        return Settings.of("learningRate", learningRate, "initial", initial, "epsilon", epsilon, "rateDecay", rateDecay);
    }

    @Override
    public Adagrad withSettings(Map<String, Double> s) {
        return new Adagrad(s.get("learningRate"), s.get("initial"), s.get("epsilon"), s.get("rateDecay"), dialect);
    }
}
