# SPDX-License-Identifier: Apache-2.0
"""Random typed expressions of SQL, drawn from functions/fn_table.c and aggregate_table.c.

A Node is a piece of SQL that can be made smaller: it knows its type and its parts, and variants() lists
smaller texts of the same meaning of type. Generator.expression(type, depth, scope, wild) draws one;
wild expressions use every function and extreme values and may fail, the others only rows
without FAILS, so that a statement does not depend on the order of evaluation. A scope is a list of
columns (text, type, tame); its texts may be whole expressions, as those of a GROUP BY.
"""
import os
import re

from functions_answers import PATTERNS, REGEXES, SPECIAL

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NAMES = {'TEXT_': 'text', 'BPCHAR': 'bpchar', 'TS': 'timestamp', 'TSTZ': 'timestamptz',
         'ANY': 'text', 'ELEMENT': 'text', 'NONARRAY': 'text'}
TYPES = ['bool', 'int2', 'int4', 'int8', 'float4', 'float8', 'numeric', 'text', 'varchar', 'bpchar',
         'bytea', 'date', 'time', 'timestamp', 'timestamptz', 'interval', 'uuid']
NUMBERS = ['int2', 'int4', 'int8', 'float4', 'float8', 'numeric']
TEXTS = ['text', 'varchar', 'bpchar']
ORDERED = [name for name in TYPES if name != 'bool']
SUB_QUERY_SHARE = 0.03
# Answers that change from call to call, that describe the server, or cost without bound.
EXCLUDED = re.compile(
    r'^(random|now|\w*_timestamp|timeofday|clock\w*|gen_random_uuid|pg_\w+|has_\w+|txid\w*|version|'
    r'current_\w+|session_user|set_config|setseed|obj_description|shobj_description|'
    r'col_description|format_type|getdatabaseencoding|generate_series|regexp_split_to_table|'
    r'string_to_table|repeat|factorial|oid\w*|\w*name\w*|char|timezone|overlaps|numeric_\w+|'
    r'num_nulls|num_nonnulls|concat|concat_ws|format|similar_\w+|dexp|exp|power|pow|dpow|int4_\w+|'
    r'varchar|bpchar|numeric|timestamp|timestamptz|time|interval|date|text|bool|int\d|float\d)$')
TAME = {
    'bool': ['true', 'false'], 'int2': ['0', '1', '-1', '7', '12'],
    'int4': ['0', '1', '-1', '2', '3', '5', '10', '100'], 'int8': ['0', '1', '-2', '42', '1000'],
    'float4': ['0', '1.5', '-2.25', '0.1'], 'float8': ['0', '1.5', '-2.25', '0.1', '2'],
    'numeric': ['0', '1', '-1.50', '0.07', '12.345', '100'],
    'text': ['', 'a', 'abc', 'Hello World', 'h\u00e9llo \u20acuro', 'a%b_c', '  pad  ', 'b'],
    'varchar': ['', 'abc', 'b'], 'bpchar': ['abc', 'b', ''],
    'bytea': ['', '\\x00ff41', '\\x616263'],
    'date': ['2000-01-01', '1998-12-01', '2024-02-29', '1970-01-01'],
    'time': ['00:00:00', '12:34:56.789', '23:59:59.999999'],
    'timestamp': ['2000-01-01 00:00:00', '2024-02-29 12:34:56.789012', '1969-07-20 20:17:40'],
    'timestamptz': ['2000-01-01 00:00:00+00', '2024-02-29 12:34:56.789012+02'],
    'interval': ['0', '1 day', '-1 mon -2 days 03:04:05.678', '100:00:00'],
    'uuid': ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '00000000-0000-0000-0000-000000000000'],
}
WILD = {
    'int2': ['-32768', '32767'], 'int4': ['2147483647', '-2147483648'],
    'int8': ['9223372036854775807', '-9223372036854775808'],
    'float4': ['NaN', 'Infinity', '-Infinity', '-0', '3.4e38', '1e-45'],
    'float8': ['NaN', 'Infinity', '-Infinity', '-0', '1e308', '5e-324', '1e15', '123456789.5'],
    'numeric': ['NaN', 'Infinity', '-Infinity', '99999999999999999999999999999999999999.99',
                '-0.00000000000000000000000000000000000001', '1e30', '0.000', '170141183460469231'],
    'text': ['\u00df\u0130\u01c4', '\U0001f600', 'NaN', '12', ' 7 ', '2001-02-03', 'true', '\\',
             "it's", '\n\t', 'ABCdef' * 20],
    'bytea': ['\\x' + 'ff00' * 40],
    'date': ['infinity', '-infinity', '0044-03-15 BC', '5874897-12-31', '4713-01-01 BC'],
    'time': ['24:00:00'],
    'timestamp': ['infinity', '-infinity', '0099-12-31 23:59:59 BC', '294276-12-31 23:59:59.999999'],
    'timestamptz': ['infinity', '-infinity', '4713-01-01 00:00:00+00 BC', '2001-09-28 03:00:00-12'],
    'interval': ['178000000 years', '-178000000 years', '2147483647 days', '1.5 months', '-00:00:01'],
}
CASTS = {
    'bool': ['int4', 'text'], 'int2': NUMBERS + ['text'], 'int4': NUMBERS + ['bool', 'text'],
    'int8': NUMBERS + ['text'], 'float4': NUMBERS + ['text'], 'float8': NUMBERS + ['text'],
    'numeric': NUMBERS + ['text'], 'text': TYPES, 'varchar': TYPES, 'bpchar': TYPES,
    'date': ['timestamp', 'timestamptz', 'text'], 'time': ['interval', 'text'],
    'timestamp': ['date', 'time', 'timestamptz', 'text'],
    'timestamptz': ['date', 'time', 'timestamp', 'text'], 'interval': ['time', 'text'],
    'bytea': ['text'], 'uuid': ['text'],
}
SAFE_CASTS = {('int2', 'int4'), ('int2', 'int8'), ('int4', 'int8'), ('int2', 'numeric'),
              ('int4', 'numeric'), ('int8', 'numeric'), ('int2', 'float8'), ('int4', 'float8'),
              ('int8', 'float8'), ('float4', 'float8'), ('date', 'timestamp'),
              ('date', 'timestamptz'), ('timestamp', 'timestamptz'), ('timestamptz', 'timestamp'),
              ('time', 'interval'), ('bool', 'int4'), ('int4', 'bool')}


class Node:
    """parts: strings and Nodes. optional: it may vanish. listed: parts that are Nodes may vanish
    one by one, with the separator that stands before them."""

    def __init__(self, kind, parts, optional=False, separator=None):
        self.kind, self.parts = kind, list(parts)
        self.optional, self.separator = optional, separator

    def __str__(self):
        if self.separator is not None:
            return self.separator.join(map(str, self.parts))
        return ''.join(map(str, self.parts))

    def nodes(self):
        return [part for part in self.parts if isinstance(part, Node)]

    def of_kind(self, kind):
        """Nodes below of one type, nearest first."""
        level = self.nodes()
        while level:
            yield from (node for node in level if node.kind == kind)
            level = [below for node in level if node.kind != 'query' for below in node.nodes()]

    def smaller(self):
        """Nodes that may stand in place of this one."""
        if self.optional:
            yield Node(self.kind, [])
        if self.separator is not None and len(self.parts) > 1:
            for number in range(len(self.parts)):
                yield Node(self.kind, self.parts[:number] + self.parts[number + 1:],
                           self.optional, self.separator)
        if self.kind in TYPES:
            if len(self.parts) > 1:
                yield from self.of_kind(self.kind)
                yield literal(self.kind, TAME[self.kind][0])
                yield Node(self.kind, [f'null::{self.kind}'])

    def variants(self):
        """The whole tree with one node made smaller."""
        yield from self.smaller()
        for number, part in enumerate(self.parts):
            if isinstance(part, Node):
                for other in part.variants():
                    yield Node(self.kind, self.parts[:number] + [other] + self.parts[number + 1:],
                               self.optional, self.separator)


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def literal(kind, value):
    if kind in ('int4', 'bool') and re.fullmatch(r'\d+|true|false', value):
        return Node(kind, [value])
    return Node(kind, [f'{quoted(value)}::{kind}'])


class Function:
    def __init__(self, name, symbol, kinds, result, flags):
        self.name, self.symbol, self.kinds, self.result = name, symbol, kinds, result
        self.fails = 'FAILS' in flags

    def call(self, args):
        if re.fullmatch(r'[a-z]\w*', self.symbol):
            name = self.symbol if self.symbol not in ('position', 'substring', 'overlay') else \
                'pg_catalog."' + self.symbol + '"'
            parts = [name, '(']
            for number, arg in enumerate(args):
                parts += [', ' if number else '', arg]
            return parts + [')']
        if len(args) == 1:
            return ['(', self.symbol, ' ', args[0], ')']
        return ['(', args[0], f' {self.symbol} ', args[1], ')']


def type_name(word):
    return NAMES.get(word, word.lower())


def read_functions():
    """-> result type -> Functions"""
    with open(os.path.join(ROOT, 'functions/fn_table.c'), encoding='utf-8') as file:
        text = file.read()
    found = {}
    for m in re.finditer(r'\{(\d+),\s+(\d+),\s+"([^"]+)",\s+"([^"]+)",\s+\{([^}]*)\},\s*(\d),'
                         r'\s+(\w+),\s+OP_(\w+),\s+([A-Z_ |]+),', text):
        kinds = [type_name(k.strip()) for k in m[5].split(',') if k.strip()]
        flags = m[9].split(' | ')
        result, symbol = type_name(m[7]), m[4]
        if 'SET' in flags or 'VOLATILE' in flags or 'VARIADIC' in flags or not kinds or \
                EXCLUDED.match(symbol) or EXCLUDED.match(m[3]) or \
                not set(kinds + [result]) <= set(TYPES) or (symbol == 'age' and len(kinds) == 1):
            continue
        found.setdefault(result, []).append(Function(m[3], symbol, kinds, result, flags))
    return found


def read_aggregates():
    """-> list of (name, argument types, result type)"""
    with open(os.path.join(ROOT, 'functions/aggregate_table.c'), encoding='utf-8') as file:
        text = file.read()
    found = []
    for m in re.finditer(r'\{\d+, "(\w+)",\s+\{([^}]*)\},\s+\d, TYPE_(\w+),', text):
        kinds = [k.strip()[5:].lower() for k in m[2].split(',') if k.strip()]
        kinds = ['text' if k == 'any' else k for k in kinds]
        if set(kinds + [m[3].lower()]) <= set(TYPES) and 'bytea' not in kinds:
            found.append((m[1], kinds, m[3].lower()))
    return found


class Generator:
    def __init__(self, rng):
        self.rng = rng
        self.functions, self.aggregates = read_functions(), read_aggregates()
        self.sub_query = None  # (type, scope) -> Node or None: a query of one row and one column

    def chance(self, probability):
        return self.rng.random() < probability

    def value(self, kind, wild):
        pool = WILD[kind] if wild and kind in WILD and self.chance(0.3) else TAME[kind]
        return self.rng.choice(pool)

    def literal(self, kind, wild):
        if self.chance(0.06):
            return Node(kind, [f'null::{kind}'])
        return literal(kind, self.value(kind, wild))

    def leaf(self, kind, scope, wild):
        columns = [column for column in scope if column[1] == kind and (wild or column[2])]
        if columns and self.chance(0.8):
            return Node(kind, [self.rng.choice(columns)[0]])
        return self.literal(kind, wild)

    def expression(self, kind, depth, scope, wild=False):
        if depth <= 0 or self.chance(0.15):
            return self.leaf(kind, scope, wild)
        if self.sub_query and self.chance(SUB_QUERY_SHARE):
            node = self.sub_query(kind, scope)
            if node:
                return node
        draw = self.rng.random()
        if kind == 'bool' and draw < 0.6:
            return self.condition(depth, scope, wild)
        if draw < 0.08:
            return self.case(kind, depth, scope, wild)
        if draw < 0.16:
            return self.pick_of_several(kind, depth, scope, wild)
        if draw < 0.3:
            return self.cast(kind, depth, scope, wild)
        return self.call(kind, depth, scope, wild)

    def call(self, kind, depth, scope, wild):
        rows = [f for f in self.functions.get(kind, []) if wild or not f.fails]
        if not rows:
            return self.leaf(kind, scope, wild)
        symbol = self.rng.choice(sorted({f.symbol for f in rows}))
        function = self.rng.choice([f for f in rows if f.symbol == symbol])
        args = []
        for number, arg in enumerate(function.kinds):
            special = self.special(function, number, arg)
            if special is not None:
                args.append(literal(arg, self.rng.choice(special)))
            else:
                args.append(self.expression(arg, depth - 1, scope, wild))
        return Node(kind, function.call(args))

    def special(self, function, number, kind):
        """Arguments that only few values make sense for."""
        symbol, name = function.symbol, function.name
        if (symbol, number) in SPECIAL:
            return SPECIAL[(symbol, number)]
        if number == 1 and symbol in ('~~', '!~~', '~~*', '!~~*', 'like', 'notlike'):
            return PATTERNS
        if number == 1 and kind == 'text' and (name.startswith('regexp_') or
                                               symbol in ('~', '!~', '~*', '!~*')):
            return REGEXES
        if name.startswith('regexp_') and number > 1:
            return ['1', '2', '0', '5'] if kind == 'int4' else ['i', 'n', '', 'g', 'x']
        if symbol in ('<<', '>>') and number == 1:
            return ['0', '1', '3', '31', '33']
        if symbol == '^' and number == 1:
            return ['0', '2', '-1', '0.5', '3']
        return None

    def cast(self, kind, depth, scope, wild):
        if wild:
            sources = [source for source, targets in CASTS.items() if kind in targets]
        else:
            sources = [source for source, target in SAFE_CASTS if target == kind]
            if kind == 'text':
                sources = [name for name in TYPES if name != 'bpchar']
        if not sources:
            return self.leaf(kind, scope, wild)
        source = self.rng.choice(sorted(sources))
        name = kind
        if wild and self.chance(0.2):
            name = {'varchar': 'varchar(3)', 'bpchar': 'char(5)', 'numeric': 'numeric(10,2)',
                    'timestamp': 'timestamp(2)', 'interval': 'interval(1)',
                    'time': 'time(0)'}.get(kind, kind)
        if name == 'bpchar' or (name == kind == 'varchar'):
            return self.leaf(kind, scope, wild)
        arg = self.expression(source, depth - 1, scope, wild)
        if self.chance(0.5):
            return Node(kind, ['(', arg, f')::{name}'])
        return Node(kind, ['cast(', arg, f' as {name})'])

    def case(self, kind, depth, scope, wild):
        parts = ['case']
        if self.chance(0.25):
            of = self.rng.choice(['int4', 'text', 'date', 'numeric'])
            parts += [' ', self.expression(of, depth - 2, scope, wild)]
            tests = [self.leaf(of, scope, wild) for _ in range(2)]
        else:
            tests = [self.condition(depth - 1, scope, wild)
                     for _ in range(self.rng.randint(1, 2))]
        for test in tests:
            parts += [' when ', test, ' then ', self.expression(kind, depth - 1, scope, wild)]
        if self.chance(0.7):
            parts += [' else ', self.expression(kind, depth - 1, scope, wild)]
        return Node(kind, parts + [' end'])

    def pick_of_several(self, kind, depth, scope, wild):
        args = [self.expression(kind, depth - 1, scope, wild)
                for _ in range(self.rng.randint(2, 3))]
        name = self.rng.choice(['coalesce', 'coalesce', 'nullif', 'greatest', 'least'])
        if name == 'nullif':
            return Node(kind, ['nullif(', args[0], ', ', args[1], ')'])
        return Node(kind, [name + '(', Node('list', args, separator=', '), ')'])

    def condition(self, depth, scope, wild):
        if depth <= 0:
            return self.leaf('bool', scope, wild)
        sub = [self.rng.choice(TYPES), depth - 1, scope, wild]
        kind = sub[0]
        draw = self.rng.randint(0, 10)
        if draw == 10:
            return self.row_condition(depth, scope, wild)
        if draw <= 2:
            word = self.rng.choice([' and ', ' or '])
            args = [self.condition(depth - 1, scope, wild) for _ in range(self.rng.randint(2, 3))]
            return Node('bool', ['(', Node('list', args, separator=word), ')'])
        if draw == 3:
            return Node('bool', ['(not ', self.condition(depth - 1, scope, wild), ')'])
        if draw == 4:
            word = self.rng.choice(['is null', 'is not null'])
            return Node('bool', ['(', self.expression(*sub), f' {word})'])
        if draw == 5:
            word = self.rng.choice(['is distinct from', 'is not distinct from'])
            return Node('bool', ['(', self.expression(*sub), f' {word} ', self.expression(*sub), ')'])
        if draw == 6:
            word = self.rng.choice(['between', 'not between', 'between symmetric'])
            return Node('bool', ['(', self.expression(*sub), f' {word} ', self.leaf(kind, scope, wild),
                                 ' and ', self.leaf(kind, scope, wild), ')'])
        if draw == 7:
            items = [self.leaf(kind, scope, wild) for _ in range(self.rng.randint(1, 4))]
            word = self.rng.choice(['in', 'in', 'not in'])
            return Node('bool', ['(', self.expression(*sub), f' {word} (',
                                 Node('list', items, separator=', '), '))'])
        if draw == 8:
            word = self.rng.choice(['is true', 'is not true', 'is false', 'is unknown',
                                    'is not unknown', 'is not false'])
            return Node('bool', ['(', self.condition(depth - 1, scope, wild), f' {word})'])
        word = self.rng.choice(['=', '<>', '<', '<=', '>', '>='])
        return Node('bool', ['(', self.expression(*sub), f' {word} ', self.expression(*sub), ')'])

    def row(self, kinds, depth, scope, wild):
        return Node('row', ['(', Node('fields', [x for kind in kinds for x in
                                                 (', ', self.expression(kind, depth, scope, wild))][1:]),
                            ')'])

    def row_condition(self, depth, scope, wild):
        """Rows of two or three fields compared, or found among others."""
        kinds = [self.rng.choice(TYPES) for _ in range(self.rng.choice([2, 2, 3]))]
        left = self.row(kinds, depth - 1, scope, wild)
        draw = self.rng.random()
        if draw < 0.25:
            rows = [self.row(kinds, 0, scope, wild) for _ in range(self.rng.randint(1, 3))]
            word = self.rng.choice(['in', 'in', 'not in'])
            return Node('bool', ['(', left, f' {word} (', Node('list', rows, separator=', '), '))'])
        right = self.row(kinds, depth - 1, scope, wild)
        if draw < 0.45:
            word = self.rng.choice(['is distinct from', 'is not distinct from'])
            return Node('bool', ['(row', left, f' {word} row', right, ')'])
        if draw < 0.5:
            return Node('bool', ['(row', left, self.rng.choice([' is null', ' is not null']), ')'])
        word = self.rng.choice(['=', '<>', '<', '<=', '>', '>='])
        return Node('bool', ['(', left, f' {word} ', right, ')'])

    def aggregate(self, depth, scope, wild_columns):
        """-> Node. Floats are summed only when tame: their sum depends on the order."""
        name, kinds, result = self.rng.choice(self.aggregates)
        if name == 'count' and (not kinds or self.chance(0.5)):
            return Node('int8', ['count(*)'] + self.filter(scope))
        wild = wild_columns and name in ('count', 'min', 'max', 'bool_and', 'bool_or', 'every')
        args = [self.expression(kind, depth - 1, scope, wild) for kind in kinds]
        if re.match('regr|corr|covar|stddev|var', name) and kinds[0].startswith('float'):
            # whole numbers: a variance of zero is zero in whatever order they are added
            args = [Node(kind, ['(', self.leaf('int4', scope, False), f')::{kind}'])
                    for kind in kinds]
        if name == 'string_agg':
            return Node(result, self.string_agg(args[0], scope) + self.filter(scope))
        distinct = 'distinct ' if len(args) == 1 and self.chance(0.15) and \
            kinds[0] not in ('float4', 'float8') else ''
        order = []
        if self.chance(0.1) and args:  # says nothing about the result, and is sorted all the same
            key = args[0] if distinct else self.leaf(self.rng.choice(ORDERED), scope, False)
            order = [Node('order', [' order by ', key, self.direction()], optional=True)]
        return Node(result, [f'{name}({distinct}', Node('list', args, separator=', ')] + order +
                    [')'] + self.filter(scope))

    def string_agg(self, arg, scope):
        """With an order that leaves only equal strings beside each other open."""
        if self.chance(0.2):
            return ['string_agg(distinct ', arg, ", '|' order by ", arg, self.direction(), ')']
        first = []
        if self.chance(0.4):
            key = self.leaf(self.rng.choice(ORDERED), scope, False)
            first = [Node('order', [key, self.direction(), ', '], optional=True)]
        return ['string_agg(', arg, ", '|' order by "] + first + [arg, self.direction(), ')']

    def direction(self):
        return self.rng.choice(['', '', ' desc', ' nulls first', ' desc nulls last'])

    def filter(self, scope):
        if self.chance(0.85):
            return []
        return [Node('filter', [' filter (where ', self.condition(1, scope, False), ')'],
                     optional=True)]
