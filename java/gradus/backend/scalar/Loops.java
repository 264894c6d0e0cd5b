package gradus.backend.scalar;

/** Index arithmetic of the convolution loops. */
final class Loops {
    private Loops() {
    }

    /** The output place whose first tap lies {@code distance} before a given input place: distance/stride if that is a place, else −1. */
    static int meeting(int distance, int stride, int outputs) {
        return distance >= 0 && distance % stride == 0 && distance / stride < outputs ? distance / stride : -1;
    }
}
