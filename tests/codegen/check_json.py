#!/usr/bin/env python3
"""check_json.py -- uvidl --json is valid, complete, consistent and the same every time.

Valid: as the installed schema says. Complete: every field of the tree's structs is written, every
property of the schema is met and described. Consistent: every name and number leads somewhere.
Debian's IDL is read, too, where it is installed.

usage: check_json.py UVIDL SOURCE_ROOT
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

from json_schema import Invalid, Validator

WINE = pathlib.Path('/usr/include/wine/wine/windows')
FROM_WINE = ['objidl.idl', 'oaidl.idl', 'propidl.idl', 'd3d12.idl', 'shobjidl.idl']
# Fields of the tree that are no news: links of lists, and what is said by other keys.
IMPLIED = set('''
    next source offset length begin_count finish_count arg_count data1 data2 data3 data4 info owner
    depth is_constant is_unsigned path begin_name finish_name of
    is_union has_async_uuid begin finish outer parent origin
    as_type space argument prefix file declaration definition generic macro position is_known
'''.split())
HOSTILE = b'''// caf\xe9 "quotes" \\ \x01\x7f \xf0\x9f\x98\x80 \xed\xa0\x80 \xff </script>
import "unknwn.idl";
cpp_quote("caf\xe9 \\"x\\" \\\\ \\t")
const unsigned hyper BIG = 0xffffffffffffffff;
const hyper LOW = -9223372036854775807;
/// \xc3\xa9t\xc3\xa9
typedef struct S { LONG a : 3; struct { LONG b; }; } S, *PS;
typedef [v1_enum] enum E { [helpstring("x")] E0, E1 = E0 + 2 } E;
[v1_enum] enum F { F0 };
typedef struct never *NEVER;
coclass Never;
[switch_type(LONG)] union U { [case(1)] LONG a; [default] ; };
interface INever;
typedef HRESULT (*CALLED)([in] NEVER a, INever *b);
[object, uuid(11111111-0000-0000-0000-000000000001)] interface IFoo : IUnknown {
  typedef LONG INSIDE[2];
  [helpstring("a\\"b\xe9")] HRESULT M([in, defaultvalue(7)] LONG a, [in, unique] PS s);
}
'''

failures = []


def fail(*words):
    failures.append(' '.join(map(str, words)))


def run(uvidl, includes, *files):
    command = [uvidl, *[x for i in includes for x in ('-I', i)], '--json', *files]
    result = subprocess.run(command, capture_output=True)
    if result.returncode != 0:
        fail(*files, 'gives', result.returncode, result.stderr.decode(errors='replace'))
        return None
    return result.stdout


# ---- what a name or a number leads to ----

def walk(value):
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from walk(item)


class Unit:
    def __init__(self, unit):
        self.unit = unit
        self.declared = {'alias': set(), 'interface': set(), 'constant': set()}
        self.enumerators = set()
        self.classes = set()
        self.bodies = {}
        for node in walk(unit['files']):
            self.note(node)

    def note(self, node):
        kind = node.get('kind')
        if kind == 'typedef':
            self.declared['alias'].add(node['name'])
        elif kind == 'coclass' and 'coclass' in node:
            self.classes.add(node['name'])
        elif 'async' in node:
            self.declared['interface'].add(node['async']['name'])
        elif kind == 'const':
            self.declared['constant'].add(node['name'])
        elif kind in ('forward', 'interface') and ('of' in node or 'interface' in node):
            self.declared['interface'].add(node['name'])
        if 'definition' in node:
            self.bodies[node['id']] = self.bodies.get(node['id'], 0) + 1
            for item in node['definition'].get('enumerators', []):
                self.enumerators.add(item['name'])

    def problems(self):
        for node in walk(self.unit['files']):
            yield from self.of_node(node)
        for number, count in self.bodies.items():
            if count != 1:
                yield 'type %d has %d bodies' % (number, count)
        if self.unit['files'][-1]['name'] != self.unit['main']:
            yield 'the main file is not the last one'

    def of_node(self, node):
        kind = node.get('kind')
        if kind == 'alias' and node['name'] not in self.declared['alias']:
            yield 'no typedef is called %s' % node['name']
        if kind == 'interface' and 'at' not in node:
            if node['name'] not in self.declared['interface']:
                yield 'no interface is called %s' % node['name']
        if kind == 'coclass' and node['name'] not in self.classes:
            yield 'no class is called %s' % node['name']
        if 'id' in node and 'incomplete' not in node and node['id'] not in self.bodies:
            yield 'type %d has no body' % node['id']
        if kind == 'name' and 'constant' in node:
            if node['constant'] not in self.declared['constant']:
                yield 'no constant is called %s' % node['constant']
        if kind == 'name' and 'enumerator' in node and node['enumerator'] not in self.enumerators:
            yield 'no enumerator is called %s' % node['enumerator']
        if 'at' in node and node['at'][0] >= len(self.unit['sources']):
            yield 'no source has the number %d' % node['at'][0]
        if kind == 'import' and node.get('file', 0) >= len(self.unit['files']):
            yield 'no file has the number %d' % node['file']
        if 'methods' in node:
            yield from self.of_interface(node)

    @staticmethod
    def of_interface(node):
        slots = [half['slot'] for m in node['methods'] for half in
                 ([m['begin'], m['finish']] if 'begin' in m else [m]) if 'slot' in half]
        if slots and slots != list(range(slots[0], slots[0] + len(slots))):
            yield '%s has the slots %r' % (node['name'], slots)


# ---- the checks ----

def check_text(name, text, validator):
    tree = json.loads(text.decode('utf-8'))
    try:
        validator.validate(tree)
    except Invalid as problem:
        fail(name, problem)
    for unit in tree['units']:
        for problem in Unit(unit).problems():
            fail(name, problem)
    return tree


def compiles(uvidl, includes, path):
    """Whether uvidl takes it: other tests say whether it should."""
    command = [uvidl, *[x for i in includes for x in ('-I', i)], '--check', path]
    return subprocess.run(command, capture_output=True).returncode == 0


def check_hostile(uvidl, includes, validator):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'hostile.idl')
        path.write_bytes(HOSTILE)
        text = run(uvidl, includes, path)
        if not text:
            return
        main = check_text(path.name, text, validator)['units'][0]['files'][-1]
    if any(part not in main['doc'] for part in ('\xe9', '\U0001f600', '"quotes"')):
        fail('the comment came out as', repr(main['doc']))
    named = {d.get('name'): d for d in main['declarations']}
    if named['BIG']['value']['value'] != str(2**64 - 1):
        fail('BIG is', named['BIG']['value'])
    if named['LOW']['value']['value'] != str(-2**63 + 1):
        fail('LOW is', named['LOW']['value'])
    if named['PS'].get('continues') is not True or 'definition' in named['PS']['type']['of']:
        fail('PS is', named['PS'])


def check_fields(root):
    """Every field of a struct of the tree is mentioned where JSON is written."""
    writers = ''.join((root / 'codegen' / name).read_text()
                      for name in ('json_tree.c', 'json_type.c', 'json_expr.c', 'json_winrt.c'))
    for header in sorted((root / 'idl').glob('ast*.h')):
        text = re.sub(r'/\*.*?\*/', '', header.read_text(), flags=re.S)
        for body in re.findall(r'^struct \w+ \{(.*?)^\};', text, re.M | re.S):
            for field in re.findall(r'(\w+)(?:\[\d+\])?(?=[,;])', body):
                if field not in IMPLIED and not re.search(r'(->|\.)%s\b' % field, writers):
                    fail(header.name, 'has the field', field, 'which --json does not write:',
                         'json_*.c, the schema and JSON.md need it, or IMPLIED here')


def check_described(root, validator, is_whole):
    text = (root / 'codegen/JSON.md').read_text()
    for name in sorted(validator.defined):
        if '`%s`' % name.rsplit('.', 1)[1] not in text:
            fail('codegen/JSON.md does not mention', name)
    for name in sorted(validator.defined - validator.used) if is_whole else []:
        fail('no test file has', name)


def main():
    uvidl, root = sys.argv[1], pathlib.Path(sys.argv[2])
    validator = Validator(json.loads((root / 'codegen/share/uvidl-tree.schema.json').read_text()))
    ours = [root / 'include/uvcom', root / 'tests/idl/ok/part', root / 'tests/idl/system']
    files = sorted((root / 'tests/codegen/golden').glob('*.idl'))
    files += sorted((root / 'tests/idl/ok').glob('*.idl'))
    files += [root / 'include/uvcom/objidl.idl']
    files = [path for path in files if compiles(uvidl, ours, path)]
    for path in files:
        text = run(uvidl, ours, path)
        if text:
            check_text(path.name, text, validator)
    for path in [WINE / name for name in FROM_WINE if compiles(uvidl, [WINE], WINE / name)]:
        text = run(uvidl, [WINE], path)
        if text:
            check_text(path.name, text, validator)
    first, again = run(uvidl, ours, *files), run(uvidl, ours, *files)
    if first != again:
        fail('two runs differ')
    if first and len(json.loads(first)['units']) != len(files):
        fail('not every file has a unit')
    if first and str(root).encode() in first:
        fail('the output has a path of this machine in it')
    check_hostile(uvidl, ours, validator)
    check_fields(root)
    check_described(root, validator, any(path.name == 'library.idl' for path in files))
    print('\n'.join(failures) if failures else 'all of it is valid')
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
