package gradus.tensor;

import java.io.IOException;
import java.util.Locale;

/**
 * A file that cannot be read as what it claims to be. The message names the file, the byte, what was found there and what was expected:
 * {@code train-images.gz: byte 4 says 60000 images, the file holds 59,312 (cut off at byte 46,500,624)}.
 */
public final class FormatException extends IOException {
    private static final long serialVersionUID = 1;

    /** The file, as the user named it. */
    private final String file;
    /** Byte offset of the fault, counted from 0; in a compressed file, in its uncompressed content. */
    private final long offset;
    /** What stands there, beginning with a verb: {@code says 60000 images}. */
    private final String found;
    /** What should stand there. */
    private final String expected;

    /**
     * An error at one byte of a file.
     *
     * @param found    what stands there, beginning with a verb: {@code says 60000 images}
     * @param expected what was expected: {@code wanted 10000}
     */
    public FormatException(String file, long offset, String found, String expected) {
        super(file + ": byte " + grouped(offset) + " " + found + ", " + expected);
        this.file = file;
        this.offset = offset;
        this.found = found;
        this.expected = expected;
    }

    /** The file, as the user named it. */
    public String file() {
        return file;
    }

    /** Byte offset of the fault, counted from 0; in a compressed file, in its uncompressed content. */
    public long offset() {
        return offset;
    }

    /** What stands there. */
    public String found() {
        return found;
    }

    /** What was expected. */
    public String expected() {
        return expected;
    }

    /** A number with thousands separated: {@code 46,500,624}. */
    public static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
