package gradus.data;

import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.Arrays;

/**
 * An affine map of each column of a table [N, D], fitted on one table and applied to others: y = (x − shift)/divisor, computed in float64 and
 * rounded once to the table's type. Sums run in the fixed order of the numeric contract (16 virtual lanes in chunks of 4096 rows).
 *
 * @param shift   what is subtracted, one number a column
 * @param divisor what is divided by; 1 for a column without spread, as in scikit-learn
 */
public record Scaling(double[] shift, double[] divisor) {
    private static final int CHUNK = 4096;
    private static final int LANES = 16;

    /** Mean 0 and deviation 1 in every column; the deviation is the population's: √(1/N · Σ(x − mean)²). */
    public static Scaling standard(Tensor table) {
        double[] mean = meanOf(table, new double[requireTable(table).dim(1)], false);
        double[] variance = meanOf(table, mean, true);
        double[] deviation = new double[mean.length];
        for (int j = 0; j < deviation.length; j++) {
            deviation[j] = variance[j] == 0 ? 1 : Math.sqrt(variance[j]);
        }
        return new Scaling(mean, deviation);
    }

    /** Smallest value 0 and largest 1 in every column. */
    public static Scaling columnsToUnit(Tensor table) {
        double[] low = new double[requireTable(table).dim(1)];
        double[] high = new double[low.length];
        Arrays.fill(low, Double.POSITIVE_INFINITY);
        Arrays.fill(high, Double.NEGATIVE_INFINITY);
        forEachRow(table, (i, row) -> {
            for (int j = 0; j < row.length; j++) {
                low[j] = Math.min(low[j], row[j]);
                high[j] = Math.max(high[j], row[j]);
            }
        });
        return between(low, high);
    }

    /** Smallest value of the whole table 0 and largest 1: one map for all columns. */
    public static Scaling wholeToUnit(Tensor table) {
        double[] ends = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        forEachRow(requireTable(table), (i, row) -> {
            for (double v : row) {
                ends[0] = Math.min(ends[0], v);
                ends[1] = Math.max(ends[1], v);
            }
        });
        double[] low = new double[table.dim(1)];
        double[] high = new double[table.dim(1)];
        Arrays.fill(low, ends[0]);
        Arrays.fill(high, ends[1]);
        return between(low, high);
    }

    private static Scaling between(double[] low, double[] high) {
        double[] range = new double[low.length];
        for (int j = 0; j < range.length; j++) {
            range[j] = high[j] == low[j] ? 1 : high[j] - low[j];
        }
        return new Scaling(low, range);
    }

    /** The table with every column mapped. */
    public Tensor apply(Tensor table) {
        return mapped(table, "apply", false);
    }

    /** The inverse map: y · divisor + shift. */
    public Tensor undo(Tensor table) {
        return mapped(table, "undo", true);
    }

    private Tensor mapped(Tensor table, String operation, boolean inverse) {
        int columns = requireTable(table).dim(1);
        if (columns != shift.length) {
            throw new ShapeException("scaling " + operation + ": table " + table.shape() + " came, fitted on " + shift.length + " columns");
        }
        Tensor out = Tensor.zeros(table.dtype(), table.shape());
        forEachRow(table, (i, row) -> {
            for (int j = 0; j < columns; j++) {
                double y = inverse ? Math.fma(row[j], divisor[j], shift[j]) : (row[j] - shift[j]) / divisor[j];
                switch (out.dtype()) {
                    case FLOAT32 -> out.floats()[i * columns + j] = (float) y;
                    case FLOAT64 -> out.doubles()[i * columns + j] = y;
                }
            }
        });
        return out;
    }

    private static Tensor requireTable(Tensor table) {
        if (table.rank() != 2 || table.size() == 0) {
            throw new ShapeException("scaling: wanted a table [N, D] with N, D ≥ 1, got " + table.shape());
        }
        return table;
    }

    private interface RowTask {
        void take(int i, double[] row);
    }

    /** Hands out the rows widened to float64, one after the other in one array. */
    private static void forEachRow(Tensor table, RowTask task) {
        Tensor dense = table.isContiguous() ? table : table.copy();
        double[] row = new double[table.dim(1)];
        for (int i = 0; i < table.dim(0); i++) {
            int from = dense.offset() + i * row.length;
            switch (dense.dtype()) {
                case FLOAT32 -> {
                    float[] values = dense.floats();
                    for (int j = 0; j < row.length; j++) {
                        row[j] = values[from + j];
                    }
                }
                case FLOAT64 -> System.arraycopy(dense.doubles(), from, row, 0, row.length);
            }
            task.take(i, row);
        }
    }

    /** Column means of x − shift, or of its square. */
    private static double[] meanOf(Tensor table, double[] shift, boolean squared) {
        int rows = table.dim(0);
        double[] total = new double[shift.length];
        double[][] lanes = new double[LANES][shift.length];
        forEachRow(table, (i, row) -> {
            double[] lane = lanes[i % CHUNK % LANES];
            for (int j = 0; j < row.length; j++) {
                double d = row[j] - shift[j];
                lane[j] = squared ? Math.fma(d, d, lane[j]) : lane[j] + d;
            }
            if (i % CHUNK == CHUNK - 1 || i == rows - 1) {
                fold(lanes, total);
            }
        });
        for (int j = 0; j < total.length; j++) {
            total[j] /= rows;
        }
        return total;
    }

    /** Adds a chunk's lanes, folded pairwise, to the total and clears them. */
    private static void fold(double[][] lanes, double[] total) {
        for (int j = 0; j < total.length; j++) {
            for (int half = LANES / 2; half > 0; half /= 2) {
                for (int l = 0; l < half; l++) {
                    lanes[l][j] += lanes[l + half][j];
                }
            }
            total[j] += lanes[0][j];
        }
        for (double[] lane : lanes) {
            Arrays.fill(lane, 0);
        }
    }
}
