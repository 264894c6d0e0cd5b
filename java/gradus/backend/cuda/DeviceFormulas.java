package gradus.backend.cuda;

import gradus.backend.Formula;
import gradus.numerics.Function;
import gradus.backend.Zip;
import gradus.tensor.Tensor;
import java.util.List;

/** Formulas in the form of {@code kernels/formula.cu}. */
final class DeviceFormulas {
    private static final int MOST_OPERANDS = 12;
    private static final int MOST_STEPS = 48;

    private DeviceFormulas() {
    }

    /** Whether one launch can do it: the kernel has room for the formula, and all elements lie one after the other on the device. */
    static boolean fit(Formula formula, List<Tensor[]> segments) {
        return formula.operands() <= MOST_OPERANDS && formula.steps().size() <= MOST_STEPS
                && segments.stream().allMatch(s -> java.util.Arrays.stream(s).allMatch(t -> t.isContiguous() && t.storage() instanceof DeviceStorage));
    }

    /** [operands, steps, results, (kind, function, a, b) of each step, (place, operand) of each result]. */
    static int[] flat(Formula formula) {
        int[] flat = new int[3 + 4 * formula.steps().size() + 2 * formula.results().size()];
        flat[0] = formula.operands();
        flat[1] = formula.steps().size();
        flat[2] = formula.results().size();
        int at = 3;
        for (Formula.Step step : formula.steps()) {
            int[] numbers = switch (step) {
                case Formula.Map(Function f, int x) -> new int[] {0, f.ordinal(), x, 0};
                case Formula.Pair(Zip f, int a, int b) -> new int[] {1, f.ordinal(), a, b};
                case Formula.Scalar(Zip f, int a) -> new int[] {2, f.ordinal(), a, 0};
            };
            System.arraycopy(numbers, 0, flat, at, 4);
            at += 4;
        }
        for (Formula.Result result : formula.results()) {
            flat[at++] = result.place();
            flat[at++] = result.operand();
        }
        return flat;
    }
}
