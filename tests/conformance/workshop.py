"""workshop.py -- private copies of the tree in which mutants are built and run.

A workshop is a folder with a copy of the sources and a build folder with sanitizers. It is used for
one mutant after the other, so that each costs one compilation and one link; the copy is brought up
to date when a workshop is opened again. The working tree is only read.
"""

import os
import re
import shutil
import subprocess

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = 'tests/conformance/uvcom-conformance'
SANITIZERS = {'address': 'address,undefined', 'thread': 'thread', 'none': 'none'}
CCACHE = {'CCACHE_NOHASHDIR': '1',
          'CCACHE_SLOPPINESS': 'time_macros,include_file_mtime,include_file_ctime,locale'}
CASE_SECONDS = '5'  # for a case in which nothing should take longer than a moment
RUN_SECONDS = 300  # for all cases that are run for one mutant
ALL_SECONDS = 3000  # for all cases that there are


class Trouble(Exception):
    """Nothing can be said about mutants: the text says why."""


def source_files(top):
    """Every file of a source tree, relative to its top: no build folders, nothing of git's."""
    for folder, folders, names in os.walk(top, followlinks=True):
        at_top = os.path.samefile(folder, top)
        folders[:] = [f for f in folders if not f.startswith('.git') and f != '__pycache__' and
                      not (at_top and (f == 'build' or f.startswith('build-')))]
        for name in names:
            yield os.path.relpath(os.path.join(folder, name), top)


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as file:
        file.write(content)


class Workshop:
    """One copy with its build folder."""

    def __init__(self, folder, sanitizer):
        self.tree = os.path.join(folder, sanitizer, 'tree')
        self.build = os.path.join(folder, sanitizer, 'build')
        self.sanitizer = sanitizer
        self.originals = {}

    def open(self):
        """Brings the copy up to date and builds it unmutated."""
        self.copy()
        env = {**os.environ, **CCACHE}
        if not os.path.exists(os.path.join(self.build, 'build.ninja')):
            self.must(['meson', 'setup', '--wrap-mode=nofallback', '-Dtests=enabled',
                       '-Dsamples=false', '-Doptimization=1', '-Dwerror=false',
                       '-Db_sanitize=' + SANITIZERS[self.sanitizer], self.build, self.tree], env)
        output = self.compile()
        if output is not None:
            raise Trouble('the tree does not build:\n' + output)

    def must(self, command, env):
        result = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                text=True)
        if result.returncode != 0:
            raise Trouble('%s\n%s' % (' '.join(command), result.stdout))

    def copy(self):
        wanted = set(source_files(TOP))
        for path in wanted:
            source, target = os.path.join(TOP, path), os.path.join(self.tree, path)
            content = read(source)
            if not os.path.exists(target) or read(target) != content:
                write(target, content)
                shutil.copymode(source, target)
        for path in set(source_files(self.tree)) - wanted:
            os.remove(os.path.join(self.tree, path))

    def compile(self, program=PROGRAM):
        """None, or what the build said when it failed."""
        result = subprocess.run(['ninja', '-C', self.build, program], stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, env={**os.environ, **CCACHE}, text=True)
        return None if result.returncode == 0 else result.stdout

    def list(self):
        """The output of --list."""
        return subprocess.run([os.path.join(self.build, PROGRAM), '--list'], check=True,
                              capture_output=True, text=True).stdout

    def run(self, cases, stop_at=1, repeat=None, seconds=CASE_SECONDS, setting=None):
        """Runs some cases ([]: all). The TAP lines of those that failed; ['...'] for a hang."""
        env = {**os.environ, 'CK_DEFAULT_TIMEOUT': seconds,
               'ASAN_OPTIONS': 'detect_stack_use_after_return=1:strict_string_checks=1',
               'UBSAN_OPTIONS': 'halt_on_error=1', 'TSAN_OPTIONS': 'second_deadlock_stack=1'}
        if repeat:
            env['UVCOM_CONFORMANCE_REPEAT'] = repeat
        command = [os.path.join(self.build, PROGRAM)] + ['--stop-at=%d' % stop_at] * (stop_at > 0)
        if setting:
            command.append('--setting=' + setting)
        try:
            result = subprocess.run(command + cases, env=env, stdout=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL,
                                    timeout=RUN_SECONDS if stop_at else ALL_SECONDS,
                                    errors='replace', text=True)
        except subprocess.TimeoutExpired:
            return ['not ok - the program hangs']
        failed = [line for line in result.stdout.splitlines() if line.startswith('not ok')]
        if result.returncode == 2:
            raise Trouble('no such case: ' + ' '.join(cases))
        return failed or ([] if result.returncode == 0 else ['not ok - the program crashes'])

    def run_other(self, program):
        """Runs another program of the tree that prints TAP: its failed lines."""
        try:
            result = subprocess.run([os.path.join(self.build, program)], stdout=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL, timeout=RUN_SECONDS, text=True)
        except subprocess.TimeoutExpired:
            return [program + ' hangs']
        failed = re.findall(r'^not ok \d+ - (.*?): ', result.stdout, re.M)
        return failed or ([] if result.returncode == 0 else [program + ' crashes'])

    # ---- changing it for a while ----

    def replace(self, path, content):
        """Gives a file other content until undo()."""
        place = os.path.join(self.tree, path)
        self.originals.setdefault(place, read(place) if os.path.exists(place) else None)
        write(place, content)

    def patch(self, text, paths):
        """Applies a unified diff; None, or why it does not apply."""
        for path in paths:
            place = os.path.join(self.tree, path)
            self.originals.setdefault(place, read(place) if os.path.exists(place) else None)
        result = subprocess.run(['patch', '-p1', '--fuzz=3', '--batch', '--forward', '-r', '-',
                                 '--no-backup-if-mismatch', '-d', self.tree], input=text,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return None if result.returncode == 0 else result.stdout

    def undo(self):
        for place, content in self.originals.items():
            if content is not None:
                write(place, content)
            elif os.path.exists(place):
                os.remove(place)
        self.originals = {}
