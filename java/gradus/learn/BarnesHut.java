package gradus.learn;

import gradus.backend.Workers;
import java.util.Arrays;

/**
 * Repulsion by Barnes and Hut (1986), as van der Maaten (2014) brought it to t-SNE, with one walk through the tree for each group of sixteen
 * neighbouring points.
 *
 * <p>A cell of width w stands for its points when w/r &lt; θ, where r is the distance from its centre of mass to the group's bounding box. No point of the group is
 * nearer, so every point's own test would have passed: the result is at least as exact as that of a walk for each point. A cell that holds points of
 * the group never stands for them.
 *
 * <p>The walk goes level by level and decides without branches; then the sixteen points meet the list of what it found, one point a lane.
 */
final class BarnesHut implements Repulsion {
    private static final int GROUP = EmbeddingKernels.GROUP;
    private static final int MOST_PIECES = 64;
    private static final int FEWEST_GROUPS = 4;

    private final QuadTree tree;
    private final EmbeddingKernels kernels;
    private final boolean guarded;
    private final int groups;
    private final int groupsEach;
    private final Walk[] walks;
    private final float[] z;

    BarnesHut(int n, double angle, EmbeddingKernels kernels) {
        this.tree = new QuadTree(n, angle);
        this.kernels = kernels;
        // Below 1/√2 the box of a cell's points cannot be far enough from their own centre.
        this.guarded = angle >= 0.7;
        this.groups = (n + GROUP - 1) / GROUP;
        this.groupsEach = Math.max(FEWEST_GROUPS, (groups + MOST_PIECES - 1) / MOST_PIECES);
        this.walks = new Walk[(groups + groupsEach - 1) / groupsEach];
        Arrays.setAll(walks, i -> new Walk());
        this.z = new float[groups * GROUP];
    }

    @Override
    public void prepare(float[] x, float[] y) {
        tree.build(x, y);
    }

    @Override
    public double push(float[] fx, float[] fy, Workers workers) {
        workers.forEach(walks.length, piece -> {
            for (int g = piece * groupsEach; g < Math.min(groups, (piece + 1) * groupsEach); g++) {
                walks[piece].group(g * GROUP, fx, fy);
            }
        });
        // In Morton order, hence one fold whatever the threads.
        return WideSums.sum(z, 0, tree.n);
    }

    /** The walk of one group, and its arrays. */
    private final class Walk {
        private final EmbeddingKernels.Sources sources = new EmbeddingKernels.Sources();
        private final float[] gx = new float[GROUP];
        private final float[] gy = new float[GROUP];
        private final float[] gz = new float[GROUP];
        private int[] open = new int[0];
        private int[] leaves = new int[0];
        private int leafCount;

        void group(int first, float[] fx, float[] fy) {
            int own = Math.min(GROUP, tree.n - first);
            room();
            walk(first, own);
            points(first, first + own);
            kernels.repel(tree.x, tree.y, first, own, sources, gx, gy, gz);
            for (int l = 0; l < own; l++) {
                fx[tree.original[first + l]] = gx[l];
                fy[tree.original[first + l]] = gy[l];
                z[first + l] = gz[l];
            }
        }

        /** A cell is pushed on each list before it is known whether it belongs there, so the lists need room for one more. */
        private void room() {
            if (open.length <= 4 * tree.blocks) {
                int wanted = 4 * tree.blocks + tree.blocks + 8;
                open = new int[wanted];
                leaves = new int[wanted];
                sources.cell = new int[wanted];
            }
            sources.tree = tree.cell;
            sources.mass = tree.mass;
        }

        private void walk(int first, int own) {
            float left = tree.x[first];
            float right = left;
            float bottom = tree.y[first];
            float top = bottom;
            for (int i = first + 1; i < first + own; i++) {
                left = Math.min(left, tree.x[i]);
                right = Math.max(right, tree.x[i]);
                bottom = Math.min(bottom, tree.y[i]);
                top = Math.max(top, tree.y[i]);
            }
            if (guarded) {
                walkGuarded(left, right, bottom, top, first, first + own);
            } else {
                walk(left, right, bottom, top);
            }
        }

        private void walk(float left, float right, float bottom, float top) {
            float[] cell = tree.cell;
            int[] children = tree.children;
            int[] accepted = sources.cell;
            int acceptedCount = 0;
            int openCount = 1;
            int leafCounter = 0;
            open[0] = 0;
            for (int next = 0; next < openCount; next++) {
                int block = 4 * open[next];
                for (int c = block; c < block + 4; c++) {
                    float x = cell[3 * c];
                    float y = cell[3 * c + 1];
                    float dx = positive(left - x) + positive(x - right);
                    float dy = positive(bottom - y) + positive(y - top);
                    // The sign bit of the difference: 1 where w²/θ² < r².
                    int far = Float.floatToRawIntBits(cell[3 * c + 2] - Math.fma(dx, dx, dy * dy)) >>> 31;
                    accepted[acceptedCount] = c;
                    acceptedCount += far;
                    int below = children[c];
                    open[openCount] = below;
                    openCount += (-below >>> 31) & ~far;
                    leaves[leafCounter] = c;
                    leafCounter += (below >>> 31) & ~far;
                }
            }
            sources.cells = acceptedCount;
            leafCount = leafCounter;
        }

        /** The same for large angles, with the test that a cell holds none of the group's points. */
        private void walkGuarded(float left, float right, float bottom, float top, int first, int end) {
            int acceptedCount = 0;
            int openCount = 1;
            leafCount = 0;
            open[0] = 0;
            for (int next = 0; next < openCount; next++) {
                int block = 4 * open[next];
                for (int c = block; c < block + 4; c++) {
                    float dx = positive(left - tree.cell[3 * c]) + positive(tree.cell[3 * c] - right);
                    float dy = positive(bottom - tree.cell[3 * c + 1]) + positive(tree.cell[3 * c + 1] - top);
                    boolean apart = tree.to[c] <= first || tree.from[c] >= end;
                    if (tree.cell[3 * c + 2] < Math.fma(dx, dx, dy * dy) && apart) {
                        sources.cell[acceptedCount++] = c;
                    } else if (tree.children[c] > 0) {
                        open[openCount++] = tree.children[c];
                    } else if (tree.children[c] < 0) {
                        leaves[leafCount++] = c;
                    }
                }
            }
            sources.cells = acceptedCount;
        }

        /** v where it is above 0, else +0. */
        private static float positive(float v) {
            int bits = Float.floatToRawIntBits(v);
            return Float.intBitsToFloat(bits & ~(bits >> 31));
        }

        /** Lists the points of the leaves that had to be opened, without the group's own. */
        private void points(int first, int end) {
            int count = 0;
            for (int i = 0; i < leafCount; i++) {
                int from = tree.from[leaves[i]];
                int to = tree.to[leaves[i]];
                if (count + to - from > sources.pointX.length) {
                    int wanted = 2 * (count + to - from) + 256;
                    sources.pointX = Arrays.copyOf(sources.pointX, wanted);
                    sources.pointY = Arrays.copyOf(sources.pointY, wanted);
                }
                if (to <= first || from >= end) {
                    count = copy(from, to, count);
                } else {
                    count = copy(from, first, count);
                    count = copy(end, to, count);
                }
            }
            sources.points = count;
        }

        private int copy(int from, int to, int count) {
            int at = count;
            for (int j = from; j < to; j++) {
                sources.pointX[at] = tree.x[j];
                sources.pointY[at++] = tree.y[j];
            }
            return at;
        }
    }
}
