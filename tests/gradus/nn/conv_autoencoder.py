"""Five SGD steps of a convolutional autoencoder from manual_seed(7) in PyTorch, then an evaluation: what ImageLayersTest repeats.
Writes conv_autoencoder.txt. usage: python conv_autoencoder.py"""
import torch, torch.nn as nn, torch.nn.functional as F
torch.manual_seed(7)
m = nn.Sequential(
    nn.Conv2d(1, 4, 3), nn.LeakyReLU(), nn.Conv2d(4, 6, 3, groups=2), nn.MaxPool2d(2, 2), nn.LeakyReLU(), nn.BatchNorm2d(6), nn.LeakyReLU(),
    nn.Conv2d(6, 8, 3, stride=2, padding=1), nn.ReLU(), nn.ConvTranspose2d(8, 5, 3, stride=2, output_padding=1), nn.Tanh(), nn.BatchNorm2d(5),
    nn.Upsample(scale_factor=2), nn.AvgPool2d(3, 1, 1), nn.ConvTranspose2d(5, 1, 3, padding=1), nn.Sigmoid())
x = ((torch.arange(5 * 12 * 12, dtype=torch.int64) * 7919 % 1009).float() / 1009).reshape(5, 1, 12, 12)
opt = torch.optim.SGD(m.parameters(), lr=0.3)
with open('conv_autoencoder.txt', 'w') as out:
    for _ in range(5):
        y = m(x)
        loss = F.mse_loss(y, x)
        opt.zero_grad(); loss.backward(); opt.step()
        print('loss', loss.item(), file=out)
    m.eval()
    print('evaluation', F.mse_loss(m(x), x).item(), file=out)
    for bn in (5, 11):
        print('running_mean', *m[bn].running_mean.tolist(), file=out)
        print('running_var', *m[bn].running_var.tolist(), file=out)
