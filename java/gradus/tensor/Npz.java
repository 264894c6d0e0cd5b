package gradus.tensor;

import static gradus.tensor.FormatException.grouped;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * NumPy's archives of named arrays: a zip file with one {@code NAME.npy} an array, stored ({@code numpy.savez}) or deflated
 * ({@code numpy.savez_compressed}). Nothing in what is written depends on the time of writing.
 */
public final class Npz {
    private static final String SUFFIX = ".npy";
    /** The earliest time that zip knows; NumPy writes it too. */
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    private Npz() {
    }

    /** How the entries of an archive are packed. */
    public enum Packing {
        /** As they are: fast, and other programs can map them. */
        STORED,
        /** Deflated: smaller. */
        DEFLATED
    }

    /**
     * Reads all arrays in the archive's order. Every entry's checksum is checked.
     *
     * @throws FormatException when the file is no zip file, an entry is not an {@code .npy} file, or a name appears twice
     */
    public static Map<String, NpyArray> read(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new NoSuchFileException(path.toString(), null, Files.exists(path) ? "this is not a file" : "there is no such file");
        }
        try (ZipFile zip = open(path)) {
            Map<String, NpyArray> arrays = new LinkedHashMap<>();
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements();) {
                ZipEntry entry = entries.nextElement();
                String name = entry.getName();
                if (!name.endsWith(SUFFIX)) {
                    throw new FormatException(path.toString(), 0, "begins an archive with the entry '" + name + "'", "wanted names that end in .npy");
                }
                NpyArray array = read(path, zip, entry);
                if (arrays.put(name.substring(0, name.length() - SUFFIX.length()), array) != null) {
                    throw new FormatException(path.toString(), 0, "begins an archive with two entries '" + name + "'", "wanted each name once");
                }
            }
            return arrays;
        }
    }

    private static ZipFile open(Path path) throws IOException {
        try {
            return new ZipFile(path.toFile());
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            throw new FormatException(path.toString(), 0, "does not begin a sound zip file (" + e.getMessage() + ")", "wanted an .npz archive");
        }
    }

    private static NpyArray read(Path path, ZipFile zip, ZipEntry entry) throws IOException {
        String file = path + "!" + entry.getName();
        long packed = Math.min(entry.getCompressedSize(), Files.size(path));
        long limit = Math.min(entry.getSize(), entry.getMethod() == ZipEntry.STORED ? packed : FormatReader.unpackedLimit(packed));
        CRC32 crc = new CRC32();
        try (FormatReader reader = new FormatReader(file, new CheckedInputStream(zip.getInputStream(entry), crc), limit)) {
            NpyArray array = Npy.read(reader);
            if (crc.getValue() != entry.getCrc()) {
                throw new FormatException(file, reader.position(), "ends content with CRC-32 " + Long.toHexString(crc.getValue()),
                        "the archive says " + Long.toHexString(entry.getCrc()));
            }
            if (reader.position() != entry.getSize()) {
                throw new FormatException(file, reader.position(), "is the end of the entry", "the archive says " + grouped(entry.getSize()) + " bytes");
            }
            return array;
        } catch (ZipException | EOFException e) {
            throw new FormatException(file, 0, "does not begin a sound entry (" + e.getMessage() + ")", "wanted a stored or deflated one");
        }
    }

    /** Writes named arrays in the map's order. */
    public static void write(Path path, Map<String, NpyArray> arrays, Packing packing) throws IOException {
        AtomicFiles.write(path, out -> {
            ZipOutputStream zip = new ZipOutputStream(out);
            for (Map.Entry<String, NpyArray> e : arrays.entrySet()) {
                ZipEntry entry = new ZipEntry(e.getKey() + SUFFIX);
                entry.setTimeLocal(EPOCH);
                if (packing == Packing.STORED) {
                    describe(entry, e.getValue());
                }
                zip.putNextEntry(entry);
                Npy.write(zip, e.getValue());
                zip.closeEntry();
            }
            zip.finish();
        });
    }

    /** A stored entry's header names its size and checksum before the content: so the content is made twice. */
    private static void describe(ZipEntry entry, NpyArray array) throws IOException {
        CRC32 crc = new CRC32();
        long[] size = {0};
        Npy.write(new CheckedOutputStream(new OutputStream() {
            @Override
            public void write(int b) {
                size[0]++;
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                size[0] += length;
            }
        }, crc), array);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(size[0]);
        entry.setCompressedSize(size[0]);
        entry.setCrc(crc.getValue());
    }
}
