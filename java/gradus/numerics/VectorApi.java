package gradus.numerics;

/**
 * Whether vector code serves in this Java. It does where the incubating module is present and C2 compiles; the interpreter and C1 run the Vector API through
 * objects, a hundred times slower than plain loops. Either way the bits are the same.
 *
 * <p>The system property {@code gradus.vectors} decides otherwise: {@code always} (where the module is present) or {@code never}.
 */
public final class VectorApi {
    private static final boolean PRESENT = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    private static final String WISH = System.getProperty("gradus.vectors", "");
    private static final String MODE = System.getProperty("java.vm.info", "");
    private static final boolean COMPILED = !MODE.contains("interpreted") && !MODE.contains("emulated-client");

    private VectorApi() {
    }

    /** Whether vector code serves. */
    public static boolean serves() {
        return PRESENT && !WISH.equals("never") && (COMPILED || WISH.equals("always"));
    }

    /** Why it does not, for people. */
    public static String reason() {
        if (!PRESENT) {
            return "the Vector API is not in this Java (--add-modules jdk.incubator.vector brings it)";
        }
        return WISH.equals("never") ? "-Dgradus.vectors=never" : "this Java does not compile with C2 (" + MODE + ")";
    }
}
