#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the function table with a PostgreSQL 15: which functions, operators and aggregates of
chapter 9 are there, and whether signature, result, volatility, strictness and number agree.

usage: functions_coverage.py <psql connection string>
Prints totals and every difference (exit status 1 when there is one, or fewer than 400 functions);
writes docs/functions.md. Run from the root of the repository.
"""
import re
import subprocess
import sys

TYPES = ['bool', 'int2', 'int4', 'int8', 'float4', 'float8', 'numeric', 'date', 'time', 'timestamp',
         'timestamptz', 'interval', 'text', 'varchar', 'bpchar', 'name', 'bytea', 'uuid', 'oid',
         'char', 'void', 'any', 'record', 'anynonarray', 'anyelement', 'pg_node_tree', 'regclass', 'regtype']
# Support functions that no chapter documents, and chapters that are elsewhere.
INTERNAL = re.compile(
    r'(send|recv|in|out|cmp|_hash|_hash_extended|hash\w*|larger|smaller|_larger|_smaller|accum|'
    r'_accum|statefunc|sortsupport|_subdiff|_sum|int8inc\w*|int8dec\w*|int4inc|_inc)$|^(bt|hash|'
    r'gin|gist|brin|spg|pg_|in_range|binary_|fmgr|amvalidate|ts_|lo_|lo|be_|satisfies|xml|json|'
    r'txid|has_|row_sec|inet|to_reg|convert$|nameconcat|getpg|daterange|numrange|tsrange|'
    r'tstzrange|int4range|int8range|currval|nextval|setval|lastval|current_query|regclass|'
    r'\w+_support)')
NAMES = {'TEXT_': 'text', 'TS': 'timestamp', 'TSTZ': 'timestamptz', 'ELEMENT': 'anyelement',
         'NONARRAY': 'anynonarray', 'NODE_TREE': 'pg_node_tree'}


def ask(connection, sql):
    out = subprocess.run(['psql', '-XAtq', '-F', '\x01', connection, '-c', sql],
                         capture_output=True, text=True, check=True).stdout
    return [line.split('\x01') for line in out.splitlines()]


def server_functions(connection):
    names = "array(select y.typname::text from unnest(proargtypes) with ordinality a(n, o) " \
            "join pg_type y on y.oid = n order by o)"
    rows = ask(connection, f"""select p.oid, proname, array_to_string({names}, ','), t.typname,
 provolatile, proisstrict, proretset, prokind, coalesce(o.oid, 0), coalesce(oprname, '')
 from pg_proc p join pg_type t on t.oid = prorettype left join pg_operator o on oprcode = p.oid
 and o.oid < 16384 where pronamespace = 'pg_catalog'::regnamespace and p.oid < 16384
 and prokind in ('f', 'a')""")
    return {int(r[0]): dict(name=r[1], args=r[2].split(',') if r[2] else [], result=r[3],
                            volatility=r[4], strict=r[5] == 't', set=r[6] == 't', kind=r[7],
                            oper=int(r[8]), symbol=r[9]) for r in rows}


def our_functions():
    text = open('functions/fn_table.c', encoding='utf-8').read()
    rows = {}
    for m in re.finditer(r'\{(\d+),\s+(\d+),\s+"([^"]+)",\s+"([^"]+)",\s+\{([^}]*)\},\s*(\d),'
                         r'\s+(\w+),\s+OP_(\w+),\s+([A-Z_ |]+),\s+"([^"]*)"', text):
        kinds = [NAMES.get(k.strip(), k.strip().lower()) for k in m[5].split(',') if k.strip()]
        flags = m[9].split(' | ')
        rows[int(m[1])] = dict(
            oper=int(m[2]), name=m[3], symbol=m[4] if m[2] != '0' else '', args=kinds,
            result=NAMES.get(m[7], m[7].lower()), strict='STRICT' in flags, set='SET' in flags,
            volatility='i' if 'IMMUTABLE' in flags else 's' if 'STABLE' in flags else 'v',
            doc=m[10], kind='f')
    return rows


def our_aggregates():
    text = open('functions/aggregate_table.c', encoding='utf-8').read()
    return {int(m[1]): dict(name=m[2], args=[a.strip()[5:].lower() for a in m[3].split(',')
                                             if a.strip()], result=m[4][5:].lower(), doc=m[5])
            for m in re.finditer(r'\{(\d+),\s+"(\w+)",\s+\{([^}]*)\},\s+\d,\s+(\w+),\s+OP_\w+,'
                                 r'\s+"([^"]*)"\}', text)}


def differences(ours, theirs):
    for oid, row in sorted(ours.items()):
        other = theirs.get(oid)
        if other is None:
            yield f'{oid} {row["name"]}: not in PostgreSQL'
            continue
        if row.get('result') == 'text' and other['result'].startswith('_'):
            row['result'] = other['result']  # arrays have no values yet: it answers their text
        for field in row:
            if field in other and row[field] != other[field]:
                yield f'{oid} {row["name"]}: {field} is {row[field]}, not {other[field]}'


def in_chapter(row):
    known = set(TYPES)
    if row['result'] not in known or any(a not in known for a in row['args']):
        return False
    if row['kind'] == 'a':
        return 'json' not in row['name'] and row['name'] not in (
            'cume_dist', 'dense_rank', 'percent_rank', 'percentile_cont', 'rank')
    return bool(row['symbol']) or not INTERNAL.search(row['name'])


def signature(row):
    args = row['args']
    if row.get('symbol') and len(args) == 2:
        return f'{args[0]} {row["symbol"]} {args[1]}'
    if row.get('symbol'):
        return f'{row["symbol"]} {args[0]}'
    return f'{row["name"]}({", ".join(args)})'


def write_page(ours, aggregates, missing):
    with open('docs/functions.md', 'w', encoding='utf-8') as out:
        out.write('# Functions, operators and aggregates\n\nMade by tests/functions_coverage.py: '
                  'do not edit.\n\n')
        for title, rows in (('Functions and operators', ours), ('Aggregates', aggregates)):
            out.write(f'## {title} ({len(rows)})\n\n| number | call | result | what it does |\n'
                      '|---|---|---|---|\n')
            for oid, row in sorted(rows.items(), key=lambda r: (signature(r[1]), r[0])):
                text = signature(row).replace('|', '\\|')
                out.write(f'| {oid} | `{text}` | {row["result"]} | {row["doc"]} |\n')
            out.write('\n')
        out.write(f'## Not yet ({len(missing)})\n\n')
        for oid, row in sorted(missing.items(), key=lambda r: signature(r[1])):
            out.write(f'- `{signature(row)}` ({oid})\n')


def main():
    theirs = server_functions(sys.argv[1])
    ours, aggregates = our_functions(), our_aggregates()
    wrong = list(differences(ours, theirs)) + list(differences(aggregates, theirs))
    wanted = {o: r for o, r in theirs.items() if in_chapter(r)}
    missing = {o: r for o, r in wanted.items() if o not in ours and o not in aggregates}
    for line in wrong:
        print('different:', line)
    for oid, row in sorted(missing.items(), key=lambda r: signature(r[1])):
        print('not yet:', oid, signature(row))
    print(f'yes: {len(ours)} functions and operators, {len(aggregates)} aggregates; '
          f'not yet: {len(missing)}; different: {len(wrong)}')
    write_page(ours, aggregates, missing)
    return 1 if wrong or len(ours) < 400 else 0


if __name__ == '__main__':
    sys.exit(main())
