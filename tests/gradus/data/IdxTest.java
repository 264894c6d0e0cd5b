package gradus.data;

import static gradus.tensor.Damage.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gradus.tensor.Npy;
import gradus.tensor.Shape;
import gradus.tensor.ShapeException;
import gradus.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxTest {
    @TempDir
    Path folder;

    private static Images ramp(int count) {
        byte[] pixels = new byte[count * 6];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 37);
        }
        return Images.of(pixels, count, 2, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"images", "images.gz"})
    void whatIsWrittenIsRead(String name) throws IOException {
        Images images = ramp(5);
        Idx.write(folder.resolve(name), images);
        Images read = Idx.readImages(folder.resolve(name));
        assertEquals("5 images of 2 × 3", read.toString());
        assertArrayEquals(images.bytes(), read.bytes());
        Idx.write(folder.resolve("l" + name), new int[] {0, 9, 255});
        assertArrayEquals(new int[] {0, 9, 255}, Idx.readLabels(folder.resolve("l" + name)));
    }

    private Path file(byte[] rest, int... head) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(head.length * 4 + rest.length);
        for (int h : head) {
            out.putInt(h);
        }
        return Files.write(folder.resolve("train-images"), out.put(rest).array());
    }

    private Path zipped(byte[] rest, int... head) throws IOException {
        Path plain = file(rest, head);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(Files.readAllBytes(plain));
        }
        return Files.write(folder.resolve("train-images.gz"), bytes.toByteArray());
    }

    @Test
    void refusesWhatItCannotRead() throws IOException {
        assertRefused(file(new byte[11], 0x803, 60000, 2, 3), Idx::readImages, "byte 4 says 60000 images, the file holds 1 (cut off at byte 27)");
        assertRefused(zipped(new byte[11], 0x803, 3, 2, 3), Idx::readImages, "train-images.gz: byte 4 says 3 images, the file holds 1 (cut off at byte 27)");
        assertRefused(file(new byte[13], 0x803, 2, 2, 3), Idx::readImages, "byte 4 says 2 images, the file goes on after byte 28, where they end");
        assertRefused(zipped(new byte[13], 0x803, 2, 2, 3), Idx::readImages, "the file goes on after byte 28");
        assertRefused(file(new byte[12], 0x801, 2, 2, 3), Idx::readImages, "byte 0 holds magic 0x00000801 (labels), wanted 0x00000803 (images)");
        assertRefused(file(new byte[12], 0x803, 2, 2, 3), Idx::readLabels, "byte 0 holds magic 0x00000803 (images), wanted 0x00000801 (labels)");
        assertRefused(file(new byte[12], 0xd03, 2, 2, 3), Idx::readImages, "byte 2 holds element type 0x0d");
        assertRefused(file(new byte[12], 0x803, 2, 0, 3), Idx::readImages, "byte 8 says 0 rows of pixels");
        assertRefused(file(new byte[12], 0x803, 2, 2, -1), Idx::readImages, "byte 12 says 4294967295 columns of pixels");
        assertRefused(file(new byte[12], 0x803, -1, 32768, 32768), Idx::readImages, "says 4294967295 images, the file holds 0");
        assertRefused(file(new byte[0], 0x803, 2), Idx::readImages, "byte 8 is the end of the file");
        assertRefused(Files.write(folder.resolve("x"), new byte[0]), Idx::readImages, "byte 0 is the end of the file");
        assertRefused(Files.writeString(folder.resolve("x"), "Dear reader"), Idx::readImages, "holds magic 0x44656172");
        assertRefused(Files.write(folder.resolve("x.gz"), new byte[] {0x1f, (byte) 0x8b, 8}), Idx::readImages, "gzip header that is broken");
    }

    @Test
    void refusesDamagedCompression() throws IOException {
        byte[] noise = new byte[6000];
        new java.util.Random(1).nextBytes(noise);
        byte[] sound = Files.readAllBytes(zipped(noise, 0x803, 1000, 2, 3));
        assertRefused(Files.write(folder.resolve("cut.gz"), Arrays.copyOf(sound, 3000)), Idx::readImages, "byte 4 says 1000 images, the file holds 4", "cut off at byte");
        byte[] wrongSum = sound.clone();
        wrongSum[sound.length - 8] ^= 1;
        assertRefused(Files.write(folder.resolve("sum.gz"), wrongSum), Idx::readImages, "byte 6,016 follows damaged compressed data");
    }

    @Test
    void aCompressionBombIsRefusedBeforeItIsUnpacked() throws IOException {
        // 2000 MB claimed by a file of 1 kB: more than deflate can hold.
        assertRefused(zipped(new byte[1 << 20], 0x803, 2_000_000, 10, 100), Idx::readImages, "byte 4 says 2000000 images, the file holds");
        // 64 MB behind one image: what follows the claimed content is not unpacked.
        assertRefused(zipped(new byte[1 << 26], 0x803, 1, 2, 3), Idx::readImages, "the file goes on after byte 22");
    }

    @Test
    void scalesHaveTheBitsOfTorchvision() throws IOException {
        byte[] levels = new byte[256];
        for (int i = 0; i < 256; i++) {
            levels[i] = (byte) i;
        }
        Images images = Images.of(levels, 1, 16, 16);
        float[] golden = Npy.read(Path.of("tests/gradus/data/golden/normalized.npy")).tensor().toFloats();
        assertArrayEquals(Arrays.copyOf(golden, 256), images.scaledTo(0, 1).flattened().floats());
        assertArrayEquals(Arrays.copyOfRange(golden, 256, 512), images.scaledTo(-1, 1).flattened().floats());
        assertArrayEquals(Arrays.copyOfRange(golden, 512, 768), images.normalized(0.1307f, 0.3081f).flattened().floats());
        assertEquals(255f, images.flattened().get(0, 255));
        assertThrows(IllegalArgumentException.class, () -> images.scaledTo(1, 1));
    }

    @Test
    void imagesAreTakenByNumber() {
        Images images = ramp(4).scaledTo(0, 1);
        Tensor all = images.flattened();
        Tensor some = images.rows(2, 0, 2).planes();
        assertEquals(Shape.of(3, 1, 2, 3), some.shape());
        assertEquals(all.get(2, 5), some.get(0, 0, 1, 2));
        assertEquals(all.get(0, 4), some.get(1, 0, 1, 1));
        assertEquals(all.get(1, 0), images.range(1, 3).flattened().get(0, 0));
        assertEquals(37 * 7 % 256, images.raw(1, 0, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> images.rows(4));
        assertThrows(IndexOutOfBoundsException.class, () -> images.range(2, 5));
        assertThrows(ShapeException.class, () -> Images.of(new byte[5], 1, 2, 3));
    }
}
