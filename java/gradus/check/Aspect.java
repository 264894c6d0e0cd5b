package gradus.check;

/** What is verified about a function. */
public enum Aspect {
    /** The result is the same, to the bit, on repetition and for strided inputs. */
    FORWARD("forward"),
    /** Vector-Jacobian products against numeric derivatives. */
    VJP("vjp"),
    /** Jacobian-vector products against numeric derivatives, and against the vector-Jacobian products by ⟨c, Jv⟩ = ⟨Jᵀc, v⟩. */
    JVP("jvp"),
    /** Hessian-vector products against numeric derivatives of the gradient, and their symmetry. */
    SECOND_ORDER("second order"),
    /** Gradients in float32 against those in float64. */
    FLOAT32("float32"),
    /** Results and gradients have the same bits on every backend and number of threads. */
    BACKENDS("backends");

    private final String title;

    Aspect(String title) {
        this.title = title;
    }

    /** Heading of its column. */
    public String title() {
        return title;
    }
}
