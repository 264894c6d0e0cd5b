package gradus.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MutationReportTest {
    @Test
    void wrongRulesAreCaughtAndAPlainTestMissesMany() {
        MutationReport report = MutationReport.of(List.of());
        assertTrue(report.mutants().size() > 500, report::toString);
        assertTrue(report.share() >= 0.99, report::toString);
        assertTrue(report.plainShare() < 0.75, report::toString);
        Set<Mutation> made = report.mutants().stream().map(MutationReport.Mutant::mutation).collect(Collectors.toSet());
        assertEquals(Set.of(Mutation.values()), made);
        Set<String> spared = Samples.permitted().stream().map(Class::getSimpleName).collect(Collectors.toSet());
        report.mutants().forEach(m -> spared.remove(m.operation()));
        assertEquals(Set.of(), spared, "operations without a wrong rule: their samples are too large for a whole Jacobian, or empty");
    }
}
