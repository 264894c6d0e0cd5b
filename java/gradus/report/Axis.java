package gradus.report;

/**
 * A chart's axis.
 *
 * @param label what is measured, with its unit
 * @param log   logarithmic; values of 0 and less are not drawn
 * @param low   lowest value shown, or NaN to follow the data
 * @param high  highest value shown, or NaN to follow the data
 */
public record Axis(String label, boolean log, double low, double high) {
    /** A linear axis that follows the data. */
    public static Axis of(String label) {
        return new Axis(label, false, Double.NaN, Double.NaN);
    }

    /** A logarithmic axis that follows the data. */
    public static Axis log(String label) {
        return new Axis(label, true, Double.NaN, Double.NaN);
    }

    /** The same axis from {@code low} to {@code high}; NaN leaves an end to the data. */
    public Axis between(double low, double high) {
        return new Axis(label, log, low, high);
    }
}
