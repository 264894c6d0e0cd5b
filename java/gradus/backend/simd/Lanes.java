package gradus.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width that all kernels use: what the machine prefers, or 128, 256 or 512 bits when the system property {@code gradus.vector.bits}
 * says so before the first kernel is loaded. The width changes the speed and no result.
 */
final class Lanes {
    static final VectorSpecies<Float> FLOAT = VectorSpecies.of(float.class, shape());
    static final VectorSpecies<Double> DOUBLE = VectorSpecies.of(double.class, FLOAT.vectorShape());
    static final VectorSpecies<Integer> INT = VectorSpecies.of(int.class, FLOAT.vectorShape());
    static final VectorSpecies<Long> LONG = VectorSpecies.of(long.class, FLOAT.vectorShape());

    /**
     * Whether the machine has 32 vector registers: AVX-512 does, and 64-bit ARM and RISC-V; SSE and AVX2 have 16. A block of C that does not fit the registers
     * is spilled at every step (measured: 24 accumulators ran at half speed on 16 registers).
     */
    static final boolean MANY_REGISTERS = FloatVector.SPECIES_PREFERRED.vectorBitSize() >= 512 || !System.getProperty("os.arch").matches("amd64|x86_64|x86");

    private Lanes() {
    }

    private static VectorShape shape() {
        String forced = System.getProperty("gradus.vector.bits");
        return switch (forced) {
            case null -> FloatVector.SPECIES_PREFERRED.vectorBitSize() < 128 ? VectorShape.S_128_BIT : FloatVector.SPECIES_PREFERRED.vectorShape();
            case "128" -> VectorShape.S_128_BIT;
            case "256" -> VectorShape.S_256_BIT;
            case "512" -> VectorShape.S_512_BIT;
            default -> throw new IllegalArgumentException("gradus.vector.bits is " + forced + "; 128, 256 or 512 wanted");
        };
    }

    /** How the kernels run here, in words. */
    static String description() {
        return FLOAT.vectorBitSize() + "-bit vectors, " + (MANY_REGISTERS ? 32 : 16) + " registers";
    }
}
