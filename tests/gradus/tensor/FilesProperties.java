package gradus.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Round trips of tensor files, and damaged ones. */
class FilesProperties {
    private static final Path GOLDEN = Path.of("tests/gradus/tensor/golden");
    private static Path folder;

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("gradus-files");
    }

    @AfterContainer
    static void dropFolder() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path p : files.toList()) {
                Files.delete(p);
            }
        }
        Files.delete(folder);
    }

    /** Tensors of every rank up to 4 with extents 0 to 5 and any bits: NaNs with payload, infinities, subnormals. */
    @Provide
    Arbitrary<Tensor> tensors() {
        Arbitrary<int[]> dims = Arbitraries.integers().between(0, 5).array(int[].class).ofMinSize(0).ofMaxSize(4);
        return Combinators.combine(dims, Arbitraries.of(DType.values()), Arbitraries.longs()).as(FilesProperties::tensor);
    }

    private static Tensor tensor(int[] dims, DType dtype, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Tensor t = Tensor.zeros(dtype, Shape.of(dims));
        for (int i = 0; i < t.size(); i++) {
            if (dtype == DType.FLOAT32) {
                t.floats()[i] = Float.intBitsToFloat(random.nextInt());
            } else {
                t.doubles()[i] = Double.longBitsToDouble(random.nextLong());
            }
        }
        return t.rank() > 1 && random.nextBoolean() ? t.transpose() : t;
    }

    private static void assertBitsEqual(Tensor a, Tensor b) {
        assertEquals(a.shape(), b.shape());
        assertEquals(a.dtype(), b.dtype());
        Tensor x = a.copy();
        Tensor y = b.copy();
        for (int i = 0; i < x.size(); i++) {
            if (a.dtype() == DType.FLOAT32) {
                assertEquals(Float.floatToRawIntBits(x.floats()[i]), Float.floatToRawIntBits(y.floats()[i]));
            } else {
                assertEquals(Double.doubleToRawLongBits(x.doubles()[i]), Double.doubleToRawLongBits(y.doubles()[i]));
            }
        }
    }

    @Property(tries = 200)
    void npyKeepsEveryBit(@ForAll("tensors") Tensor t) throws IOException {
        Path file = folder.resolve("t.npy");
        Npy.write(file, t);
        assertBitsEqual(t, Npy.read(file).tensor());
    }

    @Property(tries = 50)
    void npzAndSafetensorsKeepEveryBitAndName(@ForAll("tensors") Tensor a, @ForAll("tensors") Tensor b, @ForAll String name, @ForAll String text) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put(sound(name) + "x", a);
        tensors.put("second", b);
        Path file = folder.resolve("t.safetensors");
        Safetensors.write(file, tensors, Map.of("text", sound(text)));
        Safetensors.Contents contents = Safetensors.read(file);
        assertEquals(Map.of("text", sound(text)), contents.metadata());
        assertEquals(tensors.keySet(), contents.tensors().keySet());
        tensors.forEach((k, v) -> assertBitsEqual(v, contents.tensors().get(k)));

        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("first", NpyArray.of(a));
        arrays.put("second", NpyArray.of(b));
        Npz.write(folder.resolve("t.npz"), arrays, Npz.Packing.DEFLATED);
        Map<String, NpyArray> read = Npz.read(folder.resolve("t.npz"));
        assertBitsEqual(a, read.get("first").tensor());
        assertBitsEqual(b, read.get("second").tensor());
    }

    /** Names in files are UTF-8, which has no lone surrogates. */
    private static String sound(String s) {
        return new String(s.getBytes(java.nio.charset.StandardCharsets.UTF_8), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Property(tries = 200)
    void integersComeBackFromEveryTypeThatHoldsThem(@ForAll List<Long> values, @ForAll NpyType type) throws IOException {
        long[] fitted = values.stream().mapToLong(v -> switch (type) {
            case BOOL -> v & 1;
            case INT8 -> v.byteValue();
            case UINT8 -> v & 0xff;
            case INT16 -> v.shortValue();
            case UINT16 -> v & 0xffff;
            case INT32 -> v.intValue();
            case UINT32 -> v & 0xffffffffL;
            case INT64 -> v;
            case FLOAT32 -> v & 0xffffff;
            case FLOAT64 -> v & 0x1fffffffffffffL;
        }).toArray();
        Path file = folder.resolve("i.npy");
        Npy.write(file, NpyArray.of(type, fitted, fitted.length));
        assertArrayEquals(fitted, Npy.read(file).longs());
    }

    @Property(tries = 60)
    void damagedFilesAreReadOrRefused(@ForAll long seed) throws IOException {
        for (String name : List.of("f4.npy", "fortran.npy", "b1.npy", "version-3.npy")) {
            Damage.surviveAll(sound(GOLDEN.resolve(name)), folder.resolve("d.npy"), Npy::read, seed, 20);
        }
        for (String name : List.of("stored.npz", "deflated.npz")) {
            Damage.surviveAll(sound(GOLDEN.resolve(name)), folder.resolve("d.npz"), Npz::read, seed, 20);
        }
        Damage.surviveAll(sound(GOLDEN.resolve("metadata.safetensors")), folder.resolve("d.safetensors"), Safetensors::read, seed, 20);
    }

    private static byte[] sound(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
