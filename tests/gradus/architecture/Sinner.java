package gradus.architecture;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Breaks every rule of {@link ForbiddenApiTest} once, to show that each is seen. Nothing calls it. */
final class Sinner {
    private Sinner() {
    }

    static double sin(FloatVector v, double[] x) {
        DoubleUnaryOperator reference = Math::log1p;
        double sum = v.lanewise(VectorOperators.TANH).reduceLanes(VectorOperators.ADD);
        sum += v.pow(v).reduceLanes(VectorOperators.MAX);
        return sum + Math.exp(x[0]) + DoubleStream.of(x).parallel().sum() + new Random().nextInt() + reference.applyAsDouble(1);
    }
}
