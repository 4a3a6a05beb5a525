#!/usr/bin/env python3
"""test_samples.py -- the samples print what their READMEs say.

    test_samples.py PROGRAM...

A program is looked up by its name in samples/; the block ```text of the README there is compared
with its standard output; <n> there stands for any number. Those whose output depends on the time of
day have no such block.
"""

import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def expected(name):
    with open(os.path.join(TOP, 'samples', name, 'README.md'), encoding='utf-8') as readme:
        return re.search(r'^```text\n(.*?)^```$', readme.read(), re.M | re.S).group(1)


def problem(program):
    """What is wrong with one sample; empty: nothing."""
    result = subprocess.run([program], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            stdin=subprocess.DEVNULL, timeout=60, check=False)
    wanted = expected(os.path.basename(program))
    if result.returncode != 0:
        return 'exit status %d\n%s' % (result.returncode, result.stdout)
    pattern = re.escape(wanted).replace('<n>', r'\d+')
    if not re.fullmatch(pattern, result.stdout):
        return 'printed\n%sinstead of\n%s' % (result.stdout, wanted)
    return ''


def main(programs):
    failed = False
    print('1..%d' % len(programs))
    for number, program in enumerate(programs, 1):
        text = problem(program)
        failed = failed or bool(text)
        print('%s %d - %s' % ('not ok' if text else 'ok', number, os.path.basename(program)))
        if text:
            print(re.sub('^', '# ', text, flags=re.M))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
