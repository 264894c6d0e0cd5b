package gradus.learn;

import gradus.data.Csv;
import gradus.numerics.RandomStream;
import gradus.tensor.Npy;
import gradus.tensor.NpyArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Ratings that users gave to items, at most one for each pair, in ascending order of user, then item. Users and items are numbered from 0 in ascending order of
 * their identifiers.
 */
public final class Ratings {
    private static final String NAME = "ratings";

    private final long[] userIds;
    private final long[] itemIds;
    private final int[] user;
    private final int[] item;
    private final double[] value;

    private Ratings(long[] userIds, long[] itemIds, int[] user, int[] item, double[] value) {
        this.userIds = userIds;
        this.itemIds = itemIds;
        this.user = user;
        this.item = item;
        this.value = value;
    }

    /** The three parts of {@link #split}: same users and items, no rating in common. */
    public record Split(Ratings training, Ratings validation, Ratings test) {
    }

    /**
     * Ratings by identifiers of any kind; of several for one pair the last counts.
     *
     * @throws IllegalArgumentException when the lengths differ, there are none, or a rating is not finite
     */
    public static Ratings of(long[] users, long[] items, double[] values) {
        int n = values.length;
        if (users.length != n || items.length != n || n == 0) {
            throw new IllegalArgumentException(NAME + ": " + users.length + " users, " + items.length + " items and " + n
                    + " ratings; wanted equally many, at least one");
        }
        for (int i = 0; i < n; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException(NAME + ": rating " + i + ", of user " + users[i] + " for item " + items[i] + ", is " + values[i]);
            }
        }
        long[] userIds = distinct(users);
        long[] itemIds = distinct(items);
        int[] u = Arrays.stream(users).mapToInt(id -> Arrays.binarySearch(userIds, id)).toArray();
        int[] v = Arrays.stream(items).mapToInt(id -> Arrays.binarySearch(itemIds, id)).toArray();
        // Stable two-pass counting sort: by item, then by user.
        int[] order = sorted(sorted(IntStream.range(0, n).toArray(), v, itemIds.length), u, userIds.length);
        int kept = 0;
        for (int i = 0; i < n; i++) {
            boolean last = i == n - 1 || u[order[i]] != u[order[i + 1]] || v[order[i]] != v[order[i + 1]];
            if (last) {
                order[kept++] = order[i];
            }
        }
        return new Ratings(userIds, itemIds, u, v, values).pick(Arrays.copyOf(order, kept));
    }

    private static long[] distinct(long[] ids) {
        long[] sorted = ids.clone();
        Arrays.sort(sorted);
        int kept = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i] != sorted[kept - 1]) {
                sorted[kept++] = sorted[i];
            }
        }
        return Arrays.copyOf(sorted, kept);
    }

    private static int[] sorted(int[] order, int[] key, int keys) {
        int[] next = new int[keys + 1];
        for (int k : key) {
            next[k + 1]++;
        }
        for (int k = 0; k < keys; k++) {
            next[k + 1] += next[k];
        }
        int[] out = new int[order.length];
        for (int i : order) {
            out[next[key[i]]++] = i;
        }
        return out;
    }

    /** The ratings with these numbers; users and items stay. */
    private Ratings pick(int[] numbers) {
        int[] u = new int[numbers.length];
        int[] v = new int[numbers.length];
        double[] r = new double[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            u[i] = user[numbers[i]];
            v[i] = item[numbers[i]];
            r[i] = value[numbers[i]];
        }
        return new Ratings(userIds, itemIds, u, v, r);
    }

    /**
     * Reads rows of user, item and rating: an {@code .npy} array [n, 3] of integers or numbers, or a CSV file with or without names in its first row, such as
     * MovieLens' {@code userId,movieId,rating,timestamp}; columns beyond the third are passed over.
     *
     * @throws IOException when the file cannot be read or holds something else
     */
    public static Ratings read(Path file) throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".npy")) {
            NpyArray array = Npy.read(file);
            if (array.shape().rank() != 2 || array.shape().dim(1) != 3) {
                throw new IOException(file + ": array " + array.shape() + "; wanted rows of user, item and rating, [n, 3]");
            }
            return ofRows(file, array.doubles(), 3);
        }
        if (name.endsWith(".csv")) {
            Csv.Numbers table = Csv.readNumbers(file);
            if (table.width() < 3) {
                throw new IOException(file + ": " + table.width() + " columns; wanted user, item and rating");
            }
            return ofRows(file, Arrays.copyOf(table.values(), table.rows() * table.width()), table.width());
        }
        throw new IOException(file + ": wanted a file that ends in .npy or .csv");
    }

    private static Ratings ofRows(Path file, double[] values, int width) throws IOException {
        int n = values.length / width;
        long[] users = new long[n];
        long[] items = new long[n];
        double[] ratings = new double[n];
        for (int i = 0; i < n; i++) {
            users[i] = identifier(file, i, "user", values[i * width]);
            items[i] = identifier(file, i, "item", values[i * width + 1]);
            ratings[i] = values[i * width + 2];
            if (!Double.isFinite(ratings[i])) {
                throw new IOException(file + ": the rating in row " + i + " (from 0) is " + ratings[i]);
            }
        }
        if (n == 0) {
            throw new IOException(file + ": it holds no ratings");
        }
        return of(users, items, ratings);
    }

    private static long identifier(Path file, int row, String what, double value) throws IOException {
        if (value != Math.rint(value) || Math.abs(value) > 1L << 53) {
            throw new IOException(file + ": the " + what + " in row " + row + " (from 0) is " + value + "; wanted a whole number of at most 2^53");
        }
        return (long) value;
    }

    /** Number of users. */
    public int users() {
        return userIds.length;
    }

    /** Number of items. */
    public int items() {
        return itemIds.length;
    }

    /** Number of ratings. */
    public int size() {
        return value.length;
    }

    /** The identifier that a user had in the data. */
    public long userId(int u) {
        return userIds[u];
    }

    /** The identifier that an item had in the data. */
    public long itemId(int v) {
        return itemIds[v];
    }

    /** The user of each rating; a copy, as are the others. */
    public int[] userOfEach() {
        return user.clone();
    }

    /** The item of each rating. */
    public int[] itemOfEach() {
        return item.clone();
    }

    /** The ratings. */
    public double[] values() {
        return value.clone();
    }

    /** {@code users × items, ratings}. */
    @Override
    public String toString() {
        return users() + " × " + items() + ", " + size() + " ratings";
    }

    /**
     * Drops users and items with at most {@code most} ratings, and again among what is left, until all have more. The result does not depend on the order.
     *
     * @throws IllegalArgumentException when nothing is left
     */
    public Ratings withMoreThan(int most) {
        boolean[] goes = new boolean[size()];
        int left = size();
        for (int before = -1; before != left; ) {
            before = left;
            int[] ofUser = new int[users()];
            int[] ofItem = new int[items()];
            for (int i = 0; i < size(); i++) {
                if (!goes[i]) {
                    ofUser[user[i]]++;
                    ofItem[item[i]]++;
                }
            }
            left = 0;
            for (int i = 0; i < size(); i++) {
                goes[i] |= ofUser[user[i]] <= most || ofItem[item[i]] <= most;
                left += goes[i] ? 0 : 1;
            }
        }
        int[] kept = IntStream.range(0, size()).filter(i -> !goes[i]).toArray();
        if (kept.length == 0) {
            throw new IllegalArgumentException(NAME + ": of " + this + " nothing is left when users and items with at most " + most + " ratings go");
        }
        Ratings part = pick(kept);
        return of(Arrays.stream(part.user).mapToLong(this::userId).toArray(), Arrays.stream(part.item).mapToLong(this::itemId).toArray(), part.value);
    }

    /**
     * Holds random ratings out: so many for validation, so many for the test; the rest is for training.
     *
     * @throws IllegalArgumentException when no rating would be left for training
     */
    public Split split(int validation, int test, RandomStream random) {
        if (validation < 0 || test < 0 || (long) validation + test >= size()) {
            throw new IllegalArgumentException(NAME + ": " + validation + " and " + test + " ratings to hold out of " + size()
                    + "; at least one must be left");
        }
        int[] order = random.permutation(size());
        int[] first = Arrays.copyOf(order, validation);
        int[] second = Arrays.copyOfRange(order, validation, validation + test);
        int[] rest = Arrays.copyOfRange(order, validation + test, order.length);
        Arrays.sort(first);
        Arrays.sort(second);
        Arrays.sort(rest);
        return new Split(pick(rest), pick(first), pick(second));
    }

    int user(int rating) {
        return user[rating];
    }

    int item(int rating) {
        return item[rating];
    }

    double value(int rating) {
        return value[rating];
    }
}
