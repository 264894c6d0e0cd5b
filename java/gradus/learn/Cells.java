package gradus.learn;

import java.util.Arrays;

/** The cells of a {@link QuadTree}, in blocks of four: cell c belongs to block ⌊c/4⌋. The arrays are the tree's own, for kernels to read. */
public final class Cells {
    /** Cells of a block. */
    public static final int EACH = 4;

    float[] x = new float[0];
    float[] y = new float[0];
    float[] reach = new float[0];
    float[] mass = new float[0];
    int[] children = new int[0];
    int[] from = new int[0];
    int[] to = new int[0];
    byte[] inner = new byte[0];
    byte[] leaf = new byte[0];

    Cells() {
    }

    /** Makes room for so many blocks. */
    void room(int blocks) {
        if (blocks > inner.length) {
            int wanted = Math.max(blocks, 2 * inner.length);
            x = Arrays.copyOf(x, EACH * wanted);
            y = Arrays.copyOf(y, EACH * wanted);
            reach = Arrays.copyOf(reach, EACH * wanted);
            mass = Arrays.copyOf(mass, EACH * wanted);
            children = Arrays.copyOf(children, EACH * wanted);
            from = Arrays.copyOf(from, EACH * wanted);
            to = Arrays.copyOf(to, EACH * wanted);
            inner = Arrays.copyOf(inner, wanted);
            leaf = Arrays.copyOf(leaf, wanted);
        }
    }

    /** First coordinate of each cell's centre of mass. */
    public float[] x() {
        return x;
    }

    /** Second coordinate of each cell's centre of mass. */
    public float[] y() {
        return y;
    }

    /** w²/θ² of each cell: the squared distance beyond which it may stand for its points; infinite in cells that are not used. */
    public float[] reach() {
        return reach;
    }

    /** Number of points in each cell. */
    public float[] mass() {
        return mass;
    }

    /** The block of a cell's children, for cells that have some. */
    public int[] children() {
        return children;
    }

    /** For each block, bit i says that its cell i has children. */
    public byte[] inner() {
        return inner;
    }

    /** For each block, bit i says that its cell i holds points itself. */
    public byte[] leaf() {
        return leaf;
    }
}
