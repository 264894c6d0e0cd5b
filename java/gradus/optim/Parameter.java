package gradus.optim;

import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;

/** A tensor that is learnt: its name, and where its current values are. */
public final class Parameter {
    private final String name;
    private Tensor tensor;

    /** A parameter with its first values; the name is its key in checkpoints, for example {@code encoder.0.weight}. */
    public Parameter(String name, Tensor tensor) {
        this.name = name;
        this.tensor = tensor;
    }

    /** Key in checkpoints and reports. */
    public String name() {
        return name;
    }

    /**
     * The current values. An optimizer changes them in place; the tensor itself stays the same until {@link #set}, which an optimizer calls when it
     * takes the parameter over: at its making, and at the step after someone else has put in another tensor.
     */
    public Tensor tensor() {
        return tensor;
    }

    /** Extents. */
    public Shape shape() {
        return tensor.shape();
    }

    /** Element type. */
    public DType dtype() {
        return tensor.dtype();
    }

    /** Number of elements. */
    public int size() {
        return tensor.size();
    }

    /**
     * Puts another tensor in the place of the current one.
     *
     * @throws ShapeException when its shape or element type differs
     */
    public void set(Tensor replacement) {
        if (!replacement.shape().equals(tensor.shape()) || replacement.dtype() != tensor.dtype()) {
            throw new ShapeException("parameter " + name + ": is " + tensor.dtype() + " " + tensor.shape() + ", cannot become " + replacement.dtype()
                    + " " + replacement.shape());
        }
        tensor = replacement;
    }

    @Override
    public String toString() {
        return name + " " + tensor.shape();
    }
}
