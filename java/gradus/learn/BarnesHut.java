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
    private static final int GROUP = LearnKernels.GROUP;
    private static final int MOST_PIECES = 64;
    private static final int FEWEST_GROUPS = 4;

    private final QuadTree tree;
    private final LearnKernels kernels;
    private final boolean guarded;
    private final int groups;
    private final int groupsEach;
    private final Walk[] walks;
    private final float[] z;

    BarnesHut(int n, double angle, LearnKernels kernels) {
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
        private final Sources sources = new Sources(tree.cells);
        private final float[] gx = new float[GROUP];
        private final float[] gy = new float[GROUP];
        private final float[] gz = new float[GROUP];

        void group(int first, float[] fx, float[] fy) {
            int own = Math.min(GROUP, tree.n - first);
            sources.room(tree.blocks);
            walk(first, own);
            points(first, first + own);
            kernels.repel(tree.x, tree.y, first, own, sources, gx, gy, gz);
            for (int l = 0; l < own; l++) {
                fx[tree.original[first + l]] = gx[l];
                fy[tree.original[first + l]] = gy[l];
                z[first + l] = gz[l];
            }
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
                kernels.walk(left, right, bottom, top, sources);
            }
        }

        /** The same walk for large angles, where a cell is far only if it holds none of the group's points as well. */
        private void walkGuarded(float left, float right, float bottom, float top, int first, int end) {
            Cells cells = tree.cells;
            int far = 0;
            int near = 0;
            int opened = 0;
            int block = 0;
            for (int next = 0; ; next++) {
                for (int c = Cells.EACH * block; c < Cells.EACH * block + Cells.EACH; c++) {
                    int bit = 1 << c % Cells.EACH;
                    float dx = ScalarLearnKernels.positive(left - cells.x[c]) + ScalarLearnKernels.positive(cells.x[c] - right);
                    float dy = ScalarLearnKernels.positive(bottom - cells.y[c]) + ScalarLearnKernels.positive(cells.y[c] - top);
                    boolean apart = cells.to[c] <= first || cells.from[c] >= end;
                    if (cells.reach[c] < Math.fma(dx, dx, dy * dy) && apart) {
                        sources.far[far++] = c;
                    } else if ((cells.inner[block] & bit) != 0) {
                        sources.open[opened++] = c;
                    } else if ((cells.leaf[block] & bit) != 0) {
                        sources.near[near++] = c;
                    }
                }
                if (next == opened) {
                    break;
                }
                block = cells.children[sources.open[next]];
            }
            sources.found(far, near);
        }

        /** Lists the points of near cells, without the group's own. */
        private void points(int first, int end) {
            sources.runs = 0;
            for (int i = 0; i < sources.nearCount; i++) {
                int from = tree.cells.from[sources.near[i]];
                int to = tree.cells.to[sources.near[i]];
                if (to <= first || from >= end) {
                    sources.add(from, to);
                } else {
                    sources.add(from, Math.max(from, first));
                    sources.add(Math.min(to, end), to);
                }
            }
        }
    }
}
