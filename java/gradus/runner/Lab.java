package gradus.runner;

import java.util.function.Consumer;

/**
 * The door for experiments of one's own:
 *
 * <pre>{@code
 * import module gradus;
 *
 * void main() {
 *     Lab.run("mine", run -> { … });
 * }
 * }</pre>
 *
 * Started by {@code ./gradus run Mine.java}, it takes that command's options; started by {@code java}, the defaults.
 */
public final class Lab {
    /** The options of the command that started this program, bound while it runs. */
    public static final ScopedValue<Options> OPTIONS = ScopedValue.newInstance();

    private Lab() {
    }

    /** Runs the body as an experiment of that name, with ledger, files and report. */
    public static void run(String name, Consumer<Run> body) {
        Options options = OPTIONS.isBound() ? OPTIONS.get() : Options.defaults();
        Runner.run(new Own(name, body), options, Terminal.standard());
    }

    private record Own(String name, Consumer<Run> body) implements Experiment {
        @Override
        public String title() {
            return name;
        }

        @Override
        public String source() {
            return "your own";
        }

        @Override
        public void run(Run run) {
            body.accept(run);
        }
    }
}
