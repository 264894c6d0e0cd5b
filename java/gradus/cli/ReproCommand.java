package gradus.cli;

import gradus.backend.Backends;
import gradus.experiments.Catalogue;
import gradus.runner.Reproduction;
import gradus.runner.Setting;
import gradus.runner.Terminal;
import gradus.runner.UsageException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gradus repro}. */
@Command(name = "repro", description = "Run an experiment on threads × vector widths × compilers × backends and compare the hashes.", sortOptions = false)
final class ReproCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME|File.java", description = "An experiment of `gradus list`, or a Java file.")
    private String name;

    @Option(names = "--quick", description = "Fewer epochs and rows still than in a quick run, and the interpreter too.")
    private boolean quick;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all random draws.")
    private Long seed;

    @Option(names = "--data", paramLabel = "DIR", description = "Folder to look for data sets first.")
    private Path data;

    @Option(names = "--out", paramLabel = "DIR", description = "Folder for the results; the default is runs/NAME/repro.")
    private Path out;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Change a setting; may be repeated.")
    private Map<String, String> set = new HashMap<>();

    @Override
    public Integer call() throws Exception {
        List<Setting> settings = name.endsWith(".java") ? List.of() : Catalogue.named(name).settings();
        List<String> options = new ArrayList<>();
        if (quick) {
            options.add("--quick");
            settings.stream().filter(s -> !s.repro().equals(s.quick())).forEach(s -> set.putIfAbsent(s.name(), s.repro()));
        }
        if (seed != null) {
            options.addAll(List.of("--seed", seed.toString()));
        }
        if (data != null) {
            options.addAll(List.of("--data", data.toString()));
        }
        new TreeMap<>(set).forEach((key, value) -> options.addAll(List.of("--set", key + "=" + value)));
        Path folder = out != null ? out : Path.of("runs", name.replaceFirst("\\.java$", "").replaceAll(".*/", ""), "repro");
        Reproduction reproduction = new Reproduction(self(), name, options, folder, Terminal.standard());
        reproduction.clean();
        Optional<String> obstacle = Backends.obstacle("emulated");
        boolean agree = reproduction.run(quick, obstacle.isEmpty());
        obstacle.ifPresent(reason -> Terminal.standard().line("left out: emulated device; " + reason));
        return agree ? 0 : 1;
    }

    /** The command that started this program, up to the main class. */
    private static List<String> self() {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(a -> !a.startsWith("--add-modules")).toList());
        String modules = System.getProperty("jdk.module.path");
        String vector = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() ? ",jdk.incubator.vector" : "";
        if (modules != null) {
            command.addAll(List.of("-p", modules, "--add-modules", "gradus" + vector, "-m", "gradus/gradus.cli.Main"));
        } else {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), "--add-modules", "ALL-SYSTEM", "gradus.cli.Main"));
        }
        return command;
    }
}
