/**
 * The floor of the numeric contract: correctly rounded functions, sums in a fixed order, and random streams.
 *
 * <p>Nothing here uses more than IEEE-754 {@code + − × ÷ √ fma}, comparisons, conversions and integer operations, so every machine gives the
 * same bits. {@code docs/numerics.md} states the formulas and orders.
 */
package gradus.numerics;
