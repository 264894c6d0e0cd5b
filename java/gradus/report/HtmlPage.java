package gradus.report;

import static gradus.report.Show.html;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** What every page that Gradus writes begins with, and how scripts and data get into it: one file that needs nothing else. */
public final class HtmlPage {
    /** The charting library, as a resource. */
    public static final String ECHARTS = "/META-INF/resources/webjars/echarts/5.5.0/echarts.min.js";

    private HtmlPage() {
    }

    /**
     * Everything up to the body.
     *
     * @param styles resources with style sheets
     * @throws IOException when a resource is not on the class or module path
     */
    public static void head(StringBuilder out, String title, String... styles) throws IOException {
        // The policy keeps every browser from loading anything: what is seen is what the file holds.
        out.append("""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src 'unsafe-inline'" />
                <meta name="color-scheme" content="light dark" />
                <meta name="generator" content="Gradus" />
                <link rel="icon" href="data:," />
                """);
        out.append("<title>").append(html(title)).append("</title>\n<style>\n");
        for (String style : styles) {
            out.append(new String(bytes(style), StandardCharsets.UTF_8));
        }
        out.append("</style>\n</head>\n");
    }

    /** A script element with the code of a resource. */
    public static void script(StringBuilder out, String resource) throws IOException {
        out.append("<script>\n").append(harmless(new String(bytes(resource), StandardCharsets.UTF_8))).append("\n</script>\n");
    }

    /** The same, to a page that is written as bytes: a megabyte of code is neither decoded nor encoded. */
    public static void script(OutputStream out, String resource) throws IOException {
        String code = harmless(new String(bytes(resource), StandardCharsets.ISO_8859_1));
        out.write(("<script>\n" + code + "\n</script>\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Neither may appear inside a script element; in JavaScript both spellings mean the same. */
    private static String harmless(String code) {
        return code.replace("</script", "<\\/script").replace("<!--", "<\\!--");
    }

    /** A script element with data, which JavaScript reads by its id. */
    public static void data(StringBuilder out, String id, String json) {
        out.append("<script type=\"application/json\" id=\"").append(html(id)).append("\">").append(json.replace("<", "\\u003c")).append("</script>\n");
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream own = HtmlPage.class.getResourceAsStream(name);
             InputStream in = own != null ? own : ClassLoader.getSystemResourceAsStream(name.substring(1))) {
            if (in == null) {
                throw new FileNotFoundException("report: " + name + " is not on the class or module path; build anew (mvn package)");
            }
            return in.readAllBytes();
        }
    }
}
