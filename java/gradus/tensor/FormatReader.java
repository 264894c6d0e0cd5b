package gradus.tensor;

import static gradus.tensor.FormatException.grouped;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads a binary file front to back. Every shortfall is a {@link FormatException} that names the byte, and nothing is allocated before
 * {@link #require} has seen that the file can hold it.
 */
public final class FormatReader implements Closeable {
    /** Deflate cannot shrink anything by more than this factor, so a compressed file cannot hold more. */
    private static final long DEFLATE_LIMIT = 1032;
    private static final int CHUNK = 1 << 16;

    private final String file;
    private final InputStream in;
    private final long limit;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    private long position;

    /**
     * A reader over a stream.
     *
     * @param file  name for messages
     * @param limit the most bytes that the stream can give
     */
    public FormatReader(String file, InputStream in, long limit) {
        this.file = file;
        this.in = in;
        this.limit = limit;
    }

    /** Opens a file as it is. */
    public static FormatReader open(Path path) throws IOException {
        long size = sizeOf(path);
        return new FormatReader(path.toString(), new BufferedInputStream(Files.newInputStream(path), CHUNK), size);
    }

    /** Opens a file and, when it begins with gzip's magic, unpacks it while reading. */
    public static FormatReader openMaybeGzip(Path path) throws IOException {
        return maybeGzip(path.toString(), Files.newInputStream(path), sizeOf(path));
    }

    /** Reads a stream of {@code size} bytes and, when it begins with gzip's magic, unpacks it; closes the stream on failure. */
    public static FormatReader maybeGzip(String file, InputStream stream, long size) throws IOException {
        BufferedInputStream in = new BufferedInputStream(stream, CHUNK);
        try {
            in.mark(2);
            boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
            in.reset();
            return gzip ? new FormatReader(file, new GZIPInputStream(in, CHUNK), unpackedLimit(size)) : new FormatReader(file, in, size);
        } catch (EOFException | ZipException e) {
            in.close();
            throw new FormatException(file, 0, "begins a gzip header that is broken (" + e.getMessage() + ")", "wanted a whole one");
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** The most bytes that {@code packed} bytes of deflate can unpack to. */
    public static long unpackedLimit(long packed) {
        return packed > Long.MAX_VALUE / DEFLATE_LIMIT ? Long.MAX_VALUE : packed * DEFLATE_LIMIT;
    }

    private static long sizeOf(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString(), null, "there is no such file");
        }
        if (!Files.isRegularFile(path)) {
            throw new NoSuchFileException(path.toString(), null, "this is not a file");
        }
        return Files.size(path);
    }

    /** Name for messages. */
    public String file() {
        return file;
    }

    /** Bytes read so far. */
    public long position() {
        return position;
    }

    /** The most bytes that can still follow. */
    public long remaining() {
        return limit - position;
    }

    /** An error at some byte of this file. */
    public FormatException error(long offset, String found, String expected) {
        return new FormatException(file, offset, found, expected);
    }

    /** Fails unless the file can hold {@code bytes} more; {@code at} and {@code claim} say which field claims that it does. */
    public void require(long bytes, long at, String claim) throws FormatException {
        if (bytes < 0 || bytes > remaining()) {
            throw error(at, claim, "the file holds at most " + grouped(remaining()) + " bytes after byte " + grouped(position));
        }
    }

    /** Fills an array; {@code what} names its content in the error. */
    public void fill(byte[] to, String what) throws FormatException, IOException {
        fill(to, 0, to.length, what);
    }

    private void fill(byte[] to, int from, int length, String what) throws IOException {
        int done = fillSome(to, from, length);
        if (done < length) {
            throw error(position, "is the end of the file", "wanted " + grouped(length - done) + " more bytes of " + what);
        }
    }

    /** Reads until the array is full or the file ends, and tells how many bytes there were. */
    public int fillSome(byte[] to) throws IOException {
        return fillSome(to, 0, to.length);
    }

    private int fillSome(byte[] to, int from, int length) throws IOException {
        int done = 0;
        try {
            while (done < length) {
                int n = in.read(to, from + done, length - done);
                if (n < 0) {
                    break;
                }
                done += n;
                position += n;
            }
        } catch (EOFException e) {
            return done;
        } catch (ZipException e) {
            throw error(position, "follows damaged compressed data (" + e.getMessage() + ")", "wanted a sound stream");
        }
        return done;
    }

    /** The next {@code length} bytes; fails before allocating when the file cannot hold them. */
    public byte[] bytes(int length, String what) throws IOException {
        require(length, position, "begins " + grouped(length) + " bytes of " + what);
        byte[] out = new byte[length];
        fill(out, what);
        return out;
    }

    /** The next byte, unsigned. */
    public int u1(String what) throws IOException {
        return chunk(1, what, ByteOrder.BIG_ENDIAN).get() & 0xff;
    }

    /** The next two bytes, unsigned. */
    public int u2(String what, ByteOrder order) throws IOException {
        return chunk(2, what, order).getShort() & 0xffff;
    }

    /** The next four bytes, unsigned. */
    public long u4(String what, ByteOrder order) throws IOException {
        return chunk(4, what, order).getInt() & 0xffffffffL;
    }

    /** The next eight bytes; values of 2⁶³ and more come out negative. */
    public long i8(String what, ByteOrder order) throws IOException {
        return chunk(8, what, order).getLong();
    }

    /** The next {@code to.length} values of two bytes. */
    public void fill(short[] to, String what, ByteOrder order) throws IOException {
        for (int i = 0; i < to.length; i += CHUNK / 2) {
            int n = Math.min(CHUNK / 2, to.length - i);
            chunk(n * 2, what, order).asShortBuffer().get(to, i, n);
        }
    }

    /** The next {@code to.length} values of four bytes. */
    public void fill(int[] to, String what, ByteOrder order) throws IOException {
        for (int i = 0; i < to.length; i += CHUNK / 4) {
            int n = Math.min(CHUNK / 4, to.length - i);
            chunk(n * 4, what, order).asIntBuffer().get(to, i, n);
        }
    }

    /** The next {@code to.length} values of eight bytes. */
    public void fill(long[] to, String what, ByteOrder order) throws IOException {
        for (int i = 0; i < to.length; i += CHUNK / 8) {
            int n = Math.min(CHUNK / 8, to.length - i);
            chunk(n * 8, what, order).asLongBuffer().get(to, i, n);
        }
    }

    /** The next {@code to.length} float32 values, bit for bit. */
    public void fill(float[] to, String what, ByteOrder order) throws IOException {
        for (int i = 0; i < to.length; i += CHUNK / 4) {
            int n = Math.min(CHUNK / 4, to.length - i);
            chunk(n * 4, what, order).asFloatBuffer().get(to, i, n);
        }
    }

    /** The next {@code to.length} float64 values, bit for bit. */
    public void fill(double[] to, String what, ByteOrder order) throws IOException {
        for (int i = 0; i < to.length; i += CHUNK / 8) {
            int n = Math.min(CHUNK / 8, to.length - i);
            chunk(n * 8, what, order).asDoubleBuffer().get(to, i, n);
        }
    }

    private ByteBuffer chunk(int length, String what, ByteOrder order) throws IOException {
        fill(chunk.array(), 0, length, what);
        return chunk.clear().limit(length).order(order);
    }

    /** Fails when anything follows; a compressed stream's checksum is checked here. */
    public void end(String what) throws IOException {
        long at = position;
        if (fillSome(chunk.array(), 0, 1) > 0) {
            throw error(at, "begins more data", "wanted the end of the file after " + what);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
