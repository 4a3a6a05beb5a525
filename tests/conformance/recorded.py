"""recorded.py -- recorded.txt: what became of cases and mutants when they were last run.

    case CALL_07_finish_without_a_call passed
    mutant CALL-07 4be2c1d09f3a killed

The digest is the patch's: a mutant that has changed since counts as not run.
"""

import os

HERE = os.path.dirname(os.path.abspath(__file__))
PATH = os.path.join(HERE, 'recorded.txt')


def read_lines():
    if not os.path.exists(PATH):
        return []
    with open(PATH, encoding='utf-8') as file:
        return [line.split() for line in file if line.strip() and not line.startswith('#')]


def cases():
    """Name: 'passed' or 'failed'."""
    return {words[1]: words[2] for words in read_lines() if words[0] == 'case'}


def mutants():
    """Name: (digest, verdict)."""
    return {words[1]: (words[2], ' '.join(words[3:])) for words in read_lines()
            if words[0] == 'mutant'}


def write(all_cases, all_mutants):
    with open(PATH, 'w', encoding='utf-8') as file:
        file.write('# recorded.txt -- written by table.py --record and mutate.py --record\n')
        for name in sorted(all_cases):
            file.write('case %s %s\n' % (name, all_cases[name]))
        for name in sorted(all_mutants):
            file.write('mutant %s %s %s\n' % ((name,) + all_mutants[name]))


def record_mutants(results):
    """Adds or replaces some; forgets those whose file is gone."""
    known = mutants()
    known.update(results)
    folder = os.path.join(HERE, 'mutants')
    write(cases(), {name: known[name] for name in known
                    if os.path.exists(os.path.join(folder, name + '.patch'))})


def record_cases(results):
    """Replaces all."""
    write(results, mutants())
