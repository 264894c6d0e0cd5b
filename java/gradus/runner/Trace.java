package gradus.runner;

import gradus.backend.Backend;
import gradus.lab.ParameterHash;
import gradus.nn.Layer;
import gradus.tensor.Safetensors;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A closer look at one epoch of one model, for finding where two runs part: the hash of every parameter after every step in {@code trace.txt},
 * and, when a step is named, all parameters after it in {@code trace.safetensors}.
 *
 * @param step batch from 0, or −1 for the hashes of all steps
 */
record Trace(String model, int epoch, int step) {
    /** Reads {@code MODEL:EPOCH} or {@code MODEL:EPOCH:STEP}; null stays null. */
    static Trace parse(String text) {
        if (text == null) {
            return null;
        }
        String[] parts = text.split(":");
        try {
            if (parts.length == 2 || parts.length == 3) {
                return new Trace(parts[0], Integer.parseInt(parts[1]), parts.length == 3 ? Integer.parseInt(parts[2]) : -1);
            }
        } catch (NumberFormatException e) {
            // falls through to the message below
        }
        throw new UsageException("--trace " + text + ": wanted MODEL:EPOCH or MODEL:EPOCH:STEP");
    }

    static Path hashes(Path folder) {
        return folder.resolve("trace.txt");
    }

    static Path values(Path folder) {
        return folder.resolve("trace.safetensors");
    }

    void after(Path folder, Backend backend, String name, int atEpoch, int batch, Layer layer) {
        if (!model.equals(name) || epoch != atEpoch || step >= 0 && step != batch) {
            return;
        }
        SortedMap<String, Tensor> state = new TreeMap<>();
        layer.state().forEach((parameter, tensor) -> state.put(parameter, backend.download(tensor)));
        try {
            if (step >= 0) {
                Safetensors.write(values(folder), state, new TreeMap<>());
                return;
            }
            StringBuilder lines = new StringBuilder();
            state.forEach((parameter, tensor) -> lines.append(batch).append(' ').append(parameter).append(' ')
                    .append(ParameterHash.of(new TreeMap<>(java.util.Map.of(parameter, tensor)))).append('\n'));
            Files.writeString(hashes(folder), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
