"""A whole experiment from a cold start, fashion-autoencoders, beside the same in Python: seconds from the command to the end of the process, three rounds in turn, medians.
usage: benchmarks/compare start [THREADS [images on each t-SNE map, 10000]]"""
import os
import subprocess
import sys
import tempfile
import time

import sides

n = sides.threads()
maps = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
with tempfile.TemporaryDirectory() as folder:
    commands = {
        'Gradus': [os.path.join(sides.ROOT, 'gradus'), 'run', 'fashion-autoencoders', '--threads', str(n), '--out', folder, '--set', f'tsneRows={maps}'],
        'PyTorch and scikit-learn': [sides.PYTHON, os.path.join(sides.PEERS, 'torch_fashion_autoencoders.py'), sides.TEST_IMAGES, str(n), str(maps)]}
    subprocess.run([commands['Gradus'][0], 'list'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # builds, where that was not yet done
    times = {side: [] for side in commands}
    for _ in range(3):
        for side, command in commands.items():
            start = time.perf_counter()
            if sides.lines(command):
                times[side].append(time.perf_counter() - start)
medians = {side: {f'fashion-autoencoders, maps of {maps}': (sorted(t)[len(t) // 2], '')} for side, t in times.items() if t}
sides.table(f'seconds of a whole process, {n} thread(s); in brackets: times ours', medians.pop('Gradus', {}), medians)
