package gradus.backend.simd;

import gradus.backend.Formula;
import gradus.backend.Workers;
import gradus.tensor.DType;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Carries formulas out block by block: all passes over one block while it is in the first-level cache, then the next block. A step of Adam
 * over a million weights then costs one trip through memory, not a dozen.
 */
final class FormulaRunner {
    /** Elements in a block; five operands and two results of this many floats fill 28 KB. */
    static final int BLOCK = 1024;
    /** Elements below which a second thread costs more than it brings. */
    private static final int SPLIT = 1 << 14;
    /** Blocks that one thread takes at a time. */
    private static final int TOGETHER = 4;
    private static final int PLANS = 64;

    private final Workers workers;
    private final List<FormulaPlan> plans = new ArrayList<>();
    private final Deque<Object> floatScratch = new ArrayDeque<>();
    private final Deque<Object> doubleScratch = new ArrayDeque<>();

    FormulaRunner(Workers workers) {
        this.workers = workers;
    }

    /** See {@link gradus.backend.Backend#evaluate}; the tensors are contiguous. */
    void run(Formula formula, double[] scalars, Tensor[] operands) {
        int size = operands[0].size();
        for (Tensor t : operands) {
            if (t.size() != size || t.dtype() != operands[0].dtype()) {
                throw new ShapeException("formula: operands " + operands[0] + " and " + t + " differ in size or type");
            }
        }
        FormulaPlan plan = plan(formula);
        if (operands[0].dtype() == DType.FLOAT32) {
            FloatFormula all = new FloatFormula(plan, scalars, operands);
            over(size, floatScratch, (from, to, scratch) -> all.run(from, to, (float[]) scratch), plan.slots(), DType.FLOAT32);
        } else {
            DoubleFormula all = new DoubleFormula(plan, scalars, operands);
            over(size, doubleScratch, (from, to, scratch) -> all.run(from, to, (double[]) scratch), plan.slots(), DType.FLOAT64);
        }
    }

    /** Elements from … to − 1. */
    private interface Range {
        void run(int from, int to, Object scratch);
    }

    private void over(int size, Deque<Object> spare, Range range, int slots, DType dtype) {
        int piece = size < SPLIT || workers.threads() == 1 ? size : BLOCK * TOGETHER;
        int pieces = size == 0 ? 0 : (size + piece - 1) / piece;
        workers.forEach(pieces, i -> {
            Object scratch = borrow(spare, slots * BLOCK, dtype);
            range.run(i * piece, Math.min(size, (i + 1) * piece), scratch);
            synchronized (spare) {
                spare.push(scratch);
            }
        });
    }

    private static Object borrow(Deque<Object> spare, int length, DType dtype) {
        Object scratch;
        synchronized (spare) {
            scratch = spare.poll();
        }
        return switch (dtype) {
            case FLOAT32 -> scratch instanceof float[] f && f.length >= length ? f : new float[length];
            case FLOAT64 -> scratch instanceof double[] d && d.length >= length ? d : new double[length];
        };
    }

    /** The plan of a formula; an optimizer asks for the same formula object step after step. */
    private synchronized FormulaPlan plan(Formula formula) {
        for (FormulaPlan plan : plans) {
            if (plan.formula() == formula) {
                return plan;
            }
        }
        if (plans.size() == PLANS) {
            plans.removeFirst();
        }
        FormulaPlan plan = new FormulaPlan(formula);
        plans.add(plan);
        return plan;
    }
}
