package gradus.backend;

import gradus.numerics.Functions;
import gradus.numerics.Functions64;

/**
 * Functions of two elements. Every one is a composition of IEEE operations, each rounded in the type of the operands, in the order
 * written here; this is their definition for every backend.
 */
public enum Zip {
    /** a + b. */
    ADD,
    /** a − b. */
    SUBTRACT,
    /** b − a. */
    SUBTRACT_FROM,
    /** a · b. */
    MULTIPLY,
    /** a / b. */
    DIVIDE,
    /** b / a. */
    DIVIDE_INTO,
    /** The larger; NaN when either is NaN; +0 is larger than −0. */
    MAXIMUM,
    /** The smaller; NaN when either is NaN; −0 is smaller than +0. */
    MINIMUM,
    /** 1 if a &gt; b, else 0. */
    GREATER,
    /** 1 if a ≥ b, else 0. */
    GREATER_EQUAL,
    /** 1 if a = b, else 0. */
    EQUAL,
    /** a if a &gt; 0, else b · a: leaky ReLU with slope b. */
    LEAKY_RELU,
    /** a if b &gt; 0, else 0: the gradient a through ReLU with output b. */
    RELU_GRADIENT,
    /** a · (b · (1 − b)): the gradient a through a sigmoid with output b. */
    SIGMOID_GRADIENT,
    /** a · (1 − b · b), the square and the difference rounded apart: the gradient a through tanh with output b. */
    TANH_GRADIENT,
    /** a to the power of the integer b (a scalar operand). float32: correctly rounded. */
    INTEGER_POWER;

    /** The function in binary32. */
    public float apply(float a, float b) {
        return switch (this) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case SUBTRACT_FROM -> b - a;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case DIVIDE_INTO -> b / a;
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
            case GREATER -> a > b ? 1 : 0;
            case GREATER_EQUAL -> a >= b ? 1 : 0;
            case EQUAL -> a == b ? 1 : 0;
            case LEAKY_RELU -> a > 0 ? a : b * a;
            case RELU_GRADIENT -> b > 0 ? a : 0;
            case SIGMOID_GRADIENT -> a * (b * (1 - b));
            case TANH_GRADIENT -> a * (1 - b * b);
            case INTEGER_POWER -> Functions.pow(a, (int) b);
        };
    }

    /** The function in binary64. */
    public double apply(double a, double b) {
        return switch (this) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case SUBTRACT_FROM -> b - a;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case DIVIDE_INTO -> b / a;
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
            case GREATER -> a > b ? 1 : 0;
            case GREATER_EQUAL -> a >= b ? 1 : 0;
            case EQUAL -> a == b ? 1 : 0;
            case LEAKY_RELU -> a > 0 ? a : b * a;
            case RELU_GRADIENT -> b > 0 ? a : 0;
            case SIGMOID_GRADIENT -> a * (b * (1 - b));
            case TANH_GRADIENT -> a * (1 - b * b);
            case INTEGER_POWER -> Functions64.pow(a, (int) b);
        };
    }

    /** Name for messages: {@code integer power}. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
