package gradus.lens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless Chromium, driven over its own debugging protocol: no further library, no download. */
final class Browser implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SECONDS = 90;

    private final Process process;
    private final Path profile;
    private final WebSocket socket;
    private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
    /** What the page wrote to its console, and exceptions that nobody caught. */
    final List<String> complaints = new ArrayList<>();
    private int calls;

    static Optional<Path> find() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(d -> Stream.of("chromium", "chromium-browser", "google-chrome").map(n -> Path.of(d, n))).filter(Files::isExecutable).findFirst();
    }

    Browser(Path executable, URI page) throws Exception {
        profile = Files.createTempDirectory("gradus-browser");
        process = new ProcessBuilder(executable.toString(), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--user-data-dir=" + profile, "--remote-debugging-port=0", "--window-size=1300,1500", "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        String address = address(process.errorReader());
        socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(URI.create(address), new Listener()).get(SECONDS, TimeUnit.SECONDS);
        JsonNode target = call(null, "Target.createTarget", Map.of("url", "about:blank"));
        session = call(null, "Target.attachToTarget", Map.of("targetId", target.get("targetId").asText(), "flatten", true)).get("sessionId").asText();
        call("Runtime.enable", Map.of());
        call("Page.enable", Map.of());
        call("Page.navigate", Map.of("url", page.toString()));
        waitFor("document.readyState === 'complete' && document.documentElement.dataset.charts");
    }

    private String session;

    private static String address(BufferedReader log) throws IOException {
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            if (line.startsWith("DevTools listening on ")) {
                Thread.ofVirtual().start(() -> log.lines().forEach(rest -> { }));
                return line.substring("DevTools listening on ".length());
            }
        }
        throw new IOException("the browser ended without saying where it listens");
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                try {
                    answers.add(JSON.readTree(text.toString()));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }

    JsonNode call(String method, Map<String, ?> parameters) throws Exception {
        return call(session, method, parameters);
    }

    private JsonNode call(String where, String method, Map<String, ?> parameters) throws Exception {
        int id = ++calls;
        Map<String, Object> message = new java.util.HashMap<>(Map.of("id", id, "method", method, "params", parameters));
        if (where != null) {
            message.put("sessionId", where);
        }
        socket.sendText(JSON.writeValueAsString(message), true).get(SECONDS, TimeUnit.SECONDS);
        while (true) {
            JsonNode answer = answers.poll(SECONDS, TimeUnit.SECONDS);
            if (answer == null) {
                throw new IOException(method + ": no answer within " + SECONDS + " seconds");
            }
            if (answer.path("id").asInt() == id) {
                if (answer.has("error")) {
                    throw new IOException(method + ": " + answer.get("error"));
                }
                return answer.get("result");
            }
            if (List.of("Runtime.consoleAPICalled", "Runtime.exceptionThrown").contains(answer.path("method").asText())) {
                complaints.add(answer.get("params").toString());
            }
        }
    }

    /** The value of an expression as text. */
    String value(String expression) throws Exception {
        return call("Runtime.evaluate", Map.of("expression", "String(" + expression + ")", "returnByValue", true)).at("/result/value").asText();
    }

    void waitFor(String expression) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!value("Boolean(" + expression + ")").equals("true")) {
            if (System.nanoTime() > end) {
                throw new IOException("after " + SECONDS + " seconds this is still not true: " + expression + "; the page complains " + complaints);
            }
            Thread.sleep(50);
        }
    }

    /** Presses and lets go of a key, as a person does. */
    void press(String key, int code) throws Exception {
        for (String type : List.of("keyDown", "keyUp")) {
            call("Input.dispatchKeyEvent", Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", code));
        }
    }

    byte[] picture() throws Exception {
        return Base64.getDecoder().decode(call("Page.captureScreenshot", Map.of("format", "png")).get("data").asText());
    }

    @Override
    public void close() throws Exception {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
        }
    }
}
