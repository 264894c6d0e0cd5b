package gradus.backend.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Sixteen virtual lanes of floats in as many vectors as they take on this machine. */
final class FloatLanes {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final int WIDTH = SPECIES.length();

    private FloatLanes() {
    }

    /** Lane l becomes the chain from +0 of x[start + i] over i ≡ l modulo 16; n is a multiple of 16. */
    static void sums(float[] x, int start, int n, float[] lanes) {
        if (WIDTH == 16) {
            FloatVector a = FloatVector.zero(SPECIES);
            for (int i = 0; i < n; i += 16) {
                a = a.add(FloatVector.fromArray(SPECIES, x, start + i));
            }
            a.intoArray(lanes, 0);
        } else if (WIDTH == 8) {
            FloatVector a = FloatVector.zero(SPECIES);
            FloatVector b = FloatVector.zero(SPECIES);
            for (int i = 0; i < n; i += 16) {
                a = a.add(FloatVector.fromArray(SPECIES, x, start + i));
                b = b.add(FloatVector.fromArray(SPECIES, x, start + i + 8));
            }
            a.intoArray(lanes, 0);
            b.intoArray(lanes, 8);
        } else {
            for (int l = 0; l < 16; l += WIDTH) {
                FloatVector a = FloatVector.zero(SPECIES);
                for (int i = l; i < n; i += 16) {
                    a = a.add(FloatVector.fromArray(SPECIES, x, start + i));
                }
                a.intoArray(lanes, l);
            }
        }
    }

    /** The same of x[start + i]², one fused multiply-add a term. */
    static void squares(float[] x, int start, int n, float[] lanes) {
        if (WIDTH == 16) {
            FloatVector a = FloatVector.zero(SPECIES);
            for (int i = 0; i < n; i += 16) {
                FloatVector t = FloatVector.fromArray(SPECIES, x, start + i);
                a = t.fma(t, a);
            }
            a.intoArray(lanes, 0);
        } else {
            for (int l = 0; l < 16; l += WIDTH) {
                FloatVector a = FloatVector.zero(SPECIES);
                for (int i = l; i < n; i += 16) {
                    FloatVector t = FloatVector.fromArray(SPECIES, x, start + i);
                    a = t.fma(t, a);
                }
                a.intoArray(lanes, l);
            }
        }
    }
}
