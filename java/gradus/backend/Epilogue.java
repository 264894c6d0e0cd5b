package gradus.backend;

import gradus.numerics.Function;

/**
 * What a layer applies to each finished element before it is stored, so that the values before it never exist in memory.
 *
 * <p>The derivative of each is a function of its result alone, so nothing else has to be remembered for the backward pass.
 *
 * @param kind  which function
 * @param slope of {@link Kind#LEAKY_RELU}, not negative; 0 for the others
 */
public record Epilogue(Kind kind, double slope) {
    /** The functions. */
    public enum Kind {
        /** y = x. */
        IDENTITY,
        /** y = max(x, 0). */
        RELU,
        /** y = x if x &gt; 0, else slope · x. */
        LEAKY_RELU,
        /** y = 1/(1 + e⁻ˣ). */
        SIGMOID,
        /** y = tanh x. */
        TANH
    }

    /** y = x. */
    public static final Epilogue IDENTITY = new Epilogue(Kind.IDENTITY, 0);
    /** y = max(x, 0). */
    public static final Epilogue RELU = new Epilogue(Kind.RELU, 0);
    /** y = 1/(1 + e⁻ˣ). */
    public static final Epilogue SIGMOID = new Epilogue(Kind.SIGMOID, 0);
    /** y = tanh x. */
    public static final Epilogue TANH = new Epilogue(Kind.TANH, 0);

    /** Checks the slope: below 0 the sign of the result would no longer tell the sign of the argument. */
    public Epilogue {
        if (!(slope >= 0) || slope > 0 && kind != Kind.LEAKY_RELU) {
            throw new IllegalArgumentException("epilogue: slope " + slope + " of " + kind + "; wanted a slope of at least 0 for leaky ReLU, 0 else");
        }
    }

    /** y = x if x &gt; 0, else slope · x. */
    public static Epilogue leakyRelu(double slope) {
        return new Epilogue(Kind.LEAKY_RELU, slope);
    }

    /** f(x) in binary32; the slope is rounded to binary32 first. */
    public float apply(float x) {
        return switch (kind) {
            case IDENTITY -> x;
            case RELU -> Function.RELU.apply(x);
            case LEAKY_RELU -> Zip.LEAKY_RELU.apply(x, (float) slope);
            case SIGMOID -> Function.SIGMOID.apply(x);
            case TANH -> Function.TANH.apply(x);
        };
    }

    /** f(x) in binary64. */
    public double apply(double x) {
        return switch (kind) {
            case IDENTITY -> x;
            case RELU -> Function.RELU.apply(x);
            case LEAKY_RELU -> Zip.LEAKY_RELU.apply(x, slope);
            case SIGMOID -> Function.SIGMOID.apply(x);
            case TANH -> Function.TANH.apply(x);
        };
    }

    /** The gradient through f in binary32: g · f′, where y = f(x). Leaky ReLU: g if y &gt; 0, else slope · g. */
    public float gradient(float g, float y) {
        return switch (kind) {
            case IDENTITY -> g;
            case RELU -> Zip.RELU_GRADIENT.apply(g, y);
            case LEAKY_RELU -> y > 0 ? g : (float) slope * g;
            case SIGMOID -> Zip.SIGMOID_GRADIENT.apply(g, y);
            case TANH -> Zip.TANH_GRADIENT.apply(g, y);
        };
    }

    /** The gradient through f in binary64. */
    public double gradient(double g, double y) {
        return switch (kind) {
            case IDENTITY -> g;
            case RELU -> Zip.RELU_GRADIENT.apply(g, y);
            case LEAKY_RELU -> y > 0 ? g : slope * g;
            case SIGMOID -> Zip.SIGMOID_GRADIENT.apply(g, y);
            case TANH -> Zip.TANH_GRADIENT.apply(g, y);
        };
    }
}
