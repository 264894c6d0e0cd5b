package gradus.report;

import java.util.List;

/**
 * Which value is which colour, in the pictures of one row of an {@link ImageGrid}.
 *
 * @param colours the colours from the lowest value to the highest
 * @param extent  over which pictures the ends of the scale are taken
 * @param low     lowest value, where the extent is {@link Extent#FIXED}
 * @param high    highest value, where the extent is {@link Extent#FIXED}
 */
public record Shades(Colours colours, Extent extent, double low, double high) {

    /** Colours from lowest to highest. */
    public enum Colours {
        /** Black to white. */
        GREY,
        /** Blue over white to red, white at 0. */
        DIVERGING
    }

    /** Over which pictures the ends of the scale are taken. */
    public enum Extent {
        /** Given ends. */
        FIXED,
        /** Each picture has its own. */
        PICTURE,
        /** The pictures of a row share theirs. */
        ROW
    }

    /** Grey from {@code black} to {@code white}; what lies outside is cut off. */
    public static Shades grey(double black, double white) {
        if (!(black < white)) {
            throw new IllegalArgumentException("shades: wanted black < white, got " + black + ", " + white);
        }
        return new Shades(Colours.GREY, Extent.FIXED, black, white);
    }

    /** Grey from each picture's lowest value to its highest. */
    public static Shades greyByPicture() {
        return new Shades(Colours.GREY, Extent.PICTURE, 0, 0);
    }

    /** Grey from the row's lowest value to its highest. */
    public static Shades greyByRow() {
        return new Shades(Colours.GREY, Extent.ROW, 0, 0);
    }

    /** Blue below 0, white at 0, red above; ends at ± the largest magnitude in the row. */
    public static Shades divergingByRow() {
        return new Shades(Colours.DIVERGING, Extent.ROW, 0, 0);
    }

    /** Blue below 0, white at 0, red above; ends at ± the largest magnitude in each picture. */
    public static Shades divergingByPicture() {
        return new Shades(Colours.DIVERGING, Extent.PICTURE, 0, 0);
    }

    /** Blue at {@code -limit}, white at 0, red at {@code limit}. */
    public static Shades diverging(double limit) {
        if (!(limit > 0)) {
            throw new IllegalArgumentException("shades: wanted a limit above 0, got " + limit);
        }
        return new Shades(Colours.DIVERGING, Extent.FIXED, -limit, limit);
    }

    /** These shades with the ends that the pictures of a row give them; shades by picture stay as they are. */
    Shades forRow(List<Picture> pictures) {
        return extent == Extent.ROW ? fixedOver(pictures) : this;
    }

    private Shades fixedOver(List<Picture> pictures) {
        double least = pictures.stream().mapToDouble(Picture::low).min().orElse(0);
        double most = pictures.stream().mapToDouble(Picture::high).max().orElse(0);
        if (colours == Colours.DIVERGING) {
            most = Math.max(Math.abs(least), Math.abs(most));
            least = -most;
        }
        return new Shades(colours, Extent.FIXED, least, most);
    }

    /** The picture's pixels as red, green, blue bytes; a value that is not a number is magenta. */
    byte[] paint(Picture picture) {
        Shades fixed = extent == Extent.FIXED ? this : fixedOver(List.of(picture));
        double span = fixed.high > fixed.low ? fixed.high - fixed.low : 1;
        byte[] rgb = new byte[picture.values().length * 3];
        for (int i = 0; i < picture.values().length; i++) {
            float v = picture.values()[i];
            int colour = Float.isNaN(v) ? 0xff00ff : colour(Math.clamp((v - fixed.low) / span, 0, 1));
            rgb[3 * i] = (byte) (colour >> 16);
            rgb[3 * i + 1] = (byte) (colour >> 8);
            rgb[3 * i + 2] = (byte) colour;
        }
        return rgb;
    }

    private int colour(double t) {
        return switch (colours) {
            case GREY -> {
                int level = (int) Math.rint(t * 255);
                yield level << 16 | level << 8 | level;
            }
            case DIVERGING -> Palette.diverging(t);
        };
    }

    /** In words, for the line under a grid. */
    String words() {
        return switch (colours) {
            case GREY -> extent == Extent.FIXED ? end(low) + " black to " + end(high) + " white" : "lowest value black, highest white" + whose();
            case DIVERGING -> extent == Extent.FIXED ? end(low) + " blue, 0 white, " + end(high) + " red" : "below 0 blue, 0 white, above red" + whose();
        };
    }

    private static String end(double value) {
        return Show.number(Show.rounded(value, new java.math.MathContext(3)));
    }

    private String whose() {
        return extent == Extent.PICTURE ? ", each picture by itself" : ", each row by itself";
    }
}
