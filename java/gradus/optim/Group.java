package gradus.optim;

import java.util.List;

/**
 * Parameters that share a rule, and optionally a schedule for its learning rate.
 *
 * @param schedule the learning rate of each step, or null to keep the rule's own
 */
public record Group(List<Parameter> parameters, Rule<?> rule, Schedule schedule) {
    /** Checks that there are parameters and that they have one element type. */
    public Group {
        parameters = List.copyOf(parameters);
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException("optimizer: a group has no parameters");
        }
        Parameter first = parameters.getFirst();
        for (Parameter p : parameters) {
            if (p.dtype() != first.dtype()) {
                throw new IllegalArgumentException("optimizer: a group holds " + first + " of " + first.dtype() + " and " + p + " of " + p.dtype()
                        + "; make a group for each type");
            }
        }
    }

    /** Parameters under a rule with its own learning rate. */
    public Group(List<Parameter> parameters, Rule<?> rule) {
        this(parameters, rule, null);
    }
}
