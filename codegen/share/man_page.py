#!/usr/bin/env python3
"""man_page.py -- the manual page of uvidl: its text is uvidl.1.in, its options are uvidl's own.

    man_page.py UVIDL uvidl.1.in DATADIR > uvidl.1
"""

import re
import subprocess
import sys


def output_of(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding='utf-8').stdout


def rows(text):
    """The two columns of a help text: (left, right), a row that goes on below included."""
    result = []
    for line in text.splitlines():
        row = re.match(r'  (\S.*?)(?: {2,}(\S.*))?$', line)
        if row and line.startswith('  -'):
            # One blank is enough between the columns if the left one fills its own.
            parts = re.match(r'  (\S+(?: [A-Z][^ ]*| no-KIND)?) *(.*)$', line)
            result.append([parts.group(1), parts.group(2)])
        elif row and len(line) > 2 and line[2] != ' ':
            result.append(re.match(r'  (\S+) *(.*)$', line).groups())
        elif re.match(r' {3,}\S', line) and result:
            result[-1] = [result[-1][0], (result[-1][1] + ' ' + line.strip()).strip()]
    return [tuple(row) for row in result]


def split_help(text):
    """Rows of options and rows of sub-commands."""
    found = rows(text)
    return ([row for row in found if row[0].startswith('-')],
            [row for row in found if not row[0].startswith('-')])


def escaped(text):
    return text.replace('\\', '\\e').replace('-', '\\-')


def option_list(options):
    lines = []
    for left, right in options:
        name, _, value = left.partition(' ')
        lines += ['.TP', '.BR %s%s' % (escaped(name), ' " \\fI%s\\fR"' % value if value else ''),
                  escaped(right)]
    return '\n'.join(lines)


def subcommand_text(uvidl, subcommands):
    if not subcommands:
        return ''
    lines = ['.SH SUB-COMMANDS']
    for name, summary in subcommands:
        text = output_of(uvidl, name, '--help')
        options, _ = split_help(text)
        paragraph = text.split('\n\n')[1] if text.count('\n\n') > 1 else summary
        lines += ['.SS "uvidl %s"' % name, escaped(' '.join(paragraph.split())),
                  option_list(options)]
    return '\n'.join(lines)


def main(uvidl, template, datadir):
    options, subcommands = split_help(output_of(uvidl, '--help'))
    usages = [output_of(uvidl, name, '--help').split('\n')[0] for name, _ in subcommands]
    synopsis = '\n'.join('.br\n.B uvidl ' + escaped(usage.partition('uvidl ')[2])
                         for usage in usages)
    with open(template, encoding='utf-8') as file:
        text = file.read()
    for name, value in (('VERSION', output_of(uvidl, '--version').split()[-1]),
                        ('SYNOPSIS', synopsis), ('OPTIONS', option_list(options)),
                        ('SUBCOMMANDS', subcommand_text(uvidl, subcommands)),
                        ('DATADIR', datadir)):
        text = text.replace('@%s@\n' % name, value + '\n' if value else '')
        text = text.replace('@%s@' % name, value)
    sys.stdout.write(text)


if __name__ == '__main__':
    main(*sys.argv[1:])
