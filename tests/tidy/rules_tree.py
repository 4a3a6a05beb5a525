"""rules_tree.py -- rules on the tree and on what was built: folders, meson lists, symbols, format.

A rule takes the tree and yields (path, line, what is wrong). The ones in BUILT_RULES need more
than the source and also take the command line; they raise Skip when that is not there.
"""

import os
import re
import shutil
import subprocess

from source import is_build_folder

TOP = set('''
    .ci .clang-format .editorconfig .git .gitignore LICENSE Makefile README.md codegen idl include
    meson.build meson_options.txt runtime samples tests
'''.split())
WITH_README = ['codegen', 'idl', 'include/uvcom', 'runtime', 'runtime/check', 'samples', 'tests']

# Global symbols of libuvcom that have COM's own names.
COM_NAMES = set('''
    CoInitialize CoInitializeEx CoUninitialize CoRegisterClassObject CoRevokeClassObject
    CoGetClassObject CoCreateInstance CoTaskMemAlloc CoTaskMemRealloc CoTaskMemFree
    CoMarshalInterThreadInterfaceInStream CoGetInterfaceAndReleaseStream RoGetAgileReference
    CoFreeUnusedLibraries CoFreeUnusedLibrariesEx
    CoCancelCall CoTestCancel CoGetCancelObject CoSetCancelObject
    CoEnableCallCancellation CoDisableCallCancellation
    CoGetCallContext CoSwitchCallContext CoImpersonateClient CoRevertToSelf
    CoWaitForMultipleHandles
'''.split())
FORMATTER = '14'  # another version of clang-format lays the same code out differently


class Skip(Exception):
    """The rule cannot be tried on this machine; the text says why."""


def top_level(tree):
    """the top level of the tree is the fixed one"""
    for name in sorted(os.listdir(tree.root)):
        if name not in TOP and not is_build_folder(name):
            yield name, 0, 'does not belong at the top'


def readmes(tree):
    """every part has a README.md"""
    folders = WITH_README + [f for f in tree.folders if re.fullmatch(r'samples/[^/]+', f)]
    for folder in [''] + folders:
        path = (folder + '/README.md').lstrip('/')
        if not os.path.exists(os.path.join(tree.root, path)):
            yield path, 0, 'is missing'


def links(tree):
    """relative links in the READMEs lead somewhere"""
    for file in tree.files:
        if file.path.endswith('.md'):
            for line, match in file.find(r'\]\(([^)#:\s]+)(?:#[^)]*)?\)', file.text):
                target = os.path.join(tree.root, file.folder, match.group(1))
                if not os.path.exists(target):
                    yield file.path, line, '%s does not exist' % match.group(1)


def listed(tree):
    """every .c is in a meson.build, every test in a suite"""
    builds = [file for file in tree.files if file.name == 'meson.build']
    for file in tree.c_files():
        if file.is_header or file.is_generated:
            continue
        known = any(("'%s'" % os.path.relpath(file.path, build.folder or '.')) in build.text
                    for build in builds)
        if not known:
            yield file.path, 0, 'is in no meson.build'
    for build in builds:
        text = re.sub(r'(?m)(^|\s)#[^\n]*', '', build.text)
        for match in re.finditer(r'(?m)^ *test\(', text):
            call = text[match.start():]
            if 'suite:' not in call[:call.find('\n\n')]:
                yield build.path, text.count('\n', 0, match.start()) + 1, 'a test without a suite'


def globals_of(nm, library, dynamic):
    command = [nm, '--defined-only', '--extern-only'] + ['--dynamic'] * dynamic + [library]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for line in output.splitlines():
        words = line.split()
        if len(words) == 3:
            yield words[2].split('@')[0]


def symbols(_, options):
    """the library's global symbols have uvcom's or COM's names"""
    nm = shutil.which('nm')
    if not options.shared or not options.static or not nm:
        raise Skip('no library given, or no nm')
    for library, dynamic, own in ((options.shared, True, r'uvcom_(?!_)\w+'),
                                  (options.static, False, r'uvcom_\w+')):
        count = 0
        for name in globals_of(nm, library, dynamic):
            count += 1
            if not re.fullmatch(own + r'|(IID|CLSID)_\w+', name) and name not in COM_NAMES:
                yield os.path.basename(library), 0, 'global symbol %s' % name
        if count == 0:
            yield os.path.basename(library), 0, 'no symbols at all'


def formatted(tree, options):
    """clang-format leaves every C file as it is"""
    program = (options.clang_format or shutil.which('clang-format-14') or
               shutil.which('clang-format'))
    if not program:
        raise Skip('no clang-format')
    version = subprocess.run([program, '--version'], capture_output=True, text=True).stdout
    if not re.search(r'version %s\.' % FORMATTER, version):
        raise Skip('not clang-format ' + FORMATTER)
    files = [file.path for file in tree.c_files()]
    if not files:
        return
    result = subprocess.run([program, '--dry-run', '--style=file'] + files, cwd=tree.root,
                            capture_output=True, text=True)
    seen = set()
    for path, line in re.findall(r'^(.+?):(\d+):\d+: (?:warning|error):', result.stderr, re.M):
        if path not in seen:  # the first place of each file says enough
            seen.add(path)
            yield path, int(line), 'clang-format would change it'
    if result.returncode != 0 and not seen:
        yield '.clang-format', 0, result.stderr.strip()


RULES = [top_level, readmes, links, listed]
BUILT_RULES = [symbols, formatted]
