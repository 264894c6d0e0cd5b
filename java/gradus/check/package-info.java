/** Verification of gradients: numeric derivatives with error estimates, samples of every operation and layer, mutation of backward rules. */
package gradus.check;
