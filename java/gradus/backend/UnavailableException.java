package gradus.backend;

/** A backend that was asked for by name and cannot serve here; the message says why and what to do. */
public final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** An error with the reason. */
    public UnavailableException(String reason) {
        super(reason);
    }
}
