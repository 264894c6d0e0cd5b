package gradus.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.DirectMethodHandleDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds points 4 and 5 of the numeric contract (docs/numerics.md) over what is compiled and over the native sources: nothing whose result depends on the
 * machine, the compiler or the order in which threads arrive.
 */
class ForbiddenApiTest {
    private static final Path CLASSES = Path.of("target/classes/gradus");

    /** Each differs between interpreter, compiler and processors; gradus.numerics and StrictMath do not. */
    private static final Set<String> TRANSCENDENTAL = Set.of("sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "exp", "expm1", "log", "log10",
            "log1p", "pow", "cbrt", "hypot", "random");

    private static final Set<String> LANEWISE = Set.of("SIN", "COS", "TAN", "ASIN", "ACOS", "ATAN", "ATAN2", "SINH", "COSH", "TANH", "EXP", "EXPM1", "LOG", "LOG10", "LOG1P",
            "POW", "CBRT", "HYPOT");

    /** Reductions whose result no order can change. */
    private static final Set<String> ORDERLESS = Set.of("MAX", "MIN", "FIRST_NONZERO", "AND", "OR", "XOR");

    private static final Set<String> FORBIDDEN_TYPES = Set.of("java/util/concurrent/atomic/DoubleAdder", "java/util/concurrent/atomic/DoubleAccumulator",
            "java/util/concurrent/ThreadLocalRandom", "java/security/SecureRandom");

    private static final Set<String> SEEDABLE = Set.of("java/util/Random", "java/util/SplittableRandom");

    private static final Set<String> FORBIDDEN_METHODS = Set.of("java/util/Collection.parallelStream", "java/util/Arrays.parallelPrefix",
            "java/util/stream/DoubleStream.sum", "java/util/stream/DoubleStream.average", "java/util/stream/DoubleStream.summaryStatistics",
            "java/util/stream/Collectors.summingDouble", "java/util/stream/Collectors.averagingDouble", "java/util/stream/Collectors.summarizingDouble");

    @Test
    void compiledClassesKeepTheContract() throws IOException {
        List<String> wrong = new ArrayList<>();
        int classes = 0;
        try (Stream<Path> files = Files.walk(CLASSES)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                inspect(ClassFile.of().parse(file), wrong);
                classes++;
            }
        }
        assertTrue(classes > 50, "only " + classes + " classes lie under " + CLASSES);
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    }

    private static void inspect(ClassModel type, List<String> wrong) {
        for (MethodModel method : type.methods()) {
            method.code().ifPresent(code -> {
                String place = type.thisClass().asInternalName().replace('/', '.') + "." + method.methodName().stringValue();
                String operator = "";
                for (CodeElement element : code) {
                    switch (element) {
                        case FieldInstruction field when field.owner().asInternalName().equals("jdk/incubator/vector/VectorOperators") -> {
                            operator = field.name().stringValue();
                            if (LANEWISE.contains(operator)) {
                                wrong.add(place + " uses VectorOperators." + operator);
                            }
                        }
                        case InvokeInstruction call -> called(call.owner().asInternalName(), call.name().stringValue(), call.type().stringValue(), operator, place,
                                wrong);
                        case InvokeDynamicInstruction dynamic -> dynamic.bootstrapArgs().forEach(argument -> {
                            if (argument instanceof DirectMethodHandleDesc handle) {
                                String owner = handle.owner().descriptorString();
                                called(owner.substring(1, owner.length() - 1), handle.methodName(), handle.lookupDescriptor(), "", place, wrong);
                            }
                        });
                        default -> {
                        }
                    }
                }
            });
        }
    }

    private static void called(String owner, String name, String descriptor, String operator, String place, List<String> wrong) {
        boolean vector = owner.startsWith("jdk/incubator/vector/");
        if (owner.equals("java/lang/Math") && TRANSCENDENTAL.contains(name)) {
            wrong.add(place + " calls Math." + name + "; use gradus.numerics, or StrictMath for float64");
        }
        if (vector && name.startsWith("reduceLanes") && !ORDERLESS.contains(operator) && !owner.matches(".*/(Int|Long|Short|Byte)Vector")) {
            wrong.add(place + " calls " + owner + ".reduceLanes(" + operator + "), whose order is unspecified; fold lanes pairwise");
        }
        if (vector && name.equals("pow")) {
            wrong.add(place + " calls " + owner + ".pow");
        }
        if (FORBIDDEN_TYPES.contains(owner) || FORBIDDEN_METHODS.contains(owner + "." + name)) {
            wrong.add(place + " calls " + owner + "." + name);
        }
        if (SEEDABLE.contains(owner) && name.equals("<init>") && descriptor.equals("()V")) {
            wrong.add(place + " makes a " + owner + " without a seed");
        }
        if (owner.startsWith("java/util/stream/") && name.equals("parallel")) {
            wrong.add(place + " makes a stream parallel");
        }
    }

    /** The rules see what they are to see: a class that breaks each of them, compiled with the tests, is caught at each. */
    @Test
    void everyRuleBites() throws IOException {
        List<String> wrong = new ArrayList<>();
        try (var in = ForbiddenApiTest.class.getResourceAsStream("Sinner.class")) {
            inspect(ClassFile.of().parse(in.readAllBytes()), wrong);
        }
        for (String part : List.of("Math.exp;", "Math.log1p;", "VectorOperators.TANH", "reduceLanes(ADD)", "DoubleStream.sum", "stream parallel", "java/util/Random without a seed",
                "FloatVector.pow")) {
            assertEquals(1, wrong.stream().filter(w -> w.contains(part)).count(), () -> part + " in\n" + String.join("\n", wrong));
        }
        assertEquals(8, wrong.size(), () -> String.join("\n", wrong));
    }

    // ---------------------------------------------------------------------------------------------------------------------------- native

    private static final Map<Pattern, String> NATIVE = Map.of(
            Pattern.compile("\\batomic(Add|Sub|Exch|CAS|Max|Min)\\w*\\s*\\("), "atomics let the order of arrival into results",
            Pattern.compile("\\b__(exp|exp10|log|log2|log10|sin|cos|tan|pow|sincos|tanh)f\\s*\\("), "approximate device intrinsics",
            Pattern.compile("\\b__(fdividef|frsqrt_rn|saturatef)\\s*\\("), "not the contract's operations",
            Pattern.compile("\\b(std::)?(exp|exp2|expm1|log|log2|log10|log1p|sin|cos|tan|tanh|sinh|cosh|pow|erf|erfc|rsqrt|cbrt|hypot|sincos)f?\\s*\\("),
            "a library's function; use kernels/numerics.cuh",
            Pattern.compile("-(use_fast_math|ffast-math|Ofast|funsafe-math-optimizations|fmad=true|ffp-contract=fast|fassociative-math)|FP_CONTRACT\\s+ON"),
            "lets the compiler change roundings",
            Pattern.compile("#pragma\\s+omp.*reduction|std::reduce|std::transform_reduce|\\bcub::|\\bthrust::"), "reductions of unspecified order");

    @Test
    void nativeSourcesKeepTheContract() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path file : nativeSources()) {
            scan(file.toString(), Files.readString(file), wrong);
        }
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    }

    private static List<Path> nativeSources() throws IOException {
        List<Path> sources = new ArrayList<>(List.of(Path.of("CMakeLists.txt")));
        for (String folder : List.of("kernels", "native")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                files.filter(f -> f.toString().matches(".*\\.(cu|cuh|cpp|cc|c|h|hpp|sh|txt|cmake)")).forEach(sources::add);
            }
        }
        return sources;
    }

    private static void scan(String name, String text, List<String> wrong) {
        String code = text.replaceAll("//[^\n]*", "").replaceAll("(?s)/\\*.*?\\*/", "");
        BiConsumer<Pattern, String> find = (pattern, why) -> {
            Matcher found = pattern.matcher(code);
            while (found.find()) {
                wrong.add(name + ": " + found.group().strip() + " (" + why + ")");
            }
        };
        NATIVE.forEach(find);
    }

    @Test
    void nativeRulesBite() {
        List<String> wrong = new ArrayList<>();
        scan("sinner.cu", """
                // expf(x) in a comment is nobody's business
                y = __expf(x); z = logf(x); w = std::pow(x, 2.0);
                atomicAdd(&sum, x);
                s = thrust::reduce(v);
                """, wrong);
        scan("CMakeLists.txt", "target_compile_options(k PRIVATE -use_fast_math)", wrong);
        assertEquals(6, wrong.size(), () -> String.join("\n", wrong));
        List<String> innocent = new ArrayList<>();
        scan("saint.cu", "float y = exp32(x) + gradus::log1p32(x) + sqrtf(x) + __fmaf_rn(a, b, c); // sin(x)", innocent);
        assertTrue(innocent.isEmpty(), innocent::toString);
    }

    @Test
    void compilersAreToldNotToFuse() throws IOException {
        String cmake = Files.readString(Path.of("CMakeLists.txt")).replaceAll("(?m)^\\s*#.*", "");
        assertTrue(cmake.contains("-ffp-contract=off"), "CMakeLists.txt must compile C++ with -ffp-contract=off");
        if (cmake.contains("enable_language(CUDA)") || cmake.toLowerCase(java.util.Locale.ROOT).contains("nvcc")) {
            assertTrue(cmake.contains("-fmad=false"), "CMakeLists.txt must compile CUDA with -fmad=false");
            assertFalse(cmake.contains("-ftz=true") || cmake.contains("-prec-div=false") || cmake.contains("-prec-sqrt=false"), "subnormals, division and √ stay IEEE's");
        }
    }
}
