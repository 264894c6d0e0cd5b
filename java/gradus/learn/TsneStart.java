package gradus.learn;

import gradus.backend.Workers;
import gradus.linalg.Matrix;
import gradus.numerics.RandomStream;
import gradus.tensor.Tensor;

/** Where t-SNE begins: a small cloud, 10⁻⁴ wide. */
public enum TsneStart {
    /**
     * The first two principal components, both divided by what brings the first one's standard deviation to 10⁻⁴ (Kobak and Linderman 2021). A coordinate that would be
     * the same for all points, which no gradient could change, is drawn as in {@link #RANDOM}.
     */
    PCA {
        @Override
        public Tensor of(Tensor x, long seed, Workers workers) {
            int n = x.dim(0);
            float[] start = RANDOM.of(x, seed, workers).floats();
            int k = Math.min(2, Math.min(n, x.dim(1)));
            Pca pca = Pca.fit(x, k, workers);
            double[] variance = pca.explainedVariance();
            if (variance[0] == 0) {
                return Tensor.of(start, n, 2);
            }
            // The population's deviation, as NumPy's std.
            double scale = DEVIATION / Math.sqrt(variance[0] * (n - 1) / n);
            Matrix y = pca.transform(Matrix.of(x), workers);
            for (int c = 0; c < k && variance[c] > NOISE * variance[0]; c++) {
                for (int i = 0; i < n; i++) {
                    start[2 * i + c] = (float) (y.data()[i * k + c] * scale);
                }
            }
            return Tensor.of(start, n, 2);
        }
    },

    /** Normal values with deviation 10⁻⁴ from the stream {@code tsne/start} of the seed. */
    RANDOM {
        @Override
        public Tensor of(Tensor x, long seed, Workers workers) {
            float[] start = new float[2 * x.dim(0)];
            new RandomStream(seed, "tsne/start").normal(start, 0, start.length, 0, (float) DEVIATION);
            return Tensor.of(start, x.dim(0), 2);
        }
    };

    private static final double DEVIATION = 1e-4;
    /** Below this share of the first variance, the second is rounding. */
    private static final double NOISE = 0x1p-44;

    /** Points [n, 2], float32, to begin with for the rows of x [n, d]. Only what is random depends on the seed. */
    public abstract Tensor of(Tensor x, long seed, Workers workers);
}
