#!/usr/bin/env python3
"""check_diff.py -- uvidl diff finds what breaks programs, and nothing else.

Each case changes one thing in one IDL file: what is replaced, by what, and what the report must
say; None: the change is compatible and the report has no word of breaking. Each is also tried the
other way around: breaking stays breaking, and what is compatible may only be gone.

usage: check_diff.py UVIDL SOURCE_ROOT
"""

import os
import pathlib
import subprocess
import sys
import tempfile

BASE = '''// A file with everything that can change.
import "unknwn.idl";
import "part.idl";
cpp_quote("/* text */")
const long LIMIT = 3;
enum { ONE = 1, TWO };
typedef enum COLOR { RED, GREEN = 5 } COLOR;
typedef [v1_enum] enum WIDE { W0 } WIDE;
typedef struct SIZE { LONG cx; BYTE name[4]; LONG bit : 3; struct { LONG in; } inner; } SIZE;
#pragma pack(push, 4)
typedef struct { BYTE a; hyper b; } PACKED;
#pragma pack(pop)
typedef union switch (long kind) value { case 1: LONG l; case 2: float f; } VALUE;
struct node { struct node *next; LONG x; };
typedef LONG NUMBER;
typedef HRESULT (*CALLED)([in] LONG a);
[object, uuid(11111111-0000-0000-0000-000000000009)] interface IBase : IUnknown { HRESULT B(); }
[object, uuid(11111111-0000-0000-0000-000000000001),
 async_uuid(11111111-0000-0000-0000-000000000002), pointer_default(unique)]
interface IFoo2 : IUnknown {
    HRESULT First([in] LONG n, [in, size_is(n)] const BYTE *p, [out, ref] LONG *got);
    HRESULT Second([in, unique] SIZE *size, [in, string] const char *text, [in] REFIID riid);
    HRESULT Third([in] COLOR color, [out] IUnknown **made, [in, range(0, 9)] LONG r);
}
[object, uuid(11111111-0000-0000-0000-000000000003), local]
interface ILocal : IUnknown { void Go(void *anything); }
[object, uuid(11111111-0000-0000-0000-000000000004)]
interface IProps : IUnknown {
    [propget, id(1)] HRESULT Size([out, retval] LONG *size);
    HRESULT Own([in] SHARED *shared);
}
'''
PART = 'import "wtypesbase.idl";\ntypedef struct SHARED { LONG a; } SHARED;\n'

CASES = [
    # breaking: interfaces
    ('0000-000000000001)', '0000-00000000000f)', 'IFoo2 has another uuid'),
    ('interface ILocal : IUnknown', 'interface ILocal : IBase',
     'derives from IBase, it was IUnknown'),
    ('0000-000000000002)', '0000-00000000000e)', 'has another async_uuid'),
    (' async_uuid(11111111-0000-0000-0000-000000000002),', '', 'has no async_uuid any more'),
    (', local]', ']', 'is not [local] any more'),
    ('HRESULT B();', 'HRESULT B(); HRESULT C();', 'IBase::C is new'),
    ('HRESULT B();', '', 'IBase::B is gone'),
    ('interface ILocal', 'interface IOther', None),
    # breaking: methods
    ('HRESULT Own', 'LONG Own', "IProps::Own returns 'LONG', it was 'HRESULT'"),
    ('HRESULT First', 'void First', "returns 'void', it was 'HRESULT'"),
    ('[in] LONG n, ', '[in] LONG n, [in] LONG m, ', "parameter 'm' is new"),
    (', [in] REFIID riid', '', "parameter 'riid' is gone"),
    ('[in] LONG n', '[in] ULONG n', "'n' has another type: 'ULONG', it was 'LONG'"),
    ('[in] LONG n', '[in] hyper n', "'n' has another type"),
    ('const BYTE *p', 'BYTE *p', "'p' has another type: 'BYTE *', it was 'const BYTE *'"),
    ('[out, ref] LONG *got', '[in, out, ref] LONG *got', "'got' is [in, out], it was [out]"),
    ('[in, size_is(n)]', '[in, size_is(n + 1)]', "[size_is] of parameter 'p' is another one"),
    ('[in, size_is(n)]', '[in]', "[size_is] of parameter 'p' is another one"),
    ('[in, unique] SIZE', '[in, ref] SIZE', "of parameter 'size' is another one"),
    ('[in, string] const', '[in] const', "[string] of parameter 'text' is another one"),
    ('range(0, 9)', 'range(0, 8)', "[range] of parameter 'r' is another one"),
    ('IUnknown **made', 'IBase **made', "'made' has another type"),
    ('id(1)', 'id(2)', 'IProps::get_Size: [id] is another one'),
    ('[propget, id(1)]', '[id(1)]', 'IProps::get_Size is gone'),
    ('HRESULT Third', 'HRESULT Fourth', 'IFoo2::Third is gone'),
    # breaking: types and constants
    ('LIMIT = 3', 'LIMIT = 4', 'constant LIMIT has another value'),
    ('ONE = 1', 'ONE = 2', 'enumerator ONE has another value'),
    ('RED, GREEN = 5', 'RED = 1, GREEN = 5', 'enumerator RED has another value'),
    (', GREEN = 5', '', 'enumerator GREEN is gone'),
    ('[v1_enum] ', '', 'typedef WIDE: [v1_enum] is another one'),
    ('LONG cx', 'ULONG cx', "struct SIZE: field 'cx' has another type: 'ULONG', it was 'LONG'"),
    ('name[4]', 'name[5]', "struct SIZE: field 'name' has another type"),
    ('bit : 3', 'bit : 4', "struct SIZE: field 'bit' has another type"),
    ('LONG in;', 'hyper in;', "struct SIZE: field 'inner' has another type"),
    ('LONG cx;', 'LONG cx; LONG cy;', 'struct SIZE: field'),
    ('pack(push, 4)', 'pack(push, 8)', '#pragma pack is another one'),
    ('hyper b;', 'hyper b; BYTE c;', "PACKED: field 'c' is new"),
    ('switch (long kind)', 'switch (short kind)', 'the tag of the union is another one'),
    ('case 2: float f', 'case 3: float f', "[case] of field 'f' is another one"),
    ('struct node *next; LONG x;', 'struct node *next;', "field 'x' is gone"),
    ('typedef LONG NUMBER', 'typedef hyper NUMBER', 'typedef NUMBER is another type'),
    ('(*CALLED)([in] LONG a)', '(*CALLED)([in] LONG a, LONG b)', 'typedef CALLED is another'),
    ('struct node {', 'struct other {', None),
    # compatible
    ('// A file', '// The file', None),
    ('/* text */', '/* other text */', None),
    ('const long LIMIT', 'const long MORE = 9;\nconst long LIMIT', None),
    ('RED, GREEN = 5', 'RED, GREEN = 5, BLUE', None),
    ('[in] LONG n, [in, size_is(n)]', '[in] LONG count, [in, size_is(count)]', None),
    ('[in] LONG n', '[in] NUMBER n', None),
    ('[in] LONG n', '[in] int n', None),
    ('LONG cx', 'LONG width', None),
    ('case 1: LONG l', 'case 0 + 1: LONG l', None),
    ('typedef LONG NUMBER', '[object, uuid(11111111-0000-0000-0000-00000000000a)]\n'
     'interface INew : IUnknown { HRESULT N(); }\ntypedef LONG NUMBER', None),
    ('void Go(', '/// Does it.\n    void Go(', None),
    ('LONG r);', 'LONG r);\n    typedef LONG INSIDE;', None),
]

failures = []


def fail(*words):
    failures.append(' '.join(map(str, words)))


class Diff:
    def __init__(self, uvidl, root):
        self.command = [uvidl, 'diff', '-I', str(root / 'include/uvcom')]

    def run(self, *arguments):
        result = subprocess.run(self.command + list(arguments), capture_output=True, text=True)
        return result.returncode, result.stdout + result.stderr

    def expect(self, status, says, *arguments):
        got, text = self.run(*arguments)
        if got != status or (says or '') not in text or (status == 0 and 'breaking' in text):
            fail('diff', *arguments, 'gives', got, 'instead of', status, says, '\n' + text)
        return text


def write(name, text):
    pathlib.Path(name).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(name).write_text(text)


def check_cases(diff):
    write('part.idl', PART)
    write('old.idl', BASE)
    diff.expect(0, None, 'old.idl', 'old.idl')
    for before, after, says in CASES:
        if before not in BASE:
            fail('there is no', before)
        write('new.idl', BASE.replace(before, after, 1))
        status, text = diff.run('old.idl', 'new.idl')
        if says:
            diff.expect(1, 'breaking: ', 'old.idl', 'new.idl')
            if says not in text or not text.startswith(('new.idl:', 'old.idl:')):
                fail(before, '->', after, 'says', text)
            if not says.startswith('enumerator GREEN is gone'):
                diff.expect(1, 'breaking: ', 'new.idl', 'old.idl')
        elif ' is gone' in text:
            if status != 1:
                fail(before, '->', after, 'gives', status, text)
        else:
            diff.expect(0, None, 'old.idl', 'new.idl')
            if any(' is gone' not in line and 'breaking' in line
                   for line in diff.run('new.idl', 'old.idl')[1].splitlines()):
                fail(after, '->', before, 'breaks something')


def check_words(diff):
    write('new.idl', BASE.replace('HRESULT B();', 'HRESULT B(); HRESULT C();')
          .replace('[in] LONG n, ', '[in] LONG n, [in] LONG m, '))
    text = diff.expect(1, None, 'old.idl', 'new.idl')
    for line in ('new.idl:17:64: advice: interface IBase changed but kept its uuid: ',
                 'leave it as it was and add IBase2', 'interface IFoo2 changed', 'add IFoo3'):
        if line not in text:
            fail('advice is missing:', line, text)
    if 'parameter \'p\'' in text:
        fail('a parameter that was put between moves the others:', text)
    write('new.idl', BASE + 'const long LAST = 1;\n')
    text = diff.expect(0, 'added: constant LAST', 'old.idl', 'new.idl')
    shared = 'typedef struct SHARED { LONG a; } SHARED;'
    write('new.idl', BASE.replace('import "part.idl";', shared))
    diff.expect(0, None, 'old.idl', 'new.idl')
    write('new.idl', BASE.replace('import "part.idl";', shared.replace('LONG', 'float')))
    diff.expect(1, 'struct SHARED: field', 'old.idl', 'new.idl')


def check_twice(diff):
    """One uuid for two interfaces: a warning in a header, and each is compared with itself."""
    write('new.idl', BASE.replace('-000000000009', '-000000000004'))
    diff.expect(0, None, 'new.idl', 'new.idl')


def check_usage(diff):
    write('bad.idl', 'interface {\n')
    diff.expect(2, 'bad.idl:1:', 'old.idl', 'bad.idl')
    diff.expect(2, 'bad.idl:1:', 'bad.idl', 'old.idl')
    diff.expect(2, 'it takes two files', 'old.idl')
    diff.expect(2, 'no IDL file was named')
    diff.expect(2, 'missing.idl', 'old.idl', 'missing.idl')
    diff.expect(2, '--header does not go with', '--header', 'old.idl', 'old.idl')


def git(*arguments):
    identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org']
    subprocess.run(['git', *identity, *arguments], check=True, capture_output=True)


def check_git(diff):
    """Imports and folders of -I are those of the revision; the repository stays as it is."""
    write('idl/sub/foo.idl', BASE.replace('part.idl', 'shared.idl'))
    write('idl/inc/shared.idl', PART)
    write('hook', '#!/bin/sh\ntouch "$PWD/hook-ran"\n')
    os.chmod('hook', 0o700)
    git('init', '-q', '.')
    os.makedirs('.git/hooks', exist_ok=True)
    os.rename('hook', '.git/hooks/post-checkout')
    git('add', 'idl')
    git('commit', '-q', '-m', 'first')
    write('idl/inc/shared.idl', PART.replace('LONG a', 'LONG a; LONG b'))
    write('idl/sub/new.idl', BASE)
    options = ['-I', 'idl/inc', '--against-git']
    text = diff.expect(1, "struct SHARED: field 'b' is new", *options, 'HEAD', 'idl/sub/foo.idl')
    if not text.startswith('idl/inc/shared.idl:2:'):
        fail('the report begins with', text)
    diff.expect(0, 'idl/sub/new.idl: added: the whole file', *options, 'HEAD', 'idl/sub/new.idl')
    write('idl/sub/foo.idl', BASE.replace('part.idl', 'shared.idl').replace('LIMIT', 'OTHER'))
    diff.expect(1, 'HEAD/idl/sub/foo.idl:5:12: breaking: constant LIMIT is gone', *options, 'HEAD',
                'idl/sub/foo.idl')
    diff.expect(2, 'git knows no such revision', *options, '--help', 'idl/sub/foo.idl')
    diff.expect(2, 'git knows no such revision', *options, 'nothing', 'idl/sub/foo.idl')
    git('add', 'idl')
    staged = subprocess.run(['git', 'diff', '--cached', '--name-only'], capture_output=True).stdout
    if staged.count(b'\n') != 3 or os.path.exists('hook-ran') or os.path.exists('idl/hook-ran'):
        fail('the repository was touched:', staged)


def check_nothing_left(temporary):
    if os.listdir(temporary):
        fail('left behind:', os.listdir(temporary))


def main():
    diff = Diff(sys.argv[1], pathlib.Path(sys.argv[2]))
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.mkdir('tmp')
        os.environ.update(TMPDIR=folder + '/tmp', GIT_CONFIG_GLOBAL='/dev/null')
        check_cases(diff)
        check_words(diff)
        check_twice(diff)
        check_usage(diff)
        os.mkdir('repository')
        os.chdir('repository')
        check_git(diff)
        os.chdir('..')
        diff.expect(2, 'is in no git repository', '--against-git', 'HEAD', 'old.idl')
        check_nothing_left('tmp')
        os.chdir('/')
    print('\n'.join(failures) if failures else '%d cases' % len(CASES))
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
