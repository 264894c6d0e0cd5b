package gradus.tensor;

import static gradus.tensor.Damage.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code .npy} and {@code .npz} against files that NumPy wrote. */
class NpyTest {
    private static final Path GOLDEN = Path.of("tests/gradus/tensor/golden");

    @TempDir
    Path folder;

    private static long[] ramp() {
        return LongStream.range(0, 24).toArray();
    }

    /** What make.py put into the file of a type. */
    private static long[] integers(NpyType type) {
        long[] values = new long[24];
        for (int i = 0; i < 24; i++) {
            long v = i * 5 - 50;
            values[i] = switch (type) {
                case BOOL -> v == 0 ? 0 : 1;
                case UINT8 -> v & 0xff;
                case UINT16 -> v & 0xffff;
                case UINT32 -> v & 0xffffffffL;
                case INT8, INT16, INT32, INT64, FLOAT32, FLOAT64 -> v;
            };
        }
        long end = switch (type) {
            case INT16 -> Short.MAX_VALUE;
            case INT32 -> Integer.MAX_VALUE;
            case INT64 -> Long.MAX_VALUE;
            case BOOL, INT8, UINT8, UINT16, UINT32, FLOAT32, FLOAT64 -> 0;
        };
        if (end != 0) {
            values[0] = -end - 1;
            values[23] = end;
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource(value = NpyType.class, mode = EnumSource.Mode.EXCLUDE, names = {"FLOAT32", "FLOAT64"})
    void readsAndWritesIntegersAsNumPyDoes(NpyType type) throws IOException {
        Path golden = GOLDEN.resolve(type.code() + ".npy");
        NpyArray array = Npy.read(golden);
        assertEquals(type, array.type());
        assertEquals(Shape.of(2, 3, 4), array.shape());
        assertArrayEquals(integers(type), array.longs());

        Npy.write(folder.resolve("ours.npy"), NpyArray.of(type, integers(type), 2, 3, 4));
        assertArrayEquals(Files.readAllBytes(golden), Files.readAllBytes(folder.resolve("ours.npy")));
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void readsAndWritesTensorsAsNumPyDoes(DType dtype) throws IOException {
        Path golden = GOLDEN.resolve(dtype == DType.FLOAT32 ? "f4.npy" : "f8.npy");
        Tensor tensor = Npy.read(golden).tensor();
        assertEquals(dtype, tensor.dtype());
        double[] expected = new double[24];
        for (int i = 0; i < 24; i++) {
            expected[i] = i * 5 - 50;
        }
        expected[0] = Double.POSITIVE_INFINITY;
        expected[1] = Double.NEGATIVE_INFINITY;
        expected[2] = -0.0;
        expected[3] = dtype == DType.FLOAT32 ? Float.MIN_VALUE : Double.MIN_VALUE;
        expected[23] = dtype == DType.FLOAT32 ? Float.MAX_VALUE : Double.MAX_VALUE;
        assertArrayEquals(expected, tensor.toDoubles());

        Path ours = folder.resolve("ours.npy");
        Npy.write(ours, tensor);
        assertArrayEquals(Files.readAllBytes(golden), Files.readAllBytes(ours));
        Npy.write(ours, tensor.permute(2, 0, 1).copy().permute(1, 2, 0));
        assertArrayEquals(Files.readAllBytes(golden), Files.readAllBytes(ours), "a view is written like its copy");
    }

    @Test
    void readsEveryLayoutThatNumPyWrites() throws IOException {
        assertArrayEquals(new float[] {1.5f, -2.25f, 2 * Float.MIN_VALUE, (float) Math.PI}, Npy.read(GOLDEN.resolve("big-endian.npy")).tensor().toFloats());
        assertArrayEquals(new long[] {1, -2, Integer.MAX_VALUE}, Npy.read(GOLDEN.resolve("big-endian-i4.npy")).longs());
        assertArrayEquals(ramp(), Npy.read(GOLDEN.resolve("fortran.npy")).longs());
        assertEquals(2.5, Npy.read(GOLDEN.resolve("scalar.npy")).tensor().item());
        assertEquals(Shape.of(3, 0, 2), Npy.read(GOLDEN.resolve("empty.npy")).shape());
        assertArrayEquals(new long[] {1, 2, 3}, Npy.read(GOLDEN.resolve("one-axis.npy")).longs());
        assertArrayEquals(ramp(), Npy.read(GOLDEN.resolve("version-2.npy")).longs());
        assertArrayEquals(ramp(), Npy.read(GOLDEN.resolve("version-3.npy")).longs());
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "empty", "one-axis"})
    void writesEveryRankAsNumPyDoes(String name) throws IOException {
        Path golden = GOLDEN.resolve(name + ".npy");
        Npy.write(folder.resolve("ours.npy"), Npy.read(golden));
        assertArrayEquals(Files.readAllBytes(golden), Files.readAllBytes(folder.resolve("ours.npy")));
    }

    @Test
    void longHeadersTakeVersionTwo() throws IOException {
        int[] dims = new int[30_000];
        java.util.Arrays.fill(dims, 1);
        Path file = folder.resolve("many.npy");
        Npy.write(file, NpyArray.of(new long[] {7}, dims));
        assertEquals(2, Files.readAllBytes(file)[6]);
        assertEquals(30_000, Npy.read(file).shape().rank());
    }

    @Test
    void readsArchivesAndWritesThemAgain() throws IOException {
        for (String name : new String[] {"stored", "deflated"}) {
            Map<String, NpyArray> arrays = Npz.read(GOLDEN.resolve(name + ".npz"));
            assertEquals("[weight, label, deep/name]", arrays.keySet().toString());
            assertArrayEquals(ramp(), arrays.get("label").longs());
            assertEquals(1f / 7, arrays.get("weight").tensor().get(0, 1));
            assertArrayEquals(new long[] {1, 1, 1, 1}, arrays.get("deep/name").longs());
            for (Npz.Packing packing : Npz.Packing.values()) {
                Path ours = folder.resolve(name + packing + ".npz");
                Npz.write(ours, arrays, packing);
                byte[] first = Files.readAllBytes(ours);
                Map<String, NpyArray> again = Npz.read(ours);
                assertEquals(arrays.keySet(), again.keySet());
                for (String key : arrays.keySet()) {
                    assertArrayEquals(bytes(arrays.get(key)), bytes(again.get(key)), key);
                }
                Npz.write(ours, again, packing);
                assertArrayEquals(first, Files.readAllBytes(ours), "an archive depends on nothing but its arrays");
            }
        }
    }

    private static byte[] bytes(NpyArray array) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Npy.write(out, array);
        return out.toByteArray();
    }

    @Test
    void exactAccessNeverRounds() {
        assertArrayEquals(new double[] {1L << 53}, NpyArray.of(new long[] {1L << 53}, 1).doubles());
        assertThrows(ArithmeticException.class, () -> NpyArray.of(new long[] {(1L << 53) + 1}, 1).doubles());
        assertThrows(ArithmeticException.class, () -> NpyArray.of(new long[] {Long.MAX_VALUE}, 1).doubles());
        assertThrows(ArithmeticException.class, () -> NpyArray.of(Tensor.of(new double[] {0.5}, 1)).longs());
        assertThrows(ArithmeticException.class, () -> NpyArray.of(Tensor.of(new double[] {0x1p63}, 1)).longs());
        assertThrows(ArithmeticException.class, () -> NpyArray.of(Tensor.of(new float[] {Float.NaN}, 1)).longs());
        assertThrows(ArithmeticException.class, () -> NpyArray.of(NpyType.UINT8, new long[] {256}, 1));
        assertThrows(ArithmeticException.class, () -> NpyArray.of(NpyType.FLOAT32, new long[] {(1 << 24) + 1}, 1));
        // Rounded once: by way of float64 the tie would be broken the other way.
        assertEquals((float) 0x1000001000000001L, NpyArray.of(new long[] {0x1000001000000001L}, 1).tensor(DType.FLOAT32).item());
        assertThrows(ShapeException.class, () -> NpyArray.of(new long[3], 2, 2));
    }

    private Path header(String text, int data) throws IOException {
        byte[] head = text.getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) head.length, (byte) (head.length >> 8)});
        out.writeBytes(head);
        out.writeBytes(new byte[data]);
        return Files.write(folder.resolve("bad.npy"), out.toByteArray());
    }

    @Test
    void refusesWhatItCannotRead() throws IOException {
        assertRefused(header("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 2000), }", 8), Npy::read,
                "begins an array of f4[1000000, 2000] (8,000,000,000 bytes)", "the file holds at most 8 bytes");
        assertRefused(header("{'descr': '<f4', 'fortran_order': False, 'shape': (70000, 70000), }", 8), Npy::read, "shape [70000, 70000]", "2^31");
        assertRefused(header("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", 8), Npy::read, "2^31");
        assertRefused(header("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 12), Npy::read, "begins more data");
        assertRefused(header("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", 8), Npy::read, "12 bytes");
        assertRefused(header("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", 8), Npy::read, "byte 20 says element type '|O'", "b1 i1 u1");
        assertRefused(header("{'descr': '|f4', 'fortran_order': False, 'shape': (2,), }", 8), Npy::read, "element type '|f4'");
        assertRefused(header("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", 8), Npy::read, "begins a record type");
        assertRefused(header("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }", 8), Npy::read, "wanted True or False");
        assertRefused(header("{'descr': '<f4', 'fortran_order': False, 'shape': (2), }", 8), Npy::read, "wanted a tuple: (2,)");
        assertRefused(header("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", 8), Npy::read, "wanted an extent");
        assertRefused(header("{'descr': '<f4', 'fortran_order': False, 'shape': (1 1), }", 8), Npy::read, "wanted ',' or ')'");
        assertRefused(header("{'descr': '<f4', 'fortran_order': False, }", 8), Npy::read, "keys [descr, fortran_order]");
        assertRefused(header("{'descr': '<f4', 'descr': '<f4', 'shape': (2,), }", 8), Npy::read, "a second time");
        assertRefused(header("{'descr': '<f4', 'more': 1, 'shape': (2,), }", 8), Npy::read, "holds the key 'more'");
        assertRefused(header("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } x", 8), Npy::read, "holds 'x'");
        assertRefused(header("{'descr': '<f4', 'fortran_order': False, 'shape': (2", 8), Npy::read, "the header's end");
        assertRefused(Files.write(header("{'descr': '|b1', 'fortran_order': False, 'shape': (1,), }", 0), new byte[] {2}, java.nio.file.StandardOpenOption.APPEND),
                Npy::read, "holds 2", "wanted a truth value");
        assertRefused(Files.write(folder.resolve("x.npy"), new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, -1, -1, -1, 127, 0}), Npy::read,
                "says a header of 2,147,483,647 bytes");
        assertRefused(Files.write(folder.resolve("x.npy"), new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 4, 0, 0, 0}), Npy::read, "byte 6 says version 4.0");
        assertRefused(Files.writeString(folder.resolve("x.npy"), "not an array"), Npy::read, "byte 0 does not begin with \\x93NUMPY");
        assertRefused(Files.write(folder.resolve("x.npy"), new byte[0]), Npy::read, "byte 0");
    }

    @Test
    void refusesDamagedArchives() throws IOException {
        byte[] stored = Files.readAllBytes(GOLDEN.resolve("stored.npz"));
        stored[200] ^= 1;   // in the values of the first entry
        assertRefused(Files.write(folder.resolve("x.npz"), stored), Npz::read, "weight.npy", "CRC-32");
        assertRefused(Files.writeString(folder.resolve("x.npz"), "not an archive"), Npz::read, "wanted an .npz archive");
        assertThrows(NoSuchFileException.class, () -> Npz.read(folder.resolve("none.npz")));
        assertThrows(NoSuchFileException.class, () -> Npy.read(folder));
    }
}
