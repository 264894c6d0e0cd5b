"""PyTorch's side of gpu.sh: the same products and training steps on the first GPU, float32 without TF32, medians of seven. Prints "peer NAME VALUE"."""
import statistics
import time

import torch
from torch import nn

torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
device = torch.device("cuda")


def median(work, rounds=7):
    times = []
    for turn in range(-2, rounds):
        torch.cuda.synchronize()
        begin = time.perf_counter()
        work()
        torch.cuda.synchronize()
        if turn >= 0:
            times.append(time.perf_counter() - begin)
    return statistics.median(times)


def products():
    for n in (1024, 2048, 4096, 8192):
        a = torch.rand(n, n, device=device) * 2 - 1
        b = torch.rand(n, n, device=device) * 2 - 1
        repeats = max(3, int(2e11 / n**3))

        def work():
            for _ in range(repeats):
                a @ b

        print(f"peer sgemm-n={n} {2 * n**3 * repeats / median(work) / 1e9:.0f}")


def chain(sizes, between, last):
    layers = []
    for i in range(len(sizes) - 1):
        layers.append(nn.Linear(sizes[i], sizes[i + 1]))
        kind = between if i + 2 < len(sizes) else last
        if kind:
            layers.append(kind())
    return nn.Sequential(*layers).to(device)


def steps(name, model, optimizer, batch, count, loss):
    x = torch.rand(batch, 784, device=device)
    target = torch.randint(0, 5, (batch,), device=device)

    def work():
        for _ in range(count):
            optimizer.zero_grad(set_to_none=True)
            loss(model(x), x, target).backward()
            optimizer.step()

    print(f"peer {name} {median(work) / count * 1e6:.1f}", flush=True)


def trainings():
    entropy = nn.CrossEntropyLoss()
    squares = nn.MSELoss()
    for batch in (1, 32, 11385):
        count = 300 if batch < 100 else 40
        for kind in ("sgd", "adam"):
            model = chain((784, 30, 20, 10, 5), nn.Sigmoid, None)
            rule = torch.optim.SGD(model.parameters(), 1e-3) if kind == "sgd" else torch.optim.Adam(model.parameters(), 1e-3)
            steps(f"classifier-{kind}-b{batch}", model, rule, batch, count, lambda y, x, t: entropy(y, t))
    for name, sizes, batch, count in (
        ("ae8-adam-b128", (784, 8, 784), 128, 300),
        ("ae-deep392-adam-b128", (784, 392, 196, 8, 196, 392, 784), 128, 100),
        ("ae32-adam-b256", (784, 32, 784), 256, 300),
        ("ae-deep128-adam-b256", (784, 128, 64, 32, 64, 128, 784), 256, 200),
    ):
        model = chain(sizes, nn.ReLU, nn.Sigmoid)
        steps(name, model, torch.optim.Adam(model.parameters(), 1e-3), batch, count, lambda y, x, t: squares(y, x))


def convolutional():
    """The convolutional autoencoder and the denoiser of gradus bench conv-steps."""
    leaky = nn.LeakyReLU
    up = {"stride": 2, "output_padding": 1}
    autoencoder = lambda: nn.Sequential(
        nn.Conv2d(1, 4, 3), leaky(), nn.Conv2d(4, 16, 3), nn.MaxPool2d(2), leaky(), nn.BatchNorm2d(16), leaky(), nn.Conv2d(16, 32, 3), nn.MaxPool2d(2), leaky(),
        nn.Conv2d(32, 32, 3), leaky(), nn.ConvTranspose2d(32, 32, 3), leaky(), nn.ConvTranspose2d(32, 16, 3, **up), leaky(), nn.BatchNorm2d(16),
        nn.ConvTranspose2d(16, 16, 3, **up), leaky(), nn.ConvTranspose2d(16, 16, 3, padding=1), nn.ConvTranspose2d(16, 4, 3, padding=1), nn.ConvTranspose2d(4, 1, 3),
        nn.Sigmoid()).to(device)
    same = lambda i, o: nn.Conv2d(i, o, 3, padding=1)
    denoiser = lambda: nn.Sequential(
        same(1, 32), nn.ReLU(), nn.MaxPool2d(2), same(32, 32), nn.ReLU(), nn.MaxPool2d(2), same(32, 32), nn.ReLU(), nn.Upsample(scale_factor=2), same(32, 32), nn.ReLU(),
        nn.Upsample(scale_factor=2), same(32, 1), nn.Sigmoid()).to(device)
    for batch in (1, 8, 128, 1024):
        model = autoencoder()
        images(f"conv-ae-adam-b{batch}", model, torch.optim.Adam(model.parameters(), 1e-3, weight_decay=1e-4), batch, nn.MSELoss())
    for batch in (1, 8, 128):
        model = denoiser()
        images(f"denoise-conv-b{batch}", model, torch.optim.Adadelta(model.parameters()), batch, nn.BCELoss())


def images(name, model, optimizer, batch, loss, count=50):
    x = torch.rand(batch, 1, 28, 28, device=device)

    def work():
        for _ in range(count):
            optimizer.zero_grad(set_to_none=True)
            loss(model(x), x).backward()
            optimizer.step()

    print(f"peer {name} {median(work) / count * 1e6:.1f}", flush=True)


products()
trainings()
convolutional()
