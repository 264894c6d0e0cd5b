package gradus.backend.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.backend.Workers;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

/** {@link FloatGemm} and {@link DoubleGemm} have the bits of {@link NaiveGemm}, whatever the shape, the strides, the start and the threads. */
class GemmProperties {
    private static final List<Workers> WORKERS = List.of(new Workers(1), new Workers(2), new Workers(3));

    private static final int RANDOM_PRODUCTS = 600;

    @AfterContainer
    static void end() {
        WORKERS.forEach(Workers::close);
    }

    enum Layout { ROWS, COLUMNS, PADDED_ROWS, PADDED_COLUMNS, SCATTERED, REPEATED_ROW }

    enum Start { ZERO, BIAS, ACCUMULATE }

    /** One product to try. */
    record Case(int m, int n, int k, Layout a, Layout b, Start start, int threads, long seed) {
    }

    @Provide
    Arbitrary<Case> small() {
        return cases(extents(), extents(), extents());
    }

    @Provide
    Arbitrary<Case> deep() {
        return cases(Arbitraries.of(1, 2, 7, 8, 9, 16, 97), Arbitraries.of(1, 3, 8, 15, 16, 17, 31, 33, 48, 53, 64), Arbitraries.of(767, 768, 769, 1537, 3073));
    }

    @Provide
    Arbitrary<Case> large() {
        return cases(Arbitraries.of(1, 4, 96, 100, 193), Arbitraries.of(10, 49, 145, 800), Arbitraries.of(33, 257, 784));
    }

    private static Arbitrary<Integer> extents() {
        return Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.of(0, 1, 2, 3, 4, 5, 7, 8, 9, 11, 13, 15, 16, 17, 23, 31, 32, 33, 47, 48, 49, 53, 64, 65, 97)),
                Tuple.of(1, Arbitraries.integers().between(1, 70)));
    }

    private static Arbitrary<Case> cases(Arbitrary<Integer> m, Arbitrary<Integer> n, Arbitrary<Integer> k) {
        return Combinators.combine(m, n, k, Arbitraries.of(Layout.class), Arbitraries.of(Layout.class), Arbitraries.of(Start.class),
                Arbitraries.of(0, 1, 2, 3), Arbitraries.longs()).as(Case::new);
    }

    @Property(tries = 600)
    void everySmallShapeHasTheBitsOfTheTwin(@ForAll("small") Case c) {
        check(c);
    }

    @Property(tries = 80)
    void blocksOfKDoNotChangeABit(@ForAll("deep") Case c) {
        check(c);
    }

    @Property(tries = 60)
    void threadsAndPanelsDoNotChangeABit(@ForAll("large") Case c) {
        check(c);
    }

    @Example
    void aProductOfSeveralBlocksOfPanels() {
        check(new Case(97, 3000, 800, Layout.ROWS, Layout.ROWS, Start.BIAS, 2, 5));
        check(new Case(20, 2999, 769, Layout.COLUMNS, Layout.COLUMNS, Start.ACCUMULATE, 3, 6));
    }

    /** Few columns, with C's rows side by side: vectors of one row run into the next ones. */
    @Example
    void narrowResultsWithoutGaps() {
        for (int n = 1; n <= 16; n++) {
            for (int m : new int[] {7, 8, 9, 16, 23, 95, 96, 97, 200}) {
                check(new Case(m, n, 40, Layout.ROWS, n % 2 == 0 ? Layout.ROWS : Layout.COLUMNS, Start.values()[m % 3], m % 4, 4L * (31 * m + n)));
            }
        }
    }

    /** A long B that is used little is read where it lies, and by columns on several threads. */
    @Example
    void fewRowsByALongMatrix() {
        for (int m : new int[] {3, 15, 18, 30, 64}) {
            for (int threads = 0; threads < 4; threads++) {
                check(new Case(m, 784, 1400, threads % 2 == 0 ? Layout.COLUMNS : Layout.ROWS, threads < 2 ? Layout.ROWS : Layout.PADDED_ROWS, Start.values()[m % 3], threads, m + threads));
            }
        }
        check(new Case(30, 120, 9000, Layout.ROWS, Layout.ROWS, Start.ACCUMULATE, 1, 7));
    }

    @Example
    void oneRowByColumnsThatRunAlongMemory() {
        for (Layout b : new Layout[] {Layout.COLUMNS, Layout.PADDED_COLUMNS}) {
            for (int n : new int[] {8, 15, 16, 17, 30, 33, 49, 64, 65}) {
                for (int k : new int[] {255, 256, 263, 784}) {
                    check(new Case(1, n, k, Layout.ROWS, b, Start.values()[(n + k) % 3], 2, n * 31 + k));
                }
            }
        }
    }

    @Example
    void everyCombinationOfLayoutsAtTheEdges() {
        for (Layout a : Layout.values()) {
            for (Layout b : Layout.values()) {
                for (int m : new int[] {1, 5, 17, 40}) {
                    for (int n : new int[] {1, 5, 20, 65}) {
                        check(new Case(m, n, 21, a, b, Start.values()[(m + n) % 3], 1, m * 31 + n));
                    }
                }
            }
        }
    }

    /** The examples, and as many random products as take a second or two, for {@link VectorWidthsTest} in a JVM of another vector width. */
    public static void main(String[] arguments) {
        GemmProperties all = new GemmProperties();
        all.aProductOfSeveralBlocksOfPanels();
        all.narrowResultsWithoutGaps();
        all.fewRowsByALongMatrix();
        all.oneRowByColumnsThatRunAlongMemory();
        all.everyCombinationOfLayoutsAtTheEdges();
        Random random = new Random(1);
        for (int i = 0; i < RANDOM_PRODUCTS; i++) {
            check(new Case(random.nextInt(1, 70), random.nextInt(1, 70), random.nextInt(1, 120), Layout.values()[random.nextInt(6)], Layout.values()[random.nextInt(6)],
                    Start.values()[random.nextInt(3)], random.nextInt(4), random.nextLong()));
        }
        end();
        System.out.println("the products hold");
    }

    private static void check(Case c) {
        checkFloats(c);
        checkDoubles(c);
    }

    /** Strides {row, column, length} of a matrix in a layout. */
    private static int[] strides(Layout layout, int rows, int columns) {
        return switch (layout) {
            case ROWS -> new int[] {columns, 1, rows * columns};
            case COLUMNS -> new int[] {1, rows, rows * columns};
            case PADDED_ROWS -> new int[] {columns + 3, 1, rows * (columns + 3)};
            case PADDED_COLUMNS -> new int[] {1, rows + 5, (rows + 5) * columns};
            case SCATTERED -> new int[] {2 * columns + 1, 2, rows * (2 * columns + 1)};
            case REPEATED_ROW -> new int[] {0, 1, columns};
        };
    }

    private static void checkFloats(Case c) {
        Random random = new Random(c.seed);
        int[] sa = strides(c.a, c.m, c.k);
        int[] sb = strides(c.b, c.k, c.n);
        float[] a = floats(random, 3 + sa[2]);
        float[] b = floats(random, 2 + sb[2]);
        float[] bias = floats(random, 1 + c.n);
        int row = c.n + (int) (c.seed & 2);
        float[] expected = floats(random, 9 + c.m * row);
        float[] actual = expected.clone();
        Workers workers = c.threads == 0 ? null : WORKERS.get(c.threads - 1);
        switch (c.start) {
            case ZERO, BIAS -> {
                float[] from = c.start == Start.BIAS ? bias : null;
                NaiveGemm.multiply(c.m, c.n, c.k, a, 3, sa[0], sa[1], b, 2, sb[0], sb[1], from, 1, expected, 4, row);
                FloatGemm.multiply(c.m, c.n, c.k, a, 3, sa[0], sa[1], b, 2, sb[0], sb[1], from, 1, actual, 4, row, workers);
            }
            case ACCUMULATE -> {
                for (int i = 0; i < c.m; i++) {
                    NaiveGemm.multiply(1, c.n, c.k, a, 3 + i * sa[0], sa[0], sa[1], b, 2, sb[0], sb[1], expected.clone(), 4 + i * row, expected, 4 + i * row, row);
                }
                FloatGemm.accumulate(c.m, c.n, c.k, a, 3, sa[0], sa[1], b, 2, sb[0], sb[1], actual, 4, row, workers);
            }
        }
        for (int i = 0; i < expected.length; i++) {
            assertEquals(Float.floatToRawIntBits(expected[i]), Float.floatToRawIntBits(actual[i]), "float place " + i + " of " + c);
        }
    }

    private static void checkDoubles(Case c) {
        Random random = new Random(c.seed);
        int[] sa = strides(c.a, c.m, c.k);
        int[] sb = strides(c.b, c.k, c.n);
        double[] a = doubles(random, 3 + sa[2]);
        double[] b = doubles(random, 2 + sb[2]);
        double[] bias = doubles(random, 1 + c.n);
        int row = c.n + (int) (c.seed & 2);
        double[] expected = doubles(random, 9 + c.m * row);
        double[] actual = expected.clone();
        Workers workers = c.threads == 0 ? null : WORKERS.get(c.threads - 1);
        switch (c.start) {
            case ZERO, BIAS -> {
                double[] from = c.start == Start.BIAS ? bias : null;
                NaiveGemm.multiply(c.m, c.n, c.k, a, 3, sa[0], sa[1], b, 2, sb[0], sb[1], from, 1, expected, 4, row);
                DoubleGemm.multiply(c.m, c.n, c.k, a, 3, sa[0], sa[1], b, 2, sb[0], sb[1], from, 1, actual, 4, row, workers);
            }
            case ACCUMULATE -> {
                for (int i = 0; i < c.m; i++) {
                    NaiveGemm.multiply(1, c.n, c.k, a, 3 + i * sa[0], sa[0], sa[1], b, 2, sb[0], sb[1], expected.clone(), 4 + i * row, expected, 4 + i * row, row);
                }
                DoubleGemm.accumulate(c.m, c.n, c.k, a, 3, sa[0], sa[1], b, 2, sb[0], sb[1], actual, 4, row, workers);
            }
        }
        for (int i = 0; i < expected.length; i++) {
            assertEquals(Double.doubleToRawLongBits(expected[i]), Double.doubleToRawLongBits(actual[i]), "double place " + i + " of " + c);
        }
    }

    private static float[] floats(Random random, int length) {
        float[] x = new float[length];
        for (int i = 0; i < length; i++) {
            x[i] = random.nextFloat(-1, 1);
        }
        return x;
    }

    private static double[] doubles(Random random, int length) {
        double[] x = new double[length];
        for (int i = 0; i < length; i++) {
            x[i] = random.nextDouble(-1, 1);
        }
        return x;
    }
}
