package gradus.lens;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lines of equal value through a grid by marching triangles: each cell is cut into two, so no case is ambiguous. Levels are quantiles of the values, spaced
 * more densely where the surface is low.
 *
 * @param grid values [rows][columns]
 */
record Contours(double[][] grid) {
    /** Segments x₀, y₀, x₁, y₁ in units of cells. */
    List<double[]> segments(int levels) {
        double[] sorted = Arrays.stream(grid).flatMapToDouble(Arrays::stream).sorted().toArray();
        List<double[]> all = new ArrayList<>();
        for (int k = 1; k <= levels; k++) {
            double share = StrictMath.pow((double) k / (levels + 1), 1.5);
            level(sorted[(int) (share * (sorted.length - 1))], all);
        }
        return all;
    }

    private void level(double level, List<double[]> all) {
        for (int i = 0; i + 1 < grid.length; i++) {
            for (int j = 0; j + 1 < grid[i].length; j++) {
                triangle(level, new int[] {j, i, j + 1, i, j + 1, i + 1}, all);
                triangle(level, new int[] {j, i, j + 1, i + 1, j, i + 1}, all);
            }
        }
    }

    private void triangle(double level, int[] corners, List<double[]> all) {
        double[] ends = new double[4];
        int found = 0;
        for (int e = 0; e < 3; e++) {
            int ax = corners[2 * e];
            int ay = corners[2 * e + 1];
            int bx = corners[(2 * e + 2) % 6];
            int by = corners[(2 * e + 3) % 6];
            double a = grid[ay][ax];
            double b = grid[by][bx];
            if (a < level != b < level && found < 4) {
                double part = (level - a) / (b - a);
                ends[found++] = ax + part * (bx - ax);
                ends[found++] = ay + part * (by - ay);
            }
        }
        if (found == 4) {
            all.add(ends);
        }
    }
}
