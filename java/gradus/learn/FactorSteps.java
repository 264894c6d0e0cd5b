package gradus.learn;

/** A method that improves factors in place, step by step. */
sealed interface FactorSteps permits AlternatingLeastSquares, StochasticDescent {
    /** The step with this number, from 0. */
    void step(int number);
}
