package gradus.linalg;

/**
 * A matrix times the power of two that brings its largest magnitude into [1, 2), so that squares and products inside an algorithm neither
 * overflow nor vanish. The scaling is exact but for entries below 2⁻¹⁰²² of the largest.
 */
record Scaled(Matrix matrix, int exponent) {
    static Scaled of(Matrix a) {
        return by(a, exponentOf(a.maxAbs()));
    }

    /** The same with an even exponent, and the largest magnitude in [1, 4): for algorithms that take a square root. */
    static Scaled evenly(Matrix a) {
        return by(a, exponentOf(a.maxAbs()) & ~1);
    }

    private static Scaled by(Matrix a, int exponent) {
        return new Scaled(exponent == 0 ? a : Matrix.of(a.rows(), a.columns(), scaled(a.data(), -exponent)), exponent);
    }

    /** ⌊log₂ max⌋, 0 for 0. */
    private static int exponentOf(double max) {
        if (max == 0) {
            return 0;
        }
        // getExponent says -1023 for every subnormal; multiplying by 2^54 first makes them normal.
        return max < Double.MIN_NORMAL ? Math.getExponent(max * 0x1p54) - 54 : Math.getExponent(max);
    }

    /** Values that scale with the matrix, brought back to its scale; a fresh array. */
    double[] undo(double[] values) {
        return scaled(values, exponent);
    }

    private static double[] scaled(double[] x, int exponent) {
        if (exponent == 0) {
            return x.clone();
        }
        if (Math.abs(exponent) < 1000) {
            double[] out = x.clone();
            Vectors.scale(Math.scalb(1.0, exponent), out, 0, out.length);
            return out;
        }
        double[] out = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            out[i] = Math.scalb(x[i], exponent);
        }
        return out;
    }
}
