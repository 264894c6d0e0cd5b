package gradus.lens;

import gradus.op.Value;
import gradus.tensor.DType;
import gradus.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Functions of two variables, and of more, on which optimizers are studied: written in operations, so gradients and Hessians come from the tape.
 * Formulas as in Surjanovic and Bingham's Virtual Library of Simulation Experiments.
 */
public final class TestFunctions {
    /** (1 − x)² + 100·(y − x²)² (Rosenbrock 1960): a bent valley with a flat floor. */
    public static final Surface ROSENBROCK = new Surface("Rosenbrock", TestFunctions::rosenbrock, point(-1.2, 1), List.of(point(1, 1)), point(-2, -1), point(2, 3));
    /** (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)² (Beale 1958): plateaus with sharp rims. */
    public static final Surface BEALE = new Surface("Beale", TestFunctions::beale, point(1, 1), List.of(point(3, 0.5)), point(-4.5, -4.5), point(4.5, 4.5));
    /** (x² + y − 11)² + (x + y² − 7)² (Himmelblau 1972): four minima, all 0. */
    public static final Surface HIMMELBLAU = new Surface("Himmelblau", TestFunctions::himmelblau, point(0, 0), List.of(point(3, 2),
            point(-2.805118086952745, 3.131312518250573), point(-3.779310253377747, -3.283185991286170), point(3.584428340330492, -1.848126526964404)),
            point(-5, -5), point(5, 5));
    /** (x + 2y − 7)² + (2x + y − 5)²: a quadratic with a condition of 9, its axes turned. */
    public static final Surface BOOTH = new Surface("Booth", TestFunctions::booth, point(-4, -4), List.of(point(1, 3)), point(-10, -10), point(10, 10));
    /** 10·n + Σ (xᵢ² − 10·cos 2πxᵢ) (Rastrigin 1974), of any number of variables: a bowl full of minima, the lowest at 0. */
    public static final Surface RASTRIGIN = new Surface("Rastrigin", TestFunctions::rastrigin, point(2.3, -1.4), List.of(point(0, 0)), point(-5.12, -5.12),
            point(5.12, 5.12));
    /** x² − y²: falls for ever, and slowly at first for those who start beside the x axis. */
    public static final Surface SADDLE = new Surface("saddle", TestFunctions::saddle, point(1, 1e-3), List.of(), point(-1.5, -1.5), point(1.5, 1.5));

    private TestFunctions() {
    }

    /**
     * A function to be minimised.
     *
     * @param formula from a vector [n] to one number
     * @param start   where trajectories customarily begin
     * @param minima  where it is least; none if it has no minimum
     * @param lower   a corner of the window worth drawing
     * @param upper   the opposite corner
     */
    public record Surface(String name, UnaryOperator<Value> formula, List<Double> start, List<List<Double>> minima, List<Double> lower, List<Double> upper) {
        /** The value at a vector, to go on from on its tape. */
        public Value at(Value x) {
            return formula.apply(x);
        }

        /** The start as a tensor. */
        public Tensor start(DType dtype) {
            return Tensor.of(start.stream().mapToDouble(v -> v).toArray(), start.size()).as(dtype);
        }
    }

    /** All of the fixed functions, and a quadratic of condition 100. */
    public static List<Surface> all() {
        return List.of(ROSENBROCK, BEALE, HIMMELBLAU, BOOTH, RASTRIGIN, SADDLE, quadratic(1, 100));
    }

    /** ½·Σ λᵢ·xᵢ²: curvatures λ along the axes, condition max λ / min λ. It starts at 1 in every variable. */
    public static Surface quadratic(double... lambda) {
        double[] copy = lambda.clone();
        List<Double> ones = Collections.nCopies(copy.length, 1.0);
        return new Surface("quadratic", x -> x.square().times(x.tape().constant(Tensor.of(copy, copy.length).as(x.dtype()))).sum().times(0.5), ones,
                List.of(Collections.nCopies(copy.length, 0.0)), Collections.nCopies(copy.length, -1.5),
                Collections.nCopies(copy.length, 1.5));
    }

    /** A quadratic of two variables with curvatures 1 and κ along axes turned by an angle in radians; rules that treat each weight by itself feel the turn. */
    public static Surface turnedQuadratic(double kappa, double angle) {
        double c = StrictMath.cos(angle);
        double s = StrictMath.sin(angle);
        UnaryOperator<Value> formula = x -> {
            Value along = part(x, 0).times(c).plus(part(x, 1).times(s));
            Value across = part(x, 1).times(c).minus(part(x, 0).times(s));
            return along.square().plus(across.square().times(kappa)).times(0.5).reshape();
        };
        return new Surface("turned quadratic", formula, point(1, 1), List.of(point(0, 0)), point(-1.5, -1.5), point(1.5, 1.5));
    }

    private static List<Double> point(double x, double y) {
        return List.of(x, y);
    }

    private static Value part(Value x, int i) {
        return x.slice(0, i, i + 1);
    }

    private static Value rosenbrock(Value v) {
        Value x = part(v, 0);
        return x.subtractedFrom(1).square().plus(part(v, 1).minus(x.square()).square().times(100)).reshape();
    }

    private static Value beale(Value v) {
        Value x = part(v, 0);
        Value y = part(v, 1);
        Value first = x.times(y).minus(x).plus(1.5);
        Value second = x.times(y.square()).minus(x).plus(2.25);
        Value third = x.times(y.power(3)).minus(x).plus(2.625);
        return first.square().plus(second.square()).plus(third.square()).reshape();
    }

    private static Value himmelblau(Value v) {
        Value x = part(v, 0);
        Value y = part(v, 1);
        return x.square().plus(y).minus(11).square().plus(x.plus(y.square()).minus(7).square()).reshape();
    }

    private static Value booth(Value v) {
        Value x = part(v, 0);
        Value y = part(v, 1);
        return x.plus(y.times(2)).minus(7).square().plus(x.times(2).plus(y).minus(5).square()).reshape();
    }

    private static Value rastrigin(Value x) {
        return x.square().minus(x.times(2 * StrictMath.PI).cos().times(10)).sum().plus(10.0 * x.size());
    }

    private static Value saddle(Value v) {
        return part(v, 0).square().minus(part(v, 1).square()).reshape();
    }
}
