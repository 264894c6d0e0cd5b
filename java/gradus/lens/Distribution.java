package gradus.lens;

import java.util.Arrays;

/**
 * How the magnitudes of a tensor's elements are spread, counted by the bits of the numbers: no sum, hence no order.
 *
 * <p>A histogram bin is about half an octave: bin 2o holds 2ᵒ ≤ |x| &lt; 1.4375·2ᵒ and bin 2o + 1 the rest of the octave o, from −126 to 127; what lies beyond is counted
 * at the ends. Quantiles are middles of sixteenths of an octave's length, so within 1/32 of the element they stand for.
 *
 * @param quantiles of |x|, at {@link #SHARES}; the last, the largest, is exact
 * @param negative  share of elements below 0
 * @param zero      share of elements that are 0
 * @param firstBin  number of the first bin
 * @param counts    elements in the bins from the first to the last that is not empty
 */
public record Distribution(double[] quantiles, double negative, double zero, int firstBin, int[] counts) {
    /** Which quantiles are kept. */
    private static final double[] SHARES = {0.05, 0.25, 0.5, 0.75, 0.95, 1};
    private static final int FINE = 16;
    private static final int LOWEST = -126;
    private static final int OCTAVES = 254;
    private static final int SPLIT = 7;
    private static final int EXPONENT_BIAS = 1023;

    /** The shares at which quantiles are kept. */
    static double[] shares() {
        return SHARES.clone();
    }

    /** Lower end of a bin. */
    static double edge(int bin) {
        return Math.scalb((bin & 1) == 0 ? 1 : 1 + SPLIT / (double) FINE, bin >> 1);
    }

    /** Of these elements; those that are not numbers are left out. */
    static Distribution of(double[] values) {
        return new Counter().count(values);
    }

    /** Counts, and can be used again: clearing all bins would cost as much as counting. */
    static final class Counter {
        private final int[] bins = new int[OCTAVES * FINE];

        Distribution count(double[] values) {
            int zeros = 0;
            int negatives = 0;
            int counted = 0;
            int first = bins.length;
            int last = -1;
            double largest = 0;
            for (double x : values) {
                long bits = Double.doubleToRawLongBits(x);
                double size = Math.abs(x);
                if (size == 0) {
                    zeros++;
                } else if (size <= Double.MAX_VALUE) {
                    int place = Math.clamp((int) (bits >>> 48 & 0x7fff) - (EXPONENT_BIAS + LOWEST) * FINE, 0, bins.length - 1);
                    bins[place]++;
                    counted++;
                    negatives += bits < 0 ? 1 : 0;
                    first = Math.min(first, place);
                    last = Math.max(last, place);
                    largest = Math.max(largest, size);
                }
            }
            double all = Math.max(1, zeros + counted);
            Distribution found = new Distribution(quantiles(zeros, zeros + counted, first, last, largest), negatives / all, zeros / all,
                    last < 0 ? 0 : bin(first), coarse(first, last));
            if (last >= 0) {
                Arrays.fill(bins, first, last + 1, 0);
            }
            return found;
        }

        private double[] quantiles(int zeros, int all, int first, int last, double largest) {
            double[] out = new double[SHARES.length];
            if (all == 0) {
                Arrays.fill(out, Double.NaN);
                return out;
            }
            int seen = zeros;
            int next = 0;
            while (next < out.length - 1 && seen >= SHARES[next] * all) {
                next++;
            }
            for (int i = first; i <= last; i++) {
                seen += bins[i];
                while (next < out.length - 1 && seen >= SHARES[next] * all) {
                    out[next++] = Math.min(largest, Math.scalb(1 + (i % FINE + 0.5) / FINE, LOWEST + i / FINE));
                }
            }
            out[out.length - 1] = largest;
            return out;
        }

        private int[] coarse(int first, int last) {
            if (last < 0) {
                return new int[0];
            }
            int[] counts = new int[bin(last) - bin(first) + 1];
            for (int i = first; i <= last; i++) {
                counts[bin(i) - bin(first)] += bins[i];
            }
            return counts;
        }

        private static int bin(int fine) {
            return 2 * (LOWEST + fine / FINE) + (fine % FINE >= SPLIT ? 1 : 0);
        }
    }
}
