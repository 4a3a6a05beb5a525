#!/usr/bin/env python3
"""test_share.py -- the manual page, the completions and the editors' files know the whole of uvidl.

    test_share.py UVIDL SOURCES BUILD
"""

import json
import os
import re
import shutil
import subprocess
import sys

# What a completion is asked: the words of the line, and some of what it must offer.
COMPLETIONS = [(['uvidl', '--he'], ['--header', '--help']),
               (['uvidl', '--diagnostics', ''], ['json', 'text']),
               (['uvidl', '--explain', 'missing-'], ['missing-uuid']),
               (['uvidl', '-Wno-no-'], ['-Wno-no-proxy']),
               (['uvidl', 'tests/idl/ok/'], [])]

IDL = '''import "unknwn.idl";
[object, uuid(6f1d2c14-0a3b-4c55-9c11-5d0b8a1e7a01), helpstring("a \\"b\\" [in]")]
interface ICup : IUnknown // a comment
{
    HRESULT Fill([in, size_is(n)] const BYTE data[], [in] long n);
};
'''
COLOURS = [('interface', 'uvidlDeclaration'), ('object', 'uvidlAttribute'),
           ('size_is', 'uvidlAttribute'), ('6f1d2c14', 'uvidlUuid'), ('import', 'uvidlImport'),
           ('a comment', 'uvidlComment'), ('long', 'uvidlType'), ('[in]', 'uvidlString')]


class Skip(Exception):
    """A tool is not on this machine."""


def run(*command, **more):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding='utf-8',
                          **more).stdout


def read(*parts):
    with open(os.path.join(*parts), encoding='utf-8') as file:
        return file.read()


class Shared:
    """The files, and what uvidl says of itself."""

    def __init__(self, uvidl, sources, build):
        self.uvidl, self.sources, self.build = uvidl, sources, build
        self.share = os.path.join(sources, 'codegen/share')
        self.helps = [run(uvidl, '--help')]
        listed = self.helps[0].partition('Sub-commands')[2]
        self.subcommands = re.findall(r'^  ([a-z]+) ', listed, re.M)
        self.helps += [run(uvidl, name, '--help') for name in self.subcommands]
        self.options = {option for text in self.helps
                        for option in re.findall(r'^  (-[-\w]+)', text, re.M)}

    def words(self):
        """Keywords and attributes of the compiler's tables."""
        keywords = re.findall(r'TOKEN\(\w+, "(\w+)"\)', read(self.sources, 'idl/token.h'))
        attributes = re.findall(r'^    (?:ROW|RULED)\((\w+),',
                                read(self.sources, 'idl/attribute.c'), re.M)
        if len(keywords) < 30 or len(attributes) < 80:
            raise RuntimeError('the tables of words were not found')
        return set(keywords), set(attributes)


def missing(wanted, found, where):
    lost = sorted(set(wanted) - set(found))
    if lost:
        raise RuntimeError('%s does not have: %s' % (where, ' '.join(lost)))


def test_manual_page_has_every_option_and_subcommand(shared):
    page = read(shared.build, 'codegen/share/uvidl.1')
    found = {name.replace('\\-', '-') for name in re.findall(r'^\.BR (\S+)', page, re.M)}
    missing(shared.options, found, 'uvidl.1')
    missing(shared.subcommands, re.findall(r'^\.SS "uvidl (\w+)"', page, re.M), 'uvidl.1')
    if re.search(r'@\w+@', page):
        raise RuntimeError('a placeholder is left in uvidl.1')


def test_manual_page_is_good_troff(shared):
    if not shutil.which('groff'):
        raise Skip('no groff')
    page = os.path.join(shared.build, 'codegen/share/uvidl.1')
    done = subprocess.run(['groff', '-man', '-Tascii', '-ww', '-z', page], stderr=subprocess.PIPE,
                          encoding='utf-8', check=True)
    if done.stderr:
        raise RuntimeError(done.stderr)


def complete(shared, line):
    """What bash would offer for the last word of a line."""
    words = ' '.join("'%s'" % word for word in [shared.uvidl] + line[1:])
    script = ('compopt() { :; }; source %s/uvidl.bash; COMP_WORDS=(%s); COMP_CWORD=%d; _uvidl; '
              'printf "%%s\\n" "${COMPREPLY[@]}"' % (shared.share, words, len(line) - 1))
    return run('bash', '-c', script, cwd=shared.sources).split('\n')


def test_bash_completes_what_uvidl_has(shared):
    if not shutil.which('bash'):
        raise Skip('no bash')
    for line, wanted in COMPLETIONS:
        missing(wanted, complete(shared, line), ' '.join(line))
    missing(shared.options & set(re.findall(r'^  (-[-\w]+)', shared.helps[0], re.M)),
            complete(shared, ['uvidl', '-']), 'completion of -')
    missing(shared.subcommands, complete(shared, ['uvidl', '']), 'completion of a sub-command')
    if any(not name.endswith('.idl') for name in complete(shared, ['uvidl', 'tests/idl/ok/a'])
           if '.' in os.path.basename(name)):
        raise RuntimeError('completion offers files that are no IDL')


def test_zsh_takes_the_completion(shared):
    if not shutil.which('zsh'):
        raise Skip('no zsh')
    run('zsh', '-n', os.path.join(shared.share, '_uvidl'))


def test_vim_has_every_keyword_and_attribute(shared):
    text = read(shared.share, 'editors/vim/syntax/uvidl.vim')
    lists = re.findall(r'^syn keyword (\w+)( contained)? (.*)$', text, re.M)
    keywords, attributes = shared.words()
    missing(keywords, {word for _, inner, words in lists if not inner for word in words.split()},
            'uvidl.vim')
    missing(attributes, {word for group, _, words in lists if group == 'uvidlAttribute'
                         for word in words.split()}, 'uvidl.vim')


def test_vim_colours_a_file(shared):
    if not shutil.which('vim'):
        raise Skip('no vim')
    asked = '\n'.join('call cursor(1, 1) | call search("%s") | call add(g:seen, "%s=" . '
                      'synIDattr(synID(line("."), col("."), 1), "name"))' %
                      (word.replace('[', '\\\\['), word) for word, _ in COLOURS)
    script = ('set nocompatible\nsyntax on\nlet g:seen = []\n'
              'source %s/editors/vim/syntax/uvidl.vim\n'
              'syntax sync fromstart\n%s\ncall writefile(g:seen, "/dev/stdout")\nqall!\n'
              % (shared.share, asked))
    folder = os.path.join(shared.build, 'tests/share')
    os.makedirs(folder, exist_ok=True)
    for name, text in (('colours.vim', script), ('colours.txt', IDL)):
        with open(os.path.join(folder, name), 'w', encoding='utf-8') as file:
            file.write(text)
    output = run('vim', '-u', 'NONE', '-i', 'NONE', '-es', '-S', 'colours.vim', 'colours.txt',
                 cwd=folder, stdin=subprocess.DEVNULL, timeout=20)
    missing(['%s=%s' % pair for pair in COLOURS], output.splitlines(), 'the colouring by vim')


def grammar(shared):
    return json.loads(read(shared.share, 'editors/uvidl.tmLanguage.json'))


def test_textmate_grammar_has_every_keyword_and_attribute(shared):
    rules = grammar(shared)['repository']
    keywords, attributes = shared.words()
    for name, wanted in (('words', keywords), ('attribute-names', attributes)):
        found = set()
        for pattern in rules[name]['patterns']:
            found.update(re.fullmatch(r'\\b\((.*)\)\\b', pattern['match']).group(1).split('|'))
        missing(wanted, found, 'the rule %s of uvidl.tmLanguage.json' % name)


def test_textmate_grammar_is_whole(shared):
    """Every rule that is included exists, and every pattern is a regular expression."""
    whole = grammar(shared)

    def look(rule):
        for key, value in rule.items():
            if key in ('match', 'begin', 'end'):
                re.compile(value.replace('\\h', '[0-9a-fA-F]'))
            elif key == 'include':
                if value[1:] not in whole['repository']:
                    raise RuntimeError('no rule ' + value)
            elif key == 'patterns':
                for pattern in value:
                    look(pattern)

    for rule in [whole] + list(whole['repository'].values()):
        look(rule)


def main(arguments):
    shared = Shared(*[os.path.abspath(path) for path in arguments])
    tests = [(name, function) for name, function in globals().items() if name.startswith('test_')]
    failed = False
    print('1..%d' % len(tests))
    for number, (name, function) in enumerate(tests, 1):
        title = '%d - %s' % (number, name[5:].replace('_', ' '))
        try:
            function(shared)
            print('ok ' + title)
        except Skip as reason:
            print('ok %s # SKIP %s' % (title, reason))
        except (RuntimeError, subprocess.SubprocessError) as problem:
            failed = True
            print('not ok %s\n%s' % (title, re.sub('^', '# ', str(problem), flags=re.M)))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
