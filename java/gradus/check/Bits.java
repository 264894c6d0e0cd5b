package gradus.check;

/** Equality to the bit. */
final class Bits {
    private Bits() {
    }

    static void compare(Findings findings, Aspect aspect, String where, double[] a, double[] b) {
        if (require(findings, aspect, where, a, b)) {
            findings.pass(aspect);
        }
    }

    /** Notes a difference, and says whether there is none. */
    static boolean require(Findings findings, Aspect aspect, String where, double[] a, double[] b) {
        int i = firstDifference(a, b);
        if (i >= 0) {
            findings.fail(aspect, where, a.length != b.length ? a.length + " elements and " + b.length
                    : "element " + i + " is " + a[i] + " (" + Double.toHexString(a[i]) + ") once and " + b[i] + " (" + Double.toHexString(b[i]) + ") then");
        }
        return i < 0;
    }

    private static int firstDifference(double[] a, double[] b) {
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            if (Double.doubleToLongBits(a[i]) != Double.doubleToLongBits(b[i])) {
                return i;
            }
        }
        return a.length == b.length ? -1 : Math.min(a.length, b.length);
    }
}
