package gradus.linalg;

/**
 * A matrix times the power of two that brings its largest magnitude into [1, 2), so that squares and products inside an algorithm neither
 * overflow nor vanish. The scaling is exact but for entries below 2⁻¹⁰²² of the largest.
 */
record Scaled(Matrix matrix, int exponent) {
    static Scaled of(Matrix a) {
        double max = a.maxAbs();
        if (max == 0) {
            return new Scaled(a, 0);
        }
        // getExponent says -1023 for every subnormal; multiplying by 2^54 first makes them normal.
        int exponent = max < Double.MIN_NORMAL ? Math.getExponent(max * 0x1p54) - 54 : Math.getExponent(max);
        if (exponent == 0) {
            return new Scaled(a, 0);
        }
        return new Scaled(Matrix.of(a.rows(), a.columns(), scaled(a.data(), -exponent)), exponent);
    }

    /** Values that scale with the matrix, brought back to its scale; a fresh array. */
    double[] undo(double[] values) {
        return scaled(values, exponent);
    }

    private static double[] scaled(double[] x, int exponent) {
        double[] out = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            out[i] = Math.scalb(x[i], exponent);
        }
        return out;
    }
}
