#!/usr/bin/env python3
"""test_table.py -- the model's table is the runtime's, cell by cell.

tests/model/table.pml was written from runtime/call_state.c. What spin proves of the one holds for
the other only as long as they are the same: states, events, effects, answers, and which epochs an
event may name. A row is one test.
"""

import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def text_of(*path):
    with open(os.path.join(TOP, *path), encoding='utf-8') as file:
        return re.sub(r'/\*.*?\*/', '', file.read(), flags=re.S)


def cells(text, pattern):
    """{event: (next state, effects, answer)} of one row; a STAY has no effects."""
    row = {}
    for event, kind, words in re.findall(pattern + r'\s*(CELL|STAY)\(([^)]*)\)', text):
        words = [' '.join(word.split()) for word in words.split(',')]
        effects = words[1].split(' | ') if kind == 'CELL' else []
        row[event] = (words[0], tuple(sorted(effects)), words[-1])
    return row


def table_of_runtime():
    text = text_of('runtime', 'call_state.c')
    body = re.search(r'struct cell cells\[.*?\n};', text, re.S).group(0)
    parts = re.split(r'\n    \[(?:UVCOM__CALL_)?([A-Z_]+)\] =', body)
    return {name: cells(part, r'\[UVCOM__(ON_\w+)\] =')
            for name, part in zip(parts[1::2], parts[2::2])}


def table_of_model():
    parts = re.split(r'\ninline row_(\w+)\(', text_of('tests', 'model', 'table.pml'))
    return {name.upper(): cells(part, r'event == (ON_\w+) ->')
            for name, part in zip(parts[1::2], parts[2::2])}


def addresses_of_runtime():
    """Which events name an epoch: True if it may be any, False if not."""
    text = text_of('runtime', 'call_state.c')
    body = re.search(r'struct address addresses\[.*?\n};', text, re.S).group(0)
    return {event: words == 'true' for event, words in
            re.findall(r'\[UVCOM__(ON_\w+)\] = \{true, (true|false),', body)}


def addresses_of_model():
    text = text_of('tests', 'model', 'call.pml')
    result = {}
    for events, any_allowed in re.findall(
            r':: ((?:event == ON_\w+(?: \|\| )?)+) ->\s*meant = \(EPOCH_OF\(w\) == epoch( \|\|)?',
            text):
        for event in re.findall(r'ON_\w+', events):
            result[event] = bool(any_allowed)
    return result


def differences(ours, theirs):
    """What stands in only one of two dictionaries, or differs; as lines."""
    for key in sorted(set(ours) | set(theirs)):
        if ours.get(key) != theirs.get(key):
            yield '%s: the runtime has %s, the model %s' % (key, ours.get(key), theirs.get(key))


def main():
    runtime, model = table_of_runtime(), table_of_model()
    tests = [('the rows have the same names',
              list(differences({row: 1 for row in runtime}, {row: 1 for row in model}))),
             ('the same events name an epoch',
              list(differences(addresses_of_runtime(), addresses_of_model()))),
             ('there are rows and events at all',
              [] if len(runtime) >= 9 and all(len(row) >= 11 for row in runtime.values()) else
              ['%d rows of %s events' % (len(runtime), [len(row) for row in runtime.values()])])]
    tests += [('the row of ' + row, list(differences(runtime[row], model.get(row, {}))))
              for row in runtime]
    print('1..%d' % len(tests))
    for number, (title, problems) in enumerate(tests, 1):
        print('%s %d - %s' % ('not ok' if problems else 'ok', number, title))
        for problem in problems:
            print('# ' + problem)
    return 1 if any(problems for _, problems in tests) else 0


if __name__ == '__main__':
    sys.exit(main())
