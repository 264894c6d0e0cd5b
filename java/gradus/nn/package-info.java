/** Layers, the parameters they own, and initialisers in PyTorch's and Keras' dialects. */
package gradus.nn;
