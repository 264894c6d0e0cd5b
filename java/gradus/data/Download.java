package gradus.data;

import static gradus.tensor.FormatException.grouped;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One file over HTTP, written to a part file that a later attempt goes on with ({@code Range: bytes=N-}, RFC 9110 §14) when the server can.
 */
final class Download {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int SILENCE_MILLIS = 30_000;
    private static final int ATTEMPTS = 3;
    private static final long REPORT_EVERY = 1 << 18;

    private Download() {
    }

    /**
     * Brings the part file to the full length. A connection that breaks is taken up again up to three times; what came in stays for the next call.
     *
     * @param most the most bytes to accept
     */
    static void fetch(URI address, Path part, long most, DataProgress progress) throws IOException {
        for (int attempt = 1;; attempt++) {
            long before = Files.exists(part) ? Files.size(part) : 0;
            try {
                attempt(address, part, before, most, progress);
                return;
            } catch (RefusedException e) {
                throw e;
            } catch (IOException e) {
                boolean cameOn = Files.exists(part) && Files.size(part) > before;
                if (!cameOn || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static void attempt(URI address, Path part, long have, long most, DataProgress progress) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(SILENCE_MILLIS);
        connection.setRequestProperty("User-Agent", "gradus");
        connection.setRequestProperty("Accept-Encoding", "identity");
        if (have > 0) {
            connection.setRequestProperty("Range", "bytes=" + have + "-");
        }
        try {
            int status = connection.getResponseCode();
            boolean goesOn = status == HttpURLConnection.HTTP_PARTIAL && startsAt(connection, have);
            if (have > 0 && (status == 416 || status == HttpURLConnection.HTTP_PARTIAL && !goesOn)) {
                Files.delete(part);   // what we have is no beginning of what the server has
                attempt(address, part, 0, most, progress);
                return;
            }
            if (status != HttpURLConnection.HTTP_OK && !goesOn) {
                throw new RefusedException("HTTP status " + status);
            }
            receive(connection, part, goesOn ? have : 0, most, progress);
        } finally {
            connection.disconnect();
        }
    }

    private static boolean startsAt(HttpURLConnection connection, long have) {
        String range = connection.getHeaderField("Content-Range");
        return range != null && range.startsWith("bytes " + have + "-");
    }

    private static void receive(HttpURLConnection connection, Path part, long have, long most, DataProgress progress) throws IOException {
        long length = connection.getContentLengthLong();
        long total = length < 0 ? -1 : have + length;
        if (total > most) {
            throw new RefusedException("the server offers " + grouped(total) + " bytes where at most " + grouped(most) + " were expected");
        }
        String name = Path.of(connection.getURL().getPath()).getFileName().toString();
        long done = have;
        long reported = have;
        progress.at(name, done, total);
        try (InputStream in = connection.getInputStream();
             OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                     have > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                done += n;
                if (done > most) {
                    throw new RefusedException("the server sent more than the " + grouped(most) + " bytes expected");
                }
                out.write(buffer, 0, n);
                if (done - reported >= REPORT_EVERY) {
                    progress.at(name, done, total);
                    reported = done;
                }
            }
        }
        progress.at(name, done, total);
        if (total >= 0 && done < total) {
            throw new IOException("the connection broke off after " + grouped(done) + " of " + grouped(total) + " bytes");
        }
    }

    /** An answer that another attempt would not change. */
    private static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }
}
