"""hostile.py -- input that wants to hurt: within 5 s and 1 GB uvidl gives a result or a message.

Each case is a set of files and a command line. Nothing may crash, hang or write outside the chosen
folder, and a failure leaves nothing behind. What succeeds must be C that a compiler takes, with
none of the marker word INJECTED outside of strings and comments.

Usage: hostile.py UVIDL INCLUDE C_INCLUDE [--slow FACTOR] [CASE ...]
FACTOR is how much longer a sanitized build may take.
"""
import argparse
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SECONDS = 5
BYTES = 1 << 30
MARKER = 'INJECTED'

HEAD = 'import "unknwn.idl";\n'
OBJECT = '[object, uuid(11111111-0000-0000-0000-000000000001)]\n'


def interface(body, name='IX'):
    return f'{HEAD}{OBJECT}interface {name} : IUnknown {{\n{body}}}\n'


def noise(size, alphabet=None):
    source = random.Random(size)
    return (source.randbytes(size) if alphabet is None
            else ''.join(source.choices(alphabet, k=size)))


WORDS = ('interface struct union enum typedef [ ] { } ( ) , ; : * import "a" #define #if #endif '
         'const LONG = + - 1 0x size_is ( object uuid \n \n // /* */ ## # ... \\ \' " HRESULT '
         'library coclass dispinterface module namespace SAFEARRAY cpp_quote L"x" ? <').split(' ')


def doubling(first, step, count):
    return first + ''.join(step.replace('@', str(i)).replace('%', str(i - 1))
                           for i in range(1, count))


def web(count):
    files = {f'w{i}.idl': ''.join(f'import "w{j}.idl";\n' for j in range(count) if j != i)
             for i in range(count)}
    return {**files, 'main.idl': 'import "w0.idl";\n'}


def nested(opening, inner, closing, count=100000, before='', after=''):
    return before + opening * count + inner + closing * count + after


CASES = {
    # bytes
    'random_bytes': lambda: noise(1 << 20),
    'random_60_mb': lambda: noise(60 << 20),
    'random_words': lambda: ' '.join(noise(200000, WORDS)),
    'nuls': lambda: b'\0' * (1 << 20),
    'nul_in_the_middle': lambda: 'typedef LONG A;\0 typedef LONG B;\n',
    'high_bytes': lambda: b'\xff\xfe' * 500000,
    'utf16': lambda: ('\ufeff' + interface('HRESULT M(void);\n')).encode('utf-16-le'),
    'nothing': lambda: '',
    # nesting
    'parentheses': lambda: nested('(', '1', ')', before='const long C = ', after=';\n'),
    'operators': lambda: 'const long C = ' + '-' * 1000000 + '1;\n',
    'conditional': lambda: 'const long C = ' + '1 ? 1 : ' * 100000 + '1;\n',
    'conditional_left': lambda: 'const long C = ' + '1 ? ' * 100000 + '1' + ' : 1' * 100000
    + ';\n',
    'sum': lambda: 'const long C = 1' + ' + 1' * 1000000 + ';\n',
    'casts': lambda: 'const long C = ' + '(long)' * 100000 + '1;\n',
    'structs': lambda: nested('struct { ', 'long a;', '} b; ', before='typedef ', after=' T;\n'),
    'pointers': lambda: 'typedef long ' + '*' * 1000000 + 'P;\n',
    'arrays': lambda: 'typedef long A' + '[2]' * 100000 + ';\n',
    'declarators': lambda: nested('(', 'f', ')', before='typedef long ', after='(void);\n'),
    'functions': lambda: nested('void (*f)(', 'void', ')', before='typedef ', after=';\n'),
    'attributes': lambda: nested('[', 'in', ']'),
    'braces': lambda: '{' * 1000000,
    'closing_braces': lambda: '}' * 1000000,
    'libraries': lambda: '[uuid(11111111-0000-0000-0000-000000000001)] library L {' * 100000,
    'namespaces': lambda: 'namespace N {' * 100000,
    'templates': lambda: 'interface I : A' + '<A' * 100000 + '>' * 100000 + ' {}\n',
    'ifs': lambda: '#if 1\n' * 100000 + '#endif\n' * 100000,
    'false_ifs': lambda: '#if 0\n' * 100000,
    'if_parentheses': lambda: nested('(', '1', ')', before='#if ', after='\n#endif\n'),
    'if_operators': lambda: '#if ' + '!' * 1000000 + '1\n#endif\n',
    'typedefs': lambda: doubling('typedef long T0;\n', 'typedef T% T@;\n', 100000),
    'constants': lambda: doubling('const long C0 = 1;\n', 'const long C@ = C% + 1;\n', 20000),
    'bases': lambda: HEAD + doubling(
        'interface I0 : IUnknown {}\n', 'interface I@ : I% {}\n', 20000),
    'late_bases': lambda: HEAD + ''.join(
        f'{OBJECT.replace("001", f"{i:03x}")}interface I{i} : I{i + 1} {{}}\n'
        for i in range(1, 4000)),
    # files
    'include_itself': lambda: '#include "main.idl"\n',
    'include_each_other': lambda: {'main.idl': '#include "b"\n', 'b': '#include "main.idl"\n'},
    'include_twice': lambda: {'main.idl': '#include "f0"\n', **{
        f'f{i}': f'#include "f{i + 1}"\n' * 2 for i in range(30)}, 'f30': 'typedef long A;\n'},
    'include_a_folder': lambda: '#include "."\n#include "/dev/zero"\n#include "/dev/stdin"\n',
    'import_itself': lambda: 'import "main.idl";\n',
    'import_each_other': lambda: {
        'main.idl': 'import "b.idl";\n', 'b.idl': 'import "main.idl";\n', 'b.h': ''},
    'import_web': lambda: web(200),
    'import_lattice': lambda: {'main.idl': 'import "w39.idl";\n', 'w39.h': '', **{
        f'w{i}.idl': ''.join(f'import "w{j}.idl";\n' for j in range(max(0, i - 20), i))
        for i in range(40)}},
    'import_chain': lambda: {'main.idl': 'import "c0.idl";\n', **{
        f'c{i}.idl': f'import "c{i + 1}.idl";\n' for i in range(500)}},
    'imports_that_are_not_there': lambda: ''.join(f'import "x{i}.idl";\n' for i in range(20000)),
    # macros
    'bomb': lambda: doubling('#define A0 1 1\n', '#define A@ A% A%\n', 60)
    + 'const long C = A59;\n',
    'bomb_of_arguments': lambda: '#define F(x) x x\nconst long C = ' + 'F(' * 40 + '1' + ')' * 40,
    'bomb_of_functions': lambda: doubling('#define F0(x) x x\n', '#define F@(x) F%(x) F%(x)\n', 60)
    + 'const long C = F59(1);\n',
    'bomb_of_names': lambda: '#define C(a) a ## a\n' + doubling(
        '#define D0 C(abcdefgh)\n', '#define E@(x) C(x)\n', 3) + doubling(
        '#define G0(x) x##x\n', '#define G@(x) G%(x##x)\n', 40) + 'typedef long G39(abcdefgh);\n',
    'bomb_of_strings': lambda: '#define S(x) #x\n#define T(x) S(x)\n' + 'cpp_quote('
    + 'T(' * 30 + '"' + '\\\\' * 10 + '"' + ')' * 30 + ')\n',
    'bomb_of_arguments_of_many': lambda: '#define V(...) __VA_ARGS__, __VA_ARGS__\n'
    + 'typedef enum { ' + 'V(' * 40 + 'A' + ')' * 40 + ' } E;\n',
    'macro_of_itself': lambda: '#define A A B\n#define B A\nconst long C = A;\n',
    'macro_chain': lambda: doubling('#define M0 1\n', '#define M@ M%\n', 100000)
    + 'const long C = M99999;\n',
    'macro_without_end': lambda: '#define F(x) x\nconst long C = F(' + '(' * 1000000,
    'macro_of_many_arguments': lambda: '#define F(x) x\nconst long C = F(' + ',' * 1000000 + ');\n',
    'macro_of_many_parameters': lambda: '#define F(' + ','.join(
        f'p{i}' for i in range(50000)) + ') p1\nconst long C = F(1);\n',
    'if_of_a_bomb': lambda: doubling('#define A0 1+1\n', '#define A@ A%+A%\n', 60)
    + '#if A59\n#endif\n',
    # length
    'comment_60_mb': lambda: '/*' + 'x' * (60 << 20) + '*/\n',
    'blanks_60_mb': lambda: ' ' * (60 << 20),
    'lines_60_mb': lambda: '\n' * (60 << 20),
    'continued_60_mb': lambda: '\\\n' * (30 << 20),
    'comments_60_mb': lambda: '/**/' * (15 << 20),
    'line_comments_60_mb': lambda: '//\n' * (20 << 20),
    'semicolons_60_mb': lambda: ';' * (60 << 20),
    'declarations_60_mb': lambda: 'typedef struct { long aaaaaaaaaaaaaaaaaaa; } b;\n' * 1200000,
    'strings_60_mb': lambda: 'const char *S = ' + '"' + 'x' * (60 << 20) + '";\n',
    'quote_60_mb': lambda: 'cpp_quote("' + 'x' * (60 << 20) + '")\n',
    'number_60_mb': lambda: 'const long C = ' + '1' * (60 << 20) + ';\n',
    'hashes_20_mb': lambda: '#\n' * (10 << 20),
    'defines_20_mb': lambda: '#define A\n#undef A\n' * 1100000,
    'too_big': lambda: ' ' * (65 << 20),
    'long_name': lambda: 'typedef long ' + 'a' * 1000000 + ';\n',
    'long_name_of_interface': lambda: interface('HRESULT M(void);\n', 'I' + 'x' * 1000000),
    'long_name_of_macro': lambda: '#define ' + 'a' * 1000000 + ' 1\n',
    'long_name_unknown': lambda: 'typedef ' + 'a' * 1000000 + ' b;\n',
    'long_name_of_attribute': lambda: '[' + 'a' * 1000000 + '] interface I;\n',
    'long_name_of_file': lambda: 'import "' + 'a' * 1000000 + '";\n',
    'long_directive': lambda: '#' + 'a' * 1000000 + '\n',
    'long_error': lambda: '#error ' + 'a' * 1000000 + '\n',
    'many_errors': lambda: 'typedef Unknown a;\n' * 200000,
    'many_unterminated': lambda: "'\n\"\n" * 200000,
    'underscores': lambda: HEAD + ''.join(f'typedef LONG a{"_" * i};\n' for i in range(2000))
    + f'{OBJECT}interface IX : IUnknown {{\n'
    + ''.join(f'HRESULT M{i}([in] LONG a);\n' for i in range(2000)) + '}\n',
    'same_names': lambda: interface('HRESULT M([in] LONG a, [in] LONG a);\n' * 20000),
    'unknown_sizes': lambda: interface('HRESULT M(' + ''.join(
        f'[in, size_is(nn{i})] LONG *a{i}, ' for i in range(5000)) + '[in] LONG z);\n'),
    # text that would be code
    'injection_comment': lambda: f'/* *\\/ {MARKER} */\n// x \\\n{MARKER}\n' + interface(
        f'/** * / {MARKER} *\\\n/ {MARKER} */ HRESULT M([in] LONG a); ///< \\\n {MARKER}\n'),
    'injection_line_comment': lambda: f'// */ {MARKER} /*\n' + interface(
        f'/// */ {MARKER} /*\nHRESULT M([in] LONG a); ///< */ {MARKER} /*\n'
        f'/// ??/\n/// {MARKER} \\\nHRESULT N([in] LONG a);\n'),
    'injection_string': lambda: HEAD + ''.join(
        f'const char *S{i} = "{text}{MARKER}";\n' for i, text in enumerate(
            ['\\"; ', '\\\\\\"', '\\n', '??/\\"', '\\0', '*/', '\\x22; ', '\\042; ', '%s%n'])),
    'injection_character': lambda: HEAD + "const char C = '\\'';\nconst char D = '\\\\';\n"
    "const wchar_t E = L'\\x27';\nconst char F = '\\n';\n",
    'injection_helpstring': lambda: f'[object, uuid(11111111-0000-0000-0000-000000000001), '
    f'helpstring("*/ {MARKER} \\" \\n {MARKER}")] interface I : IUnknown {{}}\n',
    'injection_import': lambda: {
        'main.idl': f'import "a\\"\\n{MARKER}.idl";\nimport "unknwn.idl";\n',
        f'a"\n{MARKER}.idl': 'typedef long A;\n'},
    'injection_number': lambda: f'const long C = 1{MARKER};\n',
    'injection_uuid': lambda: f'[object, uuid(11111111-0000-0000-0000-00000000000{MARKER})] '
    'interface I : IUnknown {}\n',
    'injection_pragma': lambda: f'#pragma pack(1) {MARKER}\n#pragma x\\\n{MARKER}\n'
    'typedef struct { long a; } S;\n',
    'injection_line': lambda: f'#line 7 "x*/ {MARKER} /*\\n{MARKER}"\n' + interface(
        'HRESULT M([in] LONG a);\n'),
}

# Each as a parameter, a field, a tag, a method, an enumerator, a typedef, an interface.
RESERVED = '''
alignas alignof and asm assert auto bool break case catch char class complex const_cast constexpr
continue decltype default delete do double dynamic_cast else enum errno explicit export extern false
float for friend goto I if imaginary inline int interface long main mutable namespace new noexcept
NULL nullptr offsetof operator or private protected public register reinterpret_cast restrict return
S_OK setjmp short signed sizeof static static_assert static_cast stderr stdin stdout struct switch
template this This thread_local throw TRUE true try typedef typeid typename typeof typeof_unqual
union unsigned using va_arg virtual void volatile wchar_t while xor _Alignas _Atomic _Bool _Complex
_Generic _Noreturn _Static_assert _Thread_local __asm__ __attribute__ __func__ __FILE__ __LINE__
__cplusplus linux unix EOF BUFSIZ SEEK_SET INT_MAX INFINITY NAN EXTERN_C STDMETHODCALLTYPE frame
hr server call lpVtbl Vtbl QueryInterface AddRef Release
'''.split()

PLACES = {
    'parameter': lambda word: interface(f'HRESULT M([in] LONG {word});\n'),
    'field': lambda word: f'{HEAD}typedef struct S {{ LONG {word}; }} S;\n',
    'tag': lambda word: f'{HEAD}struct {word} {{ LONG a; }};\n',
    'method': lambda word: interface(f'HRESULT {word}([in] LONG a);\n'),
    'enumerator': lambda word: f'{HEAD}typedef enum E {{ {word}, LAST }} E;\n',
    'typedef': lambda word: f'{HEAD}typedef struct S {{ LONG a; }} {word};\n',
    'interface': lambda word: interface('HRESULT M([in] LONG a);\n', word),
    'constant': lambda word: f'{HEAD}const LONG {word} = 1;\n',
}


def write(folder, made):
    files = made if isinstance(made, dict) else {'main.idl': made}
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode('latin-1')
        with open(os.path.join(folder, name), 'wb') as file:
            file.write(data)
    return sorted(files)


def limit(seconds):
    def set_limits():
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return set_limits


def without_text(code):
    """C without comments and strings."""
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', ' ', code,
                  flags=re.S)


def check_output(folder, args):
    header = os.path.join(folder, 'main.h')
    with open(header, encoding='latin-1') as file:
        code = file.read()
    if MARKER in without_text(code):
        return 'text of the IDL became code'
    if len(code) > 4 << 20:
        return None
    for compiler, language in (('cc', 'c'), ('c++', 'c++')):
        folders = [os.path.dirname(args.include), args.c_include, os.path.dirname(folder)]
        run = subprocess.run([compiler, '-x', language, '-fsyntax-only', '-w',
                              *(f'-I{place}' for place in folders), header],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if run.returncode:
            return f'{compiler} refuses the header: ' + run.stdout.decode('latin-1')[:1000]
    return None


def run_case(args, made, compiles=True):
    """What is wrong, or None; and a line of facts."""
    with tempfile.TemporaryDirectory() as top:
        names = write(top, made)
        out = os.path.join(top, 'out')
        os.mkdir(out)
        start = time.monotonic()
        process = subprocess.Popen(
            [args.uvidl, '-I', args.include, '--header', '-o', 'out', 'main.idl'], cwd=top,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            preexec_fn=limit(int(SECONDS * args.slow)))
        messages = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
        cpu = usage.ru_utime + usage.ru_stime
        facts = f'{code:3} {cpu:5.2f} s {usage.ru_maxrss >> 10:5} MB'
        outputs = os.listdir(out)
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return f'no end within {time.monotonic() - start:.1f} s', facts
        if code not in (0, 1, 2) or b'Sanitizer' in messages or b'runtime error' in messages:
            return f'ended with {code}: {messages[-1500:].decode("latin-1")}', facts
        if usage.ru_maxrss << 10 > BYTES * args.slow:
            return 'more than 1 GB', facts
        if sorted(os.listdir(top)) != sorted([*names, 'out']):
            return 'something was written outside of the chosen folder', facts
        if (code == 0) != (outputs == ['main.h']) or (code and outputs):
            return f'status {code}, and the folder has {outputs}', facts
        if code and not messages.strip():
            return 'failed without a message', facts
        if len(messages) > 1 << 20:
            return f'{len(messages)} bytes of messages', facts
        return (check_output(out, args) if code == 0 and compiles else None), facts


def all_cases():
    for name, make in CASES.items():
        yield name, make
    for place, make in PLACES.items():
        for word in RESERVED:
            yield f'{place}_{word}', lambda make=make, word=word: make(word)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('uvidl')
    parser.add_argument('include')
    parser.add_argument('c_include', help='where generated headers of the base interfaces are')
    parser.add_argument('--slow', type=float, default=1)
    parser.add_argument('cases', nargs='*')
    args = parser.parse_args()
    args.uvidl = shutil.which(args.uvidl) or os.path.abspath(args.uvidl)
    bad = 0
    for name, make in all_cases():
        if args.cases and not any(name.startswith(wanted) for wanted in args.cases):
            continue
        problem, facts = run_case(args, make())
        bad += problem is not None
        if problem or name in CASES:
            print(f'{"not ok" if problem else "ok"} - {name} ({facts}) {problem or ""}', flush=True)
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
