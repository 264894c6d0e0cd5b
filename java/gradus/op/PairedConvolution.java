package gradus.op;

import gradus.backend.Backend;
import gradus.backend.ConvShape;
import gradus.backend.Convolutions;
import gradus.backend.Epilogue;
import gradus.backend.PairedConvolutions;
import gradus.backend.PairedImages;
import gradus.backend.PoolShape;
import gradus.backend.ResizeShape;
import gradus.backend.Window;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/**
 * A convolution and the operation on two by two pixels beside it, as one: the images between them, the largest of the three, are not stored, neither forward nor backward.
 * Bits are those of the two operations. {@link Tape#apply} applies these instead where the backend has no {@link PairedConvolutions} for the images, and the pass that
 * is to be differentiated again takes them apart ({@link Tape#takeApart}): its sums of cotangents run over the images between.
 *
 * <p>The place before the result on the tape is kept for the images between.
 */
public sealed interface PairedConvolution extends Op {
    /** What is applied to each element of the convolution. */
    Epilogue phi();

    /** The operation that makes the images between. */
    Op first();

    /** The operation that makes the result of them. */
    Op second(Value between);

    /** Whether the backend can do both in one. */
    boolean serves(Backend backend);

    /**
     * The largest of each two by two pixels of a convolution whose φ is nothing or ReLU: through these the gradient of a pixel that was not the largest is +0, also beside NaN.
     */
    final class ConvMaxPool implements PairedConvolution {
        private final Convolution.Conv2d conv;
        private final PoolShape windows;
        /** On the tape, in the place before the result. */
        private Value winners;

        /** The largest of what the convolution gives. */
        public ConvMaxPool(Convolution.Conv2d conv) {
            if (!passes(conv.phi())) {
                throw new IllegalArgumentException("conv2d and max pooling in one: activation " + conv.phi().kind() + "; wanted none or ReLU");
            }
            this.conv = conv;
            windows = PoolShape.of(conv.shape().output(), Window.of(2).stride(2), false, false);
        }

        /** Whether an activation may lie between the convolution and the pooling. */
        static boolean passes(Epilogue phi) {
            return phi.kind() == Epilogue.Kind.IDENTITY || phi.kind() == Epilogue.Kind.RELU;
        }

        @Override
        public Epilogue phi() {
            return conv.phi();
        }

        @Override
        public Op first() {
            return conv;
        }

        @Override
        public Op second(Value between) {
            return new Pooling.MaxPool(between, windows);
        }

        @Override
        public boolean serves(Backend backend) {
            ConvShape shape = conv.shape();
            PairedConvolutions paired = backend.convolutions().paired();
            return paired != null && paired.serves(shape.samples(), shape.outHeight(), shape.outWidth());
        }

        @Override
        public List<Value> inputs() {
            return conv.inputs();
        }

        @Override
        public Tensor forward(Backend backend) {
            Tensor bias = conv.bias() == null ? null : conv.bias().tensor();
            PairedConvolutions.Pooled pooled = backend.convolutions().paired().forwardPooled(conv.shape(), conv.x().tensor(), conv.weight().tensor(), bias, conv.phi());
            winners = conv.x().tape().own(pooled.winners());
            return pooled.y();
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            PairedConvolutions paired = y.tape().backend().convolutions().paired();
            PairedImages.Unpooled gz = new PairedImages.Unpooled(Activation.beforePhi(conv.phi(), y, g).tensor(), winners.tensor());
            Tensor weight = conv.weight().tensor();
            return rules(() -> Activation.through(conv.x(), (backend, target) -> paired.inputGradient(conv.shape(), gz, weight, target),
                    () -> y.tape().own(paired.inputGradient(conv.shape(), gz, weight, null))),
                    y.tape(), conv.bias(), () -> paired.parameterGradients(conv.shape(), gz, new PairedImages.Plain(conv.x().tensor())));
        }
    }

    /** φ(X ∗ weight + bias), X the images x at twice their extents, each pixel as two by two; bias may be null. */
    record DoubledConv(Value x, Value weight, Value bias, ConvShape shape, Epilogue phi) implements PairedConvolution {
        @Override
        public Op first() {
            return new Resample.Resize(x, ResizeShape.doubled(x.shape()));
        }

        @Override
        public Op second(Value between) {
            return new Convolution.Conv2d(between, weight, bias, shape, phi);
        }

        @Override
        public boolean serves(Backend backend) {
            PairedConvolutions paired = backend.convolutions().paired();
            return paired != null && paired.serves(shape.samples(), shape.height(), shape.width());
        }

        @Override
        public List<Value> inputs() {
            return bias == null ? List.of(x, weight) : List.of(x, weight, bias);
        }

        @Override
        public Tensor forward(Backend backend) {
            x.tape().own(backend.allocate(x.dtype(), Shape.SCALAR));
            PairedImages images = new PairedImages.Doubled(x.tensor());
            return backend.convolutions().paired().forward(shape, images, weight.tensor(), bias == null ? null : bias.tensor(), phi);
        }

        @Override
        public List<Supplier<Value>> vjp(Value y, Value g) {
            PairedConvolutions paired = y.tape().backend().convolutions().paired();
            Value gz = Activation.beforePhi(phi, y, g);
            return rules(() -> Activation.through(x, (backend, target) -> paired.inputGradientHalved(shape, gz.tensor(), weight.tensor(), target),
                    () -> y.tape().own(paired.inputGradientHalved(shape, gz.tensor(), weight.tensor(), null))),
                    y.tape(), bias, () -> paired.parameterGradients(shape, new PairedImages.Plain(gz.tensor()), new PairedImages.Doubled(x.tensor())));
        }
    }

    /** The gradients of weight and bias, worked out together when the first is asked for. */
    private static List<Supplier<Value>> rules(Supplier<Value> toInput, Tape tape, Value bias, Supplier<Convolutions.Parameters> parameters) {
        Value[] both = new Value[2];
        Supplier<Value[]> found = () -> {
            if (both[0] == null) {
                Convolutions.Parameters computed = parameters.get();
                both[0] = tape.own(computed.weight());
                both[1] = tape.own(computed.bias());
            }
            return both;
        };
        Supplier<Value> toWeight = () -> found.get()[0];
        return bias == null ? List.of(toInput, toWeight) : List.of(toInput, toWeight, () -> found.get()[1]);
    }
}
