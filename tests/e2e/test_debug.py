#!/usr/bin/env python3
"""test_debug.py -- UVCOM_DEBUG names the method and the side whose value was refused.

    test_debug.py PROGRAM

The program is test_bad_values, in which both sides make every mistake there is. Its own results
are looked at by meson; here only standard error counts.
"""

import os
import re
import subprocess
import sys

LINE = re.compile(r'^uvcom: I\w+::\w+: \S+ \(0x8[0-9A-F]{7}\) because of '
                  r'(what the client gave|what the server returned)$')


def spoken(program, setting):
    """The lines on standard error."""
    environment = dict(os.environ, UVCOM_DEBUG=setting)
    result = subprocess.run([program], env=environment, text=True, stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, check=True)
    return result.stderr.splitlines()


def asked(program):
    lines = spoken(program, '1')
    sides = {match.group(1) for match in map(LINE.match, lines) if match}
    strange = [line for line in lines if not LINE.match(line)]
    return len(sides) == 2 and not strange, strange or sorted(sides)


def not_asked(program):
    lines = spoken(program, '')
    return not lines, lines


def main(program):
    failed = False
    checks = [('UVCOM_DEBUG names the method and the side', asked),
              ('nothing is said without it', not_asked)]
    print('1..%d' % len(checks))
    for number, (name, check) in enumerate(checks, 1):
        is_good, seen = check(program)
        failed = failed or not is_good
        print('%s %d - %s' % ('ok' if is_good else 'not ok', number, name))
        if not is_good:
            print('# %s' % seen[:5])
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
