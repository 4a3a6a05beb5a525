"""headers.py -- compiles many headers at once and gives the binary interface of each.

One compilation for hundreds of headers costs less than one for each. Headers that cannot stand in
one source file together (two of Debian's declare the same name) come into a second one, and so on.
"""

import os
import re
import subprocess

from abi import Abi
from needs import APART

DEBUG = ['-w', '-g', '-gdwarf-4', '-fno-eliminate-unused-debug-types', '-fmax-errors=0']
DEFINES = '#define COBJMACROS\n#define CINTERFACE\n'


class Side:
    """How the headers of one tool are compiled."""

    def __init__(self, folder, scratch, flags, before, definitions=False):
        self.folder = folder  # of the headers
        self.scratch = scratch
        self.flags = flags
        self.before = before  # unit -> lines that it needs before it
        self.definitions = definitions  # whether the ids are in foo_i.c
        self.errors = {}

    def path(self, unit):
        return os.path.join(self.folder, unit + '.h')

    def source(self, units):
        lines = []
        for unit in units:
            ids = os.path.join(self.folder, unit + '_i.c')
            text = self.before.get(unit, '') + '#include "%s"\n' % self.path(unit)
            if self.definitions and os.path.exists(ids):
                text += '#include "%s"\n' % ids
            lines.append((unit, text))
        return lines

    @staticmethod
    def groups(units):
        """The units in groups that should go together."""
        apart = [[unit for unit in group if unit in units] for group in APART]
        return [[unit for unit in units if not any(unit in group for group in APART)]] + apart

    def suspects(self, units, compiler):
        """unit -> first error, of those that a compiler refuses when it gets many at once."""
        result = {}
        source = os.path.join(self.scratch, 'way.%s.c' % '.'.join(compiler[:2]).replace('/', '_'))
        for group in self.groups(units):
            while group:
                owners = self.write(source, group, '')
                run = subprocess.run([*compiler, *self.flags, source], stderr=subprocess.PIPE,
                                     encoding='utf-8', errors='replace')
                if run.returncode == 0:
                    break
                guilty = self.guilty(run.stderr, source, owners) or dict.fromkeys(group, '')
                group = [unit for unit in group if unit not in guilty]
                result.update(guilty)
        return result

    def abis(self, units):
        """unit -> Abi, of those that compile; why not, of the others, is in `errors`."""
        result, number, left = {}, 0, []
        groups = self.groups(units)
        while any(groups) or left:
            group = groups.pop(0) if groups else left
            left = [] if group is left else left
            together, again = self.batch(group, number, result)
            left = left + again
            number += 1
            if again and not together:
                break
        return result

    def batch(self, units, number, result):
        """Compiles as many as go together: these, and those that are left for the next."""
        left = []
        source = os.path.join(self.scratch, 'batch%d.c' % number)
        while units:
            owners = self.write(source, units)
            run = subprocess.run(['gcc', *DEBUG, *self.flags, '-c', '-o', source + '.o', source],
                                 stderr=subprocess.PIPE, encoding='utf-8', errors='replace')
            if run.returncode == 0:
                abi = Abi(source + '.o', self.macros(source))
                result.update((unit, abi) for unit in units)
                return units, left
            guilty = self.guilty(run.stderr, source, owners)
            if not guilty:
                raise RuntimeError('cannot tell which header is wrong:\n' + run.stderr[:2000])
            if len(units) == len(guilty):  # not even one is good in this company: try one alone
                guilty = dict(list(guilty.items())[1:]) or guilty
            units = [unit for unit in units if unit not in guilty]
            left += guilty
            self.errors.update(guilty)
        return units, left

    def write(self, source, units, defines=DEFINES):
        """Writes the source file; its lines belong to the units of the list."""
        text, owners = defines, [None] * (defines.count('\n') + 1)
        for unit, lines in self.source(units):
            text += lines
            owners += [unit] * lines.count('\n')
        with open(source, 'w', encoding='utf-8') as file:
            file.write(text)
        return owners

    def unit_of(self, path):
        unit = os.path.basename(path)[:-2]
        return unit if os.path.realpath(path) == os.path.realpath(self.path(unit)) else None

    def guilty(self, messages, source, owners):
        """unit -> first error, of the headers with errors, or of those that lead to them."""
        result, includer = {}, None
        for line in messages.splitlines():
            stack = re.match(r'(?:In file included)? +from %s:(\d+)' % re.escape(source), line)
            error = re.match(r'(.*?):(\d+)(?::\d+)?: (?:fatal )?error: ', line)
            if stack:
                includer = owners[int(stack.group(1))]
            elif error:
                path, number = error.group(1), int(error.group(2))
                unit = owners[number] if path == source else self.unit_of(path)
                if not unit or unit not in owners:
                    unit = includer
                if unit:
                    result.setdefault(unit, line)
        return result

    def macros(self, source):
        """file -> name -> (parameters or None, text) of the macros that are left at the end."""
        run = subprocess.run(['gcc', *DEBUG[:1], *self.flags, '-E', '-dD', source], check=True,
                             stdout=subprocess.PIPE, encoding='latin1')
        result, own = {}, {}
        for line in run.stdout.splitlines():
            if not line.startswith('#'):
                continue
            marker = re.match(r'# \d+ "((?:[^"\\]|\\.)*)"', line)
            macro = re.match(r'#define (\w+)(?:\(([^)]*)\))?(?: (.*))?', line)
            if marker:
                own = result.setdefault(marker.group(1), {})
            elif macro:
                parameters = macro.group(2)
                if parameters is not None:
                    parameters = [name for name in parameters.split(',') if name]
                own[macro.group(1)] = (parameters, (macro.group(3) or '').strip())
            elif line.startswith('#undef '):
                own.pop(line.split()[1], None)
        return result
