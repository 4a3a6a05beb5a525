#!/usr/bin/env python3
"""table.py -- the table in README.md: rule, source, what holds, tests, mutants, result.

    tests/conformance/table.py PROGRAM --record    runs all cases and writes recorded.txt
    tests/conformance/table.py PROGRAM --write     writes the table
    tests/conformance/table.py PROGRAM --missing   says what is still to be done, by section
    tests/conformance/table.py PROGRAM --check     TAP: nothing is missing, and the table is right

PROGRAM is uvcom-conformance. What became of the mutants is recorded by mutate.py --record.
"""

import argparse
import os
import re
import subprocess
import sys

import recorded
import rules as book

README = os.path.join(book.HERE, 'README.md')
BEGIN = '<!-- begin of the table that table.py writes -->\n'
END = '<!-- end of the table -->\n'


class Book:
    """All that is known: rules, cases, mutants, and what became of them."""

    def __init__(self, program):
        listing = subprocess.run([program, '--list'], check=True, capture_output=True, text=True)
        self.rules = book.read_rules()
        self.cases = book.read_cases(listing.stdout)
        self.mutants = book.read_mutants()
        self.passed = recorded.cases()
        self.killed = recorded.mutants()

    def cases_of(self, rule):
        return book.cases_of(rule.name, self.cases, self.rules)

    def mutants_of(self, rule):
        return [m for m in self.mutants if m.rule == rule.name]

    def is_killed(self, mutant):
        return self.killed.get(mutant.name) == (mutant.digest, 'killed')


# ---- what is missing: (rule or file, what) ----

def rules_without_case(know):
    """every rule has a case, or a reason why not"""
    for rule in know.rules:
        if not know.cases_of(rule) and 'no case' not in rule.keys:
            yield rule.name, 'no case and no reason'
        if know.cases_of(rule) and 'no case' in rule.keys:
            yield rule.name, 'a case, and a reason why there is none'


def rules_without_mutant(know):
    """every rule that has a case has a mutant, or a reason why not"""
    for rule in know.rules:
        reasons = 'no case' in rule.keys or 'no mutant' in rule.keys
        if not know.mutants_of(rule) and not reasons:
            yield rule.name, 'no mutant and no reason'
        if know.mutants_of(rule) and reasons:
            yield rule.name, 'a mutant, and a reason why there is none'


def unknown_rules(know):
    """every case and every mutant is for a rule that exists"""
    names = {rule.name for rule in know.rules}
    cases = {case.name for case in know.cases}
    for case in know.cases:
        for name in case.rules or ['?']:
            if name not in names:
                yield name, '%s: no such rule' % case.name
    for mutant in know.mutants:
        if mutant.rule not in names:
            yield mutant.rule, '%s.patch: no such rule' % mutant.name
        if mutant.complaint():
            yield mutant.rule, '%s.patch %s' % (mutant.name, mutant.complaint())
    for rule in know.rules:
        for name in rule.other_cases:
            if name not in cases:
                yield rule.name, 'no such case: %s' % name


def not_passed(know):
    """every case has passed when the run was recorded"""
    for case in know.cases:
        if know.passed.get(case.name) != 'passed':
            yield (case.rules or ['?'])[0], '%s: %s' % (case.name,
                                                        know.passed.get(case.name, 'not run'))


def not_killed(know):
    """every mutant, as it is now, was killed when the run was recorded"""
    for mutant in know.mutants:
        if not know.is_killed(mutant):
            digest, verdict = know.killed.get(mutant.name, (None, 'not run'))
            yield mutant.rule, '%s.patch: %s' % (
                mutant.name, verdict if digest in (mutant.digest, None) else 'changed since')


def table_is_old(know):
    """the table in README.md is the one that table.py writes"""
    text = read_readme()
    if text != with_table(text, know):
        yield 'README.md', 'run table.py PROGRAM --write'


CHECKS = [rules_without_case, unknown_rules, rules_without_mutant, not_passed, not_killed,
          table_is_old]


# ---- the table ----

def result_of(rule, know):
    names, mutants = know.cases_of(rule), know.mutants_of(rule)
    if not names:
        return 'left out' if 'no case' in rule.keys else 'no test'
    words = ['passed' if all(know.passed.get(n) == 'passed' for n in names) else 'not passed']
    if mutants:
        killed = sum(know.is_killed(m) for m in mutants)
        words.append('proved' if killed == len(mutants) else '%d of %d mutants killed'
                     % (killed, len(mutants)))
    return ', '.join(words)


def cell(text):
    return text.replace('|', '\\|')


def row(rule, know):
    cases = '<br>'.join('`%s`' % name for name in know.cases_of(rule))
    mutants = '<br>'.join('%s: %s' % (m.name, m.breaks) for m in know.mutants_of(rule))
    cells = [rule.name, '%s: %s' % (rule.tag, rule.source), rule.text,
             cases or rule.keys.get('no case', ''), mutants or rule.keys.get('no mutant', ''),
             result_of(rule, know)]
    return '| %s |\n' % ' | '.join(cell(text) for text in cells)


def table(know):
    proved = sum('proved' in result_of(rule, know) for rule in know.rules)
    text = ['%d rules, %d cases, %d mutants; %d rules are proved by cases that pass and mutants '
            'that make them fail.\n\n' % (len(know.rules), len(know.cases), len(know.mutants),
                                         proved)]
    section = None
    for rule in know.rules:
        if rule.section != section:
            section = rule.section
            text.append('%s| rule | source | what holds | tests | mutants | result |\n'
                        '|---|---|---|---|---|---|\n' % ('\n' if len(text) > 1 else ''))
        text.append(row(rule, know))
    return ''.join(text)


def read_readme():
    with open(README, encoding='utf-8') as file:
        return file.read()


def with_table(text, know):
    if BEGIN not in text or END not in text:
        raise SystemExit('README.md has not the marks of the table')
    return text[:text.index(BEGIN)] + BEGIN + '\n' + table(know) + '\n' + text[text.index(END):]


# ---- what the options do ----

def record(program):
    """Runs everything; a case has passed if it did in all of its settings."""
    know = Book(program)
    output = subprocess.run([program], capture_output=True, text=True).stdout
    results = {}
    for line in output.splitlines():
        name = book.case_of_line(line)
        if name:
            good = line.startswith('ok') and results.get(name, 'passed') == 'passed'
            results[name] = 'passed' if good else 'failed'
    for case in know.cases:
        results.setdefault(case.name, 'failed')
    recorded.record_cases({case.name: results[case.name] for case in know.cases})
    failed = [name for name, result in results.items() if result != 'passed']
    print('%d cases, %d failed%s' % (len(know.cases), len(failed),
                                     ''.join('\n    ' + name for name in failed)))
    return 1 if failed else 0


def write(know):
    text = read_readme()
    with open(README, 'w', encoding='utf-8') as file:
        file.write(with_table(text, know))
    return 0


def missing(know):
    sections = {}
    for check in CHECKS:
        for name, what in check(know):
            sections.setdefault(name.split('-')[0], []).append('%s %s' % (name, what))
    for section, lines in sections.items():
        print('%s (%d)' % (section, len(lines)))
        print(''.join('    %s\n' % line for line in lines), end='')
    return 1 if sections else 0


def check_all(know):
    print('1..%d' % len(CHECKS))
    good = True
    for number, check in enumerate(CHECKS, 1):
        found = list(check(know))
        good = good and not found
        print('%s %d - %s' % ('not ok' if found else 'ok', number, check.__doc__))
        for name, what in found:
            print('#   %s %s' % (name, what))
    return 0 if good else 1


def main(arguments):
    parser = argparse.ArgumentParser(description='the table of rules in README.md')
    parser.add_argument('program', metavar='PROGRAM')
    for name in ('record', 'write', 'missing', 'check'):
        parser.add_argument('--' + name, action='store_true')
    options = parser.parse_args(arguments)
    status = record(options.program) if options.record else 0
    know = Book(options.program)
    if options.write:
        status = write(know) or status
    if options.missing:
        status = missing(know) or status
    if options.check:
        status = check_all(know) or status
    return status


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
