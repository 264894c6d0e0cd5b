"""Writes torch_generator.txt: what PyTorch's CPU generator draws. Made with torch 2.13.0+cpu on x86-64 with AVX-512.

A line: name, then the values as hexadecimal floats or decimal integers.
"""
import sys

import torch


def write(name, values):
    print(name, *(v.hex() if isinstance(v, float) else v for v in values))


def linear(seed, *sizes):
    torch.manual_seed(seed)
    layers = [torch.nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]
    return [p.flatten().tolist() for layer in layers for p in (layer.weight, layer.bias)]


f32, f64 = torch.float32, torch.float64
torch.manual_seed(120)
write("uniform32", torch.empty(40).uniform_(-3.3, 7.7).tolist())
torch.manual_seed(120)
write("uniform64", torch.empty(40, dtype=f64).uniform_(-0.31, 0.77).tolist())
for seed, n in ((120, 7), (121, 15), (122, 16), (123, 33), (124, 200)):
    torch.manual_seed(seed)
    write(f"normal32 {seed} {n}", torch.empty(n).normal_(0.3, 1.7).tolist())
for seed, n in ((120, 7), (122, 16), (123, 33)):
    torch.manual_seed(seed)
    write(f"normal64 {seed} {n}", torch.empty(n, dtype=f64).normal_(0.3, 1.7).tolist())
torch.manual_seed(5)
write("spare", torch.empty(3).normal_().tolist() + torch.empty(2).normal_().tolist() + torch.empty(2).uniform_().tolist() + torch.empty(1).normal_().tolist())
for n in (1, 10, 137):
    torch.manual_seed(120 + n)
    write(f"randperm {n}", torch.randperm(n).tolist())
torch.manual_seed(2 ** 40 + 17)
write("random", [torch.empty((), dtype=torch.int64).random_().item() for _ in range(5)])
torch.manual_seed(9)
write("randint", torch.randint(0, 1000, (20,)).tolist())
for i, p in enumerate(linear(120, 12, 8, 5)):
    write(f"linear {i}", p)
torch.manual_seed(3)
conv = torch.nn.Conv2d(3, 2, (2, 3))
write("conv 0", conv.weight.flatten().tolist())
write("conv 1", conv.bias.tolist())
print(torch.__version__, file=sys.stderr)
