package gradus.backend.simd;

import gradus.backend.CacheLines;

/** {@link Product} with the innermost loops of {@link FloatTiles}. */
final class FloatProduct extends Product<float[]> {
    FloatProduct() {
        super(Lanes.FLOAT.length());
    }

    @Override
    float[] allocate(int length) {
        return new float[length];
    }

    @Override
    int length(float[] array) {
        return array.length;
    }

    @Override
    int firstOfLine(float[] array) {
        return CacheLines.first(array);
    }

    @Override
    void tile(int height, boolean slivers, boolean panels, int k, int last, float[] a, int ao, int ars, float[] b, int bo, int brs, int b1,
            float[] s, int so, int srs, float[] c, int co, int crs, int v1, int to, int ts) {
        if (!slivers) {
            switch (height) {
                case 12 -> FloatRowTiles.tile12x2(k, last, a, ao, ars, b, bo, s, so, srs, c, co, crs, v1);
                case 8 -> FloatRowTiles.tile8x2(k, last, a, ao, ars, b, bo, s, so, srs, c, co, crs, v1);
                case 6 -> FloatRowTiles.tile6x2(k, last, a, ao, ars, b, bo, s, so, srs, c, co, crs, v1);
                default -> FloatRowTiles.tile4x2(k, last, a, ao, ars, b, bo, s, so, srs, c, co, crs, v1);
            }
        } else if (panels) {
            switch (height) {
                case 12 -> FloatPackedTiles.tile12x2(k, a, ao, b, bo, s, so, srs, c, co, crs, v1);
                case 8 -> FloatPackedTiles.tile8x2(k, a, ao, b, bo, s, so, srs, c, co, crs, v1);
                case 6 -> FloatPackedTiles.tile6x2(k, a, ao, b, bo, s, so, srs, c, co, crs, v1);
                default -> FloatPackedTiles.tile4x2(k, a, ao, b, bo, s, so, srs, c, co, crs, v1);
            }
        } else {
            switch (height) {
                case 12 -> FloatTiles.tile12x2(k, a, ao, b, bo, brs, b1, s, so, srs, c, co, crs, v1, to, ts);
                case 8 -> FloatTiles.tile8x2(k, a, ao, b, bo, brs, b1, s, so, srs, c, co, crs, v1, to, ts);
                case 6 -> FloatTiles.tile6x2(k, a, ao, b, bo, brs, b1, s, so, srs, c, co, crs, v1, to, ts);
                default -> FloatTiles.tile4x2(k, a, ao, b, bo, brs, b1, s, so, srs, c, co, crs, v1, to, ts);
            }
        }
    }

    @Override
    void quad(int height, int k, float[] a, int ao, float[] b, int bo, int brs, float[] s, int so, int srs, float[] c, int co, int crs, int to) {
        if (height == 6) {
            FloatTiles.tile6x4(k, a, ao, b, bo, brs, s, so, srs, c, co, crs, to);
        } else {
            FloatTiles.tile4x4(k, a, ao, b, bo, brs, s, so, srs, c, co, crs, to);
        }
    }

    @Override
    void tile(int height, int k, int last, float[] a, int ao, int ars, int acs, float[] b, int bo, int brs, float[] s, int so, int srs, float[] c, int co, int crs) {
        if (height == 8) {
            FloatTiles.tile8x1(k, last, a, ao, ars, acs, b, bo, brs, s, so, srs, c, co, crs);
        } else {
            FloatTiles.tile4x1(k, last, a, ao, ars, acs, b, bo, brs, s, so, srs, c, co, crs);
        }
    }

    @Override
    void row8(int k, float[] a, int ao, int acs, float[] b, int bo, int brs, float[] s, int so, float[] c, int co, int step, int most) {
        FloatTiles.row8(k, a, ao, acs, b, bo, brs, s, so, c, co, step, most);
    }

    @Override
    void row4(int k, float[] a, int ao, int acs, float[] b, int bo, int brs, float[] s, int so, float[] c, int co, int step, int most) {
        FloatTiles.row4(k, a, ao, acs, b, bo, brs, s, so, c, co, step, most);
    }

    @Override
    void scaledRows(int m, int n, float[] a, int ao, int ars, float[] b, int bo, float[] c, int co, int crs) {
        for (int i = 0; i < m; i++) {
            FloatTiles.scaled(n, a[ao + i * ars], b, bo, c, co + i * crs);
        }
    }

    @Override
    void dots8(int k, int last, float[] a, int ao, int acs, float[] b, int bo, int bcs, float[] s, int so, float[] c, int co) {
        FloatTiles.dots8(k, last, a, ao, acs, b, bo, bcs, s, so, c, co);
    }

    @Override
    void packPanel(int k, int vectors, float[] b, int bo, int brs, int bcs, int v1, float[] out, int oo) {
        FloatPacking.panel(k, vectors, b, bo, brs, bcs, v1, out, oo);
    }

    @Override
    void packSliver(int rows, int beyond, int k, int height, float[] a, int ao, int ars, int acs, float[] out, int oo) {
        FloatPacking.sliver(rows, beyond, k, height, a, ao, ars, acs, out, oo);
    }

    @Override
    void packNarrow(int k, int n, int width, float[] b, int bo, int brs, int bcs, float[] out) {
        FloatPacking.narrow(k, n, width, b, bo, brs, bcs, out);
    }

    @Override
    int narrowWidth(int n) {
        return FloatHalfTiles.SERVES && n <= FloatHalfTiles.WIDTH ? FloatHalfTiles.WIDTH : Lanes.FLOAT.length();
    }

    @Override
    void narrowTile(int width, int height, int k, int last, float[] a, int ao, int ars, int acs, float[] b, float[] s, int so, int srs, float[] c, int co, int crs) {
        if (FloatHalfTiles.SERVES && width == FloatHalfTiles.WIDTH) {
            if (acs == 1) {
                FloatHalfTiles.tile8Along(k, last, a, ao, ars, b, s, so, srs, c, co, crs);
            } else {
                FloatHalfTiles.tile8(k, last, a, ao, ars, acs, b, s, so, srs, c, co, crs);
            }
        } else {
            tile(height, k, last, a, ao, ars, acs, b, 0, width, s, so, srs, c, co, crs);
        }
    }

    @Override
    void transpose(int m, int n, float[] from, int fo, int frs, int fcs, float[] to, int t, int trs) {
        FloatPacking.transpose(m, n, from, fo, frs, fcs, to, t, trs);
    }

    @Override
    void copyRows(int m, int n, float[] from, int fo, int frs, float[] to, int t, int trs) {
        FloatPacking.rows(m, n, from, fo, frs, to, t, trs);
    }
}
