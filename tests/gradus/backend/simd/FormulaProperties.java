package gradus.backend.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.backend.Backend;
import gradus.backend.Formula;
import gradus.backend.Zip;
import gradus.backend.scalar.ScalarBackend;
import gradus.numerics.Function;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Evaluation block by block has the bits of one operation after the other. */
class FormulaProperties {
    private static final List<Zip> PAIRS = List.of(Zip.ADD, Zip.ADD, Zip.ADD, Zip.SUBTRACT, Zip.MULTIPLY, Zip.DIVIDE, Zip.DIVIDE, Zip.MAXIMUM, Zip.MINIMUM);
    private static final List<Zip> SCALARS = List.of(Zip.ADD, Zip.ADD, Zip.MULTIPLY, Zip.MULTIPLY, Zip.MULTIPLY, Zip.MAXIMUM, Zip.MINIMUM);
    private static final List<Function> MAPS = List.of(Function.SQRT, Function.SQRT, Function.SQUARE, Function.SIGN, Function.NEG);

    private static final Backend SCALAR = new ScalarBackend();
    private static final Backend ONE = new SimdBackend(1);
    private static final Backend THREE = new SimdBackend(3);

    /** Steps that mostly read what was just computed, as real formulas do, and replace some operands. */
    private static Formula random(Random random, int operands, int count) {
        List<Formula.Step> steps = new ArrayList<>();
        while (steps.size() < count) {
            int places = operands + steps.size();
            int a = random.nextInt(3) == 0 ? random.nextInt(places) : places - 1 - random.nextInt(Math.min(places, 2));
            int b = random.nextBoolean() ? random.nextInt(places) : places - 1;
            switch (random.nextInt(8)) {
                case 0, 1 -> steps.add(new Formula.Map(MAPS.get(random.nextInt(MAPS.size())), a));
                case 2, 3 -> steps.add(new Formula.Scalar(SCALARS.get(random.nextInt(SCALARS.size())), a));
                case 4, 5 -> steps.add(new Formula.Pair(PAIRS.get(random.nextInt(PAIRS.size())), a, b));
                case 6 -> steps.addAll(List.of(new Formula.Scalar(Zip.MULTIPLY, a), new Formula.Map(Function.SQUARE, b), new Formula.Scalar(Zip.MULTIPLY, places + 1),
                        new Formula.Pair(Zip.ADD, places, places + 2)));
                default -> steps.addAll(List.of(new Formula.Pair(Zip.DIVIDE, a, b), new Formula.Scalar(Zip.MULTIPLY, places), new Formula.Pair(Zip.ADD, a, places + 1)));
            }
        }
        count = steps.size();
        List<Formula.Result> results = new ArrayList<>();
        for (int o = 0; o < operands; o++) {
            if (o == 0 || random.nextBoolean()) {
                results.add(new Formula.Result(o == 0 ? operands + count - 1 : operands + random.nextInt(count), o));
            }
        }
        return new Formula(operands, steps, results);
    }

    private static Tensor[] operands(Random random, DType dtype, int operands, int size) {
        Tensor[] out = new Tensor[operands];
        for (int o = 0; o < operands; o++) {
            int offset = random.nextInt(20);
            Tensor t = Tensor.over(dtype.zeros(offset + size + 3), Shape.of(size), offset);
            for (int i = 0; i < size; i++) {
                double value = random.nextInt(50) == 0 ? special(random) : random.nextGaussian() * StrictMath.pow(10, random.nextInt(7) - 3);
                if (dtype == DType.FLOAT32) {
                    t.floats()[offset + i] = (float) value;
                } else {
                    t.doubles()[offset + i] = value;
                }
            }
            out[o] = t;
        }
        return out;
    }

    private static double special(Random random) {
        double[] values = {0, -0.0, 1e-310, 1e-42, Double.MAX_VALUE, Float.MAX_VALUE, Double.POSITIVE_INFINITY};
        return values[random.nextInt(values.length)];
    }

    private static Tensor[] copies(Tensor[] tensors) {
        Tensor[] out = new Tensor[tensors.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = tensors[i].copy();
        }
        return out;
    }

    private static void assertSameBits(Tensor[] wanted, Tensor[] got) {
        for (int o = 0; o < wanted.length; o++) {
            double[] w = wanted[o].toDoubles();
            double[] g = got[o].toDoubles();
            for (int i = 0; i < w.length; i++) {
                assertEquals(Double.doubleToLongBits(w[i]), Double.doubleToLongBits(g[i]), "operand " + o + ", element " + i + ": wanted " + w[i] + ", got " + g[i]);
            }
        }
    }

    @Property(tries = 150)
    void blocksThreadsAndJoinedPassesChangeNoBit(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int operands, @ForAll @IntRange(min = 1, max = 14) int steps,
            @ForAll boolean wide) {
        Random random = new Random(seed);
        Formula formula = random(random, operands, steps);
        double[] scalars = random.doubles(formula.steps().size(), -2, 2).toArray();
        int[] sizes = {0, 1, 15, 17, FormulaRunner.BLOCK - 1, FormulaRunner.BLOCK, 2 * FormulaRunner.BLOCK + 5, 17_000};
        Tensor[] inputs = operands(random, wide ? DType.FLOAT64 : DType.FLOAT32, operands, sizes[random.nextInt(sizes.length)]);
        Tensor[] wanted = copies(inputs);
        SCALAR.evaluate(formula, scalars, wanted);
        for (Backend backend : List.of(ONE, THREE)) {
            Tensor[] got = copies(inputs);
            backend.evaluate(formula, scalars, got);
            assertSameBits(wanted, got);
        }
    }

    @Example
    void randomFormulasMeetEveryKindOfPass() {
        Set<FormulaPlan.Kind> met = EnumSet.noneOf(FormulaPlan.Kind.class);
        for (int seed = 0; seed < 3000; seed++) {
            new FormulaPlan(random(new Random(seed), 3, 8)).passes().forEach(p -> met.add(p.kind()));
        }
        assertEquals(EnumSet.allOf(FormulaPlan.Kind.class), met);
    }

    /** μ ← βμ + (1 − β)g, ν likewise, √ν·c + ε (without c where Keras has none), w ← w + (μ/·)·η. */
    private static Formula adam(boolean scaled, int g, int lastRatio) {
        List<Formula.Step> steps = new ArrayList<>(List.of(
                new Formula.Scalar(Zip.MULTIPLY, 2), new Formula.Scalar(Zip.MULTIPLY, g), new Formula.Pair(Zip.ADD, 4, 5),
                new Formula.Scalar(Zip.MULTIPLY, 3), new Formula.Map(Function.SQUARE, g), new Formula.Scalar(Zip.MULTIPLY, 8), new Formula.Pair(Zip.ADD, 7, 9),
                new Formula.Map(Function.SQRT, 10)));
        if (scaled) {
            steps.add(new Formula.Scalar(Zip.MULTIPLY, 11));
        }
        int root = 4 + steps.size();
        steps.addAll(List.of(new Formula.Scalar(Zip.ADD, root - 1), new Formula.Pair(Zip.DIVIDE, lastRatio, root), new Formula.Scalar(Zip.MULTIPLY, root + 1),
                new Formula.Pair(Zip.ADD, 0, root + 2)));
        return new Formula(4, steps, List.of(new Formula.Result(root + 3, 0), new Formula.Result(6, 2), new Formula.Result(10, 3)));
    }

    /** What a step of Adam must cost. */
    @Example
    void adamTakesFourPassesAndOneSlotAndOneLoop() {
        FormulaPlan plan = new FormulaPlan(adam(true, 1, 6));
        assertEquals(List.of(FormulaPlan.Kind.MIX, FormulaPlan.Kind.MIX_SQUARE, FormulaPlan.Kind.SCALED_ROOT, FormulaPlan.Kind.ADD_RATIO),
                plan.passes().stream().map(FormulaPlan.Pass::kind).toList());
        assertEquals(1, plan.slots());
        assertTrue(plan.copies().isEmpty());
        assertEquals(new FormulaPlan.Moments(0, 1, 2, 3, 0, 1, 3, 5, 8, 9, 11), plan.asMoments());
        assertEquals(new FormulaPlan.Moments(0, 1, 2, 3, 0, 1, 3, 5, -1, 8, 10), new FormulaPlan(adam(false, 1, 6)).asMoments());
        assertNull(new FormulaPlan(adam(true, 1, 1)).asMoments(), "the gradient over the root is no step of Adam");
    }

    @Property(tries = 100)
    void oneLoopForAdamChangesNoBit(@ForAll long seed, @ForAll boolean scaled, @ForAll boolean wide, @ForAll boolean ofItself, @ForAll @IntRange(min = 0, max = 3) int which) {
        Random random = new Random(seed);
        Formula formula = adam(scaled, ofItself ? 0 : 1, 6);
        assertNotNull(new FormulaPlan(formula).asMoments());
        double[] scalars = random.doubles(formula.steps().size(), -2, 2).toArray();
        Tensor[] inputs = operands(random, wide ? DType.FLOAT64 : DType.FLOAT32, 4, new int[] {1, 33, 3 * FormulaRunner.BLOCK + 5, 17_000}[which]);
        Tensor[] wanted = copies(inputs);
        SCALAR.evaluate(formula, scalars, wanted);
        for (Backend backend : List.of(ONE, THREE)) {
            Tensor[] got = copies(inputs);
            backend.evaluate(formula, scalars, got);
            assertSameBits(wanted, got);
        }
    }

    /** Exchanging two operands: each must be read before it is replaced. */
    @Example
    void resultsReplaceOnlyWhatIsNoLongerRead() {
        Formula swap = new Formula(2, List.of(new Formula.Scalar(Zip.ADD, 1), new Formula.Scalar(Zip.ADD, 0)),
                List.of(new Formula.Result(2, 0), new Formula.Result(3, 1)));
        for (Backend backend : List.of(SCALAR, ONE)) {
            Tensor[] t = {Tensor.of(new double[] {1, 2}, 2), Tensor.of(new double[] {30, 40}, 2)};
            backend.evaluate(swap, new double[] {0, 0}, t);
            assertArrayEquals(new double[] {30, 40}, t[0].toDoubles());
            assertArrayEquals(new double[] {1, 2}, t[1].toDoubles());
        }
    }

    @Example
    void wrongFormulasAndOperandsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Formula(1, List.of(new Formula.Map(Function.SQRT, 1)), List.of()));
        assertThrows(IllegalArgumentException.class, () -> new Formula(1, List.of(new Formula.Map(Function.SQRT, 0)), List.of(new Formula.Result(0, 0))));
        Formula sum = new Formula(2, List.of(new Formula.Pair(Zip.ADD, 0, 1)), List.of(new Formula.Result(2, 0)));
        assertThrows(ShapeException.class, () -> ONE.evaluate(sum, new double[1], Tensor.of(new double[3], 3), Tensor.of(new double[2], 2)));
    }
}
