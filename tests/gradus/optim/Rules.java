package gradus.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Every rule and reading, by the name of its golden trace; the settings are those of golden/traces.py. */
final class Rules {
    /** A rule, what limits its gradients (or null), and whether its learning rate follows the trace's rates. */
    record Case(Rule<?> rule, Clip clip, boolean scheduled) {
        Case(Rule<?> rule) {
            this(rule, null, false);
        }
    }

    private Rules() {
    }

    static SequencedMap<String, Case> all() {
        SequencedMap<String, Case> all = new LinkedHashMap<>();
        torch(all);
        keras(all);
        all.put("keras2/rmsprop", new Case(RmsProp.keras2(0.01)));
        all.put("keras2/adagrad", new Case(Adagrad.keras2(0.1)));
        all.put("keras2/adadelta", new Case(Adadelta.keras2()));
        all.put("keras2/nadam", new Case(NAdam.keras2(0.02)));
        return all;
    }

    private static void torch(Map<String, Case> all) {
        Rule<?> momentum = Momentum.torch(0.05, 0.9);
        Rule<?> nesterov = Nesterov.torch(0.05, 0.9);
        RmsProp rmsProp = RmsProp.torch(0.01);
        all.put("torch/sgd", new Case(new Sgd(0.05)));
        all.put("torch/sgd/l2", new Case(new Sgd(0.05).withL2(0.01)));
        all.put("torch/momentum", new Case(momentum));
        all.put("torch/momentum/dampening", new Case(new Momentum(0.05, 0.9, 0.3, Dialect.TORCH)));
        all.put("torch/momentum/scheduled", new Case(momentum, null, true));
        all.put("torch/nesterov", new Case(nesterov));
        all.put("torch/nesterov/scheduled", new Case(nesterov, null, true));
        all.put("torch/rmsprop", new Case(rmsProp));
        all.put("torch/rmsprop/momentum", new Case(rmsProp.withMomentum(0.9)));
        all.put("torch/rmsprop/centered", new Case(rmsProp.withCentering()));
        all.put("torch/rmsprop/centered/momentum", new Case(rmsProp.withCentering().withMomentum(0.8)));
        all.put("torch/rmsprop/scheduled", new Case(rmsProp.withMomentum(0.9), null, true));
        all.put("torch/adagrad", new Case(Adagrad.torch(0.1)));
        all.put("torch/adagrad/decay", new Case(Adagrad.torch(0.1).with("rateDecay", 0.02)));
        all.put("torch/adadelta", new Case(Adadelta.torch()));
        all.put("torch/adam", new Case(Adam.torch(0.02)));
        all.put("torch/adam/l2", new Case(Adam.torch(0.02).withL2(0.01)));
        all.put("torch/adam/scheduled", new Case(Adam.torch(0.02), null, true));
        all.put("torch/adamw", new Case(AdamW.torch(0.02)));
        all.put("torch/amsgrad", new Case(AmsGrad.torch(0.02)));
        all.put("torch/nadam", new Case(NAdam.torch(0.02)));
        all.put("torch/radam", new Case(RAdam.torch(0.02)));
        all.put("torch/clip/value", new Case(new Sgd(0.05), new Clip.ByValue(0.7), false));
        all.put("torch/clip/norm", new Case(new Sgd(0.05), new Clip.ByGlobalNorm(2, Dialect.TORCH), false));
    }

    private static void keras(Map<String, Case> all) {
        Rule<?> momentum = Momentum.keras(0.05, 0.9);
        Rule<?> nesterov = Nesterov.keras(0.05, 0.9);
        RmsProp rmsProp = RmsProp.keras(0.01);
        all.put("keras/sgd", new Case(new Sgd(0.05)));
        all.put("keras/sgd/decay", new Case(new Sgd(0.05).withDecay(0.01)));
        all.put("keras/momentum", new Case(momentum));
        all.put("keras/momentum/scheduled", new Case(momentum, null, true));
        all.put("keras/nesterov", new Case(nesterov));
        all.put("keras/nesterov/scheduled", new Case(nesterov, null, true));
        all.put("keras/rmsprop", new Case(rmsProp));
        all.put("keras/rmsprop/momentum", new Case(rmsProp.withMomentum(0.9)));
        all.put("keras/rmsprop/centered", new Case(rmsProp.withCentering()));
        all.put("keras/rmsprop/centered/momentum", new Case(rmsProp.withCentering().withMomentum(0.8)));
        all.put("keras/rmsprop/scheduled", new Case(rmsProp.withMomentum(0.9), null, true));
        all.put("keras/adagrad", new Case(Adagrad.keras(0.1)));
        all.put("keras/adadelta", new Case(Adadelta.keras3()));
        all.put("keras/adam", new Case(Adam.keras(0.02)));
        all.put("keras/adam/decay", new Case(Adam.keras(0.02).withDecay(0.01)));
        all.put("keras/adamw", new Case(AdamW.keras(0.02)));
        all.put("keras/amsgrad", new Case(AmsGrad.keras(0.02)));
        all.put("keras/nadam", new Case(NAdam.keras(0.02)));
        all.put("keras/lion", new Case(Lion.keras(0.02)));
        all.put("keras/clip/value", new Case(new Sgd(0.05), new Clip.ByValue(0.7), false));
        all.put("keras/clip/norm", new Case(new Sgd(0.05), new Clip.ByNorm(2), false));
        all.put("keras/clip/global", new Case(new Sgd(0.05), new Clip.ByGlobalNorm(2, Dialect.KERAS), false));
    }

    /** Every rule and reading once. */
    static List<Rule<?>> rules() {
        List<Rule<?>> rules = new ArrayList<>();
        all().values().stream().filter(c -> c.clip() == null && !c.scheduled()).forEach(c -> rules.add(c.rule()));
        rules.add(Nesterov.sutskever(0.05, 0.9));
        rules.add(new Chain<>(List.of(new Transform.Limit(0.5), new Transform.Scale(0.7)), Adam.torch(0.02), List.of(new Transform.Limit(0.01))));
        return rules;
    }
}
