package gradus.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class PageNumbersTest {
    /** Up to 1e308: five digits of the largest numbers would be rounded beyond all of them. */
    @Property(tries = 500)
    void numbersKeepFiveDigits(@ForAll @DoubleRange(min = -1e308, max = 1e308) double value, @ForAll @DoubleRange(min = -10, max = 10) double small) {
        assertKept(value);
        assertKept(small);
        assertKept(small * 1e-12);
        assertKept(small * 1e-200);
    }

    private static void assertKept(double value) {
        if (value != 0) {
            assertEquals(value, Double.parseDouble(LensPage.rounded(value)), Math.abs(value) * 5.1e-5);
        }
    }
}
