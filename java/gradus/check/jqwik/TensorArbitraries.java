package gradus.check.jqwik;

import gradus.check.Domain;
import gradus.numerics.RandomStream;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/** Arbitrary shapes and float64 tensors, which shrink to small shapes and simple numbers. */
public final class TensorArbitraries {
    private static final List<Double> SPECIAL = List.of(0.0, -0.0, 1.0, -1.0, Double.MIN_VALUE, -Double.MIN_NORMAL, Double.MAX_VALUE, -Double.MAX_VALUE,
            Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN);

    private TensorArbitraries() {
    }

    /** Shapes of up to so many axes, each of at most so many elements, and none when empty shapes are not allowed. */
    public static Arbitrary<Shape> shapes(int minRank, int maxRank, int maxExtent, boolean empty) {
        return Arbitraries.integers().between(empty ? 0 : 1, maxExtent).array(int[].class).ofMinSize(minRank).ofMaxSize(maxRank).map(Shape::of);
    }

    /** Two shapes that broadcast together: extents of the second are 1, or it misses leading axes, here and there. */
    public static Arbitrary<Tuple2<Shape, Shape>> broadcastShapes(int maxRank, int maxExtent) {
        return shapes(0, maxRank, maxExtent, false).flatMap(s -> Combinators.combine(Arbitraries.integers().between(0, s.rank()),
                Arbitraries.of(true, false).list().ofSize(s.rank())).as((drop, ones) -> {
                    int[] dims = s.dims();
                    for (int a = 0; a < dims.length; a++) {
                        dims[a] = ones.get(a) ? 1 : dims[a];
                    }
                    return Tuple.of(s, Shape.of(Arrays.copyOfRange(dims, drop, dims.length)));
                }));
    }

    /** Tensors of a shape from a domain. */
    public static Arbitrary<Tensor> tensors(Shape shape, Domain domain) {
        return switch (domain) {
            case REAL -> filled(shape, Combinators.combine(Arbitraries.doubles().between(0.2, 2).ofScale(6), Arbitraries.of(1, -1)).as((x, s) -> x * s));
            case POSITIVE -> filled(shape, Arbitraries.doubles().between(0.3, 2).ofScale(6));
            case UNIT -> filled(shape, Arbitraries.doubles().between(0.1, 0.9).ofScale(6));
            case DISTINCT, ORTHOGONAL, POSITIVE_DEFINITE -> Arbitraries.longs().map(seed -> domain.draw(new RandomStream(seed, "tensors"), shape.dims()));
        };
    }

    /** Tensors of arbitrary shapes from a domain. */
    public static Arbitrary<Tensor> tensors(Arbitrary<Shape> shapes, Domain domain) {
        return shapes.flatMap(s -> tensors(s, domain));
    }

    /** Tensors in which zeros of both signs, infinities, NaN and the smallest and largest numbers are frequent. */
    public static Arbitrary<Tensor> specialTensors(Shape shape) {
        return filled(shape, Arbitraries.oneOf(Arbitraries.of(SPECIAL), Arbitraries.doubles().between(-10, 10)));
    }

    /** The same elements in other layouts: dense, transposed in memory, or inside of a larger tensor. */
    public static Arbitrary<Tensor> strided(Arbitrary<Tensor> tensors) {
        return Combinators.combine(tensors, Arbitraries.integers().between(0, 2)).as((t, layout) -> t.rank() == 0 || t.size() == 0 ? t : switch (layout) {
            case 0 -> t;
            case 1 -> t.rank() < 2 ? t : t.transpose().copy().transpose();
            default -> inLarger(t);
        });
    }

    private static Tensor inLarger(Tensor t) {
        int last = t.dim(-1);
        int rows = t.size() / last;
        double[] values = t.toDoubles();
        double[] larger = new double[rows * (last + 2)];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(values, i * last, larger, i * (last + 2) + 1, last);
        }
        return Tensor.of(larger, t.shape().with(t.rank() - 1, last + 2).dims()).slice(-1, 1, 1 + last);
    }

    private static Arbitrary<Tensor> filled(Shape shape, Arbitrary<Double> element) {
        return element.list().ofSize(shape.size()).map(l -> Tensor.of(l.stream().mapToDouble(Double::doubleValue).toArray(), shape.dims()));
    }
}
