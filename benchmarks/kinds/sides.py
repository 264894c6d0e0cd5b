"""What the kinds of comparison share: running a side, reading its lines, printing the table. Only the standard library."""
import os
import re
import shutil
import subprocess
import sys

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


def steps(kind, n, *wanted, only=()):
    """
    Training steps of Gradus and PyTorch in turn, three rounds, medians in milliseconds; both sides print lines `name microseconds`. With `only`, the steps
    whose names have such a part, each in a process of its own.
    """
    sides = {'Gradus': {}, 'PyTorch': {}}
    wanted = only or wanted
    ours = [os.path.join(ROOT, 'gradus'), 'bench', kind, '--threads', str(n)]
    for _ in range(3):
        commands = {'Gradus': [ours + ['--only', part] for part in only] or [ours],
                    'PyTorch': [[PYTHON, os.path.join(PEERS, 'torch_steps.py'), str(n), part] for part in wanted]}
        for side, runs in commands.items():
            for line in (line for run in runs for line in lines(run)):
                m = re.match(r'(\S+) ([\d.]+)$', line)
                if m:
                    sides[side].setdefault(m[1], []).append(float(m[2]) / 1e3)
    medians = {side: {name: (sorted(v)[len(v) // 2], '') for name, v in found.items()} for side, found in sides.items()}
    table(f'milliseconds, {n} thread(s), medians of three rounds; in brackets: times ours', medians['Gradus'], {'PyTorch': medians['PyTorch']})
