package gradus.optim;

import gradus.backend.Backend;
import gradus.backend.Zip;
import gradus.numerics.Function;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Computes every operation at once on a backend; closing it releases all results that were not kept. */
final class ImmediateArithmetic implements Arithmetic, AutoCloseable {
    private final Backend backend;
    private final List<Tensor> temporaries = new ArrayList<>();

    ImmediateArithmetic(Backend backend) {
        this.backend = backend;
    }

    /** Takes a result out of what {@link #close} releases. */
    void keep(Tensor result) {
        temporaries.removeIf(t -> t == result);
    }

    @Override
    public void close() {
        temporaries.forEach(backend::release);
    }

    private Tensor own(Tensor result) {
        temporaries.add(result);
        return result;
    }

    @Override
    public Tensor plus(Tensor a, Tensor b) {
        return own(backend.zip(Zip.ADD, a, b));
    }

    @Override
    public Tensor plus(Tensor a, double c) {
        return own(backend.zip(Zip.ADD, a, c));
    }

    @Override
    public Tensor minus(Tensor a, Tensor b) {
        return own(backend.zip(Zip.SUBTRACT, a, b));
    }

    @Override
    public Tensor times(Tensor a, Tensor b) {
        return own(backend.zip(Zip.MULTIPLY, a, b));
    }

    @Override
    public Tensor times(Tensor a, double c) {
        return own(backend.zip(Zip.MULTIPLY, a, c));
    }

    @Override
    public Tensor dividedBy(Tensor a, Tensor b) {
        return own(backend.zip(Zip.DIVIDE, a, b));
    }

    @Override
    public Tensor maximum(Tensor a, Tensor b) {
        return own(backend.zip(Zip.MAXIMUM, a, b));
    }

    @Override
    public Tensor maximum(Tensor a, double c) {
        return own(backend.zip(Zip.MAXIMUM, a, c));
    }

    @Override
    public Tensor minimum(Tensor a, double c) {
        return own(backend.zip(Zip.MINIMUM, a, c));
    }

    @Override
    public Tensor sqrt(Tensor a) {
        return own(backend.map(Function.SQRT, a));
    }

    @Override
    public Tensor square(Tensor a) {
        return own(backend.map(Function.SQUARE, a));
    }

    @Override
    public Tensor sign(Tensor a) {
        return own(backend.map(Function.SIGN, a));
    }
}
