package gradus.backend;

/**
 * The steps of exact t-SNE's gradient descent in the plane on a device that keeps points, forces, gains and moves. What they compute, to the bit, is in
 * {@code gradus.learn}: {@code ExactRepulsion}, {@code LearnKernels.attract} and {@code TsneDescent}.
 */
public interface PlaneDescent extends AutoCloseable {
    /** Sets all gains to 1 and all moves to 0. */
    void restart();

    /** Computes pull, push and Z at the present points. */
    void forces();

    /** Moves all points by one step from the last forces. */
    void update(float exaggeration, float momentum, float rate);

    /** Z of the last forces. */
    double z();

    /** Reads the points and the gradient of the last step. */
    void read(float[] x, float[] y, float[] gradientX, float[] gradientY);

    @Override
    void close();
}
