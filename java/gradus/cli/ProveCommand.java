package gradus.cli;

import gradus.numerics.Proof;
import gradus.runner.Terminal;
import gradus.runner.UsageException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradus prove}. */
@Command(name = "prove", description = "Try every float32 on every function and count the results that are not correctly rounded.", sortOptions = false)
final class ProveCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FUNCTION", arity = "0..*", description = "Functions to prove; all when none is named.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--stride", paramLabel = "N", defaultValue = "1", description = "Try every Nth float only; the default, 1, is a proof.")
    private long stride;

    @Option(names = "--threads", paramLabel = "N", description = "Threads; the default is all cores.")
    private Integer threads;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        boolean holds = true;
        if (stride < 1 || threads != null && threads < 1) {
            throw new UsageException("prove: --stride " + stride + (threads == null ? "" : " --threads " + threads) + ": wanted at least 1");
        }
        List<Proof.Subject> chosen = chosen();
        out.printf("%-12s %14s %8s %8s %8s %10s %14s%n", "function", "inputs", "wrong", "wrong*", "hard", "seconds", "core seconds");
        for (Proof.Subject subject : chosen) {
            Proof.Result r = prove(subject);
            holds &= r.holds();
            out.printf(Locale.ROOT, "%-12s %,14d %8d %8s %8d %10.1f %14.1f%n", subject.title(), r.inputs(), r.wrongScalar(),
                    r.vectors() ? Long.toString(r.wrongVector()) : "–", r.slow(), r.seconds(), r.coreSeconds());
            r.examples().forEach(wrong -> out.println("    " + wrong));
            out.flush();
        }
        out.println("wrong: scalar code, wrong*: vector code, hard: decided by multi-precision arithmetic; " + (stride == 1 ? "all 4,294,967,296 floats" : "every " + stride + "th float"));
        return holds ? 0 : 1;
    }

    private List<Proof.Subject> chosen() {
        List<Proof.Subject> all = Proof.subjects();
        for (String name : names) {
            if (all.stream().noneMatch(s -> s.title().equals(name))) {
                throw new UsageException("there is no function " + name + " to prove; there are "
                        + String.join(", ", all.stream().map(Proof.Subject::title).toList()));
            }
        }
        return names.isEmpty() ? all : all.stream().filter(s -> names.contains(s.title())).toList();
    }

    /** Runs with a percentage on the terminal. */
    private Proof.Result prove(Proof.Subject subject) {
        Terminal terminal = Terminal.standard();
        AtomicInteger shown = new AtomicInteger(-1);
        long start = System.nanoTime();
        int cores = threads != null ? threads : Runtime.getRuntime().availableProcessors();
        Proof.Result result = Proof.run(subject, stride, cores, (done, total) -> {
            int percent = (int) (100 * done / total);
            if (terminal.interactive() && shown.getAndSet(percent) != percent) {
                long left = (System.nanoTime() - start) / 1_000_000_000 * (total - done) / done;
                terminal.out().print("\r" + subject.title() + " " + percent + " %, " + left + " s left   ");
                terminal.out().flush();
            }
        });
        if (terminal.interactive()) {
            terminal.out().print("\r" + " ".repeat(40) + "\r");
        }
        return result;
    }
}
