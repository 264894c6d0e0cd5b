package gradus.backend.simd;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What was worked out for a shape, kept for the next step: a network has one or two plans a layer and batch size. Who goes through more shapes than are kept begins anew.
 *
 * @param <K> the shape, with whatever else the plan depends on
 * @param <P> the plan
 */
final class Plans<K, P> {
    private static final int MOST = 256;

    private final Function<K, P> make;
    private final Map<K, P> kept = new HashMap<>();

    Plans(Function<K, P> make) {
        this.make = make;
    }

    P of(K key) {
        P plan = kept.get(key);
        if (plan == null) {
            if (kept.size() >= MOST) {
                kept.clear();
            }
            plan = make.apply(key);
            kept.put(key, plan);
        }
        return plan;
    }
}
