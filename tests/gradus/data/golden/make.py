"""Makes the golden files of this folder with PyTorch 2.13 and scikit-learn 1.9: python make.py"""
import os
import numpy as np
import torch
from sklearn.preprocessing import MinMaxScaler, StandardScaler

os.chdir(os.path.dirname(os.path.abspath(__file__)))

# torchvision's ToTensor divides by 255, its Normalize subtracts and divides in place.
levels = torch.arange(256, dtype=torch.uint8).to(torch.float32).div(255)
np.save("normalized.npy", torch.stack([levels, levels.clone().sub_(0.5).div_(0.5), levels.clone().sub_(0.1307).div_(0.3081)]).numpy())

table = np.random.default_rng(7).normal(3, 2, size=(40, 5))
table[:, 3] = 1.25
np.save("table.npy", table)
standard = StandardScaler().fit_transform(table)
np.save("standard.npy", standard)
np.save("unit.npy", MinMaxScaler().fit_transform(standard))
