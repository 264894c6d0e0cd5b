package gradus.optim;

/**
 * A rule of your own. Implement it as a record beside your experiment; it is driven, saved, probed and forked like the others.
 *
 * @param <S> what the rule remembers: a record of yours, or {@link State.Count}, {@link State.Velocity}, {@link State.Moments}
 */
public non-sealed interface UserRule<S extends State> extends Rule<S> {
}
