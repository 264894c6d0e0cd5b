package gradus.backend.simd;

import gradus.backend.Formula;
import gradus.backend.Formula.Map;
import gradus.backend.Formula.Pair;
import gradus.backend.Formula.Result;
import gradus.backend.Formula.Scalar;
import gradus.backend.Formula.Step;
import gradus.backend.Zip;
import gradus.numerics.Function;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * How a {@link Formula} is carried out over one block: fewer passes, because steps that are read once join their reader where a loop exists that
 * does both, and a place in scratch memory or in a replaced operand for each result. Joined or not, each operation is rounded as the
 * formula says.
 */
final class FormulaPlan {
    /** What one pass computes from x, y and z with the scalars s and t. */
    enum Kind {
        /** f(x). */
        MAP,
        /** f(x, y). */
        PAIR,
        /** f(x, s). */
        SCALAR,
        /** x + y. */
        ADD,
        /** x·s + y·t. */
        MIX,
        /** x·s + y²·t. */
        MIX_SQUARE,
        /** x + y·s. */
        ADD_SCALED,
        /** x + (y / z)·s. */
        ADD_RATIO,
        /** (x / y)·s. */
        RATIO,
        /** √x·s + t. */
        SCALED_ROOT,
        /** √x + s. */
        ROOT_PLUS,
        /** √(x + s). */
        ROOT_OF_SUM
    }

    /** Steps whose scalars a step of Adam takes, in the order of {@link FloatFormula}'s loop; {@code scale} −1 for 1. */
    record Moments(int w, int g, int mu, int nu, int keepMu, int addMu, int keepNu, int addNu, int scale, int epsilon, int rate) {
    }

    /** One pass: operands, places of scalars among the formula's steps, and where the result goes. Unused numbers are 0. */
    record Pass(Kind kind, Zip zip, Function function, int x, int y, int z, int s, int t, int result) {
        private static Pass of(Kind kind, int x, int y, int z, int s, int t, int result) {
            return new Pass(kind, null, null, x, y, z, s, t, result);
        }

        /** Whether the loop may write where it reads: those of other classes may go over the end of a block twice. */
        private boolean worksInPlace() {
            return kind != Kind.MAP && kind != Kind.PAIR && kind != Kind.SCALAR;
        }

        private boolean reads(int place) {
            int operands = switch (kind) {
                case MAP, SCALAR, SCALED_ROOT, ROOT_PLUS, ROOT_OF_SUM -> 1;
                case PAIR, ADD, MIX, MIX_SQUARE, ADD_SCALED, RATIO -> 2;
                case ADD_RATIO -> 3;
            };
            return x == place || operands > 1 && y == place || operands > 2 && z == place;
        }
    }

    private final Formula formula;
    private final int[] uses;
    private final boolean[] joined;
    private final List<Pass> passes = new ArrayList<>();
    private final int[] homes;
    private final List<Result> copies = new ArrayList<>();
    private final boolean takesScalars;
    private final Moments moments;
    private int slots;

    FormulaPlan(Formula formula) {
        this.formula = formula;
        int places = formula.operands() + formula.steps().size();
        uses = new int[places];
        joined = new boolean[places];
        homes = new int[places];
        countUses();
        Pass[] found = new Pass[places];
        for (int place = places - 1; place >= formula.operands(); place--) {
            if (!joined[place] && uses[place] > 0) {
                found[place] = join(place);
            }
        }
        Arrays.stream(found).filter(p -> p != null).forEach(passes::add);
        takesScalars = passes.stream().anyMatch(p -> p.kind == Kind.SCALAR);
        settle();
        moments = moments();
    }

    /** Where all passes together are a step of Adam, which one loop does: roots and quotients, which the divider limits, beside the way to memory. Else null. */
    Moments asMoments() {
        return moments;
    }

    private Moments moments() {
        if (passes.size() != 4 || !copies.isEmpty()) {
            return null;
        }
        Pass mu = passes.get(0);
        Pass nu = passes.get(1);
        Pass root = passes.get(2);
        Pass ratio = passes.get(3);
        boolean kinds = mu.kind == Kind.MIX && nu.kind == Kind.MIX_SQUARE && (root.kind == Kind.SCALED_ROOT || root.kind == Kind.ROOT_PLUS) && ratio.kind == Kind.ADD_RATIO;
        boolean flow = mu.y == nu.y && root.x == nu.result && ratio.y == mu.result && ratio.z == root.result;
        boolean inPlace = homes[mu.result] == mu.x && homes[nu.result] == nu.x && homes[ratio.result] == ratio.x && homes[root.result] < 0;
        int operands = formula.operands();
        boolean given = Math.max(Math.max(mu.x, mu.y), Math.max(nu.x, ratio.x)) < operands;
        if (!kinds || !flow || !inPlace || !given) {
            return null;
        }
        boolean scaled = root.kind == Kind.SCALED_ROOT;
        return new Moments(ratio.x, mu.y, mu.x, nu.x, mu.s, mu.t, nu.s, nu.t, scaled ? root.s : -1, scaled ? root.t : root.s, ratio.s);
    }

    /** The formula that this plan carries out. */
    Formula formula() {
        return formula;
    }

    /** The passes over a block, in order. */
    List<Pass> passes() {
        return passes;
    }

    /** Whether a pass takes a scalar operand in memory. */
    boolean takesScalars() {
        return takesScalars;
    }

    /** Where a place lies: the operand of that number, or −1 − k for slot k of scratch memory. */
    int home(int place) {
        return homes[place];
    }

    /** Results that are copied from scratch memory to their operand after the last pass, because that was read too late to be replaced at once. */
    List<Result> copies() {
        return copies;
    }

    /** Slots of scratch memory, each a block long. */
    int slots() {
        return slots;
    }

    private void countUses() {
        for (Step step : formula.steps()) {
            switch (step) {
                case Map(Function f, int x) -> uses[x]++;
                case Pair(Zip f, int a, int b) -> {
                    uses[a]++;
                    uses[b]++;
                }
                case Scalar(Zip f, int a) -> uses[a]++;
            }
        }
        formula.results().forEach(r -> uses[r.place()]++);
    }

    private Pass join(int place) {
        int s = place - formula.operands();
        return switch (formula.steps().get(s)) {
            case Map(Function f, int x) when f == Function.SQRT && scaled(x, Zip.ADD) >= 0 ->
                    Pass.of(Kind.ROOT_OF_SUM, eat(x), 0, 0, x - formula.operands(), 0, place);
            case Map(Function f, int x) -> new Pass(Kind.MAP, null, f, x, 0, 0, 0, 0, place);
            case Pair(Zip f, int a, int b) -> f == Zip.ADD ? sum(a, b, place) : new Pass(Kind.PAIR, f, null, a, b, 0, 0, 0, place);
            case Scalar(Zip f, int a) -> scalar(f, a, s, place);
        };
    }

    private Pass sum(int a, int b, int place) {
        int n = formula.operands();
        if (scaled(b, Zip.MULTIPLY) < 0 || a == b) {
            return Pass.of(Kind.ADD, a, b, 0, 0, 0, place);
        }
        int inner = scaled(b, Zip.MULTIPLY);
        if (scaled(a, Zip.MULTIPLY) >= 0) {
            boolean square = once(inner) instanceof Map(Function f, int x) && f == Function.SQUARE;
            int x = eat(a);
            eat(b);
            return Pass.of(square ? Kind.MIX_SQUARE : Kind.MIX, x, square ? eat(inner) : inner, 0, a - n, b - n, place);
        }
        eat(b);
        if (once(inner) instanceof Pair(Zip f, int x, int y) && f == Zip.DIVIDE) {
            joined[inner] = true;
            return Pass.of(Kind.ADD_RATIO, a, x, y, b - n, 0, place);
        }
        return Pass.of(Kind.ADD_SCALED, a, inner, 0, b - n, 0, place);
    }

    private Pass scalar(Zip f, int a, int s, int place) {
        int n = formula.operands();
        if (f == Zip.MULTIPLY && once(a) instanceof Pair(Zip g, int x, int y) && g == Zip.DIVIDE) {
            joined[a] = true;
            return Pass.of(Kind.RATIO, x, y, 0, s, 0, place);
        }
        if (f == Zip.ADD && once(a) instanceof Map(Function g, int x) && g == Function.SQRT) {
            return Pass.of(Kind.ROOT_PLUS, eat(a), 0, 0, s, 0, place);
        }
        int inner = scaled(a, Zip.MULTIPLY);
        if (f == Zip.ADD && inner >= 0 && once(inner) instanceof Map(Function g, int x) && g == Function.SQRT) {
            eat(a);
            return Pass.of(Kind.SCALED_ROOT, eat(inner), 0, 0, a - n, s, place);
        }
        return new Pass(Kind.SCALAR, f, null, a, 0, 0, s, 0, place);
    }

    /** The step at a place that is read once, else null. */
    private Step once(int place) {
        return place >= formula.operands() && uses[place] == 1 ? formula.steps().get(place - formula.operands()) : null;
    }

    /** The operand of a step f(x, scalar) that is read once, else −1. */
    private int scaled(int place, Zip f) {
        return once(place) instanceof Scalar(Zip g, int x) && f == g ? x : -1;
    }

    /** Joins a step of one operand to its reader and returns that operand. */
    private int eat(int place) {
        joined[place] = true;
        return switch (formula.steps().get(place - formula.operands())) {
            case Map(Function f, int x) -> x;
            case Scalar(Zip f, int a) -> a;
            case Pair p -> throw new IllegalArgumentException("formula plan: " + p + " has two operands");
        };
    }

    private void settle() {
        int[] last = new int[uses.length];
        Arrays.fill(last, -1);
        for (int i = 0; i < passes.size(); i++) {
            for (int place = 0; place < last.length; place++) {
                last[place] = passes.get(i).reads(place) ? i : last[place];
            }
        }
        for (int p = 0; p < formula.operands(); p++) {
            homes[p] = p;
        }
        Deque<Integer> free = new ArrayDeque<>();
        for (int i = 0; i < passes.size(); i++) {
            int place = passes.get(i).result;
            int operand = replacedAt(passes.get(i), i, last);
            if (operand >= 0) {
                homes[place] = operand;
            } else {
                homes[place] = -1 - (free.isEmpty() ? slots++ : free.pop());
            }
            // Given back after the result has its slot: a pass never writes what it reads, unless it replaces an operand.
            for (int p = formula.operands(); p < last.length; p++) {
                if (last[p] == i && homes[p] < 0 && !isCopied(p)) {
                    free.push(-1 - homes[p]);
                }
            }
        }
    }

    /** The operand that a result may replace at once, because no later pass reads it; else −1, and the result is copied in the end if it is one. */
    private int replacedAt(Pass pass, int number, int[] last) {
        int direct = -1;
        for (Result r : formula.results()) {
            if (r.place() == pass.result) {
                if (direct < 0 && last[r.operand()] <= (pass.worksInPlace() ? number : number - 1)) {
                    direct = r.operand();
                } else {
                    copies.add(r);
                }
            }
        }
        return direct;
    }

    private boolean isCopied(int place) {
        return copies.stream().anyMatch(r -> r.place() == place);
    }
}
