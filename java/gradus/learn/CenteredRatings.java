package gradus.learn;

import gradus.backend.Workers;
import gradus.linalg.Matrix;
import gradus.numerics.Sums;

/**
 * Training ratings less their users' means, by user and by item.
 *
 * @param mean      mean of each user's ratings
 * @param userStart ratings of user u are {@code userStart[u] … userStart[u+1] − 1}
 * @param item      item of each rating
 * @param value     rating less mean
 * @param itemStart places of item v in {@code user} and {@code byItem}
 * @param user      user of each rating, by item
 * @param byItem    value of each rating, by item
 */
record CenteredRatings(double[] mean, int[] userStart, int[] item, double[] value, int[] itemStart, int[] user, double[] byItem) {
    static CenteredRatings of(Ratings ratings) {
        int n = ratings.size();
        int[] userStart = new int[ratings.users() + 1];
        int[] itemStart = new int[ratings.items() + 1];
        int[] item = new int[n];
        double[] value = new double[n];
        for (int i = 0; i < n; i++) {
            userStart[ratings.user(i) + 1]++;
            itemStart[ratings.item(i) + 1]++;
            item[i] = ratings.item(i);
            value[i] = ratings.value(i);
        }
        accumulate(userStart);
        accumulate(itemStart);
        double[] mean = new double[ratings.users()];
        double overall = Sums.sum(value, 0, 1, n) / n;
        for (int u = 0; u < mean.length; u++) {
            int count = userStart[u + 1] - userStart[u];
            mean[u] = count == 0 ? overall : Sums.sum(value, userStart[u], 1, count) / count;
            for (int i = userStart[u]; i < userStart[u + 1]; i++) {
                value[i] -= mean[u];
            }
        }
        int[] user = new int[n];
        double[] byItem = new double[n];
        int[] next = itemStart.clone();
        for (int i = 0; i < n; i++) {
            int place = next[item[i]]++;
            user[place] = ratings.user(i);
            byItem[place] = value[i];
        }
        return new CenteredRatings(mean, userStart, item, value, itemStart, user, byItem);
    }

    private static void accumulate(int[] counts) {
        for (int i = 1; i < counts.length; i++) {
            counts[i] += counts[i - 1];
        }
    }

    int users() {
        return mean.length;
    }

    int items() {
        return itemStart.length - 1;
    }

    /** Σ (value − q·p)². */
    double loss(Matrix q, Matrix p, Workers workers) {
        double[] rows = new double[users()];
        int k = q.columns();
        workers.forEach((users() + 63) / 64, piece -> {
            for (int u = piece * 64; u < Math.min(users(), piece * 64 + 64); u++) {
                double[] squares = new double[userStart[u + 1] - userStart[u]];
                for (int i = 0; i < squares.length; i++) {
                    double error = value[userStart[u] + i] - Factors.KERNELS.dot(q.data(), u * k, p.data(), item[userStart[u] + i] * k, k);
                    squares[i] = error * error;
                }
                rows[u] = Sums.sum(squares, 0, 1, squares.length);
            }
        });
        return Sums.sum(rows, 0, 1, rows.length);
    }
}
