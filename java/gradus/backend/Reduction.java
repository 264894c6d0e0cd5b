package gradus.backend;

/**
 * Ways to fold a sequence t₀ … tₙ₋₁ to one element.
 *
 * <p>Sums run in a fixed order that neither threads nor vectors change: chunks of 4096 terms; inside a chunk sixteen virtual lanes, lane l
 * adding the terms whose place in the chunk is l modulo 16, in ascending order from +0; the lanes folded pairwise (l + 8, then + 4, + 2, + 1);
 * the chunks added in order from +0.
 */
public enum Reduction {
    /** Σ t. An empty sum is +0. */
    SUM,
    /** Σ t², a fused multiply-add a term. */
    SUM_OF_SQUARES,
    /** The largest term; NaN when one is; +0 above −0. An empty one is −∞. */
    MAX,
    /** The smallest term; NaN when one is; −0 below +0. An empty one is +∞. */
    MIN
}
