package gradus.lens;

import gradus.data.Batches;
import gradus.nn.ActivationLayer;
import gradus.nn.Dropout;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.numerics.RandomStream;
import gradus.numerics.TorchGenerator;
import gradus.op.Losses;
import gradus.op.Value;
import gradus.optim.Rule;
import gradus.runner.Experiment;
import gradus.runner.Options;
import gradus.runner.Run;
import gradus.runner.Runner;
import gradus.runner.Terminal;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.io.OutputStream;
import java.io.PrintStream;

/** A small regression with dropout, five steps an epoch, under any rule; {@code --set more=N} adds epochs. */
record SmallRun(Rule<?> rule, int epochs) implements Experiment {
    static final Terminal SILENT = new Terminal(new PrintStream(OutputStream.nullOutputStream()), false);

    @Override
    public String name() {
        return "small";
    }

    @Override
    public String title() {
        return "a small regression";
    }

    @Override
    public String source() {
        return "this test";
    }

    @Override
    public long seed() {
        return 7;
    }

    @Override
    public void run(Run run) {
        Tensor x = Tensor.zeros(DType.FLOAT32, Shape.of(37, 5));
        new RandomStream(run.seed(), "data").normal(x.floats(), 0, x.size(), 0, 1);
        Sequential model = Sequential.of(Linear.torch(5, 6, new TorchGenerator(1)), ActivationLayer.TANH, new Dropout(0.2), Linear.torch(6, 5, new TorchGenerator(2)));
        run.training("model", model, rule).run(epochs + run.integer("more", 0), epoch -> Batches.shuffled(37, 8, new RandomStream(run.seed(), "order " + epoch)),
                (tape, batch, pass) -> {
                    Value v = tape.constant(batch.of(x));
                    return Losses.meanSquaredError(model.forward(v, pass), v);
                });
    }

    Run under(Options options) {
        return Runner.run(this, options, SILENT);
    }
}
