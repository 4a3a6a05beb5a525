#!/usr/bin/env python3
"""fuzz.py -- libFuzzer, and AFL++ if it is installed, on the compiler: `make fuzz`.

Usage: fuzz.py [--seconds N] [--build DIR] [--engine libfuzzer|afl] [TARGET ...]

Each target runs N seconds (300) with each engine; what it learns stays in DIR/corpus, so that the
next run goes on from there. Input that crashes, hangs or leaks is left in DIR/found, and the exit
status is 1. When it is fixed, the smallest such input becomes a file in tests/fuzz/corpus.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
TARGETS = ('fuzz_lexer', 'fuzz_preprocess', 'fuzz_idl', 'fuzz_uvidl')
SEEDS = ('tests/fuzz/corpus', 'tests/idl/ok', 'tests/idl/bad', 'tests/codegen/golden', 'samples')
COMPILERS = {'libfuzzer': 'clang', 'afl': 'afl-clang-fast'}
LONGEST = 1 << 16


def run(command, **more):
    return subprocess.run([str(word) for word in command], check=False, **more)


def build(folder, engine):
    env = dict(os.environ, CC=COMPILERS[engine], AFL_QUIET='1')
    if not (folder / 'build.ninja').exists():
        if run(['meson', 'setup', '--wrap-mode=nofallback', '-Dsamples=false', folder, TOP],
               env=env, stdout=subprocess.DEVNULL).returncode:
            raise SystemExit(f'cannot set up {folder}')
    wanted = [f'tests/fuzz/{name}' for name in (*TARGETS, 'make_dictionary')]
    if run(['ninja', '-C', folder, *wanted], env=env).returncode:
        raise SystemExit(f'cannot build in {folder}')
    dictionary = folder / 'idl.dict'
    text = subprocess.check_output([folder / 'tests/fuzz/make_dictionary'])
    dictionary.write_bytes(text)
    return dictionary


def seed(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for place in SEEDS:
        for path in sorted((TOP / place).rglob('*.idl')):
            if path.stat().st_size <= LONGEST:
                name = str(path.relative_to(TOP)).replace('/', '_')
                shutil.copyfile(path, folder / name)
    return folder


def libfuzzer(build_folder, name, dictionary, corpus, found, seconds):
    found.mkdir(parents=True, exist_ok=True)
    command = [build_folder / 'tests/fuzz' / name, f'-max_total_time={seconds}',
               f'-dict={dictionary}', f'-max_len={LONGEST}', '-timeout=20', '-rss_limit_mb=2048',
               '-print_final_stats=1', f'-artifact_prefix={found}/', corpus]
    return run(command, cwd=found).returncode == 0


def afl(build_folder, name, dictionary, corpus, found, seconds):
    results = found / name
    shutil.rmtree(results, ignore_errors=True)
    results.mkdir(parents=True)
    env = dict(os.environ, AFL_NO_UI='1', AFL_SKIP_CPUFREQ='1', AFL_NO_AFFINITY='1',
               AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES='1', AFL_QUIET='1')
    command = ['afl-fuzz', '-i', corpus, '-o', results, '-x', dictionary, '-V', seconds,
               '-t', '10000+', '-m', 'none', '--', build_folder / 'tests/fuzz' / name]
    status = run(command, env=env, stdout=subprocess.DEVNULL).returncode
    bad = [path for kind in ('crashes', 'hangs')
           for path in (results / 'default' / kind).glob('id:*')]
    stats = results / 'default' / 'fuzzer_stats'
    if stats.exists():
        print(''.join(line for line in stats.read_text().splitlines(True)
                      if line.startswith(('execs_done', 'corpus_count', 'bitmap'))))
    for path in bad:
        print(f'found: {path}')
    return status == 0 and not bad


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--seconds', type=int, default=300)
    parser.add_argument('--build', type=pathlib.Path, default=TOP / 'build-fuzz')
    parser.add_argument('--engine', choices=COMPILERS, action='append')
    parser.add_argument('targets', nargs='*', default=TARGETS)
    args = parser.parse_args()
    is_good = True
    for engine in args.engine or COMPILERS:
        if not shutil.which(COMPILERS[engine]):
            print(f'{engine}: skipped, there is no {COMPILERS[engine]}')
            continue
        folder = (args.build / engine).absolute()
        dictionary = build(folder, engine)
        for name in args.targets or TARGETS:
            corpus = seed(args.build.absolute() / 'corpus' / name)
            print(f'---- {engine}: {name}, {args.seconds} s', flush=True)
            one = (libfuzzer if engine == 'libfuzzer' else afl)(
                folder, name, dictionary, corpus, args.build.absolute() / 'found' / engine,
                args.seconds)
            print(f'---- {engine}: {name}: {"clean" if one else "FOUND SOMETHING"}', flush=True)
            is_good = is_good and one
    return 0 if is_good else 1


if __name__ == '__main__':
    sys.exit(main())
