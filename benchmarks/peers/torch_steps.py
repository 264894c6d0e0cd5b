"""Training steps and products in PyTorch; needs torch (2.13.0 was compared). Prints: name microseconds, each the median of five.
With 'turns' it steps when told: prints a name, then for each line of its input so many steps and the microseconds of one, up to an empty line.
usage: python torch_steps.py THREADS [part of a name [turns]]"""
import sys, time, torch, torch.nn as nn, torch.nn.functional as F
torch.set_num_threads(int(sys.argv[1])); torch.manual_seed(1)
# On processors that it does not know, PyTorch asks NNPACK at every convolution and warns at each.
if not torch.backends.nnpack.is_available(): torch.backends.nnpack.set_flags(False)
only = sys.argv[2] if len(sys.argv) > 2 else ''
turns = sys.argv[3:] == ['turns']

def bench(name, n, step):
    if only not in name: return
    if turns:
        print(name, flush=True)
        while (line := sys.stdin.readline().strip()):
            t = time.perf_counter()
            for _ in range(int(line)): step()
            print(f'{(time.perf_counter() - t) / int(line) * 1e6:.2f}', flush=True)
        return
    for _ in range(max(3, n // 5)): step()
    ts = []
    for _ in range(5):
        t = time.perf_counter()
        for _ in range(n): step()
        ts.append((time.perf_counter() - t) / n * 1e6)
    print(f'{name} {sorted(ts)[2]:.1f}', flush=True)

def mlp(sizes, act, out=None):
    ls = []
    for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
        ls.append(nn.Linear(a, b))
        if i < len(sizes) - 2: ls.append(act())
    if out: ls.append(out())
    return nn.Sequential(*ls)

# A network that goes on learning one batch for thousands of steps ends in subnormal numbers, which take microcode: ours begins again every so many steps, and so does this one.
LIFE = 500

def trainer(m, x, loss, opt):
    first = {k: v.clone() for k, v in m.state_dict().items()}
    taken = 0
    def step():
        nonlocal taken
        if taken == LIFE:
            m.load_state_dict(first); opt.state.clear(); taken = 0
        taken += 1
        l = loss(m(x)); opt.zero_grad(); l.backward(); opt.step()
    return step

C = [784, 30, 20, 10, 5]
for batch, n in ((1, 1000), (32, 500), (11385, 20)):
    m = mlp(C, nn.Sigmoid); x = torch.rand(batch, 784); y = torch.randint(0, 5, (batch,))
    bench(f'classifier-sgd-b{batch}', n, trainer(m, x, lambda o: F.cross_entropy(o, y), torch.optim.SGD(m.parameters(), lr=1e-3)))
    m = mlp(C, nn.Sigmoid)
    bench(f'classifier-adam-b{batch}', n, trainer(m, x, lambda o: F.cross_entropy(o, y), torch.optim.Adam(m.parameters())))
for name, sizes, batch, n in (('ae8', [784, 8, 784], 128, 200), ('ae-deep392', [784, 392, 196, 8, 196, 392, 784], 128, 50), ('ae32', [784, 32, 784], 256, 200), ('ae-deep128', [784, 128, 64, 32, 64, 128, 784], 256, 100)):
    m = mlp(sizes, nn.ReLU, nn.Sigmoid); x = torch.rand(batch, 784)
    bench(f'{name}-adam-b{batch}', n, trainer(m, x, lambda o: F.mse_loss(o, x), torch.optim.Adam(m.parameters())))

class ConvAE(nn.Module):
    def __init__(s):
        super().__init__()
        L = nn.LeakyReLU
        s.f = nn.Sequential(nn.Conv2d(1, 4, 3), L(), nn.Conv2d(4, 16, 3), nn.MaxPool2d(2, 2), L(), nn.BatchNorm2d(16), L(), nn.Conv2d(16, 32, 3), nn.MaxPool2d(2, 2), L(), nn.Conv2d(32, 32, 3), L(),
            nn.ConvTranspose2d(32, 32, 3), L(), nn.ConvTranspose2d(32, 16, 3, stride=2, output_padding=1), L(), nn.BatchNorm2d(16), nn.ConvTranspose2d(16, 16, 3, stride=2, output_padding=1), L(),
            nn.ConvTranspose2d(16, 16, 3, padding=1), nn.ConvTranspose2d(16, 4, 3, padding=1), nn.ConvTranspose2d(4, 1, 3), nn.Sigmoid())
    def forward(s, x): return s.f(x)
for batch, n in ((1, 100), (8, 40), (128, 5), (1024, 2)):
    if only not in f'conv-ae-adam-b{batch}': continue
    m = ConvAE(); x = torch.rand(batch, 1, 28, 28)
    bench(f'conv-ae-adam-b{batch}', n, trainer(m, x, lambda o: F.mse_loss(o, x), torch.optim.Adam(m.parameters(), lr=1e-3, weight_decay=1e-4)))
def keras_conv():
    c = lambda i, o, p=1: nn.Conv2d(i, o, 3, padding=p)
    return nn.Sequential(c(1, 32), nn.ReLU(), nn.MaxPool2d(2), c(32, 32), nn.ReLU(), nn.MaxPool2d(2), c(32, 32), nn.ReLU(), nn.Upsample(scale_factor=2), c(32, 32), nn.ReLU(), nn.Upsample(scale_factor=2), c(32, 1), nn.Sigmoid())
for batch, n in ((1, 100), (8, 40), (128, 5)):
    m = keras_conv(); x = torch.rand(batch, 1, 28, 28)
    bench(f'denoise-conv-b{batch}', n, trainer(m, x, lambda o: F.binary_cross_entropy(o, x), torch.optim.Adadelta(m.parameters())))
for n, calls in ((192, 2000), (384, 300), (768, 50), (1536, 8)):
    a = torch.rand(n, n); b = torch.rand(n, n)
    bench(f'sgemm{n}', calls, lambda: a @ b)
