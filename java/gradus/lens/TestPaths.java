package gradus.lens;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import gradus.backend.Backend;
import gradus.grad.Gradients;
import gradus.lens.TestFunctions.Surface;
import gradus.linalg.Matrix;
import gradus.linalg.SymmetricEigen;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.optim.Momentum;
import gradus.optim.Nesterov;
import gradus.optim.Optimizer;
import gradus.optim.Parameter;
import gradus.optim.Rule;
import gradus.optim.Sgd;
import gradus.report.HtmlPage;
import gradus.tensor.AtomicFiles;
import gradus.tensor.DType;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Several rules on test functions of two variables, in float64: their paths over contours as one page, and on a quadratic the measured rate beside the closed form.
 *
 * <p>Rules that follow the gradient's size have η = 1/(4λ), λ being the largest magnitude of a Hessian eigenvalue at the start; those that divide it away have a
 * hundredth of the window's width.
 */
public final class TestPaths {
    private static final JsonFactory JSON = new JsonFactory();
    private static final MathContext DIGITS = new MathContext(5);
    private static final int GRID = 72;
    private static final int LEVELS = 12;
    private static final List<String> BY_SIZE = List.of("sgd", "momentum:torch", "nesterov:torch");
    private static final List<String> NORMALISED = List.of("rmsprop:torch", "adam:torch", "lion:keras");
    private static final int RATE_STEPS = 1000;

    private final Backend backend;

    /** Paths computed on a backend. */
    public TestPaths(Backend backend) {
        this.backend = backend;
    }

    /**
     * A rate of convergence.
     *
     * @param measured (‖x₁₀₀₀‖ / ‖x₅₀₀‖)^(1/500)
     * @param closed   from {@link QuadraticRate}
     */
    public record Rate(String rule, double measured, double closed) {
    }

    /** The points that a rule visits, [steps + 1][2]; it ends early where a number is no longer finite. */
    public double[][] path(Surface surface, Rule<?> rule, int steps) {
        Parameter w = new Parameter("x", surface.start(DType.FLOAT64));
        Optimizer optimizer = new Optimizer(backend, rule, List.of(w));
        List<double[]> points = new ArrayList<>(List.of(backend.download(w.tensor()).toDoubles()));
        for (int t = 0; t < steps; t++) {
            try (Tape tape = new Tape(backend)) {
                Value x = tape.variable(w.tensor());
                optimizer.step(List.of(Gradients.of(surface.at(x), List.of(x)).getFirst().tensor()));
            }
            double[] point = backend.download(w.tensor()).toDoubles();
            if (!Double.isFinite(point[0]) || !Double.isFinite(point[1])) {
                break;
            }
            points.add(point);
        }
        return points.toArray(double[][]::new);
    }

    /** Rules by name with the learning rates that suit a surface. */
    public SequencedMap<String, Rule<?>> rules(Surface surface) {
        double width = surface.upper().getFirst() - surface.lower().getFirst();
        double steepest = steepest(surface);
        SequencedMap<String, Rule<?>> rules = new LinkedHashMap<>();
        BY_SIZE.forEach(name -> rules.put(name, NamedRules.of(name).withLearningRate(1 / (4 * steepest))));
        NORMALISED.forEach(name -> rules.put(name, NamedRules.of(name).withLearningRate(width / 100)));
        return rules;
    }

    private double steepest(Surface surface) {
        double[] rows = new double[4];
        for (int i = 0; i < 2; i++) {
            try (Tape tape = new Tape(backend)) {
                Value x = tape.variable(surface.start(DType.FLOAT64));
                Value unit = tape.constant(Tensor.of(new double[] {1 - i, i}, 2));
                double[] column = backend.download(Gradients.hessianVector(surface.at(x), List.of(x), List.of(unit)).getFirst().tensor()).toDoubles();
                System.arraycopy(column, 0, rows, 2 * i, 2);
            }
        }
        double[] values = SymmetricEigen.of(Matrix.of(2, 2, rows)).values();
        return Math.max(Math.abs(values[0]), Math.abs(values[1]));
    }

    /** Plain descent, momentum and Nesterov's rule at their best settings on the quadratic with curvatures 1 and κ. */
    public List<Rate> rates(double kappa) {
        double heavy = QuadraticRate.bestMomentum(1, kappa);
        double root = Math.sqrt(3 * kappa + 1);
        Surface surface = TestFunctions.quadratic(1, kappa);
        return List.of(
                new Rate("sgd", rate(surface, new Sgd(2 / (1 + kappa))), QuadraticRate.bestDescent(1, kappa)),
                new Rate("momentum", rate(surface, Momentum.torch(4 / StrictMath.pow(1 + Math.sqrt(kappa), 2), heavy * heavy)), heavy),
                new Rate("nesterov", rate(surface, Nesterov.torch(4 / (3 * kappa + 1), (root - 2) / (root + 2))), QuadraticRate.bestNesterov(1, kappa)));
    }

    private double rate(Surface surface, Rule<?> rule) {
        double[][] path = path(surface, rule, RATE_STEPS);
        double[] middle = path[RATE_STEPS / 2];
        double[] end = path[RATE_STEPS];
        double fallen = StrictMath.hypot(end[0], end[1]) / StrictMath.hypot(middle[0], middle[1]);
        return StrictMath.exp(StrictMath.log(fallen) * 2 / RATE_STEPS);
    }

    /** Writes {@code paths.html} and returns where it is. */
    public Path write(Path folder, List<Surface> surfaces, int steps) throws IOException {
        StringBuilder out = new StringBuilder(1 << 20);
        HtmlPage.head(out, "Paths of optimizers over test functions", "/gradus/report/report.css", "/gradus/lens/lens.css");
        out.append("<body>\n<main id=\"lens\"></main>\n<noscript><p>The page needs JavaScript.</p></noscript>\n");
        HtmlPage.data(out, "paths", json(surfaces, steps));
        HtmlPage.script(out, HtmlPage.ECHARTS);
        HtmlPage.script(out, "/gradus/lens/paths.js");
        out.append("</body>\n</html>\n");
        Path page = folder.resolve("paths.html");
        AtomicFiles.write(page, out.toString());
        return page;
    }

    private String json(List<Surface> surfaces, int steps) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator g = JSON.createGenerator(text)) {
            g.writeStartObject();
            g.writeNumberField("steps", steps);
            g.writeArrayFieldStart("surfaces");
            for (Surface surface : surfaces) {
                surface(g, surface, steps);
            }
            g.writeEndArray();
            g.writeNumberField("kappa", 100);
            g.writeArrayFieldStart("rates");
            for (Rate rate : rates(100)) {
                g.writeStartObject();
                g.writeStringField("rule", rate.rule());
                g.writeNumberField("measured", rate.measured());
                g.writeNumberField("closed", rate.closed());
                g.writeEndObject();
            }
            g.writeEndArray();
            g.writeEndObject();
        }
        return text.toString();
    }

    private void surface(JsonGenerator g, Surface surface, int steps) throws IOException {
        g.writeStartObject();
        g.writeStringField("name", surface.name());
        numbers(g, "lower", surface.lower());
        numbers(g, "upper", surface.upper());
        g.writeArrayFieldStart("minima");
        for (List<Double> minimum : surface.minima()) {
            point(g, minimum.get(0), minimum.get(1));
        }
        g.writeEndArray();
        g.writeArrayFieldStart("contours");
        for (double[] s : new Contours(grid(surface)).segments(LEVELS)) {
            g.writeStartArray();
            for (int i = 0; i < 4; i += 2) {
                point(g, along(surface, 0, s[i]), along(surface, 1, s[i + 1]));
            }
            g.writeEndArray();
        }
        g.writeEndArray();
        g.writeArrayFieldStart("paths");
        for (Map.Entry<String, Rule<?>> rule : rules(surface).entrySet()) {
            path(g, surface, rule.getKey(), rule.getValue(), steps);
        }
        g.writeEndArray();
        g.writeEndObject();
    }

    private void path(JsonGenerator g, Surface surface, String name, Rule<?> rule, int steps) throws IOException {
        g.writeStartObject();
        g.writeStringField("rule", name);
        g.writeNumberField("eta", rounded(rule.learningRate()));
        double[][] path = path(surface, rule, steps);
        g.writeArrayFieldStart("points");
        for (double[] p : path) {
            point(g, p[0], p[1]);
        }
        g.writeEndArray();
        g.writeArrayFieldStart("values");
        try (Tape tape = new Tape(backend)) {
            for (double[] p : path) {
                double value = surface.at(tape.constant(Tensor.of(p, 2))).item();
                g.writeNumber(Double.isFinite(value) ? rounded(value) : null);
            }
        }
        g.writeEndArray();
        g.writeEndObject();
    }

    /** The surface at the grid's points, row by row. */
    private double[][] grid(Surface surface) {
        double[][] values = new double[GRID + 1][GRID + 1];
        for (int i = 0; i <= GRID; i++) {
            try (Tape tape = new Tape(backend)) {
                for (int j = 0; j <= GRID; j++) {
                    values[i][j] = surface.at(tape.constant(Tensor.of(new double[] {along(surface, 0, j), along(surface, 1, i)}, 2))).item();
                }
            }
        }
        return values;
    }

    private static double along(Surface surface, int axis, double place) {
        return surface.lower().get(axis) + (surface.upper().get(axis) - surface.lower().get(axis)) * place / GRID;
    }

    private static void numbers(JsonGenerator g, String name, List<Double> values) throws IOException {
        g.writeFieldName(name);
        point(g, values.get(0), values.get(1));
    }

    private static void point(JsonGenerator g, double x, double y) throws IOException {
        g.writeStartArray();
        g.writeNumber(rounded(x));
        g.writeNumber(rounded(y));
        g.writeEndArray();
    }

    private static BigDecimal rounded(double value) {
        return new BigDecimal(value).round(DIGITS);
    }
}
