package gradus.learn;

import gradus.linalg.Matrix;
import gradus.numerics.RandomStream;
import java.util.Arrays;

/**
 * Ratings made up from known factors, in the shape of a real collection: a core of busy users and items, a rim of less busy ones, and a crowd that rates once or twice.
 *
 * <p>A rating is {@code 3 + bias of the user + q·p + noise}, with q and p of {@code rank} normal entries that make q·p have deviation 1. Every user and item of the core
 * keeps more than {@code rimMost} ratings within the core, every one of the rim has more than {@code crowdMost} and at most {@code rimMost}, every one of the crowd at most
 * {@code crowdMost}. So {@link Ratings#withMoreThan}({@code rimMost}) leaves the core, and ({@code crowdMost}) core and rim.
 *
 * @param coreUsers   users of the core
 * @param coreItems   items of the core
 * @param allUsers    users of core and rim
 * @param allItems    items of core and rim
 * @param ratings     ratings of core and rim together
 * @param crowdUsers  users of the crowd
 * @param crowdItems  items of the crowd
 * @param rimMost     most ratings of a rim's user or item
 * @param crowdMost   most ratings of a crowd's user or item
 * @param rank        number of planted factors
 * @param noise       deviation of what no factor explains
 */
public record RatingsGenerator(int coreUsers, int coreItems, int allUsers, int allItems, int ratings, int crowdUsers, int crowdItems, int rimMost,
        int crowdMost, int rank, double noise) {
    /** Checks that such a collection exists. */
    public RatingsGenerator {
        if (coreUsers < 1 || coreItems < 1 || allUsers < coreUsers || allItems < coreItems || crowdUsers < 0 || crowdItems < 0 || crowdMost < 1
                || rimMost <= crowdMost || rank < 1 || !(noise >= 0)) {
            throw new IllegalArgumentException("ratings generator: sizes out of order");
        }
        if (coreItems <= 2 * rimMost || coreUsers <= 2 * rimMost || crowdItems > 0 && crowdUsers < crowdItems) {
            throw new IllegalArgumentException("ratings generator: a core of " + coreUsers + " × " + coreItems + " is too small for users with more than "
                    + rimMost + " ratings, or the crowd has more items than users");
        }
    }

    /** Like the restaurant ratings of the source: filters at 10 and 20 leave 11,275 × 3,531 with 285,343 ratings, and 3,529 × 2,072. */
    public static RatingsGenerator restaurants() {
        return new RatingsGenerator(3_529, 2_072, 11_275, 3_531, 285_343, 337_867 - 11_275, 5_899 - 3_531, 20, 10, 4, 0.5);
    }

    /** A smaller collection, for quick runs: filters at 10 and 20 leave 1,200 × 450 with 40,000 ratings, and 500 × 300. */
    public static RatingsGenerator small() {
        return new RatingsGenerator(500, 300, 1_200, 450, 40_000, 5_000, 200, 20, 10, 4, 0.5);
    }

    /**
     * A collection and what it was made from. Identifiers of users and items are row numbers of the factors.
     *
     * @param ratings the collection
     * @param q       factors of the users
     * @param p       factors of the items
     */
    public record Planted(Ratings ratings, Matrix q, Matrix p) {
    }

    /** The collection that belongs to the seed. */
    public Planted generate(long seed) {
        return new Draw(this, seed).run();
    }

    /** The arrays under construction. */
    private static final class Draw {
        private final RatingsGenerator g;
        private final RandomStream pairs;
        private final RandomStream noise;
        private final double[] q;
        private final double[] p;
        private final double[] bias;
        private long[] users = new long[1 << 16];
        private long[] items = new long[1 << 16];
        private double[] values = new double[1 << 16];
        private int count;

        Draw(RatingsGenerator g, long seed) {
            this.g = g;
            this.pairs = new RandomStream(seed, "ratings/pairs");
            this.noise = new RandomStream(seed, "ratings/noise");
            double scale = Math.sqrt(Math.sqrt(1.0 / g.rank));
            this.q = new double[(g.allUsers + g.crowdUsers) * g.rank];
            this.p = new double[(g.allItems + g.crowdItems) * g.rank];
            this.bias = new double[g.allUsers + g.crowdUsers];
            new RandomStream(seed, "ratings/users").normal(q, 0, q.length, 0, scale);
            new RandomStream(seed, "ratings/items").normal(p, 0, p.length, 0, scale);
            new RandomStream(seed, "ratings/bias").normal(bias, 0, bias.length, 0, 0.5);
        }

        Planted run() {
            int rim = rim();
            core(g.ratings - rim);
            crowd();
            Ratings ratings = Ratings.of(Arrays.copyOf(users, count), Arrays.copyOf(items, count), Arrays.copyOf(values, count));
            return new Planted(ratings, Matrix.of(q.length / g.rank, g.rank, q), Matrix.of(p.length / g.rank, g.rank, p));
        }

        /** Users of the rim rate items of the core, items of the rim are rated by users of the core. */
        private int rim() {
            int before = count;
            for (int u = g.coreUsers; u < g.allUsers; u++) {
                int[] chosen = distinct(rimDegree(), g.coreItems);
                for (int v : chosen) {
                    add(u, v);
                }
            }
            for (int v = g.coreItems; v < g.allItems; v++) {
                for (int u : distinct(rimDegree(), g.coreUsers)) {
                    add(u, v);
                }
            }
            return count - before;
        }

        private int rimDegree() {
            return g.crowdMost + 1 + pairs.below(g.rimMost - g.crowdMost);
        }

        /**
         * First a band that gives every user and item of the core {@code rimMost + 1} ratings and more, then random pairs until there are enough. Users and items
         * with low numbers are the popular ones: numbers are drawn as the smaller of two.
         */
        private void core(int wanted) {
            boolean[] has = new boolean[g.coreUsers * g.coreItems];
            int before = count;
            int degree = g.rimMost + 1;
            for (int i = 0; i < Math.max(g.coreUsers, g.coreItems) * degree; i++) {
                // The smaller side comes round more often; each of its turns is shifted, so that no pair repeats.
                int u = i / degree % g.coreUsers;
                int v = (int) ((i + (long) (i / (g.coreUsers * degree)) * degree * 7) % g.coreItems);
                mark(has, u, v);
            }
            for (int v = 0; v < g.coreItems; v++) {
                for (int u = 0, have = degreeOf(has, v); have < degree; u = pairs.below(g.coreUsers)) {
                    have += mark(has, u, v) ? 1 : 0;
                }
            }
            if (count - before > wanted) {
                throw new IllegalArgumentException("ratings generator: " + g.ratings + " ratings are too few for a core and rim of this size; at least "
                        + (g.ratings + count - before - wanted) + " are needed");
            }
            if (wanted > has.length * 0.9) {
                throw new IllegalArgumentException("ratings generator: " + wanted + " ratings do not fit a core of " + g.coreUsers + " × " + g.coreItems);
            }
            while (count - before < wanted) {
                mark(has, Math.min(pairs.below(g.coreUsers), pairs.below(g.coreUsers)), Math.min(pairs.below(g.coreItems), pairs.below(g.coreItems)));
            }
        }

        private int degreeOf(boolean[] has, int v) {
            int degree = 0;
            for (int u = 0; u < g.coreUsers; u++) {
                degree += has[u * g.coreItems + v] ? 1 : 0;
            }
            return degree;
        }

        private boolean mark(boolean[] has, int u, int v) {
            boolean fresh = !has[u * g.coreItems + v];
            if (fresh) {
                has[u * g.coreItems + v] = true;
                add(u, v);
            }
            return fresh;
        }

        /** Each item of the crowd gets one user of its own; the other users of the crowd rate one to a few of the core and rim. */
        private void crowd() {
            for (int i = 0; i < g.crowdUsers; i++) {
                int u = g.allUsers + i;
                if (i < g.crowdItems) {
                    add(u, g.allItems + i);
                }
                int more = Math.min(pairs.below(g.crowdMost), pairs.below(g.crowdMost));
                for (int v : distinct(i < g.crowdItems ? more : more + 1, g.allItems)) {
                    add(u, v);
                }
            }
        }

        private int[] distinct(int wanted, int bound) {
            int[] chosen = new int[wanted];
            for (int i = 0; i < wanted; i++) {
                int v = pairs.below(bound);
                for (int j = 0; j < i; j++) {
                    if (chosen[j] == v) {
                        v = pairs.below(bound);
                        j = -1;
                    }
                }
                chosen[i] = v;
            }
            return chosen;
        }

        private void add(int u, int v) {
            if (count == values.length) {
                users = Arrays.copyOf(users, 2 * count);
                items = Arrays.copyOf(items, 2 * count);
                values = Arrays.copyOf(values, 2 * count);
            }
            double product = 0;
            for (int f = 0; f < g.rank; f++) {
                product = Math.fma(q[u * g.rank + f], p[v * g.rank + f], product);
            }
            users[count] = u;
            items[count] = v;
            values[count++] = 3 + bias[u] + product + g.noise * noise.normal64();
        }
    }
}
