package gradus.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final long SECOND = 1_000_000_000L;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Terminal log = new Terminal(new PrintStream(printed, true, StandardCharsets.UTF_8), false);
    private long now;

    @Test
    void aLogGetsALineEveryHalfMinuteWithTheTimeLeft() {
        try (Progress progress = new Progress("conv", 2_000, false, log, () -> now)) {
            for (int step = 1; step <= 700; step++) {
                now = step * SECOND / 10;
                progress.step(() -> "cost 0.5");
            }
        }
        assertEquals("""
                  conv: 300 of 2,000 cost 0.5, about 2:50 left
                  conv: 600 of 2,000 cost 0.5, about 2:20 left
                """, printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n"));
    }

    @Test
    void aTrainingThatMayStopEarlierTakesAtMostSoLong() {
        try (Progress progress = new Progress("sgd", 100, true, log, () -> now)) {
            now = 30 * SECOND;
            progress.step(() -> "epoch 1");
        }
        assertEquals("  sgd: 1 of 100 epoch 1, at most 49:30 left" + System.lineSeparator(), printed.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aDownloadOfUnknownLengthSaysHowMuchHasCome() {
        try (Progress progress = Progress.bytes("mnist", log)) {
            progress.at("train", 2_048, -1);
        }
        try (Progress progress = new Progress("mnist", -1, false, log, () -> now)) {
            now = 31 * SECOND;
            progress.at("train-images", 2_048_000, -1);
            now = 62 * SECOND;
            progress.at("train-images", 4_096_000, 8_192_000);
        }
        assertEquals("""
                  mnist: 2,000 KiB train-images
                  mnist: 4,000 of 8,000 KiB train-images, about 1:02 left
                """, printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n"));
    }
}
