# SPDX-License-Identifier: Apache-2.0
"""Random statements for tests/differential.py: expressions, queries, writes, definitions,
transactions.

A statement outside of a transaction leaves no rows behind; definitions stay, and so does what a
transaction of several statements does when it commits. finished() is told how each went, so that
the next one is drawn for the relations that are there.
"""
from random_definitions import Definitions
from random_expressions import TYPES, Node
from random_queries import SMALL, Queries, Statement
from random_schema import make_schema
from random_strings import Strings
from random_writes import Writes

LONG_SHARE, BEGIN_SHARE, END_SHARE = 0.12, 0.05, 0.2


class Statements:
    def __init__(self, rng, schema):
        self.rng, self.schema = rng, schema
        self.queries = Queries(rng, schema)
        self.writes, self.definitions = Writes(self.queries), Definitions(self.queries)
        self.strings = Strings(self.queries)
        self.before, self.failed = None, False  # the relations at BEGIN; whether something failed since

    def chance(self, probability):
        return self.rng.random() < probability

    def next(self):
        if self.before is None and self.chance(BEGIN_SHARE):
            return Statement(Node('query', ['begin']), word='begin')
        if self.before is not None and self.chance(0.6 if self.failed else END_SHARE):
            word = self.rng.choice(['commit', 'commit', 'rollback'])
            return Statement(Node('query', [word]), word=word)
        if self.schema.long() and self.chance(LONG_SHARE):
            return self.strings.statement()
        draw = self.rng.random()
        if self.before is not None:  # more of what changes something
            draw = draw * 0.5 + 0.5
        if draw < 0.28:
            return self.expressions()
        if draw < 0.76:
            return self.queries.select()
        if draw < 0.9:
            return self.writes.write()
        return self.definitions.define()

    def finished(self, statement, error, found):
        """How it went on both sides; found: what the relation holds, or None when it did not take place."""
        if statement.word == 'begin':
            self.before, self.failed = list(self.schema.relations), False
        elif error:
            self.failed = True
        elif statement.effect and found:
            statement.effect(found)

    def end(self, kept):
        """The transaction is over, for whatever reason."""
        if not kept and self.before is not None:
            self.schema.relations = self.before
        self.before = None

    # ---- expressions over one table: every function, extreme values, exact comparison

    def expressions(self):
        self.queries.left = 0
        table = self.rng.choice([t for t in self.schema.tables() if t.size <= SMALL])
        kind, depth, wild = self.rng.choice(TYPES), self.rng.randint(1, 3), self.chance(0.7)
        if self.chance(0.15):
            item = self.queries.generator.expression(kind, depth, [], wild)
            return Statement(Node('query', ['select ', item]), strict=True)
        item = self.queries.generator.expression(kind, depth, table.columns, wild)
        items = ['id', item] if table.columns[0][0] == 'id' else [item]
        return Statement(Node('query', ['select ', Node('list', items, separator=', '),
                                        f' from {table.name}']), strict=True)


__all__ = ['Statements', 'Statement', 'make_schema']
