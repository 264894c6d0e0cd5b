"""Golden values for PcaTest from scikit-learn (1.9.1). Usage: python pca_golden.py > pca_golden.txt
Data: x[i, j] = ((37 i + 101 j + 13 i j) mod 97) / 8 + j (i mod 3), which needs no random generator."""
import numpy as np
from sklearn.decomposition import PCA

def data(n, d):
    i, j = np.meshgrid(np.arange(n), np.arange(d), indexing='ij')
    return ((37 * i + 101 * j + 13 * i * j) % 97) / 8 + j * (i % 3)

def line(name, a):
    print(name, *(repr(float(v)) for v in np.ravel(a)))

for n, d, k in ((40, 7, 4), (9, 23, 6), (30, 5, 5)):
    x = data(n, d)
    p = PCA(k, svd_solver='full').fit(x)
    print('case', n, d, k)
    line('mean', p.mean_)
    line('variance', p.explained_variance_)
    line('ratio', p.explained_variance_ratio_)
    line('singular', p.singular_values_)
    line('components', p.components_)
    line('transform', p.transform(x)[:3])
    line('inverse', p.inverse_transform(p.transform(x))[:2])
