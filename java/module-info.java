/** Gradus: a numerics engine whose results are the same to the last bit wherever they run. */
module gradus {
    requires static jdk.incubator.vector;
    requires static net.jqwik.api;
    requires static org.apiguardian.api;
    requires static org.junit.jupiter.api;
    requires java.compiler;
    requires java.desktop;
    requires java.management;
    requires jdk.management;
    requires info.picocli;
    requires me.tongfei.progressbar;
    requires com.fasterxml.jackson.databind;
    requires jcuda;
    requires jcublas;

    exports gradus.backend;
    exports gradus.check;
    exports gradus.check.jqwik;
    exports gradus.check.junit;
    exports gradus.data;
    exports gradus.grad;
    exports gradus.lab;
    exports gradus.learn;
    exports gradus.nn;
    exports gradus.runner;
    exports gradus.lens;
    exports gradus.linalg;
    exports gradus.numerics;
    exports gradus.op;
    exports gradus.optim;
    exports gradus.report;
    exports gradus.tensor;

    opens gradus.cli to info.picocli;
}
