package gradus.backend;

import gradus.backend.cuda.CudaBackend;
import gradus.backend.scalar.ScalarBackend;
import gradus.backend.simd.SimdBackend;
import gradus.numerics.VectorApi;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The one lookup that chooses a backend, and says why. */
public final class Backends {
    /** Names that {@link #open} knows. */
    public static final List<String> NAMES = List.of("cpu", "scalar", "cuda", "emulated");

    private Backends() {
    }

    /**
     * The backend of that name. Asked for {@code cpu} where vector code does not serve ({@link VectorApi}) it is scalar code, which gives the same bits, and
     * says so once; every other backend that cannot serve is an error with the reason.
     *
     * @param log takes the sentence about what serves and why
     * @throws UnavailableException when the backend cannot serve here
     */
    public static Backend open(String name, int threads, Consumer<String> log) {
        return open(name, Mode.CONTRACT, threads, log);
    }

    /** The backend of that name in a mode; only {@code cuda} has others than the contract. */
    public static Backend open(String name, Mode mode, int threads, Consumer<String> log) {
        if (mode != Mode.CONTRACT && !name.equals("cuda")) {
            throw new UnavailableException("--mode " + mode.label() + ": backend " + name + " has only the contract's mode; --backend cuda has others");
        }
        return switch (name) {
            case "scalar" -> new ScalarBackend();
            case "cpu" -> cpu(threads, log);
            case "emulated" -> CudaBackend.emulated(threads);
            case "cuda" -> CudaBackend.cuda(mode);
            default -> throw new IllegalArgumentException("backend " + name + " is not known; there are " + String.join(", ", NAMES));
        };
    }

    private static Backend cpu(int threads, Consumer<String> log) {
        if (VectorApi.serves()) {
            return new SimdBackend(threads);
        }
        log.accept("Scalar code serves, slower, with the same bits: " + VectorApi.reason() + ".");
        return new ScalarBackend();
    }

    /** Why a backend cannot serve here; empty when it can. */
    public static Optional<String> obstacle(String name) {
        try {
            open(name, 1, sentence -> { }).close();
            return Optional.empty();
        } catch (UnavailableException e) {
            return Optional.of(e.getMessage());
        }
    }
}
