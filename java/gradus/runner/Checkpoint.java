package gradus.runner;

import gradus.nn.Layer;
import gradus.optim.Optimizer;
import gradus.tensor.Safetensors;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** One model's training as a file, written after epochs, so that {@code --resume} ends with the bits of a run that was never stopped. */
final class Checkpoint {
    private static final String MODEL = "model/";
    private static final String OPTIMIZER = "optimizer/";
    /** Where epochs are short, not each is saved: saving takes at most this share of the time. */
    private static final double SHARE = 0.01;

    private final Run run;
    private final String name;
    private final Path file;
    private final Layer model;
    private final Optimizer optimizer;
    private final SequencedMap<String, Costs> series;
    private final Stopwatch watch;
    /** Set by whichever thread saved. */
    private volatile long nextSave = Long.MIN_VALUE;
    private boolean ended;

    Checkpoint(Run run, String name, Layer model, Optimizer optimizer, SequencedMap<String, Costs> series, Stopwatch watch) {
        this.run = run;
        this.name = name;
        this.file = file(run.folder(), name);
        this.model = model;
        this.optimizer = optimizer;
        this.series = series;
        this.watch = watch;
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

    /** The checkpoint of an epoch in a run that keeps all of them. */
    private static Path kept(Path folder, String model, int epoch) {
        return folder.resolve("checkpoints").resolve(model).resolve("epoch-" + epoch + ".safetensors");
    }

    /** Brings everything back that was saved, if the run resumes; returns the last finished epoch, 0 without one. */
    int restore() {
        return run.options().resume() && Files.exists(file) ? restore(file, "--resume") : 0;
    }

    /** Brings back the last kept epoch of an earlier run whose end is not beyond a step; returns it, 0 without one. */
    int restore(Fork fork, String name, int stepsAnEpoch) {
        for (long epoch = Math.min(Integer.MAX_VALUE, fork.at() / Math.max(1, stepsAnEpoch)); epoch > 0; epoch--) {
            Path earlier = kept(fork.run(), name, (int) epoch);
            if (Files.exists(earlier)) {
                return restore(earlier, "fork");
            }
        }
        return 0;
    }

    private int restore(Path from, String why) {
        try {
            Safetensors.Contents saved = Safetensors.read(from);
            String configuration = saved.metadata().get("configuration");
            if (!run.configuration().toString().equals(configuration)) {
                throw new UsageException(why + ": " + from + " was written by a run with another configuration:\n  then "
                        + configuration + "\n  now  " + run.configuration() + "\nRepeat its options, or begin anew.");
            }
            model.restore(run.backend(), part(saved.tensors(), MODEL));
            optimizer.restore(part(saved.tensors(), OPTIMIZER));
            series.forEach((what, costs) -> costs.restore(saved.tensors().get(what)));
            ended = saved.metadata().containsKey("ended");
            watch.continueFrom(Double.parseDouble(saved.metadata().getOrDefault("seconds", "0")));
            return Integer.parseInt(saved.metadata().get("epoch"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the training that was brought back had ended before all its epochs, by the word of whoever looks at it after each. */
    boolean ended() {
        return ended;
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

    /**
     * Saves the state after an epoch if it is the last one, if all are kept, or if enough time went by since it was last saved. What a watcher has is saved first, on its thread,
     * and the state after it on the same, so that the training goes on.
     */
    void after(int epoch, boolean last, boolean goOn, Watcher watcher) {
        if (!last && goOn && !run.options().keep() && System.nanoTime() < nextSave) {
            return;
        }
        Run.Work before = watcher == null ? null : watcher.saving();
        SortedMap<String, Tensor> tensors = tensors(before != null);
        SortedMap<String, String> about = about(epoch, goOn);
        Run.Work save = () -> {
            long begin = System.nanoTime();
            if (before != null) {
                before.run();
            }
            save(epoch, tensors, about);
            long end = System.nanoTime();
            nextSave = end + (long) ((end - begin) / SHARE);
        };
        nextSave = Long.MAX_VALUE;
        try {
            if (before == null) {
                save.run();
            } else {
                run.beside(save);
            }
            if (run.options().keep()) {
                run.finishBeside();   // or copies of the state would pile up
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SortedMap<String, Tensor> tensors(boolean copied) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        model.state().forEach((name, t) -> tensors.put(MODEL + name, run.backend().download(t)));
        optimizer.save().forEach((name, t) -> tensors.put(OPTIMIZER + name, run.backend().download(t)));
        if (copied) {
            tensors.replaceAll((name, t) -> t.copy());
        }
        series.forEach((what, costs) -> tensors.put(what, costs.table()));
        return tensors;
    }

    private SortedMap<String, String> about(int epoch, boolean goOn) {
        SortedMap<String, String> about = new TreeMap<>();
        about.put("configuration", run.configuration().toString());
        about.put("epoch", Integer.toString(epoch));
        if (!goOn) {
            about.put("ended", "true");
        }
        about.put("seconds", Double.toString(watch.seconds()));
        return about;
    }

    private void save(int epoch, SortedMap<String, Tensor> tensors, SortedMap<String, String> about) throws IOException {
        Files.createDirectories(file.getParent());
        Safetensors.write(file, tensors, about);
        if (run.options().keep()) {
            Path copy = kept(run.folder(), name, epoch);
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
