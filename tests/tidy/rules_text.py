"""rules_text.py -- rules on the shape of files: columns, blanks, lengths, head comments, guards.

A rule takes the tree and yields (path, line, what is wrong); line 0 means the whole file.
"""

import ast
import re

COLUMNS = 100
FUNCTION_LINES = 70
SOURCE_LINES = 600
HEADER_LINES = 250
NESTING = 4
PARAMETERS = 6


def columns(tree):
    """no line is longer than 100 columns"""
    for file in tree.files:
        # Markdown is prose, which is read rendered or wrapped by the editor.
        if tree.is_data(file) or file.path.endswith('.md'):
            continue
        for number, line in enumerate(file.lines, 1):
            if len(line) > COLUMNS:
                yield file.path, number, '%d columns' % len(line)


def blanks(tree):
    """no tabs, no trailing blanks, one newline at the end"""
    for file in tree.files:
        if tree.is_data(file):
            continue
        for number, line in enumerate(file.lines, 1):
            # A Makefile needs its tabs, also when a README shows a piece of one.
            if '\t' in line and file.name != 'Makefile' and not file.path.endswith('.md'):
                yield file.path, number, 'tab'
            if line != line.rstrip():
                yield file.path, number, 'trailing blank'
        if file.bytes and not file.bytes.endswith(b'\n'):
            yield file.path, len(file.lines), 'no newline at the end'
        if file.bytes.endswith(b'\n\n'):
            yield file.path, len(file.lines), 'empty line at the end'


def file_length(tree):
    """.c has at most 600 lines, .h at most 250"""
    for file in tree.files:
        # How long a generated header is depends on how many interfaces its IDL has.
        if tree.is_data(file) or file.is_generated:
            continue
        limit = HEADER_LINES if file.is_header else SOURCE_LINES
        if (file.is_c or file.path.endswith('.py')) and len(file.lines) - 1 > limit:
            yield file.path, 0, '%d lines, at most %d' % (len(file.lines) - 1, limit)


def function_length(tree):
    """no function is longer than 70 lines"""
    for file in tree.c_files():
        for function in file.functions():
            if function.length > FUNCTION_LINES:
                yield file.path, function.first, '%s has %d lines' % (function.name,
                                                                      function.length)
    for file in tree.files:
        if file.path.endswith('.py'):
            for node in ast.walk(ast.parse(file.text)):
                if isinstance(node, ast.FunctionDef):
                    length = node.end_lineno - node.lineno + 1
                    if length > FUNCTION_LINES:
                        yield file.path, node.lineno, '%s has %d lines' % (node.name, length)


def parameters(tree):
    """no function has more than 6 parameters"""
    for file in tree.c_files():
        if file.is_generated:
            continue  # those are the IDL's
        for function in file.functions():
            if function.parameters > PARAMETERS:
                yield file.path, function.first, '%s has %d parameters' % (function.name,
                                                                           function.parameters)


def nesting(tree):
    """statements are nested at most 4 deep"""
    deep = r'^( *)(?:\} else )?(?:if|for|while|do|switch)\b'
    for file in tree.c_files():
        if file.path.endswith('.cpp'):
            continue  # a method inside a class starts two levels in
        for line, match in file.find(deep):
            if len(match.group(1)) // 4 > NESTING:
                yield file.path, line, 'nested %d deep' % (len(match.group(1)) // 4)


def head_comment(tree):
    """every file starts with a comment: its name -- what it is for"""
    for file in tree.files:
        if tree.is_data(file):
            continue
        if file.is_c or file.path.endswith('.pml'):
            head = r'/\*\n \* (\S+) --\s'
        elif file.path.endswith('.py'):
            head = r'(?:#![^\n]*\n)?"""(\S+) --\s'
        elif file.path.endswith('.sh') or file.folder == '.ci':
            head = r'#![^\n]*\n(?:# |""")(\S+) --\s'
        elif file.name == 'Makefile':
            head = r'# (\S+) --\s'
        else:
            continue
        match = re.match(head, file.text)
        if not match:
            yield file.path, 1, 'no head comment "%s -- what it is for"' % file.name
        elif not ('/' + file.path).endswith('/' + match.group(1)):
            yield file.path, 1, 'the head comment names %s' % match.group(1)


def include_guard(tree):
    """the include guard is the path in capitals"""
    for file in tree.c_files():
        if not file.is_header or file.is_generated:
            continue
        if re.search(r'may be included (more than once|again)', file.text):
            continue  # an X-macro table says so in its head
        path = re.sub(r'^include/', '', file.path)
        guard = re.sub(r'\W', '_', path).upper()
        match = re.search(r'^#ifndef (\w+)\n#define (\w+)$', file.text, re.M)
        if not match:
            yield file.path, 1, 'no include guard %s' % guard
        elif {match.group(1), match.group(2)} != {guard}:
            yield file.path, 1, 'include guard %s, not %s' % (match.group(1), guard)


RULES = [columns, blanks, file_length, function_length, parameters, nesting, head_comment,
         include_guard]
