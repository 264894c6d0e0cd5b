"""Training steps of dense networks beside PyTorch.
usage: benchmarks/compare steps [THREADS [part of a step's name]...], for instance `compare steps 1 sgd-b1 ae8`"""
import sys

import sides

sides.steps('steps', sides.threads(), 'classifier', 'ae8-', 'ae-deep', 'ae32-', only=sys.argv[2:])
