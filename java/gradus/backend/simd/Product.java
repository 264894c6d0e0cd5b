package gradus.backend.simd;

import gradus.backend.CacheLines;
import gradus.backend.Workers;
import java.util.function.IntConsumer;

/**
 * C = S + A·B, cut into blocks for caches and threads; the innermost loops and the element type are the subclass's.
 *
 * <p>Each {@code c[i, j]} is one fma chain over k = 0, 1, …, K − 1 that starts at {@code s[i, j]} (zeros, a bias, or C itself). Blocks of k resume from C, tiles
 * and threads own whole elements of C, and lanes run over j: so neither blocks, threads nor vector width can change a bit.
 *
 * <p>Four ways lead through this class:
 * <ul>
 * <li><b>wide</b>, for n of at least one vector. B is cut into panels of two vectors, which are packed unless B is small or hardly reused, and A into slivers of
 * as many rows as fit the registers beside them, packed too unless its k runs along memory and there are few columns to use them.
 * <li><b>narrow</b>, for n below one vector: B is padded to a vector, or to half of one, and C goes through a small buffer. When A lies transposed (the gradient of a layer with few
 * outputs), Cᵀ = Bᵀ·Aᵀ has full vectors instead.
 * <li><b>one step</b>, for k = 1: rows of B, scaled.
 * <li><b>one row</b>, for m = 1: nothing is packed, each element of B is used once where it lies.
 * </ul>
 *
 * @param <T> float[] or double[]
 */
abstract class Product<T> {
    /** Most steps of k in one block: a panel (128 KB at 512 bits) and the rows of A in turn stay in the second-level cache. */
    private static final int DEPTH = 1024;
    /** Most steps of k in one block under panels of four vectors in place: 24 KB at 512 bits, which stay in the first-level cache while the rows of A pass. */
    private static final int QUAD_DEPTH = 96;
    /** Elements of B, read in place, that stay in the second-level cache while the rows of A pass. */
    private static final int IN_PLACE = 1 << 17;
    /** Elements of B that stay in the last cache: up to here a few rows of A are not worth packing it for (102 against 84 GFLOP/s for 30 × 1024 × 784). */
    private static final int IN_CACHE = 1 << 20;
    /** Rows of A that pass under one panel before the next panel comes. */
    private static final int HEIGHT = 96;
    /** Multiply-adds below which another thread costs more than it brings (about 2 µs of work). */
    private static final long WORTH_A_THREAD = 1 << 18;
    /** Elements of B up to which it is read in place. */
    private static final int SMALL = 1 << 15;
    /** Steps of k that are transposed together for one row: sixty columns of them fill half the first-level cache. */
    private static final int TURNED = 64;
    private static final int KEEP = 1 << 21;
    /**
     * Vectors of columns up to which rows of A that run along k are not worth packing: a twentieth to a tenth of the product against half a cycle an element. Of six rows the
     * addresses fit the registers.
     */
    private static final int FEW_VECTORS = Lanes.MANY_REGISTERS ? 8 : Integer.MAX_VALUE;
    /** Rows of a block of one vector. */
    private static final int NARROW_ROWS = 8;
    /** Rows of B that are packed together: as many streams as a processor's prefetcher follows. */
    private static final int ROWS_TOGETHER = 8;

    private final int lanes;
    /** Rows of the largest block of C by two vectors: 12 with 32 registers, 6 with 16. */
    private final int rows;
    private final T zeros;
    private final ThreadLocal<Scratch<T>> scratch = ThreadLocal.withInitial(Scratch::new);

    /** Buffers of one thread, kept from call to call. */
    private static final class Scratch<T> {
        T panels;
        T slivers;
        T block;
        T edge;
        T start;
    }

    Product(int lanes) {
        this.lanes = lanes;
        this.rows = Lanes.MANY_REGISTERS ? 12 : 6;
        this.zeros = allocate(8 * lanes);
    }

    abstract T allocate(int length);

    abstract int length(T array);

    /** The first element of an array that begins a line of the cache. */
    abstract int firstOfLine(T array);

    /**
     * A block of C of {@code height} rows, 12, 8, 6 or 4, by two vectors. A is a packed sliver, or its rows lie along memory and B is packed. B is packed, or lies in rows
     * {@code brs} apart; then step p also reads {@code b[to + p·ts]}, for the next block's sake.
     */
    abstract void tile(int height, boolean slivers, boolean panels, int k, int last, T a, int ao, int ars, T b, int bo, int brs, int b1,
            T s, int so, int srs, T c, int co, int crs, int v1, int to, int ts);

    /**
     * A block of C of {@code height} rows, 6 or 4, by four vectors side by side. A is a packed sliver, B lies in rows {@code brs} apart; step p also reads {@code b[to + p·lanes]},
     * for the next block's sake.
     */
    abstract void quad(int height, int k, T a, int ao, T b, int bo, int brs, T s, int so, int srs, T c, int co, int crs, int to);

    /** A block of C of 8 or 4 rows by one vector, with any strides of A. */
    abstract void tile(int height, int k, int last, T a, int ao, int ars, int acs, T b, int bo, int brs, T s, int so, int srs, T c, int co, int crs);

    abstract void row8(int k, T a, int ao, int acs, T b, int bo, int brs, T s, int so, T c, int co, int step, int most);

    abstract void row4(int k, T a, int ao, int acs, T b, int bo, int brs, T s, int so, T c, int co, int step, int most);

    abstract void scaledRows(int m, int n, T a, int ao, int ars, T b, int bo, T c, int co, int crs);

    abstract void dots8(int k, int last, T a, int ao, int acs, T b, int bo, int bcs, T s, int so, T c, int co);

    abstract void packPanel(int k, int vectors, T b, int bo, int brs, int bcs, int v1, T out, int oo);

    /** A sliver of {@code height} rows, of which {@code rows} are there and {@code beyond} follow. */
    abstract void packSliver(int rows, int beyond, int k, int height, T a, int ao, int ars, int acs, T out, int oo);

    abstract void packNarrow(int k, int n, int width, T b, int bo, int brs, int bcs, T out);

    /** Columns to which fewer than a vector's are filled up. */
    abstract int narrowWidth(int n);

    /** A block of up to eight rows by {@code width} columns; B is packed, {@code width} columns a row. */
    abstract void narrowTile(int width, int height, int k, int last, T a, int ao, int ars, int acs, T b, T s, int so, int srs, T c, int co, int crs);

    abstract void transpose(int m, int n, T from, int fo, int frs, int fcs, T to, int t, int trs);

    abstract void copyRows(int m, int n, T from, int fo, int frs, T to, int t, int trs);

    /** C = A·B from +0, or from {@code bias[biasOffset + j]} when the bias is not null. */
    final void multiply(int m, int n, int k, T a, int ao, int ars, int acs, T b, int bo, int brs, int bcs, T bias, int biasOffset,
            T c, int co, int crs, Workers workers) {
        boolean zero = bias == null;
        multiply(m, n, k, a, ao, ars, acs, b, bo, brs, bcs, zero ? zeros : bias, zero ? 0 : biasOffset, 0, zero ? 0 : 1, c, co, crs, workers);
    }

    /** C = S + A·B; element (i, j) of S is {@code s[so + i·srs + j·scs]} with scs 0 (all columns alike: only for the zeros) or 1. */
    final void multiply(int m, int n, int k, T a, int ao, int ars, int acs, T b, int bo, int brs, int bcs,
            T s, int so, int srs, int scs, T c, int co, int crs, Workers workers) {
        if (m == 0 || n == 0) {
            return;
        }
        if (m == 1 && n >= lanes && bcs == 1) {
            oneRow(n, k, a, ao, acs, b, bo, brs, s, so, scs, c, co, workers);
        } else if (m == 1 && brs == 1 && n >= lanes && n <= 4 * lanes && k >= 4 * TURNED && lanes >= 8) {
            oneRowTurned(n, k, a, ao, acs, b, bo, bcs, s, so, c, co);
        } else if (k == 1 && s == zeros && n >= lanes && bcs == 1 && (long) m * n <= IN_PLACE) {
            scaledRows(m, n, a, ao, ars, b, bo, c, co, crs);
        } else if (m == 1 && brs == 1) {
            oneRowOfDots(n, k, a, ao, acs, b, bo, bcs, s, so, scs, c, co, workers);
        } else if (n >= lanes) {
            new Wide<>(this, m, n, k, a, ao, ars, acs, b, bo, brs, bcs, s, so, srs, scs, c, co, crs).run(workers);
        } else if (ars == 1 && m >= lanes && 2 * n <= lanes) {
            transposed(m, n, k, a, ao, acs, b, bo, brs, bcs, s, so, srs, scs, c, co, crs, workers);
        } else {
            narrow(m, n, k, a, ao, ars, acs, b, bo, brs, bcs, s, so, srs, c, co, crs, workers);
        }
    }

    private void oneRow(int n, int k, T a, int ao, int acs, T b, int bo, int brs, T s, int so, int scs, T c, int co, Workers workers) {
        int vectors = (n + lanes - 1) / lanes;
        int groups = (vectors + 7) / 8;
        each(workers, threads(workers, n * (long) k), groups, g -> {
            // Equal groups: nine vectors go as four and five. The last vector of all moves to the left until it fits.
            int j = g * vectors / groups * lanes;
            int last = Math.min(((g + 1) * vectors / groups - 1) * lanes, n - lanes);
            row8(k, a, ao, acs, b, bo + j, brs, s, so + j * scs, c, co + j, lanes, last - j);
        });
    }

    /**
     * A row by columns whose k runs along memory: so many steps of k as stay in the first-level cache are transposed in registers, then the lanes run over the columns.
     */
    private void oneRowTurned(int n, int k, T a, int ao, int acs, T b, int bo, int bcs, T s, int so, T c, int co) {
        Scratch<T> mine = scratch.get();
        T panel = mine.panels = room(mine.panels, TURNED * n);
        int most = n - lanes;
        for (int p0 = 0; p0 < k; p0 += TURNED) {
            int steps = Math.min(TURNED, k - p0);
            for (int j = 0; j < n; j += lanes) {
                int column = Math.min(j, most);
                transpose(steps, lanes, b, bo + p0 + column * bcs, 1, bcs, panel, column, n);
            }
            row4(steps, a, ao + p0 * acs, acs, panel, 0, n, p0 == 0 ? s : c, p0 == 0 ? so : co, c, co, lanes, most);
        }
    }

    private void oneRowOfDots(int n, int k, T a, int ao, int acs, T b, int bo, int bcs, T s, int so, int scs, T c, int co, Workers workers) {
        each(workers, threads(workers, n * (long) k), (n + 7) / 8, g -> {
            int j = 8 * g;
            dots8(k, Math.min(8, n - j) - 1, a, ao, acs, b, bo + j * bcs, bcs, s, so + j * scs, c, co + j);
        });
    }

    /** C through Cᵀ = Bᵀ·Aᵀ, for few columns and an A whose rows i run along memory. */
    private void transposed(int m, int n, int k, T a, int ao, int acs, T b, int bo, int brs, int bcs,
            T s, int so, int srs, int scs, T c, int co, int crs, Workers workers) {
        Scratch<T> mine = scratch.get();
        T block = mine.block = room(mine.block, n * m);
        if (s == zeros) {
            multiply(n, m, k, b, bo, bcs, brs, a, ao, acs, 1, null, 0, block, 0, m, workers);
        } else {
            transpose(n, m, s, so, scs, srs, block, 0, m);
            multiply(n, m, k, b, bo, bcs, brs, a, ao, acs, 1, block, 0, m, 1, block, 0, m, workers);
        }
        transpose(m, n, block, 0, 1, m, c, co, crs);
    }

    private void narrow(int m, int n, int k, T a, int ao, int ars, int acs, T b, int bo, int brs, int bcs,
            T s, int so, int srs, T c, int co, int crs, Workers workers) {
        int depth = 2 * DEPTH;
        int width = narrowWidth(n);
        int threads = threads(workers, (long) m * width * k);
        int height = Math.min(HEIGHT, share(m, threads));
        Scratch<T> mine = scratch.get();
        T panel = mine.panels = room(mine.panels, (Math.min(depth, k) + 1) * lanes);
        for (int p0 = 0; p0 == 0 || p0 < k; p0 += depth) {
            int steps = Math.min(depth, k - p0);
            packNarrow(steps, n, width, b, bo + p0 * brs, brs, bcs, panel);
            int at = ao + p0 * acs;
            boolean begins = p0 == 0;
            each(workers, threads, (m + height - 1) / height, g -> {
                int i = g * height;
                narrowRows(Math.min(height, m - i), n, width, steps, a, at + i * ars, ars, acs, panel,
                        begins ? s : c, begins ? so + i * srs : co + i * crs, begins ? srs : crs, c, co + i * crs, crs);
            });
        }
    }

    /**
     * Rows of C without gaps take whole vectors, each over what the row before wrote beyond its end. The last rows, and those of a C with gaps or whose chains go on from C,
     * go through a buffer.
     */
    private void narrowRows(int m, int n, int width, int k, T a, int ao, int ars, int acs, T panel, T s, int so, int srs, T c, int co, int crs) {
        Scratch<T> mine = scratch.get();
        T block = mine.block = room(mine.block, HEIGHT * lanes);
        T start = mine.start = room(mine.start, lanes);
        boolean alike = srs == 0;
        if (alike) {
            copyRows(1, n, s, so, 0, start, 0, 0);
        } else {
            copyRows(m, n, s, so, srs, block, 0, width);
        }
        int lastDirect = alike && crs == n ? m - NARROW_ROWS - (width - 1) / n : -1;
        int i = 0;
        for (; i <= lastDirect; i += NARROW_ROWS) {
            narrowTile(width, NARROW_ROWS, k, NARROW_ROWS - 1, a, ao + i * ars, ars, acs, panel, start, 0, 0, c, co + i * crs, crs);
        }
        int first = i;
        for (; i < m; i += NARROW_ROWS) {
            int left = Math.min(NARROW_ROWS, m - i);
            narrowTile(width, left <= 4 ? 4 : NARROW_ROWS, k, left - 1, a, ao + i * ars, ars, acs, panel, alike ? start : block, alike ? 0 : i * width, alike ? 0 : width,
                    block, i * width, width);
        }
        copyRows(m - first, n, block, first * width, width, c, co + first * crs, crs);
    }

    /** Rows for each of so many threads, in whole tiles. */
    private int share(int m, int threads) {
        return ((m + threads - 1) / threads + rows - 1) / rows * rows;
    }

    /** How many threads so many multiply-adds are worth. */
    private static int threads(Workers workers, long work) {
        return workers == null || work < 2 * WORTH_A_THREAD ? 1 : (int) Math.min(workers.threads(), work / WORTH_A_THREAD);
    }

    private static void each(Workers workers, int threads, int count, IntConsumer body) {
        if (threads > 1 && count > 1) {
            workers.forEach(count, body);
        } else {
            for (int i = 0; i < count; i++) {
                body.accept(i);
            }
        }
    }

    private T room(T had, int wanted) {
        return had != null && length(had) >= wanted ? had : allocate(wanted);
    }

    /** One product of at least one vector of columns. */
    private static final class Wide<T> {
        private final Product<T> kernels;
        private final int lanes;
        private final int rows;
        private final int m;
        private final int n;
        private final int k;
        private final T a;
        private final int ao;
        private final int ars;
        private final int acs;
        private final T b;
        private final int bo;
        private final int brs;
        private final int bcs;
        private final T s;
        private final int so;
        private final int srs;
        private final int scs;
        private final T c;
        private final int co;
        private final int crs;
        private final int vectors;
        private final boolean packsA;
        private final boolean packsB;
        private final boolean byColumns;
        /** Vectors of a panel: four where B is read in place, whole vectors fill its rows, and there are registers for six rows beside them. The first panels may have fewer. */
        private final int wide;
        private final int panels;

        // The block in hand: panels first … first + count − 1, steps p0 … p0 + steps − 1, and how its rows and panels are shared out.
        private int firstPanel;
        private int panelCount;
        private int p0;
        private int steps;
        private int height;
        private int groups;
        private T packed;
        private int packedAt;

        Wide(Product<T> kernels, int m, int n, int k, T a, int ao, int ars, int acs, T b, int bo, int brs, int bcs,
                T s, int so, int srs, int scs, T c, int co, int crs) {
            this.kernels = kernels;
            this.lanes = kernels.lanes;
            this.m = m;
            this.n = n;
            this.k = k;
            this.a = a;
            this.ao = ao;
            this.ars = ars;
            this.acs = acs;
            this.b = b;
            this.bo = bo;
            this.brs = brs;
            this.bcs = bcs;
            this.s = s;
            this.so = so;
            this.srs = srs;
            this.scs = scs;
            this.c = c;
            this.co = co;
            this.crs = crs;
            this.vectors = (n + lanes - 1) / lanes;
            // Rows of B a multiple of four vectors apart would meet in few sets of the first-level cache.
            this.byColumns = bcs == 1 && (long) n * k > IN_CACHE && vectors > 6 && m <= 8 * kernels.rows && brs % (4 * lanes) != 0;
            boolean reused = (long) n * k > SMALL && m > ((long) n * k > IN_CACHE ? 2 : 4) * kernels.rows;
            this.packsA = acs != 1 || byColumns || vectors > FEW_VECTORS || bcs == 1 && m <= kernels.rows;
            this.packsB = bcs != 1 || !packsA || !byColumns && reused;
            this.wide = Lanes.MANY_REGISTERS && !packsB && vectors >= 4 && n % lanes == 0 && brs >= lanes ? 4 : 2;
            this.rows = wide == 4 ? 6 : kernels.rows;
            this.panels = vectors / wide + Integer.bitCount(vectors % wide);
        }

        /**
         * First vector of a panel. Vectors beyond whole panels make panels of one and of two at the beginning: at the end the last would share columns with the panel before it,
         * and read there what that one has stored.
         */
        private int vector(int panel) {
            int narrow = Integer.bitCount(vectors % wide);
            return panel < narrow ? panel : vectors % wide + (panel - narrow) * wide;
        }

        /** First column of a vector; the last one moves to the left until it fits. */
        private int column(int vector) {
            return Math.min(vector * lanes, n - lanes);
        }

        void run(Workers workers) {
            int threads = threads(workers, (long) m * n * k);
            int depth = depth();
            if (byColumns) {
                int shares = Math.min(threads, panels);
                int rowsOfB = shares == 1 ? depth : Math.min(depth, HEIGHT);
                each(workers, threads, shares, g -> columns(g * panels / shares, (g + 1) * panels / shares, rowsOfB, shares == 1));
                return;
            }
            int together = packsB ? Math.max(1, KEEP / (depth * 2 * lanes)) : panels;
            for (firstPanel = 0; firstPanel < panels; firstPanel += together) {
                panelCount = Math.min(together, panels - firstPanel);
                p0 = 0;
                do {
                    steps = Math.min(depth, k - p0);
                    block(workers, threads);
                    p0 += depth;
                } while (p0 < k);
            }
        }

        /** Steps of k in one block, the same for all blocks but the last. */
        private int depth() {
            int most = packsB && m > 8 * rows ? DEPTH : Math.clamp((wide == 4 ? IN_PLACE / 2 : IN_PLACE) / n, 64, wide == 4 ? QUAD_DEPTH : DEPTH);
            if (packsA) {
                most = Math.min(most, DEPTH);
            }
            int blocks = Math.max(1, (k + most - 1) / most);
            return Math.max(1, (k + blocks - 1) / blocks);
        }

        private void block(Workers workers, int threads) {
            if (packsB) {
                Scratch<T> mine = kernels.scratch.get();
                packed = mine.panels = kernels.room(mine.panels, steps * lanes * (vector(firstPanel + panelCount) - vector(firstPanel)) + CacheLines.SLACK);
                packedAt = kernels.firstOfLine(packed);
                if (bcs == 1) {
                    each(workers, threads, (steps + ROWS_TOGETHER - 1) / ROWS_TOGETHER, this::packRows);
                } else {
                    each(workers, threads, panelCount, index -> pack(index, 0, steps));
                }
            }
            height = threads == 1 ? HEIGHT : Math.min(HEIGHT, kernels.share(m, threads));
            int blocks = (m + height - 1) / height;
            groups = threads == 1 ? 1 : Math.min(panelCount, (threads + blocks - 1) / blocks);
            each(workers, threads, blocks * groups, this::rowsTimesPanels);
        }

        /** A few rows of B into all panels, so that memory is read in its order. */
        private void packRows(int task) {
            int from = task * ROWS_TOGETHER;
            for (int index = 0; index < panelCount; index++) {
                pack(index, from, Math.min(ROWS_TOGETHER, steps - from));
            }
        }

        private void pack(int index, int from, int count) {
            int first = vector(firstPanel + index);
            int width = vector(firstPanel + index + 1) - first;
            int j = column(first);
            kernels.packPanel(count, width, b, bo + (p0 + from) * brs + j * bcs, brs, bcs, column(first + 1) - j,
                    packed, packedAt + (first - vector(firstPanel)) * lanes * steps + from * width * lanes);
        }

        /**
         * All rows by some of the panels, with B read where it lies: for a B that is long and used little, the gradient of the weights at a large batch. No thread waits for
         * another. While a block of k is multiplied the next one, which follows it in memory, is read ahead a little at every step, so that it comes into the second-level cache
         * beside the multiplications; not so with two threads, whose shares of a row are too short to be followed.
         */
        private void columns(int from, int to, int depth, boolean ahead) {
            for (int p = 0; p < k; p += depth) {
                int count = Math.min(depth, k - p);
                T slivers = slivers(0, m, count, ao + p * acs);
                int next = bo + (p + count) * brs;
                int length = ahead && p + count < k ? (Math.min(depth, k - p - count) - 1) * brs + n : 0;
                int share = length / Math.max(1, to - from - vectors % 2);
                for (int panel = from; panel < to; panel++) {
                    rowsTimesPanel(0, m, panel, slivers, 0, p, count, next + share * (panel - vectors % 2), share);
                }
            }
        }

        /** Rows i0 … i0 + m0 − 1 of A as slivers, one after another. */
        private T slivers(int i0, int m0, int depth, int at) {
            Scratch<T> mine = kernels.scratch.get();
            mine.slivers = kernels.room(mine.slivers, (HEIGHT + rows) * DEPTH);
            for (int i = 0, left; i < m0; i += left) {
                left = together(m0 - i);
                kernels.packSliver(left, m - i0 - i - left, depth, height(left), a, at + i * ars, ars, acs, mine.slivers, i * depth);
            }
            return mine.slivers;
        }

        private void rowsTimesPanels(int task) {
            int i0 = task / groups * height;
            int m0 = Math.min(height, m - i0);
            int group = task % groups;
            int at = ao + i0 * ars + p0 * acs;
            T from = packsA ? slivers(i0, m0, steps, at) : a;
            for (int p = group * panelCount / groups; p < (group + 1) * panelCount / groups; p++) {
                rowsTimesPanel(i0, m0, firstPanel + p, from, at, p0, steps, 0, 0);
            }
        }

        /** A buffer for a tile of C with fewer rows than it computes, with their first values in it. */
        private T edge(int count, int width, T start, int at, int step, int last) {
            Scratch<T> mine = kernels.scratch.get();
            T edge = mine.edge = kernels.room(mine.edge, kernels.rows * 2 * lanes);
            for (int v = 0; v < width; v++) {
                kernels.copyRows(count, lanes, start, at + Math.min(v * lanes, last), step, edge, v * lanes, width * lanes);
            }
            return edge;
        }

        /** How many of the rows that are left make the next tile. */
        private int together(int left) {
            return rows == 6 && (left == 7 || left == 8) ? 4 : Math.min(rows, left);
        }

        /** Rows of the tile for so many. */
        private int height(int count) {
            return count <= 4 ? 4 : count <= 6 ? 6 : count <= 8 ? 8 : rows;
        }

        /** So many rows of C by two or four vectors; the last begins {@code bLast} and {@code cLast} elements after the first. */
        private void tile(int width, int count, int steps, T a, int ao, T b, int bo, int brs, int bLast, T s, int so, int srs, T c, int co, int crs, int cLast, int to, int ts) {
            if (width == 4) {
                kernels.quad(height(count), steps, a, ao, b, bo, brs, s, so, srs, c, co, crs, to);
            } else {
                kernels.tile(height(count), packsA, packsB, steps, count - 1, a, ao, ars, b, bo, brs, bLast, s, so, srs, c, co, crs, cLast, to, ts);
            }
        }

        /** Rows i0 … i0 + m0 − 1 by a panel, over {@code count} steps from p; meanwhile {@code length} elements of B from {@code begin} on are read ahead. */
        private void rowsTimesPanel(int i0, int m0, int panel, T from, int at, int p, int count, int begin, int length) {
            int first = vector(panel);
            int width = vector(panel + 1) - first;
            int j = column(first);
            int last = column(first + width - 1) - j;
            T right = packsB ? packed : b;
            int rightAt = packsB ? packedAt + (first - vector(firstPanel)) * lanes * count : bo + p * brs + j;
            int rightStep = packsB ? width * lanes : brs;
            int lastOfB = packsB ? lanes : last;
            boolean begins = p == 0;
            T start = begins ? s : c;
            int startAt = begins ? so + j * scs : co + j;
            int startStep = begins ? srs : crs;
            int aheadStep = length == 0 ? 0 : length / ((m0 + rows - 1) / rows * count);
            // Panels of four read a line a step. Fewer than four tiles do not reach all of the share: they read the beginnings of its parts.
            int most = kernels.length(b) - count * lanes;
            for (int i = 0, left, number = 0; i < m0; i += left, number++) {
                left = together(m0 - i);
                int tall = height(left);
                int leftAt = packsA ? i * count : at + i * ars;
                int startRow = startAt + (i0 + i) * startStep;
                int row = co + (i0 + i) * crs + j;
                if (width == 1) {
                    int step = packsA ? 1 : ars;
                    for (int r = 0; r < left; r += NARROW_ROWS) {
                        int part = Math.min(NARROW_ROWS, left - r);
                        kernels.tile(part <= 4 ? 4 : NARROW_ROWS, count, part - 1, from, leftAt + r * step, step, packsA ? tall : acs, right, rightAt, rightStep,
                                start, startRow + r * startStep, startStep, c, row + r * crs, crs);
                    }
                    continue;
                }
                int ahead = aheadStep > 0 ? Math.min(begin + number * count * aheadStep, most) : rightAt;
                if (left == tall) {
                    tile(width, left, count, from, leftAt, right, rightAt, rightStep, lastOfB, start, startRow, startStep, c, row, crs, last, ahead, aheadStep);
                    continue;
                }
                T edge = edge(left, width, start, startRow, startStep, last);
                tile(width, left, count, from, leftAt, right, rightAt, rightStep, lastOfB, edge, 0, width * lanes, edge, 0, width * lanes, (width - 1) * lanes, ahead, aheadStep);
                for (int v = 0; v < width; v++) {
                    kernels.copyRows(left, lanes, edge, v * lanes, width * lanes, c, row + Math.min(v * lanes, last), crs);
                }
            }
        }
    }
}
