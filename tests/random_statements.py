# SPDX-License-Identifier: Apache-2.0
"""Random schemas, data and statements for tests/differential.py.

A Schema is a few tables with rows; a Statement is a Node (random_expressions.py) and how its answer is to be
compared: strict (every field exactly) or by value, for what grouping and set operations leave open,
with the columns whose order ORDER BY fixes. Statements that write run in a transaction of their own.
"""
from random_expressions import NUMBERS, ORDERED, TAME, TYPES, WILD, Generator, Node, quoted

ROWS = [0, 15, 60, 60, 2500]
DECLARED = {'varchar': 'varchar(40)', 'bpchar': 'char(8)', 'numeric': 'numeric(14,3)'}
JOIN_KINDS = ['join', 'join', 'left join', 'right join', 'full join', 'cross join']


class Table:
    def __init__(self, name, columns, rows):
        self.name, self.columns, self.rows = name, columns, rows  # columns: (name, type, tame)

    def create(self):
        parts = ['id int4 not null'] + [
            f'{name} {DECLARED.get(kind, kind) if tame else kind}'
            for name, kind, tame in self.columns[1:]]
        return f'create table {self.name} ({", ".join(parts)})'

    def copy_text(self):
        lines = []
        for row in self.rows:
            fields = []
            for value in row:
                if value is None:
                    fields.append('\\N')
                    continue
                for plain, escaped in (('\\', '\\\\'), ('\t', '\\t'), ('\n', '\\n')):
                    value = value.replace(plain, escaped)
                fields.append(value)
            lines.append('\t'.join(fields) + '\n')
        return ''.join(lines).encode()


def make_schema(rng):
    """-> Tables: tame columns of small domains (which join and group), wild ones with extremes."""
    tables = []
    for number, count in enumerate(ROWS):
        columns = [('id', 'int4', True)]
        kinds = rng.sample(TYPES, 6) + ['int4', 'text', 'numeric', 'float8', 'date']
        for place, kind in enumerate(kinds):
            columns.append((f'c{place}', kind, place >= 4 or rng.random() < 0.5))
        rows = []
        for identity in range(count):
            row = [str(identity)]
            for _, kind, tame in columns[1:]:
                pool = TAME[kind]
                if not tame and kind in WILD and rng.random() < 0.4:
                    pool = WILD[kind]
                row.append(None if rng.random() < 0.12 else rng.choice(pool))
            rows.append(row)
        tables.append(Table(f't{number}', columns, rows))
    return tables


class Statement:
    def __init__(self, node, strict=False, ordered=(), count_only=False, table=None):
        self.node, self.strict, self.ordered = node, strict, ordered
        self.count_only, self.table = count_only, table

    def with_node(self, node):
        return Statement(node, self.strict, self.ordered, self.count_only, self.table)


class Statements:
    def __init__(self, rng, tables):
        self.rng, self.tables = rng, tables
        self.generator = Generator(rng)
        self.aliases = 0

    def chance(self, probability):
        return self.rng.random() < probability

    def next(self):
        draw = self.rng.random()
        if draw < 0.35:
            return self.expressions()
        if draw < 0.9:
            return self.select()
        return self.write()

    def alias(self):
        self.aliases += 1
        return f'a{self.aliases}'

    # ---- expressions over one table: every function, extreme values, exact comparison

    def expressions(self):
        table = self.rng.choice(self.tables[1:4])
        kind = self.rng.choice(TYPES)
        wild = self.chance(0.7)
        item = self.generator.expression(kind, self.rng.randint(1, 3), table.columns, wild)
        if self.chance(0.2):
            return Statement(Node('query', ['select ', item]), strict=True)
        return Statement(Node('query', ['select ', Node('list', ['id', item], separator=', '),
                                        f' from {table.name}']), strict=True)

    # ---- queries

    def scope_of(self, alias, columns):
        return [(f'{alias}.{name}', kind, tame) for name, kind, tame in columns]

    def source(self, depth):
        """-> (Node, scope) of one thing in FROM"""
        alias, draw = self.alias(), self.rng.random()
        if depth > 0 and draw < 0.2:
            query, columns = self.simple_query(depth - 1, [], None)
            return Node('source', ['(', query, f') {alias}']), self.scope_of(alias, columns)
        if draw < 0.26:
            return Node('source', [f'generate_series(1, {self.rng.randint(0, 5)}) {alias}(n)']), \
                [(f'{alias}.n', 'int4', True)]
        if draw < 0.32:
            rows = ', '.join(f"({number}, {quoted(value)})" for number, value in
                             enumerate(TAME['text'][:self.rng.randint(1, 5)]))
            return Node('source', [f'(values {rows}) {alias}(n, s)']), \
                [(f'{alias}.n', 'int4', True), (f'{alias}.s', 'text', True)]
        table = self.rng.choice(self.tables[:4] if self.chance(0.95) else self.tables)
        return Node('source', [f'{table.name} {alias}']), self.scope_of(alias, table.columns)

    def sources(self, depth, count):
        node, scope = self.source(depth)
        for _ in range(count - 1):
            other, more = self.source(depth)
            kind = self.rng.choice(JOIN_KINDS)
            if 't4 ' in f'{node}{other}' or (kind == 'cross join' and self.chance(0.7)):
                kind = 'join'
            if kind == 'cross join':
                node = Node('source', [node, ' cross join ', other])
            else:
                on = self.join_condition(scope, more, kind)
                node = Node('source', [node, f' {kind} ', other, ' on ', on])
            scope = scope + more
        return node, scope

    def join_condition(self, left, right, kind):
        pairs = [(a, b) for a in left for b in right
                 if a[1] == b[1] and a[2] and b[2] and a[1] != 'bool']
        keys = [(a, b) for a, b in pairs if a[0].endswith('.id') or b[0].endswith('.id')]
        if not pairs:
            return Node('bool', ['true']) if kind == 'full join' else \
                self.generator.condition(1, left + right, False)
        pool = keys if keys and self.chance(0.6 if len(left) < 14 else 0.9) else pairs
        parts = []
        for a, b in [self.rng.choice(pool) for _ in range(1 + self.chance(0.25))]:
            parts.append(Node('bool', [f'{a[0]} = {b[0]}']))
        if kind != 'full join' and self.chance(0.3):
            parts.append(self.generator.condition(2, left + right, False))
        return Node('list', parts, separator=' and ')

    def where(self, depth, scope):
        if self.chance(0.35):
            return Node('where', [])
        parts = [self.generator.condition(self.rng.randint(1, 3), scope, False)]
        if depth > 0 and self.chance(0.5):
            parts.append(self.sub_query_condition(depth - 1, scope))
        word = ' and ' if self.chance(0.8) else ' or '
        return Node('where', [' where ', Node('list', parts, separator=word)], optional=True)

    def sub_query_condition(self, depth, scope):
        """EXISTS, IN, quantified and scalar sub-queries, often correlated."""
        draw = self.rng.randint(0, 3)
        if draw == 0:
            query, _ = self.simple_query(depth, scope, ['int4'])
            return Node('bool', [self.rng.choice(['exists (', 'not exists (']), query, ')'])
        kind = self.rng.choice(['int4', 'text', 'numeric', 'date', 'float8'])
        value = self.generator.expression(kind, 1, scope, False)
        if draw == 1:
            query, _ = self.simple_query(depth, scope, [kind])
            return Node('bool', ['(', value, self.rng.choice([' in (', ' not in (']), query, '))'])
        if draw == 2:
            query, _ = self.simple_query(depth, scope, [kind])
            word = self.rng.choice(['= any', '< all', '>= any', '<> all'])
            return Node('bool', ['(', value, f' {word} (', query, '))'])
        compare = self.rng.choice(['=', '<', '>', '<>'])
        kind, query = self.scalar_query(depth, scope)
        return Node('bool', ['(', self.generator.leaf(kind, scope, False), f' {compare} (', query,
                             '))'])

    def scalar_query(self, depth, outer):
        """-> (type, Node) of a query of one row"""
        source, scope = self.source(depth)
        aggregate = self.generator.aggregate(1, scope, True)
        return aggregate.kind, Node('query', ['select ', aggregate, ' from ', source,
                                              self.where_of_sub_query(depth, scope, outer)])

    def where_of_sub_query(self, depth, scope, outer):
        pairs = [(a, b) for a in scope for b in outer if a[1] == b[1] and a[2] and b[2]]
        if not pairs or self.chance(0.3):
            return self.where(depth, scope)
        parts = []
        a, b = self.rng.choice(pairs)
        word = self.rng.choice(['=', '=', '=', '<', '<>'])
        parts.append(Node('bool', [f'{a[0]} {word} {b[0]}']))
        if self.chance(0.4):
            parts.append(self.generator.condition(1, scope + outer, False))
        return Node('where', [' where ', Node('list', parts, separator=' and ')], optional=True)

    def simple_query(self, depth, outer, kinds):
        """A query without ORDER BY for use inside another -> (Node, columns)"""
        source, scope = self.sources(depth, 1 + self.chance(0.3))
        kinds = kinds or [self.rng.choice(TYPES) for _ in range(self.rng.randint(1, 3))]
        where = self.where_of_sub_query(depth, scope, outer)
        if self.chance(0.25):
            return self.grouped(kinds, source, scope, where)
        items, columns = [], []
        for number, kind in enumerate(kinds):
            items.append(Node('item', [self.generator.expression(kind, 1, scope, False),
                                       f' as x{number}']))
            columns.append((f'x{number}', kind, True))
        distinct = 'distinct ' if self.chance(0.1) else ''
        return Node('query', [f'select {distinct}', Node('list', items, separator=', '), ' from ',
                              source, where]), columns

    def grouped(self, kinds, source, scope, where):
        """A grouped query with columns of these types, by keys and min -> (Node, columns)"""
        keys = [c for c in scope if c[2]]
        key = self.rng.choice(keys)
        items, columns = [], []
        for number, kind in enumerate(kinds):
            value = key[0] if kind == key[1] else \
                self.generator.expression(kind, 1, scope, False) if kind == 'bool' else None
            if kind == 'bool' and kind != key[1]:
                value = Node('bool', ['bool_and(', value, ')'])
            elif value is None and kind not in ('bytea', 'uuid', 'varchar'):
                value = Node(kind, ['min(', self.generator.expression(kind, 1, scope, False), ')'])
            elif value is None:
                value = Node(kind, [f'null::{kind}'])
            items.append(Node('item', [value, f' as x{number}']))
            columns.append((f'x{number}', kind, True))
        return Node('query', ['select ', Node('list', items, separator=', '), ' from ', source,
                              where, f' group by {key[0]}']), columns

    def select(self):
        depth = self.rng.choice([0, 1, 1, 2])
        draw = self.rng.random()
        if draw < 0.12:
            body, count = self.set_operation(depth)
        elif draw < 0.45:
            body, count = self.aggregated(depth)
        else:
            body, count = self.plain(depth)
        if self.chance(0.12):
            alias = self.alias()
            body = Node('query', [f'with {alias} as (', body, f') select * from {alias}'])
        return self.ordered(body, count)

    def ordered(self, body, count):
        """ORDER BY by position; a LIMIT only below an order by every column, or rows are only
        counted."""
        draw = self.rng.random()
        if draw < 0.5:
            return Statement(body)
        places = self.rng.sample(range(count), self.rng.randint(1, count))
        if draw < 0.7:
            places = self.rng.sample(range(count), count)
        terms = [str(p + 1) + self.rng.choice(['', '', ' desc', ' nulls first', ' desc nulls last'])
                 for p in places]
        parts = [body, ' order by ', ', '.join(terms)]
        limited = self.chance(0.5)
        if limited:
            parts.append(Node('limit', [f' limit {self.rng.choice([0, 1, 3, 10, 100])}'],
                              optional=True))
            if self.chance(0.4):
                parts.append(Node('offset', [f' offset {self.rng.choice([0, 1, 5, 50])}'],
                                  optional=True))
        return Statement(Node('query', parts), ordered=places,
                         count_only=limited and len(places) < count)

    def plain(self, depth):
        source, scope = self.sources(depth, self.rng.choice([1, 1, 2, 2, 3]))
        items = []
        for _ in range(self.rng.randint(1, 4)):
            if depth > 0 and self.chance(0.1):
                items.append(Node('item', ['(', self.scalar_query(depth - 1, scope)[1], ')']))
            else:
                items.append(self.generator.expression(self.rng.choice(TYPES),
                                                       self.rng.randint(0, 3), scope,
                                                       False))
        distinct = 'distinct ' if self.chance(0.15) else ''
        node = Node('query', [f'select {distinct}', Node('list', items, separator=', '), ' from ',
                              source, self.where(depth, scope)])
        return node, len(items)

    def aggregated(self, depth):
        source, scope = self.sources(depth, self.rng.choice([1, 1, 2, 3]))
        keys = []
        for _ in range(self.rng.choice([0, 1, 1, 2, 3])):
            kind = self.rng.choice(ORDERED)
            keys.append(self.generator.expression(kind, self.rng.choice([0, 0, 1]), scope, False))
        items = list(keys)
        for _ in range(self.rng.randint(1, 3)):
            items.append(self.generator.aggregate(2, scope, True))
        parts = ['select ', Node('list', items, separator=', '), ' from ', source,
                 self.where(depth, scope)]
        if keys:
            parts.append(' group by ' + ', '.join(str(n + 1) for n in range(len(keys))))
        if self.chance(0.25):
            having = self.generator.aggregate(1, scope, False)
            parts.append(Node('having', [' having ', having, ' is not null'], optional=True))
        return Node('query', parts), len(items)

    def set_operation(self, depth):
        kinds = [self.rng.choice(TYPES) for _ in range(self.rng.randint(1, 3))]
        parts = []
        for number in range(self.rng.randint(2, 3)):
            if number:
                parts.append(self.rng.choice([' union ', ' union all ', ' intersect ', ' except ',
                                              ' intersect all ', ' except all ']))
            query, _ = self.simple_query(depth, [], kinds)
            parts.append(query)
        return Node('query', parts), len(kinds)

    # ---- statements that write

    def write(self):
        table = self.rng.choice(self.tables[1:])
        scope = table.columns
        draw = self.rng.randint(0, 3)
        if draw == 0:
            kinds = [kind for _, kind, _ in scope[1:]]
            source, columns = self.source(0)
            values = [self.generator.expression(kind, 1, columns, False) for kind in kinds]
            node = Node('query', [f'insert into {table.name} select 1, ',
                                  Node('values', [x for v in values for x in (', ', v)][1:]),
                                  ' from ', source, self.where(0, columns)])
        elif draw == 1:
            node = Node('query', [f'delete from {table.name}', self.where(1, scope)])
        else:
            name, kind, _ = self.rng.choice(scope[1:])
            value = self.generator.expression(kind, 2, scope, False)
            sets = [Node('set', [f'{name} = ', value])]
            if self.chance(0.4):
                other, kind, _ = self.rng.choice([c for c in scope[1:] if c[0] != name])
                sets.append(Node('set', [f'{other} = ', self.generator.leaf(kind, scope, False)]))
            node = Node('query', [f'update {table.name} set ', Node('list', sets, separator=', '),
                                  self.where(1, scope)])
        if self.chance(0.3):
            node = Node('query', [node, Node('returning', [' returning *'], optional=True)])
        return Statement(node, table=table.name)


__all__ = ['Statements', 'Statement', 'make_schema', 'NUMBERS']
