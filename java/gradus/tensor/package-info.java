/** Shapes, element types, tensors and their files. */
package gradus.tensor;
