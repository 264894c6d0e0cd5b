package gradus.backend.cuda;

import gradus.backend.UnavailableException;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;

/** Skips a container of properties, with the reason in print, where the native libraries were not built. */
class SkippedWithoutEmulator implements SkipExecutionHook {
    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
        try {
            CudaBackend.checked(1 << 20).close();
            CudaBackend.emulated(1).close();
            return SkipResult.doNotSkip();
        } catch (UnavailableException e) {
            System.out.println("SKIPPED: " + context.label() + ": " + e.getMessage());
            return SkipResult.skip(e.getMessage());
        }
    }
}
