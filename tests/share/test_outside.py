#!/usr/bin/env python3
"""test_outside.py -- projects outside of this tree that use an installed uvidl, built twice.

    test_outside.py BUILD

Each has one IDL file that imports another, and a program that prints what both say. Then a constant
of the imported file changes: the next build must print the new one, and the third do nothing.
"""

import os
import re
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../e2e'))
from test_installed import Installation, Skip, write  # noqa: E402

SIZES = 'import "unknwn.idl";\nconst long LARGE = %d;\n'
CUP = '''import "sizes.idl";
const long CUPS = LARGE * 2;
[object, uuid(6f1d2c14-0a3b-4c55-9c11-5d0b8a1e7a01),
 async_uuid(6f1d2c14-0a3b-4c55-9c11-5d0b8a1e7a02)]
interface ICup : IUnknown
{
    HRESULT Fill([in] long size, [out] long *level);
};
'''
MAIN = '''#include <stdio.h>
#include <uvcom/uvcom.h>
#include "cup.h"
int main(void)
{
    printf("%d %d %s\\n", (int)LARGE, (int)CUPS,
           IsEqualIID(&IID_ICup, &IID_AsyncICup) ? "same" : "different");
    return 0;
}
'''
MESON = '''project('cups', 'c')
subdir('uvidl')
executable('cups', 'main.c', uvidl_files.process('sizes.idl', 'cup.idl'), dependencies: uvcom_dep)
'''
CMAKE = '''cmake_minimum_required(VERSION 3.20)
project(cups C)
find_package(uvcom 0.1 REQUIRED)
add_executable(cups main.c)
uvcom_add_idl(cups sizes.idl cup.idl OPTIONS -D UNUSED=1)
'''
MAKE = '''include $(shell pkg-config --variable=uvidl_mk uvcom)
CPPFLAGS += $(shell pkg-config --cflags uvcom)
LDLIBS += $(shell pkg-config --libs uvcom)
cups: main.o sizes_i.o sizes_p.o cup_i.o cup_p.o
\t$(CC) -o $@ $^ $(LDLIBS)
main.o cup_i.o cup_p.o: cup.h sizes.h
'''


def twice(installed, folder, build, program, idle):
    """Builds, changes the imported file, builds again, and a third time for nothing."""
    for size in (7, 9):
        write(folder, 'sizes.idl', SIZES % size)
        output = installed.run(folder, build)
        printed = installed.run(folder, program)
        if printed != '%d %d different\n' % (size, size * 2):
            raise RuntimeError('%s printed %r with LARGE = %d\n%s' % (program, printed, size,
                                                                     output))
        header = next(os.path.join(where, 'cup.h') for where, _, names in os.walk(folder)
                      if 'cup.h' in names)
        if os.path.getmtime(header) < os.path.getmtime(os.path.join(folder, 'sizes.idl')):
            raise RuntimeError('cup.h was not made again after what cup.idl imports\n' + output)
        # A build by times needs a second between two versions of a file.
        installed.run(folder, 'find . -type f -exec touch -d "-5 seconds" {} +')
        installed.run(folder, 'touch -d "-1 hour" *.idl main.c')
    output = installed.run(folder, build)
    if re.search(idle, output) is None:
        raise RuntimeError('a build for nothing does something:\n' + output)


def with_meson(installed, folder):
    write(folder, 'meson.build', MESON)
    os.mkdir(os.path.join(folder, 'uvidl'))
    shutil.copy(os.path.join(installed.prefix, 'share/uvcom/meson/meson.build'),
                os.path.join(folder, 'uvidl'))
    write(folder, 'sizes.idl', SIZES % 1)
    installed.run(folder, 'meson setup build')
    twice(installed, folder, 'meson compile -C build', 'build/cups', 'no work to do')


def with_cmake(installed, folder):
    cmake(installed, folder, 'Unix Makefiles', r'Built target cups')


def with_cmake_and_ninja(installed, folder):
    cmake(installed, folder, 'Ninja', 'no work to do')


def cmake(installed, folder, generator, idle):
    if not shutil.which('cmake'):
        raise Skip('no cmake')
    write(folder, 'CMakeLists.txt', CMAKE)
    write(folder, 'sizes.idl', SIZES % 1)
    installed.run(folder, 'cmake -G "%s" -B build .' % generator)
    twice(installed, folder, 'cmake --build build', 'build/cups', idle)


def with_make(installed, folder):
    write(folder, 'Makefile', MAKE)
    twice(installed, folder, 'make', './cups', 'up to date')


def main(build):
    ways = [with_meson, with_cmake, with_cmake_and_ninja, with_make]
    failed = False
    print('1..%d' % len(ways))
    with tempfile.TemporaryDirectory() as destination:
        installed = Installation(build, destination)
        for number, way in enumerate(ways, 1):
            folder = os.path.join(destination, way.__name__)
            os.mkdir(folder)
            write(folder, 'main.c', MAIN)
            write(folder, 'cup.idl', CUP)
            try:
                way(installed, folder)
                print('ok %d - %s' % (number, way.__name__))
            except Skip as reason:
                print('ok %d - %s # SKIP %s' % (number, way.__name__, reason))
            except RuntimeError as problem:
                failed = True
                print('not ok %d - %s\n%s' % (number, way.__name__,
                                              re.sub('^', '# ', str(problem), flags=re.M)))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
