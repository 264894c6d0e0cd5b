package gradus.data;

import java.io.IOException;

/** Data that were found nowhere; the message says where they were looked for and how to get them. */
public final class DataUnavailableException extends IOException {
    private static final long serialVersionUID = 1;

    /** An error with the given message. */
    public DataUnavailableException(String message) {
        super(message);
    }
}
