package gradus.check;

import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Looks for the smallest input at which a check still fails: first smaller extents (all axes of one extent together, so that products keep
 * fitting), then simpler numbers. Points that the function does not take are passed over.
 */
final class Shrinker {
    private static final int TRIES = 400;
    private final GradCheck check;
    private int tries;

    private Shrinker(GradCheck check) {
        this.check = check;
    }

    /** A check of the same function that fails, at the smallest point found. */
    static GradCheck smallest(GradCheck failing) {
        Shrinker shrinker = new Shrinker(failing.only(Aspect.VJP));
        boolean firstOrder = shrinker.fails(failing.inputs());
        List<Tensor> small = (firstOrder ? shrinker : new Shrinker(failing.without(Aspect.BACKENDS))).shrink(failing.inputs());
        return failing.at(small);
    }

    private List<Tensor> shrink(List<Tensor> inputs) {
        List<Tensor> best = inputs.stream().map(t -> t.as(DType.FLOAT64)).toList();
        if (!fails(best)) {
            return best;
        }
        for (List<Tensor> next = smallerShape(best); next != null; next = smallerShape(next)) {
            best = next;
        }
        return simplerNumbers(best);
    }

    private boolean fails(List<Tensor> inputs) {
        try {
            return tries++ < TRIES && check.at(inputs).report().failed();
        } catch (RuntimeException e) {
            return false;
        }
    }

    private List<Tensor> smallerShape(List<Tensor> inputs) {
        TreeSet<Integer> extents = new TreeSet<>();
        inputs.forEach(t -> {
            for (int d : t.shape().dims()) {
                if (d > 1) {
                    extents.add(d);
                }
            }
        });
        for (int extent : extents.descendingSet()) {
            for (int to : new int[] {1, extent / 2, extent - 1}) {
                List<Tensor> cut = to >= 1 && to < extent ? inputs.stream().map(t -> cut(t, extent, to)).toList() : null;
                if (cut != null && fails(cut)) {
                    return cut;
                }
            }
        }
        return null;
    }

    private static Tensor cut(Tensor t, int extent, int to) {
        Tensor out = t;
        for (int a = 0; a < t.rank(); a++) {
            if (t.dim(a) == extent) {
                out = out.slice(a, 0, to);
            }
        }
        return out.copy();
    }

    private List<Tensor> simplerNumbers(List<Tensor> inputs) {
        List<Tensor> best = new ArrayList<>(inputs);
        for (int k = 0; k < best.size(); k++) {
            for (int i = 0; i < best.get(k).size() && i < 64; i++) {
                double[] now = best.get(k).toDoubles();
                for (double simple : new double[] {0, 1, 0.5, Math.rint(now[i]), Math.rint(now[i] * 8) / 8}) {
                    if (Double.compare(simple, now[i]) != 0 && tryNumber(best, k, now, i, simple)) {
                        break;
                    }
                }
            }
        }
        return List.copyOf(best);
    }

    private boolean tryNumber(List<Tensor> best, int k, double[] now, int i, double simple) {
        double[] changed = now.clone();
        changed[i] = simple;
        Shape shape = best.get(k).shape();
        Tensor before = best.get(k);
        best.set(k, Tensor.of(changed, shape.dims()));
        if (fails(best)) {
            return true;
        }
        best.set(k, before);
        return false;
    }
}
