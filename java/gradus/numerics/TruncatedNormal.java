package gradus.numerics;

/**
 * A standard normal value between two bounds, by rejection (Robert 1995, "Simulation of truncated normal variables"): propose, then accept with the ratio of
 * the densities. The proposal is chosen so that about half or more of all proposals are accepted wherever the bounds lie.
 */
sealed interface TruncatedNormal {
    /** √(2π): a shorter interval around 0 is better served by uniform proposals than by normal ones. */
    double NORMAL_WIDTH = 2.5066282746310002;

    /** One value. */
    double draw(RandomStream random);

    /** The sampler for bounds low &lt; high in units of the deviation, measured from the mean. */
    static TruncatedNormal between(double low, double high) {
        if (high < 0) {
            TruncatedNormal mirrored = between(-high, -low);
            return new Mirrored(mirrored);
        }
        if (low <= 0) {
            return high - low > NORMAL_WIDTH ? new FromNormal(low, high) : new FromUniform(low, high);
        }
        double rate = (low + Math.sqrt(low * low + 4)) / 2;
        return high - low > 1 / rate ? new FromExponential(low, high, rate) : new FromUniform(low, high);
    }

    /** Proposes normal values. Far to one side of the mean the other proposals serve. */
    record FromNormal(double low, double high) implements TruncatedNormal {
        @Override
        public double draw(RandomStream random) {
            double z;
            do {
                z = random.normal64();
            } while (z < low || z > high);
            return z;
        }
    }

    /** Proposes uniform values; accepts with exp((m² − z²)/2), m the bound or 0 that is nearest 0. */
    record FromUniform(double low, double high) implements TruncatedNormal {
        @Override
        public double draw(RandomStream random) {
            double nearest = Math.max(low, 0);
            double z;
            do {
                z = Math.fma(random.uniform64(), high - low, low);
            } while (random.uniform64() > StrictMath.exp((nearest * nearest - z * z) / 2));
            return z;
        }
    }

    /** Proposes low + exponential values of a rate λ ≈ low; accepts with exp(−(z − λ)²/2). For bounds far out on the right. */
    record FromExponential(double low, double high, double rate) implements TruncatedNormal {
        @Override
        public double draw(RandomStream random) {
            double z;
            double miss;
            do {
                z = low - StrictMath.log1p(-random.uniform64()) / rate;
                miss = z - rate;
            } while (z > high || random.uniform64() > StrictMath.exp(-miss * miss / 2));
            return z;
        }
    }

    /** Bounds below 0: draws on the other side. */
    record Mirrored(TruncatedNormal other) implements TruncatedNormal {
        @Override
        public double draw(RandomStream random) {
            return -other.draw(random);
        }
    }
}
