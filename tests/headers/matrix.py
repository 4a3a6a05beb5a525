#!/usr/bin/env python3
"""matrix.py -- compiles the public headers in every way a user's program may.

Three modes. `alone`: each header by itself, included twice, and the sources use_*, in each variant
of the language. `directx`: beside DirectX-Headers, in both include orders. `two-bases`: a C object
and a C++ object, each on either COM base, linked and run.

Exit status 77 (meson: skipped) when a compiler or DirectX-Headers is not there; the reason is
printed. It builds nothing of this project: generated headers are given to it by --include.
"""
import argparse
import itertools
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77

STRICT = ['-Wall', '-Wextra', '-Wpedantic', '-Werror', '-Wshadow', '-Wconversion', '-Wundef',
          '-Wvla', '-Wcast-qual', '-Wwrite-strings']
STRICT_C = STRICT + ['-Wstrict-prototypes', '-Wmissing-prototypes']

VARIANTS = {
    'c': [['-std=c11'], ['-std=gnu11'], ['-std=c17'], ['-std=c11', '-fshort-wchar'],
          ['-std=c11', '-DUVCOM_WCHAR_IS_WCHAR_T'], ['-std=c11', '-DCOBJMACROS'],
          ['-std=c11', '-DCONST_VTABLE']],
    'c++': [['-std=c++11'], ['-std=c++17'], ['-std=gnu++17'], ['-std=c++20'],
            ['-std=c++17', '-DCINTERFACE'], ['-std=c++17', '-fshort-wchar']],
}


class Tally:
    """Counts what was tried, and keeps what went wrong."""

    def __init__(self):
        self.tried = 0
        self.failed = 0

    def run(self, what, command):
        self.tried += 1
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                universal_newlines=True, check=False)
        if result.returncode != 0:
            self.failed += 1
            print('FAILED: %s\n    %s\n%s' % (what, ' '.join(command), result.stdout))
        return result.returncode == 0

    def verdict(self, least):
        """`least` guards against a matrix that became empty and passes."""
        print('%d compilations or runs, %d failed' % (self.tried, self.failed))
        if self.tried < least:
            print('expected at least %d: headers are missing' % least)
            return 1
        return 1 if self.failed else 0


def skip(reason):
    print('skipped: ' + reason)
    sys.exit(SKIPPED)


def need_compiler(name):
    if not shutil.which(name):
        skip('there is no %s' % name)


def directx_flags():
    """As -isystem: the warnings of those headers are not ours."""
    if not shutil.which('pkg-config'):
        skip('there is no pkg-config')
    result = subprocess.run(['pkg-config', '--cflags', 'DirectX-Headers'], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, universal_newlines=True, check=False)
    folders = [word[2:] for word in result.stdout.split() if word.startswith('-I')]
    if result.returncode != 0 or not any('stubs' in folder for folder in folders):
        skip('DirectX-Headers are not installed (Debian: directx-headers-dev)')
    return list(itertools.chain.from_iterable(['-isystem', folder] for folder in folders))


def source_named(options, name):
    for source in options.source:
        if os.path.basename(source) == name:
            return source
    sys.exit('%s was not given by --source' % name)


def language_of(compiler):
    return 'c++' if '++' in compiler else 'c'


def base_command(options, compiler):
    language = language_of(compiler)
    warnings = STRICT_C if language == 'c' else STRICT
    command = [compiler, '-x', language] + warnings
    for folder in options.include:
        command += ['-I', folder]
    return command


def write(folder, language, name, lines):
    path = os.path.join(folder, name + ('.c' if language == 'c' else '.cpp'))
    with open(path, 'w', encoding='utf-8') as file:
        file.write('\n'.join(lines) + '\n')
    return path


def public_headers(options):
    """(name to include, extra folders), for every header in the include folders."""
    found = {}
    for folder in options.include:
        for path in sorted(pathlib.Path(folder, 'uvcom').glob('*.h')):
            found['uvcom/' + path.name] = []
        compat = pathlib.Path(folder, 'uvcom/compat')
        for path in sorted(compat.glob('*.h')):
            found[path.name] = ['-I', str(compat)]
    return found


def fit(header, variant):
    """<uv.h> of libuv 1.44 is not strict C11."""
    if header != 'uvcom/loop.h':
        return variant
    return [flag.replace('-std=c1', '-std=gnu1') for flag in variant]


def alone(options):
    compiler = options.compiler
    need_compiler(compiler)
    language = language_of(compiler)
    command = base_command(options, compiler) + ['-fsyntax-only']
    tally = Tally()
    headers = public_headers(options)
    compat = headers.get('windows.h', [])
    with tempfile.TemporaryDirectory() as folder:
        for header, extra in headers.items():
            line = '#include <%s>' % header
            source = write(folder, language, 'alone', [line, line, 'typedef int not_empty;'])
            for variant in VARIANTS[language]:
                tally.run('%s %s' % (header, variant),
                          command + fit(header, variant) + extra + [source])
    uses = {'c': [('use_c.c', []), ('use_compat.c', compat)], 'c++': [('use_cpp.cpp', [])]}
    for name, extra in uses[language]:
        for variant in VARIANTS[language]:
            tally.run('%s %s' % (name, variant),
                      command + variant + extra + [source_named(options, name)])
    # 16 headers of uvcom/ and 7 of compat/ at least; fewer means that the folders were not found.
    return tally.verdict(24 * len(VARIANTS[language]))


ADOPTED = ['#ifndef UVCOM_BASE_IS_FOREIGN', '#error "the base of DirectX-Headers was not adopted"',
           '#endif', 'static inline HRESULT hr(ID3D12Device *p, IUnknown *q)',
           '{ return p && q ? E_FAIL : RPC_E_TIMEOUT; }']
OWN = ['#ifdef UVCOM_BASE_IS_FOREIGN', '#error "a base was adopted that nobody asked for"',
       '#endif', 'typedef int not_empty;']
ORDERS = {
    'uvcom first': ['uvcom/uvcom.h', 'wsl/winadapter.h', 'd3d12.h', 'uvcom/uvcom.h'],
    'uvcom first, without winadapter.h': ['uvcom/uvcom.h', 'd3d12.h'],
    'DirectX first': ['wsl/winadapter.h', 'd3d12.h', 'uvcom/uvcom.h', 'wsl/winadapter.h'],
    'interfaces first': ['uvcom/unknwn.h', 'd3d12.h', 'uvcom/objidl.h', 'uvcom/proxy.h'],
}


def directx(options):
    compiler = options.compiler
    need_compiler(compiler)
    language = language_of(compiler)
    stubs = directx_flags()
    command = base_command(options, compiler) + ['-fsyntax-only', '-Wno-unused-function']
    variants = [variant for variant in VARIANTS[language] if '-DCINTERFACE' not in variant]
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        own = write(folder, language, 'own', ['#include <uvcom/uvcom.h>'] + OWN)
        for name, headers in ORDERS.items():
            lines = ['#include <%s>' % header for header in headers] + ADOPTED
            source = write(folder, language, 'order', lines)
            for variant in variants:
                tally.run('%s %s' % (name, variant), command + variant + stubs + [source])
        # Installed is not asked for: without the stubs, or against the user's will.
        tally.run('no stubs', command + variants[0] + [own])
        tally.run('refused', command + variants[0] + stubs + ['-DUVCOM_BASE_IS_OWN', own])
    use = source_named(options, 'use_c.c' if language == 'c' else 'use_cpp.cpp')
    for variant in variants:
        # Their DECLARE_INTERFACE does not pass -Wpedantic with CONST_VTABLE, and that is theirs.
        if '-DCONST_VTABLE' not in variant:
            tally.run('%s %s' % (use, variant), command + variant + stubs + [use])
    return tally.verdict(5 * len(variants) + 1)


def compile_to(tally, command, source, target):
    return tally.run('%s for %s' % (source, target), command + ['-c', str(source), '-o', target])


def two_bases(options):
    compilers = {'c': 'gcc', 'c++': 'g++'}
    for compiler in compilers.values():
        need_compiler(compiler)
    bases = {'own': [], 'directx': directx_flags()}
    commands = {language: base_command(options, compiler)
                for language, compiler in compilers.items()}
    client = source_named(options, 'two_bases_client.c')
    server = source_named(options, 'two_bases_server.cpp')
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        ids = []
        for source in options.ids:
            ids.append(os.path.join(folder, pathlib.Path(source).stem + '.o'))
            compile_to(tally, commands['c'] + ['-std=c11', '-DUVCOM_IDS_ONLY'], source, ids[-1])
        for name, stubs in bases.items():
            compile_to(tally, commands['c'] + ['-std=c11'] + stubs, client,
                       os.path.join(folder, 'client_' + name))
            compile_to(tally, commands['c++'] + ['-std=c++17'] + stubs, server,
                       os.path.join(folder, 'server_' + name))
        for caller, callee in itertools.product(bases, bases):
            program = os.path.join(folder, 'program')
            objects = [os.path.join(folder, half)
                       for half in ('client_' + caller, 'server_' + callee)]
            what = 'C on base %s with C++ on base %s' % (caller, callee)
            if tally.run('linking ' + what, ['g++', '-o', program] + objects + ids):
                tally.run('running ' + what, [program])
    return tally.verdict(2 * 4 + 4)


def main():
    parser = argparse.ArgumentParser(description='Compiles the public headers in every way.')
    parser.add_argument('mode', choices=['alone', 'directx', 'two-bases'])
    parser.add_argument('--compiler', default='gcc')
    parser.add_argument('--include', action='append', default=[], metavar='DIR')
    parser.add_argument('--source', action='append', default=[], metavar='FILE')
    parser.add_argument('--ids', action='append', default=[], metavar='FILE_i.c')
    options = parser.parse_args()
    modes = {'alone': alone, 'directx': directx, 'two-bases': two_bases}
    return modes[options.mode](options)


if __name__ == '__main__':
    sys.exit(main())
