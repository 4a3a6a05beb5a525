#!/usr/bin/env python3
"""generate.py -- writes the matrix: IDL, servers, clients and what each call must give.

    generate.py --list           the methods, one a line
    generate.py --families       the names of the IDL files
    generate.py --out FOLDER     all files

The same text every time, from standard Python alone. What the files are is in README.md.
"""

import argparse
import os
import sys

from families import FAMILIES
from leaves import in_struct
from method import CASES
from vocabulary import RECORDS, idl

UUID = '3f0c5b%02x-6d6e-4b8a-%04x-a4b6d0e10103'


def camel(name):
    return ''.join(word.capitalize() for word in name.split('_'))


class Family:
    """One interface."""

    def __init__(self, number, function):
        self.name = function.__name__
        self.interface = 'IMatrix' + camel(self.name)
        self.uuids = [UUID % (number, 0x1130 + is_async) for is_async in (0, 1)]
        self.groups = list(function())
        self.pointer_default = getattr(function, 'pointer_default', 'unique')
        self.methods = [method for _, methods in self.groups for method in methods]
        for method in self.methods:
            method.interface = self.interface
        for _, methods in self.groups:
            methods[len(methods) // 2].is_swept = True
        names = [method.name for method in self.methods]
        assert len(names) == len(set(names)), sorted(names)

    def idl(self):
        return ['// %s: %d methods of the matrix.' % (self.name, len(self.methods)), '',
                'import "matrix_types.idl";', '',
                '[', '    object,', '    uuid(%s),' % self.uuids[0],
                '    async_uuid(%s),' % self.uuids[1],
                '    pointer_default(%s)' % self.pointer_default, ']',
                'interface %s : IUnknown' % self.interface, '{'] + [
                    method.idl() for method in self.methods] + ['}', '']

    def server(self):
        lines = banner('the server of %s' % self.interface) + [
            '#include "matrix_object.h"', '#include "matrix_types_server.h"', '']
        for method in self.methods:
            lines += method.server() + method.started()
        lines += ['const %sVtbl %s_vtable = {' % (self.interface, self.name)] + [
            '    .%s = matrix_%s_%s,' % (slot, self.interface, slot)
            for slot in ('QueryInterface', 'AddRef', 'Release')] + [
                '    .%s = serve_%s,' % (method.name, method.name) for method in self.methods]
        lines += ['};', '']
        for name, methods in (('starts', self.methods), ('some_starts', self.methods[::2])):
            lines += ['const Async%sServer %s_%s = {' % (self.interface, self.name, name)] + [
                '    .Start_%s = start_%s,' % (method.name, method.name) for method in methods] + [
                    '};', '']
        return lines

    def client(self):
        lines = banner('the client of %s' % self.interface) + [
            '#include "matrix_table.h"', '#include "matrix_types_client.h"',
            '#include "matrix_%s.h"' % self.name, '']
        for method in self.methods:
            lines += method.client() + cases(method)
        lines += ['static const struct method methods[] = {']
        for method in self.methods:
            name = method.name
            steps = ['%s_%s' % (step, name)
                     for step in ('put', 'plain', 'begin', 'finish', 'same', 'cases')]
            flags = ['true' if flag else 'false' for flag in (method.is_careless, method.is_swept)]
            lines.append('    {"%s", sizeof(struct %s), %s},' % (name, name,
                                                                 ', '.join(steps + flags)))
        lines += ['};', '', 'static const struct group groups[] = {']
        at = 0
        for name, methods in self.groups:
            lines.append('    {"%s_%s", methods + %d, %d},' % (self.name, name, at, len(methods)))
            at += len(methods)
        return lines + ['};', '', 'const struct family %s_family = {' % self.name,
                        '    "%s", &IID_%s, &IID_Async%s, groups, %d};' % (
                            self.name, self.interface, self.interface, len(self.groups)), '']


def cases(method):
    lines, rows = [], []
    code = 'CUSTOM' if method.code == 'CUSTOM' else method.code
    for case in CASES:
        given, wanted, kept, seen = method.run(case)
        names = []
        for label, leaves in (('given', given), ('wanted', wanted),
                              ('kept', kept if method.is_swept else [])):
            if not leaves:
                names += ['NULL', '0']
                continue
            name = '%s_%s_%s' % (label, case, method.name)
            names += [name, str(len(leaves))]
            lines += data(name, leaves)
        rows.append('    {"%s", %s, 0x%XU, (HRESULT)%s},' % (case, ', '.join(names), seen, code))
    return lines + ['static const struct sample cases_%s[] = {' % method.name] + rows + ['};', '']


def data(name, leaves):
    lines = ['static const uint64_t %s[] = {' % name]
    texts = ['0x%XU' % leaf for leaf in leaves]
    return lines + ['    ' + ', '.join(texts[i:i + 4]) + ',' for i in range(0, len(texts), 4)] + [
        '};']


def banner(text):
    return ['/* Written by generate.py: %s. */' % text]


def struct_functions(head, argument, steps):
    """The functions of all structs: (name, statements, const) for each step."""
    lines = []
    for record in RECORDS:
        for name, body, const in steps(record):
            unused = [] if body else ['    (void)%s;' % argument, '    (void)value;']
            head_line = 'void %s_%s(%s%s%s *value)' % (
                name, record.name, head if argument else '', const, record.name)
            lines.append((head_line, ['{'] + unused + ['    ' + line for line in body] + ['}', '']))
    return lines


def client_steps(record):
    yield 'put', record.body(lambda kind, x: kind.put(x, 0)), ''
    yield 'same', record.body(lambda kind, x: kind.same(x, 0)), 'const '


def server_steps(record):
    yield 'fold', record.body(lambda kind, x: kind.fold(x, 0, in_struct)), 'const '
    yield 'make', record.body(lambda kind, x: kind.make_c(x, 0, in_struct), False)[
        (1 if record.label.startswith('Tailed') else 0):], ''
    yield 'alter', record.body(lambda kind, x: kind.alter_c(x, 0, in_struct), False), ''


def drop_steps(record):
    if not record.is_flat:
        yield 'drop', record.body(lambda kind, x: kind.drop(x, 0, in_struct)), ''


def types(side, functions):
    """A header and a source with the functions of all structs."""
    guard = 'MATRIX_TYPES_%s_H' % side.upper()
    header = banner('what is done with structs') + ['#ifndef ' + guard, '#define ' + guard, '',
                                                    '#include "tests/e2e/matrix/%s.h"' % side, '']
    source = banner('what is done with structs') + ['#include "matrix_types_%s.h"' % side, '']
    for head, body in functions:
        header.append(head + ';')
        source += [head] + body
    return header + ['', '#endif', ''], source


def table(families):
    header = banner('all families') + [
        '#ifndef MATRIX_TABLE_H', '#define MATRIX_TABLE_H', '',
        '#include "tests/e2e/matrix/client.h"', ''] + [
            'extern const struct family %s_family;' % family.name for family in families] + [
                '', 'enum { MATRIX_FAMILIES = %d };' % len(families),
                'extern const struct family *const matrix_families[MATRIX_FAMILIES];',
                '', '#endif', '']
    source = banner('all families') + ['#include "matrix_table.h"', '',
                                       'const struct family *const matrix_families[] = {'] + [
        '    &%s_family,' % family.name for family in families] + ['};', '']
    return header, source


OBJECT = """static HRESULT STDMETHODCALLTYPE flush(IFlush *This)
{
    (void)This;
    return S_OK;
}

static const IFlushVtbl flush_vtable = {
    .QueryInterface = matrix_IFlush_QueryInterface,
    .AddRef = matrix_IFlush_AddRef,
    .Release = matrix_IFlush_Release,
    .Flush = flush,
};

/* The factory of an object that brings its own. */
static HRESULT STDMETHODCALLTYPE create_call(ICallFactory *This, REFIID riid, IUnknown *outer,
                                             REFIID riid2, IUnknown **ppv)
{
    struct matrix *matrix = matrix_from_ICallFactory(This);
"""

OBJECT_FACTORY = """    *ppv = NULL;
    return E_NOINTERFACE;
}

static const ICallFactoryVtbl factory_vtable = {
    .QueryInterface = matrix_ICallFactory_QueryInterface,
    .AddRef = matrix_ICallFactory_AddRef,
    .Release = matrix_ICallFactory_Release,
    .CreateCall = create_call,
};

static void destroy(uvcom_object *object)
{
    free(object);
    server_gone();
}

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static const uvcom_class plain_class = {
    .interfaces = plain, .interface_count = COUNT(plain), .destroy = destroy};
static const uvcom_class started_class = {
    .interfaces = started, .interface_count = COUNT(started), .destroy = destroy};
static const uvcom_class factory_class = {
    .interfaces = factory, .interface_count = COUNT(factory), .destroy = destroy};

static HRESULT create(const uvcom_class *class_, IUnknown *outer, REFIID riid, void **ppv)
{
    struct matrix *matrix = outer ? NULL : calloc(1, sizeof *matrix);
    HRESULT hr;

    *ppv = NULL;
    if (!matrix)
        return outer ? CLASS_E_NOAGGREGATION : E_OUTOFMEMORY;
    uvcom_object_init(&matrix->object, class_);
    server_born();
    matrix->IFlush_iface.lpVtbl = &flush_vtable;
    matrix->ICallFactory_iface.lpVtbl = &factory_vtable;"""

OBJECT_END = """    hr = uvcom_object_QueryInterface(&matrix->object, riid, ppv);
    uvcom_object_Release(&matrix->object);
    return hr;
}

HRESULT matrix_create(IUnknown *outer, REFIID riid, void **ppv)
{
    return create(&plain_class, outer, riid, ppv);
}

HRESULT matrix_create_started(IUnknown *outer, REFIID riid, void **ppv)
{
    return create(&started_class, outer, riid, ppv);
}

HRESULT matrix_create_factory(IUnknown *outer, REFIID riid, void **ppv)
{
    return create(&factory_class, outer, riid, ppv);
}"""


def interface_table(name, rows):
    return ['static const uvcom_interface_entry %s[] = {' % name,
            '    UVCOM_OBJECT_ENTRY(matrix, IFlush),'] + ['    %s,' % row for row in rows] + [
                '};', '']


def server_object(families):
    """The object that has all interfaces."""
    header = banner('the object') + [
        '#ifndef MATRIX_OBJECT_H', '#define MATRIX_OBJECT_H', '',
        '#include "tests/e2e/matrix/server.h"', ''] + [
            '#include "matrix_%s.h"' % family.name for family in families] + [
                '', 'struct matrix {', '    uvcom_object object;', '    IFlush IFlush_iface;',
                '    ICallFactory ICallFactory_iface;'] + [
                    '    %s %s_iface;' % (family.interface, family.interface)
                    for family in families] + [
                        '};', '', 'UVCOM_OBJECT_IUNKNOWN(matrix, IFlush)',
                        'UVCOM_OBJECT_IUNKNOWN(matrix, ICallFactory)'] + [
                        'UVCOM_OBJECT_IUNKNOWN(matrix, %s)' % family.interface
                        for family in families] + [''] + [
                            'extern const %sVtbl %s_vtable;' % (family.interface, family.name)
                            for family in families] + [
                            'extern const Async%sServer %s_starts, %s_some_starts;' % (
                                family.interface, family.name, family.name)
                            for family in families] + ['', '#endif', '']
    source = banner('the object') + ['#include "matrix_object.h"', '']
    plain = ['UVCOM_OBJECT_ENTRY(matrix, %s)' % family.interface for family in families]
    source += interface_table('plain', plain)
    source += interface_table('factory', ['UVCOM_OBJECT_ENTRY(matrix, ICallFactory)'] + plain)
    source += interface_table('started', [
        'UVCOM_OBJECT_ASYNC_ENTRY(matrix, %s, &%s_starts)' % (family.interface, family.name)
        for family in families])
    source += OBJECT.split('\n')
    for family in families:
        source += ['    if (IsEqualIID(riid, &IID_Async%s))' % family.interface,
                   '        return Async%s_CreateCall(&%s_some_starts,' % (
                       family.interface, family.name),
                   '            &matrix->%s_iface, outer, riid2, ppv);' % family.interface]
    source += OBJECT_FACTORY.split('\n')
    source += ['    matrix->%s_iface.lpVtbl = &%s_vtable;' % (family.interface, family.name)
               for family in families] + OBJECT_END.split('\n')
    return header, source


def files(families):
    """All files: (name, lines)."""
    yield 'matrix_types.idl', idl().split('\n')
    client = types('client', struct_functions('struct client *c, ', 'c', client_steps))
    server = types('server', struct_functions('struct served *s, ', 's', server_steps) +
                   struct_functions('', 'value', drop_steps))
    for name, pair in (('types_client', client), ('types_server', server),
                       ('table', table(families)), ('object', server_object(families))):
        yield 'matrix_%s.h' % name, pair[0]
        yield 'matrix_%s.c' % name, pair[1]
    for family in families:
        yield 'matrix_%s.idl' % family.name, family.idl()
        yield 'matrix_%s_server.c' % family.name, family.server()
        yield 'matrix_%s_client.c' % family.name, family.client()


def main(arguments):
    parser = argparse.ArgumentParser(description='writes the matrix of methods')
    parser.add_argument('--list', action='store_true', help='the methods, one a line')
    parser.add_argument('--families', action='store_true', help='the names of the IDL files')
    parser.add_argument('--out', help='write files to this folder')
    parser.add_argument('--what', choices=('all', 'idl', 'code'), default='all', help='only these')
    options = parser.parse_args(arguments)
    families = [Family(i, function) for i, function in enumerate(FAMILIES, 16)]
    if options.list:
        for family in families:
            for group, methods in family.groups:
                for method in methods:
                    print('%s %s %s' % (family.interface, group, method.idl().strip()))
    if options.families:
        print(' '.join(family.name for family in families))
    for name, lines in files(families) if options.out else ():
        if options.what not in ('all', 'idl' if name.endswith('.idl') else 'code'):
            continue
        with open(os.path.join(options.out, name), 'w', encoding='utf-8') as file:
            file.write('\n'.join(lines).rstrip('\n') + '\n')
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
