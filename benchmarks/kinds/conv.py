"""Training steps of convolutional networks beside PyTorch.
usage: benchmarks/compare conv [THREADS [part of a step's name]...], for instance `compare conv 1 b1024 denoise-conv-b128`"""
import sys

import sides

sides.steps('conv-steps', sides.threads(), 'conv', only=sys.argv[2:])
