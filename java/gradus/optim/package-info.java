/**
 * Update rules as values, the {@link gradus.optim.Optimizer} that drives them, schedules and stopping rules.
 *
 * <p>A rule's formula is written once, in {@code apply}, element by element in {@link gradus.optim.Arithmetic}. Each operation is rounded in the
 * type of the tensors, in the order written, so that the bits do not depend on the backend, on threads or on how memory is laid out.
 */
package gradus.optim;
