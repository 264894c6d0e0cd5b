"""Forty steps of mnist-conv-autoencoder as Keras 2.3.1 with TensorFlow 1 trained it, in float64 PyTorch 2.13: the first 64 test digits in one batch, weights from a formula, biases 0.
'same' pooling of 7 × 7 to 4 × 4 pads below and on the right; the sixth convolution is 'valid'; the loss clips to [1e-7, 1 − 1e-7] and goes back to logits; Adadelta as in its source.
Prints the losses of the steps, then the biases after the last. Run: python keras2_conv_autoencoder.py > keras2_conv_autoencoder.txt"""
import gzip
from pathlib import Path
import numpy as np
import torch
import torch.nn.functional as F

EPSILON, RATE, RHO = 1e-7, 1.0, 0.95
LOWEST, HIGHEST = float(np.float32(EPSILON)), float(np.float32(1) - np.float32(EPSILON))   # the graph's constants are float32
SHAPES = {0: (16, 1), 3: (8, 16), 6: (8, 8), 9: (8, 8), 12: (8, 8), 15: (16, 8), 18: (1, 16)}   # layer: maps out, maps in


def counted(layer, out, into):
    """Spread over Glorot's interval: i·7919 mod 1009, another multiple in each layer."""
    n = out * into * 9
    limit = np.sqrt(6 / (9 * (out + into)))
    return ((np.arange(n) * (7919 + layer) % 1009 - 504) / 504 * limit).reshape(out, into, 3, 3)


file = Path(__file__).parents[3] / "resources/gradus/data/mnist/t10k-images-idx3-ubyte.gz"
pixels = np.frombuffer(gzip.open(file).read(), np.uint8, 64 * 784, 16)
x = torch.tensor(pixels.reshape(64, 1, 28, 28).astype(np.float32) / np.float32(255)).double()
parameters = {}
for layer, (out, into) in SHAPES.items():
    parameters[f"{layer}.weight"] = torch.tensor(counted(layer, out, into)).requires_grad_()
    parameters[f"{layer}.bias"] = torch.zeros(out, dtype=torch.float64).requires_grad_()
accumulators = [torch.zeros_like(p) for p in parameters.values()]
deltas = [torch.zeros_like(p) for p in parameters.values()]


def convolution(layer, y, padding=1):
    return F.conv2d(y, parameters[f"{layer}.weight"], parameters[f"{layer}.bias"], padding=padding)


def pooled(y):
    return F.max_pool2d(y, 2, ceil_mode=True)


def enlarged(y):
    return y.repeat_interleave(2, 2).repeat_interleave(2, 3)


for step in range(40):
    y = x
    for layer in (0, 3, 6):
        y = pooled(convolution(layer, y).relu())
    for layer in (9, 12, 15):
        y = enlarged(convolution(layer, y, 0 if layer == 15 else 1).relu())
    clipped = convolution(18, y).sigmoid().clamp(LOWEST, HIGHEST)
    loss = F.binary_cross_entropy_with_logits(torch.log(clipped / (1 - clipped)), x)
    print("loss", repr(loss.item()))
    gradients = torch.autograd.grad(loss, list(parameters.values()))
    with torch.no_grad():
        for w, g, a, d in zip(parameters.values(), gradients, accumulators, deltas):
            a.copy_(RHO * a + (1 - RHO) * g ** 2)
            update = g * torch.sqrt(d + EPSILON) / torch.sqrt(a + EPSILON)
            w -= RATE * update
            d.copy_(RHO * d + (1 - RHO) * update ** 2)

for name, w in parameters.items():
    if name.endswith("bias"):
        print(name, *(repr(v) for v in w.tolist()))
