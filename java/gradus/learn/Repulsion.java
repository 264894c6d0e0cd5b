package gradus.learn;

import gradus.backend.Workers;

/** What drives all points of an embedding apart: Fᵢ = Σⱼ q²ᵢⱼ(yᵢ − yⱼ) and Z = Σ q over all pairs of different points, with q = 1 / (1 + ‖yᵢ − yⱼ‖²). */
sealed interface Repulsion permits BarnesHut, ExactRepulsion {
    /** What one thread has to do before {@link #push}. */
    void prepare(float[] x, float[] y);

    /** Writes F for the points that were prepared and returns Z. */
    double push(float[] fx, float[] fy, Workers workers);
}
