#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/unit/function_answers.def: calls of the function table's rows with sample arguments
and what PostgreSQL 15 answers.

usage: functions_answers.py <psql connection string>
The rows are read from functions/fn_table.c; every row that is pure (no SET, no attached kernel, not
volatile) is called with a few combinations of sample values of its argument types, chosen by a
fixed seed. Connects with psql; the server must be PostgreSQL 15 with TimeZone UTC.
"""
import random
import re
import subprocess
import sys

SAMPLES = {
    'BOOL': ['t', 'f'],
    'INT2': ['0', '1', '-1', '7', '-32768', '32767', '100'],
    'INT4': ['0', '1', '-1', '3', '12', '2147483647', '-2147483648', '5'],
    'INT8': ['0', '1', '-1', '42', '9223372036854775807', '-9223372036854775808', '1000000'],
    'OID': ['0', '1', '4294967295', '16384'],
    'FLOAT4': ['0', '1.5', '-2.25', '3.4e38', '1e-40', 'NaN', 'Infinity', '0.1'],
    'FLOAT8': ['0', '1.5', '-2.25', '1e308', '1e-300', 'NaN', 'Infinity', '0.1', '30', '2', '-0.5',
               '0.5', '1'],
    'NUMERIC': ['0', '1', '-1.50', '123456789.987654321', '0.0001', 'NaN', '10', '3',
                '99999999999999999999999999.5', '-7.25', '2'],
    'TEXT_': ['', 'a', 'abc', 'Hello World', 'h\u00e9llo \u20acuro', 'a%b_c', '  pad  ', 'b',
              'The quick brown fox', 'xyzzy,foo,bar', 'l'],
    'VARCHAR': ['', 'abc', 'varying text'],
    'BPCHAR': ['abc', 'b', ''],
    'NAME': ['', 'pg_class', 'abc'],
    'CHAR': ['a', 'z'],
    'BYTEA': ['', '\\x00ff41', '\\x616263', '\\xdeadbeefcafe', '\\x61'],
    'UUID': ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '00000000-0000-0000-0000-000000000000'],
    'DATE': ['2000-01-01', '1998-12-01', '2024-02-29', 'infinity', '0044-03-15 BC', '1970-01-01'],
    'TIME': ['00:00:00', '23:59:59.999999', '12:34:56.789'],
    'TS': ['2000-01-01 00:00:00', '2024-02-29 12:34:56.789012', '1969-07-20 20:17:40', '-infinity',
           '0099-12-31 23:59:59 BC'],
    'TSTZ': ['2000-01-01 00:00:00+00', '2024-02-29 12:34:56.789012+00', 'infinity',
             '1969-07-20 20:17:40+00'],
    'INTERVAL': ['0', '1 day', '-1 mon -2 days 03:04:05.678', '1 year 2 mons 3 days 04:05:06',
                 '100:00:00', '15 min'],
    'ANY': ['x', 'some text', ''],
    'ELEMENT': ['x', "it's"],
    'NONARRAY': ['x', 'y z'],
}
UNITS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'milliseconds', 'microseconds', 'week',
         'quarter', 'decade', 'century', 'millennium', 'epoch', 'dow', 'doy', 'isodow', 'isoyear',
         'julian', 'timezone', 'fortnight']
PATTERNS = ['a', '%b%', 'a_c', '%o W%', 'abc', '%', 'H%d', '\\', 'h_llo%']
REGEXES = ['a', 'b.c|a', '^[A-H]', '(o)(.*?)o', '\\d+', 'l+?', '[[:alpha:]]+', '(', 'x*', '\\mq',
           '(a|ab)(c|bcd)?', 'o\\y']
SPECIAL = {  # (function name, argument number) -> samples
    ('date_part', 0): UNITS, ('extract', 0): UNITS, ('date_trunc', 0): UNITS,
    ('date_trunc', 2): ['UTC', 'utc'], ('timezone', 0): ['UTC', 'EST'],
    ('normalize', 1): ['NFC', 'NFD', 'NFKC', 'x'], ('is_normalized', 1): ['NFC', 'NFD'],
    ('encode', 1): ['hex', 'base64', 'escape', 'no'], ('decode', 1): ['hex', 'base64', 'escape'],
    ('decode', 0): ['6162', 'YWJj', 'a\\000b', 'zz', 'YW=='],
    ('like_escape', 1): ['#', '', 'ab'], ('like_escape', 0): ['a#%b', 'x\\y'],
    ('similar_to_escape', 0): ['%(b|d)%', 'a_c', '#"x#"%'], ('similar_to_escape', 1): ['#', '\\'],
    ('similar_escape', 0): ['%(b|d)%', '[^a]', '_'], ('similar_escape', 1): ['#', ''],
    ('convert_from', 1): ['UTF8'], ('convert_to', 1): ['UTF8'], ('length', 1): ['UTF8'],
    ('format', 0): ['[%s]', '%I.%L', '%10s|%-10s|', '%%', '%2$s %1$s', '%x'],
    ('unistr', 0): ['\\0061b', '\\+00006d', 'x\\\\', '\\zz'],
    ('make_timestamptz', 6): ['UTC'], ('pg_size_bytes', 0): ['1 kB', '10.5MB', 'x', '12'],
    ('to_timestamp', 0): ['0', '1284352323.5', 'Infinity', '-1e10'],
    ('repeat', 1): ['0', '3', '-1'], ('lpad', 1): ['0', '5', '20', '-1'],
    ('rpad', 1): ['0', '5', '20', '-1'], ('split_part', 1): [',', 'zz', ''],
    ('split_part', 2): ['1', '2', '-1', '0'], ('factorial', 0): ['0', '5', '20', '30', '-1'],
    ('chr', 0): ['65', '8364', '0', '-1', '1114112', '55296'],
    ('make_date', 0): ['2024', '-44', '0'], ('make_date', 1): ['2', '13'],
    ('make_date', 2): ['29', '30'], ('quote_ident', 0): ['abc', 'Abc', 'select', 'a b', '1a', ''],
    ('substring', 1): ['a', 'o(.)', 'b*', '%#"o_#"%', '('], ('substring', 2): ['#'],
    ('varchar', 1): ['5', '7', '-1'], ('bpchar', 1): ['5', '7', '-1'],
    ('numeric', 1): ['655366', '-1', '1310728'], ('timestamp', 1): ['0', '3', '-1'],
    ('timestamptz', 1): ['0', '3', '-1'], ('time', 1): ['0', '3'],
    ('interval', 1): ['-1', '2147418115', '589823'],
    ('char', 0): ['a', '0', '65', '127', '200'],
    ('age', 0): ['2000-01-01', '2024-02-29 12:34:56'], ('age', 1): ['1969-07-20', '2024-03-01'],
    ('exp', 0): ['0', '1', '-1.5', '2.25'], ('power', 1): ['0', '2', '-1', '0.5', '3'],
    ('pow', 1): ['0', '2', '-1', '0.5'], ('round', 1): ['0', '2', '-2'], ('trunc', 1): ['1', '-1'],
    ('width_bucket', 3): ['0', '5', '10'],
    # -2147483648 has no absolute value in PostgreSQL's 32 bits
    ('right', 1): ['0', '1', '3', '-1', '-2', '2147483647'],
    ('to_char', 1): ['999D99', 'FM9,990.0', 'YYYY-MM-DD HH24:MI:SS', 'FMDay DDth', 'S99', '9.9EEEE',
                     'RN', 'Q', ''],
    ('to_number', 0): ['12,454.8-', '485', '<5>', 'x', '-0.5'],
    ('to_number', 1): ['99G999D9S', '999', '9PR', 'S9.9', ''],
    ('to_date', 0): ['2024-02-29', '29 Feb 2024', '24060', '2024-02-30', 'x'],
    ('to_date', 1): ['YYYY-MM-DD', 'DD Mon YYYY', 'YYDDD', 'FXYYYY/MM/DD'],
    ('to_timestamp', 1): ['YYYY', 'SSSS', 'J', 'US', 'HH12'],
    ('set_bit', 2): ['0', '1', '2'], ('pg_encoding_to_char', 0): ['6', '0', '8', '-1'],
}
SKIP = {'pg_typeof', 'gen_random_uuid', 'random', 'now', 'transaction_timestamp', 'timeofday',
        'statement_timestamp', 'clock_timestamp', 'factorial_', 'cot', 'tand_'}
TYPE_NAMES = {'TEXT_': 'text', 'CHAR': '"char"', 'TS': 'timestamp', 'TSTZ': 'timestamptz',
              'ANY': 'text', 'ELEMENT': 'text', 'NONARRAY': 'text'}


def samples(name, sql_name, number, kind):
    if (name, number) in SPECIAL:
        return SPECIAL[(name, number)]
    if number == 1 and sql_name in ('~~', '!~~', '~~*', '!~~*') and kind == 'TEXT_':
        return PATTERNS
    if number == 1 and kind == 'TEXT_' and (name.startswith('regexp_') or
                                            sql_name in ('~', '!~', '~*', '!~*')):
        return REGEXES
    if name.startswith('regexp_') and kind == 'INT4':
        return ['1', '2', '0', '5']
    if name in ('regexp_replace',) and number == 2:
        return ['X', '[\\&]', '\\1', '']
    if name.startswith('regexp_') and kind == 'TEXT_' and number > 1:
        return ['i', 'n', '', 'g', 'x']
    if name == 'make_interval' or name.startswith('make_time'):
        return ['1', '2', '10', '30'] if kind == 'INT4' else ['1.5', '59.999']
    return SAMPLES.get(kind)


def rows():
    text = open('functions/fn_table.c', encoding='utf-8').read()
    for m in re.finditer(r'\{(\d+),\s+(\d+),\s+"([^"]+)",\s+"([^"]+)",\s+\{([^}]*)\},\s*(\d),'
                         r'\s+(\w+),\s+OP_(\w+),\s+([A-Z_ |]+),', text):
        kinds = [k.strip() for k in m[5].split(',') if k.strip()]
        yield int(m[1]), m[3], m[4], kinds, m[7], m[9]


def attached():
    known = set()
    for path in subprocess.run(['grep', '-lE', 'KernelRow rows', '-r', 'functions'],
                               capture_output=True, text=True, check=True).stdout.split():
        known |= set(re.findall(r'\{(OP_\w+),', open(path, encoding='utf-8').read()))
    return known


def cases(count):
    rng = random.Random(15)
    with_kernel = attached()
    text = open('functions/fn_table.c', encoding='utf-8').read()
    operation = dict(re.findall(r'\{(\d+),.*?(OP_\w+),', text))
    for oid, name, sql_name, kinds, _, flags in rows():
        if operation[str(oid)] not in with_kernel or 'SET' in flags.split(' | ') or name in SKIP:
            continue
        if 'VOLATILE' in flags or (name == 'age' and len(kinds) == 1):
            continue
        choice = [samples(name, sql_name, i, k) for i, k in enumerate(kinds)]
        if None in choice:
            continue
        seen = set()
        for _ in range(count if kinds else 1):
            args = tuple(rng.choice(c) for c in choice)
            if 'VARIADIC' in flags and len(kinds) <= 2:
                args += ('q', 'r')
            if args not in seen:
                seen.add(args)
                yield oid, name, kinds, args


def literal(text):
    return "'" + text.replace("'", "''") + "'"


def ask(connection, calls):
    script = ["set client_min_messages = error; set standard_conforming_strings = on;",
              """create or replace function pg_temp.answer(q text) returns text
 language plpgsql as $$ declare r text; begin execute q into r; return coalesce('=' || r, 'NULL');
 exception when others then return 'ERROR ' || sqlstate || ' ' || sqlerrm; end $$;"""]
    for oid, name, kinds, args in calls:
        types = [TYPE_NAMES.get(k, k.lower()) for k in kinds]
        types += ['text'] * (len(args) - len(types))
        typed = ', '.join(f'{literal(a)}::{t}' for a, t in zip(args, types))
        call = f'select (pg_catalog."{name}"({typed}))::text'
        script.append(f'select encode(convert_to(pg_temp.answer({literal(call)}), '
                      f"'UTF8'), 'hex');")
    out = subprocess.run(['psql', '-XAtq', connection], input='\n'.join(script),
                         capture_output=True, text=True, check=True)
    lines = [bytes.fromhex(line).decode() for line in out.stdout.split('\n')[:-1]]
    assert len(lines) == len(calls), (len(lines), len(calls), out.stderr[:500])
    return lines


def c_string(text):
    out = ''
    for b in text.encode():
        if b in (34, 92):
            out += '\\' + chr(b)
        elif 32 <= b < 127:
            out += chr(b)
        else:
            out += f'\\{b:03o}'
    return f'"{out}"'


def main():
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    calls = list(cases(count))
    results = {oid: ret for oid, _, _, _, ret, _ in rows()}
    with open('tests/unit/function_answers.def', 'w', encoding='utf-8') as out:
        out.write('/* Made by tests/functions_answers.py from PostgreSQL 15: do not edit. */\n')
        for (oid, _, _, args), answer in zip(calls, ask(sys.argv[1], calls)):
            if answer == 'NULL':
                expected = 'NULL'
            elif answer.startswith('='):
                value = answer[1:]
                if results[oid] == 'BOOL':
                    value = value[0]
                expected = c_string(value)
            else:
                expected = c_string(answer)
            out.write('{%d, {%s}, %s},\n' % (oid, ', '.join(c_string(a) for a in args) or '0',
                                             expected))
    print(len(calls), 'answers')


if __name__ == '__main__':
    main()
