package gradus.optim;

import gradus.backend.Backend;
import gradus.backend.Reduction;
import gradus.backend.Zip;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A limit on gradients, taken before any rule sees them. Norms are sums of squares in the tensors' type, added and rooted in float64. */
public sealed interface Clip {
    /** The gradients within the limit: fresh tensors of the backend, or the same list where nothing changes. */
    List<Tensor> apply(Backend backend, List<Tensor> gradients);

    /** g limited to −c … c: {@code clip_grad_value_} of PyTorch, {@code clipvalue} of Keras. */
    record ByValue(double c) implements Clip {
        /** Checks the limit. */
        public ByValue {
            Settings.requireNotNegative("clip", "limit", c);
        }

        @Override
        public List<Tensor> apply(Backend backend, List<Tensor> gradients) {
            List<Tensor> limited = new ArrayList<>();
            for (Tensor g : gradients) {
                Tensor below = backend.zip(Zip.MINIMUM, g, c);
                limited.add(backend.zip(Zip.MAXIMUM, below, -c));
                backend.release(below);
            }
            return limited;
        }
    }

    /** Each parameter's g·c / max(‖g‖, c) by itself: {@code clipnorm} of Keras. Gradients within the limit are left as they are. */
    record ByNorm(double c) implements Clip {
        /** Checks the limit. */
        public ByNorm {
            Settings.requireNotNegative("clip", "limit", c);
        }

        @Override
        public List<Tensor> apply(Backend backend, List<Tensor> gradients) {
            List<Tensor> limited = new ArrayList<>();
            for (Tensor g : gradients) {
                double norm = Math.sqrt(sumOfSquares(backend, g));
                limited.add(backend.zip(Zip.MULTIPLY, g, norm <= c ? 1 : c / norm));
            }
            return limited;
        }
    }

    /**
     * All gradients by one factor that brings the norm of all of them together to c when it is larger (Pascanu, Mikolov and Bengio 2013).
     *
     * <pre>  PyTorch: min(1, c / (‖g‖ + 1e-6))      Keras: c·min(1/‖g‖, 1/c)</pre>
     *
     * A norm that is not finite makes all gradients NaN in Keras' reading, and in PyTorch's 0 or NaN.
     */
    record ByGlobalNorm(double c, Dialect dialect) implements Clip {
        /** Checks the limit. */
        public ByGlobalNorm {
            Settings.requireNotNegative("clip", "limit", c);
        }

        @Override
        public List<Tensor> apply(Backend backend, List<Tensor> gradients) {
            double sum = 0;
            for (Tensor g : gradients) {
                sum += sumOfSquares(backend, g);
            }
            double norm = Math.sqrt(sum);
            double factor = switch (dialect) {
                case TORCH -> Math.min(1, c / (norm + 1e-6));
                case KERAS -> c * Math.min(1 / norm, 1 / c) + (norm - norm);
            };
            return factor == 1 ? gradients : gradients.stream().map(g -> backend.zip(Zip.MULTIPLY, g, factor)).toList();
        }
    }

    /** ‖g‖², in the fixed order of sums. */
    private static double sumOfSquares(Backend backend, Tensor g) {
        Tensor sum = backend.reduce(Reduction.SUM_OF_SQUARES, g);
        double value = backend.download(sum).reshape().item();
        backend.release(sum);
        return value;
    }
}
