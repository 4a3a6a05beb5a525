#!/usr/bin/env python3
"""test_program.py -- uvcom-conformance as a command: what it lists, chooses and answers.

    test_program.py PROGRAM
"""

import re
import subprocess
import sys

PROGRAM = sys.argv[1]


def run(*arguments):
    return subprocess.run([PROGRAM] + list(arguments), capture_output=True, text=True)


def test_list():
    """--list: rule, case, file and settings of each case, and no case twice"""
    lines = [line.split('\t') for line in run('--list').stdout.splitlines()]
    names = [line[1] for line in lines]
    good = all(len(line) == 4 and line[1].startswith(line[0].split()[0].replace('-', '_'))
               for line in lines)
    return good and lines and len(names) == len(set(names))


def test_rule():
    """a rule chooses its cases, and each line of TAP begins with the rule"""
    result = run('CALL-07')
    lines = result.stdout.splitlines()[:-1]
    return (result.returncode == 0 and lines[0] == '1..%d' % (len(lines) - 1) and len(lines) > 1 and
            all(re.match(r'ok \d+ - CALL-07 ', line) for line in lines[1:]))


def test_lower_case():
    """rules and sections may be written in lower case"""
    return (run('--list', 'call-07').stdout == run('--list', 'CALL-07').stdout != '' and
            run('--list', 'com').stdout == run('--list', 'COM').stdout != '')


def test_summary():
    """the last line says how many passed, failed and were skipped"""
    result = run('CALL-07')
    planned = int(result.stdout.splitlines()[0].split('..')[1])
    return (result.stdout.splitlines()[-1] == '# %d passed, 0 failed, 0 skipped' % planned and
            '#' not in run('--list', 'CALL-07').stdout)


def test_section_and_case():
    """a section chooses all its rules, a name one case"""
    listed = run('--list', 'COM').stdout.splitlines()
    one = run('--list', 'COM_05_a_call_object_is_not_its_server').stdout.splitlines()
    return (len(listed) > 5 and all(line.startswith('COM-') for line in listed) and
            len(one) == 1 and not any(line.startswith('CON-') for line in listed))


def test_setting():
    """--setting leaves the others out"""
    lines = run('--setting=MTA to OWN', 'CALL-07').stdout.splitlines()
    return lines[0] == '1..1' and lines[1].endswith('(MTA to OWN)')


def test_wrong_usage():
    """what does not exist is wrong usage, and nothing is run"""
    wrong = [run('CALL-99'), run('CALL-07', 'NOBODY'), run('--nothing'), run('--setting=nowhere')]
    return (all(r.returncode == 2 and r.stdout == '' and r.stderr for r in wrong) and
            run('--help').returncode == 0)


TESTS = [test_list, test_rule, test_lower_case, test_summary, test_section_and_case, test_setting,
         test_wrong_usage]


def main():
    print('1..%d' % len(TESTS))
    failed = 0
    for number, test in enumerate(TESTS, 1):
        good = bool(test())
        failed += not good
        print('%s %d - %s' % ('ok' if good else 'not ok', number, test.__doc__))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
