package gradus.backend.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Sixteen virtual lanes of doubles in as many vectors as they take on this machine. */
final class DoubleLanes {
    private static final VectorSpecies<Double> SPECIES = Lanes.DOUBLE;
    private static final int WIDTH = SPECIES.length();

    private DoubleLanes() {
    }

    /** Lane l becomes the chain from +0 of x[start + i] over i ≡ l modulo 16; n is a multiple of 16. */
    static void sums(double[] x, int start, int n, double[] lanes) {
        if (WIDTH == 16) {
            DoubleVector a = DoubleVector.zero(SPECIES);
            for (int i = 0; i < n; i += 16) {
                a = a.add(DoubleVector.fromArray(SPECIES, x, start + i));
            }
            a.intoArray(lanes, 0);
        } else if (WIDTH == 8) {
            DoubleVector a = DoubleVector.zero(SPECIES);
            DoubleVector b = DoubleVector.zero(SPECIES);
            for (int i = 0; i < n; i += 16) {
                a = a.add(DoubleVector.fromArray(SPECIES, x, start + i));
                b = b.add(DoubleVector.fromArray(SPECIES, x, start + i + 8));
            }
            a.intoArray(lanes, 0);
            b.intoArray(lanes, 8);
        } else {
            for (int l = 0; l < 16; l += WIDTH) {
                DoubleVector a = DoubleVector.zero(SPECIES);
                for (int i = l; i < n; i += 16) {
                    a = a.add(DoubleVector.fromArray(SPECIES, x, start + i));
                }
                a.intoArray(lanes, l);
            }
        }
    }

    /** The same of x[start + i]², one fused multiply-add a term. */
    static void squares(double[] x, int start, int n, double[] lanes) {
        if (WIDTH == 16) {
            DoubleVector a = DoubleVector.zero(SPECIES);
            for (int i = 0; i < n; i += 16) {
                DoubleVector t = DoubleVector.fromArray(SPECIES, x, start + i);
                a = t.fma(t, a);
            }
            a.intoArray(lanes, 0);
        } else {
            for (int l = 0; l < 16; l += WIDTH) {
                DoubleVector a = DoubleVector.zero(SPECIES);
                for (int i = l; i < n; i += 16) {
                    DoubleVector t = DoubleVector.fromArray(SPECIES, x, start + i);
                    a = t.fma(t, a);
                }
                a.intoArray(lanes, l);
            }
        }
    }
}
