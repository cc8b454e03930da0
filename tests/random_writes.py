# SPDX-License-Identifier: Apache-2.0
"""Random INSERT, UPDATE and DELETE for tests/differential.py, into tables and simple views.

A row is changed at most once and RETURNING shows nothing that a join leaves open: the other side of
UPDATE ... FROM and of DELETE ... USING with RETURNING has one row for each value of the key.
"""
from random_expressions import Node
from random_queries import Statement


class Writes:
    def __init__(self, queries):
        self.queries, self.rng, self.schema = queries, queries.rng, queries.schema
        self.generator = queries.generator

    def chance(self, probability):
        return self.rng.random() < probability

    def write(self):
        self.queries.begin()
        views = [view for view in self.schema.views() if view.base]
        pool = views if views and self.chance(0.3) else \
            [table for table in self.schema.tables() if table.size or self.chance(0.1)]
        table = self.rng.choice(pool)
        draw = self.rng.random()
        if draw < 0.25:
            node = self.insert_values(table)
        elif draw < 0.45:
            node = self.insert_query(table)
        elif draw < 0.6:
            node = self.delete(table)
        elif draw < 0.7:
            node = self.delete_using(table)
        elif draw < 0.85:
            node = self.update(table)
        else:
            node = self.update_from(table)
        return Statement(node, written=table.base or table.name)

    def returning(self, node, scope, stars=('*',)):
        """RETURNING everything or expressions"""
        draw = self.rng.random()
        if draw < 0.6:
            return node
        if draw < 0.75:
            return Node('query', [node, Node('returning', [f' returning {self.rng.choice(stars)}'],
                                             optional=True)])
        items = self.queries.items(0, scope)
        if self.chance(0.1):  # a sub-query sees the table as it was before
            items.append(Node('item', ['(', self.queries.scalar_query(0, scope)[1], ')']))
        return Node('query', [node, Node('returning', [' returning ',
                                                       Node('list', items, separator=', ')],
                                         optional=True)])

    def chosen(self, table):
        """The columns that INSERT names: seldom all, often not in their order, mostly those that need
        a value."""
        columns = table.stored()
        if self.chance(0.25):
            return columns
        chosen = self.rng.sample(columns, self.rng.randint(1, len(columns)))
        needed = [c for c in columns if c not in chosen and self.chance(0.9) and
                  (c[0] == 'id' or 'not null' in table.definitions.get(c[0], ''))]
        return needed + chosen

    def target(self, table, columns):
        """INTO with the columns' names; without when a prefix of the table is meant."""
        if columns == table.columns[:len(columns)] and self.chance(0.5):
            return table.name
        return f'{table.name} ({", ".join(name for name, _, _ in columns)})'

    def insert_values(self, table):
        if self.chance(0.06):
            return self.returning(Node('query', [f'insert into {table.name} default values']),
                                  table.columns)
        columns = self.chosen(table)
        if table.computed and self.chance(0.2):
            columns = columns + [c for c in table.columns if c[0] in table.computed][:1]
        rows = []
        for _ in range(self.rng.choice([1, 1, 2, 3])):
            cells = [self.cell(table, column) for column in columns]
            rows.append(Node('row', ['('] + [x for cell in cells for x in (', ', cell)][1:] + [')']))
        node = Node('query', [f'insert into {self.target(table, columns)} values ',
                              Node('list', rows, separator=', ')])
        return self.returning(node, table.columns)

    def cell(self, table, column):
        name, kind, _ = column
        if self.chance(0.15) or (name in table.computed and self.chance(0.9)):
            return 'default'
        if name == 'id':
            return Node('int4', [str(self.rng.choice([-3, -2, -1, 1, 2, 500]))])
        return self.generator.expression(kind, self.rng.choice([0, 0, 1]), [], self.chance(0.1))

    def insert_query(self, table):
        columns = self.chosen(table)
        source, scope = self.queries.source(0)
        values = [Node('int4', [str(self.rng.choice([-1, 1, 700]))]) if name == 'id' else
                  self.generator.expression(kind, 1, scope, False) for name, kind, _ in columns]
        heads = []
        if self.chance(0.15):
            query, more = self.queries.any_query(0)
            heads, alias = ['with r as (', query, ') '], self.queries.alias()
            source, scope = Node('source', [f'r {alias}']), self.queries.scope_of(alias, more)
            values = [self.generator.expression(kind, 1, scope, False) for _, kind, _ in columns]
        node = Node('query', heads + [f'insert into {self.target(table, columns)} select '] +
                    [x for value in values for x in (', ', value)][1:] +
                    [' from ', source, self.queries.where(0, scope)])
        return self.returning(node, table.columns)

    def alias(self, table):
        """-> (what stands for the table, its scope): its name, or another one"""
        if self.chance(0.5):
            return table.name, table.columns
        alias = self.queries.alias()
        return f'{table.name} as {alias}', self.queries.scope_of(alias, table.columns)

    def delete(self, table):
        name, scope = self.alias(table)
        return self.returning(Node('query', [f'delete from {name}', self.queries.where(1, scope)]),
                              scope)

    def single(self, table):
        """-> (Node, scope, column) of a sub-query with one row for each value of a key, and the column of
        the table that meets it."""
        kind = self.rng.choice(['int4', 'int4', 'text', 'date'])
        own = [c for c in table.columns if c[1] == kind and c[2]]
        relation = self.queries.relation()
        keys = [c for c in relation.columns if c[1] == kind and c[2]]
        if not own or not keys:
            return None
        key, others = self.rng.choice(keys)[0], self.rng.sample(['int4', 'text', 'date', 'numeric'], 2)
        values = [f'{self.rng.choice(["min", "max"])}'
                  f'({self.generator.leaf(other, relation.columns, False)}) as m{number}'
                  for number, other in enumerate(others)]
        alias = self.queries.alias()
        node = Node('source', [f'(select {key} as k, {", ".join(values)} from {relation.name} '
                               f'group by 1) {alias}'])
        scope = [(f'{alias}.k', kind, True)] + [(f'{alias}.m{number}', other, True)
                                                for number, other in enumerate(others)]
        return node, scope, self.rng.choice(own)[0]

    def joined(self, table):
        """-> (name of the target, source, scope of both, condition, scope of the target)"""
        found = self.single(table)
        if not found:
            return None
        source, more, key = found
        alias = self.queries.alias()
        scope = self.queries.scope_of(alias, table.columns)
        parts = [Node('bool', [f'{alias}.{key} = {more[0][0]}'])]
        if self.chance(0.5):
            parts.append(self.generator.condition(2, scope + more, False))
        return f'{table.name} {alias}', source, scope + more, \
            Node('list', parts, separator=' and '), alias

    def delete_using(self, table):
        found = self.joined(table)
        if not found or self.chance(0.3):
            return self.delete_any(table)
        name, source, scope, condition, alias = found
        node = Node('query', [f'delete from {name} using ', source, ' where ', condition])
        return self.returning(node, scope, ('*', f'{alias}.*'))

    def delete_any(self, table):
        """Several rows may meet one that goes, so that nothing is returned of them."""
        alias = self.queries.alias()
        scope = self.queries.scope_of(alias, table.columns)
        source, more, conditions = self.queries.sources(0, self.rng.choice([1, 1, 2]))
        on = self.queries.join_condition(scope, more, 'join')
        node = Node('query', [f'delete from {table.name} {alias} using ', source,
                              self.queries.where(0, scope + more, conditions + [on])])
        return self.returning(node, scope, (f'{alias}.*',))

    def update(self, table):
        name, scope = self.alias(table)
        node = Node('query', [f'update {name} set ', self.sets(table, scope),
                              self.queries.where(1, scope)])
        return self.returning(node, scope)

    def update_from(self, table):
        found = self.joined(table)
        if not found:
            return self.update(table)
        name, source, scope, condition, alias = found
        node = Node('query', [f'update {name} set ', self.sets(table, scope), ' from ', source,
                              ' where ', condition])
        return self.returning(node, scope, ('*', f'{alias}.*'))

    def sets(self, table, scope):
        columns = [c for c in table.stored() if c[0] != 'id' or self.chance(0.1)]
        columns = self.rng.sample(columns, min(len(columns), self.rng.choice([1, 1, 2, 3])))
        sets = []
        if len(columns) == 2 and self.chance(0.5):
            names = ', '.join(name for name, _, _ in columns)
            kinds = [kind for _, kind, _ in columns]
            if self.chance(0.5):
                values = self.generator.row(kinds, 1, scope, False)
            else:
                values = Node('row', ['(', self.row_query(kinds, scope), ')'])
            return Node('set', [f'({names}) = ', values])
        for name, kind, _ in columns:
            value = 'default' if self.chance(0.1) else self.generator.expression(kind, 2, scope, False)
            sets.append(Node('set', [f'{name} = ', value]))
        return Node('list', sets, separator=', ')

    def row_query(self, kinds, outer):
        """One row of several aggregates"""
        source, scope = self.queries.source(0)
        values = [Node(kind, [f'null::{kind}']) if kind in ('bytea', 'uuid', 'varchar', 'bool') else
                  Node(kind, ['max(', self.generator.leaf(kind, scope, False), ')']) for kind in kinds]
        return Node('query', ['select '] + [x for value in values for x in (', ', value)][1:] +
                    [' from ', source, self.queries.where_of_sub_query(0, scope, outer)])
