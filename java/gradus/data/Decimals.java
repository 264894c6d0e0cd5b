package gradus.data;

/** Numbers as text: the shortest decimal that reads back as the same number, written as Python and R read it too ({@code 0.8268}, {@code 5e-4}, {@code nan}). */
public final class Decimals {
    private Decimals() {
    }

    /** The shortest decimal that rounds to this float64. */
    public static String of(double value) {
        return trimmed(Double.toString(value));
    }

    /** The shortest decimal that rounds to this float32. */
    public static String of(float value) {
        return trimmed(Float.toString(value));
    }

    private static String trimmed(String java) {
        return switch (java) {
            case "NaN" -> "nan";
            case "Infinity" -> "inf";
            case "-Infinity" -> "-inf";
            default -> java.endsWith(".0") ? java.substring(0, java.length() - 2) : java.replace(".0E", "E").replace('E', 'e');
        };
    }

    /** Reads what {@link #of(double)} wrote, and any other decimal; {@code null} when the text is none. */
    public static Double parse(String text) {
        String t = text.strip();
        switch (t.toLowerCase(java.util.Locale.ROOT)) {
            case "nan" -> {
                return Double.NaN;
            }
            case "inf", "+inf", "infinity" -> {
                return Double.POSITIVE_INFINITY;
            }
            case "-inf", "-infinity" -> {
                return Double.NEGATIVE_INFINITY;
            }
            default -> {
            }
        }
        // Java would also take hexadecimal numbers and the suffixes d and f.
        for (int i = 0; i < t.length(); i++) {
            if ("0123456789+-.eE".indexOf(t.charAt(i)) < 0) {
                return null;
            }
        }
        try {
            return Double.valueOf(t);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
