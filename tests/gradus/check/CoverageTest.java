package gradus.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import gradus.backend.scalar.ScalarBackend;
import gradus.grad.Gradients;
import gradus.nn.Layer;
import gradus.op.Tape;
import gradus.op.Value;
import gradus.tensor.DType;
import gradus.tensor.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CoverageTest {
    @Test
    void everyPermittedOperationHasARow() {
        assertEquals(Set.of(), Samples.missing(), "add a row to gradus.check.Samples or ImageSamples for each");
        assertTrue(Samples.permitted().size() > 40);
    }

    @Test
    void everyRowReallyAppliesItsOperation() {
        for (Sample s : Samples.operations()) {
            try (Tape tape = new Tape(new ScalarBackend())) {
                List<Value> in = s.inputs().stream().map(tape::variable).toList();
                Value y = s.function().apply(in);
                Gradients.vjp(y, tape.constant(Tensor.full(DType.FLOAT64, y.shape(), 1)), in);
                Set<Class<?>> applied = new HashSet<>();
                for (int i = 0; i < tape.size(); i++) {
                    if (tape.value(i).op() != null) {
                        applied.add(tape.value(i).op().getClass());
                    }
                }
                assertTrue(applied.contains(s.subject()), () -> s.check() + " applies " + applied);
            }
        }
    }

    @Test
    void everyLayerHasARow() {
        Set<String> sampled = LayerSamples.layers().stream().map(s -> s.subject().getName()).collect(Collectors.toSet());
        Set<String> missing = new TreeSet<>();
        for (JavaClass c : new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("gradus.nn")) {
            if (c.isAssignableTo(Layer.class) && !c.isInterface() && !c.isAnonymousClass() && !c.getModifiers().contains(
                    com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT)) {
                missing.add(c.getName());
            }
        }
        missing.removeAll(sampled);
        assertEquals(Set.of(), missing, "add a row to gradus.check.LayerSamples for each");
    }

    @Test
    void everySamplePassesInEveryAspect() {
        Coverage coverage = Coverage.of(List.of(), List.of("cpu"));
        assertTrue(coverage.complete(), coverage::toString);
    }
}
