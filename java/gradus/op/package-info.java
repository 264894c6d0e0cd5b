/**
 * The closed set of differentiable operations, the values they make, and the tape they are written to.
 *
 * <p>One operation is one record: its shape rule in the constructor, its forward pass, and its vector-Jacobian product, which is written in
 * operations again and therefore has a gradient itself.
 */
package gradus.op;
