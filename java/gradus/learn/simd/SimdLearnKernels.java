package gradus.learn.simd;

import gradus.backend.Workers;
import gradus.backend.simd.FloatGemm;
import gradus.learn.Affinity;
import gradus.learn.Cells;
import gradus.learn.LearnKernels;
import gradus.learn.ScalarLearnKernels;
import gradus.learn.Sources;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link LearnKernels} in the Vector API.
 *
 * <p>Repulsion takes the 16 targets in vectors of any width and runs over the list of sources once for each vector: a source costs three broadcasts, one
 * division and ten other operations for 16 points. Attraction and distances keep 16 virtual lanes in one vector of 16 or two of 8; narrower machines
 * take the scalar loops, whose bits are the same.
 */
public final class SimdLearnKernels implements LearnKernels {
    private static final VectorSpecies<Float> S =
            FloatVector.SPECIES_PREFERRED.length() <= GROUP ? FloatVector.SPECIES_PREFERRED : FloatVector.SPECIES_512;
    private static final int W = S.length();
    private static final ScalarLearnKernels SCALAR = new ScalarLearnKernels();
    private static final float[] ALL_BUT_ONE = allButOne();

    private static final VectorSpecies<Float> S4 = FloatVector.SPECIES_128;
    private static final VectorSpecies<Integer> I4 = IntVector.SPECIES_128;
    /** For each mask of four, the numbers of its bits, ascending. */
    private static final int[] CHOSEN = chosen();
    private static final VectorSpecies<Float> S16 = FloatVector.SPECIES_512;
    private static final VectorSpecies<Float> S8 = FloatVector.SPECIES_256;
    private static final VectorShuffle<Float> BY_8 = VectorShuffle.fromOp(S16, i -> i ^ 8);
    private static final VectorShuffle<Float> BY_4 = VectorShuffle.fromOp(S16, i -> i ^ 4);
    private static final VectorShuffle<Float> BY_2 = VectorShuffle.fromOp(S16, i -> i ^ 2);
    private static final VectorShuffle<Float> BY_1 = VectorShuffle.fromOp(S16, i -> i ^ 1);
    private static final VectorMask<Float> UPPER_8 = VectorMask.fromLong(S16, 0xff00);

    /** Row j: sixteen ones but for a zero in lane j. */
    private static float[] allButOne() {
        float[] rows = new float[GROUP * GROUP];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i / GROUP == i % GROUP ? 0 : 1;
        }
        return rows;
    }

    /**
     * Four cells at once, the children of one. A list takes the cells of a mask by one store of four, at its end, of which as many count as the mask has bits:
     * no branch depends on what the walk finds but its end.
     */
    @Override
    public void walk(float left, float right, float bottom, float top, Sources sources) {
        float[] x = sources.cells().x();
        float[] y = sources.cells().y();
        float[] reach = sources.cells().reach();
        int[] children = sources.cells().children();
        byte[] inner = sources.cells().inner();
        byte[] leaf = sources.cells().leaf();
        int[] far = sources.far();
        int[] near = sources.near();
        int[] open = sources.open();
        int farCount = 0;
        int nearCount = 0;
        int opened = 0;
        int block = 0;
        FloatVector leftmost = FloatVector.broadcast(S4, left);
        FloatVector rightmost = FloatVector.broadcast(S4, right);
        FloatVector lowest = FloatVector.broadcast(S4, bottom);
        FloatVector highest = FloatVector.broadcast(S4, top);
        FloatVector zero = FloatVector.zero(S4);
        for (int next = 0; ; next++) {
            int first = 4 * block;
            FloatVector cx = FloatVector.fromArray(S4, x, first);
            FloatVector cy = FloatVector.fromArray(S4, y, first);
            FloatVector toLeft = leftmost.sub(cx);
            FloatVector toRight = cx.sub(rightmost);
            FloatVector below = lowest.sub(cy);
            FloatVector above = cy.sub(highest);
            FloatVector dx = zero.blend(toLeft, toLeft.compare(VectorOperators.GT, zero)).add(zero.blend(toRight, toRight.compare(VectorOperators.GT, zero)));
            FloatVector dy = zero.blend(below, below.compare(VectorOperators.GT, zero)).add(zero.blend(above, above.compare(VectorOperators.GT, zero)));
            FloatVector square = dx.fma(dx, dy.mul(dy));
            int beyond = (int) FloatVector.fromArray(S4, reach, first).compare(VectorOperators.LT, square).toLong();
            int opens = inner[block] & ~beyond;
            int counts = leaf[block] & ~beyond;
            IntVector number = IntVector.broadcast(I4, first);
            IntVector.fromArray(I4, CHOSEN, 4 * beyond).add(number).intoArray(far, farCount);
            IntVector.fromArray(I4, CHOSEN, 4 * opens).add(number).intoArray(open, opened);
            IntVector.fromArray(I4, CHOSEN, 4 * counts).add(number).intoArray(near, nearCount);
            farCount += Integer.bitCount(beyond);
            opened += Integer.bitCount(opens);
            nearCount += Integer.bitCount(counts);
            if (next == opened) {
                break;
            }
            block = children[open[next]];
        }
        sources.found(farCount, nearCount);
    }

    @Override
    public void repel(float[] x, float[] y, int first, int own, Sources sources, float[] fx, float[] fy, float[] z) {
        for (int l = 0; l < GROUP; l += W) {
            repel(x, y, first, l, own, sources.cells(), sources.far(), sources.farCount(), sources.from(), sources.to(), sources.runs(), fx, fy, z);
        }
    }

    private static void repel(float[] x, float[] y, int first, int lane, int own, Cells cells, int[] far, int farCount, int[] from, int[] to, int runs,
            float[] fx, float[] fy, float[] z) {
        float[] cellX = cells.x();
        float[] cellY = cells.y();
        float[] mass = cells.mass();
        FloatVector px = FloatVector.fromArray(S, x, first + lane);
        FloatVector py = FloatVector.fromArray(S, y, first + lane);
        FloatVector one = FloatVector.broadcast(S, 1);
        FloatVector sx = FloatVector.zero(S);
        FloatVector sy = sx;
        FloatVector sz = sx;
        for (int i = 0; i < farCount; i++) {
            int c = far[i];
            FloatVector dx = px.sub(cellX[c]);
            FloatVector dy = py.sub(cellY[c]);
            FloatVector q = one.div(dx.fma(dx, dy.fma(dy, one)));
            FloatVector mq = q.mul(mass[c]);
            sz = sz.add(mq);
            FloatVector mqq = mq.mul(q);
            sx = mqq.fma(dx, sx);
            sy = mqq.fma(dy, sy);
        }
        for (int r = 0; r < runs; r++) {
            for (int i = from[r], end = to[r]; i < end; i++) {
                FloatVector dx = px.sub(x[i]);
                FloatVector dy = py.sub(y[i]);
                FloatVector q = one.div(dx.fma(dx, dy.fma(dy, one)));
                sz = sz.add(q);
                FloatVector qq = q.mul(q);
                sx = qq.fma(dx, sx);
                sy = qq.fma(dy, sy);
            }
        }
        for (int i = 0; i < own; i++) {
            FloatVector dx = px.sub(x[first + i]);
            FloatVector dy = py.sub(y[first + i]);
            FloatVector q = one.div(dx.fma(dx, dy.fma(dy, one)));
            FloatVector mq = q.mul(FloatVector.fromArray(S, ALL_BUT_ONE, i * GROUP + lane));
            sz = sz.add(mq);
            FloatVector mqq = mq.mul(q);
            sx = mqq.fma(dx, sx);
            sy = mqq.fma(dy, sy);
        }
        sx.intoArray(fx, lane);
        sy.intoArray(fy, lane);
        sz.intoArray(z, lane);
    }

    private static int[] chosen() {
        int[] table = new int[64];
        for (int mask = 0; mask < 16; mask++) {
            for (int i = 0, count = 0; i < 4; i++) {
                if ((mask >> i & 1) != 0) {
                    table[4 * mask + count++] = i;
                }
            }
        }
        return table;
    }

    @Override
    public void attract(float[] x, float[] y, int from, int to, Affinity affinity, float[] fx, float[] fy) {
        if (W == 16) {
            attractBy16(x, y, from, to, affinity.start(), affinity.column(), affinity.p(), fx, fy);
        } else if (W == 8) {
            attractBy8(x, y, from, to, affinity.start(), affinity.column(), affinity.p(), fx, fy);
        } else {
            SCALAR.attract(x, y, from, to, affinity, fx, fy);
        }
    }

    static void attractBy16(float[] x, float[] y, int from, int to, int[] start, int[] column, float[] p, float[] fx, float[] fy) {
        FloatVector one = FloatVector.broadcast(S16, 1);
        float[] folded = new float[16];
        for (int i = from; i < to; i++) {
            FloatVector sx = FloatVector.zero(S16);
            FloatVector sy = sx;
            float xi = x[i];
            float yi = y[i];
            int end = start[i + 1];
            for (int k = start[i]; k < end; k += 16) {
                FloatVector dx = FloatVector.fromArray(S16, x, 0, column, k).sub(xi);
                FloatVector dy = FloatVector.fromArray(S16, y, 0, column, k).sub(yi);
                FloatVector w = FloatVector.fromArray(S16, p, k).div(dx.fma(dx, dy.fma(dy, one)));
                sx = w.fma(dx, sx);
                sy = w.fma(dy, sy);
            }
            // Both halves of sx + swapped sx hold the eight sums: the lower keeps those of x, the upper takes those of y.
            FloatVector s = sx.add(sx.rearrange(BY_8)).blend(sy.add(sy.rearrange(BY_8)), UPPER_8);
            s = s.add(s.rearrange(BY_4));
            s = s.add(s.rearrange(BY_2));
            s = s.add(s.rearrange(BY_1));
            s.intoArray(folded, 0);
            fx[i] = folded[0];
            fy[i] = folded[8];
        }
    }

    static void attractBy8(float[] x, float[] y, int from, int to, int[] start, int[] column, float[] p, float[] fx, float[] fy) {
        FloatVector one = FloatVector.broadcast(S8, 1);
        float[] folded = new float[16];
        for (int i = from; i < to; i++) {
            FloatVector sx0 = FloatVector.zero(S8);
            FloatVector sy0 = sx0;
            FloatVector sx1 = sx0;
            FloatVector sy1 = sx0;
            float xi = x[i];
            float yi = y[i];
            int end = start[i + 1];
            for (int k = start[i]; k < end; k += 16) {
                FloatVector dx0 = FloatVector.fromArray(S8, x, 0, column, k).sub(xi);
                FloatVector dy0 = FloatVector.fromArray(S8, y, 0, column, k).sub(yi);
                FloatVector w0 = FloatVector.fromArray(S8, p, k).div(dx0.fma(dx0, dy0.fma(dy0, one)));
                FloatVector dx1 = FloatVector.fromArray(S8, x, 0, column, k + 8).sub(xi);
                FloatVector dy1 = FloatVector.fromArray(S8, y, 0, column, k + 8).sub(yi);
                FloatVector w1 = FloatVector.fromArray(S8, p, k + 8).div(dx1.fma(dx1, dy1.fma(dy1, one)));
                sx0 = w0.fma(dx0, sx0);
                sy0 = w0.fma(dy0, sy0);
                sx1 = w1.fma(dx1, sx1);
                sy1 = w1.fma(dy1, sy1);
            }
            sx0.add(sx1).intoArray(folded, 0);
            sy0.add(sy1).intoArray(folded, 8);
            fx[i] = fold8(folded, 0);
            fy[i] = fold8(folded, 8);
        }
    }

    private static float fold8(float[] s, int o) {
        float a = s[o] + s[o + 4];
        float b = s[o + 1] + s[o + 5];
        float c = s[o + 2] + s[o + 6];
        float d = s[o + 3] + s[o + 7];
        return a + c + (b + d);
    }

    @Override
    public void dots(int m, int n, int d, float[] a, int ao, float[] b, int bo, float[] c, Workers workers) {
        FloatGemm.multiply(m, n, d, a, ao, d, 1, b, bo, 1, d, null, 0, c, 0, n, workers);
    }

    @Override
    public void products(float[] x, int d, int[] row, int from, float[] b, int bo, float[] out) {
        for (int l = 0; l < GROUP; l += W) {
            products(x, d, row[from] * d, row[from + 1] * d, row[from + 2] * d, row[from + 3] * d, row[from + 4] * d, row[from + 5] * d,
                    row[from + 6] * d, row[from + 7] * d, b, bo + l, out, l);
        }
    }

    /** Eight rows by one vector: eight chains, so that the fused multiply-adds do not wait for each other. */
    private static void products(float[] x, int d, int r0, int r1, int r2, int r3, int r4, int r5, int r6, int r7, float[] b, int bo, float[] out, int at) {
        FloatVector s0 = FloatVector.zero(S);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        FloatVector s4 = s0;
        FloatVector s5 = s0;
        FloatVector s6 = s0;
        FloatVector s7 = s0;
        for (int p = 0, from = bo; p < d; p++, from += GROUP) {
            FloatVector v = FloatVector.fromArray(S, b, from);
            s0 = FloatVector.broadcast(S, x[r0 + p]).fma(v, s0);
            s1 = FloatVector.broadcast(S, x[r1 + p]).fma(v, s1);
            s2 = FloatVector.broadcast(S, x[r2 + p]).fma(v, s2);
            s3 = FloatVector.broadcast(S, x[r3 + p]).fma(v, s3);
            s4 = FloatVector.broadcast(S, x[r4 + p]).fma(v, s4);
            s5 = FloatVector.broadcast(S, x[r5 + p]).fma(v, s5);
            s6 = FloatVector.broadcast(S, x[r6 + p]).fma(v, s6);
            s7 = FloatVector.broadcast(S, x[r7 + p]).fma(v, s7);
        }
        s0.intoArray(out, at);
        s1.intoArray(out, at + GROUP);
        s2.intoArray(out, at + 2 * GROUP);
        s3.intoArray(out, at + 3 * GROUP);
        s4.intoArray(out, at + 4 * GROUP);
        s5.intoArray(out, at + 5 * GROUP);
        s6.intoArray(out, at + 6 * GROUP);
        s7.intoArray(out, at + 7 * GROUP);
    }

    @Override
    public void squaredDistances(float[] a, int ao, float[] b, int[] row, int from, int to, int n, float[] out) {
        if (W < 8 || n > 4096) {
            SCALAR.squaredDistances(a, ao, b, row, from, to, n, out);
            return;
        }
        float[] lanes = new float[16];
        for (int j = from; j < to; j++) {
            out[j] = squaredDistance(a, ao, b, row[j] * n, n, lanes);
        }
    }

    private static float squaredDistance(float[] a, int ao, float[] b, int bo, int n, float[] lanes) {
        FloatVector s0 = FloatVector.zero(S8);
        FloatVector s1 = s0;
        int i = 0;
        for (; i + 16 <= n; i += 16) {
            FloatVector d0 = FloatVector.fromArray(S8, a, ao + i).sub(FloatVector.fromArray(S8, b, bo + i));
            FloatVector d1 = FloatVector.fromArray(S8, a, ao + i + 8).sub(FloatVector.fromArray(S8, b, bo + i + 8));
            s0 = d0.fma(d0, s0);
            s1 = d1.fma(d1, s1);
        }
        s0.intoArray(lanes, 0);
        s1.intoArray(lanes, 8);
        for (int l = 0; i < n; i++, l++) {
            float d = a[ao + i] - b[bo + i];
            lanes[l] = Math.fma(d, d, lanes[l]);
        }
        for (int l = 0; l < 8; l++) {
            lanes[l] += lanes[l + 8];
        }
        return 0 + fold8(lanes, 0);
    }

    @Override
    public int below(float bound, float[] norms, float[] dots, int at, int from, int to, int[] found) {
        int count = 0;
        int j = from;
        FloatVector limit = FloatVector.broadcast(S, bound);
        FloatVector minusTwo = FloatVector.broadcast(S, -2);
        for (; j + W <= to; j += W) {
            FloatVector d = FloatVector.fromArray(S, dots, at + j - from).fma(minusTwo, FloatVector.fromArray(S, norms, j));
            long hits = d.compare(VectorOperators.LT, limit).toLong();
            for (; hits != 0; hits &= hits - 1) {
                found[count++] = j + Long.numberOfTrailingZeros(hits);
            }
        }
        for (; j < to; j++) {
            if (Math.fma(-2, dots[at + j - from], norms[j]) < bound) {
                found[count++] = j;
            }
        }
        return count;
    }
}
