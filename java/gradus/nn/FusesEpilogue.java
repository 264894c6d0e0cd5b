package gradus.nn;

import gradus.backend.Epilogue;
import gradus.op.Value;

/** A layer that can apply a nonlinearity to each element before it stores it: the same bits with one pass over memory less. */
public interface FusesEpilogue extends Layer {
    /** The layer followed by the nonlinearity. */
    Value forward(Value x, Pass pass, Epilogue phi);

    @Override
    default Value forward(Value x, Pass pass) {
        return forward(x, pass, Epilogue.IDENTITY);
    }
}
