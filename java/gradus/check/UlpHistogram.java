package gradus.check;

import java.util.Locale;

/** How many float32 gradients lie how many units in the last place from the float64 ones. */
public final class UlpHistogram {
    private static final double[] LIMITS = {0, 0.5, 1, 2, 4, 8, 16, 64, 256, 1024};
    private final long[] counts = new long[LIMITS.length + 1];

    UlpHistogram() {
    }

    void add(double single, double reference) {
        double ulps = Math.abs(single - reference) / Math.ulp((float) reference);
        int k = 0;
        while (k < LIMITS.length && !(ulps <= LIMITS[k])) {
            k++;
        }
        counts[k]++;
    }

    void addAll(UlpHistogram other) {
        for (int k = 0; k < counts.length; k++) {
            counts[k] += other.counts[k];
        }
    }

    /** Number of gradients counted. */
    public long size() {
        long n = 0;
        for (long c : counts) {
            n += c;
        }
        return n;
    }

    /** The share of gradients at most so many units from the reference; the limit is one of 0, ½, 1, 2, 4, 8, 16, 64, 256, 1024. */
    public double shareWithin(double limit) {
        long within = 0;
        for (int k = 0; k < LIMITS.length && LIMITS[k] <= limit; k++) {
            within += counts[k];
        }
        return size() == 0 ? 1 : (double) within / size();
    }

    @Override
    public String toString() {
        StringBuilder s = new StringBuilder();
        for (int k = 0; k < counts.length; k++) {
            if (counts[k] > 0) {
                s.append(s.isEmpty() ? "" : "  ").append(k < LIMITS.length ? "≤" + String.format(Locale.ROOT, "%s", LIMITS[k] == 0.5 ? "½" : (long) LIMITS[k])
                        : ">" + (long) LIMITS[LIMITS.length - 1]).append(": ").append(counts[k]);
            }
        }
        return s.toString();
    }
}
