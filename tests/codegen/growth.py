"""growth.py -- the time of uvidl grows with the length of what it reads and writes, and no faster.

Instructions are counted by valgrind, not seconds: they are the same in every run. Each shape of
input is compiled at two sizes, one twice the other. What a run costs beyond that of an empty file
may grow as the bytes of input and output do, and a third more. Without valgrind: skipped.

Usage: growth.py UVIDL INCLUDE [SHAPE ...]
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

SLACK = 1.3

HEAD = 'import "unknwn.idl";\n'
IUNKNOWN = ('[object, uuid(11111111-0000-0000-%04x-%012x)] interface %s : %s {\n')


def interface(number, name, body, base='IUnknown', group=1):
    return IUNKNOWN % (group, number, name, base) + body + '}\n'


def async_interface(number, body):
    return ('[object, uuid(11111111-0000-0000-0001-%012x), async_uuid(11111111-0000-0000-0002-'
            '%012x)] interface IA%d : IUnknown {\n%s}\n' % (number, number, number, body))


def lines(count, text):
    return ''.join(text.replace('@', str(i)) for i in range(count))


def interfaces(n):
    return HEAD + ''.join(interface(i, f'II{i}', f'HRESULT M{i}([in] LONG a);\n')
                          for i in range(n))


def asynchronous(n):
    return HEAD + ''.join(async_interface(i, 'HRESULT M([in] LONG a, [out] LONG *b);\n')
                          for i in range(n))


def methods(n):
    return HEAD + interface(1, 'IM', lines(n, 'HRESULT M@([in] LONG a, [in, string] char *b);\n'))


def async_methods(n):
    return HEAD + async_interface(1, lines(n, 'HRESULT M@([in] LONG a, [out] LONG *b);\n'))


def inheritance(n):
    n //= 8
    text = HEAD + interface(0, 'IB0', 'HRESULT M0(void);\n')
    return text + ''.join(interface(i, f'IB{i}', f'HRESULT M{i}(void);\n', f'IB{i - 1}')
                          for i in range(1, n))


def forwards(n):
    return (HEAD + lines(n, 'interface IF@;\n') + 'typedef struct S {\n'
            + lines(n, 'IF@ *f@;\n') + '} S;\n')


def untagged(n):
    return HEAD + lines(n, 'typedef struct { LONG a; struct { LONG b; } c; } T@;\n')


def records(n):
    return HEAD + lines(n, 'typedef struct R@ R@;\nstruct R@ { R@ *next; LONG a; };\n')


def fields(n):
    return HEAD + 'typedef struct S {\n' + lines(n, 'LONG a@;\n') + '} S;\n'


def enumerators(n):
    return HEAD + 'typedef enum E {\n' + lines(n, 'A@,\n') + 'LAST } E;\n'


def parameters(n):
    return HEAD + interface(1, 'IP', 'HRESULT M(' + lines(n, '[in] LONG a@,\n')
                            + '[in] LONG z);\n')


def hidden_parameters(n):
    return (HEAD + lines(n, 'typedef LONG p@;\n')
            + interface(1, 'IP', 'HRESULT M(' + lines(n, '[in] LONG p@,\n') + '[in] LONG z);\n'))


def constants(n):
    return HEAD + lines(n, 'const LONG C@ = @ + 1;\n')


def sum_of_constants(n):
    return HEAD + 'const LONG C0 = 1;\n' + ''.join(f'const LONG C{i} = C{i - 1} & 0xff;\n'
                                                   for i in range(1, n))


def expression(n):
    return HEAD + ''.join('const LONG C%d = 0%s;\n' % (i, ' + 1' * 100) for i in range(n // 50))


def macros(n):
    return HEAD + lines(n, '#define M@ @\n') + lines(n, 'const LONG C@ = M@;\n')


def chain_of_macros(n):
    text = ''.join(f'#define M{i} M{i - 1}\n' for i in range(1, n))
    return HEAD + text + f'#define M0 1\nconst LONG C = M{n - 1};\n'


def macro_arguments(n):
    return (HEAD + '#define ADD(a, b) a + b\n#define NAME(a) C ## a\n'
            + lines(n, 'const LONG NAME(@) = ADD(@, ADD(@, 1));\n'))


def conditions(n):
    return HEAD + lines(n, '#ifdef X@\nconst LONG C@ = 1;\n#else\nconst LONG C@ = 2;\n#endif\n')


def quotes(n):
    return HEAD + lines(n, 'cpp_quote("#define Q@ @")\n')


def strings(n):
    return HEAD + 'const char *TEXT = ' + lines(n, '"text @ "\n') + ';\n'


def comments(n):
    return HEAD + '/**\n' + lines(n, ' * Line @ of a comment that is long.\n') + ' */\n' \
        + interface(1, 'IC', 'HRESULT M([in] LONG a);\n')


def documented(n):
    return HEAD + interface(1, 'ID', lines(n, '/// What @ does.\nHRESULT M@(void);\n'))


def attributes(n):
    return HEAD + '[object, uuid(11111111-0000-0000-0000-000000000001)\n' + lines(
        n, ', custom(22222222-0000-0000-0000-000000000001, "@")\n') \
        + '] interface IC : IUnknown { HRESULT M([in] LONG a); }\n'


def typedefs(n):
    return HEAD + lines(n, 'typedef LONG T@;\ntypedef T@ *P@, **Q@;\n')


def late_interfaces(n):
    return (HEAD + ''.join(interface(i, f'IL{i}', f'HRESULT M([in] IL{i + 1} *next);\n')
                           for i in range(n)) + interface(n, f'IL{n}', 'HRESULT M(void);\n'))


def mistakes(n):
    return HEAD + 'typedef struct S {\n' + lines(n, 'Unknown@ a@;\n') + '} S;\n' \
        + lines(n, 'typedef LONG Known@;\n')


def duplicates(n):
    return HEAD + lines(n, 'typedef LONG Same;\n')


def unions(n):
    return (HEAD + 'typedef [switch_type(LONG)] union U {\n' + lines(n, '[case(@)] LONG a@;\n')
            + '} U;\n' + interface(1, 'IU', 'HRESULT M([in] LONG t, [in, switch_is(t)] U *u);\n'))


def imports(n):
    files = {f'part{i}.idl': HEAD + f'typedef LONG P{i};\n' for i in range(n)}
    return files, lines(n, 'import "part@.idl";\n')


def includes(n):
    files = {f'part{i}.inc': f'typedef LONG P{i};\n' for i in range(n)}
    return files, HEAD + lines(n, '#include "part@.inc"\n')


def lists_of_imports(n):
    many = n // 8
    web = {f'web{i}.idl': HEAD
           + ''.join(f'import "web{j}.idl";\n' for j in range(max(0, i - 20), i))
           + f'typedef LONG W{i};\n' for i in range(many)}
    return web, lines(many, 'import "web@.idl";\n')


SHAPES = {name: shape for name, shape in list(globals().items())
          if callable(shape) and name not in ('interface', 'async_interface', 'lines')}


WITH_MISTAKES = {'mistakes'}


def write(folder, made):
    files, text = made if isinstance(made, tuple) else ({}, made)
    for name, content in {**files, 'main.idl': text}.items():
        with open(os.path.join(folder, name), 'w', encoding='ascii') as file:
            file.write(content)


def count(uvidl, include, made, is_wrong=False):
    """Instructions, and bytes of all input and output."""
    with tempfile.TemporaryDirectory() as folder:
        write(folder, made)
        run = subprocess.run(
            ['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null', uvidl, '-I', include,
             'main.idl'], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            check=False)
        text = run.stderr.decode('utf-8', 'replace')
        size = sum(entry.stat().st_size for entry in os.scandir(folder))
        found = re.search(r'Collected : (\d+)', text)
        if run.returncode != (1 if is_wrong else 0) or not found:
            raise SystemExit(text[-2000:])
        size += len(text) if run.returncode == 1 else 0
        return int(found.group(1)), size


def check(uvidl, include, name, fixed, size=400):
    shape = SHAPES[name]
    is_wrong = name in WITH_MISTAKES
    few, few_bytes = count(uvidl, include, shape(size), is_wrong)
    many, many_bytes = count(uvidl, include, shape(2 * size), is_wrong)
    growth = (many - fixed) / (few - fixed)
    allowed = SLACK * max(2, many_bytes / few_bytes)
    is_good = growth <= allowed
    print(f'{"ok" if is_good else "FAIL":4} {name:20} {few:11} {many:11} x{growth:.2f}'
          f' (allowed x{allowed:.2f})', flush=True)
    return is_good


def main():
    uvidl, include = sys.argv[1:3]
    if not shutil.which('valgrind'):
        print('skipped: there is no valgrind')
        return 77
    fixed, _ = count(uvidl, include, HEAD)
    results = [check(uvidl, include, name, fixed) for name in sys.argv[3:] or sorted(SHAPES)]
    return 0 if all(results) else 1


if __name__ == '__main__':
    sys.exit(main())
