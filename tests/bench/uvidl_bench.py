#!/usr/bin/env python3
"""uvidl_bench.py -- how much processor time uvidl and widl take for the same IDL, and the ratios.

    uvidl_bench.py UVIDL [ROUNDS]

The IDL is that of Debian's libwine-dev; both tools write headers only. Rounds of both are mixed,
and medians are shown: of processor time (user and system), not of the clock, in milliseconds.
Files that one of the two does not compile are left out of the sums; how many is said.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

FOLDER = '/usr/include/wine/wine/windows'
TYPICAL = 'unknwn.idl'


def cpu(command):
    """Status and milliseconds of processor time of one process."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, (usage.ru_utime + usage.ru_stime) * 1000


class Bench:
    """The two tools, and a folder for what they write."""

    def __init__(self, uvidl, output):
        self.uvidl, self.output = uvidl, output

    def widl(self, path):
        header = os.path.join(self.output, os.path.basename(path)[:-4] + '.h')
        return ['widl-stable', '-m64', '-h', '-o', header, '-I', FOLDER, path]

    def ours(self, *paths):
        return [self.uvidl, '--header', '-o', self.output, '-I', FOLDER, *paths]

    def both(self, paths):
        """The files that both tools compile."""
        return [path for path in paths
                if cpu(self.ours(path))[0] == 0 and cpu(self.widl(path))[0] == 0]

    def compare(self, title, rounds, ours, widls):
        """Shows the medians of the sums of two lists of commands, their rounds mixed."""
        times = [(sum(cpu(command)[1] for command in ours),
                  sum(cpu(command)[1] for command in widls)) for _ in range(rounds)]
        mine, other = (statistics.median(column) for column in zip(*times))
        print('%-44s %10.1f %10.1f %8.2f' % (title, mine, other, other / max(mine, 0.001)))
        sys.stdout.flush()


def corpus():
    names = sorted(name for name in os.listdir(FOLDER) if name.endswith('.idl'))
    fragments = set()
    for name in names:
        with open(os.path.join(FOLDER, name), encoding='latin1') as file:
            fragments.update(re.findall(r'^\s*#\s*include\s+["<]([^">]+)[">]', file.read(), re.M))
    return [os.path.join(FOLDER, name) for name in names if name not in fragments]


def main(uvidl, rounds=5):
    if not shutil.which('widl-stable') or not os.path.isdir(FOLDER):
        print('uvidl: skipped, there is no widl-stable or no IDL (apt-get install wine64-tools '
              'libwine-dev)')
        return 0
    rounds = int(rounds)
    with tempfile.TemporaryDirectory() as output:
        bench = Bench(os.path.abspath(uvidl), output)
        paths = corpus()
        good = bench.both(paths)
        print('%d of %d files; milliseconds of processor time, medians of %d rounds' % (
            len(good), len(paths), rounds))
        print('%-44s %10s %10s %8s' % ('', 'uvidl', 'widl', 'ratio'))
        each = ([bench.ours(path) for path in good], [bench.widl(path) for path in good])
        bench.compare('corpus, one process a file', rounds, *each)
        bench.compare('corpus, all files in one process of uvidl', rounds, [bench.ours(*good)],
                      each[1])
        for name in (TYPICAL, 'mshtml.idl'):
            path = os.path.join(FOLDER, name)
            many = 20 if name == TYPICAL else 1
            if path in good:
                bench.compare(name + (' (%d times)' % many if many > 1 else ''), rounds,
                              [bench.ours(path)] * many, [bench.widl(path)] * many)
            else:
                print('%-44s not compiled by both' % name)
    return 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
