package gradus.optim;

/** Whose reading of a rule: frameworks compute different things under one name, and have different defaults. */
public enum Dialect {
    /** PyTorch 2.13, {@code torch.optim}. */
    TORCH,
    /** Keras 3, {@code keras.optimizers}. */
    KERAS
}
