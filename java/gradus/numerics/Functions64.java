package gradus.numerics;

/**
 * The elementary functions in float64. They are defined by the formulas below over {@link StrictMath} (fdlibm, the same bits everywhere) and
 * exact operations, not by correct rounding; errors stay within about 2 units in the last place.
 */
public final class Functions64 {
    /** erf(x)/x as a polynomial in 2x² − 1, |x| ≤ 1. */
    private static final double[] ERF_SMALL = {
            0x1.ee51eb23cb7eap-1, -0x1.1fd16292151fdp-3, 0x1.454368017b20cp-6, -0x1.2b902b7b2f43bp-9, 0x1.c82aa24944aabp-13,
            -0x1.263991b7b1efbp-16, 0x1.48663a2cbe548p-20, -0x1.429e94ca0ea66p-24, 0x1.1ad26a088dce5p-28, -0x1.bf8a9fc932bc2p-33,
            0x1.4bc2eb2bf947cp-37, -0x1.b05967983bdccp-42, -0x1.67feb7cd6c313p-43, 0x1.029847d5085fep-50, 0x1.a2f2e01209893p-45};
    /** e^(x²) erfc(x) as a polynomial in (x − 5/2)/(x + 5/2), 1 ≤ x ≤ 6. */
    private static final double[] ERFC_SCALED = {
            0x1.afbb3f3b7343bp-3, -0x1.7ca88dec217a7p-2, 0x1.01c11a735cd6ep-2, -0x1.0011543716b6dp-3, 0x1.470ba1f688c4dp-5,
            -0x1.05bb2fe68352cp-8, -0x1.5a5716f1fc5b8p-9, 0x1.cb3b62b97832ap-11, 0x1.def30f5ddae18p-13, -0x1.0e46c753ba1e8p-13,
            -0x1.1ed26ad32b99ap-15, 0x1.3876736f37175p-16, 0x1.012c10eb0fed2p-17, -0x1.3fb8a7e469daep-19, -0x1.6020193e5431bp-19,
            0x1.126cffd53c395p-21, 0x1.0fe1312d5200ep-18, -0x1.37f23b45517dep-20, -0x1.3a84fd3a54d53p-17, 0x1.8dadb5905788bp-20,
            0x1.5544e0d412728p-17};

    private Functions64() {
    }

    /** Logistic function: 1/(1 + e⁻ˣ) for x ≥ 0, else eˣ/(1 + eˣ), so that neither overflows. */
    public static double sigmoid(double x) {
        double e = StrictMath.exp(-Math.abs(x));
        return (x >= 0 ? 1 : e) / (1 + e);
    }

    /** log(1 + eˣ) = max(x, 0) + log1p(e^−|x|). */
    public static double softplus(double x) {
        return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    }

    /** 1/√x: two roundings. */
    public static double rsqrt(double x) {
        return 1 / Math.sqrt(x);
    }

    /**
     * The error function: x times a polynomial in x² for |x| ≤ 1, above that 1 − e^(−x²) times a polynomial in (x − 5/2)/(x + 5/2), with the
     * rounding error of x² made good.
     */
    public static double erf(double x) {
        double a = Math.abs(x);
        if (a <= 1) {
            return x * polynomial(ERF_SMALL, Math.fma(2 * x, x, -1));
        }
        if (a > 6) {
            return Math.copySign(1, x);
        }
        double square = a * a;
        double gaussian = StrictMath.exp(-square) * (1 - Math.fma(a, a, -square));
        return Math.copySign(1 - gaussian * polynomial(ERFC_SCALED, (a - 2.5) / (a + 2.5)), x);
    }

    private static double polynomial(double[] c, double x) {
        double sum = c[c.length - 1];
        for (int i = c.length - 2; i >= 0; i--) {
            sum = Math.fma(sum, x, c[i]);
        }
        return sum;
    }

    /** xⁿ: {@link StrictMath#pow}. */
    public static double pow(double x, int n) {
        return StrictMath.pow(x, n);
    }
}
