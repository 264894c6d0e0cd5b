"""Golden values for MeasuresTest and KMeansTest from scikit-learn (1.9.1). Usage: python measures_golden.py > measures_golden.txt
Data as in tsne_golden.py, made distinct: no two distances from a row are equal."""
import numpy as np
from sklearn.cluster import KMeans
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

def data(n, d):
    i, j = np.meshgrid(np.arange(n), np.arange(d), indexing='ij')
    return ((37 * i + 101 * j + 13 * i * j + 7 * i * i) % 97) / 8 + 3 * j * (i % 3) + np.sin(i * 1.7 + j) 

def line(name, a):
    print(name, *('%.17g' % v for v in np.ravel(a)))

n, d = 120, 5
x = data(n, d)
y = x[:, :2]
print('case', n, d)
for k in (1, 5, 20):
    line('trustworthiness%d' % k, trustworthiness(x, y, n_neighbors=k))
    a = NearestNeighbors(n_neighbors=k).fit(x).kneighbors(return_distance=False)
    b = NearestNeighbors(n_neighbors=k).fit(y).kneighbors(return_distance=False)
    line('recall%d' % k, np.mean([len(set(p) & set(q)) / k for p, q in zip(a, b)]))
start = x[:4].copy()
m = KMeans(4, init=start, n_init=1, tol=0).fit(x)
line('centers', m.cluster_centers_)
line('labels', m.labels_)
line('inertia', m.inertia_)
line('rounds', m.n_iter_)
