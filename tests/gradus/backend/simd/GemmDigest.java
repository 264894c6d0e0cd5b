package gradus.backend.simd;

import gradus.backend.Workers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;

/** One digest over many products; run in JVMs of other vector widths and modes by {@link VectorWidthsTest}. */
final class GemmDigest {
    private static final int[][] SHAPES = {
        {1, 30, 84}, {1, 7, 9}, {3, 1, 5}, {8, 48, 16}, {9, 33, 11}, {17, 53, 23}, {30, 20, 10}, {40, 8, 33}, {64, 5, 19}, {2, 100, 770}, {12, 9, 7}};

    private GemmDigest() {
    }

    public static void main(String[] arguments) throws NoSuchAlgorithmException {
        try (Workers workers = new Workers(2)) {
            System.out.println("digest " + digest(false, workers));
        }
    }

    static String digest(boolean naive, Workers workers) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (int[] shape : SHAPES) {
            for (int transposes = 0; transposes < 4; transposes++) {
                floats(digest, naive, shape[0], shape[1], shape[2], transposes, workers);
                doubles(digest, naive, shape[0], shape[1], shape[2], transposes, workers);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
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
