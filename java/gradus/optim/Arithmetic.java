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
}
