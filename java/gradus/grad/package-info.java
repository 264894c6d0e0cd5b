/** Differentiation: the backward pass over a tape, gradients of any order, Hessian-vector products. */
package gradus.grad;
