package gradus.check;

/** What a comparison with a numeric derivative says. */
public enum Verdict {
    /** Both numbers agree within the error estimate, and the estimate is small enough to mean something. */
    PASS,
    /** The numbers differ by more than the error estimate explains. */
    FAIL,
    /** The numeric derivative cannot tell: a kink, a border of the domain, or cancellation. */
    INCONCLUSIVE;

    /** How often the error estimate may be exceeded: it is an estimate, not a bound. */
    private static final double SAFETY = 8;
    /** A numeric derivative less certain than this, relative to its scale, certifies nothing. */
    private static final double CERTIFIES = 1e-4;
    /** A numeric derivative less certain than this, relative to its scale, accuses nobody. */
    private static final double ACCUSES = 1e-2;
    /** What the analytic derivative may lose to rounding, relative to the scale. */
    private static final double ROUNDING = 0x1p-40;

    /**
     * Compares two derivatives.
     *
     * @param error estimated error of the numeric one; NaN or infinite when there is none to speak of
     * @param scale the size at which derivatives around here live
     */
    static Verdict of(double analytic, double numeric, double error, double scale) {
        if (!Double.isFinite(numeric) || !Double.isFinite(error)) {
            return INCONCLUSIVE;
        }
        if (!Double.isFinite(analytic)) {
            return FAIL;
        }
        double size = Math.max(scale, Math.max(Math.abs(analytic), Math.abs(numeric)));
        if (Math.abs(analytic - numeric) <= SAFETY * error + ROUNDING * size) {
            return error <= CERTIFIES * size ? PASS : INCONCLUSIVE;
        }
        return error <= ACCUSES * size ? FAIL : INCONCLUSIVE;
    }
}
