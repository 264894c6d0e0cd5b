package gradus.runner;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import gradus.backend.Backend;
import gradus.backend.Backends;
import gradus.nn.Linear;
import gradus.numerics.RandomStream;
import gradus.numerics.TorchGenerator;
import gradus.op.Losses;
import gradus.optim.Adam;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a benchmark repeats stays a training: it does not go on into weights and moments below the smallest normal number. */
class TrainingStepTest {
    @Test
    void afterItsLifeTheNextStepIsTheFirstAgain() {
        Linear model = Linear.torch(6, 4, new TorchGenerator(1));
        Tensor x = Tensor.zeros(DType.FLOAT32, Shape.of(3, 6));
        new RandomStream(1, "x").uniform(x.floats(), 0, x.size(), 0, 1);
        Tensor t = Tensor.full(DType.FLOAT32, Shape.of(3, 4), 0.5);
        try (Backend backend = Backends.open("cpu", 1, line -> { });
                TrainingStep step = new TrainingStep(backend, model, Adam.torch(1e-3), x, t, (y, in, target) -> Losses.meanSquaredError(y, target))) {
            step.run();
            float[] first = weights(model);
            for (int i = 1; i < TrainingStep.LIFE; i++) {
                step.run();
            }
            assertFalse(Arrays.equals(first, weights(model)));
            step.run();
            assertArrayEquals(first, weights(model));
        }
    }

    private static float[] weights(Linear model) {
        Tensor weight = model.parameters().get("weight").tensor();
        return Arrays.copyOfRange(weight.floats(), weight.offset(), weight.offset() + weight.size());
    }
}
