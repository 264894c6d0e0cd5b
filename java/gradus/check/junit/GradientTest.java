package gradus.check.junit;

import gradus.check.Domain;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A JUnit 5 test of a gradient, run at a random point for each seed:
 *
 * <pre>
 *   &#64;GradientTest({"3, 4", "2, 4"})
 *   void dense(GradientPoint at) {
 *       at.verify((x, weight) -&gt; x.matmul(weight.transpose()));
 *   }
 * </pre>
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(GradientTestExtension.class)
public @interface GradientTest {
    /** The shape of each input, for example {@code "3, 4"}; an empty string is a number without dimensions. */
    String[] value();

    /** What the inputs are drawn from: one for all, or one each. */
    Domain[] domains() default Domain.REAL;

    /** One run for each. */
    long[] seeds() default {1, 2, 3};
}
