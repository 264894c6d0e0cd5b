package gradus.backend.simd;

import gradus.backend.Reduction;
import gradus.backend.Workers;
import gradus.tensor.DType;
import gradus.tensor.Tensor;

/**
 * The fixed-order reductions of contiguous tensors in vector code: folds over trailing axes, where a run of memory is one sequence, and over
 * leading axes, where the vectors run over the results. {@link Reduction} says the order; sixteen virtual lanes are kept in either case.
 */
final class VectorReductions {
    private static final int CHUNK = 4096;
    private static final int LANES = 16;
    /** Terms below which a second thread costs more than it brings. */
    private static final int SPLIT = 1 << 16;
    /** Columns that are folded together: sixteen lanes of them stay in the first-level cache. */
    private static final int COLUMNS = 256;

    private VectorReductions() {
    }

    /** Folds x into y; false, with y untouched, when the folded axes are neither the last ones nor the first. */
    static boolean reduce(Reduction r, Tensor x, boolean[] folded, Tensor y, Workers workers) {
        int first = 0;
        while (first < folded.length && folded[first]) {
            first++;
        }
        int last = folded.length;
        while (last > 0 && folded[last - 1]) {
            last--;
        }
        boolean trailing = true;
        for (int i = 0; i < last; i++) {
            trailing &= !folded[i];
        }
        boolean leading = true;
        for (int i = first; i < folded.length; i++) {
            leading &= !folded[i];
        }
        int outputs = y.size();
        int terms = x.size() / outputs;
        if (trailing) {
            over(outputs, x.size(), 1, workers, (from, to) -> {
                for (int i = from; i < to; i++) {
                    run(r, x, i * terms, terms, y, i);
                }
            });
        } else if (leading) {
            over(outputs, x.size(), COLUMNS, workers, (from, to) -> columns(r, x, terms, outputs, from, to, y));
        }
        return trailing || leading;
    }

    private interface Range {
        void run(int from, int to);
    }

    private static void over(int outputs, int work, int least, Workers workers, Range range) {
        int pieces = work < SPLIT ? 1 : Math.min(4 * workers.threads(), outputs);
        int step = Math.max(least, (outputs + pieces - 1) / pieces);
        if (pieces == 1 || workers.threads() == 1 || step >= outputs) {
            for (int from = 0; from < outputs; from += step) {
                range.run(from, Math.min(outputs, from + step));
            }
            return;
        }
        workers.forEach((outputs + step - 1) / step, i -> range.run(i * step, Math.min(outputs, i * step + step)));
    }

    private static void run(Reduction r, Tensor x, int start, int terms, Tensor y, int place) {
        if (x.dtype() == DType.FLOAT32) {
            y.floats()[y.offset() + place] = FloatRuns.fold(r, x.floats(), x.offset() + start, terms);
        } else {
            y.doubles()[y.offset() + place] = DoubleRuns.fold(r, x.doubles(), x.offset() + start, terms);
        }
    }

    /** Folds the columns from … to of a matrix [terms, width]. */
    private static void columns(Reduction r, Tensor x, int terms, int width, int from, int to, Tensor y) {
        for (int column = from; column < to; column += COLUMNS) {
            int count = Math.min(COLUMNS, to - column);
            if (x.dtype() == DType.FLOAT32) {
                FloatRuns.columns(r, x.floats(), x.offset() + column, terms, width, count, y.floats(), y.offset() + column);
            } else {
                DoubleRuns.columns(r, x.doubles(), x.offset() + column, terms, width, count, y.doubles(), y.offset() + column);
            }
        }
    }
}
