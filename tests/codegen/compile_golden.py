#!/usr/bin/env python3
"""compile_golden.py -- the golden files compile under every compiler here, with all warnings.

As C11, C++11 and C++17. clang-format leaves them as they are, and foo_p.c exports nothing but its
anchor, which foo_i.c pulls out of an archive. The generated code is not run; tests/e2e does that.

usage: compile_golden.py SOURCE_ROOT FOLDER_OF_GENERATED_HEADERS...
"""

import itertools
import pathlib
import shutil
import subprocess
import sys
import tempfile

STRICT = ['-Wall', '-Wextra', '-Wpedantic', '-Werror']
STRICT_C = STRICT + ['-Wshadow', '-Wconversion', '-Wmissing-prototypes', '-Wstrict-prototypes']
STRICT_CXX = STRICT + ['-Wnon-virtual-dtor', '-Wshadow']
# The views of a header: each compiler sees both, and both standards of C++.
CXX = [['-std=c++11'], ['-std=c++17', '-DCOBJMACROS'],
       ['-std=c++17', '-DCINTERFACE', '-DCOBJMACROS']]

failures = []


def run(command, **options):
    result = subprocess.run(command, capture_output=True, text=True, **options)
    if result.returncode != 0:
        failures.append(' '.join(map(str, command)) + '\n' + result.stderr[:2000])
    return result.stdout


def here(*names):
    return [name for name in names if shutil.which(name)]


def compile_all(folder, includes):
    base = ['-fsyntax-only', '-I', folder, *includes]
    for compiler, source in itertools.product(here('gcc', 'clang'), sorted(folder.glob('*.c'))):
        extra = ['-Wmissing-variable-declarations'] if compiler == 'clang' else []
        run([compiler, '-std=c11', *STRICT_C, *extra, *base, source])
    headers = sorted(folder.glob('*.h'))
    alone = [header for header in headers if header.name in ('locals.h', 'shadows.h')]
    compile_headers([header for header in headers if header not in alone], base)
    for header in alone:  # their names are everybody's
        compile_headers([header], base)


def compile_headers(headers, base):
    text = ''.join(f'#include "{header.name}"\n' for header in headers)
    for compiler, view in itertools.product(here('gcc', 'clang'), [[], ['-DCOBJMACROS']]):
        run([compiler, '-std=c11', *STRICT_C, *base, *view, '-x', 'c', '-'], input=text + text)
    for compiler, view in itertools.product(here('g++', 'clang++'), CXX):
        run([compiler, *STRICT_CXX, *base, *view, '-x', 'c++', '-'], input=text + text)


def check_symbols(folder, includes):
    with tempfile.TemporaryDirectory() as out:
        for source in sorted(folder.glob('*_p.c')):
            target = pathlib.Path(out) / (source.stem + '.o')
            run(['gcc', '-std=c11', '-c', '-I', folder, *includes, source, '-o', target])
            names = {line.split()[-1]
                     for line in run(['nm', '-g', '--defined-only', target]).splitlines()}
            ids = (folder / source.name.replace('_p.c', '_i.c')).read_text()
            for name in names:
                if not name.startswith('uvcom__anchor_') or f'&{name};' not in ids:
                    failures.append(f'{source.name} exports {name}')
            if 'uvcom_module_add' in source.read_text() and len(names) != 1:
                failures.append(f'{source.name} has no anchor')


def check_format(folder, root):
    if not shutil.which('clang-format'):
        print('clang-format is not here: the format was not checked')
        return
    for path in sorted([*folder.glob('*.c'), *folder.glob('*.h')]):
        text = run(['clang-format', '--style=file:' + str(root / '.clang-format'), path])
        if text != path.read_text():
            failures.append(f'clang-format changes {path.name}')


def main():
    root = pathlib.Path(sys.argv[1])
    folder = root / 'tests/codegen/golden'
    includes = ['-I' + str(root / 'include')] + ['-I' + name for name in sys.argv[2:]]
    compile_all(folder, includes)
    check_symbols(folder, includes)
    check_format(folder, root)
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
