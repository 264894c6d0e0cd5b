package gradus.lab;

import gradus.data.Decimals;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The costs of a run, batch by batch, as {@code losses.csv} holds them: {@code model,epoch,batch,cost}, each cost as the shortest decimal that
 * reads back as the same number. The file grows as {@code losses.csv.part} until {@link #finish}.
 */
public final class LossLog implements Closeable {
    private static final String HEADER = "model,epoch,batch,cost";

    private final GrowingFile file;

    private LossLog(GrowingFile file) {
        this.file = file;
    }

    /** Begins the file anew. */
    public static LossLog begin(Path path) throws IOException {
        return new LossLog(GrowingFile.begin(path, HEADER));
    }

    /** Goes on with the file of an earlier run, keeping the epochs that the checkpoint has. */
    public static LossLog resume(Path path, Epochs done) throws IOException {
        return new LossLog(GrowingFile.resume(path, HEADER, line -> isKept(line, done)));
    }

    /** Which epochs of which model are done. */
    @FunctionalInterface
    public interface Epochs {
        /** Whether this epoch is to be kept. */
        boolean have(String model, int epoch);
    }

    /** Adds a float32 cost. */
    public void add(String model, int epoch, int batch, float cost) throws IOException {
        add(model, epoch, batch, Decimals.of(cost));
    }

    /** Adds a float64 cost. */
    public void add(String model, int epoch, int batch, double cost) throws IOException {
        add(model, epoch, batch, Decimals.of(cost));
    }

    private void add(String model, int epoch, int batch, String cost) throws IOException {
        file.line(Ledger.requireName(model) + "," + epoch + "," + batch + "," + cost);
    }

    /** Adds the lines of an earlier run's file whose epochs are to be kept. */
    public void takeOver(Path earlier, Epochs done) throws IOException {
        for (String line : Files.readAllLines(earlier)) {
            if (isKept(line, done)) {
                file.line(line);
            }
        }
    }

    private static boolean isKept(String line, Epochs done) {
        String[] fields = line.split(",", -1);
        return fields.length == 4 && fields[1].matches("\\d{1,9}") && done.have(fields[0], Integer.parseInt(fields[1]));
    }

    /** Makes sure that everything added outlives this process; called after each epoch. */
    public void flush() throws IOException {
        file.flush();
    }

    /** Completes the file. */
    public void finish() throws IOException {
        file.finish();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
