package gradus.optim;

import gradus.tensor.Tensor;

/**
 * The element-by-element operations that update rules are written in. All tensors of a formula have one shape and one type; each operation is
 * rounded once in that type, and scalar operands are rounded to it first.
 */
public interface Arithmetic {
    /** a + b. */
    Tensor plus(Tensor a, Tensor b);

    /** a + c. */
    Tensor plus(Tensor a, double c);

    /** a − b. */
    Tensor minus(Tensor a, Tensor b);

    /** a · b. */
    Tensor times(Tensor a, Tensor b);

    /** a · c. */
    Tensor times(Tensor a, double c);

    /** a / b. */
    Tensor dividedBy(Tensor a, Tensor b);

    /** The larger of a and b. */
    Tensor maximum(Tensor a, Tensor b);

    /** The larger of a and c. */
    Tensor maximum(Tensor a, double c);

    /** The smaller of a and c. */
    Tensor minimum(Tensor a, double c);

    /** √a. */
    Tensor sqrt(Tensor a);

    /** a². */
    Tensor square(Tensor a);

    /** −1, 0 or 1 by the sign of a. */
    Tensor sign(Tensor a);

    /** Gives an intermediate a name for those who look on, and returns it; changes nothing. */
    default Tensor note(String name, Tensor a) {
        return a;
    }

    /** p·a + q·b, each product rounded before the sum: a running mean when q = 1 − p. */
    default Tensor mix(double p, Tensor a, double q, Tensor b) {
        return plus(times(a, p), times(b, q));
    }
}
