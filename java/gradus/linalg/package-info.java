/** Dense and sparse linear algebra in float64: products, factorizations, eigenvalues, singular values, least squares. */
package gradus.linalg;
