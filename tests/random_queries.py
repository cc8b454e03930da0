# SPDX-License-Identifier: Apache-2.0
"""Random queries for tests/differential.py: joins, sub-queries, grouping, set operations, WITH.

Nothing is drawn whose answer SQL leaves open: a LIMIT stands below an order by every column (or
rows are only counted), DISTINCT ON too, aggregates that depend on the order have one, and sub-
queries of one row are aggregates. What is left to chance is which of equal values GROUP BY,
DISTINCT and set operations show (1.0 or 1.00): those are compared by value.
"""
import collections

from random_expressions import NUMBERS, ORDERED, TAME, TYPES, Generator, Node, literal, quoted

JOIN_KINDS = ['join', 'join', 'left join', 'right join', 'full join', 'cross join']
SHARED = ['int4', 'text', 'numeric', 'float8', 'date']  # every table has columns of these
SMALL, HEAVY = 100, 4       # rows of what stands in a sub-query, tables below a view
WITHOUT_MIN = ('bytea', 'uuid', 'varchar')

# A query without ORDER BY. names: of its outputs or None; scope: what ORDER BY may name beside them.
Body = collections.namedtuple('Body', 'node count names scope')


class Statement:
    """node and how its answer is compared. ordered: outputs whose order is fixed; written: the
    relation that is compared afterwards, view: whether it is one; effect: of a definition, called
    with what was found in it when it took place; word: begin, commit or rollback."""

    def __init__(self, node, strict=False, ordered=(), count_only=False, written=None, view=False,
                 effect=None, word=None):
        self.node, self.strict, self.ordered, self.count_only = node, strict, ordered, count_only
        self.written, self.view, self.effect, self.word = written, view, effect, word

    def with_node(self, node):
        return Statement(node, self.strict, self.ordered, self.count_only, self.written, self.view,
                         self.effect)


class Queries:
    def __init__(self, rng, schema):
        self.rng, self.schema = rng, schema
        self.generator = Generator(rng)
        self.generator.sub_query = self.value_query
        self.aliases, self.common, self.left, self.nested = 0, [], 0, 0

    def chance(self, probability):
        return self.rng.random() < probability

    def begin(self):
        """A new statement: so many sub-queries may stand in its expressions."""
        self.left, self.common = self.rng.choice([0, 1, 1, 2, 3]), []

    def alias(self):
        self.aliases += 1
        return f'a{self.aliases}'

    # ---- FROM

    def scope_of(self, alias, columns):
        return [(f'{alias}.{name}', kind, tame) for name, kind, tame in columns]

    def relation(self):
        """A table or a view, seldom a large one or one without rows."""
        pool = [r for r in self.schema.tables() + self.schema.views() if r.weight <= HEAVY]
        if self.chance(0.95):
            pool = [r for r in pool if r.size] or pool
        small = [r for r in pool if r.size <= SMALL]
        return self.rng.choice(small if self.nested or self.chance(0.95) else pool)

    def source(self, depth, outer=()):
        """-> (Node, scope) of one thing in FROM. outer: what a LATERAL query may name."""
        alias, draw = self.alias(), self.rng.random()
        if depth > 0 and draw < 0.2:
            query, columns = self.any_query(depth - 1, outer)
            return Node('source', ['(', query, f') {alias}']), self.scope_of(alias, columns)
        if draw < 0.26:
            return Node('source', [f'generate_series(1, {self.rng.randint(0, 5)}) {alias}(n)']), \
                [(f'{alias}.n', 'int4', True)]
        if draw < 0.32:
            rows, columns = self.values()
            names = ', '.join(name for name, _, _ in columns)
            return Node('source', ['(', rows, f') {alias}({names})']), self.scope_of(alias, columns)
        if self.common and draw < 0.7:
            name, columns = self.rng.choice(self.common)
            return Node('source', [f'{name} {alias}']), self.scope_of(alias, columns)
        relation = self.relation()
        return Node('source', [f'{relation.name} {alias}']), self.scope_of(alias, relation.columns)

    def values(self):
        """VALUES of several types, where literals without a type take that of the first row."""
        kinds = [self.rng.choice(TYPES) for _ in range(self.rng.randint(1, 4))]
        rows = []
        for number in range(self.rng.randint(1, 5)):
            cells = []
            for kind in kinds:
                value = self.rng.choice(TAME[kind])
                if number == 0:
                    cells.append(literal(kind, value))
                else:
                    cells.append('null' if self.chance(0.15) else quoted(value))
            rows.append(Node('row', ['('] + [x for cell in cells for x in (', ', cell)][1:] + [')']))
        columns = [(f'v{number}', kind, True) for number, kind in enumerate(kinds)]
        return Node('query', ['values ', Node('list', rows, separator=', ')]), columns

    def sources(self, depth, count):
        """-> (Node, scope, conditions that belong into WHERE)"""
        node, scope = self.merged() if self.chance(0.08) else self.source(depth)
        for number in range(count - 1):
            if self.chance(0.15):
                node, scope = self.lateral(node, scope, depth)
                continue
            other, more = self.source(depth)
            kind = self.rng.choice(JOIN_KINDS)
            if 't4 ' in f'{node}{other}' or (kind == 'cross join' and self.chance(0.7)):
                kind = 'join'
            on = self.join_condition(scope, more, kind)
            scope = scope + more
            if kind == 'join' and number == count - 2 and self.chance(0.2):
                return Node('source', [node, ', ', other]), scope, [on]
            if kind == 'cross join':
                node = Node('source', [node, ' cross join ', other])
            else:
                node = Node('source', [node, f' {kind} ', other, ' on ', on])
        return node, scope, []

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

    def merged(self):
        """USING and NATURAL, over two sub-queries whose columns have names of their own."""
        kinds = self.rng.sample(SHARED, self.rng.choice([1, 1, 2]))
        names = [self.alias() for _ in kinds]
        sides, scope = [], [(name, kind, True) for name, kind in zip(names, kinds)]
        for _ in range(2):
            relation, alias, rest = self.relation(), self.alias(), self.alias()
            columns = [[c for c in relation.columns if c[1] == kind and c[2]] for kind in kinds]
            if not all(columns):
                return self.source(0)
            chosen = [self.rng.choice(pool)[0] for pool in columns]
            other = self.rng.choice(relation.columns)
            items = [f'{column} as {name}' for column, name in zip(chosen, names)]
            self.rng.shuffle(items)
            sides.append(f'(select {", ".join(items)}, {other[0]} as {rest} from {relation.name}) '
                         f'{alias}')
            scope.append((f'{alias}.{rest}', other[1], other[2]))
            scope += [(f'{alias}.{name}', kind, True) for name, kind in zip(names, kinds)]
        kind = self.rng.choice(['join', 'left join', 'right join', 'full join'])
        if self.chance(0.5):
            return Node('source', [f'{sides[0]} natural {kind} {sides[1]}']), scope
        used, alias = f'using ({", ".join(names)})', self.alias()
        if self.chance(0.3):
            used += f' as {alias}'
            scope += [(f'{alias}.{name}', kind, True) for name, kind in zip(names, kinds)]
        return Node('source', [f'{sides[0]} {kind} {sides[1]} {used}']), scope

    def lateral(self, node, scope, depth):
        """Something that names what stands before it."""
        alias = self.alias()
        if self.chance(0.35):
            until = self.generator.leaf('int4', scope, False)
            word = self.rng.choice([' cross join lateral ', ' cross join '])
            return Node('source', [node, word, 'generate_series(1, least(', until, f', 4)) {alias}(n)']), \
                scope + [(f'{alias}.n', 'int4', True)]
        query, columns = self.any_query(max(depth - 1, 0), scope)
        more = self.scope_of(alias, columns)
        word = self.rng.choice(['join', 'left join'])
        on = self.generator.condition(1, scope + more, False) if self.chance(0.4) else 'true'
        return Node('source', [node, f' {word} lateral (', query, f') {alias} on ', on]), scope + more

    # ---- WHERE

    def where(self, depth, scope, conditions=(), outer=()):
        parts = list(conditions)
        if self.chance(0.55):
            parts.append(self.generator.condition(self.rng.randint(1, 3), scope, False))
            if depth > 0 and self.chance(0.5):
                parts.append(self.sub_query_condition(depth - 1, scope + list(outer)))
        if not parts:
            return Node('where', [])
        if len(parts) == len(conditions) + 2 and self.chance(0.25):
            parts[-2:] = [Node('bool', ['(', parts[-2], ' or ', parts[-1], ')'])]
        return Node('where', [' where ', Node('list', parts, separator=' and ')], optional=True)

    def sub_query_condition(self, depth, scope):
        """EXISTS, IN, quantified and scalar sub-queries, of one column or two, often correlated."""
        draw = self.rng.randint(0, 5)
        if draw == 0:
            query, _ = self.simple_query(depth, scope, ['int4'])
            return Node('bool', [self.rng.choice(['exists (', 'not exists (']), query, ')'])
        if draw == 3:
            compare = self.rng.choice(['=', '<', '>', '<>'])
            kind, query = self.scalar_query(depth, scope)
            return Node('bool', ['(', self.generator.leaf(kind, scope, False), f' {compare} (',
                                 query, '))'])
        kinds = [self.rng.choice(['int4', 'text', 'numeric', 'date', 'float8'])
                 for _ in range(1 if draw < 4 else 2)]
        value = self.generator.expression(kinds[0], 1, scope, False) if draw < 4 else \
            self.generator.row(kinds, 1, scope, False)
        words = [' in (', ' in (', ' not in ('] if draw in (1, 4) else \
            [' = any (', ' <> all ('] + ([' < all (', ' >= any ('] if draw == 2 else [' in ('])
        query, _ = self.simple_query(depth, scope, kinds)
        return Node('bool', ['(', value, self.rng.choice(words), query, '))'])

    def scalar_query(self, depth, outer):
        """-> (type, Node) of a query of one row"""
        self.nested += 1
        source, scope = self.source(depth)
        aggregate = self.generator.aggregate(1, scope, True)
        query = Node('query', ['select ', aggregate, ' from ', source,
                               self.where_of_sub_query(depth, scope, outer)])
        self.nested -= 1
        return aggregate.kind, query

    def value_query(self, kind, scope):
        """A query of one value of this type that every order of rows answers alike -> Node or None"""
        if self.left <= 0 or kind in WITHOUT_MIN or self.nested > 2:
            return None
        self.left, self.nested = self.left - 1, self.nested + 1
        source, inner = self.source(0)
        both = inner + list(scope) if self.chance(0.15) else inner
        value = Node('int8', ['count(*)']) if kind == 'int8' and self.chance(0.5) else \
            Node(kind, ['bool_or(' if kind == 'bool' else self.rng.choice(['min(', 'max(']),
                        self.generator.expression(kind, 1, both, False), ')'])
        where = self.where_of_sub_query(0, inner, list(scope))
        self.nested -= 1
        return Node(kind, ['(', Node('query', ['select ', value, ' from ', source, where]), ')'])

    def where_of_sub_query(self, depth, scope, outer, conditions=()):
        pairs = [(a, b) for a in scope for b in outer if a[1] == b[1] and a[2] and b[2]]
        if not pairs or self.chance(0.3):
            return self.where(depth, scope, conditions, outer)
        a, b = self.rng.choice(pairs)
        word = self.rng.choice(['=', '=', '=', '<', '<>'])
        parts = list(conditions) + [Node('bool', [f'{a[0]} {word} {b[0]}'])]
        if self.chance(0.4):
            parts.append(self.generator.condition(1, scope + list(outer), False))
        if depth > 0 and self.chance(0.4):
            parts.append(self.sub_query_condition(depth - 1, scope + list(outer)))
        return Node('where', [' where ', Node('list', parts, separator=' and ')], optional=True)

    # ---- queries inside others

    def any_query(self, depth, outer=()):
        """-> (Node, columns) of a query in FROM, in WITH or under a view"""
        draw = self.rng.random()
        if draw < 0.1:
            kinds = [self.rng.choice(TYPES) for _ in range(self.rng.randint(1, 3))]
            node = self.set_operation(depth, kinds).node
            return Node('query', node.parts), [(f'x{n}', kind, True) for n, kind in enumerate(kinds)]
        query, columns = self.simple_query(depth, outer, None)
        if draw < 0.25:
            places = self.rng.sample(range(1, len(columns) + 1), len(columns))
            query = Node('query', [query, f' order by {", ".join(map(str, places))} limit ',
                                   str(self.rng.choice([1, 2, 5, 20]))])
        elif draw < 0.32:
            alias = self.alias()
            query = Node('query', [f'with {alias} as (', query, f') select * from {alias}'])
        return query, columns

    def simple_query(self, depth, outer, kinds):
        """A query without ORDER BY for use inside another -> (Node, columns)"""
        self.nested += 1
        source, scope, conditions = self.sources(depth, 1 + self.chance(0.3))
        kinds = kinds or [self.rng.choice(TYPES) for _ in range(self.rng.randint(1, 3))]
        where = self.where_of_sub_query(depth, scope, outer, conditions)
        self.nested -= 1
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
        key = self.rng.choice([c for c in scope if c[2]] or scope)
        items, columns = [], []
        for number, kind in enumerate(kinds):
            value = key[0] if kind == key[1] else \
                self.generator.expression(kind, 1, scope, False) if kind == 'bool' else None
            if kind == 'bool' and kind != key[1]:
                value = Node('bool', ['bool_and(', value, ')'])
            elif value is None and kind not in WITHOUT_MIN:
                value = Node(kind, ['min(', self.generator.expression(kind, 1, scope, False), ')'])
            elif value is None:
                value = Node(kind, [f'null::{kind}'])
            items.append(Node('item', [value, f' as x{number}']))
            columns.append((f'x{number}', kind, True))
        return Node('query', ['select ', Node('list', items, separator=', '), ' from ', source,
                              where, f' group by {key[0]}']), columns

    # ---- whole statements

    def select(self):
        self.begin()
        if self.chance(0.05):
            rows, columns = self.values()
            return self.ordered(Body(rows, len(columns), None, None))
        depth = self.rng.choice([0, 1, 1, 2])
        heads = self.with_heads(depth) if self.chance(0.15) else []
        draw = self.rng.random()
        if draw < 0.12:
            body = self.set_operation(depth)
        elif draw < 0.45:
            body = self.aggregated(depth)
        elif draw < 0.52:
            return self.distinct_on(depth, heads)
        else:
            body = self.plain(depth)
        if heads:
            body = body._replace(node=Node('query', heads + [body.node]))
        elif self.chance(0.05):
            alias = self.alias()
            body = Body(Node('query', [f'with {alias} as (', body.node, f') select * from {alias}']),
                        body.count, body.names, None)
        return self.ordered(body)

    def with_heads(self, depth):
        """WITH of one to three queries, each of which may read those before."""
        heads, common = [], []
        for number in range(self.rng.choice([1, 1, 2, 3])):
            query, columns = self.any_query(depth)
            name = f'w{self.alias()}'
            names = ''
            if self.chance(0.3):
                columns = [(f'n{place}', kind, tame) for place, (_, kind, tame) in enumerate(columns)]
                names = '(' + ', '.join(column for column, _, _ in columns) + ')'
            word = self.rng.choice(['', '', 'materialized ', 'not materialized '])
            heads += [', ' if number else 'with ', f'{name}{names} as {word}(', query, ')']
            common.append((name, columns))
            self.common = common
        return heads + [' ']

    def items(self, depth, scope):
        items = []
        for _ in range(self.rng.randint(1, 4)):
            if depth > 0 and self.chance(0.1):
                items.append(Node('item', ['(', self.scalar_query(depth - 1, scope)[1], ')']))
            else:
                items.append(self.generator.expression(self.rng.choice(TYPES), self.rng.randint(0, 3),
                                                       scope, False))
        return items

    def set_returning(self, scope):
        """A call that gives several rows"""
        if self.chance(0.25):
            return Node('item', ['string_to_table(', self.generator.leaf('text', scope, False), ", 'l')"])
        call = ['generate_series(', str(self.rng.randint(-1, 2)), ', least(',
                self.generator.leaf('int4', scope, False), f', {self.rng.randint(1, 4)}))']
        return Node('item', call + [self.rng.choice([' + 1', ' * -2'])] if self.chance(0.2) else call)

    def named(self, items):
        """-> (items, names): some have aliases of their own, which ORDER BY and GROUP BY may use."""
        if self.chance(0.6):
            return items, None
        names = [f'o{number}' for number in range(len(items))]
        return [Node('item', [item, f' as {name}']) for item, name in zip(items, names)], names

    def plain(self, depth):
        source, scope, conditions = self.sources(depth, self.rng.choice([1, 1, 2, 2, 3]))
        items = self.items(depth, scope)
        if self.chance(0.06):
            items += [self.set_returning(scope) for _ in range(1 + self.chance(0.3))]
        items, names = self.named(items)
        distinct = 'distinct ' if self.chance(0.15) else ''
        node = Node('query', [f'select {distinct}', Node('list', items, separator=', '), ' from ',
                              source, self.where(depth, scope, conditions)])
        return Body(node, len(items), names, None if distinct else scope)

    def distinct_on(self, depth, heads):
        """Of rows that agree in some expressions the first, in an order that all outputs decide."""
        source, scope, conditions = self.sources(depth, self.rng.choice([1, 1, 2]))
        keys = [self.generator.expression(self.rng.choice(TYPES), self.rng.choice([0, 1]),
                                          [c for c in scope if c[2]], False)
                for _ in range(self.rng.choice([1, 1, 2]))]
        keys = [key for key in keys if not str(key).isdigit() and str(key) not in ('true', 'false')] or \
            [Node('int4', [scope[0][0]])]
        shown = self.chance(0.5)
        items = (keys if shown else []) + self.items(0, scope)
        # the order of DISTINCT ON begins with its keys, in whatever order they stand
        first = self.rng.sample(keys, len(keys))
        order = [x for key in first for x in (', ', key, self.generator.direction())][1:]
        places = self.rng.sample(range(1, len(items) + 1), len(items))
        node = Node('query', heads + ['select distinct on (', Node('keys', [
            x for key in keys for x in (', ', key)][1:]), ') ', Node('items', [
                x for item in items for x in (', ', item)][1:]), ' from ', source,
            self.where(depth, scope, conditions), ' order by '] + order +
            [', ' + ', '.join(map(str, places))])
        if self.chance(0.2):
            node = Node('query', [node, Node('limit', [' limit 5'], optional=True)])
        ordered = [items.index(key) for key in first] if shown else []
        return Statement(node, ordered=ordered)

    def aggregated(self, depth):
        source, scope, conditions = self.sources(depth, self.rng.choice([1, 1, 2, 3]))
        keys = []
        for _ in range(self.rng.choice([0, 1, 1, 2, 3])):
            kind = self.rng.choice(ORDERED)
            keys.append(self.generator.expression(kind, self.rng.choice([0, 0, 1]), scope, False))
        above = [(str(key), key.kind, True) for key in keys]
        aggregates = [self.generator.aggregate(2, scope, True) for _ in range(self.rng.randint(1, 3))]
        above += [(str(a), a.kind, True) for a in aggregates if a.kind not in ('float4', 'float8')]
        items = keys + aggregates
        if above and self.chance(0.3):
            items.append(self.generator.expression(self.rng.choice(TYPES), 2, above, False))
        items, names = self.named(items)
        parts = ['select ', Node('list', items, separator=', '), ' from ', source,
                 self.where(depth, scope, conditions)]
        if keys:
            parts.append(' group by ' + ', '.join(self.group_by(n, key, names)
                                                  for n, key in enumerate(keys)))
        if self.chance(0.3):
            parts.append(self.having(depth, scope, above))
        return Body(Node('query', parts), len(items), names, above)

    def group_by(self, number, key, names):
        """The key by its number, its name or as it is written."""
        draw = self.rng.random()
        if draw < 0.4 or str(key).isdigit() or str(key) in ('true', 'false'):
            return str(number + 1)
        return names[number] if names and draw < 0.7 else str(key)

    def having(self, depth, scope, above):
        draw = self.rng.random()
        if draw < 0.4 or not above:
            condition = [self.generator.aggregate(1, scope, False), ' is not null']
        elif draw < 0.7 or depth == 0:
            condition = [self.generator.condition(2, above, False)]
        else:
            condition = [self.sub_query_condition(depth - 1, above)]
        return Node('having', [' having '] + condition, optional=True)

    def set_operation(self, depth, kinds=None):
        kinds = kinds or [self.rng.choice(TYPES) for _ in range(self.rng.randint(1, 3))]
        parts = []
        for number in range(self.rng.randint(2, 3)):
            if number:
                parts.append(self.rng.choice([' union ', ' union all ', ' intersect ', ' except ',
                                              ' intersect all ', ' except all ']))
            query, _ = self.simple_query(depth, [], kinds)
            parts.append(query)
        return Body(Node('query', parts), len(kinds), None, None)

    # ---- ORDER BY and LIMIT

    def ordered(self, body):
        """ORDER BY outputs by number, name or text, or first by what is no output."""
        draw, count = self.rng.random(), body.count
        if draw < 0.5:
            return Statement(body.node)
        places = self.rng.sample(range(count), count if draw < 0.7 else self.rng.randint(1, count))
        terms = [(body.names[p] if body.names and self.chance(0.5) else str(p + 1)) +
                 self.generator.direction() for p in places]
        parts, hidden = [body.node, ' order by '], body.scope and self.chance(0.25)
        if hidden:
            key = self.generator.expression(self.rng.choice(ORDERED), 1, body.scope, False)
            parts += [Node('item', ['coalesce(', key, ', ', key, ')']), self.generator.direction(), ', ']
        parts.append(', '.join(terms))
        limit, open_ended = self.limit(len(places) == count)
        node = Node('query', parts + ([limit] if limit else []))
        return Statement(node, ordered=() if hidden else places, count_only=open_ended)

    def limit(self, total):
        """-> (Node or None, whether the rows that are cut off are left open)"""
        if self.chance(0.5):
            return None, False
        number = self.rng.choice([0, 1, 3, 10, 100])
        if self.chance(0.25):
            return Node('limit', [f' fetch first {number} rows with ties'], optional=True), False
        words = [f' limit {number}', f' fetch first {number} rows only', f' limit {number}::int8']
        parts = [self.rng.choice(words[:1] * 3 + words)]
        if self.chance(0.4):
            offset = f' offset {self.rng.choice([0, 1, 5, 50])}'
            parts = [offset] + parts if self.chance(0.3) else parts + [Node('offset', [offset],
                                                                           optional=True)]
            if parts[0] != offset and 'fetch' in parts[0]:
                parts = [offset, parts[0]]
        return Node('limit', parts, optional=True), not total


__all__ = ['Queries', 'Statement', 'NUMBERS']
