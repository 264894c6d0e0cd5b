package gradus.backend.simd;

import gradus.backend.Backend;
import gradus.backend.ConvShape;
import gradus.backend.Convolutions;
import gradus.backend.Epilogue;
import gradus.backend.Fusion;
import gradus.backend.PoolShape;
import gradus.backend.Reduction;
import gradus.backend.ResizeShape;
import gradus.backend.Window;
import gradus.backend.Workers;
import gradus.backend.Zip;
import gradus.grad.Gradients;
import gradus.numerics.Function;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** One digest over many products and over every operation of a backend; run in JVMs of other vector widths and modes by {@link VectorWidthsTest}. */
final class KernelDigest {
    private static final int[][] SHAPES = {
        {1, 30, 84}, {1, 7, 9}, {3, 1, 5}, {8, 48, 16}, {9, 33, 11}, {17, 53, 23}, {30, 20, 10}, {40, 8, 33}, {64, 5, 19}, {2, 100, 770}, {12, 9, 7},
        {13, 20, 2200}, {13, 18, 2200}}; // chains that go on from C, with an odd number of vectors

    private KernelDigest() {
    }

    public static void main(String[] arguments) throws NoSuchAlgorithmException {
        try (SimdBackend backend = new SimdBackend(2)) {
            System.out.println("digest " + digest(false, backend));
        }
    }

    static String digest(boolean naive, Backend backend) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        Workers workers = backend instanceof SimdBackend simd ? simd.workers() : null;
        for (int[] shape : SHAPES) {
            for (int transposes = 0; transposes < 4; transposes++) {
                floats(digest, naive, shape[0], shape[1], shape[2], transposes, workers);
                doubles(digest, naive, shape[0], shape[1], shape[2], transposes, workers);
            }
        }
        for (DType dtype : DType.values()) {
            operations(digest, backend, dtype);
            images(digest, backend, dtype);
            pairs(digest, backend, dtype);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void operations(MessageDigest digest, Backend backend, DType dtype) {
        Tensor a = normal(dtype, 1, 19, 37);
        Tensor b = normal(dtype, 2, 19, 37);
        Tensor transposed = normal(dtype, 3, 37, 19).transpose();
        for (Function f : Function.values()) {
            add(digest, backend.map(f, a));
        }
        for (Zip f : Zip.values()) {
            if (f != Zip.INTEGER_POWER) {
                add(digest, backend.zip(f, a, b));
                add(digest, backend.zip(f, a, transposed));
                add(digest, backend.zip(f, a, normal(dtype, 4, 37)));
            }
            add(digest, backend.zip(f, a, 3));
        }
        add(digest, backend.select(backend.zip(Zip.GREATER, a, b), a, transposed));
        for (Reduction r : Reduction.values()) {
            for (int[] axes : new int[][] {{}, {0}, {1}}) {
                add(digest, backend.reduce(r, a, axes));
                add(digest, backend.reduce(r, transposed, axes));
            }
            add(digest, backend.reduce(r, normal(dtype, 5, 4500, 1)));
        }
        Tensor high = normal(dtype, 7, 150, 37);
        Tensor wanted = normal(dtype, 8, 150, 37);
        add(digest, backend.reduce(Reduction.SUM, high, 0));
        add(digest, backend.fused(Fusion.MEAN_SQUARED_ERROR, high, wanted).orElseGet(
                () -> backend.zip(Zip.DIVIDE, backend.reduce(Reduction.SUM_OF_SQUARES, backend.zip(Zip.SUBTRACT, high, wanted)).reshape(), high.size())));
        add(digest, backend.squaresGradient(high, wanted, normal(dtype, 9), true).orElseGet(
                () -> backend.zip(Zip.SIGMOID_GRADIENT, backend.zip(Zip.MULTIPLY, backend.zip(Zip.SUBTRACT, high, wanted), normal(dtype, 9)), high)));
        add(digest, backend.contiguous(transposed));
        add(digest, backend.matmul(a, transposed.transpose(), normal(dtype, 6, 19), Function.TANH));
    }

    /** Convolutions, pooling, resampling and batch norm of batches in every layout: few samples and blocks. Small, for the interpreter takes a microsecond a vector. */
    private static void images(MessageDigest digest, Backend backend, DType dtype) {
        Convolutions k = backend.convolutions();
        Window[] windows = {Window.of(3).padding(1), Window.of(3).stride(2), new Window(2, 3, 1, 2, 2, 1, 1, 0, 0, 2)};
        for (int samples : new int[] {1, 3, 18}) {
            for (int channels : new int[] {1, 2, 5, 16}) {
                Window window = windows[(samples + channels) % 3];
                Tensor x = normal(dtype, samples, samples, channels, 3, 18);
                Tensor weight = normal(dtype, 7, 10, channels, window.kernelHeight(), window.kernelWidth());
                ConvShape shape = ConvShape.of(x.shape(), weight.shape(), window, 1);
                Tensor y = k.forward(shape, x, weight, normal(dtype, 8, 10), Epilogue.leakyRelu(0.1));
                add(digest, y);
                add(digest, k.inputGradient(shape, y, weight, normal(dtype, 9, channels), Epilogue.IDENTITY));
                Convolutions.Parameters gradients = k.parameterGradients(shape, y, x, false);
                add(digest, gradients.weight());
                add(digest, gradients.bias());
                Tensor centre = normal(dtype, 10, channels);
                add(digest, k.channelSquares(x, centre));
                add(digest, k.normalizeGradient(x, x, centre, centre, centre, centre));
                PoolShape pool = PoolShape.of(x.shape(), Window.of(2).stride(2), false, false);
                add(digest, k.maxPoolGradient(pool, k.averagePool(pool, x), x));
                ResizeShape larger = ResizeShape.of(x.shape(), 6, 36, ResizeShape.Mode.NEAREST);
                add(digest, k.resizeGradient(larger, k.resize(larger, x)));
            }
        }
    }

    /** Max pooling behind a convolution and doubling before one, each with it as one operation where the backend can. */
    private static void pairs(MessageDigest digest, Backend backend, DType dtype) {
        Window same = Window.of(3).padding(1);
        for (int channels : new int[] {1, 5}) {
            try (Tape tape = new Tape(backend)) {
                List<Value> given = Stream.of(normal(dtype, 11, 18, channels, 4, 18), normal(dtype, 12, 6, channels, 3, 3), normal(dtype, 13, 6),
                        normal(dtype, 14, channels, 6, 3, 3)).map(tape::variable).toList();
                Value y = given.get(0).conv2dMaxPool(given.get(1), given.get(2), same, 1, Epilogue.RELU).doubledConv2d(given.get(3), null, same, 1, Epilogue.IDENTITY);
                add(digest, y.tensor());
                Gradients.of(y.times(y).sum(), given).forEach(g -> add(digest, g.tensor()));
            }
        }
    }

    private static Tensor normal(DType dtype, long seed, int... dims) {
        Random random = new Random(seed);
        double[] values = random.doubles(Shape.of(dims).size(), -2, 2).toArray();
        Tensor t = Tensor.of(values, dims);
        return dtype == DType.FLOAT64 ? t : t.as(dtype);
    }

    private static void add(MessageDigest digest, Tensor t) {
        double[] values = t.toDoubles();
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length);
        for (double value : values) {
            bytes.putDouble(value != value ? Double.NaN : value);
        }
        digest.update(bytes.flip());
    }

    private static void floats(MessageDigest digest, boolean naive, int m, int n, int k, int transposes, Workers workers) {
        Random random = new Random(m + n + k);
        float[] a = new float[m * k];
        float[] b = new float[k * n];
        float[] bias = transposes == 1 ? new float[n] : null;
        float[] c = new float[m * n];
        for (float[] x : new float[][] {a, b, bias == null ? new float[0] : bias}) {
            for (int i = 0; i < x.length; i++) {
                x[i] = random.nextFloat(-1, 1);
            }
        }
        int ars = (transposes & 1) == 0 ? k : 1;
        int acs = (transposes & 1) == 0 ? 1 : m;
        int brs = (transposes & 2) == 0 ? n : 1;
        int bcs = (transposes & 2) == 0 ? 1 : k;
        if (naive) {
            NaiveGemm.multiply(m, n, k, a, 0, ars, acs, b, 0, brs, bcs, bias, 0, c, 0, n);
        } else {
            FloatGemm.multiply(m, n, k, a, 0, ars, acs, b, 0, brs, bcs, bias, 0, c, 0, n, workers);
        }
        ByteBuffer bytes = ByteBuffer.allocate(4 * c.length);
        bytes.asFloatBuffer().put(c);
        digest.update(bytes);
    }

    private static void doubles(MessageDigest digest, boolean naive, int m, int n, int k, int transposes, Workers workers) {
        Random random = new Random(m + n + k);
        double[] a = new double[m * k];
        double[] b = new double[k * n];
        double[] bias = transposes == 1 ? new double[n] : null;
        double[] c = new double[m * n];
        for (double[] x : new double[][] {a, b, bias == null ? new double[0] : bias}) {
            for (int i = 0; i < x.length; i++) {
                x[i] = random.nextDouble(-1, 1);
            }
        }
        int ars = (transposes & 1) == 0 ? k : 1;
        int acs = (transposes & 1) == 0 ? 1 : m;
        int brs = (transposes & 2) == 0 ? n : 1;
        int bcs = (transposes & 2) == 0 ? 1 : k;
        if (naive) {
            NaiveGemm.multiply(m, n, k, a, 0, ars, acs, b, 0, brs, bcs, bias, 0, c, 0, n);
        } else {
            DoubleGemm.multiply(m, n, k, a, 0, ars, acs, b, 0, brs, bcs, bias, 0, c, 0, n, workers);
        }
        ByteBuffer bytes = ByteBuffer.allocate(8 * c.length);
        bytes.asDoubleBuffer().put(c);
        digest.update(bytes);
    }
}
