package gradus.report;

/** The colours of reports. */
final class Palette {
    /** Ten colours that stay apart on light and dark ground and for most colour-blind readers (after Tableau 10). */
    private static final int[] CLASSES = {0x4e79a7, 0xf28e2b, 0xe15759, 0x5fb3ac, 0x59a14f, 0xd4a72c, 0xb07aa1, 0xff8fa3, 0x9c755f, 0x8c8c8c};
    /** ColorBrewer's RdBu, from blue to red. */
    private static final int[] DIVERGING = {0x2166ac, 0x67a9cf, 0xd1e5f0, 0xf7f7f7, 0xfddbc7, 0xef8a62, 0xb2182b};

    private Palette() {
    }

    /** The colour of a class; after ten they begin anew. */
    static int ofClass(int number) {
        return CLASSES[number % CLASSES.length];
    }

    /** A colour as HTML writes it. */
    static String hex(int colour) {
        return String.format("#%06x", colour);
    }

    /** Blue at 0, white at ½, red at 1. */
    static int diverging(double t) {
        double place = t * (DIVERGING.length - 1);
        int below = Math.min((int) place, DIVERGING.length - 2);
        return mixed(DIVERGING[below], DIVERGING[below + 1], place - below);
    }

    private static int mixed(int a, int b, double t) {
        int out = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            double x = a >> shift & 0xff;
            double y = b >> shift & 0xff;
            out |= (int) Math.rint(x + (y - x) * t) << shift;
        }
        return out;
    }
}
