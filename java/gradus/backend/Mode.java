package gradus.backend;

import java.util.Locale;

/** Whether the numeric contract holds, or a library's own order of summation is taken for its speed. The ledger records it. */
public enum Mode {
    /** Every bit as docs/numerics.md says. */
    CONTRACT,
    /** Matrix products and convolutions by cuBLAS in float32 and float64. */
    FAST,
    /** As FAST, with factors rounded to 10 bits (TF32) where the device has units for it. */
    TF32;

    /** The name on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The mode of that name. */
    public static Mode of(String label) {
        for (Mode mode : values()) {
            if (mode.label().equals(label)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("mode " + label + " is not known; there are contract, fast, tf32");
    }
}
