package gradus.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.tensor.Safetensors;
import gradus.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReproductionTest {
    @TempDir
    private Path folder;

    @Test
    void theFirstDifferingElementIsNamedWithBothValues() {
        SortedMap<String, Tensor> a = new TreeMap<>(Map.of("bias", Tensor.of(new float[] {1, 2}, 2), "weight", Tensor.of(new float[] {1, 0f, 3}, 3)));
        SortedMap<String, Tensor> b = new TreeMap<>(Map.of("bias", Tensor.of(new float[] {1, 2}, 2), "weight", Tensor.of(new float[] {1, -0f, 4}, 3)));
        assertEquals("parameter weight [3], element 1: 0.0 (0x0.0p0) against -0.0 (-0x0.0p0)", Reproduction.element(a, b));
    }

    /** A stand-in for the command: "runs" that differ from the second step of epoch 2 on when started with an AVX flag. */
    @Test
    void aRunThatPartsIsFollowedToStepAndElement() throws Exception {
        Path same = write("same", 1f);
        Path other = write("other", Math.nextUp(1f));
        Path script = Files.writeString(folder.resolve("java"), """
                #!/bin/bash
                from=%s
                for a in "$@"; do
                    case "$a" in -XX:TieredStopAtLevel=1) from=%s ;; esac
                    [ "$last" = --out ] && out=$a
                    last=$a
                done
                cp "$from"/* "$out"/
                """.formatted(same, other));
        assertTrue(script.toFile().setExecutable(true));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(new PrintStream(said, true, StandardCharsets.UTF_8), false);
        boolean agree = new Reproduction(List.of(script.toString()), "model", List.of(), folder.resolve("out"), terminal).run(false, false);
        String text = said.toString(StandardCharsets.UTF_8);
        assertEquals(false, agree);
        assertTrue(text.contains("C1 compiler only part in model net, epoch 2, step 1:"), text);
        assertTrue(text.contains("parameter w [1], element 0: 1.0 (0x1.0p0) against 1.0000001 (0x1.000002p0)"), text);
    }

    @Test
    void onlyEarlierReproductionsAreRemoved() throws Exception {
        Path out = folder.resolve("home");
        Path kept = Files.writeString(Files.createDirectories(out.resolve("scalar")).resolve("letter.txt"), "mine");
        Path old = Files.createDirectories(out.resolve("cpu-1-thread/images")).getParent();
        Files.writeString(old.resolve("log.txt"), "");
        new Reproduction(List.of("java"), "model", List.of(), out, new Terminal(new PrintStream(new ByteArrayOutputStream()), false)).clean();
        assertTrue(Files.exists(kept));
        assertTrue(Files.notExists(old));
    }

    private Path write(String name, float w) throws Exception {
        Path run = Files.createDirectories(folder.resolve(name));
        Files.writeString(run.resolve("ledger.txt"), "{}\nnet 1 sha256:" + "1".repeat(64) + "\nnet 2 sha256:" + Integer.toHexString(Float.floatToIntBits(w)).repeat(8) + "\n");
        Files.writeString(run.resolve("trace.txt"), "0 w sha256:1\n1 w sha256:" + w + "\n");
        Safetensors.write(run.resolve("trace.safetensors"), new TreeMap<>(Map.of("w", Tensor.of(new float[] {w}, 1))), new TreeMap<>());
        return run;
    }
}
