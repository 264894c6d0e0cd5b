package gradus.lens;

import gradus.optim.Adadelta;
import gradus.optim.Adagrad;
import gradus.optim.Adam;
import gradus.optim.AdamW;
import gradus.optim.AmsGrad;
import gradus.optim.Lion;
import gradus.optim.Momentum;
import gradus.optim.NAdam;
import gradus.optim.Nesterov;
import gradus.optim.RAdam;
import gradus.optim.RmsProp;
import gradus.optim.Rule;
import gradus.optim.Sgd;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Update rules by {@code RULE:DIALECT}, each with the defaults of its framework; momentum, which has none, is 0.9. */
public final class NamedRules {
    private static final SequencedMap<String, Rule<?>> ALL = all();

    private NamedRules() {
    }

    private static SequencedMap<String, Rule<?>> all() {
        SequencedMap<String, Rule<?>> all = new LinkedHashMap<>();
        all.put("sgd", new Sgd(0.01));
        all.put("momentum:torch", Momentum.torch(0.01, 0.9));
        all.put("momentum:keras", Momentum.keras(0.01, 0.9));
        all.put("nesterov:torch", Nesterov.torch(0.01, 0.9));
        all.put("nesterov:keras", Nesterov.keras(0.01, 0.9));
        all.put("nesterov:sutskever", Nesterov.sutskever(0.01, 0.9));
        all.put("rmsprop:torch", RmsProp.torch(0.01));
        all.put("rmsprop:keras", RmsProp.keras(0.001));
        all.put("rmsprop:keras2", RmsProp.keras2(0.001));
        all.put("adagrad:torch", Adagrad.torch(0.01));
        all.put("adagrad:keras", Adagrad.keras(0.001));
        all.put("adagrad:keras2", Adagrad.keras2(0.01));
        all.put("adadelta:torch", Adadelta.torch());
        all.put("adadelta:keras2", Adadelta.keras2());
        all.put("adadelta:keras3", Adadelta.keras3());
        all.put("adam:torch", Adam.torch(0.001));
        all.put("adam:keras", Adam.keras(0.001));
        all.put("adamw:torch", AdamW.torch(0.001));
        all.put("adamw:keras", AdamW.keras(0.001));
        all.put("amsgrad:torch", AmsGrad.torch(0.001));
        all.put("amsgrad:keras", AmsGrad.keras(0.001));
        all.put("nadam:torch", NAdam.torch(0.002));
        all.put("nadam:keras", NAdam.keras(0.001));
        all.put("nadam:keras2", NAdam.keras2(0.002));
        all.put("radam:torch", RAdam.torch(0.001));
        all.put("lion:keras", Lion.keras(0.001));
        return Collections.unmodifiableSequencedMap(all);
    }

    /** All names and rules. */
    public static SequencedMap<String, Rule<?>> map() {
        return ALL;
    }

    /**
     * The rule of that name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Rule<?> of(String name) {
        Rule<?> rule = ALL.get(name);
        if (rule == null) {
            throw new IllegalArgumentException("there is no rule " + name + "; there are " + String.join(", ", ALL.keySet()));
        }
        return rule;
    }
}
