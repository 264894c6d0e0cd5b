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
        count = 2000 if batch == 1 else 1000 if batch == 32 else 40
        for kind in ("sgd", "adam"):
            model = chain((784, 30, 20, 10, 5), nn.Sigmoid, None)
            rule = torch.optim.SGD(model.parameters(), 1e-3) if kind == "sgd" else torch.optim.Adam(model.parameters(), 1e-3)
            steps(f"classifier-{kind}-b{batch}", model, rule, batch, count, lambda y, x, t: entropy(y, t))
    for name, sizes, batch, count in (
        ("ae8-adam-b128", (784, 8, 784), 128, 2000),
        ("ae-deep392-adam-b128", (784, 392, 196, 8, 196, 392, 784), 128, 200),
        ("ae32-adam-b256", (784, 32, 784), 256, 1000),
        ("ae-deep128-adam-b256", (784, 128, 64, 32, 64, 128, 784), 256, 500),
    ):
        model = chain(sizes, nn.ReLU, nn.Sigmoid)
        steps(name, model, torch.optim.Adam(model.parameters(), 1e-3), batch, count, lambda y, x, t: squares(y, x))


products()
trainings()
