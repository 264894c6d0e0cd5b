package gradus.experiments;

import gradus.data.Dataset;
import gradus.data.DatasetSource;
import gradus.runner.Run;
import gradus.runner.Setting;
import java.util.List;

/** The images that a model learns from, and those that it is tested on. */
record TrainAndTest(Dataset train, Dataset test) {
    /** How many of each; a quick run has 10,000 in all. */
    static List<Setting> settings(int quickRows, int quickTestRows) {
        return List.of(
                Setting.of("rows", 60_000, quickRows, "images to train on, from the first").inRepro(32),
                Setting.of("testRows", 10_000, quickTestRows, "images to test on").inRepro(16));
    }

    /** The two files of a data set; in a quick run two parts of the test images, which ship with Gradus. */
    static TrainAndTest of(Run run, DatasetSource train, DatasetSource test) {
        int rows = run.integer("rows");
        int testRows = run.integer("testRows");
        if (run.quick()) {
            run.note("A quick run learns from the first " + rows + " of the data set's test images and is tested on the " + testRows + " after them.");
            List<Dataset> parts = run.data(test).split(rows, testRows);
            return new TrainAndTest(parts.get(0), parts.get(1));
        }
        return new TrainAndTest(run.data(train).first(rows), run.data(test).first(testRows));
    }
}
