package gradus.lab;

import gradus.data.Sha256;
import gradus.tensor.Safetensors;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One SHA-256 for all parameters of a model, the same wherever the run went the same way.
 *
 * <p>Hashed are, for each parameter in ascending order of its name (by UTF-16 code units): the length of the name in UTF-8 bytes, those bytes, the
 * type as three ASCII letters ({@code F32} or {@code F64}), the rank, the extents, and the values in row-major order; lengths, ranks and extents
 * as 32-bit integers, all numbers little-endian. The layout in memory does not matter; every bit of a value does (−0 is not 0).
 */
public final class ParameterHash {
    private static final String PREFIX = "sha256:";

    private ParameterHash() {
    }

    /** The hash as {@code sha256:} and 64 hexadecimal digits. */
    public static String of(SortedMap<String, Tensor> parameters) {
        Sha256 sum = new Sha256();
        OutputStream values = new OutputStream() {
            @Override
            public void write(int b) {
                sum.add(new byte[] {(byte) b});
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                sum.add(bytes, from, length);
            }
        };
        for (Map.Entry<String, Tensor> e : new TreeMap<>((Map<String, Tensor>) parameters).entrySet()) {
            sum.add(head(e.getKey(), e.getValue()));
            try {
                Safetensors.writeValues(values, e.getValue());
            } catch (IOException never) {
                throw new UncheckedIOException(never);
            }
        }
        return PREFIX + sum.hex();
    }

    private static byte[] head(String name, Tensor tensor) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        byte[] type = tensor.dtype().code().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate(4 + utf8.length + type.length + 4 + 4 * tensor.rank()).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(utf8.length).put(utf8).put(type).putInt(tensor.rank());
        for (int d : tensor.shape().dims()) {
            out.putInt(d);
        }
        return out.array();
    }
}
