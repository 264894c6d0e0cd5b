"""Learning by scikit-learn on Fashion-MNIST's test images. Arguments: the file of images, threads. Prints peer, work, seconds, remark; tabs between."""
import os
import sys
for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'):
    os.environ[name] = sys.argv[2]
import gzip
import time
import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

images = np.frombuffer(gzip.open(sys.argv[1]).read(), np.uint8, offset=16).reshape(-1, 784).astype(np.float32)


def best(work, repeats, f, remark):
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        result = f()
        times.append(time.perf_counter() - begin)
    print(f'scikit-learn\t{work}\t{min(times):.4f}\t{remark(result)}', flush=True)


double = images.astype(np.float64)
best('full pca 10,000 x 784', 5, lambda: PCA().fit(double), lambda p: f'solver {p._fit_svd_solver}')
best('k-means 10, 10 starts, 10,000 x 784', 2, lambda: KMeans(10, n_init=10, random_state=120).fit(images), lambda k: f'inertia {k.inertia_:.5g}')
best('t-sne 10,000 x 784, 1000 steps', 1, lambda: (lambda t: (t.fit_transform(images), t)[1])(TSNE(random_state=120, n_jobs=int(sys.argv[2]))),
     lambda t: f'KL {t.kl_divergence_:.4f}')
