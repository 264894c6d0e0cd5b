package gradus.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.learn.Classification.Averaging;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Against scikit-learn 1.9.1: classification.py. */
class ClassificationTest {
    private static int[] integers(String text) {
        return Arrays.stream(text.trim().split(" ")).mapToInt(Integer::parseInt).toArray();
    }

    @TestFactory
    Stream<DynamicTest> valuesAreScikitLearns() throws IOException {
        return Files.readAllLines(Path.of("tests/gradus/learn/classification.txt")).stream().map(line -> {
            String[] parts = line.split("\\|");
            int classes = Integer.parseInt(parts[0].trim());
            Classification c = Classification.of(integers(parts[1]), integers(parts[2]), classes);
            return DynamicTest.dynamicTest(classes + " classes, accuracy " + c.accuracy(), () -> {
                assertArrayEquals(integers(parts[3]), Arrays.stream(c.confusion()).flatMapToInt(row -> Arrays.stream(row).mapToInt(n -> (int) n)).toArray());
                double[] wanted = Arrays.stream(parts[4].trim().split(" ")).mapToDouble(Double::parseDouble).toArray();
                assertArrayEquals(wanted, values(c), 4e-16);
            });
        });
    }

    private static double[] values(Classification c) {
        List<Double> values = new ArrayList<>(List.of(c.accuracy()));
        for (Averaging a : List.of(Averaging.MACRO, Averaging.MICRO, Averaging.WEIGHTED)) {
            values.addAll(List.of(c.precision(a), c.recall(a), c.f1(a)));
        }
        IntStream.range(0, c.classes()).forEach(k -> values.add(c.precision(k)));
        IntStream.range(0, c.classes()).forEach(k -> values.add(c.recall(k)));
        IntStream.range(0, c.classes()).forEach(k -> values.add(c.f1(k)));
        return values.stream().mapToDouble(v -> v).toArray();
    }

    @Test
    void theLargestScoreDecidesAndTheFirstOfEquals() {
        Tensor scores = Tensor.of(new float[] {0.1f, 0.7f, 0.2f, 3, 3, -1, -5, -4, -4}, 3, 3);
        assertArrayEquals(new int[] {1, 0, 1}, Classification.decide(scores));
        assertThrows(ArithmeticException.class, () -> Classification.decide(Tensor.of(new float[] {0, Float.NaN}, 1, 2)));
        assertEquals("classification: scores have shape [2], wanted [samples, classes]",
                assertThrows(ShapeException.class, () -> Classification.decide(Tensor.of(new float[2], 2))).getMessage());
    }

    @Test
    void wrongInputIsRefused() {
        assertEquals("classification: 2 true classes but 1 predicted ones",
                assertThrows(IllegalArgumentException.class, () -> Classification.of(new int[2], new int[1], 3)).getMessage());
        assertEquals("classification: sample 1 has the classes 3 and 0, wanted 0 to 2",
                assertThrows(IllegalArgumentException.class, () -> Classification.of(new int[] {0, 3}, new int[2], 3)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Classification(new long[][] {{1, 2}, {3}}));
        assertThrows(IllegalArgumentException.class, () -> new Classification(new long[][] {{-1}}));
    }

    @Test
    void withoutSamplesEverythingIsZero() {
        Classification nothing = Classification.of(new int[0], new int[0], 3);
        for (double v : values(nothing)) {
            assertEquals(0, v);
        }
    }
}
