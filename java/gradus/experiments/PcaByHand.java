package gradus.experiments;

import gradus.linalg.Matrix;
import gradus.linalg.Products;
import gradus.linalg.Svd;
import gradus.linalg.SymmetricEigen;
import gradus.backend.Workers;
import gradus.report.Axis;
import gradus.report.ScatterPlot;
import gradus.report.TableFigure;
import gradus.runner.Experiment;
import gradus.runner.Run;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Principal components of seventeen points, by the covariance's eigenvalues and by the data's singular values, which must agree: λ = s²/N. */
public final class PcaByHand implements Experiment {
    private static final double[][] POINTS = {
        {-3, -2}, {-2, -1}, {-1, 0}, {0, 1}, {1, 2}, {2, 3}, {-2, -2}, {-1, -1}, {0, 0}, {1, 1}, {2, 2}, {-2, -3}, {-1, -2}, {0, -1}, {1, 0}, {2, 1}, {3, 2}};
    /** The source prints eight decimals. */
    private static final double PRINTED = 0.5e-8;

    /** The experiment. */
    public PcaByHand() {
    }

    @Override
    public String name() {
        return "pca-by-hand";
    }

    @Override
    public String title() {
        return "Principal components of seventeen points in the plane, by eigenvalues and by singular values";
    }

    @Override
    public String source() {
        return "A tutorial with NumPy";
    }

    @Override
    public void run(Run run) {
        Matrix x = Matrix.ofRows(POINTS);
        int n = x.rows();
        for (int axis = 0; axis < 2; axis++) {
            double sum = 0;
            for (double v : x.columnAt(axis)) {
                sum += v;
            }
            run.value("mean of coordinate " + (axis + 1), sum / n, 0, 0);
        }

        Matrix covariance = Products.multiplyTransposedLeft(x, x, new Workers(1)).scaled(1.0 / n);
        SymmetricEigen eigen = SymmetricEigen.of(covariance);
        double[] lambda = eigen.values();
        double[] s = Svd.of(x).values();
        run.value("eigenvalue 1", lambda[0], 5.29411765, PRINTED);
        run.value("eigenvalue 2", lambda[1], 0.35294118, PRINTED);
        run.value("singular value 1", s[0], 9.48683298, PRINTED);
        run.value("singular value 2", s[1], 2.44948974, PRINTED);
        run.value("eigenvalue 1 less s²/N", lambda[0] - s[0] * s[0] / n, 0, 1e-14);
        run.value("eigenvalue 2 less s²/N", lambda[1] - s[1] * s[1] / n, 0, 1e-14);
        for (int i = 0; i < 2; i++) {
            run.say(String.format(Locale.ROOT, "axis %d: eigenvalue %.8f, singular value %.8f, s²/N %.8f", i + 1, lambda[i], s[i], s[i] * s[i] / n));
        }
        run.result("pca", new TreeMap<>(Map.of("axes", eigen.components().toTensor(), "eigenvalues", Matrix.column(lambda).toTensor(),
                "singular", Matrix.column(s).toTensor())));

        run.figure(picture(x, eigen.components(), lambda));
        run.figure(table(covariance, eigen.components(), lambda, s, n));
    }

    private static ScatterPlot picture(Matrix x, Matrix axes, double[] lambda) {
        ScatterPlot plot = ScatterPlot.of("The points and their principal axes", Axis.of("x"), Axis.of("y"), x.toTensor()).withEqualUnits()
                .caption("Each arrow is as long as the standard deviation along it, √λ.");
        for (int i = 0; i < 2; i++) {
            double length = Math.sqrt(lambda[i]);
            plot = plot.arrow(0, 0, length * axes.get(i, 0), length * axes.get(i, 1), String.format(Locale.ROOT, "axis %d, λ = %.3f", i + 1, lambda[i]));
        }
        return plot;
    }

    private static TableFigure table(Matrix covariance, Matrix axes, double[] lambda, double[] s, int n) {
        List<List<Object>> rows = List.of(
                List.of("axis 1", axes.get(0, 0), axes.get(0, 1), lambda[0], s[0], s[0] * s[0] / n),
                List.of("axis 2", axes.get(1, 0), axes.get(1, 1), lambda[1], s[1], s[1] * s[1] / n));
        return new TableFigure("Two ways to one result", String.format(Locale.ROOT, "The covariance (1/N)XᵀX is (%.4f, %.4f; %.4f, %.4f).",
                covariance.get(0, 0), covariance.get(0, 1), covariance.get(1, 0), covariance.get(1, 1)),
                List.of("", "x", "y", "eigenvalue λ", "singular value s", "s²/N"), rows);
    }
}
