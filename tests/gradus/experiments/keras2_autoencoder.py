"""Twelve steps of a sparse autoencoder 12-5-12 as Keras 2.3.1 with TensorFlow 1 trained it, in float64 NumPy, transcribed from its sources:
backend binary_crossentropy (clip, logit, sigmoid cross-entropy with logits), optimizers.Adadelta, Dense, an L1 activity penalty averaged over the batch.
Prints the losses of the steps, then the parameters after the last. Run: python keras2_autoencoder.py > keras2_autoencoder.txt"""
import numpy as np

EPSILON, RATE, RHO, PENALTY = 1e-7, 1.0, 0.95, 1e-2
LOWEST, HIGHEST = float(np.float32(EPSILON)), float(np.float32(1) - np.float32(EPSILON))   # the graph's constants are float32


def counted(factor, modulus, shift, divisor, *shape):
    return ((np.arange(np.prod(shape)) * factor % modulus + shift) / divisor).reshape(shape)


x = counted(7919, 101, 0, 100, 8, 12)                      # 0 … 1, both ends among them
w1, b1 = counted(37, 19, -8, 9, 5, 12), np.zeros(5)        # Gradus' layout: [out, in]
w2, b2 = counted(23, 17, -8, 1, 12, 5), np.zeros(12)        # large: some outputs are clipped
parameters = [w1, b1, w2, b2]
accumulators = [np.zeros_like(p) for p in parameters]
deltas = [np.zeros_like(p) for p in parameters]

for step in range(12):
    z1 = x @ w1.T + b1
    code = np.maximum(z1, 0)
    p = 1 / (1 + np.exp(-(code @ w2.T + b2)))
    clipped = np.clip(p, LOWEST, HIGHEST)
    logit = np.log(clipped / (1 - clipped))
    loss = (np.maximum(logit, 0) - logit * x + np.log1p(np.exp(-np.abs(logit)))).mean() + PENALTY * code.sum() / len(x)
    print("loss", repr(float(loss)))
    assert np.any(p < LOWEST) and np.any(p > HIGHEST) and np.any(z1 < 0), "the case is to show clipping and idle units"

    inside = (p >= LOWEST) & (p <= HIGHEST)
    to_z2 = np.where(inside, clipped - x, 0) / x.size       # ∂loss/∂logit; logit(sigmoid(z)) = z where nothing is clipped
    to_code = to_z2 @ w2 + PENALTY / len(x) * np.sign(code)
    to_z1 = np.where(z1 > 0, to_code, 0)
    gradients = [to_z1.T @ x, to_z1.sum(0), to_z2.T @ code, to_z2.sum(0)]
    for w, g, a, d in zip(parameters, gradients, accumulators, deltas):
        a[...] = RHO * a + (1 - RHO) * g ** 2
        update = g * np.sqrt(d + EPSILON) / np.sqrt(a + EPSILON)
        w -= RATE * update
        d[...] = RHO * d + (1 - RHO) * update ** 2

for name, w in zip(("0.weight", "0.bias", "2.weight", "2.bias"), parameters):
    print(name, *(repr(float(v)) for v in w.ravel()))
