#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks what a compiler does not: floors, sizes, names, banned words, heads, READMEs.

usage: tidy.py [--write-allowed] [--no-headers]
Prints each finding as file:line: [check] text, and one line `tidy: checks=.. files=.. allowed=..
passed=.. failed=..`. Counted is a pair of check and file. tests/tidy/allowed.txt lists findings that
are tolerated, each with its reason; a line there that no finding matches fails as well, so that
the list only shrinks. --write-allowed adds today's findings to it.
"""
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ALLOWED = 'tests/tidy/allowed.txt'
FOLDERS = ['base', 'types', 'parser', 'functions', 'storage', 'catalog', 'expressions', 'planner',
           'executor', 'server', 'client']
BELOW = {
    'base': [],
    'types': ['base'],
    'parser': ['base', 'types'],
    'functions': ['base', 'types'],
    'storage': ['base', 'types'],
    'catalog': ['base', 'types', 'parser', 'functions', 'storage'],
    'expressions': ['base', 'types', 'parser', 'functions', 'storage'],
    'planner': ['base', 'types', 'functions', 'storage', 'catalog', 'expressions'],
    'executor': ['base', 'types', 'parser', 'functions', 'storage', 'catalog', 'expressions'],
    'client': ['base', 'types', 'parser'],
}
CONTRACTS = {('planner', 'parser/ast.h'), ('planner', 'parser/parser.h'),
             ('planner', 'parser/ast_print.h'), ('planner', 'parser/ast_make.h'),
             ('executor', 'planner/plan.h')}
FUNCTION_LINES = 70
FILE_LINES = 1200
LINE_COLUMNS = 100
BAD_NAMES = {'util', 'utils', 'misc', 'common', 'helper', 'helpers'}
REPEATED_NAMES = {'README.md', 'CMakeLists.txt', '.gitignore'}
CHECKS = ['floor', 'function-lines', 'file-lines', 'line-columns', 'file-name', 'banned', 'macro',
          'head', 'header-alone', 'readme', 'path']

# Found in code without comments and strings.
BANNED_CODE = [
    (r'\b(strcpy|strcat|strncpy|strncat|sprintf|vsprintf|strtok|strtok_r|gets|alloca)\s*\(',
     'unbounded or stateful call'),
    (r'\b(atoi|atol|atoll|atof|gmtime|localtime|mktime|strftime|setenv|putenv|setlocale)\s*\(',
     'libc call that base/ and types/ replace'),
    (r'^\s*#\s*pragma\s+once', 'include guards instead of #pragma once'),
]
ALLOCATE = re.compile(r'\b(malloc|calloc|realloc|free|strdup|strndup|asprintf)\s*\(')
# Found in the whole text. Words are cut so that this file does not find itself.
BANNED_TEXT = [
    (re.compile(r'\b(TO' r'DO|FIX' r'ME|X' r'XX|HA' r'CK)\b'), 'word'),
    (re.compile(r'/(work|root|tmp/pg\w+|home/\w+)/'), 'path'),
]
SUFFIX = re.compile(r'\b(\w+)_(part2|inner|helper)\s*\(')  # beside a function without it


class Findings:
    def __init__(self):
        self.found = []

    def add(self, check, path, line, text):
        self.found.append((check, path, line, text))


def tracked():
    out = None
    if shutil.which('git'):
        out = subprocess.run(['git', 'ls-files', '-co', '--exclude-standard'], cwd=ROOT,
                             stdout=subprocess.PIPE, text=True)
    if out and out.returncode == 0 and out.stdout:
        return sorted(p for p in set(out.stdout.splitlines())
                      if os.path.isfile(os.path.join(ROOT, p)))
    paths = []  # no git here, or an unpacked archive without .git
    for directory, folders, names in os.walk(ROOT):
        folders[:] = [f for f in folders
                      if f not in ('build', '.git', '__pycache__', 'gotgan-data')]
        paths += [os.path.relpath(os.path.join(directory, name), ROOT) for name in names]
    return sorted(paths)


def read(path):
    with open(os.path.join(ROOT, path), errors='replace') as file:
        return file.read()


def blank(text):
    """The text with comments, strings and characters blanked out, line ends kept."""
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)

    def cover(match):
        token = match.group(0)
        inside = ''.join(c if c == '\n' else ' ' for c in token)
        return token[0] + inside[1:-1] + token[-1] if token[0] in '"\'' else inside
    return pattern.sub(cover, text)


def check_floors(path, text, findings):
    folder = path.split('/')[0]
    if folder not in BELOW:
        return
    for number, line in enumerate(text.split('\n'), 1):
        match = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if not match:
            continue
        target = match.group(1)
        other = target.split('/')[0]
        if '/' not in target:
            findings.add('floor', path, number, f'"{target}" is not written from the root')
        elif other in FOLDERS and other != folder and other not in BELOW[folder] \
                and (folder, target) not in CONTRACTS:
            findings.add('floor', path, number, f'{folder}/ may not include "{target}"')


def is_dispatch(lines):
    """A function that consists of one switch: nearly every line of its body lies inside it."""
    depth = deepest = inside = 0
    for line in lines[1:-1]:
        if depth == 0 and re.match(r'\s*switch\s*\(', line):
            depth = 1
            continue
        if depth:
            inside += 1
            if re.match(r'    }\s*$', line):
                depth = 0
                deepest += 1
    return deepest == 1 and inside + 12 >= len(lines)


def check_functions(path, code, findings):
    """Functions are blocks whose opening brace stands alone in column 0 (the house's format)."""
    lines = code.split('\n')
    start = None
    for number, line in enumerate(lines):
        if line.rstrip() == '{' and number and not lines[number - 1].rstrip().endswith(('=', ';')):
            start = number
        elif line.startswith('}') and start is not None:
            size = number - start + 1
            if line.rstrip() == '}' and size > FUNCTION_LINES \
                    and not is_dispatch(lines[start:number + 1]):
                head = start - 1
                while head and not re.match(r'\w', lines[head]):
                    head -= 1
                name = re.search(r'(\w+)\s*\(', lines[head])
                findings.add('function-lines', path, head + 1,
                             f'{name.group(1) if name else "?"} has {size} lines')
            start = None


def check_sizes(path, text, findings):
    lines = text.split('\n')
    free = path.endswith(('.y', '.def')) or os.path.basename(path) == 'fn_table.c'
    if len(lines) - 1 > FILE_LINES and not free:
        findings.add('file-lines', path, 1, f'{len(lines) - 1} lines')
    fenced = free
    for number, line in enumerate(lines, 1):
        if 'clang-format off' in line:
            fenced = True
        elif 'clang-format on' in line:
            fenced = free
        elif len(line) > LINE_COLUMNS and not fenced and '"' not in line:
            findings.add('line-columns', path, number, f'{len(line)} columns')


def check_words(path, text, code, findings):
    base = path.startswith(('base/', 'tests/'))
    for number, line in enumerate(code.split('\n'), 1):
        for pattern, why in BANNED_CODE:
            if re.search(pattern, line) and not path.startswith('base/banned'):
                findings.add('banned', path, number, f'{line.strip()[:60]}: {why}')
        if not base and ALLOCATE.search(line):
            findings.add('banned', path, number, f'{line.strip()[:60]}: memory is asked of base/')
        for stem, suffix in SUFFIX.findall(line):
            if re.search(rf'\b{stem}\s*\(', code):
                findings.add('banned', path, number, f'{stem}_{suffix}: a half of {stem}')
    check_macros(path, code, findings)


def check_macros(path, code, findings):
    lines = code.split('\n')
    number = 0
    while number < len(lines):
        if re.match(r'\s*#\s*define\b', lines[number]):
            first = number
            while lines[number].rstrip().endswith('\\') and number + 1 < len(lines):
                number += 1
            body = '\n'.join(lines[first:number + 1])
            if number - first + 1 > 3:
                findings.add('macro', path, first + 1, f'macro of {number - first + 1} lines')
            if re.search(r'\b(for|while|switch|goto)\b\s*\(', body):
                findings.add('macro', path, first + 1, 'control flow in a macro')
        number += 1


def check_head(path, text, findings):
    if not text.startswith('/* SPDX-License-Identifier: Apache-2.0'):
        findings.add('head', path, 1, 'does not start with the SPDX line')
        return
    head = text[:text.find('*/')].split('\n')
    if len(head) < 3 or len(head) > 45:
        findings.add('head', path, 1, f'head comment of {len(head)} lines')


def check_text(path, text, findings):
    for number, line in enumerate(text.split('\n'), 1):
        for pattern, what in BANNED_TEXT:
            match = pattern.search(line)
            if match and what == 'path':
                findings.add('path', path, number, f'machine path {match.group(0)}')
            elif match and path.endswith(('.c', '.h', '.y', '.py')):
                findings.add('banned', path, number, f'the word {match.group(0)}')


def check_names(paths, findings):
    seen = {}
    for path in paths:
        name = os.path.basename(path)
        stem = name.split('.')[0]
        if path.startswith(('tests/fuzz/corpus/', 'tests/tpch/answers/', 'bench/')):
            continue
        if stem in BAD_NAMES:
            findings.add('file-name', path, 1, 'says nothing')
        if not name.endswith('.test') and name not in REPEATED_NAMES:
            if name in seen:
                findings.add('file-name', path, 1, f'also {seen[name]}')
            seen[name] = path
        if path.endswith(('.c', '.h', '.py')) and not re.fullmatch(r'[a-z0-9_.]+', name):
            findings.add('file-name', path, 1, 'lower snake case')


def check_readmes(paths, findings):
    for folder in FOLDERS:
        own = [p for p in paths if p.startswith(folder + '/') and p.endswith(('.c', '.h'))]
        if not own:
            continue
        readme = folder + '/README.md'
        if readme not in paths:
            findings.add('readme', readme, 1, 'missing')
            continue
        text = read(readme)
        words = set(re.findall(r'[\w.]+', text))
        for path in own:
            name = os.path.basename(path)
            stem = name.rsplit('.', 1)[0]
            pair = {stem + '.c', stem + '.h'}  # one of the two stands for both
            written = f'`{stem}`' in text or f'{stem}.[ch]' in text or stem in words
            if not pair & words and not written \
                    and not named_by_list(name, text):
                findings.add('readme', readme, 1, f'does not list {name}')


def named_by_list(name, text):
    """`table.h/.c` or `table.c/h` stand for both files."""
    stem, ending = name.rsplit('.', 1)
    return re.search(rf'\b{re.escape(stem)}\.(\w|\.\w)?[/,.{{}}chy]*{ending}\b', text) is not None \
        or re.search(rf'\b{re.escape(stem)}\.\{{', text) is not None


def check_headers(paths, findings):
    """Every header of a folder compiles alone; .inc.h are templates and need their parameters."""
    compiler = shutil.which('gcc') or shutil.which('clang')
    headers = [p for p in paths if p.split('/')[0] in FOLDERS and p.endswith('.h')
               and not p.endswith('.inc.h')]
    if not compiler:
        findings.add('header-alone', 'Makefile', 1, 'no compiler')
        return

    def compile_one(path):
        source = f'#include "{path}"\n'
        done = subprocess.run([compiler, '-std=gnu17', '-fsyntax-only', '-Wall', '-Wextra',
                               '-Wno-unused-parameter', '-Wno-unused-function', '-I.', '-Ibuild',
                               '-xc', '-'], cwd=ROOT, input=source, text=True,
                              stderr=subprocess.PIPE)
        return path, done.stderr if done.returncode else ''
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, text in pool.map(compile_one, headers):
            if text:
                errors = [line for line in text.split('\n') if 'error' in line]
                findings.add('header-alone', path, 1, (errors or [text])[0][:120])


def read_allowed():
    """Lines `check<TAB>path<TAB>text<TAB>reason`; numbers in text are not compared."""
    allowed = {}
    if os.path.exists(os.path.join(ROOT, ALLOWED)):
        for line in read(ALLOWED).split('\n'):
            if line and not line.startswith('#'):
                check, path, text, reason = line.split('\t')
                allowed[(check, path, text)] = reason
    return allowed


def key(finding):
    check, path, _, text = finding
    if check in ('function-lines', 'file-lines', 'line-columns', 'head'):
        text = re.sub(r'\d+', 'N', text)
    if check == 'line-columns':
        text = 'N columns'
    return check, path, text


def write_allowed(findings, allowed):
    keys = {key(f): allowed.get(key(f), 'older than this check') for f in findings}
    with open(os.path.join(ROOT, ALLOWED), 'w') as file:
        file.write('# Findings of tidy.py that are tolerated: check, file, text, reason (TABs).\n'
                   '# A line that no finding matches fails; nothing is added without a reason.\n')
        for item, reason in sorted(keys.items()):
            file.write('\t'.join(item + (reason,)) + '\n')


def collect(paths, with_headers):
    findings = Findings()
    for path in paths:
        if path.endswith(('.c', '.h')):
            text = read(path)
            code = blank(text)
            check_floors(path, text, findings)
            check_functions(path, code, findings)
            check_sizes(path, text, findings)
            check_words(path, text, code, findings)
            check_head(path, text, findings)
        if path.endswith(('.c', '.h', '.y', '.py', '.txt', '.md', '.def', '.sql')) \
                and path != ALLOWED:
            check_text(path, read(path), findings)
    check_names(paths, findings)
    check_readmes(paths, findings)
    if with_headers:
        check_headers(paths, findings)
    return findings.found


def main():
    paths = tracked()
    found = collect(paths, '--no-headers' not in sys.argv)
    allowed = read_allowed()
    if '--write-allowed' in sys.argv:
        write_allowed(found, allowed)
        allowed = read_allowed()
    new = [f for f in found if key(f) not in allowed]
    gone = set(allowed) - {key(f) for f in found}
    if '--no-headers' in sys.argv:
        gone = {k for k in gone if k[0] != 'header-alone'}
    for check, path, line, text in new:
        print(f'{path}:{line}: [{check}] {text}')
    for check, path, text in sorted(gone):
        print(f'{ALLOWED}: [{check}] {path} {text}: nothing matches, take the line out')
    sources = [p for p in paths if p.endswith(('.c', '.h'))]
    failed = len(new) + len(gone)
    pairs = len({(f[0], f[1]) for f in new})
    print(f'tidy: checks={len(CHECKS)} files={len(sources)} allowed={len(found) - len(new)} '
          f'passed={len(CHECKS) * len(sources) - pairs} failed={failed}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
