package gradus.runner;

import gradus.data.Csv;
import gradus.report.Axis;
import gradus.report.LineChart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/** A fork beside the run that it comes from: the costs of both on one chart, where they part, and whether the hashes agree. */
final class ForkReport {
    private static final String LOSSES = "losses.csv";

    private ForkReport() {
    }

    /** Adds charts and notes to the fork's report; its own losses must be complete. */
    static void add(Run run) throws IOException {
        Fork fork = run.options().fork();
        SequencedMap<String, List<String>> earlier = costs(fork.run().resolve(LOSSES));
        for (Map.Entry<String, List<String>> model : costs(run.folder().resolve(LOSSES)).entrySet()) {
            List<String> before = earlier.getOrDefault(model.getKey(), List.of());
            String remark = model.getKey() + ": " + compare(before, model.getValue());
            run.say(remark);
            run.figure(LineChart.of("Fork at step " + fork.at() + ": cost of " + model.getKey(), Axis.of("step"), Axis.log("cost of the batch"))
                    .caption(remark.substring(0, 1).toUpperCase(Locale.ROOT) + remark.substring(1) + ". Changed: " + fork.changes() + ".")
                    .line("the run, " + fork.run(), counting(before), numbers(before))
                    .line("the fork", counting(model.getValue()), numbers(model.getValue()))
                    .vertical(fork.at(), "fork"));
        }
        String hash = Recorded.hash(fork.run());
        boolean same = hash != null && hash.equals(run.hash());
        run.say(same ? "the fork ends in the run's hash" : "the run's hash was " + hash);
        run.note("A fork of " + fork.run() + " at step " + fork.at() + "; changed: " + fork.changes() + ". " + (same ? "It ends in the run's hash." : "The run's hash was " + hash + "."));
    }

    private static String compare(List<String> before, List<String> now) {
        int both = Math.min(before.size(), now.size());
        int same = 0;
        while (same < both && before.get(same).equals(now.get(same))) {
            same++;
        }
        return same == both ? "all " + both + " costs are the run's" : "the first " + same + " costs are the run's, then they part";
    }

    private static SequencedMap<String, List<String>> costs(Path table) throws IOException {
        SequencedMap<String, List<String>> all = new LinkedHashMap<>();
        for (List<String> row : Csv.read(table).rows()) {
            all.computeIfAbsent(row.getFirst(), model -> new ArrayList<>()).add(row.getLast());
        }
        return all;
    }

    private static double[] numbers(List<String> costs) {
        return costs.stream().mapToDouble(Double::parseDouble).toArray();
    }

    private static double[] counting(List<String> costs) {
        double[] steps = new double[costs.size()];
        Arrays.setAll(steps, i -> i);
        return steps;
    }
}
