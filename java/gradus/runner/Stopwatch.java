package gradus.runner;

/** Time that something took, in seconds, over all the runs in which it was done. */
final class Stopwatch {
    private double earlier;
    private long begin = System.nanoTime();
    private boolean running = true;

    /** Counts from here, after what an earlier run took. */
    void continueFrom(double earlierSeconds) {
        earlier = earlierSeconds;
        begin = System.nanoTime();
    }

    void stop() {
        earlier = seconds();
        running = false;
    }

    double seconds() {
        return running ? earlier + (System.nanoTime() - begin) / 1e9 : earlier;
    }
}
