package gradus.linalg;

import gradus.backend.Workers;

/**
 * Right eigenvectors of a quasi-triangular T in standard Schur form, by back substitution with T − λI (Golub and Van Loan, section 7.6.4; LAPACK's dtrevc).
 *
 * <p>Pivots below ε·|λ| are raised to it, which perturbs T by no more than rounding has done already; so defective matrices get vectors too, which are
 * then nearly parallel. Solutions are scaled down by powers of two where they would overflow.
 */
final class SchurVectors {
    private static final double ULP = 0x1p-52;
    private static final double LARGE = 0x1p400;

    private final int n;
    private final double[] t;
    private final double smallest;

    private SchurVectors(int n, double[] t) {
        this.n = n;
        this.t = t;
        this.smallest = 0x1p-1022 * (n / ULP);
    }

    /**
     * Vectors in rows: row k is the vector of a real eigenvalue k; of a pair (k, k + 1) row k is the real and row k + 1 the imaginary part of the vector that
     * belongs to the eigenvalue with positive imaginary part.
     */
    static double[] of(int n, double[] t, double[] real, double[] imaginary, Workers workers) {
        SchurVectors s = new SchurVectors(n, t);
        double[] rows = new double[n * n];
        workers.forEach(n, k -> {
            if (imaginary[k] == 0) {
                s.realVector(k, real[k], rows);
            } else if (imaginary[k] > 0) {
                s.complexVector(k, real[k], imaginary[k], rows);
            }
        });
        return rows;
    }

    private double at(int i, int j) {
        return t[i * n + j];
    }

    private void realVector(int k, double lambda, double[] rows) {
        int row = k * n;
        rows[row + k] = 1;
        double least = Math.max(ULP * Math.abs(lambda), smallest);
        double[] pair = new double[2];
        for (int i = k - 1; i >= 0; i--) {
            boolean block = i > 0 && at(i, i - 1) != 0;
            double r = -Vectors.dot(t, i * n + i + 1, rows, row + i + 1, k - i);
            if (block) {
                pair[1] = r;
                pair[0] = -Vectors.dot(t, (i - 1) * n + i + 1, rows, row + i + 1, k - i);
                solvePair(i, lambda, least, pair, rows, row, k);
                i--;
                rows[row + i] = pair[0];
                rows[row + i + 1] = pair[1];
            } else {
                double pivot = raised(at(i, i) - lambda, least);
                double factor = room(Math.abs(r), Math.abs(pivot));
                if (factor != 1) {
                    Vectors.scale(factor, rows, row + i + 1, k - i);
                }
                rows[row + i] = r * factor / pivot;
            }
        }
        normalise(rows, row, row);
    }

    private static double raised(double pivot, double least) {
        return Math.abs(pivot) < least ? least : pivot;
    }

    /** The power of two by which everything must shrink so that numerator/denominator stays below 2⁴⁰⁰. */
    private static double room(double numerator, double denominator) {
        if (numerator <= LARGE * Math.min(1, denominator)) {
            return 1;
        }
        return Math.scalb(1.0, Math.max(-1000, Math.getExponent(Math.min(1, denominator)) - Math.getExponent(numerator)));
    }

    /** (T − λI) of rows i − 1 and i: two equations, by elimination with the larger pivot. */
    private void solvePair(int i, double lambda, double least, double[] r, double[] rows, int row, int k) {
        double a = at(i - 1, i - 1) - lambda;
        double b = at(i - 1, i);
        double c = at(i, i - 1);
        double d = at(i, i) - lambda;
        boolean swap = Math.abs(c) > Math.abs(a);
        double top = swap ? c : a;
        double topRight = swap ? d : b;
        double factor = (swap ? a : c) / top;
        double pivot = raised((swap ? b : d) - factor * topRight, least);
        double first = swap ? r[1] : r[0];
        double second = (swap ? r[0] : r[1]) - factor * first;
        double shrink = room(Math.max(Math.abs(first), Math.abs(second)), Math.min(Math.abs(pivot), Math.abs(top)));
        if (shrink != 1) {
            Vectors.scale(shrink, rows, row + i + 1, k - i);
        }
        r[1] = second * shrink / pivot;
        r[0] = (first * shrink - topRight * r[1]) / top;
    }

    private void complexVector(int k, double real, double imag, double[] rows) {
        int re = k * n;
        int im = re + n;
        if (Math.abs(at(k, k + 1)) >= Math.abs(at(k + 1, k))) {
            rows[re + k] = 1;
            rows[im + k + 1] = imag / at(k, k + 1);
        } else {
            rows[re + k] = -imag / at(k + 1, k);
            rows[im + k + 1] = 1;
        }
        double least = Math.max(ULP * (Math.abs(real) + imag), smallest);
        Complex2 solver = new Complex2(real, imag, least);
        for (int i = k - 1; i >= 0; i--) {
            boolean block = i > 0 && at(i, i - 1) != 0;
            int length = k + 1 - i;
            solver.re1 = -Vectors.dot(t, i * n + i + 1, rows, re + i + 1, length);
            solver.im1 = -Vectors.dot(t, i * n + i + 1, rows, im + i + 1, length);
            if (block) {
                solver.re0 = -Vectors.dot(t, (i - 1) * n + i + 1, rows, re + i + 1, length);
                solver.im0 = -Vectors.dot(t, (i - 1) * n + i + 1, rows, im + i + 1, length);
            }
            double shrink = block ? solver.solvePair(at(i - 1, i - 1), at(i - 1, i), at(i, i - 1), at(i, i)) : solver.solveOne(at(i, i));
            if (shrink != 1) {
                Vectors.scale(shrink, rows, re + i + 1, length);
                Vectors.scale(shrink, rows, im + i + 1, length);
            }
            rows[re + i] = solver.re1;
            rows[im + i] = solver.im1;
            if (block) {
                i--;
                rows[re + i] = solver.re0;
                rows[im + i] = solver.im0;
            }
        }
        normalise(rows, re, im);
    }

    /** Equations with the matrix (T − λI) of one or two rows and a complex λ; the right side is replaced by the solution. */
    private static final class Complex2 {
        private final double real;
        private final double imag;
        private final double least;
        double re0;
        double im0;
        double re1;
        double im1;

        Complex2(double real, double imag, double least) {
            this.real = real;
            this.imag = imag;
            this.least = least;
        }

        double solveOne(double a) {
            double pivotRe = a - real;
            double pivotIm = -imag;
            if (Math.abs(pivotRe) + Math.abs(pivotIm) < least) {
                pivotRe = least;
                pivotIm = 0;
            }
            double shrink = room(Math.abs(re1) + Math.abs(im1), Math.max(Math.abs(pivotRe), Math.abs(pivotIm)));
            double x = re1 * shrink;
            double y = im1 * shrink;
            re1 = quotientRe(x, y, pivotRe, pivotIm);
            im1 = quotientIm(x, y, pivotRe, pivotIm);
            return shrink;
        }

        double solvePair(double a, double b, double c, double d) {
            // Rows (a − λ, b) and (c, d − λ); the first pivot is the larger of the first column.
            double aRe = a - real;
            double dRe = d - real;
            boolean swap = Math.abs(c) > Math.abs(aRe) + Math.abs(imag);
            double topRe = swap ? c : aRe;
            double topIm = swap ? 0 : -imag;
            double factorRe = swap ? quotientRe(aRe, -imag, c, 0) : quotientRe(c, 0, aRe, -imag);
            double factorIm = swap ? quotientIm(aRe, -imag, c, 0) : quotientIm(c, 0, aRe, -imag);
            double rightRe = swap ? dRe : b;
            double rightIm = swap ? -imag : 0;
            double pivotRe = (swap ? b : dRe) - (factorRe * rightRe - factorIm * rightIm);
            double pivotIm = (swap ? 0 : -imag) - (factorRe * rightIm + factorIm * rightRe);
            if (Math.abs(pivotRe) + Math.abs(pivotIm) < least) {
                pivotRe = least;
                pivotIm = 0;
            }
            double firstRe = swap ? re1 : re0;
            double firstIm = swap ? im1 : im0;
            double secondRe = (swap ? re0 : re1) - (factorRe * firstRe - factorIm * firstIm);
            double secondIm = (swap ? im0 : im1) - (factorRe * firstIm + factorIm * firstRe);
            double shrink = room(Math.max(Math.abs(firstRe) + Math.abs(firstIm), Math.abs(secondRe) + Math.abs(secondIm)),
                    Math.min(Math.max(Math.abs(pivotRe), Math.abs(pivotIm)), Math.max(Math.abs(topRe), Math.abs(topIm))));
            re1 = quotientRe(secondRe * shrink, secondIm * shrink, pivotRe, pivotIm);
            im1 = quotientIm(secondRe * shrink, secondIm * shrink, pivotRe, pivotIm);
            double x = firstRe * shrink - (rightRe * re1 - rightIm * im1);
            double y = firstIm * shrink - (rightRe * im1 + rightIm * re1);
            re0 = quotientRe(x, y, topRe, topIm);
            im0 = quotientIm(x, y, topRe, topIm);
            return shrink;
        }

        /** Smith's complex division (1962). */
        private static double quotientRe(double x, double y, double c, double d) {
            if (Math.abs(c) >= Math.abs(d)) {
                double r = d / c;
                return (x + y * r) / (c + d * r);
            }
            double r = c / d;
            return (x * r + y) / (c * r + d);
        }

        private static double quotientIm(double x, double y, double c, double d) {
            if (Math.abs(c) >= Math.abs(d)) {
                double r = d / c;
                return (y - x * r) / (c + d * r);
            }
            double r = c / d;
            return (y * r - x) / (c * r + d);
        }
    }

    /** Scales a vector by a power of two so that its largest entry is about 1. */
    private void normalise(double[] rows, int re, int im) {
        double most = Math.max(Vectors.maxAbs(rows, re, n), Vectors.maxAbs(rows, im, n));
        double factor = Math.scalb(1.0, -Math.getExponent(most));
        Vectors.scale(factor, rows, re, n);
        if (im != re) {
            Vectors.scale(factor, rows, im, n);
        }
    }
}
