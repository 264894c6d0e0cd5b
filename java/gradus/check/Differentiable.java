package gradus.check;

import gradus.op.Value;
import java.util.List;

/** A function of values whose gradient is verified. It has no state: called twice with the same numbers it gives the same result. */
@FunctionalInterface
public interface Differentiable {
    /** The result; every operation goes on the tape of the inputs. */
    Value apply(List<Value> inputs);
}
