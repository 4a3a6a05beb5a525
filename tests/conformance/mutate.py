#!/usr/bin/env python3
"""mutate.py -- breaks the rules one by one, in a private copy of the tree, and sees a case fail.

    tests/conformance/mutate.py [options] [RULE ...]

Each file of mutants/ is applied in turn, the conformance program is built, and the cases of its
rule are run: one must fail (or crash, or hang). First all those cases are run without a mutant: of
a rule whose cases fail then no mutant is tried, and that counts as a failure.
Status: 0 all mutants were killed; 1 some survived, did not apply or did not compile; 2 nothing
could be tried. --record writes what happened into recorded.txt, which the table is made of.
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
import time

import recorded
import rules as book
from workshop import Trouble, Workshop

KILLED, SURVIVED = 'killed', 'SURVIVED'


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description='applies mutants and expects cases to fail')
    parser.add_argument('rules', nargs='*', metavar='RULE', help='CALL-07, CALL or CALL-07.2')
    parser.add_argument('--jobs', type=int, default=1, help='so many copies of the tree at a time')
    parser.add_argument('--sample', type=int, default=0, help='only so many, chosen at random')
    parser.add_argument('--seed', type=int, default=1, help='of the choice')
    parser.add_argument('--work', help='folder for the copies; kept, so that the next run is quick')
    parser.add_argument('--verbose', action='store_true', help='which case has killed a mutant')
    parser.add_argument('--record', action='store_true', help='write recorded.txt')
    return parser.parse_args(arguments)


def is_meant(mutant, words):
    return not words or any(w in (mutant.name, mutant.rule, mutant.rule.split('-')[0])
                            for w in words)


def choose(options):
    mutants = [m for m in book.read_mutants() if is_meant(m, options.rules)]
    for word in options.rules:
        if not any(is_meant(m, [word]) for m in mutants):
            raise Trouble('no mutant for %s' % word)
    if options.sample and options.sample < len(mutants):
        mutants = random.Random(options.seed).sample(mutants, options.sample)
    return mutants


def try_mutant(shop, mutant, names):
    """The verdict, and what it rests on."""
    complaint = mutant.complaint()
    if complaint:
        return 'BAD FILE', complaint
    if not names:
        return 'NO CASE', 'no case for %s' % mutant.rule
    try:
        complaint = shop.patch(mutant.patch, mutant.paths)
        if complaint:
            return 'DOES NOT APPLY', complaint
        output = shop.compile()
        if output is not None:
            return 'DOES NOT COMPILE', output[-3000:]
        failed = shop.run(names, repeat=mutant.repeat)
    finally:
        shop.undo()
    return (KILLED, failed[0]) if failed else (SURVIVED, ', '.join(names) + ' passed')


class Bench:
    """All mutants of one sanitizer, in one or more workshops side by side."""

    def __init__(self, folder, sanitizer, mutants, options):
        self.shops = [Workshop(os.path.join(folder, str(i)), sanitizer)
                      for i in range(min(options.jobs, len(mutants)))]
        self.verbose = options.verbose
        self.todo = queue.Queue()
        for mutant in mutants:
            self.todo.put(mutant)
        self.mutants = mutants
        self.results = {}
        self.trouble = None
        self.cases = []
        self.unsound = set()  # rules of which a case fails without any mutant
        self.rules = book.read_rules()

    def names_of(self, mutant):
        return book.cases_of(mutant.rule, self.cases, self.rules)

    def prepare(self):
        """The first copy is built and shown to be sound before anything else is done."""
        first = self.shops[0]
        first.open()
        self.cases = book.read_cases(first.list())
        names = sorted({name for m in self.mutants for name in self.names_of(m)})
        failed = first.run(names, stop_at=0, seconds='20') if names else []
        for line in failed:
            print('without any mutant, in the %s build: %s' % (first.sanitizer, line), flush=True)
            self.unsound.update(re.findall(r'\b[A-Z]+-\d\d\b', line))
        if failed and not self.unsound:
            raise Trouble('the cases do not run')

    def judge(self, shop, mutant):
        if mutant.rule in self.unsound:
            return 'CASES FAIL', 'without it, too'
        return try_mutant(shop, mutant, self.names_of(mutant))

    def work(self, shop):
        try:
            if shop is not self.shops[0]:
                shop.open()
            while self.trouble is None:
                mutant = self.todo.get_nowait()
                begun = time.monotonic()
                verdict, reason = self.judge(shop, mutant)
                self.results[mutant.name] = verdict, reason
                print('%-16s %-12s %5.1f s  %s' % (verdict, mutant.name, time.monotonic() - begun,
                                                   mutant.breaks), flush=True)
                if verdict != KILLED or self.verbose:
                    print('    ' + reason.strip().replace('\n', '\n    '), flush=True)
        except queue.Empty:
            pass
        except Exception as error:  # of a thread: it must reach the main one
            self.trouble = error

    def run(self):
        self.prepare()
        threads = [threading.Thread(target=self.work, args=(shop,)) for shop in self.shops]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.trouble:
            raise self.trouble
        return self.results


def run_all(mutants, options, folder):
    results = {}
    for sanitizer in sorted({m.sanitizer for m in mutants}):
        mine = [m for m in mutants if m.sanitizer == sanitizer]
        results.update(Bench(folder, sanitizer, mine, options).run())
    return results


def main(arguments):
    options = parse_arguments(arguments)
    folder = options.work or tempfile.mkdtemp(prefix='uvcom-mutants-')
    try:
        mutants = choose(options)
        results = run_all(mutants, options, os.path.abspath(folder))
    except Trouble as trouble:
        print('mutate.py: %s' % trouble, file=sys.stderr)
        return 2
    finally:
        if not options.work:
            shutil.rmtree(folder, ignore_errors=True)
    if options.record:
        recorded.record_mutants({m.name: (m.digest, results[m.name][0]) for m in mutants})
    killed = sum(verdict == KILLED for verdict, _ in results.values())
    print('%d of %d mutants killed' % (killed, len(mutants)))
    return 0 if killed == len(mutants) else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
