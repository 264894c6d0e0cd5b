package gradus.linalg;

/**
 * Balancing of a square matrix before its eigenvalues are sought (Parlett and Reinsch 1969; LAPACK's dgebal): rows and columns that already show an
 * eigenvalue are moved to the ends, and the rest is scaled by powers of two until rows and columns have similar norms. Both are exact.
 */
final class Balance {
    private static final double SMALLEST_SCALE = 0x1p-900;

    final int n;
    /** The rows and columns {@code low ≤ i ≤ high} still need work; outside them the matrix is triangular. */
    int low;
    int high;
    private final double[] a;
    private final double[] scale;
    private final int[] exchanged;

    private Balance(int n, double[] a) {
        this.n = n;
        this.a = a;
        this.high = n - 1;
        this.scale = new double[n];
        this.exchanged = new int[n];
        java.util.Arrays.fill(scale, 1);
        java.util.Arrays.setAll(exchanged, i -> i);
    }

    /** Balances in place. */
    static Balance of(int n, double[] a) {
        Balance b = new Balance(n, a);
        b.permute();
        b.scale();
        return b;
    }

    private void permute() {
        for (int i = isolatedRow(); i >= 0; i = isolatedRow()) {
            exchange(i, high);
            high--;
        }
        for (int j = isolatedColumn(); j >= 0; j = isolatedColumn()) {
            exchange(j, low);
            low++;
        }
    }

    /** A row whose entries left of {@code high}, but for the diagonal, are 0: its diagonal entry is an eigenvalue. */
    private int isolatedRow() {
        for (int i = high; i >= 0; i--) {
            boolean zero = true;
            for (int j = 0; j <= high && zero; j++) {
                zero = i == j || a[i * n + j] == 0;
            }
            if (zero) {
                return i;
            }
        }
        return -1;
    }

    private int isolatedColumn() {
        for (int j = low; j <= high; j++) {
            boolean zero = true;
            for (int i = low; i <= high && zero; i++) {
                zero = i == j || a[i * n + j] == 0;
            }
            if (zero) {
                return j;
            }
        }
        return -1;
    }

    private void exchange(int i, int to) {
        exchanged[to] = i;
        if (i == to) {
            return;
        }
        for (int k = 0; k < n; k++) {
            double x = a[k * n + i];
            a[k * n + i] = a[k * n + to];
            a[k * n + to] = x;
        }
        for (int k = 0; k < n; k++) {
            double x = a[i * n + k];
            a[i * n + k] = a[to * n + k];
            a[to * n + k] = x;
        }
    }

    private void scale() {
        boolean changed = true;
        double[] column = new double[n];
        while (changed) {
            changed = false;
            for (int i = low; i <= high; i++) {
                int m = high - low + 1;
                Vectors.gather(a, low * n + i, n, column, 0, m);
                double c = Vectors.norm(column, 0, m);
                double r = Vectors.norm(a, i * n + low, m);
                if (c == 0 || r == 0) {
                    continue;
                }
                int power = bestPower(c, r);
                double f = Math.scalb(1.0, power);
                // Powers that would bring a scale near the ends of the exponent range are left out.
                if (power == 0 || scale[i] * f < SMALLEST_SCALE || scale[i] * f > 1 / SMALLEST_SCALE) {
                    continue;
                }
                if (c * f + r / f < 0.95 * (c + r)) {
                    rescale(i, f);
                    changed = true;
                }
            }
        }
    }

    /** The p for which c·2ᵖ and r·2⁻ᵖ are nearest to each other. */
    private static int bestPower(double c, double r) {
        int power = (Math.getExponent(r) - Math.getExponent(c)) / 2;
        return Math.clamp(power, -400, 400);
    }

    private void rescale(int i, double f) {
        scale[i] *= f;
        for (int j = 0; j < n; j++) {
            a[i * n + j] /= f;
        }
        for (int k = 0; k < n; k++) {
            a[k * n + i] *= f;
        }
    }

    /** Turns rows that hold eigenvectors of the balanced matrix into those of the original. */
    void backTransform(double[] rows, int count) {
        for (int r = 0; r < count; r++) {
            for (int i = low; i <= high; i++) {
                rows[r * n + i] *= scale[i];
            }
            for (int i = low - 1; i >= 0; i--) {
                swap(rows, r * n + i, r * n + exchanged[i]);
            }
            for (int i = high + 1; i < n; i++) {
                swap(rows, r * n + i, r * n + exchanged[i]);
            }
        }
    }

    private static void swap(double[] x, int i, int j) {
        double t = x[i];
        x[i] = x[j];
        x[j] = t;
    }
}
