package gradus.check.jqwik;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.check.Aspect;
import gradus.check.Domain;
import gradus.check.GradCheck;
import gradus.linalg.Matrix;
import gradus.op.Value;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple.Tuple2;

class TensorArbitrariesProperties {
    @Provide
    Arbitrary<Tensor> positive() {
        return TensorArbitraries.strided(TensorArbitraries.tensors(TensorArbitraries.shapes(0, 3, 3, true), Domain.POSITIVE));
    }

    @Provide
    Arbitrary<Tuple2<Tensor, Tensor>> broadcast() {
        return TensorArbitraries.broadcastShapes(3, 3).flatMap(s -> net.jqwik.api.Combinators.combine(
                TensorArbitraries.tensors(s.get1(), Domain.REAL), TensorArbitraries.tensors(s.get2(), Domain.POSITIVE)).as(net.jqwik.api.Tuple::of));
    }

    @Provide
    Arbitrary<Tensor> orthogonal() {
        return TensorArbitraries.tensors(Shape.of(4, 4), Domain.ORTHOGONAL);
    }

    @Provide
    Arbitrary<Tensor> layouts() {
        return TensorArbitraries.strided(TensorArbitraries.tensors(TensorArbitraries.shapes(1, 3, 4, false), Domain.REAL));
    }

    @Property(tries = 40)
    void theLogarithmOfAnyPositiveTensorVerifies(@ForAll("positive") Tensor x) {
        GradCheck.of(Value::log, x).without(Aspect.BACKENDS).verify();
    }

    @Property(tries = 40)
    void quotientsOfBroadcastTensorsVerify(@ForAll("broadcast") Tuple2<Tensor, Tensor> t) {
        GradCheck.of(Value::dividedBy, t.get1(), t.get2()).without(Aspect.BACKENDS).verify();
    }

    @Property(tries = 20)
    void orthogonalMatricesAreOrthogonal(@ForAll("orthogonal") Tensor t) {
        Matrix q = Matrix.of(t);
        assertTrue(q.transpose().times(q).minus(Matrix.identity(4)).maxAbs() < 1e-14);
    }

    @Property(tries = 50)
    void layoutsKeepShapeAndElements(@ForAll("layouts") Tensor t) {
        assertEquals(t.shape().size(), t.toDoubles().length);
        assertArrayEquals(t.toDoubles(), t.copy().toDoubles());
        for (double v : t.toDoubles()) {
            assertTrue(Math.abs(v) >= 0.2 && Math.abs(v) <= 2);
        }
    }
}
