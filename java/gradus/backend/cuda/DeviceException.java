package gradus.backend.cuda;

/** A device refused a launch, a copy or memory, or a kernel failed on it; the message says which, with what shapes, and the driver's words. */
public final class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** An error with its words. */
    public DeviceException(String message) {
        super(message);
    }
}
