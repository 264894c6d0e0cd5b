package gradus.check.junit;

import gradus.check.Domain;
import gradus.numerics.RandomStream;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Runs a {@link GradientTest} once for each seed. */
public final class GradientTestExtension implements TestTemplateInvocationContextProvider {
    /** For JUnit. */
    public GradientTestExtension() {
    }

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getRequiredTestMethod().isAnnotationPresent(GradientTest.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        GradientTest test = context.getRequiredTestMethod().getAnnotation(GradientTest.class);
        String name = context.getRequiredTestClass().getSimpleName() + "." + context.getRequiredTestMethod().getName();
        return Arrays.stream(test.seeds()).mapToObj(seed -> new Invocation(test, new GradientPoint(name, inputs(name, test, seed), seed)));
    }

    private static List<Tensor> inputs(String name, GradientTest test, long seed) {
        Domain[] domains = test.domains();
        if (domains.length != 1 && domains.length != test.value().length) {
            throw new IllegalArgumentException(name + ": @GradientTest names " + test.value().length + " shapes and " + domains.length
                    + " domains; wanted one domain, or one each");
        }
        RandomStream random = new RandomStream(seed, "inputs");
        List<Tensor> inputs = new ArrayList<>();
        for (int k = 0; k < test.value().length; k++) {
            inputs.add(domains[domains.length == 1 ? 0 : k].draw(random, dims(name, test.value()[k])));
        }
        return List.copyOf(inputs);
    }

    private static int[] dims(String name, String shape) {
        try {
            return shape.isBlank() ? new int[0] : Arrays.stream(shape.split(",")).map(String::trim).mapToInt(Integer::parseInt).toArray();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + ": @GradientTest cannot read the shape \"" + shape + "\"; wanted extents such as \"3, 4\"", e);
        }
    }

    private record Invocation(GradientTest test, GradientPoint point) implements TestTemplateInvocationContext, ParameterResolver {
        @Override
        public String getDisplayName(int index) {
            return String.join(" and ", Arrays.stream(test.value()).map(s -> "[" + s + "]").toList()) + ", seed " + point.seed();
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(this);
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == GradientPoint.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return point;
        }
    }
}
