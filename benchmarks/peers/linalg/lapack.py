"""Decompositions by NumPy. Argument: threads. Prints peer, work, seconds; tabs between."""
import os
import sys
for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'):
    os.environ[name] = sys.argv[1]
import time
import numpy as np

random = np.random.default_rng(1)
square = random.standard_normal((784, 784))
symmetric = square + square.T
tall = random.standard_normal((1000, 784))
data = random.standard_normal((10_000, 784))
positive = tall.T @ tall


def best(work, f, repeats=5):
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        f()
        times.append(time.perf_counter() - begin)
    print(f'NumPy\t{work}\t{min(times):.4f}', flush=True)


best('product 784', lambda: square @ square)
best('cholesky 784', lambda: np.linalg.cholesky(positive))
best('qr 1000 x 784', lambda: np.linalg.qr(tall))
best('symmetric eigen 784', lambda: np.linalg.eigh(symmetric))
best('symmetric eigenvalues 784', lambda: np.linalg.eigvalsh(symmetric))
best('svd 1000 x 784, vectors', lambda: np.linalg.svd(tall, full_matrices=False))
best('singular values 1000 x 784', lambda: np.linalg.svd(tall, compute_uv=False))
best('eigen 784, vectors', lambda: np.linalg.eig(square), 2)
best('covariance + eigen 10,000 x 784', lambda: np.linalg.eigh(data.T @ data))
