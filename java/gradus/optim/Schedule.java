package gradus.optim;

/** The learning rate as a function of the steps taken. */
@FunctionalInterface
public interface Schedule {
    /** η for the step after {@code step} steps were taken; the first step is 0. */
    double at(long step);
}
