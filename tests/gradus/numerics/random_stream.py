"""Writes random_stream.txt: a second implementation of docs/numerics.md's random streams, in exact arithmetic rounded where the page says so.

Needs mpmath and numpy (for rounding to binary32).
"""
import hashlib

import mpmath as mp
import numpy as np

mp.mp.dps = 60


def philox(counter, key):
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & 0xFFFFFFFF, (p0 >> 32) ^ c3 ^ k1, p0 & 0xFFFFFFFF
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return c0, c1, c2, c3


class Stream:
    def __init__(self, seed, name):
        self.key = seed & 0xFFFFFFFF, seed >> 32 & 0xFFFFFFFF
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
        self.stream = number & 0xFFFFFFFF, number >> 32
        self.position = 0

    def word(self):
        b = self.position >> 2
        w = philox((b & 0xFFFFFFFF, b >> 32, *self.stream), self.key)[self.position & 3]
        self.position += 1
        return w

    def uniform(self):
        return (self.word() >> 8) * 2.0 ** -24

    def uniform64(self):
        high = self.word()
        return ((high << 32 | self.word()) >> 11) * 2.0 ** -53

    def normal(self, mean, deviation):
        u = round32(mp.mpf(2 * self.word() + 1) / 2 ** 33)
        b = self.word()
        angle = round32(mp.mpf(float(mp.mpf(b - (b >> 31 << 32)) * float(mp.pi) / 2 ** 31)))
        radius = round32(mp.sqrt(-2 * round32(mp.log(u))))
        return [round32(round32(radius * round32(f(angle))) * round32(deviation) + round32(mean)) for f in (mp.cos, mp.sin)]

    def below(self, n):
        product = self.word() * n
        while product & 0xFFFFFFFF < 2 ** 32 % n:
            product = self.word() * n
        return product >> 32

    def permutation(self, n):
        order = list(range(n))
        for i in range(n - 1, 0, -1):
            j = self.below(i + 1)
            order[i], order[j] = order[j], order[i]
        return order


def round32(x):
    """To the nearest binary32 value, ties to even, without the detour over binary64."""
    x = mp.mpf(x)
    y = np.float32(float(x))
    neighbours = [y, np.nextafter(y, np.float32(np.inf)), np.nextafter(y, np.float32(-np.inf))]
    return mp.mpf(float(min(neighbours, key=lambda v: (abs(mp.mpf(float(v)) - x), v.view(np.uint32) & 1))))


def write(name, values):
    print(name, *(v if isinstance(v, int) else float(v).hex() for v in values))


SEED, NAME = 0x0123456789ABCDEF, "layer/größe"
s = Stream(SEED, NAME)
write("words", [s.word() for _ in range(10)])
s.position = 2 ** 34 + 3
write("far", [s.word() for _ in range(5)])
s = Stream(SEED, NAME)
write("uniform", [s.uniform() for _ in range(10)])
s = Stream(SEED, NAME)
write("uniform64", [s.uniform64() for _ in range(10)])
s = Stream(SEED, NAME)
write("normal", sum((s.normal(0.25, 1.5) for _ in range(40)), []))
s = Stream(SEED, NAME)
write("permutation", s.permutation(60))
s = Stream(7, "rejected")
write("below", [s.below(2 ** 30 + 2 ** 29) for _ in range(20)] + [s.position])
