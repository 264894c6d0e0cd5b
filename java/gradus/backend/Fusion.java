package gradus.backend;

/** Operations that a backend may do in one pass or two where they are composed of several otherwise; see {@link Backend#fused}. */
public enum Fusion {
    /** Softmax along the last axis, of one operand. */
    SOFTMAX,
    /** Its logarithm. */
    LOG_SOFTMAX,
    /** The mean squared error of a prediction and its target, a scalar. */
    MEAN_SQUARED_ERROR,
    /** The binary cross-entropy of a prediction and its target, a scalar. */
    BINARY_CROSS_ENTROPY
}
