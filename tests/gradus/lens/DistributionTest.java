package gradus.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class DistributionTest {
    @Property(tries = 300)
    void quantilesLieWithinOneThirtySecondOfTheElementsTheyStandFor(@ForAll @Size(min = 1, max = 200) float[] values) {
        double[] all = new double[values.length];
        Arrays.setAll(all, i -> values[i]);
        Distribution d = Distribution.of(all);
        double[] sizes = Arrays.stream(all).map(Math::abs).sorted().toArray();
        for (int i = 0; i < d.quantiles().length; i++) {
            double exact = sizes[(int) Math.max(0, Math.ceil(Distribution.shares()[i] * sizes.length) - 1)];
            if (exact == 0 || exact >= Float.MIN_NORMAL) {
                assertEquals(exact, d.quantiles()[i], exact / 32 + 1e-300);
            }
        }
        assertEquals(sizes[sizes.length - 1], d.quantiles()[5]);
        assertEquals(Arrays.stream(all).filter(x -> x != 0).count(), Arrays.stream(d.counts()).sum());
    }

    @Property(tries = 300)
    void everyElementIsCountedBetweenTheEdgesOfItsBin(@ForAll float value) {
        double size = Math.abs((double) value);
        if (size >= Float.MIN_NORMAL) {
            Distribution d = Distribution.of(new double[] {value});
            assertEquals(1, d.counts().length);
            assertTrue(Distribution.edge(d.firstBin()) <= size && size < Distribution.edge(d.firstBin() + 1));
        }
    }
}
