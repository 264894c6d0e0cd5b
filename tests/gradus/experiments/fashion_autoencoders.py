"""The source's two autoencoders in PyTorch: writes the 160 costs that it prints (four decimals) as published-costs.csv.

usage: python fashion_autoencoders.py t10k-images-idx3-ubyte.gz OUT.csv [ALL.csv]
Made with torch 2.13.0 (CPU).
"""
import gzip
import sys

import numpy as np
import torch
from torch import nn

raw = gzip.open(sys.argv[1]).read()
pixels = np.frombuffer(raw, np.uint8, offset=16).reshape(-1, 784).copy()
images = (torch.from_numpy(pixels).float() / 255 - 0.5) / 0.5


class Autoencoder(nn.Module):
    def __init__(self, nonlinear):
        super().__init__()
        self.encoder = nn.Linear(784, 8)
        self.decoder = nn.Linear(8, 784)
        self.nonlinear = nonlinear

    def forward(self, x):
        code = self.encoder(x)
        if self.nonlinear:
            return torch.sigmoid(self.decoder(torch.relu(code)))
        return self.decoder(code)


printed, every = [], []
for name, nonlinear in (("linear", False), ("nonlinear", True)):
    torch.manual_seed(120)
    model = Autoencoder(nonlinear)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
    for epoch in range(1, 6):
        for b in range(79):
            x = images[128 * b:128 * b + 128]
            loss = nn.functional.mse_loss(model(x), x)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            every.append((name, epoch, b, loss.item()))
            if b & 50 == 0:
                printed.append((name, epoch, b, f"{loss.item():.4f}"))
for path, rows in zip(sys.argv[2:], (printed, every)):
    with open(path, "w") as out:
        out.write("model,epoch,batch,cost\n")
        for row in rows:
            out.write(",".join(str(v) for v in row) + "\n")
