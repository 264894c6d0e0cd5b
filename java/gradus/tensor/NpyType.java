package gradus.tensor;

/** Element types that Gradus reads from and writes to {@code .npy} files. */
public enum NpyType {
    /** True or false, a byte each. */
    BOOL("b1", 1),
    /** −2⁷ … 2⁷ − 1. */
    INT8("i1", 1),
    /** 0 … 2⁸ − 1. */
    UINT8("u1", 1),
    /** −2¹⁵ … 2¹⁵ − 1. */
    INT16("i2", 2),
    /** 0 … 2¹⁶ − 1. */
    UINT16("u2", 2),
    /** −2³¹ … 2³¹ − 1. */
    INT32("i4", 4),
    /** 0 … 2³² − 1. */
    UINT32("u4", 4),
    /** −2⁶³ … 2⁶³ − 1. */
    INT64("i8", 8),
    /** binary32. */
    FLOAT32("f4", 4),
    /** binary64. */
    FLOAT64("f8", 8);

    private final String code;
    private final int bytes;

    NpyType(String code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** NumPy's name without the byte order: {@code f4}. */
    public String code() {
        return code;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Whether the elements are IEEE-754 numbers; the others are integers or truth values. */
    public boolean isFloat() {
        return this == FLOAT32 || this == FLOAT64;
    }

    /** NumPy's name in little-endian order: {@code <f4}, {@code |u1}. */
    String littleEndian() {
        return (bytes == 1 ? "|" : "<") + code;
    }

    /** A primitive array for {@code length} elements: byte, short, int, long, float or double. */
    Object array(int length) {
        return switch (this) {
            case BOOL, INT8, UINT8 -> new byte[length];
            case INT16, UINT16 -> new short[length];
            case INT32, UINT32 -> new int[length];
            case INT64 -> new long[length];
            case FLOAT32 -> new float[length];
            case FLOAT64 -> new double[length];
        };
    }

    /** The length of an array of the kind that {@link #array} makes. */
    int length(Object values) {
        return switch (this) {
            case BOOL, INT8, UINT8 -> ((byte[]) values).length;
            case INT16, UINT16 -> ((short[]) values).length;
            case INT32, UINT32 -> ((int[]) values).length;
            case INT64 -> ((long[]) values).length;
            case FLOAT32 -> ((float[]) values).length;
            case FLOAT64 -> ((double[]) values).length;
        };
    }
}
