#!/usr/bin/env python3
"""check_docs.py -- the pages of uvidl docs say everything, and nothing in a comment becomes markup.

usage: check_docs.py UVIDL SOURCE_ROOT
"""

import html.parser
import pathlib
import re
import subprocess
import sys
import tempfile

TAGS = set('''
    html head meta title style body h1 h2 h3 h4 p ul li pre table tr th td code a
'''.split())
ATTACKS = [
    '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '</pre></table><b>bold</b>',
    '[click](javascript:alert(1))', '![x](http://example.org/x)', '<http://example.org>',
    '`code` **bold** _it_ ~~no~~ # h | cell || &lt; &#60; "quotes" \'single\'', '$x$ {y} a\\b',
    'http://example.org/auto', 'caf\u00e9 \U0001f600', '[ref]: http://example.org', '<!-- gone',
]
IDL = '''%(head)s
import "unknwn.idl";
/// const %(all)s
const long K = 1;
const LPCWSTR T = L"</pre><script>``` ` |";
/// struct %(all)s
typedef struct S { LONG a; ///< field %(all)s
  struct { [string] char *p; } inner; } S;
typedef enum { ONE /**< enumerator %(all)s */ } E, *PE;
/// interface %(all)s
/// - item %(all)s
///
///     indented %(all)s
/// ======
/// ------
[object, uuid(11111111-0000-0000-0000-000000000001),
 async_uuid(11111111-0000-0000-0000-000000000002)]
interface IFoo : IUnknown {
  /// method %(all)s
  HRESULT Do([in] LONG n,                         ///< parameter %(all)s
             [in, size_is(n)] const BYTE *bytes); ///< other
}
'''
NAMES = ['K', 'T', 'S', 'inner.p', 'E', 'PE', 'ONE', 'IFoo', 'Do', 'bytes', 'AsyncIFoo',
         '11111111-0000-0000-0000-000000000001', '11111111-0000-0000-0000-000000000002']
OURS = re.compile(r'<a id="[\w.]+"></a>|<a href="#[\w.]+">|</a>|</?code>')

failures = []


def fail(*words):
    failures.append(' '.join(map(str, words)))


class Page(html.parser.HTMLParser):
    """Fails on tags that are not ours or not balanced, and on attributes that could act."""

    def __init__(self):
        super().__init__()
        self.open = []
        self.ids = set()
        self.links = set()
        self.text = ''

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS:
            fail('the page has the tag', tag)
        for name, value in attrs:
            if name == 'id':
                self.ids.add(value)
            elif name == 'href' and value.startswith('#'):
                self.links.add(value[1:])
            elif name not in ('lang', 'charset', 'http-equiv', 'content', 'name'):
                fail('the page has the attribute', name, value)
        if tag != 'meta':
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            fail('the tag', tag, 'is closed and not open')

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        fail('the page has a comment:', data)


def check_html(text):
    page = Page()
    page.feed(text)
    if page.open:
        fail('not closed:', page.open)
    for link in page.links - page.ids:
        fail('no place for the link', link)
    for name in NAMES:
        if name not in page.text:
            fail('the page has no', name)
    for attack in ATTACKS:
        if page.text.count(attack) < 8:
            fail('the page has', attack, 'only', page.text.count(attack), 'times')


def outside_code(text):
    """Markdown without its code: fenced, and indented."""
    text = re.sub(r'(?ms)^(`{3,})c\n.*?\n\1$', '', text)
    return ''.join(line for line in text.splitlines(True) if not line.startswith('    '))


def check_markdown(text):
    body = outside_code(text)
    for name in NAMES:
        if name not in text.replace('\\', ''):
            fail('the Markdown has no', name)
    rest = OURS.sub('', body)
    if '<' in rest:
        fail('the Markdown lets a tag through:', rest[rest.index('<'):][:60])
    for pattern in (r'(?<!\\)\]\(', r'(?<!\\)`(?!`)[^`\n]*code', r'(?<!\\)\*\*', r'(?<!\\)~~',
                    r'https?://', r'(?m)^=+$', r'(?m)^-+$', r'(?m)^#[^# ]'):
        match = re.search(pattern, rest)
        if match:
            fail('the Markdown has', pattern, 'in', rest[match.start():][:60])
    for line in body.splitlines():
        if line.startswith('|') and len(re.findall(r'(?<!\\)\|', line)) not in (3, 4, 5):
            fail('a row of a table is broken:', line)


def main():
    uvidl, root = sys.argv[1], pathlib.Path(sys.argv[2])
    attacks = ' '.join(ATTACKS)
    command = [uvidl, 'docs', '-I', str(root / 'include/uvcom'), '-W', 'error']
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'attack.idl')
        path.write_text(IDL % {'head': '// head ' + attacks, 'all': attacks}, encoding='utf-8')
        result = subprocess.run(command + ['-o', folder, path], capture_output=True, text=True)
        if result.returncode != 0 or result.stdout:
            fail('uvidl docs gives', result.returncode, result.stdout + result.stderr)
        else:
            check_html(pathlib.Path(folder, 'attack.html').read_text(encoding='utf-8'))
            check_markdown(pathlib.Path(folder, 'attack.md').read_text(encoding='utf-8'))
        for name in ('old.idl',):
            pathlib.Path(folder, name).write_bytes(b'// caf\xe9 \xff\x01\nconst long K = 1;\n')
            subprocess.run(command + ['-o', folder, folder + '/' + name], check=True)
            for end in ('md', 'html'):
                text = pathlib.Path(folder, 'old.' + end).read_text(encoding='utf-8')
                if 'caf\u00e9 \u00ff' not in text or '\x01' in text:
                    fail('Latin-1 came out as', text)
    print('\n'.join(failures) if failures else 'all of it is safe')
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
