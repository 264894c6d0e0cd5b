import java.util.Locale;
import java.util.Random;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ojalgo.matrix.decomposition.Eigenvalue;
import org.ojalgo.matrix.decomposition.SingularValue;
import org.ojalgo.matrix.store.R064Store;

/** Symmetric eigenvalues with vectors of 784 × 784 and thin singular vectors of 1000 × 784, by ojAlgo, EJML and Commons Math. Prints: peer, work, seconds; tabs between. */
public final class LinalgPeers {
    private interface Work {
        Object run();
    }

    public static void main(String[] args) {
        double[][] square = gaussian(784, 784, 1);
        double[][] symmetric = new double[784][784];
        for (int i = 0; i < 784; i++) {
            for (int j = 0; j < 784; j++) {
                symmetric[i][j] = square[i][j] + square[j][i];
            }
        }
        double[][] tall = gaussian(1000, 784, 2);
        String eigen = "symmetric eigen 784";
        String svd = "svd 1000 x 784, vectors";

        R064Store symmetricStore = R064Store.FACTORY.copy(org.ojalgo.structure.Access2D.wrap(symmetric));
        R064Store tallStore = R064Store.FACTORY.copy(org.ojalgo.structure.Access2D.wrap(tall));
        measure("ojAlgo", eigen, 5, () -> {
            Eigenvalue<Double> e = Eigenvalue.R064.make(784, true);
            return require(e.decompose(symmetricStore)) ? e.getV() : null;
        });
        measure("ojAlgo", svd, 5, () -> {
            SingularValue<Double> s = SingularValue.R064.make(tallStore);
            return require(s.decompose(tallStore)) ? s.getU() : null;
        });

        DMatrixRMaj symmetricMatrix = new DMatrixRMaj(symmetric);
        DMatrixRMaj tallMatrix = new DMatrixRMaj(tall);
        measure("EJML", eigen, 5, () -> {
            var e = DecompositionFactory_DDRM.eig(784, true, true);
            return require(e.decompose(symmetricMatrix.copy())) ? e.getEigenVector(0) : null;
        });
        measure("EJML", svd, 4, () -> {
            var s = DecompositionFactory_DDRM.svd(1000, 784, true, true, true);
            return require(s.decompose(tallMatrix.copy())) ? s.getU(null, false) : null;
        });

        Array2DRowRealMatrix symmetricRows = new Array2DRowRealMatrix(symmetric, false);
        Array2DRowRealMatrix tallRows = new Array2DRowRealMatrix(tall, false);
        measure("Commons Math", eigen, 3, () -> new EigenDecomposition(symmetricRows).getV());
        measure("Commons Math", svd, 2, () -> new SingularValueDecomposition(tallRows).getU());
    }

    private static boolean require(boolean done) {
        if (!done) {
            throw new IllegalStateException("the peer's decomposition failed");
        }
        return true;
    }

    private static double[][] gaussian(int rows, int columns, long seed) {
        Random random = new Random(seed);
        double[][] a = new double[rows][columns];
        for (double[] row : a) {
            for (int j = 0; j < columns; j++) {
                row[j] = random.nextGaussian();
            }
        }
        return a;
    }

    private static void measure(String peer, String work, int repeats, Work body) {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < repeats; i++) {
            long begin = System.nanoTime();
            Object result = body.run();
            best = Math.min(best, (System.nanoTime() - begin) * 1e-9);
            require(result != null);
        }
        System.out.printf(Locale.ROOT, "%s\t%s\t%.4f%n", peer, work, best);
    }
}
