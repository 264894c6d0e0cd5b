"""Training steps of convolutional networks beside PyTorch. Run by benchmarks/compare."""
import sides

sides.steps('conv-steps', sides.threads(), 'conv')
