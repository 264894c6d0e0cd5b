package gradus.report;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Lossless pictures: PNG (ISO/IEC 15948), eight bits a channel, rows unfiltered. Written here because the platform's writer would start the whole window toolkit. */
final class Png {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private Png() {
    }

    /** The file of a picture with 1 (grey), 3 (red, green, blue) or 4 (and opacity) bytes a pixel, row after row. */
    static byte[] of(byte[] pixels, int width, int height, int channels) {
        int kind = switch (channels) {
            case 1 -> 0;
            case 3 -> isGrey(pixels) ? 0 : 2;
            case 4 -> 6;
            default -> throw new IllegalArgumentException("png: " + channels + " channels, wanted 1, 3 or 4");
        };
        if (pixels.length != width * height * channels || width < 1 || height < 1) {
            throw new IllegalArgumentException("png: " + pixels.length + " bytes for " + width + " × " + height + " × " + channels);
        }
        int kept = kind == 0 ? 1 : channels;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        chunk(out, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8).put((byte) kind).array());
        chunk(out, "IDAT", packed(pixels, width, height, channels, kept));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static boolean isGrey(byte[] rgb) {
        for (int i = 0; i < rgb.length; i += 3) {
            if (rgb[i] != rgb[i + 1] || rgb[i] != rgb[i + 2]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] packed(byte[] pixels, int width, int height, int channels, int kept) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater deflater = new Deflater();
        byte[] row = new byte[1 + width * kept];   // begins with the filter's number, 0
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater)) {
            for (int y = 0; y < height; y++) {
                if (kept == channels) {
                    System.arraycopy(pixels, y * width * channels, row, 1, width * channels);
                } else {
                    for (int x = 0; x < width; x++) {
                        row[1 + x] = pixels[(y * width + x) * channels];
                    }
                }
                out.write(row);
            }
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] content) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(content);
        out.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        out.writeBytes(name);
        out.writeBytes(content);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
