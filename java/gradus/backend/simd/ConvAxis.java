package gradus.backend.simd;

import gradus.backend.ConvShape;
import gradus.backend.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntBinaryOperator;

/**
 * Which kernel rows (or columns) are terms of each output row (or column), and where in the source they lie. Outputs whose terms lie alike are one
 * pattern: the inside of an image is one, every kind of edge another, and behind a stride each phase.
 */
final class ConvAxis {
    /** The terms of some outputs: kernel places, and the distance of each one's source from the source of the first. */
    static final class Pattern {
        final int[] kernel;
        final int[] distance;
        /** The outputs, ascending, and the source place of each one's first term; 0 where it has none. */
        final int[] outputs;
        final int[] bases;

        private Pattern(Terms terms, List<Integer> outputs, List<Integer> bases) {
            kernel = terms.kernel.stream().mapToInt(Integer::intValue).toArray();
            distance = terms.distance.stream().mapToInt(Integer::intValue).toArray();
            this.outputs = outputs.stream().mapToInt(Integer::intValue).toArray();
            this.bases = bases.stream().mapToInt(Integer::intValue).toArray();
        }

        /** ±1 where at least eight outputs side by side have three taps side by side, ascending or descending; otherwise 0. */
        int slide() {
            if (kernel.length != 3 || outputs.length < 8 || Math.abs(distance[1]) != 1 || distance[2] != 2 * distance[1]) {
                return 0;
            }
            int last = outputs.length - 1;
            boolean dense = outputs[last] - outputs[0] == last && bases[last] - bases[0] == last;
            return dense && kernel[2] - kernel[0] == 2 ? distance[1] : 0;
        }
    }

    /** The rows of a convolution's output, or of its input gradient. */
    static ConvAxis rows(ConvShape s, boolean forward) {
        Window w = s.window();
        return forward ? new ConvAxis(s.outHeight(), w.kernelHeight(), (i, k) -> inside(w.row(i, k), s.height()))
                : new ConvAxis(s.height(), w.kernelHeight(), (h, k) -> meeting(h - w.row(0, k), w.strideHeight(), s.outHeight()));
    }

    /** The columns of a convolution's output, or of its input gradient. */
    static ConvAxis columns(ConvShape s, boolean forward) {
        Window w = s.window();
        return forward ? new ConvAxis(s.outWidth(), w.kernelWidth(), (j, l) -> inside(w.column(j, l), s.width()))
                : new ConvAxis(s.width(), w.kernelWidth(), (c, l) -> meeting(c - w.column(0, l), w.strideWidth(), s.outWidth()));
    }

    private static int inside(int place, int extent) {
        return place >= 0 && place < extent ? place : -1;
    }

    private static int meeting(int distance, int stride, int extent) {
        return distance >= 0 && distance % stride == 0 && distance / stride < extent ? distance / stride : -1;
    }

    /** For each kernel place the outputs from ≤ i &lt; to whose tap lies in the image. */
    static int[][] ranges(int kernels, int outputs, int extent, int stride, int dilation, int before) {
        int[][] ranges = new int[kernels][];
        for (int k = 0; k < kernels; k++) {
            int first = before - k * dilation;
            int from = first <= 0 ? 0 : (first + stride - 1) / stride;
            int to = first + extent <= 0 ? 0 : Math.min(outputs, (first + extent + stride - 1) / stride);
            ranges[k] = new int[] {from, Math.max(from, to)};
        }
        return ranges;
    }

    private record Terms(List<Integer> kernel, List<Integer> distance) {}

    /** All patterns. */
    final Pattern[] patterns;
    /** The pattern of each output, and the place of the output in it. */
    final int[] pattern;
    final int[] place;

    /** For so many outputs and kernel places; {@code source} answers with the source place of (output, kernel), or −1 where that is no term. */
    ConvAxis(int outputs, int kernels, IntBinaryOperator source) {
        pattern = new int[outputs];
        place = new int[outputs];
        Map<Terms, Integer> known = new LinkedHashMap<>();
        List<List<Integer>> members = new ArrayList<>();
        List<List<Integer>> bases = new ArrayList<>();
        for (int o = 0; o < outputs; o++) {
            Terms terms = new Terms(new ArrayList<>(), new ArrayList<>());
            int base = 0;
            for (int k = 0; k < kernels; k++) {
                int s = source.applyAsInt(o, k);
                if (s >= 0) {
                    base = terms.kernel.isEmpty() ? s : base;
                    terms.kernel.add(k);
                    terms.distance.add(s - base);
                }
            }
            int id = known.computeIfAbsent(terms, t -> {
                members.add(new ArrayList<>());
                bases.add(new ArrayList<>());
                return members.size() - 1;
            });
            pattern[o] = id;
            place[o] = members.get(id).size();
            members.get(id).add(o);
            bases.get(id).add(base);
        }
        List<Terms> all = List.copyOf(known.keySet());
        patterns = new Pattern[all.size()];
        Arrays.setAll(patterns, i -> new Pattern(all.get(i), members.get(i), bases.get(i)));
    }
}
