package gradus.tensor;

/**
 * An array as {@code .npy} files hold it: integers, truth values, float32 or float64 of any shape, in row-major order. Nothing is lost between
 * the file and this value; {@link #longs()} and {@link #doubles()} are exact or fail.
 */
public final class NpyArray {
    private final NpyType type;
    private final Shape shape;
    private final Object values;

    /** Wraps a primitive array of the kind that {@link NpyType#array} makes. */
    NpyArray(NpyType type, Shape shape, Object values) {
        int length = type.length(values);
        if (length != shape.size()) {
            throw new ShapeException("npy array: " + length + " values do not fill shape " + shape + " of " + shape.size());
        }
        this.type = type;
        this.shape = shape;
        this.values = values;
    }

    /** The elements of a tensor, with its type. */
    public static NpyArray of(Tensor tensor) {
        boolean whole = tensor.isContiguous() && tensor.offset() == 0 && tensor.storage().length() == tensor.size();
        Tensor dense = whole ? tensor : tensor.copy();
        return switch (tensor.dtype()) {
            case FLOAT32 -> new NpyArray(NpyType.FLOAT32, tensor.shape(), dense.floats());
            case FLOAT64 -> new NpyArray(NpyType.FLOAT64, tensor.shape(), dense.doubles());
        };
    }

    /** Integers of 64 bits. */
    public static NpyArray of(long[] values, int... dims) {
        return new NpyArray(NpyType.INT64, Shape.of(dims), values.clone());
    }

    /** Integers of 32 bits. */
    public static NpyArray of(int[] values, int... dims) {
        return new NpyArray(NpyType.INT32, Shape.of(dims), values.clone());
    }

    /** Numbers 0 to 255, one a byte. */
    public static NpyArray ofUnsigned(byte[] values, int... dims) {
        return new NpyArray(NpyType.UINT8, Shape.of(dims), values.clone());
    }

    /** Numbers 0 to 65,535, one in two bytes. */
    public static NpyArray ofUnsigned(short[] values, int... dims) {
        return new NpyArray(NpyType.UINT16, Shape.of(dims), values.clone());
    }

    /** Truth values. */
    public static NpyArray of(boolean[] values, int... dims) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (values[i] ? 1 : 0);
        }
        return new NpyArray(NpyType.BOOL, Shape.of(dims), bytes);
    }

    /** Integers or numbers stored in the given type; each must fit it exactly. */
    public static NpyArray of(NpyType type, long[] values, int... dims) {
        Object array = type.array(values.length);
        NpyArray out = new NpyArray(type, Shape.of(dims), array);
        for (int i = 0; i < values.length; i++) {
            out.set(i, values[i]);
            if (type.isFloat() ? (long) out.real(i) != values[i] || out.real(i) == 0x1p63 : out.integer(i) != values[i]) {
                throw new ArithmeticException("npy array: value " + values[i] + " at place " + i + " does not fit " + type.code());
            }
        }
        return out;
    }

    /** Element type. */
    public NpyType type() {
        return type;
    }

    /** Extents. */
    public Shape shape() {
        return shape;
    }

    /** The primitive array behind this value, for writing. */
    Object values() {
        return values;
    }

    /** All elements in row-major order as integers (truth values as 0 and 1); fails when one is not an integer of 64 bits. */
    public long[] longs() {
        long[] out = new long[shape.size()];
        for (int i = 0; i < out.length; i++) {
            if (type.isFloat()) {
                double v = real(i);
                out[i] = (long) v;
                if (out[i] != v || v == 0x1p63) {
                    throw new ArithmeticException("npy array: value " + v + " at place " + i + " is not an integer of 64 bits");
                }
            } else {
                out[i] = integer(i);
            }
        }
        return out;
    }

    /** All elements in row-major order as float64; fails when an integer is too large to be held exactly. */
    public double[] doubles() {
        double[] out = new double[shape.size()];
        for (int i = 0; i < out.length; i++) {
            if (type.isFloat()) {
                out[i] = real(i);
            } else {
                long v = integer(i);
                out[i] = v;
                if ((long) out[i] != v || v == Long.MAX_VALUE) {
                    throw new ArithmeticException("npy array: integer " + v + " at place " + i + " is not exact in float64");
                }
            }
        }
        return out;
    }

    /** The elements as a tensor without loss: float32 stays float32, everything else becomes float64. */
    public Tensor tensor() {
        return type == NpyType.FLOAT32 ? Tensor.of((float[]) values, shape.dims()) : Tensor.of(doubles(), shape.dims());
    }

    /** The elements as a tensor of the given type, rounded to nearest where they do not fit. */
    public Tensor tensor(DType dtype) {
        if (type == NpyType.INT64 && dtype == DType.FLOAT32) {
            float[] out = new float[shape.size()];
            for (int i = 0; i < out.length; i++) {
                out[i] = integer(i);   // straight to float32: by way of float64 it would round twice
            }
            return Tensor.of(out, shape.dims());
        }
        if (type == NpyType.INT64) {
            double[] out = new double[shape.size()];
            for (int i = 0; i < out.length; i++) {
                out[i] = integer(i);
            }
            return Tensor.of(out, shape.dims());
        }
        return tensor().as(dtype);
    }

    private double real(int i) {
        return type == NpyType.FLOAT32 ? ((float[]) values)[i] : ((double[]) values)[i];
    }

    private long integer(int i) {
        return switch (type) {
            case BOOL, INT8 -> ((byte[]) values)[i];
            case UINT8 -> ((byte[]) values)[i] & 0xff;
            case INT16 -> ((short[]) values)[i];
            case UINT16 -> ((short[]) values)[i] & 0xffff;
            case INT32 -> ((int[]) values)[i];
            case UINT32 -> ((int[]) values)[i] & 0xffffffffL;
            case INT64 -> ((long[]) values)[i];
            case FLOAT32, FLOAT64 -> throw new IllegalStateException("npy array of " + type.code() + " holds no integers");
        };
    }

    private void set(int i, long value) {
        switch (type) {
            case BOOL -> ((byte[]) values)[i] = (byte) (value == 0 ? 0 : 1);
            case INT8, UINT8 -> ((byte[]) values)[i] = (byte) value;
            case INT16, UINT16 -> ((short[]) values)[i] = (short) value;
            case INT32, UINT32 -> ((int[]) values)[i] = (int) value;
            case INT64 -> ((long[]) values)[i] = value;
            case FLOAT32 -> ((float[]) values)[i] = value;
            case FLOAT64 -> ((double[]) values)[i] = value;
        }
    }

    @Override
    public String toString() {
        return type.code() + shape;
    }
}
