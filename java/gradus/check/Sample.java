package gradus.check;

import gradus.numerics.RandomStream;
import gradus.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * A row of the catalogue: an operation or layer, applied at a point.
 *
 * @param subject the class that the row is for
 * @param name what is applied, unique among the rows of the subject
 */
public record Sample(Class<?> subject, String name, Differentiable function, List<Tensor> inputs) {
    /** A tensor to be drawn. */
    record Draw(Domain domain, int... dims) {
    }

    static Draw real(int... dims) {
        return new Draw(Domain.REAL, dims);
    }

    static Draw positive(int... dims) {
        return new Draw(Domain.POSITIVE, dims);
    }

    static Draw unit(int... dims) {
        return new Draw(Domain.UNIT, dims);
    }

    static Draw distinct(int... dims) {
        return new Draw(Domain.DISTINCT, dims);
    }

    /** A row whose inputs are drawn from a stream of its own. */
    static Sample row(Class<?> subject, String name, Differentiable function, Draw... inputs) {
        RandomStream random = new RandomStream(7, subject.getName() + " " + name);
        return new Sample(subject, name, function, Arrays.stream(inputs).map(d -> d.domain().draw(random, d.dims())).toList());
    }

    /** Name of the operation or layer, as in {@code gradus check NAME}. */
    public String subjectName() {
        return subject.getSimpleName();
    }

    /** The check of this row. */
    public GradCheck check() {
        return GradCheck.of(function, inputs).named(subjectName() + " " + name)
                .written("Samples.find(\"" + subjectName() + "\", \"" + name.replace("\"", "\\\"") + "\").function()");
    }
}
