package gradus.backend.scalar;

import gradus.backend.Convolutions;
import gradus.tensor.DType;

/** The fixed order in which a sum over a batch is taken; see {@link Convolutions} for the order in words. */
final class BatchTree {
    private BatchTree() {
    }

    /** What one place of one sample adds to the sum of its lane. */
    interface Step {
        double add(double sum, int sample, int place);
    }

    /** The sum over samples 0 … samples − 1 and places 0 … places − 1. */
    static double sum(DType type, int samples, int places, Step step) {
        double[] lanes = new double[Convolutions.LANES];
        for (int first = 0; first < samples; first += Convolutions.CHUNK) {
            int end = Math.min(samples, first + Convolutions.CHUNK);
            for (int l = 0; l < lanes.length; l++) {
                lanes[l] = type.round(lanes[l] + chain(first + l, end, places, step));
            }
        }
        for (int half = lanes.length / 2; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                lanes[l] = type.round(lanes[l] + lanes[l + half]);
            }
        }
        return lanes[0];
    }

    private static double chain(int first, int end, int places, Step step) {
        double sum = 0;
        for (int place = 0; place < places; place++) {
            for (int n = first; n < end; n += Convolutions.LANES) {
                sum = step.add(sum, n, place);
            }
        }
        return sum;
    }
}
