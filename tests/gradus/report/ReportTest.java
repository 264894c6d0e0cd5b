package gradus.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import gradus.lab.Measurement;
import gradus.lab.Results;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The report as a file, as markup, and in a browser. */
class ReportTest {
    private static final Pattern SCRIPT = Pattern.compile("<script( type=\"application/json\")?>(.*?)</script>", Pattern.DOTALL);
    private static final int CHARTS = 10;

    @TempDir
    static Path folder;
    private static String html;

    @BeforeAll
    static void write() throws IOException {
        Gallery.report().write(folder);
        html = Files.readString(folder.resolve("report.html"));
    }

    private static Document parsed(String text) throws Exception {
        String markup = SCRIPT.matcher(text).replaceAll("").replaceAll("(?s)<style>.*?</style>", "").replace("<!DOCTYPE html>", "");
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(markup.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Element> elements(Document document, String tag) {
        NodeList list = document.getElementsByTagName(tag);
        List<Element> out = new ArrayList<>();
        for (int i = 0; i < list.getLength(); i++) {
            out.add((Element) list.item(i));
        }
        return out;
    }

    @Test
    void theMarkupIsWellFormedAndAccessible() throws Exception {
        Document document = parsed(html);
        assertEquals("en", document.getDocumentElement().getAttribute("lang"));
        assertEquals(12, elements(document, "figure").size());
        assertEquals(1, elements(document, "h1").size());
        assertTrue(elements(document, "img").size() > 30);
        elements(document, "img").forEach(i -> assertFalse(i.getAttribute("alt").isBlank()));
        elements(document, "th").forEach(t -> assertFalse(t.getAttribute("scope").isEmpty()));
        List<Element> charts = elements(document, "div").stream().filter(d -> d.getAttribute("class").startsWith("chart ")).toList();
        assertEquals(CHARTS, charts.size());
        charts.forEach(c -> assertTrue(c.getAttribute("role").equals("img") && c.getAttribute("aria-label").length() > 20));
        Set<String> ids = new HashSet<>();
        elements(document, "*").stream().map(e -> e.getAttribute("id")).filter(i -> !i.isEmpty()).forEach(i -> assertTrue(ids.add(i), i));
        elements(document, "a").forEach(a -> assertTrue(ids.contains(a.getAttribute("href").substring(1)), a.getAttribute("href")));
    }

    @Test
    void nothingIsLoadedFromElsewhere() throws Exception {
        Document document = parsed(html);
        for (Element e : elements(document, "*")) {
            for (String attribute : List.of("src", "href")) {
                String value = e.getAttribute(attribute);
                assertTrue(value.isEmpty() || value.startsWith("data:") || value.startsWith("#"), value);
            }
        }
        assertTrue(html.contains("default-src 'none'"));
        assertTrue(html.contains("Licensed to the Apache Software Foundation"), "the charting library keeps its licence");
    }

    @Test
    void textsCannotBreakOutOfMarkupOrScripts() throws Exception {
        Document document = parsed(html);
        assertTrue(elements(document, "figcaption").getLast().getTextContent().equals("a <b>&amp; \"quoted\" 'text' </script><!-- ]]> é"));
        int json = 0;
        int code = 0;
        for (Matcher m = SCRIPT.matcher(html); m.find();) {
            if (m.group(1) == null) {
                code++;
            } else {
                JsonNode data = new ObjectMapper().readTree(m.group(2));
                assertTrue(data.hasNonNull("kind"));
                json++;
            }
        }
        assertEquals(CHARTS, json);
        assertEquals(2, code);
        assertTrue(html.contains("a \\u003cb\\u003e\\u0026amp;"));
    }

    @Test
    void picturesAreWrittenAsFiles() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("images"))) {
            assertEquals(List.of("02-reconstructions-of-the-first-image-of-each-class.png", "04-a-thousand-test-images-in-the-latent-plane.png", "10-what-excites-each-hidden-node.png"),
                    files.map(f -> f.getFileName().toString()).sorted().toList());
        }
    }

    private static String tableOf(Measurement... values) throws Exception {
        Path out = Files.createTempDirectory(folder, "r");
        new HtmlReport("t", "", "", new Results("x", 1, Map.of("quick", true), Map.of(), null, List.of(values)), List.of(), List.of()).write(out);
        Document document = parsed(Files.readString(out.resolve("report.html")));
        List<String> rows = elements(document, "tr").stream().map(r -> r.getTextContent()).toList();
        return String.join("|", elements(document, "ul").getFirst().getTextContent().strip().replaceAll("\\s+", " "), String.join("|", rows));
    }

    @Test
    void publishedNumbersKeepTheirDigitsAndMissesAreSaid() throws Exception {
        String table = tableOf(new Measurement("a", 0.9470131, .947, 5e-5), new Measurement("b", 2.1972e10, 2.1971e10, 5e5), Measurement.measured("c", 10.75413),
                new Measurement("d", 183, 183.0, 0.0), new Measurement("e", -1e-7, 0.0, null));
        assertTrue(table.startsWith("✗ 2 of 3 published values met ! quick run: fewer epochs or rows than a full one seed 1"), table);
        assertTrue(table.contains("|a0.94700.947013+0.000013✓ ±0.00005|"), table);
        assertTrue(table.contains("|b2.1971e102.1972e10+1000000✗ missed ±500000|"), table);
        assertTrue(table.contains("|c–10.7541|"), table);
        assertTrue(table.contains("|d1831830✓ ±0|"), table);
        assertTrue(table.contains("|e0−1e−7−1e−7|"), table);
        assertTrue(tableOf(new Measurement("a", 1, 1.0, 0.0)).startsWith("✓ 1 of 1"));
        assertFalse(tableOf(Measurement.measured("a", Double.NaN)).contains("published"));
    }

    @Test
    void aLongTableShowsItsMissesAndItsBeginning() throws Exception {
        Measurement[] values = new Measurement[100];
        for (int i = 0; i < values.length; i++) {
            values[i] = new Measurement("v" + i + ":", i == 70 ? 2.5 : 1.5, 1.5, .1);
        }
        String table = tableOf(values);
        int missed = table.indexOf("|v70:");
        assertTrue(missed > 0 && missed < table.indexOf("|v0:") && table.indexOf("|v70:", missed + 1) > table.indexOf("|v11:"), table);
        assertEquals(2, table.split("\\|v11:", -1).length - 1);
        assertEquals(1, table.split("\\|v12:", -1).length - 1);
    }

    @Test
    void aReportWithoutChartsCarriesNoLibrary() throws Exception {
        tableOf(Measurement.measured("a", 1));
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> small = files.filter(f -> f.endsWith("report.html") && !f.equals(folder.resolve("report.html"))).toList();
            for (Path p : small) {
                assertTrue(Files.size(p) < 80_000);
            }
        }
    }

    @Test
    void aBrowserDrawsEveryChartWithoutAnError() throws Exception {
        Optional<Path> browser = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(d -> Stream.of("chromium", "chromium-browser", "google-chrome").map(n -> Path.of(d, n))).filter(Files::isExecutable).findFirst();
        if (browser.isEmpty()) {
            System.out.println("skipped: no Chromium on the search path, the report was not opened in a browser");
        }
        Assumptions.assumeTrue(browser.isPresent(), "no Chromium on the search path");
        Path dom = folder.resolve("dom.html");
        Path log = folder.resolve("browser.log");
        Path profile = Files.createTempDirectory("gradus-browser");
        Process process = new ProcessBuilder(browser.get().toString(), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--user-data-dir=" + profile, "--virtual-time-budget=8000", "--enable-logging=stderr", "--v=0", "--window-size=1200,2000",
                "--dump-dom", folder.resolve("report.html").toUri().toString()).redirectOutput(dom.toFile()).redirectError(log.toFile()).start();
        try {
            assertTrue(process.waitFor(90, TimeUnit.SECONDS), "the browser took longer than 90 seconds");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            delete(profile);
        }
        List<String> console = Files.readAllLines(log, StandardCharsets.ISO_8859_1).stream().filter(l -> l.contains("CONSOLE")).toList();
        assertEquals(List.of(), console);
        String drawn = Files.readString(dom);
        assertTrue(drawn.contains("data-charts=\"" + CHARTS + "\""), "not every chart was drawn");
        Matcher surfaces = Pattern.compile("<(svg|canvas)\\b").matcher(drawn.replaceAll("(?s)<script>.*?</script>", ""));
        assertTrue(surfaces.results().count() >= CHARTS);
        Matcher across = Pattern.compile("<path d=\"M[\\d.]+ ([\\d.]+)L[\\d.]+ \\1\"[^>]*dasharray=\"5,4\"").matcher(drawn);
        assertEquals(3, across.results().map(line -> line.group(1)).distinct().count(), "lines at .95, .704 and .696");
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path p : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(p);
            }
        }
    }
}
