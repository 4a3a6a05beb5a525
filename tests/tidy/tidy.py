#!/usr/bin/env python3
"""tidy.py -- the style as a test: runs every rule over the tree and prints TAP with all problems.

    tests/tidy/tidy.py [--root FOLDER] [--shared libuvcom.so --static libuvcom.a]

Standard Python only. The rules are functions in rules_*.py; the first line of each says what
it wants.
"""

import argparse
import os
import sys

import rules_code
import rules_text
import rules_tree
from source import Tree


def parse_arguments(arguments):
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description='checks the style of the whole tree')
    parser.add_argument('--root', default=os.path.dirname(os.path.dirname(here)))
    parser.add_argument('--shared', help='libuvcom.so, for the names of its symbols')
    parser.add_argument('--static', help='libuvcom.a')
    parser.add_argument('--clang-format', help='the program; normally found by itself')
    return parser.parse_args(arguments)


def all_rules(options):
    """Pairs of a rule and what to call it with beside the tree."""
    plain = rules_text.RULES + rules_code.RULES + rules_tree.RULES
    return [(rule, ()) for rule in plain] + [(rule, (options,)) for rule in rules_tree.BUILT_RULES]


def main(arguments):
    options = parse_arguments(arguments)
    tree = Tree(options.root)
    rules = all_rules(options)
    failures = 0
    print('1..%d' % len(rules))
    for number, (rule, extra) in enumerate(rules, 1):
        title = '%d - %s: %s' % (number, rule.__name__, rule.__doc__)
        try:
            problems = sorted(rule(tree, *extra))
        except rules_tree.Skip as reason:
            print('ok %s # SKIP %s' % (title, reason))
            continue
        print(('not ok ' if problems else 'ok ') + title)
        for path, line, text in problems:
            print('# %s%s: %s' % (path, ':%d' % line if line else '', text))
        failures += bool(problems)
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
