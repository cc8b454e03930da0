# SPDX-License-Identifier: Apache-2.0
"""Random tables and data for tests/differential.py, and what the statements know of them.

A Table has columns, which are (name, type, tame): tame ones draw from small domains (they join and
group), the others have extremes too. What stands behind a column's type (NOT NULL, DEFAULT, CHECK,
GENERATED) is drawn so that the rows fit it, and checks so that new rows may not. A Schema is the
tables and views of now: relations are never changed, only replaced, so that a rollback is the old
list. One table in some schemas holds strings of about 1 MB.
"""
from random_expressions import TAME, TYPES, WILD, Generator, quoted

ROWS = [0, 15, 60, 60, 2500]
DECLARED = {'varchar': 'varchar(40)', 'bpchar': 'char(8)', 'numeric': 'numeric(14,3)'}
LONG = 1 << 20
LONG_TABLE, LONG_SHARE = 'w', 0.25


class Table:
    """A table or view. declared: column -> type as it is written, definitions: column -> what
    follows, computed: names of generated columns, base: the table to which a simple view passes writes on,
    weight: tables below a view, size: about how many rows."""

    def __init__(self, name, columns, **fields):
        self.name, self.columns = name, list(columns)
        self.rows, self.declared, self.definitions, self.computed = [], {}, {}, set()
        self.view, self.base, self.weight, self.size = False, None, 1, 0
        self.__dict__.update(fields)

    def changed(self, **fields):
        own = dict(self.__dict__, columns=list(self.columns), declared=dict(self.declared),
                   definitions=dict(self.definitions), computed=set(self.computed))
        return Table(**{**own, **fields})

    def stored(self):
        """The columns that a statement may give values to."""
        return [column for column in self.columns if column[0] not in self.computed]

    def plain(self):
        """The same without definitions, for when PostgreSQL refuses them."""
        return self.changed(columns=self.stored(), definitions={}, computed=set())

    def create(self):
        parts = [f'{name} {self.declared.get(name, kind)}{self.definitions.get(name, "")}'
                 for name, kind, _ in self.columns]
        return f'create table {self.name} ({", ".join(parts)})'

    def copy(self):
        return f'copy {self.name} ({", ".join(name for name, _, _ in self.stored())}) from stdin'

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


class Schema:
    """The relations of now; names are given once."""

    def __init__(self, tables):
        self.relations, self.names = list(tables), 0

    def name(self, letter):
        self.names += 1
        return f'{letter}{self.names}'

    def tables(self):
        return [r for r in self.relations if not r.view and r.name != LONG_TABLE]

    def views(self):
        return [r for r in self.relations if r.view]

    def long(self):
        return next((r for r in self.relations if r.name == LONG_TABLE), None)

    def replace(self, old, new):
        """new may be None."""
        self.relations = [r for r in self.relations if r is not old and r.name != old.name]
        self.relations += [new] if new else []


def make_schema(rng):
    """-> Tables: of 11 columns of which the last five are of the same types everywhere."""
    tables = []
    generator = Generator(rng)
    for number, count in enumerate(ROWS):
        columns = [('id', 'int4', True)]
        kinds = rng.sample(TYPES, 6) + ['int4', 'text', 'numeric', 'float8', 'date']
        for place, kind in enumerate(kinds):
            columns.append((f'c{place}', kind, place >= 4 or rng.random() < 0.5))
        declared = {name: DECLARED.get(kind, kind) for name, kind, tame in columns if tame}
        table = Table(f't{number}', columns, declared=declared, definitions={'id': ' not null'})
        if rng.random() < 0.6:
            define(rng, generator, table)
        table.rows = [make_row(rng, table, identity) for identity in range(count)]
        table.size = count
        tables.append(table)
    if rng.random() < LONG_SHARE:
        tables.append(make_long(rng))
    return Schema(tables)


def make_row(rng, table, identity):
    row = [str(identity)]
    for name, kind, tame in table.stored()[1:]:
        pool = TAME[kind]
        if not tame and kind in WILD and rng.random() < 0.4:
            pool = WILD[kind]
        missing = rng.random() < 0.12 and 'not null' not in table.definitions.get(name, '')
        row.append(None if missing else rng.choice(pool))
    return row


# ---- what stands behind a column's type

def define(rng, generator, table):
    for column in table.columns[1:]:
        table.definitions[column[0]] = definition(rng, generator, column, table.columns)
    for number in range(rng.choice([0, 0, 1, 2])):
        kind = rng.choice(TYPES)
        name = f'g{number}'
        table.definitions[name] = computed(rng, generator, kind, table.stored())
        table.computed.add(name)
        table.columns.append((name, kind, False))


def definition(rng, generator, column, columns):
    """NOT NULL, DEFAULT and CHECK of a column, each seldom."""
    name, kind, tame = column
    text = ''
    if rng.random() < 0.1:
        text += ' not null'
    if rng.random() < 0.25:
        text += f' default {default(rng, generator, kind)}'
    if rng.random() < 0.12:
        text += f' check ({check(rng, generator, column, columns)})'
    return text


def default(rng, generator, kind):
    return generator.expression(kind, rng.choice([0, 0, 1, 2]), [], False)


def check(rng, generator, column, columns):
    """A condition that the rows of make_row fulfil: by their value, or as none has a negative id."""
    name, kind, tame = column
    if tame and rng.random() < 0.5:
        values = ', '.join(f'{quoted(value)}::{kind}' for value in TAME[kind])
        return f'{name} in ({values})'
    scope = [c for c in columns if c[2]]
    return f'id >= 0 or {generator.condition(2, scope, False)}'


def computed(rng, generator, kind, columns):
    return f' generated always as ({generator.expression(kind, 2, columns, False)}) stored'


# ---- strings of about 1 MB

def make_long(rng):
    """A few rows, some of them with strings of each other or of one that differs at its end."""
    columns = [('id', 'int4', True), ('a', 'text', True), ('b', 'varchar', True),
               ('c', 'bytea', True), ('d', 'int4', True)]
    texts, rows = [''], []
    for identity in range(rng.randint(3, 6)):
        row = [str(identity)]
        for _ in range(2):
            draw = rng.random()
            if draw < 0.3:
                text = rng.choice(texts)
            elif draw < 0.45:
                text = rng.choice(texts)[:-1] + rng.choice(['', 'a', '\u00e9', '\U0001f600'])
            else:
                text = long_text(rng)
            texts.append(text)
            row.append(None if rng.random() < 0.1 else text)
        row += ['\\x' + long_bytes(rng).hex(), rng.choice(TAME['int4'])]
        rows.append(row)
    return Table(LONG_TABLE, columns, rows=rows, size=len(rows))


def long_text(rng):
    """ASCII or not, compressible or not."""
    size = rng.choice([LONG, LONG - 1, 1000000, LONG + 7, 40000])
    draw = rng.randrange(4)
    if draw == 0:
        return rng.choice(['a', 'ab c', '0123456789\n', "it's \\ "]) * (size // 8)
    if draw == 1:
        return rng.choice(['\u00e9', '\u20acuro ', '\U0001f600x', '\u00df\u0130\u01c4']) * (size // 12)
    if draw == 2:
        return rng.randbytes(size // 2).hex()
    scattered = rng.randbytes(size * 2 // 3).decode('latin-1')
    return scattered.translate({code: 0x430 + code for code in range(32)})


def long_bytes(rng):
    if rng.random() < 0.5:
        return rng.randbytes(LONG)
    return rng.choice([b'\0', b'\xff\0', b'abc']) * (LONG // 3)
