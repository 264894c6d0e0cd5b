"""The experiment fashion-autoencoders in Python: PyTorch's training, scikit-learn's PCA and t-SNE; needs torch, scikit-learn and numpy (2.13.0 and 1.9.1 were compared).

usage: python torch_fashion_autoencoders.py t10k-images-idx3-ubyte.gz THREADS [images on each t-SNE map, 10000, or 0]
It computes what java/gradus/experiments/FashionAutoencoders.java computes and draws no figures, which favours it.
"""
import gzip
import os
import sys

threads = sys.argv[2]
os.environ['OMP_NUM_THREADS'] = os.environ['OPENBLAS_NUM_THREADS'] = threads

import numpy as np
import torch
from sklearn.decomposition import PCA
from torch import nn

torch.set_num_threads(int(threads))
rows_on_maps = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000

raw = np.frombuffer(gzip.open(sys.argv[1]).read(), np.uint8, offset=16).reshape(-1, 784).astype(np.float32)
images = (torch.from_numpy(raw) / 255 - 0.5) / 0.5


def train(*layers):
    torch.manual_seed(120)
    model = nn.Sequential(*[layer() for layer in layers])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
    costs = []
    for _ in range(5):
        for x in images.split(128):
            loss = nn.functional.mse_loss(model(x), x)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            costs.append(loss.item())
    return model, costs


encoder, decoder = lambda: nn.Linear(784, 8), lambda: nn.Linear(8, 784)
linear, linear_costs = train(encoder, decoder)
squashed, squashed_costs = train(encoder, nn.ReLU, decoder, nn.Sigmoid)
pca = PCA(784, svd_solver='full').fit(raw)
kept = pca.components_[:153]
by_pca = (raw - pca.mean_) @ kept.T @ kept + pca.mean_
print('costs', linear_costs[-1], squashed_costs[-1], 'variance held', pca.explained_variance_ratio_[:153].sum())
if rows_on_maps > 0:
    from sklearn.manifold import TSNE
    with torch.no_grad():
        for name, reconstructed in (('PCA', by_pca), ('linear', linear(images).numpy()), ('nonlinear', squashed(images).numpy())):
            tsne = TSNE(perplexity=30, random_state=120, n_jobs=int(threads))
            tsne.fit_transform(reconstructed[:rows_on_maps])
            print('t-SNE', name, tsne.kl_divergence_)
