package gradus.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gradus.numerics.Function;
import gradus.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The float64 functions of {@code kernels/functions64.cuh} have the bits of {@link StrictMath} and of {@code Functions64}, NaNs included. */
class Float64FunctionsTest {
    /** All exponents, arguments around the limits of each branch, and multiples of π/2 and their neighbours. */
    private static double[] arguments() {
        Random random = new Random(11);
        double[] x = new double[120_000];
        double[] edges = {0, -0.0, 1, -1, 0.5, -0.5, 2, 22, 56 * Math.log(2), 709.782712893384, -745.1332191019411, -708.4, 0.41421, -0.29289, 6, 1e-8, 1e-300,
            Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, 823549.6645, 1.5 * Math.log(2),
            0.5 * Math.log(2), Math.PI / 4, 0.3, 0.78125, 1e15, 1e22, 0x1.0p120, 6381956970095103.0 * 0x1p797};
        for (int i = 0; i < x.length; i++) {
            x[i] = switch (i % 6) {
                case 0 -> Double.longBitsToDouble(random.nextLong());
                case 1 -> random.nextGaussian() * 10;
                case 2 -> random.nextDouble() * 1600 - 800;
                case 3 -> (random.nextDouble() - 0.5) * Math.scalb(1.0, random.nextInt(-60, 40));
                case 4 -> Math.nextAfter(random.nextInt(1, 200_000) * (Math.PI / 2), random.nextInt(3) - 1.0) * (random.nextBoolean() ? 1 : -1);
                default -> neighbour(edges[random.nextInt(edges.length)], random.nextInt(-3, 4));
            };
        }
        return x;
    }

    private static double neighbour(double x, int steps) {
        double y = x;
        for (int i = 0; i < Math.abs(steps); i++) {
            y = steps > 0 ? Math.nextUp(y) : Math.nextDown(y);
        }
        return y;
    }

    @Test
    void everyFunctionHasTheBitsOfStrictMath() {
        double[] x = arguments();
        try (CudaBackend device = Devices.fast()) {
            for (Function f : Function.values()) {
                double[] y = device.download(device.map(f, Tensor.of(x, x.length))).doubles();
                for (int i = 0; i < x.length; i++) {
                    double argument = x[i];
                    assertEquals(Long.toHexString(Double.doubleToRawLongBits(f.apply(argument))), Long.toHexString(Double.doubleToRawLongBits(y[i])),
                            () -> f + "(" + Double.toHexString(argument) + " = " + argument + ")");
                }
            }
        }
    }

    @Test
    void powersHaveTheBitsOfStrictMath() {
        double[] x = arguments();
        try (CudaBackend device = Devices.fast()) {
            for (int n : new int[] {-1074, -1023, -100, -7, -3, -2, -1, 0, 1, 2, 3, 4, 5, 10, 31, 100, 1023, 1 << 20, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                double[] y = device.download(device.zip(gradus.backend.Zip.INTEGER_POWER, Tensor.of(x, x.length), n)).doubles();
                for (int i = 0; i < x.length; i++) {
                    double base = x[i];
                    assertEquals(Double.doubleToLongBits(StrictMath.pow(base, n)), Double.doubleToLongBits(y[i]), () -> Double.toHexString(base) + " ^ " + n);
                }
            }
        }
    }
}
