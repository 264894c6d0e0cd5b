package gradus.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** kernels/numerics.cuh is Functions.java again: the same constants, the same order of functions, and, compiled for the CPU, the same bits. */
class DeviceFunctionsTest {
    private static final Path DEVICE = Path.of("kernels/numerics.cuh");
    private static final int[] EXPONENTS = {Integer.MIN_VALUE, -7, -1, 0, 2, 3, 10, 1001};

    @Test
    void coefficientsAreThoseOfTheJavaTable() throws IOException {
        Map<String, String> java = constants(Path.of("java/gradus/numerics/Coefficients.java"), "static final (?:double|long|float) (\\w+) = ([^;L]+)L?;");
        Map<String, String> device = constants(DEVICE, "constexpr (?:double|float|unsigned long long) (\\w+) = ([^;U]+)(?:ULL)?;");
        assertTrue(java.size() > 75, () -> "only " + java.size() + " constants");
        assertEquals(java, device);
    }

    private static Map<String, String> constants(Path file, String pattern) throws IOException {
        Map<String, String> found = new LinkedHashMap<>();
        Matcher m = Pattern.compile(pattern).matcher(Files.readString(file));
        while (m.find()) {
            found.put(m.group(1), m.group(2));
        }
        return found;
    }

    @Test
    void functionsHaveTheirJavaNumbers() throws IOException {
        Matcher m = Pattern.compile("enum Function \\{([^}]*)}").matcher(Files.readString(DEVICE));
        assertTrue(m.find());
        assertEquals(Arrays.stream(Function.values()).map(Enum::name).collect(Collectors.joining(", ")), m.group(1).strip());
    }

    @Test
    void compiledForTheCpuTheyGiveTheScalarBits() throws IOException, InterruptedException {
        Path program = compiled();
        float[] x = inputs();
        Process run = new ProcessBuilder(program.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        Thread.ofVirtual().start(() -> {
            try (OutputStream out = run.getOutputStream()) {
                ByteBuffer bytes = ByteBuffer.allocate(4 * x.length).order(ByteOrder.nativeOrder());
                bytes.asFloatBuffer().put(x);
                out.write(bytes.array());
            } catch (IOException e) {
                run.destroy();
            }
        });
        ByteBuffer results = ByteBuffer.wrap(run.getInputStream().readAllBytes()).order(ByteOrder.nativeOrder());
        assertEquals(0, run.waitFor());
        assertEquals(4 * x.length * (Function.values().length + EXPONENTS.length + 1), results.limit());
        for (Function f : Function.values()) {
            compare(f.toString(), x, results, i -> Float.floatToRawIntBits(f.apply(x[i])));
        }
        for (int n : EXPONENTS) {
            compare("power " + n, x, results, i -> Float.floatToRawIntBits(Functions.pow(x[i], n)));
        }
        int[] block = new int[4];
        compare("stream word", x, results, i -> {
            long position = (1L << 40) + i;
            Philox.block(position >>> 2, 0xfedcba9876543210L, 0x0123456789abcdefL, block, 0);
            return block[(int) (position & 3)];
        });
    }

    private static void compare(String what, float[] x, ByteBuffer results, IntUnaryOperator expected) {
        for (int i = 0; i < x.length; i++) {
            int got = results.getInt();
            if (got != expected.applyAsInt(i)) {
                throw new AssertionError(what + " of " + Float.toHexString(x[i]) + ": device code gives " + Integer.toHexString(got) + ", Java "
                        + Integer.toHexString(expected.applyAsInt(i)));
            }
        }
    }

    private static float[] inputs() {
        SplittableRandom random = new SplittableRandom(8);
        float[] x = new float[60_000];
        for (int i = 0; i < x.length; i++) {
            x[i] = switch (i % 4) {
                case 0 -> Float.intBitsToFloat(random.nextInt());
                case 1 -> (float) random.nextDouble(-110, 110);
                case 2 -> (float) random.nextDouble(-1.5, 1.5);
                default -> (float) random.nextDouble(0, 0x1p24);
            };
        }
        float[] special = {0f, -0f, 1, -1, Float.NaN, Float.intBitsToFloat(0xff800001), Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, -Float.MIN_VALUE,
            Float.MAX_VALUE, 0x1p22f, 0x1p-23f, -0x1p-24f, 0x1p-12f};
        System.arraycopy(special, 0, x, 0, special.length);
        return x;
    }

    private static Path compiled() throws IOException, InterruptedException {
        String compiler = System.getenv().getOrDefault("CXX", "g++");
        Path folder = Files.createDirectories(Path.of("target/device-functions"));
        Path program = folder.resolve("device_functions");
        Process build;
        try {
            build = new ProcessBuilder(compiler, "-std=c++20", "-O2", "-ffp-contract=off", "-DGRADUS_EMULATOR", "-o", program.toString(),
                    "tests/gradus/numerics/device_functions.cpp").redirectErrorStream(true).start();
        } catch (IOException e) {
            System.out.println("skipped: the device functions are not compiled, for there is no C++ compiler " + compiler);
            return abort("no C++ compiler " + compiler);
        }
        String messages = new String(build.getInputStream().readAllBytes());
        assertEquals(0, build.waitFor(), messages);
        return program;
    }
}
