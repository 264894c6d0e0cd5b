package gradus.runner;

import java.io.PrintStream;

/** Where a run speaks to its user. */
public record Terminal(PrintStream out, boolean interactive) {
    /** Standard output, with progress bars only where it is a terminal. */
    public static Terminal standard() {
        return new Terminal(System.out, System.console() != null && System.console().isTerminal());
    }

    /** Prints a line. */
    public void line(String text) {
        out.println(text);
        out.flush();
    }
}
