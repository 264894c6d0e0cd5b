package gradus.check;

import java.util.Locale;

/**
 * One comparison that did not pass.
 *
 * @param where the derivative in question, for example {@code ∂y[0, 1]/∂input 1 [2]}
 * @param analytic what the gradient rules say
 * @param numeric what differences, or the reference, say
 * @param error estimated error of the numeric number
 * @param note what is odd, or an empty string
 */
public record Finding(Aspect aspect, Verdict verdict, String where, double analytic, double numeric, double error, String note) {
    @Override
    public String toString() {
        String numbers = Double.isNaN(analytic) && Double.isNaN(numeric) ? ""
                : String.format(Locale.ROOT, ": the rule says %s, the reference %s ± %.1e", shown(analytic), shown(numeric), error);
        return verdict + " " + aspect.title() + " " + where + numbers + (note.isEmpty() ? "" : "; " + note);
    }

    private static String shown(double v) {
        return v == Math.rint(v) && Math.abs(v) < 1e15 ? String.format(Locale.ROOT, "%.0f", v) : String.format(Locale.ROOT, "%.12g", v);
    }
}
