package gradus.tensor;

import static gradus.tensor.FormatException.grouped;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Named tensors in the safetensors format: eight bytes of header length (little-endian), a JSON header
 * {@code {"name":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},…}}, the values row-major and little-endian.
 *
 * <p>Reading is strict: the header must fit the file, names must be unique, and the tensors must cover the data without gap or overlap.
 * What is written has the bytes that the reference implementation writes (wider types first, then by name; the header padded with spaces to a multiple of 8).
 */
public final class Safetensors {
    /** The reference implementation's bound. */
    private static final int LONGEST_HEADER = 100_000_000;
    private static final int LENGTH_BYTES = 8;
    private static final String METADATA = "__metadata__";
    private static final JsonFactory JSON = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private Safetensors() {
    }

    /** What a file holds: tensors by name, and the texts of {@code __metadata__}. */
    public record Contents(SortedMap<String, Tensor> tensors, SortedMap<String, String> metadata) {
    }

    private record Slot(String name, DType dtype, Shape shape, long begin, long end) {
    }

    private record Header(List<Slot> slots, SortedMap<String, String> metadata) {
    }

    /**
     * Reads a file.
     *
     * @throws FormatException when it is not a whole safetensors file of F32 and F64 tensors
     */
    public static Contents read(Path path) throws IOException {
        try (FormatReader reader = FormatReader.open(path)) {
            long length = reader.i8("the header's length", ByteOrder.LITTLE_ENDIAN);
            reader.require(length, 0, "says a header of " + Long.toUnsignedString(length) + " bytes");
            if (length > LONGEST_HEADER) {
                throw reader.error(0, "says a header of " + grouped(length) + " bytes", "wanted at most " + grouped(LONGEST_HEADER));
            }
            Header header = parse(reader.bytes((int) length, "the header"), reader);
            List<Slot> slots = new ArrayList<>(header.slots());
            slots.sort(Comparator.comparingLong(Slot::begin).thenComparingLong(Slot::end));
            requireCover(slots, reader);
            SortedMap<String, Tensor> tensors = new TreeMap<>();
            for (Slot s : slots) {
                tensors.put(s.name(), values(s, reader));
            }
            reader.end("the last tensor");
            return new Contents(tensors, header.metadata());
        }
    }

    private static void requireCover(List<Slot> slots, FormatReader reader) throws IOException {
        long start = reader.position();
        long at = 0;
        for (Slot s : slots) {
            if (s.begin() != at) {
                throw reader.error(start + at, s.begin() < at ? "is passed when tensor '" + s.name() + "' begins, at data offset " + grouped(s.begin())
                        : "belongs to no tensor: the next, '" + s.name() + "', begins at data offset " + grouped(s.begin()), "wanted tensors without gap or overlap");
            }
            at = s.end();
        }
        if (at != reader.remaining()) {
            throw reader.error(start + Math.min(at, reader.remaining()), at < reader.remaining() ? "begins " + grouped(reader.remaining() - at) + " bytes of no tensor"
                    : "is the end of the file", "the tensors take " + grouped(at) + " bytes");
        }
    }

    private static Tensor values(Slot slot, FormatReader reader) throws IOException {
        String what = "tensor '" + slot.name() + "'";
        switch (slot.dtype()) {
            case FLOAT32 -> {
                float[] values = new float[slot.shape().size()];
                reader.fill(values, what, ByteOrder.LITTLE_ENDIAN);
                return Tensor.over(new Storage.Floats(values), slot.shape());
            }
            case FLOAT64 -> {
                double[] values = new double[slot.shape().size()];
                reader.fill(values, what, ByteOrder.LITTLE_ENDIAN);
                return Tensor.over(new Storage.Doubles(values), slot.shape());
            }
        }
        throw new IllegalStateException("dtype " + slot.dtype());
    }

    private static Header parse(byte[] json, FormatReader reader) throws IOException {
        // A zero in second place would make the JSON parser take the header for UTF-16.
        if (json.length < 2 || json[0] != '{' || json[1] == 0) {
            throw reader.error(LENGTH_BYTES, "does not begin a JSON object", "wanted '{'");
        }
        try (JsonParser p = JSON.createParser(json)) {
            Fields fields = new Fields(p, reader);
            List<Slot> slots = new ArrayList<>();
            SortedMap<String, String> metadata = new TreeMap<>();
            p.nextToken();
            while (p.nextToken() == JsonToken.FIELD_NAME) {
                String name = p.currentName();
                if (name.equals(METADATA)) {
                    metadata = fields.metadata();
                } else {
                    slots.add(fields.slot(name));
                }
            }
            if (p.nextToken() != null) {
                throw fields.error("holds " + p.currentToken(), "wanted only spaces after the header's object");
            }
            return new Header(slots, metadata);
        } catch (JsonProcessingException e) {
            long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
            throw reader.error(LENGTH_BYTES + at, "breaks the JSON header (" + e.getOriginalMessage() + ")", "wanted JSON with unique names");
        }
    }

    /** The header's values, each checked for its kind. */
    private record Fields(JsonParser p, FormatReader reader) {

        Slot slot(String name) throws IOException {
            want(JsonToken.START_OBJECT, "an object for tensor '" + name + "'");
            DType dtype = null;
            Shape shape = null;
            long[] offsets = null;
            while (p.nextToken() == JsonToken.FIELD_NAME) {
                String key = p.currentName();
                switch (key) {
                    case "dtype" -> dtype = dtype(name);
                    case "shape" -> shape = shape(name);
                    case "data_offsets" -> offsets = longs("data_offsets");
                    default -> throw error("holds the key '" + key + "' in tensor '" + name + "'", "wanted dtype, shape and data_offsets");
                }
            }
            if (dtype == null || shape == null || offsets == null || offsets.length != 2) {
                throw error("ends tensor '" + name + "'", "wanted dtype, shape and two data_offsets");
            }
            long bytes = (long) shape.size() * dtype.bytes();
            if (offsets[1] < offsets[0] || offsets[1] - offsets[0] != bytes) {
                throw error("ends tensor '" + name + "' with data_offsets " + offsets[0] + ", " + offsets[1],
                        dtype.code() + shape + " takes " + grouped(bytes) + " bytes");
            }
            return new Slot(name, dtype, shape, offsets[0], offsets[1]);
        }

        private DType dtype(String name) throws IOException {
            want(JsonToken.VALUE_STRING, "a dtype");
            String code = p.getText();
            for (DType d : DType.values()) {
                if (d.code().equals(code)) {
                    return d;
                }
            }
            throw error("says dtype '" + code + "' for tensor '" + name + "'", "Gradus reads F32 and F64");
        }

        private Shape shape(String name) throws IOException {
            long[] extents = longs("shape");
            int[] dims = new int[extents.length];
            for (int i = 0; i < dims.length; i++) {
                if (extents[i] > Integer.MAX_VALUE) {
                    throw error("says extent " + extents[i] + " for tensor '" + name + "'", "Gradus reads fewer than 2^31 elements");
                }
                dims[i] = (int) extents[i];
            }
            try {
                return Shape.of(dims);
            } catch (ShapeException e) {
                throw error("says a shape of 2^31 elements or more for tensor '" + name + "'", "Gradus reads fewer than 2^31 elements");
            }
        }

        private long[] longs(String what) throws IOException {
            want(JsonToken.START_ARRAY, "a list for " + what);
            List<Long> out = new ArrayList<>();
            while (p.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                boolean fits = p.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
                if (!fits || p.getLongValue() < 0) {
                    throw error("says " + p.getText() + " in " + what, "wanted numbers from 0 to 2^63 - 1");
                }
                out.add(p.getLongValue());
            }
            if (p.currentToken() != JsonToken.END_ARRAY) {
                throw error("holds " + p.currentToken() + " in " + what, "wanted whole numbers");
            }
            return out.stream().mapToLong(Long::longValue).toArray();
        }

        SortedMap<String, String> metadata() throws IOException {
            want(JsonToken.START_OBJECT, "an object for " + METADATA);
            SortedMap<String, String> out = new TreeMap<>();
            while (p.nextToken() == JsonToken.FIELD_NAME) {
                String key = p.currentName();
                want(JsonToken.VALUE_STRING, "a text for '" + key + "' in " + METADATA);
                out.put(key, p.getText());
            }
            return out;
        }

        private void want(JsonToken kind, String what) throws IOException {
            if (p.nextToken() != kind) {
                throw error("holds " + p.currentToken(), "wanted " + what);
            }
        }

        FormatException error(String found, String expected) {
            return reader.error(LENGTH_BYTES + Math.max(0, p.currentLocation().getByteOffset()), found, expected);
        }
    }

    /** Writes tensors, whatever their layout, with texts for {@code __metadata__} (left out when there are none). */
    public static void write(Path path, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        List<Map.Entry<String, Tensor>> entries = new ArrayList<>(tensors.entrySet());
        entries.sort(Comparator.comparing((Map.Entry<String, Tensor> e) -> -e.getValue().dtype().bytes()).thenComparing(Map.Entry::getKey));
        Map<String, Tensor> ordered = new LinkedHashMap<>();
        entries.forEach(e -> ordered.put(e.getKey(), e.getValue()));
        byte[] header = header(ordered, metadata);
        AtomicFiles.write(path, out -> {
            out.write(ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
            out.write(header);
            for (Tensor t : ordered.values()) {
                writeValues(out, t);
            }
        });
    }

    private static byte[] header(Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator g = JSON.createGenerator(bytes)) {
            g.writeStartObject();
            if (!metadata.isEmpty()) {
                g.writeObjectFieldStart(METADATA);
                for (Map.Entry<String, String> e : new TreeMap<>(metadata).entrySet()) {
                    g.writeStringField(e.getKey(), e.getValue());
                }
                g.writeEndObject();
            }
            long at = 0;
            for (Map.Entry<String, Tensor> e : tensors.entrySet()) {
                if (e.getKey().equals(METADATA)) {
                    throw new IllegalArgumentException("safetensors: a tensor cannot be named " + METADATA);
                }
                Tensor t = e.getValue();
                g.writeObjectFieldStart(e.getKey());
                g.writeStringField("dtype", t.dtype().code());
                g.writeFieldName("shape");
                g.writeArray(t.shape().dims(), 0, t.rank());
                g.writeFieldName("data_offsets");
                long end = at + (long) t.size() * t.dtype().bytes();
                g.writeArray(new long[] {at, end}, 0, 2);
                g.writeEndObject();
                at = end;
            }
            g.writeEndObject();
        }
        while (bytes.size() % LENGTH_BYTES != 0) {
            bytes.write(' ');
        }
        return bytes.toByteArray();
    }

    /** Writes a tensor's values, row-major and little-endian, to a stream. */
    public static void writeValues(OutputStream out, Tensor tensor) throws IOException {
        Npy.writeValues(out, NpyArray.of(tensor));
    }
}
