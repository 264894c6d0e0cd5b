package gradus.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.backend.Backend;
import gradus.backend.Zip;
import gradus.backend.scalar.ScalarBackend;
import gradus.backend.simd.SimdBackend;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The driver's blocks, threads, segments and checkpoints change no bit of what a rule computes. */
class OptimizerProperties {
    private static final List<Backend> BACKENDS = List.of(new ScalarBackend(), new SimdBackend(1), new SimdBackend(3));
    private static final List<Shape> SHAPES = List.of(Shape.of(3), Shape.of(70, 60), Shape.of(), Shape.of(17), Shape.of(2, 3, 5), Shape.of(0, 4));
    /** Enough for several threads. */
    private static final Shape LARGE = Shape.of(130, 128);
    private static final int STEPS = 4;

    @Provide
    Arbitrary<Rule<?>> rules() {
        return Arbitraries.of(Rules.rules());
    }

    private static Tensor random(Random random, DType dtype, Shape shape) {
        return Tensor.of(random.doubles(shape.size(), -2, 2).toArray(), shape.dims()).as(dtype);
    }

    /** The gradients of each step; some are views that are not contiguous. */
    private static List<List<Tensor>> gradients(Random random, DType dtype, List<Parameter> parameters) {
        List<List<Tensor>> all = new ArrayList<>();
        for (int t = 0; t < STEPS; t++) {
            List<Tensor> step = new ArrayList<>();
            for (Parameter p : parameters) {
                boolean turned = p.shape().rank() == 2 && random.nextBoolean();
                step.add(turned ? random(random, dtype, Shape.of(p.shape().dim(1), p.shape().dim(0))).transpose() : random(random, dtype, p.shape()));
            }
            all.add(step);
        }
        return all;
    }

    private static List<Parameter> parameters(Random random, DType dtype) {
        List<Parameter> all = new ArrayList<>();
        for (Shape shape : SHAPES) {
            all.add(new Parameter("p" + all.size(), random(random, dtype, shape)));
        }
        if (random.nextInt(4) == 0) {
            all.add(new Parameter("large", random(random, dtype, LARGE)));
        }
        return all;
    }

    /** The formula itself on the whole tensor of one parameter. */
    private static <S extends State> List<Tensor> plainly(Rule<S> rule, Tensor w, List<Tensor> gradients) {
        Backend scalar = BACKENDS.getFirst();
        S state = rule.init(w);
        for (Tensor g : gradients) {
            Change<S> change = rule.apply(scalar, state, g.copy(), w);
            w = scalar.zip(Zip.ADD, w, change.update());
            state = change.state();
        }
        List<Tensor> result = new ArrayList<>(List.of(w));
        result.addAll(state.tensors().values());
        return result;
    }

    @Property(tries = 50)
    void theDriverHasTheBitsOfTheFormula(@ForAll("rules") Rule<?> rule, @ForAll DType dtype, @ForAll long seed) {
        Random random = new Random(seed);
        List<Parameter> original = parameters(random, dtype);
        List<List<Tensor>> gradients = gradients(random, dtype, original);
        Backend backend = BACKENDS.get(random.nextInt(BACKENDS.size()));
        List<Parameter> driven = original.stream().map(p -> new Parameter(p.name(), p.tensor())).toList();
        Optimizer optimizer = new Optimizer(backend, rule, driven);
        gradients.forEach(optimizer::step);
        for (int i = 0; i < driven.size(); i++) {
            int at = i;
            List<Tensor> wanted = plainly(rule, original.get(i).tensor(), gradients.stream().map(g -> g.get(at)).toList());
            List<Tensor> got = new ArrayList<>(List.of(driven.get(i).tensor()));
            got.addAll(optimizer.state(driven.get(i)).tensors().values());
            assertEquals(wanted.size(), got.size());
            for (int t = 0; t < wanted.size(); t++) {
                assertArrayEquals(wanted.get(t).toDoubles(), got.get(t).toDoubles(), rule + " on " + backend.description() + ", " + driven.get(i));
            }
        }
    }

    @Property(tries = 15)
    void aRestoredOptimizerGoesOnWithTheSameBits(@ForAll("rules") Rule<?> rule, @ForAll DType dtype, @ForAll long seed) {
        Random random = new Random(seed);
        List<Parameter> first = parameters(random, dtype);
        List<List<Tensor>> gradients = gradients(random, dtype, first);
        Optimizer through = new Optimizer(BACKENDS.get(1), new Clip.ByGlobalNorm(5, Dialect.TORCH), List.of(new Group(first, rule, new Schedule.InverseTime(0.02, 0.1))));
        through.step(gradients.get(0));
        through.setFactor(0.5);
        through.step(gradients.get(1));
        List<Parameter> second = first.stream().map(p -> new Parameter(p.name(), p.tensor().copy())).toList();
        Optimizer resumed = new Optimizer(BACKENDS.get(2), new Clip.ByGlobalNorm(5, Dialect.TORCH), List.of(new Group(second, rule, new Schedule.InverseTime(0.02, 0.1))));
        resumed.restore(through.save());
        for (int t = 2; t < STEPS; t++) {
            through.step(gradients.get(t));
            resumed.step(gradients.get(t));
        }
        for (int i = 0; i < first.size(); i++) {
            assertArrayEquals(first.get(i).tensor().toDoubles(), second.get(i).tensor().toDoubles(), first.get(i).name());
        }
        assertEquals(through.steps(), resumed.steps());
    }
}
