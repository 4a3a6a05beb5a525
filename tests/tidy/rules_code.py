"""rules_code.py -- rules on what code may name: floors, platform, public headers, banned words.

A rule takes the tree and yields (path, line, what is wrong).
"""

import re

C_LIBRARY = set('''
    assert.h ctype.h errno.h float.h inttypes.h limits.h locale.h math.h setjmp.h signal.h stdarg.h
    stdalign.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h stdlib.h string.h time.h uchar.h
    wchar.h dirent.h dlfcn.h fcntl.h ftw.h getopt.h poll.h pthread.h sched.h spawn.h
    strings.h unistd.h
    sys/eventfd.h sys/mman.h sys/prctl.h sys/random.h sys/resource.h sys/stat.h sys/syscall.h
    link.h sys/time.h sys/types.h sys/wait.h ucontext.h linux/futex.h sanitizer/asan_interface.h
    sanitizer/tsan_interface.h sanitizer/common_interface_defs.h
'''.split())

# Folder: what may stand in quotes and in angle brackets beside the C library. The longest folder
# that fits a file counts; the files of tests may include everything.
FLOORS = {
    'idl': (r'idl/', r'$^'),
    'codegen': (r'(idl|codegen)/', r'$^'),
    'runtime': (r'runtime/(?!check/)', r'uvcom/|uv\.h$'),
    'runtime/check': (r'runtime/', r'uvcom/|uv\.h$|check\.h$'),
    'include/uvcom': (r'$^', r'uvcom/'),
    # Windows' own names for the same headers include each other by those names.
    'include/uvcom/compat': (r'$^',
                             r'uvcom/|(windows|unknwn|objbase|objidl|ole2|rpc|rpcndr)\.h$'),
    'samples': (r'[^/]+$', r'uvcom/'),
}
FLOOR_EXCEPTIONS = {
    # The one public header that knows libuv.
    'include/uvcom/loop.h': r'uv\.h$',
    # A foreign COM base is adopted when it is there.
    'include/uvcom/base.h': r'wsl/winadapter\.h$',
    # The two views of the platform: the exploring build's is in runtime/check.
    'runtime/platform.h': r'runtime/check/',
    'runtime/platform_explore.h': r'runtime/check/',
}

# What only runtime/platform* may name.
PLATFORM_WORDS = (r'\b(_Atomic\b|atomic_\w+|__atomic\w*|__sync\w*|(?:SYS_)?futex\b|FUTEX_\w+'
                  r'|pthread_\w+|(?:malloc|calloc|realloc|free)\s*\(|clock_gettime|nanosleep'
                  r'|uv_async_send|uv_dl\w+|uv_thread_\w+|uv_mutex_\w+|uv_cond_\w+|uv_sem_\w+'
                  r'|uv_queue_work'
                  r'|syscall\s*\(|dl(?:open|close|sym|addr|_iterate_phdr)\s*\()')
CODE = r'\b(?:(?:[A-Z]+_)?[SE]_[A-Z][A-Z0-9_]*|RPC_X_[A-Z_]+|ERROR_[A-Z_]+)\b'


def floors(tree):
    """#include goes only down the floors"""
    for file in tree.c_files():
        folder = max((f for f in FLOORS if file.path.startswith(f + '/')), key=len, default=None)
        if folder is None:
            continue
        quoted, angle = FLOORS[folder]
        extra = FLOOR_EXCEPTIONS.get(file.path, r'$^')
        for line, match in file.find(r'^ *# *include *(["<])([^">]+)[">]', file.text):
            kind, name = match.groups()
            allowed = re.match(quoted if kind == '"' else angle, name) or re.match(extra, name)
            if kind == '<' and name in C_LIBRARY:
                allowed = True
            if not allowed:
                yield file.path, line, '%s must not include %s' % (folder, name)
    banned = {'idl': 'public_inc|uv_dep|check_dep|codegen|runtime',
              'codegen': 'public_inc|uv_dep|check_dep|uvcom_dep', 'samples': 'root_inc',
              'runtime': 'idl_lib|codegen_lib|check_dep'}
    for folder, words in banned.items():
        file = tree.by_path(folder + '/meson.build')
        for line, match in file.find(r'\b(%s)\b' % words,
                                     re.sub('#[^\n]*', '', file.text)) if file else ():
            yield file.path, line, '%s must not see %s' % (folder, match.group(0))


def public_headers(tree):
    """public headers have no _Atomic, no <stdatomic.h>, and no libuv outside loop.h"""
    for file in tree.c_files():
        if not file.path.startswith('include/'):
            continue
        for line, match in file.find(r'\b_Atomic\b|\batomic_\w+|<stdatomic\.h>'):
            yield file.path, line, match.group(0)
        if file.path != 'include/uvcom/loop.h':
            for line, match in file.find(r'\buv_\w+|<uv\.h>'):
                yield file.path, line, match.group(0)


def banned_words(tree):
    """no XXX, TODO, FIXME; no strcpy, sprintf, alloca; exit only in a main.c"""
    for file in tree.files:
        if tree.is_data(file) or file.folder == 'tests/tidy':
            continue
        for line, match in file.find(r'\b(XXX|TODO|FIXME)\b', file.text):
            yield file.path, line, match.group(0)
    for file in tree.c_files():
        for line, match in file.find(r'\b(str(?:n?cpy|n?cat)|v?sprintf|gets|alloca)\s*\('):
            yield file.path, line, match.group(1)
        if file.name != 'main.c':
            for line, _ in file.find(r'(?<![\w.>])exit\s*\('):
                yield file.path, line, 'exit outside a main.c'


def platform(tree):
    """only runtime/platform* names atomics, futexes, threads, allocation, time, loading"""
    for file in tree.c_files():
        if file.folder == 'runtime' and not file.name.startswith('platform'):
            for line, match in file.find(PLATFORM_WORDS):
                yield file.path, line, '%s belongs behind platform.h' % match.group(1).strip('( ')


def no_sleep(tree):
    """tests never sleep"""
    for file in tree.c_files():
        if file.path.startswith('tests/'):
            for line, match in file.find(r'\b(u?sleep|nanosleep|clock_nanosleep|uv_sleep)\s*\('):
                yield file.path, line, '%s: use a gate' % match.group(1)


def return_codes(tree):
    """every code that a header's @return names is in the table of HRESULTs"""
    table = ''.join(file.text for file in tree.files
                    if file.folder == 'include/uvcom' and file.name.startswith('hresult'))
    known = set(re.findall(r'\b[A-Z][A-Z0-9_]+\b', re.sub(r'/\*.*?\*/', '', table, flags=re.S)))
    for file in tree.c_files():
        if not file.is_header:
            continue
        for line, match in file.find(r'@return(?:[^*]|\*(?!/))*', file.text):
            for code in re.findall(CODE, match.group(0)):
                if code not in known:
                    yield file.path, line, '%s is no code that hresult.h knows' % code


def machine_paths(tree):
    """no file names a place on somebody's machine"""
    for file in tree.files:
        if tree.is_data(file) or file.folder == 'tests/tidy':
            continue
        for line, match in file.find(r'(?<![\w.}>/])/(work|home|root|Users)/\w+', file.text):
            yield file.path, line, match.group(0)


RULES = [floors, public_headers, banned_words, platform, no_sleep, return_codes, machine_paths]
