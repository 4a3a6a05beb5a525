#!/usr/bin/env python3
"""test_components.py -- where a program looks for components, by its environment and its rights.

It is given a client that asks for one class, a library that says when it is loaded, and two that
are no server libraries: one without exports, one with an undefined symbol. Each case lays out a
folder, runs the client in it, and looks at what was loaded and what the client got.
"""

import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile

CLASS = '5d20b6c3-9f31-46a5-8c04-2b1d6a7e1001'
MANIFEST = 'uvcom-manifest 1\nlibrary %s\nclass ' + CLASS + ' Both\n'
FOUND = ['loaded', 'CLASS_E_CLASSNOTAVAILABLE']
NOT_FOUND = ['REGDB_E_CLASSNOTREG']
NOBODY = 65534


class Skip(Exception):
    """The case cannot be tried on this machine."""


def write(folder, name, text):
    with open(os.path.join(folder, name), 'w', encoding='utf-8') as file:
        file.write(text)


class Place:
    """Two folders: `good` has a component, `evil` one of the same names that must not be used."""

    def __init__(self, files, top):
        asker, said, self.mute, self.lacking = files
        self.asker = os.path.join(top, 'asker')
        self.good = os.path.join(top, 'good')
        self.evil = os.path.join(top, 'evil')
        os.chmod(top, 0o755)
        shutil.copy(asker, self.asker)
        for folder in (self.good, self.evil):
            os.mkdir(folder)
            shutil.copy(said, os.path.join(folder, 'said.so'))
            write(folder, 'said.manifest', MANIFEST % 'said.so')

    def ask(self, folder, user=None, **environment):
        """What the client prints, run in a folder."""
        inherited = {name: value for name, value in os.environ.items()
                     if not name.startswith('UVCOM')}
        result = subprocess.run([self.asker], cwd=folder, env=dict(inherited, **environment),
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                user=user, check=False)
        if result.returncode != 0:
            raise RuntimeError('status %d\n%s' % (result.returncode, result.stderr))
        return result.stdout.splitlines(), result.stderr


def expect(place, wanted, **how):
    how.setdefault('folder', place.evil)
    printed, _ = place.ask(**how)
    if printed != wanted:
        raise RuntimeError('%r printed %r and not %r' % (how, printed, wanted))


def the_folder_of_the_environment_is_searched(place):
    expect(place, FOUND, UVCOM_COMPONENT_PATH=place.good)
    expect(place, FOUND, UVCOM_COMPONENT_PATH='relative:/nowhere:' + place.good)


def the_current_folder_is_never_searched(place):
    for path in ('', '.', ':', './', 'evil', '..', '../evil'):
        expect(place, NOT_FOUND, UVCOM_COMPONENT_PATH=path)
    expect(place, NOT_FOUND)


def a_library_is_taken_from_beside_its_manifest(place):
    os.unlink(os.path.join(place.good, 'said.so'))
    expect(place, ['CO_E_DLLNOTFOUND'], UVCOM_COMPONENT_PATH=place.good)


def the_linker_s_path_does_not_count(place):
    os.unlink(os.path.join(place.good, 'said.so'))
    expect(place, ['CO_E_DLLNOTFOUND'], UVCOM_COMPONENT_PATH=place.good,
           LD_LIBRARY_PATH=place.evil)


def the_linker_s_words_mean_nothing(place):
    write(place.good, 'said.manifest', MANIFEST % '$ORIGIN/evil/said.so')
    expect(place, NOT_FOUND, UVCOM_COMPONENT_PATH=place.good)


def a_wrong_manifest_is_passed_over_and_complained_about(place):
    write(place.good, 'a.manifest', 'uvcom-manifest 1\nsomething else\n')
    for debug, wanted in (('', ''), ('1', 'uvcom: %s/a.manifest:2: neither library nor class\n' %
                                     place.good)):
        printed, complaint = place.ask(place.evil, UVCOM_COMPONENT_PATH=place.good,
                                       UVCOM_DEBUG=debug)
        if printed != FOUND or complaint != wanted:
            raise RuntimeError('printed %r, %r' % (printed, complaint))


def expect_said(place, result, lines, path):
    """What UVCOM_DEBUG adds, line by line as the beginnings of what was said."""
    for debug in ('', '1'):
        printed, said = place.ask(place.evil, UVCOM_COMPONENT_PATH=path, UVCOM_DEBUG=debug)
        said = said.splitlines()
        wanted = lines if debug else []
        if printed != result or len(said) != len(wanted) or not all(
                re.fullmatch(pattern, line) for pattern, line in zip(wanted, said)):
            raise RuntimeError('printed %r, %r and not %r' % (printed, said, wanted))


def a_library_that_cannot_be_loaded_says_why(place):
    library = os.path.join(place.good, 'said.so')
    begin = 'uvcom: %s: ' % re.escape(library)
    os.unlink(library)
    expect_said(place, ['CO_E_DLLNOTFOUND'], [begin + 'not found'], place.good)
    write(place.good, 'said.so', 'this is no library')
    expect_said(place, ['CO_E_ERRORINDLL'], [begin + '(?!/)[a-zA-Z ]+'], place.good)
    shutil.copy(place.lacking, library)
    expect_said(place, ['CO_E_ERRORINDLL'], [begin + '.*nobody_defines_this.*'], place.good)
    shutil.copy(place.mute, library)
    expect_said(place, ['CO_E_ERRORINDLL'], [begin + 'exports no DllGetClassObject'], place.good)


def a_search_says_what_it_passed_over_and_did_not_find(place):
    variable = 'uvcom: UVCOM_COMPONENT_PATH: '
    relative = variable + 'relative is not absolute, ignored'
    missing = variable + '/nowhere/at/all is no folder'
    path = 'relative::/nowhere/at/all:' + place.good
    expect_said(place, FOUND, [relative, missing], path)
    os.unlink(os.path.join(place.good, 'said.manifest'))
    nobody = 'uvcom: class %s: no manifest names it in ' % CLASS
    expect_said(place, NOT_FOUND, [relative, missing, nobody + re.escape(path) + ':/.+'], path)
    expect_said(place, NOT_FOUND, [nobody + '/[^:]+'], '')


def what_never_changes_is_said_once(place):
    path = 'relative:' + place.good
    os.unlink(os.path.join(place.good, 'said.manifest'))
    _, said = place.ask(place.evil, UVCOM_COMPONENT_PATH=path, UVCOM_DEBUG='1', ASKER_TIMES='3')
    if said.count('relative is not') != 1 or said.count('no manifest names it') != 3:
        raise RuntimeError('said %r' % said)


def a_program_with_more_rights_ignores_the_environment(place):
    if os.geteuid() != 0:
        raise Skip('only the superuser can make such a program')
    os.chmod(place.asker, 0o4755)
    if not os.stat(place.asker).st_mode & stat.S_ISUID:
        raise Skip('no set-user-id programs here')
    expect(place, FOUND, UVCOM_COMPONENT_PATH=place.good)
    expect(place, NOT_FOUND, UVCOM_COMPONENT_PATH=place.good, user=NOBODY)


CASES = [the_folder_of_the_environment_is_searched, the_current_folder_is_never_searched,
         a_library_is_taken_from_beside_its_manifest, the_linker_s_path_does_not_count,
         the_linker_s_words_mean_nothing, a_wrong_manifest_is_passed_over_and_complained_about,
         a_library_that_cannot_be_loaded_says_why,
         a_search_says_what_it_passed_over_and_did_not_find, what_never_changes_is_said_once,
         a_program_with_more_rights_ignores_the_environment]


def main(*files):
    failed = False
    print('1..%d' % len(CASES))
    for number, case in enumerate(CASES, 1):
        with tempfile.TemporaryDirectory() as top:
            try:
                case(Place(files, top))
                print('ok %d - %s' % (number, case.__name__))
            except Skip as reason:
                print('ok %d - %s # SKIP %s' % (number, case.__name__, reason))
            except RuntimeError as problem:
                failed = True
                print('not ok %d - %s\n# %s' % (number, case.__name__,
                                               str(problem).replace('\n', '\n# ')))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
