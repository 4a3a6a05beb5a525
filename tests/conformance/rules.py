"""rules.py -- reads rules.txt, the mutants and the list of cases; what the other scripts share.

rules.txt has one rule after the other:

    CALL-07  D  G1
        Finish_ with no call in progress answers RPC_E_CALL_COMPLETE.
        cases: COM_05_a_case_of_another_section
        no mutant: why none is needed

The keys are optional: `cases` names cases of other sections that prove the rule too, `no case` and
`no mutant` give the reason why there is none. Lines that begin with # are comments.
"""

import hashlib
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
KEYS = ('cases', 'no case', 'no mutant')


class Rule:
    """One rule as uvcom keeps it."""

    def __init__(self, name, tag, source):
        self.name = name
        self.tag = tag
        self.source = source
        self.text = ''
        self.keys = {}

    @property
    def section(self):
        return self.name.split('-')[0]

    @property
    def other_cases(self):
        return [case for case in re.split(r'[,\s]+', self.keys.get('cases', '')) if case]


class Mutant:
    """One file of mutants/: CALL-07.patch, CALL-07.2.patch."""

    def __init__(self, path):
        with open(path, encoding='utf-8') as file:
            self.patch = file.read()
        self.name = os.path.basename(path)[:-len('.patch')]
        self.rule = self.name.split('.')[0]
        head = self.patch.split('\n--- ')[0].split('\n')
        self.breaks = head[0].strip()
        keys = dict(re.findall(r'^(sanitize|repeat): *(\w+)$', '\n'.join(head[1:]), re.M))
        self.sanitizer = keys.get('sanitize', 'address')
        self.repeat = keys.get('repeat')
        self.paths = sorted(set(re.findall(r'^\+\+\+ b/(\S+)', self.patch, re.M)))
        # Without line numbers, which others' changes move.
        self.digest = hashlib.sha256(re.sub(r'^@@.*$', '', self.patch, flags=re.M).encode()
                                     ).hexdigest()[:12]

    def complaint(self):
        """What is wrong with the file, or None."""
        if not re.fullmatch(r'[A-Z]+-\d\d(\.\d+)?', self.name):
            return 'must be called RULE.patch or RULE.N.patch'
        if not self.breaks or self.breaks.startswith('---'):
            return 'its first line must say what is broken'
        if not self.paths:
            return 'has no "+++ b/..." line'
        allowed = re.compile(r'(runtime|codegen|idl|include/uvcom)/')
        if not all(allowed.match(path) for path in self.paths):
            return 'may change only runtime/, include/uvcom/, codegen/ and idl/'
        return None


def read_rules(path=os.path.join(HERE, 'rules.txt')):
    rules, key = [], None
    if not os.path.exists(path):
        return rules
    with open(path, encoding='utf-8') as file:
        lines = file.read().split('\n')
    for number, line in enumerate(lines, 1):
        head = re.fullmatch(r'([A-Z]+-\d\d)  (\S+)  (.+)', line)
        if not line.strip() or line.startswith('#'):
            continue
        if head:
            rules.append(Rule(*head.groups()))
            key = None
            continue
        if not line.startswith('    ') or not rules:
            raise ValueError('%s:%d: neither a rule nor its text' % (path, number))
        words = line.strip()
        if words.startswith(tuple(k + ':' for k in KEYS)):
            key, words = words.split(':', 1)
            rules[-1].keys[key] = words.strip()
        elif key:
            rules[-1].keys[key] += ' ' + words
        else:
            rules[-1].text = (rules[-1].text + ' ' + words).strip()
    return rules


def natural(name):
    """CALL-02.2 before CALL-02.10."""
    return [int(part) if part.isdigit() else part for part in re.split(r'(\d+)', name)]


def read_mutants(folder=os.path.join(HERE, 'mutants')):
    names = sorted((n for n in os.listdir(folder) if n.endswith('.patch')), key=natural)
    return [Mutant(os.path.join(folder, name)) for name in names]


class Case:
    """One line of uvcom-conformance --list."""

    def __init__(self, line):
        rules, self.name, self.file, settings = line.split('\t')
        self.rules = rules.split()
        self.settings = settings.split(', ')


def read_cases(listing):
    return [Case(line) for line in listing.splitlines()]


def case_of_line(line):
    """The name of the case that a line of TAP is about; None: it is about none."""
    match = re.match(r'(?:not )?ok \d+ - ((?:[A-Z]+-\d\d ?)+) (.*) \([^()]*\)$',
                     line.replace('  ', ' '))
    if not match:
        return None
    rules, words = match.groups()
    return '_'.join([rules.split('-')[0]] + re.findall(r'\d\d', rules) + words.split(' '))


def cases_of(rule_name, cases, rules):
    """The names of the cases that prove a rule, its own first."""
    names = [case.name for case in cases if rule_name in case.rules]
    known = {case.name for case in cases}
    for rule in rules:
        if rule.name == rule_name:
            names += [n for n in rule.other_cases if n in known and n not in names]
    return names
