#!/usr/bin/env python3
"""test_summary.py -- the last line of `make check` counts what meson's logs say.

A summary that misses a failure would make a red build green, so .ci/check's counting is fed with
logs in which each kind of bad ending stands.
"""

import importlib.machinery
import importlib.util
import json
import os
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# What one test's entry says, and the passed, failed and skipped to be counted for it.
ENTRIES = [
    ('OK', 'ok 1 - a\nok 2 - b: Passed\n1..2\n', [2, 0, 0]),
    ('FAIL', 'ok 1 - a\nnot ok 2 - b: file.c:3 differs\n# ok 3 - only a remark\n1..2\n', [1, 1, 0]),
    ('OK', 'ok 1 - a # SKIP no clang-format\nok 2 - b\n1..2\n', [1, 0, 1]),
    ('TIMEOUT', 'ok 1 - a\nok 2 - b\n', [2, 1, 0]),
    ('ERROR', 'ok 1 - a\n1..3\n', [1, 1, 0]),
    ('OK', 'not TAP: a script that ended with 0\n', [1, 0, 0]),
    ('OK', '', [1, 0, 0]),
    ('FAIL', '', [0, 1, 0]),
    ('INTERRUPT', '', [0, 1, 0]),
    ('UNEXPECTEDPASS', '', [0, 1, 0]),
    ('SKIP', 'skipped: there is no clang\n', [0, 0, 1]),
]


def load_check():
    loader = importlib.machinery.SourceFileLoader('check', os.path.join(TOP, '.ci', 'check'))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader('check', loader))
    loader.exec_module(module)
    return module


def counted(check, entries):
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(os.path.join(folder, 'meson-logs'))
        with open(os.path.join(folder, 'meson-logs', 'testlog.json'), 'w', encoding='utf-8') as log:
            for result, output, _ in entries:
                log.write(json.dumps({'name': 'x', 'result': result, 'stdout': output}) + '\n')
        return check.count(folder)


def main():
    check = load_check()
    # Without its '#', which would make a directive of the rest of the line.
    results = [('%s after %r' % (entry[0], entry[1][:40].replace('#', '')),
                counted(check, [entry]) == entry[2]) for entry in ENTRIES]
    total = [sum(column) for column in zip(*(entry[2] for entry in ENTRIES))]
    results.append(('all together', counted(check, ENTRIES) == total))
    print('1..%d' % len(results))
    for number, (title, good) in enumerate(results, 1):
        print('%s %d - %s' % ('ok' if good else 'not ok', number, title))
    return 0 if all(good for _, good in results) else 1


if __name__ == '__main__':
    sys.exit(main())
