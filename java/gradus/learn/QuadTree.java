package gradus.learn;

import java.util.Arrays;

/**
 * The quadtree of Barnes and Hut over points of the plane, made anew for every step in the same arrays.
 *
 * <p>Points are put in Morton order, the bits of their two 16-bit coordinates interleaved; a cell of the tree is then a run of points, and sixteen points in a row
 * are neighbours. Cells lie in blocks of four, the children of one cell, of which unused ones are marked empty. A cell with at most {@value #LEAF} points
 * is a leaf, and so is a cell of the smallest size. Cells with one inhabited child are passed over.
 *
 * <p>Each cell has its centre of mass, its number of points, and w²/θ² for its width w: seen from distance r it may stand for its points when w/r &lt; θ.
 */
final class QuadTree {
    private static final int LEAF = 8;
    private static final int BITS = 16;
    private static final int CELLS = Cells.EACH;
    /** Squares of larger coordinates, over the smallest angle, might overflow. */
    private static final float LARGEST = 0x1p40f;

    final int n;
    /** Coordinates in Morton order; the last point is repeated up to a whole group. */
    final float[] x;
    final float[] y;
    /** The original number of each point in Morton order. */
    final int[] original;
    private final int[] code;
    private final long[] keys;
    private final float angle;

    final Cells cells = new Cells();
    int blocks;
    private float width;

    QuadTree(int n, double angle) {
        this.n = n;
        this.angle = (float) angle;
        int padded = (n + LearnKernels.GROUP - 1) / LearnKernels.GROUP * LearnKernels.GROUP;
        this.x = new float[padded];
        this.y = new float[padded];
        this.original = new int[n];
        this.code = new int[n];
        this.keys = new long[n];
        cells.room(Math.max(16, n / 4));
    }

    /**
     * Builds the tree of these points.
     *
     * @throws ArithmeticException when a coordinate is NaN or 2⁴⁰ or more
     */
    void build(float[] px, float[] py) {
        sort(px, py);
        blocks = 1;
        empty(0);
        addCell(0, 0, n, 0);
    }

    private void sort(float[] px, float[] py) {
        float left = px[0];
        float right = px[0];
        float bottom = py[0];
        float top = py[0];
        for (int i = 1; i < n; i++) {
            left = Math.min(left, px[i]);
            right = Math.max(right, px[i]);
            bottom = Math.min(bottom, py[i]);
            top = Math.max(top, py[i]);
        }
        width = Math.max(right - left, top - bottom);
        float reach = Math.max(Math.max(Math.abs(left), Math.abs(right)), Math.max(Math.abs(bottom), Math.abs(top)));
        if (!(reach < LARGEST)) {
            throw new ArithmeticException("tsne: a coordinate of the embedding became " + reach + "; lower the learning rate");
        }
        float scale = width == 0 ? 0 : ((1 << BITS) - 1) / width;
        // In a width near the smallest floats the scale overflows: then all points count as one place.
        scale = scale < Float.MAX_VALUE ? scale : 0;
        for (int i = 0; i < n; i++) {
            int a = (int) ((px[i] - left) * scale);
            int b = (int) ((py[i] - bottom) * scale);
            keys[i] = (long) (spread(a) << 1 | spread(b)) << 32 >>> 1 | i;
        }
        Arrays.sort(keys);
        for (int i = 0; i < x.length; i++) {
            long key = keys[Math.min(i, n - 1)];
            int point = (int) key & Integer.MAX_VALUE;
            x[i] = px[point];
            y[i] = py[point];
            if (i < n) {
                original[i] = point;
                code[i] = (int) (key >>> 31);
            }
        }
    }

    /** Sixteen bits with a zero before each. */
    private static int spread(int v) {
        int s = (v | v << 8) & 0x00ff00ff;
        s = (s | s << 4) & 0x0f0f0f0f;
        s = (s | s << 2) & 0x33333333;
        return (s | s << 1) & 0x55555555;
    }

    private void empty(int block) {
        cells.inner[block] = 0;
        cells.leaf[block] = 0;
        for (int c = CELLS * block; c < CELLS * block + CELLS; c++) {
            cells.x[c] = 0;
            cells.y[c] = 0;
            cells.reach[c] = Float.POSITIVE_INFINITY;
            cells.from[c] = 0;
            cells.to[c] = 0;
        }
    }

    /** Fills cell c with the points {@code a … b − 1}, which share the first {@code level} digits of their codes. */
    private void addCell(int c, int a, int b, int level) {
        cells.from[c] = a;
        cells.to[c] = b;
        cells.mass[c] = b - a;
        int depth = level;
        while (b - a > LEAF && depth < BITS && code[a] >>> 2 * (BITS - 1 - depth) == code[b - 1] >>> 2 * (BITS - 1 - depth)) {
            depth++;
        }
        if (b - a <= LEAF || depth == BITS) {
            leaf(c, a, b);
        } else {
            inner(c, a, b, depth);
        }
        float w = Math.scalb(width, -depth);
        cells.reach[c] = w * w / (angle * angle);
    }

    private void leaf(int c, int a, int b) {
        float sx = 0;
        float sy = 0;
        for (int i = a; i < b; i++) {
            sx += x[i];
            sy += y[i];
        }
        cells.leaf[c / CELLS] |= (byte) (1 << c % CELLS);
        cells.x[c] = sx / (b - a);
        cells.y[c] = sy / (b - a);
    }

    private void inner(int c, int a, int b, int depth) {
        int block = blocks++;
        cells.room(blocks);
        empty(block);
        cells.inner[c / CELLS] |= (byte) (1 << c % CELLS);
        cells.children[c] = block;
        int shift = 2 * (BITS - 1 - depth);
        float sx = 0;
        float sy = 0;
        int child = CELLS * block;
        for (int i = a; i < b; child++) {
            int digit = code[i] >>> shift;
            int end = i + 1;
            while (end < b && code[end] >>> shift == digit) {
                end++;
            }
            addCell(child, i, end, depth + 1);
            sx = Math.fma(cells.x[child], cells.mass[child], sx);
            sy = Math.fma(cells.y[child], cells.mass[child], sy);
            i = end;
        }
        cells.x[c] = sx / (b - a);
        cells.y[c] = sy / (b - a);
    }
}
