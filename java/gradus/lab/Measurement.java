package gradus.lab;

/**
 * A number that a run measured, beside what its source published.
 *
 * @param name      what was measured
 * @param measured  the number of this run
 * @param published the source's number, a quotation, or {@code null}
 * @param tolerance how far the two may lie apart, or {@code null} when the source gives nothing to compare
 */
public record Measurement(String name, double measured, Double published, Double tolerance) {
    /** Checks the tolerance. */
    public Measurement {
        if (tolerance != null && !(tolerance >= 0)) {
            throw new IllegalArgumentException("value '" + name + "': tolerance " + tolerance + ", wanted 0 or more");
        }
    }

    /** A number without a published one. */
    public static Measurement measured(String name, double measured) {
        return new Measurement(name, measured, null, null);
    }

    /** Whether |measured − published| ≤ tolerance; {@code null} when there is nothing to compare. */
    public Boolean within() {
        return published == null || tolerance == null ? null : Math.abs(measured - published) <= tolerance;
    }
}
