package gradus.linalg;

/** An iteration that did not reach its accuracy in the steps it is allowed; the message names the operation and the steps. */
public final class NoConvergenceException extends ArithmeticException {
    private static final long serialVersionUID = 1;

    /** An error with the given message. */
    public NoConvergenceException(String message) {
        super(message);
    }
}
