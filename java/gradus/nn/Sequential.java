package gradus.nn;

import gradus.backend.Epilogue;
import gradus.op.Value;
import gradus.optim.Parameter;
import gradus.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Layers one after the other, named by their place: {@code 0.weight}, {@code 2.bias}.
 *
 * <p>A {@link Linear} followed by ReLU, sigmoid or tanh runs as one product with the nonlinearity applied to each finished chain, and so does a layer
 * that {@linkplain FusesEpilogue fuses} them or leaky ReLU: the same bits with one pass over memory less. A {@link Conv2d} before max pooling, or behind an
 * {@link Upsample} that doubles, runs as one operation with it ({@link gradus.op.PairedConvolution}).
 */
public record Sequential(List<Layer> layers) implements Layer {
    /** Copies the list. */
    public Sequential {
        layers = List.copyOf(layers);
    }

    /** The layers in their order. */
    public static Sequential of(Layer... layers) {
        return new Sequential(List.of(layers));
    }

    /** The layers from ≤ i &lt; to as a chain of its own, whose names begin at 0 again. */
    public Sequential part(int from, int to) {
        if (from < 0 || to < from || to > layers.size()) {
            throw new IllegalArgumentException("sequential: layers " + from + ".." + to + " of " + layers.size());
        }
        return new Sequential(layers.subList(from, to));
    }

    @Override
    public Value forward(Value x, Pass pass) {
        Value y = x;
        for (int i = 0; i < layers.size();) {
            Layer layer = layers.get(i);
            Layer next = layer(i + 1);
            boolean doubles = layer instanceof Upsample up && up.doubles() && next instanceof Conv2d;
            Epilogue epilogue = epilogue(layer(doubles ? i + 2 : i + 1));
            Epilogue phi = epilogue == null ? Epilogue.IDENTITY : epilogue;
            int end = i + (doubles ? 2 : 1) + (epilogue == null ? 0 : 1);
            if (doubles) {
                y = ((Conv2d) next).doubled(y, phi);
            } else if (layer instanceof Conv2d conv && layer(end) instanceof MaxPool2d pool) {
                y = conv.maxPooled(y, phi, pool, pass);
                end++;
            } else if (layer instanceof FusesEpilogue fuses) {
                y = fuses.forward(y, pass, phi);
            } else if (layer instanceof Linear linear && next instanceof ActivationLayer f && f.fused() != null) {
                y = linear.forward(y, f.fused());
                end = i + 2;
            } else {
                y = layer.forward(y, pass);
                end = i + 1;
            }
            i = end;
        }
        return y;
    }

    private Layer layer(int i) {
        return i < layers.size() ? layers.get(i) : null;
    }

    /** A layer as the last step of the one before it, or null. */
    private static Epilogue epilogue(Layer layer) {
        return switch (layer) {
            case LeakyRelu(double slope) when slope >= 0 -> Epilogue.leakyRelu(slope);
            case ActivationLayer f -> switch (f) {
                case RELU -> Epilogue.RELU;
                case SIGMOID -> Epilogue.SIGMOID;
                case TANH -> Epilogue.TANH;
                case SOFTPLUS, SOFTMAX, LOG_SOFTMAX -> null;
            };
            case null, default -> null;
        };
    }

    @Override
    public SequencedMap<String, Parameter> parameters() {
        SequencedMap<String, Parameter> all = new LinkedHashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            String prefix = i + ".";
            layers.get(i).parameters().forEach((name, p) -> all.put(prefix + name, p));
        }
        return all;
    }

    @Override
    public SequencedMap<String, Tensor> buffers() {
        SequencedMap<String, Tensor> all = new LinkedHashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            String prefix = i + ".";
            layers.get(i).buffers().forEach((name, t) -> all.put(prefix + name, t));
        }
        return all;
    }
}
