"""Decompositions in float64 beside NumPy (LAPACK), ojAlgo, EJML and Commons Math. Run by benchmarks/compare."""
import sides

n = sides.threads()
ours = sides.gradus('linalg', n)
others = sides.peers([sides.PYTHON, sides.PEERS + '/linalg/lapack.py', str(n)])
command = sides.java('linalg', 'LinalgPeers.java')
if command:
    others.update(sides.peers(command))
sides.table(f'seconds, float64, {n} threads (Commons Math and EJML use one); in brackets: times ours', ours, others)
