package gradus.tensor;

/**
 * The memory behind one or more tensors. Views share a storage; a storage that went back to a pool is released, and every later touch
 * through an old tensor is an error that says so.
 */
public abstract class Storage {
    private String releasedBy;
    private int holders;

    /** For the storages of backends, whose memory may lie elsewhere. */
    protected Storage() {
    }

    /** Element type. */
    public abstract DType dtype();

    /** Number of elements that the storage holds. */
    public abstract int length();

    /** Whether the elements are in a Java array; else {@link #onHeap} fetches them. */
    public boolean isOnHeap() {
        return true;
    }

    /** The same numbers in a Java array: this storage itself, or a copy of a device's memory. */
    public Storage onHeap() {
        return this;
    }

    /** Marks the memory as given back; {@code by} names who did it, for the error message. */
    public final void release(String by) {
        requireLive();
        releasedBy = by;
    }

    /** Whether the memory was given back. */
    public final boolean isReleased() {
        return releasedBy != null;
    }

    /** Counts one more holder among the values of a tape. */
    public final void hold() {
        holders++;
    }

    /** Counts one holder less; true when it was the last. */
    public final boolean letGo() {
        return --holders == 0;
    }

    /** Fails, with the name of who released it, once the memory was given back. */
    protected final void requireLive() {
        if (releasedBy != null) {
            throw new IllegalStateException("tensor was released by " + releasedBy
                    + "; keep it with Tensor.copy() or Tape.keep(…) if it is needed after that");
        }
    }

    /** float32 values on the Java heap. */
    public static final class Floats extends Storage {
        private final float[] array;

        /** Wraps the array without copying it. */
        public Floats(float[] array) {
            this.array = array;
        }

        /** The array itself; fails after release. */
        public float[] array() {
            requireLive();
            return array;
        }

        @Override
        public DType dtype() {
            return DType.FLOAT32;
        }

        @Override
        public int length() {
            return array.length;
        }
    }

    /** float64 values on the Java heap. */
    public static final class Doubles extends Storage {
        private final double[] array;

        /** Wraps the array without copying it. */
        public Doubles(double[] array) {
            this.array = array;
        }

        /** The array itself; fails after release. */
        public double[] array() {
            requireLive();
            return array;
        }

        @Override
        public DType dtype() {
            return DType.FLOAT64;
        }

        @Override
        public int length() {
            return array.length;
        }
    }
}
