package gradus.optim;

/**
 * The learning rate as a function t ↦ η(t) of the steps taken; the first step has t = 0. Powers and cosines are {@link StrictMath}'s, so that a
 * schedule has the same bits everywhere.
 */
@FunctionalInterface
public interface Schedule {
    /** η for the step after {@code t} steps were taken. */
    double at(long t);

    /** This schedule counted in periods of so many steps, for one that is given in epochs: t ↦ η(⌊t/steps⌋). */
    default Schedule every(int steps) {
        requirePositive("schedule", "steps in a period", steps);
        return t -> at(t / steps);
    }

    /** η. */
    record Constant(double eta) implements Schedule {
        @Override
        public double at(long t) {
            return eta;
        }
    }

    /** η·γ^⌊t/length⌋: {@code StepLR} of PyTorch, {@code ExponentialDecay(staircase=True)} of Keras. */
    record Stairs(double eta, double gamma, int length) implements Schedule {
        /** Checks that a stair has a length. */
        public Stairs {
            requirePositive("stairs", "length", length);
        }

        @Override
        public double at(long t) {
            return eta * StrictMath.pow(gamma, t / length);
        }
    }

    /** η·γ^(t/length): {@code ExponentialDecay} of Keras; with length 1 {@code ExponentialLR} of PyTorch. */
    record Exponential(double eta, double gamma, int length) implements Schedule {
        /** Checks that γ acts over some length. */
        public Exponential {
            requirePositive("exponential", "length", length);
        }

        @Override
        public double at(long t) {
            return eta * StrictMath.pow(gamma, (double) t / length);
        }
    }

    /** η / (1 + γ·t): the {@code decay} of Keras 2's optimizers, {@code InverseTimeDecay} of Keras 3. */
    record InverseTime(double eta, double gamma) implements Schedule {
        @Override
        public double at(long t) {
            return eta / (1 + gamma * t);
        }
    }

    /**
     * end + ½·(η − end)·(1 + cos(π·min(t, length)/length)): one descent of Loshchilov and Hutter 2017; {@code CosineAnnealingLR} of PyTorch up to
     * its length (it rises again after), {@code CosineDecay} of Keras with alpha = end/η.
     */
    record Cosine(double eta, double end, int length) implements Schedule {
        /** Checks that the descent has a length. */
        public Cosine {
            requirePositive("cosine", "length", length);
        }

        @Override
        public double at(long t) {
            double part = (double) Math.min(t, length) / length;
            return end + 0.5 * (eta - end) * (1 + StrictMath.cos(StrictMath.PI * part));
        }
    }

    /**
     * A line from start·η to η over so many steps, η being where {@code after} begins; then {@code after}, counted from there. (Goyal et al. 2017.)
     * {@code SequentialLR} of {@code LinearLR} and another in PyTorch; {@code CosineDecay} of Keras with warmup_target has start = 0.
     *
     * @param start what part of η the first step has
     */
    record WarmUp(double start, int length, Schedule after) implements Schedule {
        /** Checks that the line has a length. */
        public WarmUp {
            requirePositive("warm-up", "length", length);
        }

        @Override
        public double at(long t) {
            return t >= length ? after.at(t - length) : after.at(0) * (start + (1 - start) * t / length);
        }
    }

    private static void requirePositive(String what, String part, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + ": " + part + " is " + value + ", at least 1 wanted");
        }
    }
}
