# SPDX-License-Identifier: Apache-2.0
"""Random definitions for tests/differential.py: views, CREATE TABLE AS, ALTER TABLE, DROP.

Each Statement carries the effect that it has on the Schema when it took place, so that what follows
knows the relations of now; it is told what PostgreSQL then finds in the relation. Some are drawn to
fail: a name that is taken, a column that a view needs.
"""
import random_schema
from random_expressions import TAME, TYPES, Node, quoted
from random_queries import HEAVY, Statement

SIZE_MAX = 3000  # rows of a relation that statements read


class Definitions:
    def __init__(self, queries):
        self.queries, self.rng, self.schema = queries, queries.rng, queries.schema
        self.generator = queries.generator

    def chance(self, probability):
        return self.rng.random() < probability

    def define(self):
        self.queries.begin()
        draw = self.rng.random()
        made = [r for r in self.schema.relations if r.name[0] in 'nv']
        if draw < 0.2:
            return self.view()
        if draw < 0.35:
            return self.simple_view()
        if draw < 0.47:
            return self.table_as()
        if draw < 0.55 and made:
            return self.drop(self.rng.choice(made))
        if draw < 0.58:
            return self.truncate()
        if draw < 0.64:
            return self.rename(self.rng.choice(made or self.schema.tables()))
        return self.alter(self.rng.choice(self.schema.tables()))

    # ---- new relations

    def adopt(self, relation):
        """The effect of a relation that is new"""
        def effect(found):
            if len(found.rows) <= SIZE_MAX:
                relations = self.schema.relations
                self.schema.relations = relations + [relation.changed(size=len(found.rows))]
        return effect

    def weight(self, text):
        """Tables below a query: views count as what they read."""
        return sum(r.weight * text.count(f' {r.name} ') for r in self.schema.relations)

    def view(self):
        depth = self.rng.choice([0, 1, 1, 2])
        heads = self.queries.with_heads(0) if self.chance(0.1) else []
        query, columns = self.queries.any_query(depth)
        name, names = self.schema.name('v'), ''
        if self.chance(0.2):
            columns = [(f'y{n}', kind, tame) for n, (_, kind, tame) in enumerate(columns)]
            names = f' ({", ".join(name for name, _, _ in columns)})'
        relation = random_schema.Table(name, columns, view=True, weight=self.weight(f' {query} '))
        return Statement(Node('query', [f'create view {name}{names} as '] + heads + [query]),
                         written=name, view=True, effect=self.adopt(relation))

    def simple_view(self):
        """One that writes pass through, over a table or another such view."""
        below = [r for r in self.schema.relations
                 if (r.base or not r.view) and r.weight <= HEAVY and r.name != random_schema.LONG_TABLE]
        below = self.rng.choice(below)
        shown = below.columns if self.chance(0.3) else \
            self.rng.sample(below.columns, self.rng.randint(1, len(below.columns)))
        columns, items = [], []
        for name, kind, tame in shown:
            other = f'{name}x' if self.chance(0.2) else name
            columns.append((other, kind, tame))
            items.append(name if other == name else f'{name} as {other}')
        where = Node('where', [])
        if self.chance(0.7):
            where = Node('where', [' where ', self.generator.condition(2, below.columns, False)])
        check = self.rng.choice(['', ' with check option', ' with local check option'])
        name = self.schema.name('v')
        computed = {column[0] for column, old in zip(columns, shown) if old[0] in below.computed}
        relation = random_schema.Table(name, columns, view=True, base=below.base or below.name,
                                       computed=computed, weight=below.weight)
        return Statement(Node('query', [f'create view {name} as select {", ".join(items)} from '
                                        f'{below.name}', where, check]),
                         written=name, view=True, effect=self.adopt(relation))

    def table_as(self):
        name = self.schema.name('n')
        query, columns = self.queries.any_query(self.rng.choice([0, 1, 2]))
        names, tail = '', ' with no data' if self.chance(0.1) else ''
        if self.chance(0.2):
            columns = [(f'y{n}', kind, tame) for n, (_, kind, tame) in enumerate(columns)]
            names = f' ({", ".join(name for name, _, _ in columns)})'
        relation = random_schema.Table(name, columns)
        return Statement(Node('query', [f'create table {name}{names} as ', query, tail]),
                         written=name, effect=self.adopt(relation))

    # ---- what is there changes

    def drop(self, relation):
        """CASCADE takes views along: which, is not known here, so none is used any more."""
        word, cascade = 'view' if relation.view else 'table', self.chance(0.3)
        if self.chance(0.05):
            word = 'table' if relation.view else 'view'
        def effect(_):
            self.schema.replace(relation, None)
            self.forget_views(cascade)
        return Statement(Node('query', [f'drop {word} {relation.name}{" cascade" * cascade}']),
                         effect=effect)

    def forget_views(self, cascade):
        if cascade:
            self.schema.relations = [r for r in self.schema.relations if not r.view]

    def truncate(self):
        table = self.rng.choice(self.schema.tables())
        return Statement(Node('query', [f'truncate {table.name}']), written=table.name,
                         effect=self.becomes(table, table))

    def becomes(self, old, new, cascade=False):
        """The effect of a change: the columns are those that are found."""
        def effect(found):
            names = {column.name for column in found.columns}
            columns = [column for column in new.columns if column[0] in names]
            self.schema.replace(old, new.changed(columns=columns, size=len(found.rows)))
            self.forget_views(cascade)
        return effect

    def rename(self, relation):
        name, word = self.schema.name(relation.name[0]), 'view' if relation.view else 'table'
        new = relation.changed(name=name)
        def effect(_):
            self.schema.replace(relation, new)
            for view in self.schema.views():
                if view.base == relation.name:
                    self.schema.replace(view, view.changed(base=name))
        return Statement(Node('query', [f'alter {word} {relation.name} rename to {name}']),
                         written=name, view=relation.view, effect=effect)

    def alter(self, table):
        """One action, seldom two"""
        self.queries.left = 0  # neither CHECK nor DEFAULT may have a sub-query
        actions = [self.action(table) for _ in range(2 if self.chance(0.15) else 1)]
        if len(actions) == 2 and ' rename ' in actions[0][0] + actions[1][0]:
            actions = actions[:1]
        new, text = table, f'alter table {table.name}' + ','.join(text for text, _ in actions)
        for _, change in actions:
            new = change(new)
        return Statement(Node('query', [text]), written=table.name,
                         effect=self.becomes(table, new, ' cascade' in text))

    def action(self, table):
        draw = self.rng.random()
        if draw < 0.3 or len(table.columns) < 3:
            return self.add_column(table)
        column = self.rng.choice(table.columns[1:])
        if draw < 0.5:
            return f' drop column {column[0]}{self.rng.choice(["", "", " cascade"])}', \
                lambda now: self.without(now, column[0])
        if draw < 0.65:
            name = self.rng.choice(table.columns)[0] if self.chance(0.05) else self.schema.name('r')
            return f' rename {self.rng.choice(["", "column "])}{column[0]} to {name}', \
                lambda now: self.renamed(now, column[0], name)
        if draw < 0.75:
            scope = [c for c in table.columns if c[2]]
            return f' add check ({random_schema.check(self.rng, self.generator, column, scope)})', \
                lambda now: now
        words = ['set not null', 'drop not null', 'drop default',
                 f'set default {random_schema.default(self.rng, self.generator, column[1])}']
        return f' alter column {column[0]} {self.rng.choice(words)}', lambda now: now

    def add_column(self, table):
        kind, name = self.rng.choice(TYPES), self.schema.name('k')
        if self.chance(0.05):
            name = self.rng.choice(table.columns)[0]
        text, computed = f' add column {name} {kind}', self.chance(0.2)
        if computed:
            text += random_schema.computed(self.rng, self.generator, kind, table.stored())
        else:
            if self.chance(0.6):
                text += f' default {random_schema.default(self.rng, self.generator, kind)}'
            if self.chance(0.2):
                text += ' not null'
            if self.chance(0.2):
                values = ', '.join(f'{quoted(value)}::{kind}' for value in TAME[kind])
                text += f' check ({name} in ({values}))'
        def change(now):
            names = now.computed | {name} if computed else now.computed
            return now.changed(columns=now.columns + [(name, kind, True)], computed=names)
        return text, change

    def without(self, table, name):
        return table.changed(columns=[c for c in table.columns if c[0] != name],
                             computed=table.computed - {name})

    def renamed(self, table, old, new):
        return table.changed(
            columns=[(new if c[0] == old else c[0], c[1], c[2]) for c in table.columns],
            computed={new if name == old else name for name in table.computed})
