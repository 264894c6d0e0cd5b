"""Writes multiprecision.txt: values of the functions to 50 digits, by mpmath, for MultiprecisionTest."""
import mpmath as mp

CASES = {
    "EXP": [1, -103.5, 88.75, 2**-30, 2**-149],
    "EXPM1": [2**-40, -0.75, 1, 50.25, 2**-128],
    "LOG": [2, 0.75, 1 + 2**-23, 1 - 2**-24, 2**127 * 1.5, 2**-149],
    "LOG1P": [2**-50, -0.75, -1 + 2**-24, 2**127 * 1.5],
    "TANH": [2**-30, 0.5, -9],
    "SIGMOID": [2**-24, -104, 16.5, 0.3125],
    "SOFTPLUS": [-104, 2**-20, 30.5, -0.5],
    "SIN": [1, 2**-40, (2 - 2**-23) * 2**127, 16367173 * 2**72, -9830.3984375],
    "COS": [1, 2**-12, (2 - 2**-23) * 2**127, 5.5],
    "ERF": [2**-60, 0.5, 1, 3.9375, -2.25],
    "RSQRT": [2, (2 - 2**-23) * 2**127],
}
FUNCTIONS = {
    "EXP": mp.exp, "EXPM1": mp.expm1, "LOG": mp.log, "LOG1P": mp.log1p, "TANH": mp.tanh, "SIGMOID": lambda x: 1 / (1 + mp.exp(-x)),
    "SOFTPLUS": lambda x: mp.log1p(mp.exp(x)), "SIN": mp.sin, "COS": mp.cos, "ERF": mp.erf, "RSQRT": lambda x: 1 / mp.sqrt(x),
}
mp.mp.dps = 160
for name, inputs in CASES.items():
    for x in inputs:
        print(name, float(x).hex(), mp.nstr(FUNCTIONS[name](mp.mpf(float(x))), 50, min_fixed=0, max_fixed=0))
