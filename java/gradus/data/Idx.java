package gradus.data;

import static gradus.tensor.FormatException.grouped;

import gradus.tensor.AtomicFiles;
import gradus.tensor.FormatException;
import gradus.tensor.FormatReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/**
 * The IDX files of MNIST and its kin, as they are or gzip-compressed (told by their first bytes, not by their name).
 *
 * <p>Layout, big-endian: two zero bytes, the element type (0x08: unsigned bytes, the only one read), the number of dimensions, each extent in four bytes, the elements.
 */
public final class Idx {
    private static final int UNSIGNED_BYTES = 0x08;
    private static final int MAGIC_IMAGES = 0x0803;
    private static final int MAGIC_LABELS = 0x0801;
    /** No size is wanted. */
    static final long ANY = -1;
    private static final int LARGEST_SIDE = 1 << 15;

    private Idx() {
    }

    /**
     * Reads a file of images (three dimensions).
     *
     * @throws FormatException when the file is cut off, goes on too long, or holds something else
     */
    public static Images readImages(Path path) throws IOException {
        try (FormatReader reader = FormatReader.openMaybeGzip(path)) {
            return images(reader, ANY);
        }
    }

    /** Reads a file of labels (one dimension). */
    public static int[] readLabels(Path path) throws IOException {
        try (FormatReader reader = FormatReader.openMaybeGzip(path)) {
            return widened(labels(reader, ANY));
        }
    }

    /** Reads images; {@code wanted} is the size that the uncompressed file must have, or {@link #ANY}. */
    static Images images(FormatReader reader, long wanted) throws IOException {
        magic(reader, MAGIC_IMAGES, "images");
        long count = reader.u4("the number of images", ByteOrder.BIG_ENDIAN);
        int height = side(reader, "rows");
        int width = side(reader, "columns");
        return Images.of(elements(reader, count, height * width, wanted, "images"), (int) count, height, width);
    }

    /** Reads labels; {@code wanted} is the size that the uncompressed file must have, or {@link #ANY}. */
    static byte[] labels(FormatReader reader, long wanted) throws IOException {
        magic(reader, MAGIC_LABELS, "labels");
        long count = reader.u4("the number of labels", ByteOrder.BIG_ENDIAN);
        return elements(reader, count, 1, wanted, "labels");
    }

    static int[] widened(byte[] labels) {
        int[] out = new int[labels.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = labels[i] & 0xff;
        }
        return out;
    }

    private static void magic(FormatReader reader, int wanted, String kind) throws IOException {
        int magic = (int) reader.u4("an IDX file's magic", ByteOrder.BIG_ENDIAN);
        if (magic == wanted) {
            return;
        }
        int type = magic >>> 8 & 0xff;
        if (magic >>> 16 == 0 && (magic & 0xff) == (wanted & 0xff) && type != UNSIGNED_BYTES) {
            throw reader.error(2, String.format("holds element type 0x%02x", type), "Gradus reads 0x08 (unsigned bytes)");
        }
        String is = magic == MAGIC_IMAGES ? " (images)" : magic == MAGIC_LABELS ? " (labels)" : "";
        throw reader.error(0, String.format("holds magic 0x%08x%s", magic, is), String.format("wanted 0x%08x (%s)", wanted, kind));
    }

    private static int side(FormatReader reader, String what) throws IOException {
        long at = reader.position();
        long side = reader.u4("the number of " + what, ByteOrder.BIG_ENDIAN);
        if (side < 1 || side > LARGEST_SIDE) {
            throw reader.error(at, "says " + side + " " + what + " of pixels", "wanted 1 to " + LARGEST_SIDE);
        }
        return (int) side;
    }

    /** Reads {@code count} elements of {@code size} bytes and the end of the file; memory is taken only for what the file can hold. */
    private static byte[] elements(FormatReader reader, long count, int size, long wanted, String what) throws IOException {
        long start = reader.position();
        long bytes = count * size;   // below 2³² · 2³⁰
        if (wanted != ANY && start + bytes != wanted) {
            throw reader.error(4, "says " + count + " " + what + (size == 1 ? "" : " of " + size + " pixels") + " (" + grouped(start + bytes) + " bytes)",
                    "this data set's file has " + grouped(wanted) + " bytes");
        }
        if (bytes > reader.remaining()) {
            throw tooFew(reader, count, reader.remaining() / size, start + reader.remaining(), what);
        }
        if (bytes > Integer.MAX_VALUE - 8) {
            throw reader.error(4, "says " + count + " " + what, "Gradus reads files of less than 2^31 bytes");
        }
        byte[] out = new byte[(int) bytes];
        int done = reader.fillSome(out);
        if (done < out.length) {
            throw tooFew(reader, count, done / size, start + done, what);
        }
        long end = reader.position();
        byte[] more = new byte[1];
        if (reader.fillSome(more) > 0) {
            throw reader.error(4, "says " + count + " " + what, "the file goes on after byte " + grouped(end) + ", where they end");
        }
        return out;
    }

    private static FormatException tooFew(FormatReader reader, long count, long whole, long end, String what) {
        return reader.error(4, "says " + count + " " + what, "the file holds " + grouped(whole) + " (cut off at byte " + grouped(end) + ")");
    }

    /** The bytes of a file of images, header included. */
    static byte[] header(Images images) {
        return ByteBuffer.allocate(16).putInt(MAGIC_IMAGES).putInt(images.count()).putInt(images.height()).putInt(images.width()).array();
    }

    static byte[] header(byte[] labels) {
        return ByteBuffer.allocate(8).putInt(MAGIC_LABELS).putInt(labels.length).array();
    }

    /** Writes a file of images, compressed when its name ends in {@code .gz}. */
    public static void write(Path path, Images images) throws IOException {
        write(path, header(images), images.bytes());
    }

    /** Writes a file of labels 0 to 255, compressed when its name ends in {@code .gz}. */
    public static void write(Path path, int[] labels) throws IOException {
        byte[] bytes = new byte[labels.length];
        for (int i = 0; i < bytes.length; i++) {
            if (labels[i] < 0 || labels[i] > 255) {
                throw new IllegalArgumentException("idx: label " + labels[i] + " at place " + i + " is not 0 to 255");
            }
            bytes[i] = (byte) labels[i];
        }
        write(path, header(bytes), bytes);
    }

    private static void write(Path path, byte[] header, byte[] content) throws IOException {
        AtomicFiles.write(path, out -> {
            if (path.getFileName().toString().endsWith(".gz")) {
                GZIPOutputStream gzip = new GZIPOutputStream(out);
                gzip.write(header);
                gzip.write(content);
                gzip.finish();
            } else {
                out.write(header);
                out.write(content);
            }
        });
    }
}
