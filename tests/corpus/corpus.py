#!/usr/bin/env python3
"""corpus.py -- all IDL of Debian's libwine-dev, through uvidl and through widl, and compared.

    corpus.py UVIDL SOURCES BUILD [UNIT ...]

Every unit must compile; its header must compile alone under gcc and clang as C11 and C++17 with all
warnings; and what the header says must be the same to a compiler as what widl's header says. The
table is printed. Units that are not right yet stand in expected.txt: the test fails when another
one is not right, and also when one of these has become right and still stands there.
UVCOM_CORPUS_UPDATE=1 writes the file anew. With UNITs named only these are looked at, with all that
is different about them.
"""

import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import time

from abi import Comparison
from headers import Side
from needs import BEFORE_OURS, BEFORE_WIDL, QUOTED

IDL_FOLDERS = ['/usr/include/wine/wine/windows', '/usr/include/wine/wine']
HERE = os.path.dirname(os.path.abspath(__file__))
EXPECTED = os.path.join(HERE, 'expected.txt')
STRICT = ['-fsyntax-only', '-Wall', '-Wextra', '-Werror']
WAYS = [('gcc', ['-std=c11', '-x', 'c']), ('gcc', ['-std=c++17', '-x', 'c++']),
        ('clang', ['-std=c11', '-x', 'c']), ('clang', ['-std=c++17', '-x', 'c++'])]
UNLIMITED = {'gcc': '-fmax-errors=0', 'clang': '-ferror-limit=0'}
SHOWN = 4  # differences of one unit, when all are looked at


class Unit:
    """One IDL file, and how far it came."""

    def __init__(self, path):
        self.path = path
        self.name = os.path.basename(path)[:-4]
        with open(path, encoding='latin1') as file:
            self.is_winrt = bool(re.search(r'^\s*#\s*pragma\s+winrt', file.read(), re.M))
        self.compiled = self.header_good = self.has_ids = False
        self.problems = []

    @property
    def is_right(self):
        return self.compiled and self.header_good and not self.problems


def strict(way):
    """All warnings, but for those of C++ or packing that the IDL's author wrote in cpp_quote."""
    compiler, flags = way
    return STRICT + QUOTED.get((compiler, flags[-1]), [])


def included_files(paths):
    """The names of the IDL files that others #include."""
    names = set()
    for path in paths:
        with open(path, encoding='latin1') as file:
            names.update(re.findall(r'^\s*#\s*include\s+["<]([^">]+\.idl)[">]', file.read(), re.M))
    return names


def run(command):
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, encoding='utf-8', errors='replace')
    return done.returncode, done.stderr


def first_error(messages):
    lines = [line for line in messages.splitlines() if 'error:' in line]
    return (lines or messages.splitlines() or ['no message'])[0].strip()


class Corpus:
    """The folders of one run, and the units."""

    def __init__(self, uvidl, sources, build):
        self.uvidl = uvidl
        self.ours = os.path.join(build, 'corpus', 'uvidl')
        self.widls = os.path.join(build, 'corpus', 'widl')
        self.flags = ['-I' + self.ours] + ['-I' + os.path.join(*folder) for folder in (
            (build, 'include'), (sources, 'include'), (sources, 'include/uvcom/compat'))] + [
                '-idirafter', IDL_FOLDERS[0]]
        self.pool = concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1)
        for folder in (self.ours, self.widls):
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(folder)

    def find_units(self):
        """Everything that widl can compile alone; the rest are fragments for #include."""
        paths = [os.path.join(folder, name) for folder in IDL_FOLDERS
                 for name in sorted(os.listdir(folder)) if name.endswith('.idl')]
        fragments = included_files(paths)
        done = list(self.pool.map(self.run_widl, paths))
        for path, (status, messages) in zip(paths, done):
            if status != 0 and os.path.basename(path) not in fragments:
                raise RuntimeError('widl does not compile %s:\n%s' % (path, messages))
        self.units = [Unit(path) for path, (status, _) in zip(paths, done) if status == 0]

    def run_widl(self, path):
        header = os.path.join(self.widls, os.path.basename(path)[:-4] + '.h')
        return run(['widl-stable', '-m64', '-h', '-o', header, '-I', IDL_FOLDERS[0], path])

    def compile(self, unit):
        """uvidl; if it cannot write foo_p.c, for mistakes of the IDL, it writes the header alone."""
        command = [self.uvidl, '-o', self.ours, '-I', IDL_FOLDERS[0], unit.path]
        status, messages = run(command)
        if status != 0:
            status, messages = run(command + ['--header'])
        if status != 0:
            unit.problems.append(('uvidl', '', first_error(messages)))
        unit.compiled = status == 0
        unit.has_ids = os.path.exists(os.path.join(self.ours, unit.name + '_i.c'))

    def compile_header(self, unit, way=WAYS[0]):
        """One header alone."""
        text = BEFORE_OURS.get(unit.name, '') + '#include "%s.h"\n' % unit.name
        compiler, flags = way
        done = subprocess.run([compiler, *flags, *strict(way), *self.flags, '-'], input=text,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              encoding='utf-8', errors='replace')
        if done.returncode != 0:
            unit.problems.append((compiler + ' ' + flags[0], '', first_error(done.stderr)))

    def compile_headers(self, units):
        """
        Alone in the first way, which shows what a header forgets to include; in the others all at
        once, and alone again only what an error points at then.
        """
        list(self.pool.map(self.compile_header, units))
        names = {unit.name: unit for unit in units if not unit.problems}
        ours = Side(self.ours, self.ours, self.flags, BEFORE_OURS)
        tries = [(way, self.pool.submit(ours.suspects, list(names),
                                        [way[0], *way[1], *strict(way), UNLIMITED[way[0]]]))
                 for way in WAYS[1:]]
        for way, suspects in tries:
            list(self.pool.map(lambda name, way=way: self.compile_header(names[name], way),
                               suspects.result()))
        for unit in units:
            unit.header_good = not unit.problems

    def abis(self, units):
        """What both headers say: two dictionaries by the units' names."""
        ours = Side(self.ours, self.ours, self.flags + ['-DINITGUID'], BEFORE_OURS,
                    definitions=True)
        flags = ['-fshort-wchar', '-DINITGUID', '-DCONST_VTABLE', '-I' + self.widls, '-I' + IDL_FOLDERS[0]]
        theirs = Side(self.widls, self.widls, flags, BEFORE_WIDL)
        names = [unit.name for unit in units]
        return (theirs, self.pool.submit(theirs.abis, names)), (ours,
                                                                self.pool.submit(ours.abis, names))

    def compare(self, units):
        (theirs, abis_a), (ours, abis_b) = self.abis(units)
        abis_a, abis_b = abis_a.result(), abis_b.result()
        comparisons = {}
        for unit in units:
            a, b = abis_a.get(unit.name), abis_b.get(unit.name)
            if a is None or b is None:
                side = ours if a else theirs
                unit.problems.append(('batch', '', side.errors.get(unit.name, 'not compiled')))
                continue
            if (a, b) not in comparisons:
                comparisons[a, b] = Comparison(a, b)
            found = comparisons[a, b].differences(theirs.path(unit.name), ours.path(unit.name))
            packed = packed_records(ours.path(unit.name))
            unit.problems += [problem for problem in found
                              if (unit.has_ids or problem[::2] != ('id', 'missing'))
                              and not is_of_packed(problem, packed)]

    def check(self, chosen):
        steps = [('widl', self.find_units),
                 ('uvidl', lambda: list(self.pool.map(self.compile, self.units))),
                 ('headers', lambda: self.compile_headers(
                     [unit for unit in self.units if self.wanted(unit)])),
                 ('compare', lambda: self.compare(
                     [unit for unit in self.units if self.wanted(unit) and unit.header_good]))]
        self.wanted = lambda unit: unit.compiled and (not chosen or unit.name in chosen)
        times = []
        for name, step in steps:
            begun = time.monotonic()
            step()
            times.append('%s %.1f s' % (name, time.monotonic() - begun))
        print('# ' + ', '.join(times))
        self.pool.shutdown()


# widl does not read #pragma pack, so what it says of such records is wrong. That they are laid out
# as they should be is asserted in tests/codegen/golden/pack.idl.
PACKED = re.compile(r'^#pragma pack\(push, \d+\)\n.*?^#pragma pack\(pop\)', re.M | re.S)
RECORD = re.compile(r'^(?:typedef )?(?:struct|union) (\w+) \{|^\} (\w+)', re.M)


def packed_records(header):
    with open(header, encoding='utf-8') as text:
        return {name for part in PACKED.findall(text.read())
                for names in RECORD.findall(part) for name in names if name}


def is_of_packed(problem, packed):
    kind, name, text = problem
    return kind == 'layout' and name in packed and bool(re.search('bytes, not| is at ', text))


def print_table(units):
    print('# %-8s %6s %9s %8s %10s %10s' % ('', 'units', 'compiled', 'headers', 'ABI-equal',
                                            'different'))
    for title, rows in (('classic', [unit for unit in units if not unit.is_winrt]),
                        ('WinRT', [unit for unit in units if unit.is_winrt]), ('all', units)):
        good = [unit for unit in rows if unit.header_good]
        right = [unit for unit in rows if unit.is_right]
        print('# %-8s %6d %9d %8d %10d %10d' % (
            title, len(rows), sum(unit.compiled for unit in rows), len(good), len(right),
            len(good) - len(right)))


def print_problems(units, most):
    for unit in units:
        for kind, where, text in unit.problems[:most]:
            print('#   %s: %s' % (unit.name, ' '.join(part for part in (kind, where, text) if part)))
        if len(unit.problems) > most:
            print('#   %s: %d more' % (unit.name, len(unit.problems) - most))


def read_expected():
    with open(EXPECTED, encoding='utf-8') as file:
        return {line.strip() for line in file if line.strip() and not line.startswith('#')}


def write_expected(wrong):
    with open(EXPECTED, encoding='utf-8') as file:
        comments = [line for line in file if line.startswith('#')]
    with open(EXPECTED, 'w', encoding='utf-8') as file:
        file.writelines(comments + [name + '\n' for name in sorted(wrong)])


def judge(units):
    """TAP for the whole corpus; whether all is as expected."""
    wrong = {unit.name for unit in units if not unit.is_right}
    if os.environ.get('UVCOM_CORPUS_UPDATE'):
        write_expected(wrong)
    expected = read_expected()
    print_problems([unit for unit in units if not unit.is_right], SHOWN)
    print_table(units)
    worse, better = sorted(wrong - expected), sorted(expected - wrong)
    print(('not ' if worse else '') + 'ok 1 - units that were right are right')
    for name in worse:
        print('# wrong, and not in expected.txt: ' + name)
    print(('not ' if better else '') + 'ok 2 - expected.txt names only units that are not right')
    for name in better:
        print('# right, so it must leave expected.txt: ' + name)
    return not worse and not better


def main(arguments):
    uvidl, sources, build, *chosen = [os.path.abspath(path) for path in arguments[:3]] + \
        arguments[3:]
    missing = [name for name in ('widl-stable', 'gcc', 'clang') if not shutil.which(name)]
    if missing or not os.path.exists(os.path.join(IDL_FOLDERS[0], 'unknwn.idl')):
        print('1..0 # SKIP needs %s' % ', '.join(missing or ['libwine-dev']))
        return 0
    if not chosen:
        print('1..2')
    corpus = Corpus(uvidl, sources, build)
    corpus.check(chosen)
    if not chosen:
        return 0 if judge(corpus.units) else 1
    print_problems([unit for unit in corpus.units if unit.name in chosen], 1000)
    print_table([unit for unit in corpus.units if unit.name in chosen])
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
