package gradus.backend;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Where in a Java array a cache line begins. The collector places arrays at multiples of eight bytes, so that of vectors of 64 bytes nearly every one lies on two lines, and a
 * processor that can load two vectors a cycle loads one. Data that begins at a line instead costs an array of {@link #SLACK} elements more.
 *
 * <p>Java does not tell addresses, but a function of C that is handed a Java array sees one: {@code memset} of no bytes answers with the address it got. The collector may move
 * the array later; then its vectors lie across lines again, which costs time and changes nothing else.
 */
public final class CacheLines {
    /** Elements that an array needs beyond its data for the data to begin at a line, for either element type. */
    public static final int SLACK = 16;

    private static final int LINE = 64;
    private static final MethodHandle MEMSET = memset();

    private CacheLines() {
    }

    /** The first element at the beginning of a line; 0 where this JVM may not call native code ({@code --enable-native-access=gradus}). */
    public static int first(float[] array) {
        return bytes(MemorySegment.ofArray(array)) / Float.BYTES;
    }

    /** As {@link #first(float[])}. */
    public static int first(double[] array) {
        return bytes(MemorySegment.ofArray(array)) / Double.BYTES;
    }

    private static int bytes(MemorySegment array) {
        if (MEMSET == null) {
            return 0;
        }
        try {
            long address = (long) MEMSET.invokeExact(array, 0, 0L);
            return (int) (-address & LINE - 1);
        } catch (Throwable e) {
            throw new AssertionError("memset of no bytes failed", e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle memset() {
        // Without the permission the JVM would print a warning or refuse.
        if (!CacheLines.class.getModule().isNativeAccessEnabled()) {
            return null;
        }
        try {
            Linker linker = Linker.nativeLinker();
            FunctionDescriptor signature = FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);
            return linker.defaultLookup().find("memset").map(f -> linker.downcallHandle(f, signature, Linker.Option.critical(true))).orElse(null);
        } catch (UnsupportedOperationException e) {
            return null;
        }
    }
}
