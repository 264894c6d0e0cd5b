package gradus.data;

/** Hears how far a download is. */
@FunctionalInterface
public interface DataProgress {
    /** Hears nothing. */
    DataProgress NONE = (what, done, total) -> {
    };

    /**
     * Called now and then while bytes come in.
     *
     * @param what  file or package
     * @param done  bytes so far, those of an earlier, broken attempt included
     * @param total bytes in all, or −1 while unknown
     */
    void at(String what, long done, long total);
}
