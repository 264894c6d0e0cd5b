import module gradus;

/** Sixteen numbers for each picture of a garment: a small autoencoder, and how well it sees. */
void main() {
    Lab.run("my-autoencoder", run -> {
        Dataset data = run.data(FashionMnist.TEST).first(2_000);
        Tensor images = data.images().scaledTo(0, 1).flattened();

        var random = new TorchGenerator(run.seed());
        var model = Sequential.of(
                Linear.torch(784, 16, random), ActivationLayer.TANH,
                Linear.torch(16, 784, random), ActivationLayer.SIGMOID);

        run.training("autoencoder", model, Adam.torch(run.number("learningRate", 0.005)))
                .run(run.integer("epochs", 5),
                        epoch -> Batches.shuffled(data.size(), 50, new RandomStream(run.seed(), "epoch " + epoch)),
                        (tape, batch, pass) -> {
                            Value x = tape.constant(batch.of(images));
                            return Losses.meanSquaredError(model.forward(x, pass), x);
                        });

        Tensor shown = data.rows(data.firstOfEachClass()).images().scaledTo(0, 1).flattened();
        run.figure(ImageGrid.of("Before and after").columns(data.classes())
                .row("original", Picture.all(shown, 28, 28), Shades.grey(0, 1))
                .row("reconstruction", Picture.all(run.predict(model, shown), 28, 28), Shades.grey(0, 1)));
    });
}
