package gradus.learn;

import java.util.Arrays;

/** What a walk through a {@link QuadTree} found for one group of points, and the room that it needs on the way. */
public final class Sources {
    final Cells cells;
    int[] far = new int[0];
    int farCount;
    int[] near = new int[0];
    int nearCount;
    int[] open = new int[0];
    int[] from = new int[0];
    int[] to = new int[0];
    int runs;

    Sources(Cells cells) {
        this.cells = cells;
    }

    /** Makes room for walks through so many blocks. Lists are written four entries at a time, hence the excess. */
    void room(int blocks) {
        int wanted = Cells.EACH * (blocks + 1);
        if (far.length < wanted) {
            far = new int[wanted + wanted / 4];
            near = new int[far.length];
            open = new int[far.length];
            from = new int[far.length];
            to = new int[far.length];
        }
    }

    /** Adds a run of points, {@code first … end − 1}, to the last run where it goes on from there. */
    void add(int first, int end) {
        if (runs > 0 && to[runs - 1] == first) {
            to[runs - 1] = end;
        } else if (first < end) {
            if (runs == from.length) {
                from = Arrays.copyOf(from, 2 * runs + 4);
                to = Arrays.copyOf(to, 2 * runs + 4);
            }
            from[runs] = first;
            to[runs++] = end;
        }
    }

    /** The cells. */
    public Cells cells() {
        return cells;
    }

    /** Cells that stand for their points. */
    public int[] far() {
        return far;
    }

    /** How many of {@link #far}. */
    public int farCount() {
        return farCount;
    }

    /** Cells whose points count one by one. */
    public int[] near() {
        return near;
    }

    /** Room for the cells whose children are still to be looked at. */
    public int[] open() {
        return open;
    }

    /** Says how many of {@link #far} and {@link #near} a walk found. */
    public void found(int newFarCount, int newNearCount) {
        farCount = newFarCount;
        nearCount = newNearCount;
    }

    /** First point of each run of single points. */
    public int[] from() {
        return from;
    }

    /** End of each run of single points. */
    public int[] to() {
        return to;
    }

    /** How many runs. */
    public int runs() {
        return runs;
    }
}
