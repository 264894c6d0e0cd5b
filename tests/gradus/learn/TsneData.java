package gradus.learn;

import gradus.tensor.Tensor;
import java.util.SplittableRandom;

/** Small data for tests of neighbours and t-SNE. */
final class TsneData {
    private TsneData() {
    }

    /** The formula of tsne_golden.py. */
    static Tensor formula(int n, int d) {
        double[] x = new double[n * d];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++) {
                x[i * d + j] = (37 * i + 101 * j + 13 * i * j + 7 * i * i) % 97 / 8.0 + 3 * j * (i % 3);
            }
        }
        return Tensor.of(x, n, d);
    }

    /** The formula of measures_golden.py. */
    static Tensor distinct(int n, int d) {
        double[] x = formula(n, d).toDoubles();
        for (int i = 0; i < x.length; i++) {
            x[i] += Math.sin(i / d * 1.7 + i % d);
        }
        return Tensor.of(x, n, d);
    }

    /** Points in clusters of different widths. */
    static Tensor clusters(int n, int d, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[n * d];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++) {
                x[i * d + j] = (float) (random.nextGaussian() * (1 + i % 5) + 10 * ((i % 5 * 7 + j) % 3));
            }
        }
        return Tensor.of(x, n, d);
    }

    /** Points of the plane in clusters, as an embedding has them. */
    static float[] plane(int n, double spread, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) (spread * (random.nextGaussian() + 6 * ((i * 2654435761L >>> 7) % 4)));
        }
        return x;
    }
}
