package gradus.cli;

import gradus.runner.Lab;
import gradus.runner.Options;
import gradus.runner.Run;
import gradus.runner.UsageException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A user's experiment in one Java file: compiled, loaded, and its {@code main()} or its one method that takes a {@link Run} called. */
final class SourceFile {
    private SourceFile() {
    }

    static void run(Path file, Options options) throws Exception {
        if (!Files.isReadable(file)) {
            throw new UsageException("there is no readable file " + file);
        }
        Path classes = Files.createTempDirectory("gradus-classes");
        try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, SourceFile.class.getClassLoader())) {
            compile(file, classes);
            String name = file.getFileName().toString().replaceFirst("\\.java$", "");
            call(loader.loadClass(name), name, options);
        } finally {
            delete(classes);
        }
    }

    private static void compile(Path file, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new UsageException("this Java has no compiler; install a JDK 25 or newer to run " + file);
        }
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            Iterable<? extends JavaFileObject> units = files.getJavaFileObjects(file);
            String modules = System.getProperty("jdk.module.path");
            List<String> path = modules == null ? List.of("-cp", System.getProperty("java.class.path"))
                    : List.of("-p", modules, "--add-modules", "gradus");
            StringBuilder said = new StringBuilder();
            List<String> flags = Stream.concat(path.stream(), Stream.of("-d", classes.toString(), "-proc:none", "-Xlint:none")).toList();
            boolean compiled = compiler.getTask(null, files, d -> said.append(d).append('\n'), flags, null, units).call();
            if (!compiled) {
                throw new IOException("the compiler refuses " + file + ":\n" + said.toString().strip());
            }
        }
    }

    private static void call(Class<?> type, String name, Options options) throws Exception {
        Method method = entry(type, name);
        method.setAccessible(true);
        Object target = null;
        if (!java.lang.reflect.Modifier.isStatic(method.getModifiers())) {
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            target = constructor.newInstance();
        }
        Object receiver = target;
        try {
            ScopedValue.where(Lab.OPTIONS, options).call(() -> {
                if (method.getParameterCount() == 1 && method.getParameterTypes()[0] == Run.class) {
                    Lab.run(name, run -> invoke(method, receiver, run));
                } else if (method.getParameterCount() == 1) {
                    invoke(method, receiver, (Object) new String[0]);
                } else {
                    invoke(method, receiver);
                }
                return null;
            });
        } catch (Wrapped wrapped) {
            throw switch (wrapped.getCause()) {
                case Exception e -> e;
                case AssertionError e -> new IllegalStateException(e.getMessage(), e);   // what GradCheck found is words for the user
                default -> wrapped;
            };
        }
    }

    /** A main method, or else the one method that takes a Run. */
    private static Method entry(Class<?> type, String name) {
        List<Method> takesRun = Arrays.stream(type.getDeclaredMethods())
                .filter(m -> !m.isSynthetic() && m.getParameterCount() == 1 && m.getParameterTypes()[0] == Run.class).toList();
        List<Method> mains = Arrays.stream(type.getDeclaredMethods()).filter(m -> m.getName().equals("main")).toList();
        if (mains.size() == 1) {
            return mains.getFirst();
        }
        if (takesRun.size() == 1) {
            return takesRun.getFirst();
        }
        throw new UsageException(name + ".java has neither a main method nor exactly one method that takes a Run");
    }

    private static void invoke(Method method, Object receiver, Object... arguments) {
        try {
            method.invoke(receiver, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RuntimeException r ? r : new Wrapped(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Wrapped extends RuntimeException {
        private static final long serialVersionUID = 1;

        Wrapped(Throwable cause) {
            super(cause);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
    }
}
