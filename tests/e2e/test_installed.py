#!/usr/bin/env python3
"""test_installed.py -- a user's first hour: install uvcom, then type in the README and build it.

The program, its IDL file and the pieces of build files are taken out of the README itself, so that
what stands there works. Each build must print what the README's shop asks for arabica. It is given
the build folder and changes nothing outside a temporary folder (meson install --destdir).
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PRICE = '9.50'
COMPAT = '''#include <windows.h>
#include <objbase.h>
int main(void)
{
    return FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)) || (CoUninitialize(), 0);
}
'''

# The README's shop, but the name of the coffee is [in, out]: with an argument the client's is not
# of CoTaskMemAlloc, without one the server's is not.
FOREIGN_BODY = """static char foreign[128];
    *price = shop_from_IPriceSource(iface)->base;
    if ((*coffee)[0] == 's')
        *coffee = foreign + 64;"""
FOREIGN_MAIN = """#include <string.h>
#include <uvcom/uvcom.h>
#include "price.h"
HRESULT shop_create(IUnknown *outer, REFIID riid, void **ppv);
static const CLSID CLSID_Shop = {1, 2, 3, {4}};
int main(int argc, char **argv)
{
    static char foreign[128];
    char *name = argc > 1 ? foreign + 64 : strcpy(CoTaskMemAlloc(8), "server");
    IPriceSource *shop;
    double price;
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    uvcom_register_class(&CLSID_Shop, shop_create, UVCOM_APARTMENT_OWN);
    CoCreateInstance(&CLSID_Shop, NULL, CLSCTX_INPROC_SERVER, &IID_IPriceSource, (void **)&shop);
    IPriceSource_GetPrice(shop, &name, &price);
    return 0;
}
"""


# What the README leaves to its reader: the exchange that answers later, on a thread.
EXCHANGE = """
#include <pthread.h>
#include <stdlib.h>
#include <uvcom/uvcom.h>

struct order {
    uvcom_operation *operation;
    double *price;
};

static void *answer(void *argument)
{
    struct order *order = argument;
    uvcom_operation *operation = order->operation;
    double *price = order->price;

    free(order);
%s
    return NULL;
}

HRESULT ask_the_exchange(uvcom_operation *operation, const char *coffee, double *price);
HRESULT ask_the_exchange(uvcom_operation *operation, const char *coffee, double *price)
{
    struct order *order = malloc(sizeof *order);
    pthread_t thread;

    (void)coffee;
    if (!order)
        return E_OUTOFMEMORY;
    order->operation = operation;
    order->price = price;
    if (pthread_create(&thread, NULL, answer, order))
        return E_FAIL;
    pthread_detach(thread);
    return S_OK;
}
"""


class Skip(Exception):
    """A tool is not on this machine."""


def block_with(language, text):
    """The snippet of the README that says this."""
    return next(block for block in blocks(language) if text in block)


def blocks(language):
    with open(os.path.join(TOP, 'README.md'), encoding='utf-8') as readme:
        return re.findall(r'^```%s\n(.*?)^```$' % language, readme.read(), re.M | re.S)


def examples(header):
    """The indented pieces of a header's first comment."""
    with open(os.path.join(TOP, 'include/uvcom', header), encoding='utf-8') as file:
        comment = file.read().split('*/')[0]
    pieces = re.findall(r'(?:^ \*(?:     .*)?\n)+', comment, re.M)
    return [re.sub(r'^ \*(?:     )?', '', piece, flags=re.M).strip('\n') + '\n'
            for piece in pieces if piece.strip(' *\n')]


def write(folder, name, text, mode=0o644):
    path = os.path.join(folder, name)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    os.chmod(path, mode)


class Installation:
    """uvcom installed below a temporary folder, and an environment that finds it."""

    def __init__(self, build, destination):
        subprocess.run(['meson', 'install', '-C', build, '--no-rebuild', '--quiet',
                        '--destdir', destination], check=True, stdout=subprocess.DEVNULL)
        found = [os.path.join(folder, 'uvcom.pc') for folder, _, names in os.walk(destination)
                 if 'uvcom.pc' in names]
        self.library_folder = os.path.dirname(os.path.dirname(found[0]))
        with open(found[0], encoding='utf-8') as file:
            prefix = re.search('^prefix=(.*)$', file.read(), re.M).group(1)
        self.prefix = destination + prefix
        tools = os.path.join(destination, 'tools')
        os.mkdir(tools)
        # The .pc files name the prefix that was configured; here it is below the destination.
        write(tools, 'pkg-config', '#!/bin/sh\nexec %s --define-variable=prefix=%s "$@"\n' %
              (shutil.which('pkg-config'), self.prefix), 0o755)
        self.environment = dict(os.environ, PATH=tools + ':' + os.environ['PATH'],
                                PKG_CONFIG_PATH=os.path.dirname(found[0]),
                                CMAKE_PREFIX_PATH=self.prefix,
                                LD_LIBRARY_PATH=self.library_folder)

    def run(self, folder, command):
        result = subprocess.run(command, cwd=folder, env=self.environment, text=True,
                                shell=isinstance(command, str), stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        if result.returncode != 0:
            raise RuntimeError('%s\n%s' % (command, result.stdout))
        return result.stdout

    def expect_price(self, folder, program):
        output = self.run(folder, program)
        if output.splitlines()[-1:] != [PRICE]:
            raise RuntimeError('%s printed %r' % (program, output))


def write_program(folder):
    shop, main = blocks('c')[:2]
    write(folder, 'price.idl', blocks('idl')[0])
    write(folder, 'shop.c', shop)
    write(folder, 'main.c', main)


def with_make(installed, folder):
    write_program(folder)
    write(folder, 'Makefile', 'all: prices\n' + blocks('make')[0])
    installed.run(folder, 'make')
    installed.expect_price(folder, './prices')


def with_meson(installed, folder):
    write_program(folder)
    write(folder, 'meson.build', "project('prices', 'c')\n" + blocks('meson')[0])
    installed.run(folder, 'meson setup build && meson compile -C build')
    installed.expect_price(folder, 'build/prices')


def with_cmake(installed, folder):
    if not shutil.which('cmake'):
        raise Skip('no cmake')
    write_program(folder)
    write(folder, 'CMakeLists.txt', 'cmake_minimum_required(VERSION 3.18)\nproject(prices C)\n' +
          blocks('cmake')[0])
    installed.run(folder, 'cmake -B build . && cmake --build build')
    installed.expect_price(folder, 'build/prices')


def with_static_library(installed, folder):
    write_program(folder)
    installed.run(folder, '%s/bin/uvidl price.idl' % installed.prefix)
    installed.run(folder, 'cc -o prices *.c -I%s/include %s/libuvcom.a -luv -pthread' %
                  (installed.prefix, installed.library_folder))
    installed.expect_price(folder, './prices')


def with_values(installed, folder):
    """The README's unions and graphs: its IDL through uvidl, its C between two braces."""
    unions, graphs = blocks('idl')[1:]
    write(folder, 'unions.idl', 'import "unknwn.idl";\n' + unions)
    write(folder, 'graphs.idl', 'import "unknwn.idl";\n' + graphs)
    write(folder, 'main.c', '#include "graphs.h"\n#include "unions.h"\n'
          'int main(void)\n{\nchar text[] = "x";\n' + block_with('c', 'reply answer') +
          'return whom.where.phone != 47 || answer.what.text[0] != \'x\';\n}\n')
    installed.run(folder, '%s/bin/uvidl unions.idl graphs.idl' % installed.prefix)
    installed.run(folder, 'cc -Wall -Werror -o main *.c $(pkg-config --cflags --libs uvcom)')
    installed.run(folder, './main')


def with_cancel(installed, folder):
    """The README's Cancel in the place of its Finish_: the code comes out, whoever was faster."""
    write_program(folder)
    main = blocks('c')[1]
    finish = re.search(r'^ *hr = AsyncIPriceSource_Finish_GetPrice.*\n', main, re.M).group(0)
    cancel = block_with('c', 'ICancelMethodCalls_Cancel')
    write(folder, 'main.c', main.replace(finish, '{\n' + cancel + '}\n'))
    write(folder, 'Makefile', blocks('make')[0])
    installed.run(folder, 'make prices')
    output = installed.run(folder, './prices || true')
    if output.splitlines()[-1:] not in ([PRICE], ['RPC_E_CALL_CANCELED (0x80010002)']):
        raise RuntimeError('./prices printed %r' % output)


def with_async_server(installed, folder):
    """The README's server that works asynchronously, and an exchange that answers on a thread."""
    write_program(folder)
    shop = blocks('c')[0]
    line = re.search(r'^static const uvcom_interface_entry.*\n', shop, re.M).group(0)
    write(folder, 'shop.c', shop.replace(line, block_with('c', 'ask_the_exchange')))
    write(folder, 'exchange.c', EXCHANGE % block_with('c', 'uvcom_operation_complete'))
    write(folder, 'Makefile', blocks('make')[0].replace('shop.o price_i.o', 'shop.o exchange.o '
                                                        'price_i.o'))
    installed.run(folder, 'make prices')
    installed.expect_price(folder, './prices')


def with_debug(installed, folder):
    """UVCOM_DEBUG says what the README says that it says, and nothing is said without it."""
    line = blocks('text')[0]
    write_program(folder)
    installed.run(folder, "sed -i 's/\"arabica\"/NULL/' main.c")
    write(folder, 'Makefile', blocks('make')[0])
    installed.run(folder, 'make prices')
    for setting, wanted in (('1', True), ('', False)):
        output = installed.run(folder, 'UVCOM_DEBUG=%s ./prices 2>&1; test $? = 1' % setting)
        if (line in output) != wanted:
            raise RuntimeError('UVCOM_DEBUG=%s printed %r' % (setting, output))


def with_foreign_memory(installed, folder):
    """The message about memory of malloc or the like names the method and the side."""
    shop = blocks('c')[0].replace('const char *coffee', 'char **coffee')
    shop = re.sub(r'\*price = .*;', lambda _: FOREIGN_BODY, shop)
    write(folder, 'shop.c', shop)
    write(folder, 'main.c', FOREIGN_MAIN)
    write(folder, 'price.idl', blocks('idl')[0].replace('[in, string] const char *coffee',
                                                        '[in, out, string] char **coffee'))
    write(folder, 'Makefile', blocks('make')[0])
    installed.run(folder, 'make prices')
    for argument, side in (('', 'what the server returned'),
                           ('client', 'an [in, out] value that the client gave')):
        output = installed.run(folder, 'ulimit -c 0; ./prices %s 2>&1; test $? = 134' % argument)
        if not output.startswith('uvcom: IPriceSource::GetPrice, in %s: task memory that was not '
                                 'allocated by CoTaskMemAlloc' % side):
            raise RuntimeError('./prices %s printed %r' % (argument, output))


def with_server_library(installed, folder):
    """The steps of library.h: the README's shop in a library, which its client never registers."""
    exports, manifest, commands = examples('library.h')[:3]
    write_program(folder)
    parts = os.path.join(folder, 'parts')
    os.mkdir(parts)
    for name in ('shop.c', 'price.idl'):
        shutil.move(os.path.join(folder, name), parts)
    shutil.copy(os.path.join(parts, 'price.idl'), folder)
    with open(os.path.join(parts, 'shop.c'), 'a', encoding='utf-8') as shop:
        shop.write(exports)
    write(parts, 'shop.manifest', manifest)
    uvidl = '%s/bin/uvidl' % installed.prefix
    installed.run(parts, commands.replace('uvidl', uvidl, 1))
    installed.run(folder, "sed -i '/uvcom_register_class/d' main.c && %s price.idl" % uvidl)
    installed.run(folder, 'cc -o prices *.c $(pkg-config --cflags --libs uvcom)')
    installed.expect_price(folder, 'UVCOM_COMPONENT_PATH=%s ./prices' % parts)
    output = installed.run(parts, '! ../prices')
    if 'REGDB_E_CLASSNOTREG' not in output:
        raise RuntimeError('./prices printed %r without UVCOM_COMPONENT_PATH' % output)
    installed.run(folder, 'test -d "$(pkg-config --variable=componentdir uvcom)"')


def with_compat_headers(installed, folder):
    write(folder, 'main.c', COMPAT)
    installed.run(folder, 'cc -o main main.c $(pkg-config --cflags --libs uvcom-compat)')
    installed.run(folder, './main')


def main(build):
    ways = [with_make, with_meson, with_cmake, with_static_library, with_values, with_cancel,
            with_async_server, with_debug, with_foreign_memory, with_server_library,
            with_compat_headers]
    failed = False
    print('1..%d' % len(ways))
    with tempfile.TemporaryDirectory() as destination:
        installed = Installation(build, destination)
        for number, way in enumerate(ways, 1):
            folder = os.path.join(destination, way.__name__)
            os.mkdir(folder)
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
