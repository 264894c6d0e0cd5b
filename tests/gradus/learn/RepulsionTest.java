package gradus.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Workers;
import org.junit.jupiter.api.Test;

/** Barnes and Hut's repulsion against all pairs in float64. */
class RepulsionTest {
    private static final Workers ONE = new Workers(1);

    /** Forces on every point, their sums of magnitudes, and Z. */
    private record Field(double[] x, double[] y, double[] magnitude, double z) {
        static Field exact(float[] px, float[] py) {
            int n = px.length;
            Field f = new Field(new double[n], new double[n], new double[n], 0);
            double z = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    if (i != j) {
                        double dx = (double) px[i] - px[j];
                        double dy = (double) py[i] - py[j];
                        double q = 1 / (1 + dx * dx + dy * dy);
                        z += q;
                        f.x[i] += q * q * dx;
                        f.y[i] += q * q * dy;
                        f.magnitude[i] += q * q * Math.hypot(dx, dy);
                    }
                }
            }
            return new Field(f.x, f.y, f.magnitude, z);
        }

        static Field of(Repulsion repulsion, float[] px, float[] py) {
            float[] fx = new float[px.length];
            float[] fy = new float[px.length];
            repulsion.prepare(px, py);
            double z = repulsion.push(fx, fy, ONE);
            return new Field(widen(fx), widen(fy), null, z);
        }

        private static double[] widen(float[] v) {
            double[] out = new double[v.length];
            for (int i = 0; i < v.length; i++) {
                out[i] = v[i];
            }
            return out;
        }

        /** The largest error of a force, over the sum of the magnitudes of what it is made of. */
        double worst(Field truth) {
            double worst = 0;
            for (int i = 0; i < x.length; i++) {
                worst = Math.max(worst, Math.hypot(x[i] - truth.x[i], y[i] - truth.y[i]) / truth.magnitude[i]);
            }
            return worst;
        }

        /** ‖F − truth‖ / ‖truth‖. */
        double relative(Field truth) {
            double error = 0;
            double norm = 0;
            for (int i = 0; i < x.length; i++) {
                error += Math.pow(x[i] - truth.x[i], 2) + Math.pow(y[i] - truth.y[i], 2);
                norm += truth.x[i] * truth.x[i] + truth.y[i] * truth.y[i];
            }
            return Math.sqrt(error / norm);
        }
    }

    @Test
    void allPairsIsExactToFloat32() {
        for (int n : new int[] {2, 15, 16, 17, 1000, 4500}) {
            float[] x = TsneData.plane(n, 5, 1);
            float[] y = TsneData.plane(n, 5, 2);
            Field truth = Field.exact(x, y);
            Field f = Field.of(new ExactRepulsion(n, LearnKernels.best()), x, y);
            // A chain of 4096 additions errs by about √4096 roundings of 2⁻²⁴; four times that.
            assertTrue(f.worst(truth) < 4 * 64 * 0x1p-24, n + " points: " + f.worst(truth));
            assertEquals(1, f.z / truth.z, 1e-6);
        }
    }

    /**
     * A cell's points differ from its centre of mass in second order only, so a force's error is at most about θ² of the magnitudes it is made of. The
     * constant 0.3 leaves room for the q² within.
     */
    @Test
    void errorsOfTheTreeFallAsTheSquareOfTheAngle() {
        for (double spread : new double[] {1e-4, 1, 20}) {
            float[] x = TsneData.plane(1000, spread, 3);
            float[] y = TsneData.plane(1000, spread, 4);
            Field truth = Field.exact(x, y);
            double last = Double.POSITIVE_INFINITY;
            for (double angle : new double[] {1, 0.8, 0.5, 0.25, 0.1}) {
                Field f = Field.of(new BarnesHut(1000, angle, LearnKernels.best()), x, y);
                double bound = 0.3 * angle * angle;
                assertTrue(f.worst(truth) <= bound, "angle " + angle + ", spread " + spread + ": " + f.worst(truth) + " above " + bound);
                assertEquals(1, f.z / truth.z, bound);
                assertTrue(f.relative(truth) <= last, "a smaller angle is not less exact");
                last = Math.max(f.relative(truth), 2e-6);
            }
        }
    }

    @Test
    void smallGroupsLeavesAndAnglesOfEveryKind() {
        for (int n : new int[] {2, 3, 8, 9, 16, 17, 33, 200}) {
            float[] x = TsneData.plane(n, 3, n);
            float[] y = TsneData.plane(n, 3, 2 * n);
            Field truth = Field.exact(x, y);
            for (double angle : new double[] {0.05, 0.5, 0.7, 1}) {
                Field f = Field.of(new BarnesHut(n, angle, LearnKernels.best()), x, y);
                assertTrue(f.worst(truth) <= 0.3 * angle * angle + 1e-6, n + " points, angle " + angle + ": " + f.worst(truth));
            }
        }
    }

    @Test
    void pointsInOnePlaceAndFarOutliersAreSummedRight() {
        float[] x = TsneData.plane(300, 1, 5);
        float[] y = TsneData.plane(300, 1, 6);
        for (int i = 0; i < 100; i++) {
            x[i] = 2;
            y[i] = -1;
        }
        x[299] = 1e6f; // squeezes all others into a few cells of the smallest size
        Field truth = Field.exact(x, y);
        Field f = Field.of(new BarnesHut(300, 0.5, LearnKernels.best()), x, y);
        assertTrue(f.worst(truth) <= 0.3 * 0.25, "error " + f.worst(truth));
        assertEquals(1, f.z / truth.z, 0.01);
        float[] same = new float[40];
        Field none = Field.of(new BarnesHut(40, 0.5, LearnKernels.best()), same, same);
        assertEquals(40 * 39, none.z, 1e-9);
        assertArrayEquals(new double[40], none.x);
    }

    @Test
    void threadsAndKernelsDoNotChangeABit() {
        float[] x = TsneData.plane(5000, 10, 7);
        float[] y = TsneData.plane(5000, 10, 8);
        for (double angle : new double[] {0.5, 0.9}) {
            Field one = Field.of(new BarnesHut(5000, angle, LearnKernels.best()), x, y);
            Field scalar = Field.of(new BarnesHut(5000, angle, new ScalarLearnKernels()), x, y);
            assertArrayEquals(one.x, scalar.x, 0);
            assertArrayEquals(one.y, scalar.y, 0);
            assertEquals(one.z, scalar.z);
            for (int threads = 2; threads <= 3; threads++) {
                try (Workers workers = new Workers(threads)) {
                    BarnesHut tree = new BarnesHut(5000, angle, LearnKernels.best());
                    float[] fx = new float[5000];
                    float[] fy = new float[5000];
                    for (int twice = 0; twice < 2; twice++) {
                        tree.prepare(x, y);
                        assertEquals(one.z, tree.push(fx, fy, workers));
                        assertArrayEquals(one.x, Field.widen(fx), 0);
                        assertArrayEquals(one.y, Field.widen(fy), 0);
                    }
                }
            }
        }
    }

    @Test
    void pointsThatFlewAwayAreAnError() {
        float[] x = {0, 1, 2, Float.NaN};
        float[] y = {0, 1, 2, 3};
        BarnesHut tree = new BarnesHut(4, 0.5, LearnKernels.best());
        assertThrows(ArithmeticException.class, () -> tree.prepare(x, y));
        x[3] = 1e30f;
        assertThrows(ArithmeticException.class, () -> tree.prepare(x, y));
        assertThrows(ArithmeticException.class, () -> tree.prepare(y, x));
    }
}
