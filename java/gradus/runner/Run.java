package gradus.runner;

import gradus.backend.Backend;
import gradus.data.Csv;
import gradus.data.DataStore;
import gradus.data.Dataset;
import gradus.data.DatasetSource;
import gradus.lab.Ledger;
import gradus.lab.LossLog;
import gradus.lab.Measurement;
import gradus.lab.ParameterHash;
import gradus.nn.Layer;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.optim.Optimizer;
import gradus.optim.Parameter;
import gradus.optim.Rule;
import gradus.report.Figure;
import gradus.tensor.DType;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;

/** What an experiment talks to while it runs: its seed, settings, data and backend, and the places for what it finds. */
public final class Run {
    /** Rows that go through a model at once in evaluation. */
    private static final int PREDICTED = 500;

    private final Experiment experiment;
    private final Options options;
    private final Path folder;
    private final Backend backend;
    private final Terminal terminal;
    private final SequencedMap<String, String> settings = new LinkedHashMap<>();
    private final List<Measurement> values = new ArrayList<>();
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final SequencedMap<String, Table> tables = new LinkedHashMap<>();
    private final SortedMap<String, Tensor> parameters = new TreeMap<>();
    private final Ledger ledger;
    private final LossLog losses;
    private final Beside beside = new Beside();
    private final SortedSet<String> forked = new TreeSet<>();

    Run(Experiment experiment, Options options, Path folder, Backend backend, Terminal terminal) throws IOException {
        this.experiment = experiment;
        this.options = options;
        this.folder = folder;
        this.backend = backend;
        this.terminal = terminal;
        for (Setting s : experiment.settings()) {
            settings.put(s.name(), options.set().getOrDefault(s.name(), options.quick() ? s.quick() : s.full()));
        }
        SequencedMap<String, Object> first = configuration();
        // An experiment that declares no settings asks for them when it runs, after this line is written.
        options.set().forEach(first::putIfAbsent);
        first.put("backend", backend.description());
        first.put("mode", backend.mode());
        if (options.fork() != null) {
            first.put("fork", options.fork().run() + " at step " + options.fork().at() + ", changed: " + options.fork().changes());
            first.put("changes", Recorded.text(options.fork().all()));
        }
        Path ledgerFile = folder.resolve("ledger.txt");
        Path lossFile = folder.resolve("losses.csv");
        Map<String, Integer> finished = new HashMap<>();
        LossLog.Epochs done = (model, epoch) -> epoch <= finished.computeIfAbsent(model, m -> Checkpoint.epochsDone(folder, m));
        this.ledger = options.resume() ? Ledger.resume(ledgerFile, first, done) : Ledger.begin(ledgerFile, first);
        this.losses = options.resume() ? LossLog.resume(lossFile, done) : LossLog.begin(lossFile);
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
            throw new UsageException("--set " + name + "=" + text(name) + ": wanted a whole number");
        }
    }

    /** A setting as a number. */
    public double number(String name) {
        try {
            return Double.parseDouble(text(name));
        } catch (NumberFormatException e) {
            throw new UsageException("--set " + name + "=" + text(name) + ": wanted a number");
        }
    }

    /** A setting of an experiment that declares none beforehand: {@code --set name=…}, or the value given here. */
    public int integer(String name, int value) {
        settings.putIfAbsent(name, options.set().getOrDefault(name, Integer.toString(value)));
        return integer(name);
    }

    /** A setting of an experiment that declares none beforehand: {@code --set name=…}, or the value given here. */
    public double number(String name, double value) {
        settings.putIfAbsent(name, options.set().getOrDefault(name, Double.toString(value)));
        return number(name);
    }

    /** What decides the result: the experiment, its seed and its settings. */
    public SequencedMap<String, Object> configuration() {
        SequencedMap<String, Object> all = new LinkedHashMap<>();
        all.put("experiment", experiment.name());
        all.put("seed", seed());
        all.put("quick", quick());
        all.putAll(settings);
        return all;
    }

    /** A training of one model, with this rule for all its parameters, under a name of its own. */
    public Training training(String name, Layer model, Rule<?> rule) {
        return new Training(this, name, model, new Optimizer(backend, rule, List.copyOf(model.parameters().values())));
    }

    /** A training of one model with a given optimizer over all its parameters in their order. */
    public Training training(String name, Layer model, Optimizer optimizer) {
        return new Training(this, name, model, optimizer);
    }

    /**
     * The mean of a loss over rows of data, computed in evaluation in batches of 500.
     *
     * @param loss of the model's output and the target; a mean over rows, as those of {@link gradus.op.Losses}
     */
    public double evaluate(Layer model, Tensor inputs, Tensor targets, BinaryOperator<Value> loss) {
        int rows = inputs.dim(0);
        if (rows == 0 || targets.dim(0) != rows) {
            throw new ShapeException("evaluate: inputs " + inputs.shape() + " and targets " + targets.shape() + "; wanted as many rows, and at least one");
        }
        double sum = 0;
        try (Tape tape = new Tape(backend)) {
            for (int from = 0; from < rows; from += PREDICTED) {
                int to = Math.min(rows, from + PREDICTED);
                Value y = model.forward(tape.constant(inputs.slice(0, from, to)));
                sum += loss.apply(y, tape.constant(targets.slice(0, from, to))).item() * (to - from);
                tape.clear();
            }
        }
        return sum / rows;
    }

    /** The model's output for rows of data, on the heap, computed in evaluation in batches of 500. */
    public Tensor predict(Layer model, Tensor rows) {
        Tensor result = null;
        for (int from = 0; from < rows.dim(0) || from == 0; from += PREDICTED) {
            int to = Math.min(rows.dim(0), from + PREDICTED);
            try (Tape tape = new Tape(backend)) {
                Value y = model.forward(tape.constant(rows.slice(0, from, to)));
                Tensor part = backend.download(y.tensor());
                if (result == null) {
                    result = Tensor.zeros(part.dtype(), part.shape().with(0, rows.dim(0)));
                }
                copyRows(part, result, from);
            }
        }
        return result;
    }

    private static void copyRows(Tensor part, Tensor whole, int from) {
        int place = part.dim(0) == 0 ? 0 : from * (part.size() / part.dim(0));
        if (part.dtype() == DType.FLOAT32) {
            System.arraycopy(part.floats(), part.offset(), whole.floats(), place, part.size());
        } else {
            System.arraycopy(part.doubles(), part.offset(), whole.doubles(), place, part.size());
        }
    }

    /** A data set: from {@code --data}, the jar, the cache, where packages install it, or downloaded. */
    public Dataset data(DatasetSource source) {
        try (Progress bar = Progress.bytes(source.name(), terminal)) {
            return DataStore.ofMachine(options.data()).load(source, bar::at);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A table that ships beside an experiment's class. */
    public Csv.Table resource(Class<?> owner, String name) {
        try (InputStream in = owner.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " beside " + owner + " is missing; build again");
            }
            return Csv.read(in.readAllBytes(), name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Shows how far long work is that is not a training. */
    public Progress progress(String label, long steps) {
        return Progress.of(label, steps, false, terminal);
    }

    /** Shows how far a training is. */
    Progress progressOfTraining(String label, long steps, boolean mayStopEarlier) {
        return Progress.of(label, steps, mayStopEarlier, terminal);
    }

    /** Tells the user something. */
    public void say(String line) {
        terminal.line(line);
    }

    /** A remark for the report, such as a choice that the source leaves open. */
    public void note(String text) {
        notes.add(text);
    }

    /** Notes a value for which the source publishes none. */
    public void value(String name, double measured) {
        values.add(Measurement.measured(name, measured));
    }

    /**
     * Notes a value beside the source's.
     *
     * @param tolerance largest distance at which the run agrees with the source
     */
    public void value(String name, double measured, double published, double tolerance) {
        values.add(new Measurement(name, measured, published, tolerance));
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
        state.forEach((name, tensor) -> parameters.put(model + "." + name, backend.download(tensor).copy()));
    }

    /**
     * Adds what work that is no training came to, such as an embedding: to the parameters, and as epoch 1 of that name to the ledger.
     */
    public void result(String name, SortedMap<String, Tensor> state) {
        parameters(name, state);
        try {
            ledger.add(name, 1, state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Notes a float64 cost of a method that is no {@link Training} in {@code losses.csv}. */
    public void cost(String model, int epoch, int batch, double cost) {
        cost(model, epoch, batch, cost, DType.FLOAT64);
    }

    void cost(String model, int epoch, int batch, double cost, DType dtype) {
        try {
            if (dtype == DType.FLOAT32) {
                losses.add(model, epoch, batch, (float) cost);
            } else {
                losses.add(model, epoch, batch, cost);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the epochs that a fork need not repeat into this run's ledger and losses. */
    void takeOver(String model, int epochs) {
        forked.add(model);
        try {
            LossLog.Epochs done = (name, epoch) -> name.equals(model) && epoch <= epochs;
            losses.takeOver(options.fork().run().resolve("losses.csv"), done);
            ledger.takeOver(options.fork().run().resolve("ledger.txt"), done);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void epochEnds(String model, int epoch, Layer layer) {
        SortedMap<String, Tensor> state = new TreeMap<>();
        layer.state().forEach((name, t) -> state.put(name, backend.download(t)));
        try {
            losses.flush();
            ledger.add(model, epoch, state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Work that writes files. */
    @FunctionalInterface
    public interface Work {
        /** Does it. */
        void run() throws IOException;
    }

    /** Leaves work that nothing else of the run waits for, such as the writing of a page, to a thread of its own; it is over before the run is. */
    public void beside(Work work) {
        beside.add(work);
    }

    /** Someone is about to wait for what was left to {@link #beside}: it begins now, if it did not yet. */
    public void hurryBeside() {
        beside.hurry();
    }

    /** Waits for what was left to {@link #beside}, and throws what it threw. */
    public void finishBeside() throws IOException {
        beside.finish();
    }

    void finish() throws IOException {
        ledger.finish();
        losses.finish();
    }

    void close() throws IOException {
        beside.close();
        ledger.close();
        losses.close();
    }

    /** A change of a training that there never was is no change. */
    void requireForked() {
        String wanted = options.fork() == null ? null : options.fork().model();
        if (wanted != null && !forked.contains(wanted)) {
            throw new UsageException("--model " + wanted + ": the run has no such training; it has " + String.join(", ", forked));
        }
    }

    /** The hash of all parameters that the run made, or null when it made none. */
    public String hash() {
        return parameters.isEmpty() ? null : ParameterHash.of(parameters);
    }

    List<Measurement> values() {
        return values;
    }

    List<Figure> figures() {
        return figures;
    }

    List<String> notes() {
        return notes;
    }

    SequencedMap<String, Table> tables() {
        return tables;
    }

    SortedMap<String, Tensor> parameters() {
        return parameters;
    }

    SequencedMap<String, String> settings() {
        return settings;
    }

    Terminal terminal() {
        return terminal;
    }

    /** The parameters of a model as leaves of a tape, in the order of its optimizer. */
    static List<Value> leaves(Tape tape, List<Parameter> parameters) {
        List<Value> leaves = new ArrayList<>(parameters.size());
        for (Parameter p : parameters) {
            leaves.add(tape.variable(p.tensor()));
        }
        return leaves;
    }
}
