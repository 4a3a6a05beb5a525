"""source.py -- the tree as the rules see it: which files there are, their text, their functions.

It judges nothing; that is for rules_*.py.
"""

import os
import re

# Inputs and expected outputs of tests, wrong on purpose or to the byte.
DATA_FOLDERS = {'bad', 'ok', 'corpus'}
TEXT_NAMES = ('.c', '.h', '.cpp', '.py', '.pml', '.idl', '.md', '.build', '.txt', '.sh', '.pc',
              '.in')
BARE_NAMES = {'Makefile', 'bootstrap', 'run', 'check', 'check-full', 'try-fresh', 'LICENSE',
              '.clang-format', '.editorconfig', '.gitignore'}

COMMENT_OR_STRING = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def is_build_folder(name):
    return name == 'build' or name.startswith('build-')


def blank(match):
    """Spaces for every character, so that lines and columns stay what they were."""
    return re.sub(r'[^\n]', ' ', match.group(0))


class Function:
    """One function definition of a C file."""

    def __init__(self, name, first, last, parameters):
        self.name = name
        self.first = first  # line of the signature, from 1
        self.last = last  # line of the closing brace
        self.parameters = parameters

    @property
    def length(self):
        return self.last - self.first + 1


class File:
    """One file; `path` is relative to the top and has forward slashes."""

    def __init__(self, root, path):
        self.path = path
        self.name = os.path.basename(path)
        self.folder = os.path.dirname(path)
        with open(os.path.join(root, path), 'rb') as file:
            self.bytes = file.read()
        self.text = self.bytes.decode('utf-8', 'replace')
        self.lines = self.text.split('\n')
        self._code = None

    @property
    def is_c(self):
        return self.path.endswith(('.c', '.h', '.cpp'))

    @property
    def is_header(self):
        return self.path.endswith('.h')

    @property
    def is_generated(self):
        """Golden files: what uvidl writes, held to the same limits where they make sense."""
        return '/golden/' in self.path

    @property
    def code(self):
        """The text without comments and what is inside strings; same lines, same columns."""
        if self._code is None:
            self._code = COMMENT_OR_STRING.sub(blank, self.text)
        return self._code

    def find(self, pattern, text=None):
        """Each match of a pattern in the code (or in another text), as (line, match)."""
        text = self.code if text is None else text
        for match in re.finditer(pattern, text, re.M):
            yield text.count('\n', 0, match.start()) + 1, match

    def functions(self):
        """Definitions, found by the house's format: the brace stands alone in the first column."""
        lines = self.code.split('\n')
        start = None
        for i, line in enumerate(lines):
            if line.rstrip() == '{' and start is None:
                start = i
            elif line.startswith('}') and start is not None:
                yield self._function(lines, start, i)
                start = None

    @staticmethod
    def _function(lines, brace, end):
        first = brace
        while first > 0 and lines[first - 1].strip() and not re.search(
                r'[;}]\s*$|^#|\\$', lines[first - 1]):
            first -= 1
        signature = ' '.join(lines[first:brace])
        name = re.search(r'(\w+)\s*\(', signature)
        depth, commas, words = 0, 0, ''
        for char in signature[name.end(1):] if name else '':
            depth += (char == '(') - (char == ')')
            commas += char == ',' and depth == 1
            words += char
            if char == ')' and depth == 0:
                break
        empty = words.strip() in ('', '()', '(void)')
        return Function(name.group(1) if name else '?', first + 1, end + 1,
                        0 if empty else commas + 1)


class Tree:
    """All text files below a folder, build folders and git's own left out."""

    def __init__(self, root):
        self.root = root
        self.files = []
        self.folders = []
        for folder, folders, names in os.walk(root):
            below = os.path.relpath(folder, root).replace(os.sep, '/')
            below = '' if below == '.' else below
            folders[:] = sorted(f for f in folders if f not in ('.git', '__pycache__')
                                and not (below == '' and is_build_folder(f)))
            self.folders.append(below)
            for name in sorted(names):
                if name.endswith(TEXT_NAMES) or name in BARE_NAMES:
                    self.files.append(File(root, (below + '/' + name).lstrip('/')))

    @staticmethod
    def is_data(file):
        return bool(DATA_FOLDERS & set(file.folder.split('/')))

    def c_files(self):
        return [file for file in self.files if file.is_c and not self.is_data(file)]

    def by_path(self, path):
        return next((file for file in self.files if file.path == path), None)
