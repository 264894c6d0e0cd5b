package gradus.linalg;

/** A system that has no unique solution, or a matrix that is not positive definite; the message names the operation and the pivot. */
public final class SingularMatrixException extends ArithmeticException {
    private static final long serialVersionUID = 1;

    /** An error with the given message. */
    public SingularMatrixException(String message) {
        super(message);
    }
}
