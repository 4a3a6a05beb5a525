#!/usr/bin/env python3
"""test_tidy.py -- tidy on trees that are wrong on purpose: each rule must see what was planted.

Every row of SAMPLES plants one mistake in a small clean tree and names the rule that must object,
and the place. The clean tree itself must pass, or a rule that always objects would look good.
"""

import os
import shutil
import subprocess
import sys
import tempfile

import rules_code
import rules_text
import rules_tree
import tidy
from source import Tree

README = '# part\n'
HEAD = '/*\n * %s -- stands for something.\n */\n'
CLEAN = {
    'idl/ast.h': HEAD % 'ast.h' + '#ifndef IDL_AST_H\n#define IDL_AST_H\n\n#include <stddef.h>\n\n'
                                  'int ast_count(int a, int b);\n\n#endif\n',
    'idl/ast.c': HEAD % 'ast.c' + '#include "idl/ast.h"\n\nint ast_count(int a, int b)\n{\n'
                                  '    if (a)\n        return b;\n    return a;\n}\n',
    'idl/meson.build': "idl_sources = [\n  'ast.c',\n]\n",
    'runtime/call.c': HEAD % 'call.c' + '#include <uv.h>\n#include <uvcom/base.h>\n\n'
                                        '/* malloc( here is a word in a comment */\n'
                                        'const char call_text[] = "malloc(pthread_t)";\n',
    'runtime/platform.h': HEAD % 'platform.h' + '#ifndef RUNTIME_PLATFORM_H\n'
                                                '#define RUNTIME_PLATFORM_H\n\nstruct word {\n'
                                                '    _Atomic int value;\n};\n\n#endif\n',
    'runtime/meson.build': "runtime_sources = [\n  'call.c',\n]\n",
    'include/uvcom/base.h': HEAD % 'uvcom/base.h' + '#ifndef UVCOM_BASE_H\n#define UVCOM_BASE_H\n\n'
                                                    '/** @return S_OK, E_POINTER */\n'
                                                    'int uvcom_base(void);\n\n#endif\n',
    'include/uvcom/loop.h': HEAD % 'uvcom/loop.h' + '#ifndef UVCOM_LOOP_H\n#define UVCOM_LOOP_H\n\n'
                                                    '#include <uv.h>\n\n'
                                                    'int uvcom_loop(uv_loop_t *loop);\n\n#endif\n',
    'include/uvcom/hresult.h': HEAD % 'uvcom/hresult.h' +
                               '#ifndef UVCOM_HRESULT_H\n#define UVCOM_HRESULT_H\n\n'
                               '#define S_OK 0\n#define E_POINTER 1\n\n#endif\n',
    'tests/test_call.c': HEAD % 'test_call.c' + '#include "idl/ast.h"\n#include "runtime/call.h"\n',
    'tests/meson.build': "test('test_call',\n  executable('test_call', 'test_call.c'),\n"
                         "  suite: 'runtime')\n",
    'tests/codegen/golden/a.h': HEAD % 'a.h' + '#ifndef __a_h__\n#define __a_h__\n#endif\n',
    'tests/idl/bad/tab.idl': '\tinterface   \n\n\n' + 'x' * 200,
    'Makefile': '# Makefile -- the front door.\n\ndemo:\n\tmeson\n',
}
for _folder in [''] + rules_tree.WITH_README:
    CLEAN[(_folder + '/README.md').lstrip('/')] = README

LONG_FUNCTION = 'void long_one(void)\n{\n' + '    call();\n' * 68 + '}\n'
DEEP = 'void deep(void)\n{\n' + ''.join('    ' * n + 'if (x)\n' for n in range(1, 6)) + '}\n'

# Rule, file, what is added at its end (or, in a pair, what is replaced by what), the line
# complained of.
SAMPLES = [
    ('columns', 'idl/ast.c', '/* ' + 'x' * 98 + ' */\n', 12),
    ('columns', 'idl/meson.build', '# ' + 'y' * 99 + '\n', 4),
    ('columns', 'tests/codegen/golden/a.h', '/* ' + 'x' * 98 + ' */\n', 7),
    ('blanks', 'idl/ast.c', '\tint x;\n', 12),
    ('blanks', 'idl/ast.h', 'int x; \n', 12),
    ('blanks', 'idl/ast.c', 'int x;', 12),
    ('blanks', 'idl/ast.c', '\n', 13),
    ('file_length', 'idl/ast.c', 'int x;\n' * 590, 0),
    ('file_length', 'idl/ast.h', 'int x;\n' * 240, 0),
    ('function_length', 'idl/ast.c', LONG_FUNCTION, 12),
    ('function_length', 'tests/test_call.c', LONG_FUNCTION, 6),
    ('parameters', 'idl/ast.c', 'static void f(int a, int b, int c,\n    int d, int e, int f,\n'
                                '    int g)\n{\n}\n', 12),
    ('nesting', 'idl/ast.c', DEEP, 18),
    ('head_comment', 'idl/ast.c', ('ast.c --', 'astronomy.c --'), 1),
    ('head_comment', 'idl/ast.c', ('/*\n *', '/* '), 1),
    ('head_comment', 'Makefile', ('# Makefile', '# Something'), 1),
    ('include_guard', 'idl/ast.h', ('IDL_AST_H', 'AST_H'), 1),
    ('include_guard', 'include/uvcom/base.h', ('UVCOM_BASE_H', 'INCLUDE_UVCOM_BASE_H'), 1),
    ('floors', 'idl/ast.c', '#include <uv.h>\n', 12),
    ('floors', 'idl/ast.c', '#include "runtime/call.h"\n', 12),
    ('floors', 'idl/ast.c', '#include "codegen/out.h"\n', 12),
    ('floors', 'idl/ast.c', '#include <uvcom/base.h>\n', 12),
    ('floors', 'runtime/call.c', '#include "idl/ast.h"\n', 9),
    ('floors', 'runtime/call.c', '#include "runtime/check/explore.h"\n', 9),
    ('floors', 'runtime/call.c', '#include <curl/curl.h>\n', 9),
    ('floors', 'include/uvcom/base.h', '#include <uv.h>\n', 11),
    ('floors', 'include/uvcom/base.h', '#include "runtime/call.h"\n', 11),
    ('floors', 'idl/meson.build', "x = static_library('x', dependencies: uv_dep)\n", 4),
    ('public_headers', 'include/uvcom/base.h', '_Atomic int x;\n', 11),
    ('public_headers', 'include/uvcom/base.h', '#include <stdatomic.h>\n', 11),
    ('public_headers', 'include/uvcom/base.h', 'uv_loop_t *loop;\n', 11),
    ('banned_words', 'idl/ast.c', '/* XX' 'X: later */\n', 12),
    ('banned_words', 'README.md', 'TO' 'DO\n', 2),
    ('banned_words', 'idl/ast.c', 'int x = sprintf(a, b);\n', 12),
    ('banned_words', 'idl/ast.c', 'int x = strcpy (a, b);\n', 12),
    ('banned_words', 'idl/ast.c', 'int x = exit(1);\n', 12),
    ('platform', 'runtime/call.c', 'static _Atomic int x;\n', 9),
    ('platform', 'runtime/call.c', 'int x = atomic_load(&y);\n', 9),
    ('platform', 'runtime/call.c', 'int x = __atomic_load_n(&y, 0);\n', 9),
    ('platform', 'runtime/call.c', 'int x = __sync_fetch_and_add(&y, 1);\n', 9),
    ('platform', 'runtime/call.c', 'int x = syscall(SYS_futex);\n', 9),
    ('platform', 'runtime/call.c', 'pthread_t x;\n', 9),
    ('platform', 'runtime/call.c', 'int *x = malloc(3);\n', 9),
    ('platform', 'runtime/call.c', 'int *x = free (y);\n', 9),
    ('platform', 'runtime/call.c', 'int x = uv_async_send(y);\n', 9),
    ('platform', 'runtime/call.c', 'uv_mutex_t x;\n', 9),
    ('platform', 'runtime/call.c', 'uv_thread_t x;\n', 9),
    ('platform', 'runtime/call.c', 'int x = uv_queue_work(y);\n', 9),
    ('platform', 'runtime/call.c', 'int x = clock_gettime(y);\n', 9),
    ('platform', 'runtime/call.c', 'void *x = dlopen(y, 0);\n', 9),
    ('no_sleep', 'tests/test_call.c', 'int x = usleep(100);\n', 6),
    ('no_sleep', 'tests/test_call.c', 'int x = uv_sleep(100);\n', 6),
    ('return_codes', 'include/uvcom/base.h', '/** @return RPC_E_CALL_PENDNG */\n', 11),
    ('machine_paths', 'README.md', 'See /ho' 'me/somebody/x.\n', 2),
    ('top_level', 'notes/a.c', HEAD % 'a.c', 0),
    ('readmes', 'samples/coffee/a.c', HEAD % 'a.c', 0),
    ('readmes', 'idl/README.md', None, 0),
    ('links', 'README.md', '[where](docs/none.md)\n', 2),
    ('listed', 'idl/parser.c', HEAD % 'parser.c', 0),
    ('listed', 'tests/meson.build', ("suite: 'runtime'", 'timeout: 3'), 1),
]


def write_tree(root, files):
    for path, text in files.items():
        os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
        with open(os.path.join(root, path), 'w', encoding='utf-8', newline='') as file:
            file.write(text)


def planted(path, change):
    """The clean tree with one change; a change of None takes the file away."""
    files = dict(CLEAN)
    if change is None:
        del files[path]
    elif isinstance(change, tuple):
        assert change[0] in files[path], (path, change)
        files[path] = files[path].replace(*change)
    else:
        files[path] = files.get(path, '') + change
    return files


def problems(files):
    """What the rules that need only the source say: {rule: [(path, line), ...]}."""
    root = tempfile.mkdtemp()
    try:
        write_tree(root, files)
        tree = Tree(root)
        rules = rules_text.RULES + rules_code.RULES + rules_tree.RULES
        found = {rule.__name__: [(path, line) for path, line, _ in rule(tree)] for rule in rules}
        return {name: places for name, places in found.items() if places}
    finally:
        shutil.rmtree(root)


def built_problems(rule, files, commands=()):
    """What a rule of BUILT_RULES says about a tree in which some commands were run first."""
    root = tempfile.mkdtemp()
    try:
        write_tree(root, files)
        for command in commands:
            subprocess.run(command, cwd=root, check=True)
        options = tidy.parse_arguments(['--shared', os.path.join(root, 'x.so'),
                                        '--static', os.path.join(root, 'x.a')])
        return [text for _, _, text in rule(Tree(root), options)]
    finally:
        shutil.rmtree(root)


def symbols_are_checked():
    source = 'int %s(void)\n{\n    return 0;\n}\n'
    cc = os.environ.get('CC', 'cc').split()
    commands = [cc + ['-c', '-fPIC', 'x.c', '-o', 'x.o'], cc + ['-shared', 'x.o', '-o', 'x.so'],
                ['ar', 'rc', 'x.a', 'x.o']]

    def said(name):
        return built_problems(rules_tree.symbols, {'x.c': source % name}, commands)
    return (said('uvcom_wait') == [] and said('CoUninitialize') == [] and
            said('uvcom__hidden') == ['global symbol uvcom__hidden'] and
            said('call_step') == ['global symbol call_step'] * 2)


def format_is_checked():
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, '..', '..', '.clang-format'), encoding='utf-8') as style:
        files = dict(CLEAN, **{'.clang-format': style.read()})
    if built_problems(rules_tree.formatted, files):
        return False
    files['idl/ast.c'] += 'int x  =  3;\n'
    return built_problems(rules_tree.formatted, files) != []


def every_rule_has_a_sample():
    names = {rule.__name__ for rule in rules_text.RULES + rules_code.RULES + rules_tree.RULES}
    return names == {sample[0] for sample in SAMPLES}


def main():
    results = [('the clean tree passes', problems(CLEAN) == {}),
               ('every rule has a sample', every_rule_has_a_sample())]
    for rule, path, change, line in SAMPLES:
        places = problems(planted(path, change)).get(rule, [])
        wanted = path.split('/')[0] if rule == 'top_level' else path
        wanted = 'samples/coffee/README.md' if wanted == 'samples/coffee/a.c' else wanted
        results.append(('%s sees %r in %s (got %s)' % (rule, str(change)[:40], path, places),
                        set(places) == {(wanted, line)}))
    for check in (symbols_are_checked, format_is_checked):
        try:
            results.append((check.__name__, check()))
        except rules_tree.Skip as reason:
            results.append(('%s # SKIP %s' % (check.__name__, reason), True))
    print('1..%d' % len(results))
    for number, (title, good) in enumerate(results, 1):
        print('%s %d - %s' % ('ok' if good else 'not ok', number, title))
    return 0 if all(good for _, good in results) else 1


if __name__ == '__main__':
    sys.exit(main())
