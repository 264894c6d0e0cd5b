package gradus.learn;

/** Order statistics without sorting everything. */
final class Selection {
    private Selection() {
    }

    /** The value that would stand at place n of the sorted array; reorders the array (Hoare's quickselect, median of three). */
    static float nth(float[] x, int n) {
        int low = 0;
        int high = x.length - 1;
        while (low < high) {
            float pivot = median(x[low], x[(low + high) >>> 1], x[high]);
            int i = low;
            int j = high;
            while (i <= j) {
                while (x[i] < pivot) {
                    i++;
                }
                while (x[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    float t = x[i];
                    x[i++] = x[j];
                    x[j--] = t;
                }
            }
            if (n <= j) {
                high = j;
            } else if (n >= i) {
                low = i;
            } else {
                return pivot;
            }
        }
        return x[n];
    }

    private static float median(float a, float b, float c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }
}
