package gradus.backend.simd;

import gradus.backend.CacheLines;

/** {@link Product} with the innermost loops of {@link DoubleTiles}. */
final class DoubleProduct extends Product<double[]> {
    DoubleProduct() {
        super(Lanes.DOUBLE.length());
    }

    @Override
    double[] allocate(int length) {
        return new double[length];
    }

    @Override
    int length(double[] array) {
        return array.length;
    }

    @Override
    int firstOfLine(double[] array) {
        return CacheLines.first(array);
    }

    @Override
    void tile(int height, boolean slivers, boolean panels, int k, int last, double[] a, int ao, int ars, double[] b, int bo, int brs, int b1,
            double[] s, int so, int srs, double[] c, int co, int crs, int v1, int to, int ts) {
        if (!slivers) {
            switch (height) {
                case 12 -> DoubleRowTiles.tile12x2(k, last, a, ao, ars, b, bo, s, so, srs, c, co, crs, v1);
                case 8 -> DoubleRowTiles.tile8x2(k, last, a, ao, ars, b, bo, s, so, srs, c, co, crs, v1);
                case 6 -> DoubleRowTiles.tile6x2(k, last, a, ao, ars, b, bo, s, so, srs, c, co, crs, v1);
                default -> DoubleRowTiles.tile4x2(k, last, a, ao, ars, b, bo, s, so, srs, c, co, crs, v1);
            }
        } else if (panels) {
            switch (height) {
                case 12 -> DoublePackedTiles.tile12x2(k, a, ao, b, bo, s, so, srs, c, co, crs, v1);
                case 8 -> DoublePackedTiles.tile8x2(k, a, ao, b, bo, s, so, srs, c, co, crs, v1);
                case 6 -> DoublePackedTiles.tile6x2(k, a, ao, b, bo, s, so, srs, c, co, crs, v1);
                default -> DoublePackedTiles.tile4x2(k, a, ao, b, bo, s, so, srs, c, co, crs, v1);
            }
        } else {
            switch (height) {
                case 12 -> DoubleTiles.tile12x2(k, a, ao, b, bo, brs, b1, s, so, srs, c, co, crs, v1, to, ts);
                case 8 -> DoubleTiles.tile8x2(k, a, ao, b, bo, brs, b1, s, so, srs, c, co, crs, v1, to, ts);
                case 6 -> DoubleTiles.tile6x2(k, a, ao, b, bo, brs, b1, s, so, srs, c, co, crs, v1, to, ts);
                default -> DoubleTiles.tile4x2(k, a, ao, b, bo, brs, b1, s, so, srs, c, co, crs, v1, to, ts);
            }
        }
    }

    @Override
    void quad(int height, int k, double[] a, int ao, double[] b, int bo, int brs, double[] s, int so, int srs, double[] c, int co, int crs, int to) {
        if (height == 6) {
            DoubleTiles.tile6x4(k, a, ao, b, bo, brs, s, so, srs, c, co, crs, to);
        } else {
            DoubleTiles.tile4x4(k, a, ao, b, bo, brs, s, so, srs, c, co, crs, to);
        }
    }

    @Override
    void tile(int height, int k, int last, double[] a, int ao, int ars, int acs, double[] b, int bo, int brs, double[] s, int so, int srs, double[] c, int co, int crs) {
        if (height == 8) {
            DoubleTiles.tile8x1(k, last, a, ao, ars, acs, b, bo, brs, s, so, srs, c, co, crs);
        } else {
            DoubleTiles.tile4x1(k, last, a, ao, ars, acs, b, bo, brs, s, so, srs, c, co, crs);
        }
    }

    @Override
    void row8(int k, double[] a, int ao, int acs, double[] b, int bo, int brs, double[] s, int so, double[] c, int co, int step, int most) {
        DoubleTiles.row8(k, a, ao, acs, b, bo, brs, s, so, c, co, step, most);
    }

    @Override
    void row4(int k, double[] a, int ao, int acs, double[] b, int bo, int brs, double[] s, int so, double[] c, int co, int step, int most) {
        DoubleTiles.row4(k, a, ao, acs, b, bo, brs, s, so, c, co, step, most);
    }

    @Override
    void scaledRows(int m, int n, double[] a, int ao, int ars, double[] b, int bo, double[] c, int co, int crs) {
        for (int i = 0; i < m; i++) {
            DoubleTiles.scaled(n, a[ao + i * ars], b, bo, c, co + i * crs);
        }
    }

    @Override
    void dots8(int k, int last, double[] a, int ao, int acs, double[] b, int bo, int bcs, double[] s, int so, double[] c, int co) {
        DoubleTiles.dots8(k, last, a, ao, acs, b, bo, bcs, s, so, c, co);
    }

    @Override
    void packPanel(int k, int vectors, double[] b, int bo, int brs, int bcs, int v1, double[] out, int oo) {
        DoublePacking.panel(k, vectors, b, bo, brs, bcs, v1, out, oo);
    }

    @Override
    void packSliver(int rows, int beyond, int k, int height, double[] a, int ao, int ars, int acs, double[] out, int oo) {
        DoublePacking.sliver(rows, beyond, k, height, a, ao, ars, acs, out, oo);
    }

    @Override
    void packNarrow(int k, int n, int width, double[] b, int bo, int brs, int bcs, double[] out) {
        DoublePacking.narrow(k, n, width, b, bo, brs, bcs, out);
    }

    @Override
    int narrowWidth(int n) {
        return Lanes.DOUBLE.length();
    }

    @Override
    void narrowTile(int width, int height, int k, int last, double[] a, int ao, int ars, int acs, double[] b, double[] s, int so, int srs, double[] c, int co, int crs) {
        tile(height, k, last, a, ao, ars, acs, b, 0, width, s, so, srs, c, co, crs);
    }

    @Override
    void transpose(int m, int n, double[] from, int fo, int frs, int fcs, double[] to, int t, int trs) {
        DoublePacking.transpose(m, n, from, fo, frs, fcs, to, t, trs);
    }

    @Override
    void copyRows(int m, int n, double[] from, int fo, int frs, double[] to, int t, int trs) {
        DoublePacking.rows(m, n, from, fo, frs, to, t, trs);
    }
}
