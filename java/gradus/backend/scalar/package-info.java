/** The reference backend: obvious loops that define the bits which all others must give. */
package gradus.backend.scalar;
