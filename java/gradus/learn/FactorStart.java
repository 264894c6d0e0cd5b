package gradus.learn;

import gradus.backend.Workers;
import gradus.linalg.Matrix;
import gradus.linalg.SymmetricEigen;
import gradus.numerics.RandomStream;

/** Where a {@link Factorization} begins. */
public enum FactorStart {
    /** Normal entries with variance 1/k from the streams {@code ratings/q} and {@code ratings/p} of the seed. */
    RANDOM {
        @Override
        Pair of(CenteredRatings data, int k, long seed, Workers workers) {
            return new Pair(normal(data.users(), k, seed, "ratings/q"), normal(data.items(), k, seed, "ratings/p"));
        }
    },

    /** Q = U√Σ and P = V√Σ for the k largest singular values of the matrix of centred ratings, in which a missing rating is 0; zeros where it has fewer. */
    SVD {
        @Override
        Pair of(CenteredRatings data, int k, long seed, Workers workers) {
            Sparse r = new Sparse(data.users(), data.items(), data.userStart(), data.item(), data.value());
            Sparse t = new Sparse(data.items(), data.users(), data.itemStart(), data.user(), data.byItem());
            if (data.items() <= data.users()) {
                return truncated(r, t, k, workers);
            }
            Pair mirrored = truncated(t, r, k, workers);
            return new Pair(mirrored.p, mirrored.q);
        }
    };

    /** Below this share of the largest singular value a direction is rounding: the eigenvalues are its squares. */
    private static final double NOTHING = 0x1p-24;

    /** Rows of factors of the users and of the items. */
    record Pair(Matrix q, Matrix p) {
    }

    /** A sparse matrix by rows. */
    private record Sparse(int rows, int columns, int[] start, int[] column, double[] value) {
    }

    abstract Pair of(CenteredRatings data, int k, long seed, Workers workers);

    private static Matrix normal(int rows, int k, long seed, String name) {
        double[] x = new double[rows * k];
        new RandomStream(seed, name).normal(x, 0, x.length, 0, Math.sqrt(1.0 / k));
        return Matrix.of(rows, k, x);
    }

    /** U√Σ and V√Σ of R by the eigenvectors of RᵀR; t is Rᵀ, with no more rows than columns. */
    private static Pair truncated(Sparse r, Sparse t, int k, Workers workers) {
        SymmetricEigen eigen = SymmetricEigen.of(gram(r, t, workers), workers);
        double[] values = eigen.values();
        double[] left = new double[r.rows * k];
        double[] right = new double[r.columns * k];
        int rank = 0;
        while (rank < Math.min(k, values.length) && values[rank] > NOTHING * NOTHING * values[0]) {
            rank++;
        }
        Matrix v = eigen.components().firstRows(rank).transpose();
        for (int i = 0; i < r.columns; i++) {
            for (int f = 0; f < rank; f++) {
                right[i * k + f] = v.data()[i * rank + f] * Math.sqrt(Math.sqrt(values[f]));
            }
        }
        // U√Σ = R·V / √Σ, one row a thread.
        int used = rank;
        workers.forEach(r.rows, i -> {
            for (int e = r.start[i]; e < r.start[i + 1]; e++) {
                Factors.KERNELS.axpy(r.value[e], v.data(), r.column[e] * used, left, i * k, used);
            }
            for (int f = 0; f < used; f++) {
                left[i * k + f] /= Math.sqrt(Math.sqrt(values[f]));
            }
        });
        return new Pair(Matrix.of(r.rows, k, left), Matrix.of(r.columns, k, right));
    }

    /** RᵀR: row j gathers, over the rows of R that have an entry in column j, ascending, that row times the entry. */
    private static Matrix gram(Sparse r, Sparse t, Workers workers) {
        double[] g = new double[r.columns * r.columns];
        workers.forEach(r.columns, j -> {
            for (int e = t.start[j]; e < t.start[j + 1]; e++) {
                int row = t.column[e];
                for (int other = r.start[row]; other < r.start[row + 1]; other++) {
                    int at = j * r.columns + r.column[other];
                    g[at] = Math.fma(t.value[e], r.value[other], g[at]);
                }
            }
        });
        return Matrix.of(r.columns, r.columns, g);
    }
}
