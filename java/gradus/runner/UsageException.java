package gradus.runner;

/** A request for something that does not exist, such as an unknown experiment or setting; the command line exits with 2. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** An error that says what does not exist, and what does. */
    public UsageException(String message) {
        super(message);
    }
}
