"""Training steps of dense networks beside PyTorch. Run by benchmarks/compare."""
import sides

sides.steps('steps', sides.threads(), 'classifier', 'ae8-', 'ae-deep', 'ae32-')
