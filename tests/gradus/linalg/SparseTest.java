package gradus.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Workers;
import gradus.tensor.ShapeException;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Every sparse operation against the same operation on the dense matrix. */
class SparseTest {
    private static Matrix random(int rows, int columns, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Matrix a = Matrix.zeros(rows, columns);
        for (int i = 0; i < rows * columns; i++) {
            a.data()[i] = random.nextInt(4) == 0 ? random.nextGaussian() : 0;
        }
        return a;
    }

    @Property(tries = 200)
    void formsConvertIntoEachOther(@ForAll long seed, @ForAll @IntRange(max = 25) int rows, @ForAll @IntRange(max = 25) int columns) {
        Matrix a = random(rows, columns, seed);
        Csr csr = Csr.of(a);
        assertEquals(Arrays.stream(a.data()).filter(x -> x != 0).count(), csr.size());
        assertEquals(a, csr.toMatrix());
        assertEquals(a, Csc.of(a).toMatrix());
        assertEquals(a, csr.toCoo().toMatrix());
        assertEquals(csr, csr.toCsc().toCsr());
        assertEquals(csr, csr.toCoo().toCsr());
        assertEquals(csr.toCsc(), csr.toCoo().toCsc());
        assertEquals(a.transpose(), csr.transpose().toMatrix());
        assertEquals(a.transpose(), csr.toCsc().transpose().toMatrix());
        assertEquals(a.transpose(), csr.toCoo().transpose().toMatrix());
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                assertEquals(a.get(i, j), csr.get(i, j));
                assertEquals(a.get(i, j), csr.toCsc().get(i, j));
            }
        }
        assertEquals(csr.size(), Arrays.stream(csr.rowCounts()).sum());
        assertArrayEquals(csr.transpose().rowCounts(), csr.columnCounts());
        assertArrayEquals(csr.toCsc().columnStart(), csr.transpose().rowStart());
    }

    @Property(tries = 200)
    void productsAreTheDenseOnes(@ForAll long seed, @ForAll @IntRange(max = 40) int m, @ForAll @IntRange(max = 30) int k, @ForAll @IntRange(max = 20) int n,
            @ForAll @IntRange(min = 1, max = 3) int threads) {
        Matrix a = random(m, k, seed);
        Matrix b = random(k, n, seed + 1);
        Matrix left = random(m, n, seed + 2);
        Csr csr = Csr.of(a);
        try (Workers workers = new Workers(threads)) {
            // A term 0·x changes no bit of a chain but the sign of a zero, and chains here begin with +0 and meet no underflow.
            Matrices.assertBits("A·B", Products.multiply(a, b), csr.times(b, workers));
            Matrices.assertBits("sparse A·B", Products.multiply(a, b), csr.times(Csr.of(b)).toMatrix());
            Matrices.assertBits("Aᵀ·C", Products.multiply(a.transpose(), left), csr.toCsc().transposedTimes(left, workers));
            double[] x = Matrices.gaussian(1, k, seed + 3).data();
            double[] y = Matrices.gaussian(1, m, seed + 4).data();
            Matrices.assertBits("A·x", Products.multiply(a, Matrix.column(x)).data(), csr.times(x, workers));
            Matrices.assertBits("A·x by columns", csr.times(x), csr.toCsc().times(x));
            Matrices.assertBits("Aᵀ·y", Products.multiply(a.transpose(), Matrix.column(y)).data(), csr.transposedTimes(y));
            Matrices.assertBits("Aᵀ·y by columns", csr.transposedTimes(y), csr.toCsc().transposedTimes(y, workers));
        }
    }

    @Property(tries = 100)
    void sumsMapsAndMasks(@ForAll long seed, @ForAll @IntRange(max = 20) int rows, @ForAll @IntRange(max = 20) int columns) {
        Matrix a = random(rows, columns, seed);
        Matrix b = random(rows, columns, seed + 1);
        Csr csr = Csr.of(a);
        assertEquals(a.plus(b), csr.plus(Csr.of(b)).toMatrix());
        assertEquals(Csr.of(a.scaled(-2)), csr.scaled(-2));
        Csr positive = csr.masked((i, j, x) -> x > 0 && i >= j);
        Csr numbered = csr.mapped((i, j, x) -> 100 * i + j);
        assertEquals(csr.size(), numbered.size());
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                assertEquals(a.get(i, j) > 0 && i >= j ? a.get(i, j) : 0, positive.get(i, j));
                assertEquals(a.get(i, j) != 0 ? 100 * i + j : 0, numbered.get(i, j));
            }
        }
        assertEquals(Matrices.norm(a), csr.frobeniusNorm(), 1e-13 * Matrices.norm(a));
    }

    @Property(tries = 100)
    void slicesAndSelections(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int rows, @ForAll @IntRange(min = 1, max = 20) int columns) {
        SplittableRandom random = new SplittableRandom(seed);
        Matrix a = random(rows, columns, seed);
        Csr csr = Csr.of(a);
        int i0 = random.nextInt(rows + 1);
        int i1 = i0 + random.nextInt(rows + 1 - i0);
        int j0 = random.nextInt(columns + 1);
        int j1 = j0 + random.nextInt(columns + 1 - j0);
        assertEquals(a.block(i0, i1, j0, j1), csr.rows(i0, i1).columns(j0, j1).toMatrix());
        assertEquals(a.block(0, rows, j0, j1), csr.toCsc().columns(j0, j1).toMatrix());
        int[] pick = random.ints(7, 0, rows).toArray();
        Matrix picked = csr.selectRows(pick).toMatrix();
        for (int r = 0; r < pick.length; r++) {
            assertArrayEquals(a.row(pick[r]), picked.row(r));
        }
        int[] pickColumns = random.ints(5, 0, columns).toArray();
        Matrix pickedColumns = csr.selectColumns(pickColumns).toMatrix();
        assertEquals(pickedColumns, csr.toCsc().selectColumns(pickColumns).toMatrix());
        for (int c = 0; c < pickColumns.length; c++) {
            assertArrayEquals(a.columnAt(pickColumns[c]), pickedColumns.columnAt(c));
        }
        boolean[] mask = new boolean[columns];
        for (int j = 0; j < columns; j++) {
            mask[j] = j % 3 == 1;
        }
        Matrix masked = csr.keepColumns(mask).toMatrix();
        assertEquals(masked, csr.toCsc().keepColumns(mask).toMatrix());
        assertEquals(masked, csr.transpose().keepRows(mask).toMatrix().transpose());
        assertEquals((columns + 1) / 3, masked.columns());
    }

    @Test
    void entriesOfOnePlaceAddUpInTheirOrder() {
        double big = 1e16;
        Coo coo = Coo.of(2, 3, new int[] {1, 0, 1, 1, 0}, new int[] {2, 1, 2, 2, 0}, new double[] {big, 7, 1, -big, 5});
        assertEquals(Matrix.of(2, 3, 5, 7, 0, 0, 0, big + 1 - big), coo.toMatrix());
        assertEquals(3, coo.toCsr().size());
        assertEquals(5, coo.size());
    }

    @Test
    void badInputIsNamed() {
        assertMessage("coo: entry 1 at (2, 0) lies outside [2, 3]", () -> Coo.of(2, 3, new int[] {0, 2}, new int[] {0, 0}, new double[2]));
        assertMessage("coo: 1 row indices, 2 column indices and 2 values", () -> Coo.of(2, 3, new int[1], new int[2], new double[2]));
        assertMessage("coo: extents [-1, 3]", () -> Coo.of(-1, 3, new int[0], new int[0], new double[0]));
        assertMessage("csr: 2 row starts for 2 rows", () -> Csr.of(2, 3, new int[2], new int[0], new double[0]));
        assertMessage("csr: row 0 begins at 0 and ends at -1", () -> Csr.of(2, 3, new int[] {0, -1, 0}, new int[0], new double[0]));
        assertMessage("csr: column index 3 at place 0 of row 0", () -> Csr.of(1, 3, new int[] {0, 1}, new int[] {3}, new double[1]));
        assertMessage("csr: column index 1 at place 1 of row 0", () -> Csr.of(1, 3, new int[] {0, 2}, new int[] {1, 1}, new double[2]));
        Csr a = Csr.of(Matrix.of(2, 3, 1, 0, 2, 0, 3, 0));
        assertMessage("times: a vector of 2 came, the matrix wants 3", () -> a.times(1, 2));
        assertMessage("transposedTimes: a vector of 3 came, the matrix wants 2", () -> a.transposedTimes(1, 2, 3));
        assertMessage("times: [2, 3] and [2, 3] have inner extents 3 and 2", () -> a.times(a));
        assertMessage("plus: shapes [2, 3] and [3, 2] differ", () -> a.plus(a.transpose()));
        assertMessage("rows: 1..3 is out of range for [2, 3]", () -> a.rows(1, 3));
        assertMessage("selectColumns: column 3 lies outside [2, 3]", () -> a.selectColumns(3));
        assertMessage("keepRows: a mask of 3 came for 2 of [2, 3]", () -> a.keepRows(true, true, true));
        assertMessage("csr: entry (2, 0) lies outside [2, 3]", () -> a.get(2, 0));
        assertMessage("csc: entry (2, 0) lies outside [2, 3]", () -> a.toCsc().get(2, 0));
    }

    private static void assertMessage(String begin, Runnable r) {
        String message = assertThrows(ShapeException.class, r::run).getMessage();
        assertTrue(message.startsWith(begin), message);
    }
}
