package gradus.report;

import gradus.data.Decimals;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers and texts as people read them. */
final class Show {
    private static final MathContext SIX = new MathContext(6, RoundingMode.HALF_EVEN);

    private static final int LONGEST_SLUG = 60;

    private Show() {
    }

    /** A number in at most six significant digits; whole numbers below a thousand million in full. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞";
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e9) {
            return Long.toString((long) value).replace('-', '−');
        }
        return Decimals.of(rounded(value, SIX)).replace('-', '−');
    }

    /** A number with so many decimals; with −1, as {@link #number} shows it. */
    static String fixed(double value, int decimals) {
        if (decimals < 0 || !Double.isFinite(value)) {
            return number(value);
        }
        String text = new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
        return text.replace('-', '−');
    }

    /** The value to so many significant digits, for charts, where more would only make the file longer. */
    static double rounded(double value, MathContext digits) {
        return Double.isFinite(value) ? new BigDecimal(value).round(digits).doubleValue() : value;
    }

    /** A table's entry: numbers in six digits, everything else as its own text. */
    static String entry(Object value) {
        return switch (value) {
            case Double d -> number(d);
            case Float f -> number(Double.parseDouble(Float.toString(f)));
            default -> value.toString();
        };
    }

    /** Text in HTML, also inside quoted attributes. */
    static String html(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c < ' ' && c != '\n' && c != '\t' ? '\uFFFD' : c);
            }
        }
        return out.toString();
    }

    /** A text as part of a file's name: lower-case letters, digits and hyphens. */
    static String slug(String text) {
        String s = java.text.Normalizer.normalize(text, java.text.Normalizer.Form.NFKD).toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        if (s.length() > LONGEST_SLUG) {
            int word = s.lastIndexOf('-', LONGEST_SLUG);
            s = s.substring(0, word > 0 ? word : LONGEST_SLUG);
        }
        return s.isEmpty() ? "figure" : s;
    }
}
