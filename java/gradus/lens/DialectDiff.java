package gradus.lens;

import gradus.backend.Backend;
import gradus.grad.Gradients;
import gradus.lab.Machine;
import gradus.lab.Measurement;
import gradus.lab.Results;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.optim.Parameter;
import gradus.optim.Rule;
import gradus.report.Axis;
import gradus.report.Figure;
import gradus.report.HtmlReport;
import gradus.report.LineChart;
import gradus.report.TableFigure;
import gradus.runner.Run;
import gradus.runner.Step;
import gradus.runner.Training;
import gradus.runner.Watcher;
import gradus.tensor.DType;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** The same gradients through two rules: where and when they part. The gradients are a run's, which is repeated for it, or a test function's along the first rule's path. */
public final class DialectDiff implements Watcher.Maker {
    private final String nameA;
    private final String nameB;
    private final Rule<?> a;
    private final Rule<?> b;
    private final SequencedMap<String, DialectPair> pairs = new LinkedHashMap<>();

    /** A comparison of two rules under their names. */
    public DialectDiff(String nameA, Rule<?> a, String nameB, Rule<?> b) {
        this.nameA = nameA;
        this.nameB = nameB;
        this.a = a;
        this.b = b;
    }

    /** What was compared so far, by training or function. */
    public SequencedMap<String, DialectPair> pairs() {
        return pairs;
    }

    /** Compares on a test function in float64. */
    public DialectPair compare(Backend backend, TestFunctions.Surface surface, int steps) {
        DialectPair pair = new DialectPair(backend, a, b, List.of("x"), List.of(surface.start(DType.FLOAT64)));
        for (int t = 0; t < steps; t++) {
            try (Tape tape = new Tape(backend)) {
                Value x = tape.variable(pair.weights(0));
                pair.step(List.of(Gradients.of(surface.at(x), List.of(x)).getFirst().tensor()));
            }
        }
        pairs.put(surface.name(), pair);
        return pair;
    }

    @Override
    public Watcher watch(Run run, Training training) {
        return new Watcher() {
            private DialectPair pair;

            @Override
            public boolean wants(long steps) {
                return true;
            }

            @Override
            public void before(Step step) {
                if (pair == null) {
                    List<Parameter> parameters = step.optimizer().parameters();
                    pair = new DialectPair(step.backend(), a, b, ProbeWatcher.names(training),
                            parameters.stream().map(p -> step.backend().download(p.tensor()).copy()).toList());
                    pairs.put(training.name(), pair);
                }
                pair.step(step.gradients());
            }

            @Override
            public void after(Step step) {
                // The rules have taken theirs before the optimizer.
            }

            @Override
            public void finish() {
                // The report is written for all trainings together.
            }
        };
    }

    /** Writes {@code report.html} with both differences over the steps, and the step at which each parameter parts. */
    public void write(Path folder, String source, String command) throws IOException {
        List<Figure> figures = new ArrayList<>();
        List<Measurement> values = new ArrayList<>();
        List<List<Object>> rows = new ArrayList<>();
        pairs.forEach((model, pair) -> {
            LineChart updates = LineChart.of("Updates, " + model, Axis.of("step"), Axis.log("‖Δa − Δb‖ / ‖Δa‖"))
                    .caption("How far the two updates of a step differ, for " + nameA + " as a and " + nameB + " as b, from the same gradients.");
            LineChart weights = LineChart.of("Weights, " + model, Axis.of("step"), Axis.log("‖a − b‖ / ‖a − start‖"))
                    .caption("How far that has carried the weights apart, as a share of the way from the start.");
            for (int i = 0; i < pair.names().size(); i++) {
                String name = pair.names().get(i);
                double[] steps = counting(pair.steps());
                updates = updates.line(name, steps, pair.updateDifference(i));
                weights = weights.line(name, steps, pair.weightDifference(i));
                int first = pair.firstDifference(i);
                rows.add(List.of(model + ", " + name, first < 0 ? "never" : first, largest(pair.updateDifference(i)), last(pair.weightDifference(i))));
                values.add(Measurement.measured("first step that differs, " + model + ", " + name, first));
            }
            figures.add(updates);
            figures.add(weights);
        });
        figures.addFirst(new TableFigure("Where they part", "Steps count from 0. The last column is after the last step.",
                List.of("parameter", "first step that differs", "largest difference of updates", "difference of weights"), rows));
        Results results = new Results("lens diff", 0, Map.of("a", a.toString(), "b", b.toString(), "gradients", source), Machine.describe(), null, values);
        new HtmlReport(nameA + " and " + nameB + " on the same gradients", "", command, results,
                List.of("Both rules start from the same weights and are given the same gradients, those of " + source + "; neither sees its own."), figures).write(folder);
    }

    private static double[] counting(int n) {
        double[] steps = new double[n];
        Arrays.setAll(steps, i -> i);
        return steps;
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).filter(Double::isFinite).max().orElse(Double.NaN);
    }

    private static double last(double[] values) {
        return values.length == 0 ? Double.NaN : values[values.length - 1];
    }
}
