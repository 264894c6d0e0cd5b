package gradus.tensor;

/** Operands whose shapes do not fit; the message names the operation and the shapes. */
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** An error with the given message. */
    public ShapeException(String message) {
        super(message);
    }
}
