"""Two hundred random configurations of each convolutional operation, evaluated by PyTorch in float64.

Writes convolution_golden.txt (a configuration a line) and convolution_golden.npy (results and gradients, one after the other).
Operands come from a hash of their index (`operand`), which the test repeats; they are binary32 numbers, for maxima with ties. usage: python convolution_golden.py
"""
import random
import numpy as np, torch, torch.nn.functional as F
random.seed(4)
lines, results = [], []


def operand(seed, *shape, levels=1 << 24):
    i = np.arange(int(np.prod(shape)), dtype=np.uint64)
    h = (i * np.uint64(2654435761) + np.uint64(seed * 40503)) & np.uint64(0xffffffff)
    h ^= h >> np.uint64(15)
    h = (h * np.uint64(2246822519)) & np.uint64(0xffffffff)
    h ^= h >> np.uint64(13)
    return torch.tensor((h % np.uint64(levels)).astype(np.float64) / (levels / 4) - 2).reshape(shape).requires_grad_()


def record(kind, numbers, y, operands):
    g = operand(9, *y.shape).detach()
    grads = torch.autograd.grad(y, operands, g)
    lines.append(' '.join([kind] + [str(v) for v in numbers]))
    results.extend(t.detach().numpy().ravel() for t in (y, *grads))


def pick(*values): return random.choice(values)


def window(symmetric):
    kh, kw, sh, sw, dh, dw = pick(1, 2, 3), pick(1, 2, 3, 4), pick(1, 1, 2, 3), pick(1, 1, 2), pick(1, 1, 2), pick(1, 1, 2, 3)
    p = [pick(0, 0, 1, 2) for _ in range(4)]
    if symmetric: p[1], p[3] = p[0], p[2]
    return (kh, kw), (sh, sw), (dh, dw), p


def conv():
    while True:
        k, s, d, p = window(False)
        groups = pick(1, 1, 1, 2, 3)
        n, c, f, h, w = pick(1, 2, 3), groups * pick(1, 1, 2), groups * pick(1, 2), pick(1, 3, 4), pick(2, 4, 5)
        if h + p[0] + p[1] > d[0] * (k[0] - 1) and w + p[2] + p[3] > d[1] * (k[1] - 1): break
    x, weight, bias = operand(1, n, c, h, w), operand(2, f, c // groups, *k), operand(3, f)
    y = F.conv2d(F.pad(x, (p[2], p[3], p[0], p[1])), weight, bias, s, 0, d, groups)
    record('conv2d', (n, c, h, w, f, groups, *k, *s, *d, *p), y, (x, weight, bias))


def transposed():
    while True:
        k, s, d, p = window(True)
        groups = pick(1, 1, 2)
        n, f, c, h, w = pick(1, 2, 3), groups * pick(1, 2, 3), groups * pick(1, 1, 2), pick(1, 2, 3), pick(1, 2, 4)
        extra = random.randrange(min(max(a, b) for a, b in zip(s, d)))
        oh = (h - 1) * s[0] - 2 * p[0] + d[0] * (k[0] - 1) + extra + 1
        ow = (w - 1) * s[1] - 2 * p[2] + d[1] * (k[1] - 1) + extra + 1
        if oh > 0 and ow > 0: break
    x, weight, bias = operand(1, n, f, h, w), operand(2, f, c // groups, *k), operand(3, c)
    y = F.conv_transpose2d(x, weight, bias, s, (p[0], p[2]), extra, groups, d)
    record('transposed', (n, f, h, w, c, groups, *k, *s, *d, *p, extra), y, (x, weight, bias))


def pool(kind):
    while True:
        k, s, d, p = window(True)
        if kind == 'average': d = (1, 1)
        p = [min(p[0], k[0] // 2)] * 2 + [min(p[2], k[1] // 2)] * 2
        n, c, h, w = pick(1, 2), pick(1, 2), pick(2, 4, 5, 7), pick(3, 5, 6)
        ceil, counts = pick(True, False), pick(True, False)
        if h + 2 * p[0] > d[0] * (k[0] - 1) and w + 2 * p[2] > d[1] * (k[1] - 1): break
    x = operand(1, n, c, h, w, levels=16 if kind == 'max' else 1 << 24)
    if kind == 'max': y = F.max_pool2d(x, k, s, (p[0], p[2]), d, ceil)
    else: y = F.avg_pool2d(x, k, s, (p[0], p[2]), ceil, counts)
    record(kind, (n, c, h, w, *k, *s, *d, *p, int(ceil), int(counts)), y, (x,))


def resize(mode):
    n, c, h, w = pick(1, 1, 2), pick(1, 1, 2), pick(1, 2, 4, 5), pick(2, 3, 5)
    oh, ow = (h * 2, w * 3) if pick(True, False) else (pick(1, 2, 3, 7), pick(1, 4, 5, 8))
    x = operand(1, n, c, h, w)
    y = F.interpolate(x, (oh, ow), mode='nearest') if mode == 'NEAREST' else F.interpolate(x, (oh, ow), mode='bilinear', align_corners=mode == 'BILINEAR_ALIGNED')
    record('resize', (n, c, h, w, oh, ow, mode), y, (x,))


def norm():
    n, c, h, w = pick(2, 3, 3, 17, 40), pick(1, 2, 3), pick(1, 2), pick(1, 2, 3)
    x, gamma, beta = operand(1, n, c, h, w), operand(2, c), operand(3, c)
    y = F.batch_norm(x, None, None, gamma, beta, True, 0, 1e-5)
    record('norm', (n, c, h, w), y, (x, gamma, beta))


def pad():
    n, c, h, w = pick(1, 2), pick(1, 2), pick(1, 2, 3), pick(1, 2, 4)
    p = [pick(0, 1, 2) for _ in range(4)]
    x = operand(1, n, c, h, w)
    record('pad', (n, c, h, w, *p), F.pad(x, (p[2], p[3], p[0], p[1])), (x,))


for _ in range(200):
    for draw in (conv, transposed, lambda: pool('max'), lambda: pool('average'), norm, pad): draw()
for i in range(400): resize(('NEAREST', 'BILINEAR', 'NEAREST', 'BILINEAR_ALIGNED')[i % 4])
open('convolution_golden.txt', 'w').write('\n'.join(lines) + '\n')
np.save('convolution_golden.npy', np.concatenate(results))
