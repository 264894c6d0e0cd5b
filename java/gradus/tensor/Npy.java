package gradus.tensor;

import static gradus.tensor.FormatException.grouped;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * NumPy's array files, format 1.0, 2.0 and 3.0, in either byte order and either element order. What is written has the bytes that
 * {@code numpy.save} writes.
 *
 * <p>Layout (NEP 1): magic {@code \x93NUMPY}, two bytes of version, header length (2 bytes in 1.0, else 4, little-endian), a Python dictionary
 * padded with spaces to a multiple of 64 bytes, the elements.
 */
public final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;
    private static final int CHUNK = 1 << 16;

    private Npy() {
    }

    /**
     * Reads an array.
     *
     * @throws FormatException when the file is not a whole {@code .npy} file of plain numbers
     */
    public static NpyArray read(Path path) throws IOException {
        try (FormatReader reader = FormatReader.open(path)) {
            return read(reader);
        }
    }

    /** Reads an array that fills the rest of the reader. */
    static NpyArray read(FormatReader reader) throws IOException {
        NpyHeader header = header(reader);
        int size = header.shape().size();
        long start = reader.position();
        NpyType type = header.type();
        reader.require((long) size * type.bytes(), start, "begins an array of " + type.code() + header.shape() + " (" + grouped((long) size * type.bytes()) + " bytes)");
        String what = type.code() + header.shape();
        Object values = type.array(size);
        switch (type) {
            case BOOL, INT8, UINT8 -> reader.fill((byte[]) values, what);
            case INT16, UINT16 -> reader.fill((short[]) values, what, header.order());
            case INT32, UINT32 -> reader.fill((int[]) values, what, header.order());
            case INT64 -> reader.fill((long[]) values, what, header.order());
            case FLOAT32 -> reader.fill((float[]) values, what, header.order());
            case FLOAT64 -> reader.fill((double[]) values, what, header.order());
        }
        if (type == NpyType.BOOL) {
            requireTruthValues((byte[]) values, start, reader);
        }
        reader.end("an array of " + what);
        return new NpyArray(type, header.shape(), header.fortran() ? rowMajor(values, header.shape(), type) : values);
    }

    private static NpyHeader header(FormatReader reader) throws IOException {
        if (!Arrays.equals(reader.bytes(MAGIC.length, "an .npy file's magic"), MAGIC)) {
            throw reader.error(0, "does not begin with \\x93NUMPY", "wanted an .npy file");
        }
        int major = reader.u1("an .npy file's version");
        int minor = reader.u1("an .npy file's version");
        if (major < 1 || major > 3 || minor != 0) {
            throw reader.error(MAGIC.length, "says version " + major + "." + minor, "Gradus reads 1.0, 2.0 and 3.0");
        }
        long at = reader.position();
        long length = major == 1 ? reader.u2("the header's length", ByteOrder.LITTLE_ENDIAN) : reader.u4("the header's length", ByteOrder.LITTLE_ENDIAN);
        reader.require(length > Integer.MAX_VALUE - 8 ? -1 : length, at, "says a header of " + grouped(length) + " bytes");
        long start = reader.position();
        byte[] text = reader.bytes((int) length, "the header");
        return NpyHeader.parse(new String(text, major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1), start, reader);
    }

    private static void requireTruthValues(byte[] values, long start, FormatReader reader) throws IOException {
        for (int i = 0; i < values.length; i++) {
            if (values[i] != 0 && values[i] != 1) {
                throw reader.error(start + i, "holds " + (values[i] & 0xff), "wanted a truth value, 0 or 1");
            }
        }
    }

    /** Elements that lie first axis fastest, brought into row-major order. */
    private static Object rowMajor(Object columnMajor, Shape shape, NpyType type) {
        if (shape.rank() < 2) {
            return columnMajor;
        }
        Object out = type.array(shape.size());
        int[] dims = shape.dims();
        int[] steps = shape.rowMajorStrides();
        int[] index = new int[dims.length];
        int place = 0;
        for (int i = 0; i < shape.size(); i++) {
            System.arraycopy(columnMajor, i, out, place, 1);
            for (int a = 0; a < dims.length; a++) {
                place += steps[a];
                if (++index[a] < dims[a]) {
                    break;
                }
                place -= steps[a] * dims[a];
                index[a] = 0;
            }
        }
        return out;
    }

    /** Writes a tensor, whatever its layout, as float32 or float64. */
    public static void write(Path path, Tensor tensor) throws IOException {
        write(path, NpyArray.of(tensor));
    }

    /** Writes an array in the oldest version that holds its header: little-endian, row-major. */
    public static void write(Path path, NpyArray array) throws IOException {
        AtomicFiles.write(path, out -> write(out, array));
    }

    /** Writes an array to a stream, which stays open. */
    static void write(OutputStream out, NpyArray array) throws IOException {
        byte[] text = NpyHeader.text(array.type(), array.shape()).getBytes(StandardCharsets.US_ASCII);
        int lengthBytes = text.length + MAGIC.length + 4 + 1 + ALIGNMENT > 0xffff ? 4 : 2;
        int unpadded = MAGIC.length + 2 + lengthBytes + text.length + 1;
        int padding = ALIGNMENT - unpadded % ALIGNMENT;
        ByteBuffer head = ByteBuffer.allocate(unpadded + padding).order(ByteOrder.LITTLE_ENDIAN);
        head.put(MAGIC).put((byte) (lengthBytes == 2 ? 1 : 2)).put((byte) 0);
        int length = text.length + padding + 1;
        if (lengthBytes == 2) {
            head.putShort((short) length);
        } else {
            head.putInt(length);
        }
        head.put(text);
        while (head.remaining() > 1) {
            head.put((byte) ' ');
        }
        out.write(head.put((byte) '\n').array());
        writeValues(out, array);
    }

    /** Writes the elements alone, row-major and little-endian. */
    static void writeValues(OutputStream out, NpyArray array) throws IOException {
        NpyType type = array.type();
        int step = CHUNK / type.bytes();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < array.shape().size(); from += step) {
            int n = Math.min(step, array.shape().size() - from);
            chunk.clear();
            switch (type) {
                case BOOL, INT8, UINT8 -> chunk.put((byte[]) array.values(), from, n);
                case INT16, UINT16 -> chunk.asShortBuffer().put((short[]) array.values(), from, n);
                case INT32, UINT32 -> chunk.asIntBuffer().put((int[]) array.values(), from, n);
                case INT64 -> chunk.asLongBuffer().put((long[]) array.values(), from, n);
                case FLOAT32 -> chunk.asFloatBuffer().put((float[]) array.values(), from, n);
                case FLOAT64 -> chunk.asDoubleBuffer().put((double[]) array.values(), from, n);
            }
            out.write(chunk.array(), 0, n * type.bytes());
        }
    }
}
