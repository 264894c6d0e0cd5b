"""Square products in single precision beside PyTorch's library. Run by benchmarks/compare."""
import os

import sides

n = sides.threads()
rates = [line.split() for line in sides.lines([os.path.join(sides.ROOT, 'gradus'), 'bench', 'sgemm', '--threads', str(n)])]
ours = {f'sgemm{r[0]}': (2e-9 * int(r[0]) ** 3 / float(r[1 if n == 1 else 3]), '') for r in rates if len(r) == 5 and r[0].isdigit()}
peer = [line.split() for line in sides.lines([sides.PYTHON, sides.PEERS + '/torch_steps.py', str(n), 'sgemm'])]
sides.table(f'seconds, float32, {n} thread(s); in brackets: times ours', ours, {'PyTorch': {name: (float(us) / 1e6, '') for name, us in peer}})
