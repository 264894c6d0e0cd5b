package gradus.tensor;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Damaged files: what every parser must refuse with a {@link FormatException} or read, and nothing else. */
public final class Damage {
    /** Room for what a reader allocates however small its file: buffers, an inflater, messages, the first use of a class. */
    private static final long OVERHEAD = 4 << 20;

    private Damage() {
    }

    /** Reads one file. */
    @FunctionalInterface
    public interface Reader {
        /** Reads it whole. */
        Object read(Path path) throws IOException;
    }

    /** A copy with up to eight faults drawn from the seed: flipped bits, extreme bytes, cuts, insertions, repeated pieces. */
    public static byte[] damaged(byte[] sound, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] bytes = sound.clone();
        for (int fault = random.nextInt(1, 9); fault > 0 && bytes.length > 0; fault--) {
            int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(bytes.length, 128));
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0x7f);
                case 3 -> bytes = Arrays.copyOf(bytes, at);
                case 4 -> bytes = spliced(bytes, at, new byte[random.nextInt(1, 20)]);
                default -> bytes = spliced(bytes, at, Arrays.copyOfRange(bytes, at / 2, Math.min(bytes.length, at / 2 + 9)));
            }
        }
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int at, byte[] piece) {
        byte[] out = Arrays.copyOf(bytes, bytes.length + piece.length);
        System.arraycopy(piece, 0, out, at, piece.length);
        System.arraycopy(bytes, at, out, at + piece.length, bytes.length - at);
        return out;
    }

    /** Reads damaged copies of a file: each is read or refused with a {@link FormatException}, and none makes the reader allocate much. */
    public static void surviveAll(byte[] sound, Path scratch, Reader reader, long seed, int copies) throws IOException {
        for (int i = 0; i < copies; i++) {
            byte[] bytes = damaged(sound, seed * 1_000_003 + i);
            Files.write(scratch, bytes);
            survive(scratch, reader, 8 * 1032L * bytes.length + OVERHEAD);
        }
    }

    /** Reads a file and fails on anything but a value or a {@link FormatException}, and on more allocation than {@code limit} bytes. */
    public static void survive(Path file, Reader reader, long limit) {
        long before = allocated();
        try {
            reader.read(file);
        } catch (FormatException e) {
            assertTrue(e.getMessage().startsWith(file.toString()), () -> "names no file: " + e.getMessage());
            assertTrue(e.offset() >= 0, e::getMessage);
        } catch (IOException | RuntimeException | Error e) {
            fail("wanted a value or a FormatException, got " + e, e);
        }
        long used = allocated() - before;
        assertTrue(used <= limit, () -> "allocated " + used + " bytes, at most " + limit + " allowed");
    }

    /** Whether reading is refused with a message that holds every one of these pieces. */
    public static void assertRefused(Path file, Reader reader, String... pieces) {
        long before = allocated();
        FormatException e = org.junit.jupiter.api.Assertions.assertThrows(FormatException.class, () -> reader.read(file));
        long used = allocated() - before;
        for (String piece : pieces) {
            assertTrue(e.getMessage().contains(piece), () -> "'" + e.getMessage() + "' lacks '" + piece + "'");
        }
        assertTrue(used <= OVERHEAD, () -> "allocated " + used + " bytes before refusing");
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
