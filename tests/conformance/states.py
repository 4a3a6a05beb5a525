#!/usr/bin/env python3
"""states.py -- breaks the cells of the state table one by one, and says which rule's case fails.

    tests/conformance/states.py [options] [WORD ...]

Each cell of runtime/call_state.c is changed in several ways: another state, each effect dropped,
another code. Cases of the sections below are run first; what none of them notices must be noticed
by the unit test of the table (tests/runtime/test_call_state.c), which knows every cell. A WORD
chooses cells: DONE, FINISH, or DONE.FINISH. Status: 0 all were noticed, 1 not all, 2 nothing could
be tried. --record writes states.md.
"""

import argparse
import os
import queue
import random
import re
import shutil
import sys
import tempfile
import threading

import rules as book
from workshop import Trouble, Workshop, read, TOP

SOURCE = 'runtime/call_state.c'
UNIT = 'tests/runtime/test_call_state'
SECTIONS = ['CALL', 'RACE', 'CAN', 'SYN', 'LIFE', 'AGG', 'SRV', 'AUTO', 'APT-04', 'SEC-05']
SETTING = 'MTA to OWN'  # one will do: the table is the same in all
OTHER_STATE = {'IDLE': 'PENDING', 'STARTING': 'IDLE', 'PENDING': 'DONE', 'DONE': 'PENDING',
               'CANCELED': 'DONE', 'FINISHING': 'IDLE'}
PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'states.md')
CELL = re.compile(r'( *\[UVCOM__ON_(\w+)\] = )(?:STAY\((\w+), (\w+)\)'
                  r'|CELL\((\w+), ([\w| ]+), (\w+)\)),')


class Change:
    """One cell changed in one way."""

    def __init__(self, cell, what, line, text):
        self.cell = cell  # 'DONE.FINISH'
        self.what = what
        self.line = line  # of the file, from 0
        self.text = text


def cell_text(state, effects, code):
    if effects:
        return 'CELL(%s, %s, %s),' % (state, ' | '.join(effects), code)
    return 'STAY(%s, %s),' % (state, code)


def changes_of(cell, number, match):
    head, _, stay_state, stay_code, state, effects, code = match.groups()
    state, code = stay_state or state, stay_code or code
    effects = effects.split(' | ') if effects else []
    other = OTHER_STATE[state]
    yield Change(cell, '%s instead of %s' % (other, state), number,
                 head + cell_text(other, effects, code))
    for effect in effects:
        rest = [e for e in effects if e != effect]
        yield Change(cell, 'without ' + effect, number, head + cell_text(state, rest, code))
    wrong = 'E_FAIL' if code == 'S_OK' else 'S_OK'
    yield Change(cell, '%s instead of %s' % (wrong, code), number,
                 head + cell_text(state, effects, wrong))


def all_changes(lines):
    row = None
    for number, line in enumerate(lines):
        head = re.match(r' {4}\[(?:UVCOM__CALL_)?(\w+)\] =$', line)
        if head:
            row = head.group(1)
        match = CELL.match(line)
        if match and row:
            yield from changes_of('%s.%s' % (row, match.group(2)), number, match)


def is_meant(change, words):
    return not words or any(word in [change.cell] + change.cell.split('.') for word in words)


def try_change(shop, change, lines, cases):
    """Who notices it: a line of TAP, the unit test's name, or None."""
    changed = list(lines)
    changed[change.line] = change.text
    try:
        shop.replace(SOURCE, '\n'.join(changed).encode())
        output = shop.compile()
        if output is not None:
            raise Trouble('%s, %s, does not compile:\n%s' % (change.cell, change.what, output))
        failed = shop.run(cases, setting=SETTING)
        if failed:
            return re.sub(r'^not ok \d* ?- ', '', failed[0])
        output = shop.compile(UNIT)
        if output is not None:
            raise Trouble('%s does not build:\n%s' % (UNIT, output))
        failed = shop.run_other(UNIT)
        return '(unit test) ' + failed[0] if failed else None
    finally:
        shop.undo()


def sound_cases(listing, failed):
    """The names of the cases of SECTIONS that run in SETTING, less those that fail anyway."""
    failing = {book.case_of_line(line) for line in failed}
    return [case.name for case in book.read_cases(listing)
            if case.name not in failing and {SETTING, 'bare'} & set(case.settings) and
            any(rule in SECTIONS or rule.split('-')[0] in SECTIONS for rule in case.rules)]


class Walk:
    """All changes, shared out among workshops."""

    def __init__(self, folder, changes, lines, jobs):
        self.shops = [Workshop(os.path.join(folder, str(i)), 'none') for i in range(jobs)]
        self.todo = queue.Queue()
        for change in changes:
            self.todo.put(change)
        self.lines = lines
        self.results = {}
        self.cases = []
        self.trouble = None

    def work(self, shop):
        try:
            shop.open()
            while self.trouble is None:
                change = self.todo.get_nowait()
                seen = try_change(shop, change, self.lines, self.cases)
                self.results[change] = seen
                print('%-26s %-32s %s' % (change.cell, change.what, seen or 'NOT NOTICED'),
                      flush=True)
        except queue.Empty:
            pass
        except Exception as error:  # of a thread: it must reach the main one
            self.trouble = error

    def run(self):
        self.shops[0].open()
        failed = self.shops[0].run(SECTIONS, stop_at=0, seconds='20', setting=SETTING)
        for line in failed:
            print('without any change: %s' % line, flush=True)
        self.cases = sound_cases(self.shops[0].list(), failed)
        threads = [threading.Thread(target=self.work, args=(shop,)) for shop in self.shops]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.trouble:
            raise self.trouble
        return self.results


def why_hidden(change):
    """Why no client can notice it, if that can be told from the cell; ''."""
    row, event = change.cell.split('.')
    if event == 'RETIRE' and row != 'FINISHING':
        return 'only the Finish_ that has claimed raises RETIRE'
    if event in ('STARTED', 'START_FAILED') and not row.startswith('STARTING'):
        return 'only the Begin_ that has claimed raises it, while the call is its own'
    if re.match(r'[A-Z_]*E_|S_', change.what):
        return 'whoever raises it looks whether the word has moved, or waits; not at the code'
    if change.what == 'without FORGET':
        return 'the next Begin_ clears the same, and what IDLE answers does not depend on it'
    return ''


def row_of(change, seen):
    unit = re.match(r'\(unit test\) .*:(\w+)$', seen or '')
    if unit:
        return '| %s | %s | test_call_state: `%s` | %s |\n' % (
            change.cell, change.what, unit.group(1), why_hidden(change))
    return '| %s | %s | %s | |\n' % (change.cell, change.what, seen or 'NOT NOTICED')


def recorded_rows():
    """The rows of states.md, by cell and change."""
    if not os.path.exists(PATH):
        return {}
    with open(PATH, encoding='utf-8') as file:
        rows = [line for line in file if re.match(r'\| [A-Z_]+\.[A-Z_]+ \|', line)]
    return {tuple(line.split(' | ')[:2]): line for line in rows}


def record(lines, results):
    """Writes the rows of this run, and keeps those of earlier ones for cells that it left out."""
    rows = recorded_rows()
    for change, seen in results.items():
        row = row_of(change, seen)
        rows[tuple(row.split(' | ')[:2])] = row
    keys = [('| ' + change.cell, change.what) for change in all_changes(lines)]
    rows = [rows[key] for key in keys if key in rows]
    by_unit = sum('| test_call_state: ' in row for row in rows)
    by_nobody = sum('| NOT NOTICED |' in row for row in rows)
    with open(PATH, 'w', encoding='utf-8') as file:
        file.write('# The state table, broken cell by cell\n\n'
                   'Written by `states.py --record`: each cell of `runtime/call_state.c`, how it '
                   'was changed, and the first case that\nnoticed it; what no case notices is '
                   'noticed by the unit test of the table, which knows every cell.\n%d changes; %d '
                   'are noticed by a case, %d by the unit test only, %d by nobody.\n\n'
                   '| cell | change | noticed by | why no client can |\n|---|---|---|---|\n'
                   % (len(rows), len(rows) - by_unit - by_nobody, by_unit, by_nobody))
        file.writelines(rows)


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description='breaks the state table cell by cell')
    parser.add_argument('words', nargs='*', metavar='WORD', help='DONE, FINISH or DONE.FINISH')
    parser.add_argument('--jobs', type=int, default=1, help='so many copies of the tree at a time')
    parser.add_argument('--sample', type=int, default=0, help='only so many, chosen at random')
    parser.add_argument('--seed', type=int, default=1, help='of the choice')
    parser.add_argument('--work', help='folder for the copies; kept, so that the next run is quick')
    parser.add_argument('--record', action='store_true', help='write states.md')
    return parser.parse_args(arguments)


def main(arguments):
    options = parse_arguments(arguments)
    lines = read(os.path.join(TOP, SOURCE)).decode().split('\n')
    changes = [c for c in all_changes(lines) if is_meant(c, options.words)]
    if options.sample and options.sample < len(changes):
        changes = random.Random(options.seed).sample(changes, options.sample)
    folder = options.work or tempfile.mkdtemp(prefix='uvcom-states-')
    try:
        results = Walk(os.path.abspath(folder), changes, lines, options.jobs).run()
    except Trouble as trouble:
        print('states.py: %s' % trouble, file=sys.stderr)
        return 2
    finally:
        if not options.work:
            shutil.rmtree(folder, ignore_errors=True)
    if options.record:
        record(lines, results)
    by_case = sum(bool(seen) and not seen.startswith('(') for seen in results.values())
    noticed = sum(bool(seen) for seen in results.values())
    print('%d changes: %d noticed by a case, %d by the unit test only, %d not at all'
          % (len(changes), by_case, noticed - by_case, len(changes) - noticed))
    return 0 if changes and noticed == len(changes) else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
