// What the native libraries offer: one C function for each kernel family, the same in the CUDA library and in the emulator. The bridge calls
// them by name. Pointers are device addresses; streams are the driver's handles; every function answers 0 or a status whose words
// gradus_status gives. Layouts ("walk") are [rank, extents…, strides of each operand in turn…] in elements.
#pragma once

#define GRADUS_EXPORT extern "C" __attribute__((visibility("default")))

/** Changes whenever a function below changes; the bridge refuses a library of another version, and Bridge.java a bridge of another. */
#define GRADUS_INTERFACE 7

/** GRADUS_INTERFACE as the library was built. */
GRADUS_EXPORT int gradus_interface();

/** Words for a status. */
GRADUS_EXPORT const char* gradus_status(int status);

/** What this library is, for doctor: compiler, architectures. */
GRADUS_EXPORT const char* gradus_built();

/** The version of CUDA that a driver must serve for this library, as the driver counts (13000 for 13.0); 0 where none is needed. */
GRADUS_EXPORT int gradus_toolkit();

/** Starts a kernel that does nothing: 0 where this library has code for the device. */
GRADUS_EXPORT int gradus_ready(void* stream);

/** y[i] = f(x[walk]); y is row-major. Walk: x. */
GRADUS_EXPORT int gradus_map(void* stream, int type, int function, const int* walk, const void* x, void* y);

/** y[i] = f(a[walk], b[walk]); y is row-major. Walk: a, b. */
GRADUS_EXPORT int gradus_zip(void* stream, int type, int zip, const int* walk, const void* a, const void* b, void* y);

/** y[i] = f(a[walk], b), b rounded to the type; y is row-major. Walk: a. */
GRADUS_EXPORT int gradus_zip_scalar(void* stream, int type, int zip, const int* walk, const void* a, double b, void* y);

/** y[i] = mask[walk] ≠ 0 ? a[walk] : b[walk]; y is row-major. Walk: mask, a, b. */
GRADUS_EXPORT int gradus_select(void* stream, int type, const int* walk, const void* mask, const void* a, const void* b, void* y);

/** y[walk] = x[walk]. Walk: x, y. */
GRADUS_EXPORT int gradus_copy(void* stream, int type, const int* walk, const void* x, void* y);

/** y[walk] = value, rounded to the type. Walk: y. */
GRADUS_EXPORT int gradus_fill(void* stream, int type, const int* walk, double value, void* y);

/**
 * y[i] = the terms x[kept place + folded place] folded in the contract's order. Walks of one operand each: what is kept, what is folded.
 * Where a fold has more than 4096 terms, `partial` holds one element for each output and chunk of 4096.
 */
GRADUS_EXPORT int gradus_reduce(void* stream, int type, int reduction, const int* kept, const int* folded, const void* x, void* partial, void* y);

/**
 * c = f(bias + a·b) for each batch, one chain over k an element; c is row-major. `strides`: rows and columns of a, of b, and of bias. Walk of the batches:
 * a, b. bias may be null; function −1 is none.
 */
GRADUS_EXPORT int gradus_matmul(void* stream, int type, int m, int n, int k, const int* strides, const int* batches, const void* a, const void* b,
                                const void* bias, int function, void* c);

/** Shape: samples, channels, height, width, filters, outHeight, outWidth, groups, then kernel, stride, dilation (height, width each), top, left. */
GRADUS_EXPORT int gradus_conv_forward(void* stream, int type, const int* shape, const void* x, const void* weight, const void* bias, int phi, double slope,
                                      void* y);
GRADUS_EXPORT int gradus_conv_input(void* stream, int type, const int* shape, const void* y, const void* weight, const void* bias, int phi, double slope,
                                    void* x);

/** `partial` has room for at least two times 16 · weights elements; more lets more chunks of the batch run at a time. */
GRADUS_EXPORT int gradus_conv_weight(void* stream, int type, const int* shape, const void* y, const void* x, void* partial, long long room, void* weight);

/**
 * Convolution as a product: columns[n · sampleStep + tap · tapStep + place] of samples first … first + samples − 1, taps (channel, row, column) of all groups.
 * Samples · taps · places is below 2³¹.
 */
GRADUS_EXPORT int gradus_columns(void* stream, int type, const int* shape, int first, int samples, long long sampleStep, long long tapStep, const void* x,
                                 void* columns);

/** The way back: sums of columns [samples, taps, places] into the places of x that they came from, from the bias or 0, then φ. */
GRADUS_EXPORT int gradus_fold_columns(void* stream, int type, const int* shape, int first, int samples, const void* columns, const void* bias, int phi, double slope,
                                      void* x);

/**
 * Shape: samples, channels, height, width, outHeight, outWidth, then kernel, stride, dilation (height, width each), top, bottom, left, right,
 * whether padding counts. With u: the elements of u at the winners of x.
 */
GRADUS_EXPORT int gradus_max_pool(void* stream, int type, const int* shape, const void* x, const void* u, void* y);
GRADUS_EXPORT int gradus_max_pool_gradient(void* stream, int type, const int* shape, const void* g, const void* x, void* dx);
GRADUS_EXPORT int gradus_average_pool(void* stream, int type, const int* shape, const void* x, void* y);
GRADUS_EXPORT int gradus_average_pool_gradient(void* stream, int type, const int* shape, const void* g, void* dx);

/** Shape: images, height, width, outHeight, outWidth, mode. */
GRADUS_EXPORT int gradus_resize(void* stream, int type, const int* shape, const void* x, void* y);
GRADUS_EXPORT int gradus_resize_gradient(void* stream, int type, const int* shape, const void* g, void* dx);

/** Kind 0: Σ x; 1: Σ (x − mean)²; 2: Σ g · (x − mean). `partial` as for gradus_conv_weight, with a sum for each channel. */
GRADUS_EXPORT int gradus_channel_sums(void* stream, int type, int kind, int samples, int channels, int places, const void* g, const void* x, const void* mean,
                                      void* partial, long long room, void* y);
GRADUS_EXPORT int gradus_normalize(void* stream, int type, int n, int channels, int places, const void* x, const void* mean, const void* scale,
                                   const void* shift, int phi, double slope, void* y);
GRADUS_EXPORT int gradus_normalize_gradient(void* stream, int type, int n, int channels, int places, const void* g, const void* x, const void* mean,
                                            const void* offset, const void* slope, const void* scale, void* dx);
GRADUS_EXPORT int gradus_phi_gradient(void* stream, int type, int n, int phi, double slope, const void* g, const void* y, void* dx);

/**
 * Formula: [operands, steps, results, (kind, function, a, b) of each step, (place, operand) of each result], at most 12 operands and 48 steps; kinds are map, pair,
 * scalar. The operands of each segment, all of its length, are given by address.
 */
GRADUS_EXPORT int gradus_evaluate(void* stream, int type, const int* formula, const double* scalars, int segments, const int* lengths,
                                  const long long* addresses);

/**
 * gradus.backend.Fusion of rows · width elements: softmax and its logarithm along rows of at most 4096; losses of x and target, for which `partial` has room for
 * one element for each 4096.
 */
GRADUS_EXPORT int gradus_fused(void* stream, int type, int fusion, int rows, int width, const void* x, const void* target, void* partial, void* y);

/** y[i] = word (position + i) of the Philox stream (seed, name) lies below the threshold ? yes : no. */
GRADUS_EXPORT int gradus_bernoulli(void* stream, int type, int n, long long position, long long name, long long seed, long long threshold, double yes, double no,
                                   void* y);

/** The next words of the stream as RandomStream.uniform draws them: min(fma(u, width, low), last), all three in the type. */
GRADUS_EXPORT int gradus_uniform(void* stream, int type, int n, long long position, long long name, long long seed, double low, double width, double last, void* y);

/** The next words of the stream as RandomStream.normal draws them. */
GRADUS_EXPORT int gradus_normal(void* stream, int type, int n, long long position, long long name, long long seed, double mean, double deviation, void* y);

/** labels[i] = the nearest of k centres, float64 [k, d], to row i of rows, float32 [n, d]: the first of several at one distance. Labels are float64. */
GRADUS_EXPORT int gradus_nearest_centers(void* stream, int n, int k, int d, const void* rows, const void* centers, void* labels);

/**
 * Exact t-SNE of n points, float32. x and y hold [at, pull, push, gain, move, gradient][n] of a coordinate; affinities p are in compressed rows of int32 start
 * and column; slots has room for 3 · ⌈n/4096⌉ · n elements; z receives n float64 sums.
 */
GRADUS_EXPORT int gradus_tsne_forces(void* stream, int n, void* x, void* y, const void* start, const void* column, const void* p, void* slots, void* z);

/** One step along one coordinate; z is the sum over all points. */
GRADUS_EXPORT int gradus_tsne_update(void* stream, int n, double exaggeration, double momentum, double rate, const void* z, void* state);
