"""What the kinds of comparison share: running a side, reading its lines, printing the table. Only the standard library."""
import os
import re
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PEERS = os.path.join(ROOT, 'benchmarks', 'peers')
TEST_IMAGES = os.path.join(ROOT, 'resources', 'gradus', 'data', 'fashion-mnist', 't10k-images-idx3-ubyte.gz')
PYTHON = os.environ.get('PYTHON', sys.executable)
JAVA = os.environ.get('JAVA', 'java')


def threads():
    """The number of threads of every side: the first argument, or all cores."""
    if len(sys.argv) > 1 and not sys.argv[1].isdigit():
        sys.exit(f'compare: {sys.argv[1]} is no number of threads')
    return int(sys.argv[1]) if len(sys.argv) > 1 else os.cpu_count()


def lines(command, **more):
    """The lines that a command prints. One that fails is reported and has none: the table then says so by an empty cell."""
    print('running ' + ' '.join(os.path.relpath(c, ROOT) if os.path.isabs(c) else c for c in command)[:150], file=sys.stderr)
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, **more)
    except OSError as e:
        print(f'  left out: {e}', file=sys.stderr)
        return []
    if done.returncode != 0:
        print(f'  left out, exit status {done.returncode}: ' + done.stderr.strip()[-400:], file=sys.stderr)
    return done.stdout.splitlines()


def gradus(kind, n):
    """{work: (seconds on n threads, remark)} from the first table of `./gradus bench`; what follows it has no peer and is not waited for."""
    print(f'running gradus bench {kind} --threads {n}', file=sys.stderr)
    found = {}
    with subprocess.Popen([os.path.join(ROOT, 'gradus'), 'bench', kind, '--threads', str(n)], stdout=subprocess.PIPE, text=True, cwd=ROOT) as bench:
        for line in bench.stdout:
            m = re.match(r'(\S.*?) {2,}([\d.]+) +([\d.]+)(?: {2,}(\S.*))?$', line.rstrip())
            if m:
                found[m[1]] = (float(m[3]), m[4] or '')
            elif found and not line.strip():
                bench.terminate()
                break
    return found


def peers(command, **more):
    """{peer: {work: (seconds, remark)}} from lines of peer, work, seconds and perhaps a remark, with tabs between."""
    found = {}
    for line in lines(command, **more):
        cells = line.split('\t')
        if len(cells) >= 3:
            found.setdefault(cells[0], {})[cells[1]] = (float(cells[2]), cells[3] if len(cells) > 3 else '')
    return found


def java(folder, source, *arguments, options=(), jdk=JAVA):
    """The command that runs a single-file Java peer, its libraries fetched by Maven the first time; None without Maven."""
    home = os.path.join(PEERS, folder)
    if not os.path.isdir(os.path.join(home, 'target', 'lib')):
        if not shutil.which('mvn'):
            print(f'  {folder} left out: Maven is needed to fetch it once', file=sys.stderr)
            return None
        subprocess.run(['mvn', '-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=target/lib'], cwd=home, stdout=sys.stderr)
    return [jdk, *options, '-cp', os.path.join(home, 'target', 'lib', '*'), os.path.join(home, source), *map(str, arguments)]


def table(title, ours, others):
    """Prints seconds by work and side, with each peer's time over ours in brackets."""
    names = list(others)
    works = [w for w in ours if any(w in others[p] for p in names)]
    print(title)
    print(f'{"":38}' + f'{"Gradus":>10}' + ''.join(f'{p:>20}' for p in names))
    for work in works:
        mine = ours[work][0]
        row = f'{work:38}{mine:10.4f}'
        for p in names:
            row += f'{others[p][work][0]:12.4f} ({others[p][work][0] / mine:4.1f}×)' if work in others[p] else f'{"":20}'
        print(row)
        for side, what in [('Gradus', ours[work][1])] + [(p, others[p].get(work, (0, ''))[1]) for p in names]:
            if what and any(others[p].get(work, (0, ''))[1] for p in names):
                print(f'    {side}: {what}')
    missing = [w for w in ours if w not in works]
    if missing:
        print('without a peer: ' + ', '.join(f'{w} {ours[w][0]:.4f}' for w in missing))


# Seconds of steps until a side counts as warm, and then of a turn; turns of each side.
WARM = 8
TURN = 0.3
TURNS = 15


class Side:
    """A program that takes steps when told, network after network."""

    def __init__(self, command, **environment):
        print('running ' + ' '.join(os.path.relpath(c, ROOT) if os.path.isabs(c) else c for c in command)[:150], file=sys.stderr)
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
                                        env={**os.environ, **environment})
        self.name = None

    def next(self):
        """The name of the next network, or None."""
        if self.name is not None:
            self.tell('')
        line = self.process.stdout.readline()
        while re.match(r'Building', line):
            line = self.process.stdout.readline()
        self.name = line.strip() or None
        return self.name

    def take(self, steps):
        """Milliseconds of a step."""
        self.tell(str(steps))
        return float(self.process.stdout.readline()) / 1e3

    def tell(self, line):
        self.process.stdin.write(line + '\n')
        self.process.stdin.flush()

    def warm(self):
        """Steps a turn, once it is warm."""
        steps, start = 1, time.monotonic()
        while True:
            ms = self.take(steps)
            steps = max(1, min(100_000, round(1e3 * TURN / ms)))
            if time.monotonic() - start > WARM:
                return steps


# The memory of a step given back to the system and asked for again page by page is most of PyTorch's large step where pages are dear, as in some virtual machines. With these, glibc keeps it.
KEPT = {'MALLOC_MMAP_THRESHOLD_': str(1 << 32), 'MALLOC_TRIM_THRESHOLD_': str(1 << 40), 'MALLOC_TOP_PAD_': str(1 << 28)}


def steps(kind, n, *wanted, only=()):
    """
    Training steps of Gradus and PyTorch, as it is and with memory kept, by turns of a third of a second, so that all meet the same hour of the machine: medians in milliseconds, and of the
    ratios of turns that follow each other. With `only`, the steps whose names have such a part.
    """
    print(f'milliseconds, {n} thread(s), medians of {TURNS} turns each; × is PyTorch over Gradus: median of the turns\' ratios, and their quarters')
    print(f'{"":24}{"Gradus":>10}{"PyTorch":>12}{"":26}{"PyTorch, memory kept":>20}')
    for part in only or wanted:
        torch = [PYTHON, os.path.join(PEERS, 'torch_steps.py'), str(n), part, 'turns']
        ours = Side([os.path.join(ROOT, 'gradus'), 'bench', kind, '--threads', str(n), '--only', part, '--turns'])
        theirs = [Side(torch), Side(torch, **KEPT)]
        while ours.next() is not None:
            for side in theirs:
                if side.next() != ours.name:
                    sys.exit(f'compare: Gradus steps {ours.name} beside {side.name} of PyTorch; is torch installed for {PYTHON}?')
            turn = [(side, side.warm()) for side in (ours, *theirs)]
            times = [[side.take(k) for side, k in turn] for _ in range(TURNS)]
            mine, *others = (sorted(t)[TURNS // 2] for t in zip(*times))
            row = f'{ours.name:24}{mine:10.4f}'
            for i, other in enumerate(others, 1):
                ratios = sorted(t[i] / t[0] for t in times)
                row += f'{other:12.4f}{ratios[TURNS // 2]:7.2f}× ({ratios[TURNS // 4]:5.2f} to {ratios[-1 - TURNS // 4]:5.2f})'
            print(row, flush=True)
        for side in (ours, *theirs):
            side.process.terminate()
