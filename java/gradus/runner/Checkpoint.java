package gradus.runner;

import gradus.nn.Layer;
import gradus.optim.Optimizer;
import gradus.tensor.Safetensors;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** One model's training as a file, written after each epoch, so that {@code --resume} ends with the bits of a run that was never stopped. */
final class Checkpoint {
    private static final String MODEL = "model/";
    private static final String OPTIMIZER = "optimizer/";
    private static final String COSTS = "costs";

    private final Run run;
    private final Path file;
    private final Layer model;
    private final Optimizer optimizer;
    private final Costs costs;

    Checkpoint(Run run, String name, Layer model, Optimizer optimizer, Costs costs) {
        this.run = run;
        this.file = file(run.folder(), name);
        this.model = model;
        this.optimizer = optimizer;
        this.costs = costs;
    }

    private static Path file(Path folder, String model) {
        return folder.resolve("checkpoints").resolve(model + ".safetensors");
    }

    /** How many epochs of a model a run that resumes need not repeat. */
    static int epochsDone(Path folder, String model) {
        Path file = file(folder, model);
        if (!Files.exists(file)) {
            return 0;
        }
        try {
            return Integer.parseInt(Safetensors.read(file).metadata().get("epoch"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Brings everything back that was saved, if the run resumes; returns the last finished epoch, 0 without one. */
    int restore() {
        if (!run.options().resume() || !Files.exists(file)) {
            return 0;
        }
        try {
            Safetensors.Contents saved = Safetensors.read(file);
            String configuration = saved.metadata().get("configuration");
            if (!run.configuration().toString().equals(configuration)) {
                throw new UsageException("--resume: " + file + " was written by a run with another configuration:\n  then "
                        + configuration + "\n  now  " + run.configuration() + "\nRepeat its options, or leave out --resume to begin anew.");
            }
            model.restore(part(saved.tensors(), MODEL));
            optimizer.restore(part(saved.tensors(), OPTIMIZER));
            double[] rows = saved.tensors().get(COSTS).toDoubles();
            for (int i = 0; i < rows.length; i += 3) {
                costs.add((int) rows[i], (int) rows[i + 1], rows[i + 2]);
            }
            return Integer.parseInt(saved.metadata().get("epoch"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SortedMap<String, Tensor> part(SortedMap<String, Tensor> all, String prefix) {
        SortedMap<String, Tensor> part = new TreeMap<>();
        all.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), tensor);
            }
        });
        return part;
    }

    /** Saves the state after an epoch. */
    void save(int epoch) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        model.state().forEach((name, t) -> tensors.put(MODEL + name, run.backend().download(t)));
        optimizer.save().forEach((name, t) -> tensors.put(OPTIMIZER + name, run.backend().download(t)));
        List<Costs.Cost> all = costs.all();
        double[] rows = new double[3 * all.size()];
        for (int i = 0; i < all.size(); i++) {
            rows[3 * i] = all.get(i).epoch();
            rows[3 * i + 1] = all.get(i).batch();
            rows[3 * i + 2] = all.get(i).cost();
        }
        tensors.put(COSTS, Tensor.of(rows, all.size(), 3));
        SortedMap<String, String> about = new TreeMap<>();
        about.put("configuration", run.configuration().toString());
        about.put("epoch", Integer.toString(epoch));
        try {
            Files.createDirectories(file.getParent());
            Safetensors.write(file, tensors, about);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
