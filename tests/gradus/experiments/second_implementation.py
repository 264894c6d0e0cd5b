"""A second implementation of a training run, written after docs/numerics.md: it uses no code of Gradus and no framework. (Its author looked into the Java for some formulas that the page then
lacked; the page has them now.) It must print the hashes of the short run in section 9.

usage: python second_implementation.py [resources/gradus/data/fashion-mnist/t10k-images-idx3-ubyte.gz]
Needs NumPy on a machine whose long double has 64 bits of mantissa (x86).
"""
import gzip
import hashlib
import struct
import sys

import numpy as np

F = np.float32
SEED, ROWS, BATCH, RATE, PIXELS, CODE = 120, 300, 128, 0.005, 784, 8


# Section 8: PyTorch's generator.
class TorchGenerator:
    def __init__(self, seed):
        state = [seed & 0xFFFFFFFF]
        for i in range(1, 624):
            state.append((1812433253 * (state[-1] ^ state[-1] >> 30) + i) & 0xFFFFFFFF)
        self.state, self.place = state, 624

    def word(self):
        if self.place == 624:
            s = self.state
            for i in range(624):
                y = s[i] & 0x80000000 | s[(i + 1) % 624] & 0x7FFFFFFF
                s[i] = s[(i + 397) % 624] ^ y >> 1 ^ (0x9908B0DF if y & 1 else 0)
            self.place = 0
        y = self.state[self.place]
        self.place += 1
        y ^= y >> 11
        y ^= y << 7 & 0x9D2C5680
        y ^= y << 15 & 0xEFC60000
        return y ^ y >> 18

    def uniform(self, shape, a, b):
        a, b = F(a), F(b)
        words = np.array([self.word() & 0xFFFFFF for _ in range(int(np.prod(shape)))], np.uint32)
        return fma(words.astype(F) * F(2.0**-24), b - a, a).reshape(shape)


# Section 1: fma in binary32, by a sum in binary64 rounded to odd (Boldo and Melquiond 2008).
def fma(a, b, c):
    p = np.multiply(a, b, dtype=np.float64)
    c = np.asarray(c, np.float64)
    s = p + c
    t = s - p
    rest = (p - (s - t)) + (c - t)
    bits = s.view(np.int64)
    step = np.where((rest > 0) == (s > 0), 1, -1)
    return np.where((rest != 0) & (bits & 1 == 0), bits + step, bits).view(np.float64).astype(F)


# Section 3: one chain over k.
def matmul(a, b, start):
    c = np.broadcast_to(start, (a.shape[0], b.shape[1])).astype(F)
    for k in range(a.shape[1]):
        c = fma(a[:, k : k + 1], b[k : k + 1, :], c)
    return c


# Section 2: sixteen lanes, here for up to 4096 terms along the first axis.
def sum_rows(t):
    lanes = np.zeros((16, t.shape[1]), F)
    for i, row in enumerate(t):
        lanes[i % 16] += row
    for half in (8, 4, 2, 1):
        lanes[:half] += lanes[half : 2 * half]
    return F(0) + lanes[0]


# Section 6: the exact value rounded once; the errors of long double are too small to show here.
def sigmoid(x):
    return (1 / (1 + np.exp(-x.astype(np.longdouble)))).astype(F)


def adam(parameters, gradients, moments, t):
    for name, g in gradients.items():
        mu, nu = moments.get(name, (np.zeros_like(g), np.zeros_like(g)))
        mu = mu * F(0.9) + g * F(1 - 0.9)
        nu = nu * F(0.999) + (g * g) * F(1 - 0.999)
        moments[name] = mu, nu
        denominator = np.sqrt(nu) * F(1 / np.sqrt(1 - 0.999**t)) + F(1e-8)
        parameters[name] = parameters[name] + (mu / denominator) * F(-RATE / (1 - 0.9**t))


def train(images, nonlinear):
    random = TorchGenerator(SEED)
    second = "2" if nonlinear else "1"
    p = {}
    for name, inputs, outputs in (("0", PIXELS, CODE), (second, CODE, PIXELS)):
        bound = np.sqrt(3) * (np.sqrt(2 / (1 + np.sqrt(5) ** 2)) / np.sqrt(inputs))
        p[name + ".weight"] = random.uniform((outputs, inputs), -bound, bound)
        p[name + ".bias"] = random.uniform((outputs,), -1 / np.sqrt(inputs), 1 / np.sqrt(inputs))
    w1, b1, w2, b2 = list(p)
    moments = {}
    for step, start in enumerate(range(0, ROWS, BATCH), 1):
        x = images[start : min(start + BATCH, ROWS)]
        h = matmul(x, p[w1].T, p[b1])
        h = np.where(h > 0, h, F(0)) if nonlinear else h
        y = matmul(h, p[w2].T, p[b2])
        y = sigmoid(y) if nonlinear else y
        g = (y - x) * F(2 / x.size)
        g = g * (y * (F(1) - y)) if nonlinear else g
        gh = matmul(g, p[w2], F(0))
        gh = np.where(h > 0, gh, F(0)) if nonlinear else gh
        gradients = {w1: matmul(gh.T, x, F(0)), b1: sum_rows(gh), w2: matmul(g.T, h, F(0)), b2: sum_rows(g)}
        adam(p, gradients, moments, step)
    return p


# Section 9.
def hashed(parameters):
    h = hashlib.sha256()
    for name in sorted(parameters):
        t = parameters[name]
        h.update(struct.pack("<i", len(name)) + name.encode() + b"F32" + struct.pack("<i", t.ndim) + struct.pack(f"<{t.ndim}i", *t.shape))
        h.update(np.ascontiguousarray(t, "<f4").tobytes())
    return "sha256:" + h.hexdigest()


file = sys.argv[1] if len(sys.argv) > 1 else "resources/gradus/data/fashion-mnist/t10k-images-idx3-ubyte.gz"
pixels = np.frombuffer(gzip.open(file).read(), np.uint8, offset=16, count=ROWS * PIXELS).reshape(ROWS, PIXELS)
images = (pixels.astype(F) / F(255) - F(0.5)) / F(0.5)
for model in ("linear", "nonlinear"):
    print(model, 1, hashed(train(images, model == "nonlinear")))
