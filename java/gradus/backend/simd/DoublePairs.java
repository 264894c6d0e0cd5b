package gradus.backend.simd;

import gradus.backend.Zip;

/**
 * The loops of {@link Zip} over dense doubles, one a function, so that each compiles to vector code. Products and sums are written apart, never
 * fused: Java rounds each, in a vector as in a scalar.
 */
final class DoublePairs {
    private DoublePairs() {
    }

    /** y[i] = f(a[i], b[i]). */
    static void pairs(Zip f, double[] a, int ao, double[] b, int bo, double[] y, int yo, int n) {
        switch (f) {
            case ADD -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = a[ao + i] + b[bo + i];
                }
            }
            case SUBTRACT -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = a[ao + i] - b[bo + i];
                }
            }
            case SUBTRACT_FROM -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = b[bo + i] - a[ao + i];
                }
            }
            case MULTIPLY -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = a[ao + i] * b[bo + i];
                }
            }
            case DIVIDE -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = a[ao + i] / b[bo + i];
                }
            }
            case DIVIDE_INTO -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = b[bo + i] / a[ao + i];
                }
            }
            case MAXIMUM -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = Math.max(a[ao + i], b[bo + i]);
                }
            }
            case MINIMUM -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = Math.min(a[ao + i], b[bo + i]);
                }
            }
            case GREATER -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = a[ao + i] > b[bo + i] ? 1 : 0;
                }
            }
            case GREATER_EQUAL -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = a[ao + i] >= b[bo + i] ? 1 : 0;
                }
            }
            case EQUAL -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = a[ao + i] == b[bo + i] ? 1 : 0;
                }
            }
            case LEAKY_RELU -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = a[ao + i] > 0 ? a[ao + i] : b[bo + i] * a[ao + i];
                }
            }
            case RELU_GRADIENT -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = b[bo + i] > 0 ? a[ao + i] : 0;
                }
            }
            case SIGMOID_GRADIENT -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = a[ao + i] * (b[bo + i] * (1 - b[bo + i]));
                }
            }
            case TANH_GRADIENT -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = a[ao + i] * (1 - b[bo + i] * b[bo + i]);
                }
            }
            case INTEGER_POWER -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = f.apply(a[ao + i], b[bo + i]);
                }
            }
        }
    }

    /** y[i] = f(a[i], b) with one b. */
    static void scalar(Zip f, double[] a, int ao, double b, double[] y, int yo, int n) {
        switch (f) {
            case ADD -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = a[ao + i] + b;
                }
            }
            case SUBTRACT -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = a[ao + i] - b;
                }
            }
            case SUBTRACT_FROM -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = b - a[ao + i];
                }
            }
            case MULTIPLY -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = a[ao + i] * b;
                }
            }
            case DIVIDE -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = a[ao + i] / b;
                }
            }
            case DIVIDE_INTO -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = b / a[ao + i];
                }
            }
            case MAXIMUM -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = Math.max(a[ao + i], b);
                }
            }
            case MINIMUM -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = Math.min(a[ao + i], b);
                }
            }
            case GREATER -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = a[ao + i] > b ? 1 : 0;
                }
            }
            case GREATER_EQUAL -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = a[ao + i] >= b ? 1 : 0;
                }
            }
            case EQUAL -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = a[ao + i] == b ? 1 : 0;
                }
            }
            case LEAKY_RELU -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = a[ao + i] > 0 ? a[ao + i] : b * a[ao + i];
                }
            }
            case RELU_GRADIENT -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = b > 0 ? a[ao + i] : 0;
                }
            }
            case SIGMOID_GRADIENT -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = a[ao + i] * (b * (1 - b));
                }
            }
            case TANH_GRADIENT -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = a[ao + i] * (1 - b * b);
                }
            }
            case INTEGER_POWER -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = f.apply(a[ao + i], b);
                }
            }
        }
    }

    /** y[i] = f(a, b[i]) with one a. */
    static void scalarFirst(Zip f, double a, double[] b, int bo, double[] y, int yo, int n) {
        switch (f) {
            case ADD -> scalar(Zip.ADD, b, bo, a, y, yo, n);
            case MULTIPLY -> scalar(Zip.MULTIPLY, b, bo, a, y, yo, n);
            case SUBTRACT -> scalar(Zip.SUBTRACT_FROM, b, bo, a, y, yo, n);
            case SUBTRACT_FROM -> scalar(Zip.SUBTRACT, b, bo, a, y, yo, n);
            case DIVIDE -> scalar(Zip.DIVIDE_INTO, b, bo, a, y, yo, n);
            case DIVIDE_INTO -> scalar(Zip.DIVIDE, b, bo, a, y, yo, n);
            case MAXIMUM -> scalar(Zip.MAXIMUM, b, bo, a, y, yo, n);
            case MINIMUM -> scalar(Zip.MINIMUM, b, bo, a, y, yo, n);
            case EQUAL -> scalar(Zip.EQUAL, b, bo, a, y, yo, n);
            case GREATER, GREATER_EQUAL, LEAKY_RELU, RELU_GRADIENT, SIGMOID_GRADIENT, TANH_GRADIENT, INTEGER_POWER -> {
                for (int i = 0; i < n; i++) {
                    y[yo + i] = f.apply(a, b[bo + i]);
                }
            }
        }
    }
}
