package gradus.architecture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The floors of the house: a package imports from its own floor or from below, and there are no circles. */
class FloorsTest {
    private static final Map<String, Integer> FLOORS = Map.ofEntries(
            Map.entry("tensor", 1), Map.entry("numerics", 1),
            Map.entry("backend", 2), Map.entry("optim", 2), Map.entry("data", 2),
            Map.entry("op", 3), Map.entry("linalg", 3), Map.entry("lab", 3),
            Map.entry("grad", 4), Map.entry("learn", 4), Map.entry("report", 4),
            Map.entry("check", 5), Map.entry("nn", 5), Map.entry("lens", 5), Map.entry("runner", 5),
            Map.entry("experiments", 6), Map.entry("cli", 7));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("gradus");

    @Test
    void importsRunDownwards() {
        List<String> wrong = new ArrayList<>();
        for (JavaClass from : CLASSES) {
            int floor = floor(from);
            from.getDirectDependenciesFromSelf().forEach(d -> {
                if (d.getTargetClass().getPackageName().startsWith("gradus.") && floor(d.getTargetClass()) > floor) {
                    wrong.add(d.getDescription());
                }
            });
        }
        assertTrue(wrong.isEmpty(), String.join("\n", wrong));
    }

    @Test
    void packagesHaveNoCircles() {
        SlicesRuleDefinition.slices().matching("gradus.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    private static int floor(JavaClass c) {
        String name = c.getPackageName().split("\\.")[1];
        Integer floor = FLOORS.get(name);
        assertTrue(floor != null, () -> "package gradus." + name + " has no floor; give it one in FloorsTest and docs/design.md");
        return floor;
    }
}
