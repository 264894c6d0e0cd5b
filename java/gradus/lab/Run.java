package gradus.lab;

import gradus.backend.Backend;
import gradus.nn.Layer;
import gradus.optim.Optimizer;
import gradus.report.Figure;
import gradus.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** What an experiment talks to while it runs: its seed, settings, data and backend, and the places for what it finds. */
public final class Run {
    private final Experiment experiment;
    private final Options options;
    private final Path folder;
    private final Backend backend;
    private final Terminal terminal;
    private final SequencedMap<String, String> settings = new LinkedHashMap<>();
    private final List<PublishedValue> values = new ArrayList<>();
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> ledger = new ArrayList<>();
    private final SequencedMap<String, Costs> costs = new LinkedHashMap<>();
    private final SequencedMap<String, Table> tables = new LinkedHashMap<>();
    private final SortedMap<String, Tensor> parameters = new TreeMap<>();

    Run(Experiment experiment, Options options, Path folder, Backend backend, Terminal terminal) {
        this.experiment = experiment;
        this.options = options;
        this.folder = folder;
        this.backend = backend;
        this.terminal = terminal;
        for (Setting s : experiment.settings()) {
            settings.put(s.name(), options.set().getOrDefault(s.name(), options.quick() ? s.quick() : s.full()));
        }
    }

    /** What is run. */
    public Experiment experiment() {
        return experiment;
    }

    /** How it was asked to run. */
    public Options options() {
        return options;
    }

    /** Where the results go. */
    public Path folder() {
        return folder;
    }

    /** Where it computes. */
    public Backend backend() {
        return backend;
    }

    /** The seed. */
    public long seed() {
        return options.seed() != null ? options.seed() : experiment.seed();
    }

    /** Whether this is a quick run. */
    public boolean quick() {
        return options.quick();
    }

    /** The settings in force. */
    public Map<String, String> settings() {
        return Collections.unmodifiableMap(settings);
    }

    /** A setting as text. */
    public String text(String name) {
        String value = settings.get(name);
        if (value == null) {
            throw new IllegalArgumentException("setting " + name + " is not declared by " + experiment.name() + "; it has " + settings.keySet());
        }
        return value;
    }

    /** A setting as a whole number. */
    public int integer(String name) {
        try {
            return Integer.parseInt(text(name));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--set " + name + "=" + text(name) + ": wanted a whole number", e);
        }
    }

    /** A setting as a number. */
    public double number(String name) {
        try {
            return Double.parseDouble(text(name));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--set " + name + "=" + text(name) + ": wanted a number", e);
        }
    }

    /** The whole configuration in one line: what decides the result first, then what must not. */
    public String configuration() {
        return "experiment=" + experiment.name() + " seed=" + seed() + " quick=" + quick() + " settings=" + settings;
    }

    /** A training of one model under a name of its own. */
    public Training training(String name, Layer model, Optimizer optimizer) {
        return new Training(this, name, model, optimizer);
    }

    /** A progress bar for long work that is not a training. */
    public Progress progress(String label, long steps) {
        return Progress.of(label, steps, terminal.interactive());
    }

    /** Tells the user something. */
    public void say(String line) {
        terminal.line(line);
    }

    /** Notes a value for which the source publishes none. */
    public void value(String name, double measured) {
        values.add(new PublishedValue(name, measured, null, null));
    }

    /**
     * Notes a value beside the source's.
     *
     * @param tolerance largest distance at which the run agrees with the source
     */
    public void value(String name, double measured, double published, double tolerance) {
        values.add(new PublishedValue(name, measured, published, tolerance));
    }

    /** Adds a figure to the report. */
    public void figure(Figure figure) {
        figures.add(figure);
    }

    /** Writes a table as {@code NAME.csv}. */
    public void table(String name, Table table) {
        tables.put(name, table);
    }

    /** Adds tensors to {@code parameters.safetensors} and to the hash, each name prefixed by {@code model} and a dot. */
    public void parameters(String model, SortedMap<String, Tensor> state) {
        state.forEach((name, tensor) -> parameters.put(model + "." + name, tensor.copy()));
    }

    void ledger(String model, int epoch, Layer layer) {
        ledgerLine(model + " " + epoch + " " + ParameterHash.of(layer.state()));
    }

    void ledgerLine(String line) {
        ledger.add(line);
    }

    String ledgerOf(String model) {
        return String.join("\n", ledger.stream().filter(line -> line.startsWith(model + " ")).toList());
    }

    void finished(String model, Layer layer, Costs trained) {
        parameters(model, layer.state());
        costs.put(model, trained);
    }

    /** The hash of all parameters that the run made, or of its values when there are none. */
    public String hash() {
        return ParameterHash.of(parameters);
    }

    List<PublishedValue> values() {
        return values;
    }

    List<Figure> figures() {
        return figures;
    }

    List<String> ledgerLines() {
        return ledger;
    }

    SequencedMap<String, Costs> costs() {
        return costs;
    }

    SequencedMap<String, Table> tables() {
        return tables;
    }

    SortedMap<String, Tensor> parameters() {
        return parameters;
    }
}
