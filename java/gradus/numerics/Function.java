package gradus.numerics;

/**
 * The functions of one argument that the engine applies element by element.
 *
 * <p>In float32 every one is correctly rounded, the exact ones trivially so. In float64 the elementary ones follow {@link StrictMath} and
 * {@link Functions64}.
 */
public enum Function {
    /** eˣ. */
    EXP,
    /** eˣ − 1. */
    EXPM1,
    /** Natural logarithm. */
    LOG,
    /** log(1 + x). */
    LOG1P,
    /** Hyperbolic tangent. */
    TANH,
    /** 1/(1 + e⁻ˣ). */
    SIGMOID,
    /** log(1 + eˣ). */
    SOFTPLUS,
    /** Sine, radians. */
    SIN,
    /** Cosine, radians. */
    COS,
    /** Error function. */
    ERF,
    /** 1/√x. */
    RSQRT,
    /** −x: the sign bit turned over. */
    NEG,
    /** |x|. */
    ABS,
    /** √x; NaN below 0, −0 at −0. */
    SQRT,
    /** x². */
    SQUARE,
    /** 1/x. */
    RECIPROCAL,
    /** 1 above 0, −1 below, ±0 at ±0, NaN at NaN. */
    SIGN,
    /** x above 0, else +0; NaN at NaN. */
    RELU,
    /** The largest integer not above x; keeps −0. */
    FLOOR;

    /** The function of a float32; every NaN result is {@code 0x7fc00000}. */
    public float apply(float x) {
        return switch (this) {
            case EXP -> Functions.exp(x);
            case EXPM1 -> Functions.expm1(x);
            case LOG -> Functions.log(x);
            case LOG1P -> Functions.log1p(x);
            case TANH -> Functions.tanh(x);
            case SIGMOID -> Functions.sigmoid(x);
            case SOFTPLUS -> Functions.softplus(x);
            case SIN -> Functions.sin(x);
            case COS -> Functions.cos(x);
            case ERF -> Functions.erf(x);
            case RSQRT -> Functions.rsqrt(x);
            case NEG -> quiet(-x);
            case ABS -> quiet(Math.abs(x));
            case SQRT -> quiet((float) Math.sqrt(x));
            case SQUARE -> quiet(x * x);
            case RECIPROCAL -> quiet(1 / x);
            case SIGN -> x > 0 ? 1 : x < 0 ? -1 : quiet(x);
            case RELU -> x > 0 ? x : x <= 0 ? 0 : Float.NaN;
            case FLOOR -> quiet((float) Math.floor(x));
        };
    }

    /** The function of a float64; every NaN result is {@code 0x7ff8000000000000}. */
    public double apply(double x) {
        return quiet(switch (this) {
            case EXP -> StrictMath.exp(x);
            case EXPM1 -> StrictMath.expm1(x);
            case LOG -> StrictMath.log(x);
            case LOG1P -> StrictMath.log1p(x);
            case TANH -> StrictMath.tanh(x);
            case SIGMOID -> Functions64.sigmoid(x);
            case SOFTPLUS -> Functions64.softplus(x);
            case SIN -> StrictMath.sin(x);
            case COS -> StrictMath.cos(x);
            case ERF -> Functions64.erf(x);
            case RSQRT -> Functions64.rsqrt(x);
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case SQRT -> Math.sqrt(x);
            case SQUARE -> x * x;
            case RECIPROCAL -> 1 / x;
            case SIGN -> Math.signum(x);
            case RELU -> x > 0 ? x : x <= 0 ? 0 : Double.NaN;
            case FLOOR -> Math.floor(x);
        });
    }

    private static float quiet(float y) {
        return y == y ? y : Float.NaN;
    }

    private static double quiet(double y) {
        return y == y ? y : Double.NaN;
    }
}
