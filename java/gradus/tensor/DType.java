package gradus.tensor;

/** Element type of a {@link Tensor}: IEEE-754 binary32 or binary64. */
public enum DType {
    /** binary32: 24 bits of precision. */
    FLOAT32(4, "F32"),
    /** binary64: 53 bits of precision. */
    FLOAT64(8, "F64");

    private final int bytes;
    private final String code;

    DType(int bytes, String code) {
        this.bytes = bytes;
        this.code = code;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Name of the type in safetensors headers: {@code F32} or {@code F64}. */
    public String code() {
        return code;
    }

    /** A storage of {@code length} zeros. */
    public Storage zeros(int length) {
        return switch (this) {
            case FLOAT32 -> new Storage.Floats(new float[length]);
            case FLOAT64 -> new Storage.Doubles(new double[length]);
        };
    }

    /** The value rounded to this type (to nearest, ties to even). */
    public double round(double value) {
        return this == FLOAT32 ? (float) value : value;
    }
}
