"""Golden values for TsneTest from scikit-learn (1.9.1). Usage: python tsne_golden.py > tsne_golden.txt
Data: x[i, j] = ((37 i + 101 j + 13 i j + 7 i i) mod 97) / 8 + 3 j (i mod 3), which needs no random generator."""
import numpy as np
from scipy.spatial.distance import squareform
from sklearn.manifold import _t_sne as t
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import NearestNeighbors

def data(n, d):
    i, j = np.meshgrid(np.arange(n), np.arange(d), indexing='ij')
    return ((37 * i + 101 * j + 13 * i * j + 7 * i * i) % 97) / 8 + 3 * j * (i % 3)

def line(name, a):
    print(name, *('%.9g' % v for v in np.ravel(a)))

n, d, perplexity = 45, 6, 4
x = data(n, d)
print('case', n, d, perplexity)
g = NearestNeighbors(n_neighbors=3 * perplexity + 1).fit(x).kneighbors_graph(mode='distance')
g.data **= 2
line('sparse', t._joint_probabilities_nn(g.astype(np.float32), perplexity, 0).toarray())
p = t._joint_probabilities(pairwise_distances(x, squared=True).astype(np.float32), perplexity, 0)
line('dense', squareform(p))
start = np.stack([np.sin(np.arange(n)), np.cos(3 * np.arange(n))], 1) * 1e-2
line('start', start)
y, kl, _ = t._gradient_descent(t._kl_divergence, start.ravel(), 0, 30, n_iter_check=1000, momentum=.5, learning_rate=2.,
                               min_gain=.01, min_grad_norm=0, args=[p * 4, 1, n, 2])
line('thirty', y)
y, kl, _ = t._gradient_descent(t._kl_divergence, y, 30, 60, n_iter_check=1000, momentum=.8, learning_rate=2.,
                               min_gain=.01, min_grad_norm=0, args=[p, 1, n, 2])
line('sixty', y)
line('kl', t._kl_divergence(y, p, 1, n, 2)[0])
