package gradus.backend;

import gradus.numerics.Function;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A straight line of element-by-element operations over tensors of one shape and type, some of which it replaces in place: an update rule, say.
 * Places 0 … n − 1 are the operands; the k-th step's result is place n + k. Scalars are no part of a formula, so that one whose scalars change
 * from step to step stays the same formula.
 *
 * @param operands number of tensors that {@link Backend#evaluate} is given
 * @param steps    the operations; each reads places before its own
 * @param results  which steps replace which operands, after all steps have read them
 */
public record Formula(int operands, List<Step> steps, List<Result> results) {
    /** One operation. Each is rounded in the tensors' type. */
    public sealed interface Step {
    }

    /** f(x). */
    public record Map(Function f, int x) implements Step {
    }

    /** f(a, b). */
    public record Pair(Zip f, int a, int b) implements Step {
    }

    /** f(a, c) with the step's scalar c, rounded to the tensors' type first. */
    public record Scalar(Zip f, int a) implements Step {
    }

    /** The result of a step that takes the place of an operand. */
    public record Result(int place, int operand) {
    }

    /** Checks that places exist, that results are steps and that no operand is replaced twice. */
    public Formula {
        steps = List.copyOf(steps);
        results = List.copyOf(results);
        boolean[] replaced = new boolean[operands];
        for (int i = 0; i < steps.size(); i++) {
            switch (steps.get(i)) {
                case Map(Function f, int x) -> require(x < operands + i, f, x);
                case Pair(Zip f, int a, int b) -> require(Math.max(a, b) < operands + i, f, Math.max(a, b));
                case Scalar(Zip f, int a) -> require(a < operands + i, f, a);
            }
        }
        for (Result r : results) {
            if (r.place < operands || r.place >= operands + steps.size() || r.operand >= operands || replaced[r.operand]) {
                throw new IllegalArgumentException("formula: " + r + " is no step for an operand of its own among " + operands + " operands and " + steps.size()
                        + " steps");
            }
            replaced[r.operand] = true;
        }
    }

    private static void require(boolean known, Object f, int place) {
        if (!known) {
            throw new IllegalArgumentException("formula: " + f + " reads place " + place + ", which comes later");
        }
    }

    /** The definition: one operation of the backend after the other on whole tensors. */
    void evaluate(Backend backend, double[] scalars, Tensor[] tensors) {
        Tensor[] places = Arrays.copyOf(tensors, operands + steps.size());
        List<Tensor> computed = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            places[operands + i] = switch (steps.get(i)) {
                case Map(Function f, int x) -> backend.map(f, places[x]);
                case Pair(Zip f, int a, int b) -> backend.zip(f, places[a], places[b]);
                case Scalar(Zip f, int a) -> backend.zip(f, places[a], scalars[i]);
            };
            computed.add(places[operands + i]);
        }
        results.forEach(r -> backend.copy(places[r.place], tensors[r.operand]));
        computed.forEach(backend::release);
    }
}
