#!/usr/bin/env python3
"""check_backend.py -- a back end by somebody who has only --json, against uvidl's own.

From the JSON it works out by itself what C must find in the header: the place of every slot in its
vtable, the type of every slot, the offset and the type of every field, the value of every
enumerator and constant. The C compiler then compares this with the header that uvidl wrote.

usage: check_backend.py UVIDL SOURCE_ROOT FOLDER_OF_GENERATED_HEADERS
"""

import json
import pathlib
import subprocess
import sys
import tempfile

BASE = {
    'boolean': 'BOOLEAN', 'byte': 'BYTE', 'char': 'char', 'wchar_t': 'WCHAR',
    'small': 'signed char', 'unsigned small': 'unsigned char', 'short': 'short',
    'unsigned short': 'unsigned short', 'long': 'LONG', 'unsigned long': 'ULONG', 'int': 'int',
    'unsigned int': 'unsigned int', 'hyper': 'LONGLONG', 'unsigned hyper': 'ULONGLONG',
    '__int3264': 'INT_PTR', 'unsigned __int3264': 'UINT_PTR', 'float': 'float',
    'double': 'double', 'error_status_t': 'ULONG', 'handle_t': 'HANDLE',
}
FILES = ['simple_stream', 'kinds', 'family', 'declarations', 'bounds', 'depth', 'sorter', 'values']


class Backend:
    def __init__(self, unit):
        self.unit = unit
        self.lines = []

    # ---- types as C ----

    def declare(self, node, name):
        """The declaration of a name; None: C has no name for the type."""
        kind = node['kind']
        if kind == 'pointer':
            return self.pointer(node, name)
        if kind == 'array':
            length = self.value(node['length']) if 'length' in node else ''
            return self.declare(node['of'], '%s[%s]' % (name, length))
        if kind == 'function':
            return self.function(node['of'], '(%s)' % name, node['parameters'])
        head = self.head(node)
        return head and '%s%s %s' % (self.qualifiers(node), head, name)

    def pointer(self, node, name):
        if node['of']['kind'] == 'function':
            of = node['of']
            return self.function(of['of'], '(STDMETHODCALLTYPE *%s)' % name, of['parameters'])
        inner = '*%s%s' % (self.qualifiers(node), name)
        return self.declare(node['of'], '(%s)' % inner if node['of']['kind'] == 'array' else inner)

    @staticmethod
    def qualifiers(node):
        return ''.join(word + ' ' for word in ('const', 'volatile') if node.get(word))

    @staticmethod
    def head(node):
        kind = node['kind']
        if kind == 'base':
            return BASE[node['name']]
        if kind == 'safearray':
            return 'SAFEARRAY *'
        if kind in ('struct', 'union', 'enum'):
            return '%s %s' % (kind, node['tag']) if 'tag' in node else None
        return node.get('name', 'void')

    def function(self, returns, name, parameters, this=None):
        types = [this] if this else []
        types += [self.declare(p['type'], '') for p in parameters]
        if None in types:
            return None
        return self.declare(returns, '%s(%s)' % (name, ', '.join(types) or 'void'))

    @staticmethod
    def value(expression):
        return expression['value']

    # ---- what must hold ----

    def hold(self, condition, what):
        self.lines.append('_Static_assert(%s, "%s");' % (condition, what))

    def same_type(self, expression, declaration, what):
        if declaration:
            self.hold('_Generic(&%s, %s: 1, default: 0)' % (expression, declaration), what)

    def slot(self, interface, name, slot, member, returns, parameters):
        table = '((%sVtbl *)0)->%s' % (name, member)
        self.hold('offsetof(%sVtbl, %s) == %d * sizeof(void *)' % (name, member, slot), member)
        pointer = self.function(returns, '(STDMETHODCALLTYPE **)', parameters, name + ' *')
        self.same_type(table, pointer, '%s::%s' % (interface, member))

    def interface(self, node):
        for method in node['methods']:
            if 'slot' in method:
                self.slot(node['name'], node['name'], method['slot'], method['member'],
                          method['returns'], method['parameters'])
        twin = node.get('async')
        for pair in twin['methods'] if twin else []:
            method = next(m for m in node['methods'] if m['name'] == pair['method'])
            named = {p['name']: p for p in method['parameters']}
            for half in (pair['begin'], pair['finish']):
                self.slot(node['name'], twin['name'], half['slot'], half['member'],
                          method['returns'], [named[name] for name in half['parameters']])

    def record(self, node, name):
        fields = node['definition'].get('fields', [])
        if 'discriminant' in node['definition']:
            return
        for field in fields:
            if 'name' in field and 'bits' not in field:
                self.same_type('((%s *)0)->%s' % (name, field['name']),
                               self.declare(field['type'], '(*)'
                                            if field['type']['kind'] == 'array' else '*'),
                               '%s.%s' % (name, field['name']))

    def declaration(self, node):
        kind = node['kind']
        if kind == 'interface':
            self.interface(node['interface'])
            self.declarations(node['interface'].get('declarations', []))
        elif kind == 'const' and 'value' in node.get('value', {}):
            self.hold('%s == %s' % (node['name'], node['value']['value']), node['name'])
        body = node.get('type', {})
        for item in body.get('definition', {}).get('enumerators', []):
            self.hold('(int)%s == (int)%s' % (item['name'], item['number']), item['name'])
        if kind == 'typedef' and 'fields' in body.get('definition', {}):
            self.record(body, node['name'])

    def declarations(self, nodes):
        for node in nodes:
            self.declaration(node)
            self.declarations(node.get('declarations', []))

    def text(self, header):
        self.declarations(self.unit['files'][-1]['declarations'])
        lines = ['#include <stddef.h>', '#include "%s"' % header] + self.lines
        return '\n'.join(lines) + '\n'


def main():
    uvidl, root, generated = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    golden = root / 'tests/codegen/golden'
    failures = count = 0
    for name in FILES:
        command = [uvidl, '-I', root / 'include/uvcom', '--json', golden / (name + '.idl')]
        tree = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        text = Backend(tree['units'][0]).text(name + '.h')
        count += text.count('_Static_assert')
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, name + '.c')
            path.write_text(text)
            command = ['gcc', '-std=c11', '-w', '-fsyntax-only', '-I', golden,
                       '-I', root / 'include', '-I', generated, path]
            result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode != 0:
            failures += 1
            print('\n'.join(line for line in result.stderr.splitlines() if 'error' in line)[:3000])
    print('%d facts hold' % count if not failures else '%d files differ' % failures)
    return 1 if failures or count < 300 else 0


if __name__ == '__main__':
    sys.exit(main())
