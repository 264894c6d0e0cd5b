package gradus.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.optim.Adam;
import gradus.runner.Options;
import gradus.tensor.NpyArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a file, and in a browser whose slider is moved. */
class LensPageTest {
    private static final int RIGHT = 39;

    @TempDir
    static Path folder;

    @BeforeAll
    static void write() {
        Options options = new Options(null, folder, null, "cpu", 2, false, Map.of(), false, null);
        new SmallRun(Adam.torch(0.01), 4).under(options.watchedBy(Probe.every(2).withNoise(4).withCurvature(4)));
    }

    @Test
    void nothingIsLoadedFromElsewhere() throws Exception {
        String html = Files.readString(folder.resolve("lens.html"));
        assertTrue(html.contains("default-src 'none'"));
        String own = html.replaceAll("(?s)<script>.*?</script>", "");
        assertFalse(own.contains("http:") || own.contains("https:"), "an address in the markup or the data");
    }

    @Test
    void movingTheSliderChangesWhatIsRead() throws Exception {
        Optional<Path> executable = Browser.find();
        if (executable.isEmpty()) {
            System.out.println("skipped: no Chromium on the search path, the lens was not opened in a browser");
        }
        Assumptions.assumeTrue(executable.isPresent(), "no Chromium on the search path");
        Map<String, NpyArray> arrays = ProbeFile.readAll(folder).getFirst().arrays();
        try (Browser browser = new Browser(executable.get(), folder.resolve("lens.html").toUri())) {
            assertEquals("0", browser.value("document.documentElement.dataset.step"));
            assertTrue(Integer.parseInt(browser.value("document.documentElement.dataset.charts")) >= 18, "all charts are drawn");
            assertLossShown(browser, arrays, 0);
            byte[] before = browser.picture();
            String spread = spread(browser);
            browser.value("document.getElementById('step').focus()");
            browser.press("ArrowRight", RIGHT);
            browser.press("ArrowRight", RIGHT);
            browser.press("ArrowRight", RIGHT);
            browser.waitFor("document.documentElement.dataset.step === '6'");
            assertLossShown(browser, arrays, 3);
            assertTrue(browser.value("document.getElementById('where').textContent").startsWith("step 6 · epoch 2, batch 1"));
            assertNotEquals(spread, spread(browser), "the histogram moved too");
            assertEquals("6", browser.value("echarts.getInstanceByDom(document.getElementById('loss')).getOption().series[0].markLine.data[0].xAxis"));
            assertFalse(Arrays.equals(before, browser.picture()), "the picture is another");
            browser.value("(s => { s.value = 1; s.dispatchEvent(new Event('change')); })(document.getElementById('parameter'))");
            double norm = arrays.get("norm/gradient").doubles()[3 * 4 + 1];
            assertShown(browser, "‖g‖", norm);
            browser.value("location.hash = 'step=9'");
            browser.waitFor("document.documentElement.dataset.step === '8'");
            assertEquals(List.of(), browser.complaints);
        }
    }

    private static String spread(Browser browser) throws Exception {
        return browser.value("JSON.stringify(echarts.getInstanceByDom(document.querySelector('[data-spread=gradient]')).getOption().series[0].data)");
    }

    private static void assertLossShown(Browser browser, Map<String, NpyArray> arrays, int record) throws Exception {
        assertShown(browser, "loss", arrays.get("cost").doubles()[record]);
    }

    private static void assertShown(Browser browser, String name, double value) throws Exception {
        String shown = browser.value("[...document.querySelectorAll('#now tr')].find(r => r.firstChild.textContent === '" + name + "').lastChild.textContent");
        assertEquals(Double.parseDouble(String.format(Locale.ROOT, "%.4g", value)), Double.parseDouble(shown), Math.abs(value) * 1e-3, name);
    }
}
