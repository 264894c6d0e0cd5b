/** Vector kernels of {@code gradus.learn}; loaded only where the Vector API is present. */
package gradus.learn.simd;
