# SPDX-License-Identifier: Apache-2.0
"""Random statements over the table of strings of about 1 MB (random_schema.py).

Most answers are digests and lengths of what was computed, so that a run does not move gigabytes; some
are the strings themselves.
"""
from random_expressions import Node, quoted
from random_queries import Statement
from random_schema import LONG_TABLE, long_text

FUNCTIONS = {  # by result; {t} is a text, {b} a bytea, {n} a number, {s} a short text
    'text': ['upper({t})', 'lower({t})', 'initcap({t})', 'reverse({t})', '({t} || {t})', '({t} || {s})',
             'left({t}, {n})', 'right({t}, {n})', 'substr({t}, {n})', 'substr({t}, {n}, 12)',
             'replace({t}, {s}, {s})', 'translate({t}, {s}, {s})', 'btrim({t}, {s})', 'ltrim({t}, {s})',
             'split_part({t}, {s}, 2)', 'overlay({t} placing {s} from 1000 for 3)',
             'lpad({t}, 1100000, {s})', 'rpad({t}, {n}, {s})', "encode({b}, 'hex')",
             "encode({b}, 'base64')", "encode({b}, 'escape')", 'quote_literal({t})', '{t}::varchar(7)',
             'coalesce({t}, {t})', 'greatest({t}, {t})', 'nullif({t}, {t})', 'repeat({t}, 2)',
             "case when {t} < {t} then {t} else {s} end", "concat({t}, {n}, {t})", "format('%s-%s', {t}, {s})",
             "regexp_replace({t}, 'b+', {s})", 'md5({t})', 'md5({b})'],
    'bytea': ['({b} || {b})', 'substr({b}, {n}, 40)', 'btrim({b}, \'\\x00ff\')', 'sha256({b})',
              "overlay({b} placing '\\x0102' from 70000)", 'set_byte({b}, 5000, 7)', "{t}::bytea",
              "convert_to({t}, 'UTF8')", 'coalesce({b}, {b})'],
    'int': ['length({t})', 'octet_length({t})', 'length({b})', 'bit_length({t})', 'strpos({t}, {s})',
            'position({s} in {t})', 'ascii(right({t}, 1))', 'get_byte({b}, 1000)', 'bit_count({b})'],
    'bool': ['{t} = {t}', '{t} < {t}', '{b} >= {b}', '{t} <> {s}', "{t} like '%' || {s} || '%'",
             '{t} like {s}', '{t} in ({t}, {s})', '{t} between {s} and {t}', 'starts_with({t}, {s})',
             '{t} is distinct from {t}', "{t} ~ {s}", '{t} ilike {s} || \'%\'', '({t}, d) < ({t}, {n})'],
}
SHORT = ['a', 'b', '', 'ab', '\u00e9', '9', '\U0001f600', 'c 0', '\u0431']
NUMBERS = ['0', '1', '5', '-3', '7000', '524288', '1000000', 'd']


class Strings:
    def __init__(self, queries):
        self.queries, self.rng = queries, queries.rng

    def chance(self, probability):
        return self.rng.random() < probability

    def statement(self):
        draw = self.rng.random()
        if draw < 0.45:
            items = [self.output(depth) for depth in self.rng.choice([[1], [2], [1, 2]])]
            return Statement(Node('query', ['select ', Node('list', ['id'] + items, separator=', '),
                                            f' from {LONG_TABLE}', self.where()]))
        if draw < 0.75:
            return self.query()
        return self.write()

    def fill(self, pattern, depth, alias=''):
        """The pattern with its places filled -> parts"""
        parts = []
        for piece in pattern.replace('{', '\0{').replace('}', '}\0').split('\0'):
            if piece == '{t}':
                parts.append(self.text(depth - 1, alias))
            elif piece == '{b}':
                parts.append(self.bytes(depth - 1, alias))
            elif piece == '{s}':
                parts.append(Node('text', [quoted(self.rng.choice(SHORT))]))
            elif piece == '{n}':
                number = self.rng.choice(NUMBERS)
                parts.append(f'{alias}d' if number == 'd' else number)
            else:
                parts.append(piece)
        return parts

    def draw(self, kind, depth, alias=''):
        return Node(kind, self.fill(self.rng.choice(FUNCTIONS[kind]), depth, alias))

    def text(self, depth, alias=''):
        if depth <= 0 or self.chance(0.3):
            return Node('text', [alias + self.rng.choice(['a', 'b'])])
        return self.draw('text', depth, alias)

    def bytes(self, depth, alias=''):
        if depth <= 0 or self.chance(0.3):
            return Node('bytea', [alias + 'c'])
        return self.draw('bytea', depth, alias)

    def output(self, depth):
        kind = self.rng.choice(['text', 'text', 'bytea', 'int', 'bool'])
        node = self.draw(kind, depth)
        return node if kind in ('int', 'bool') or self.chance(0.1) else Node('text', ['md5(', node, ')'])

    def where(self, alias=''):
        if self.chance(0.6):
            return Node('where', [])
        return Node('where', [' where ', self.draw('bool', 1, alias)], optional=True)

    def query(self):
        """Joins, groups, sorts and set operations with long keys"""
        draw, key = self.rng.randrange(6), self.rng.choice('aabc')
        w = LONG_TABLE
        if draw == 0:
            word = self.rng.choice(['=', '=', '<', '<>'])
            kind = self.rng.choice(['join', 'left join', 'full join'] if word == '=' else ['join'])
            return Statement(Node('query', [f'select x.id, y.id from {w} x {kind} {w} y on x.{key} {word} '
                                            f'y.{key}', self.where('x.')]))
        if draw == 1:
            calls = self.rng.sample(["md5(min(b))", 'count(distinct b)', 'sum(d)', 'max(length(a))',
                                     "md5(string_agg(a, '-' order by id))", 'count(*)', 'md5(max(a))'], 2)
            return Statement(Node('query', [f'select md5({key}), ', Node('list', calls, separator=', '),
                                            f' from {w}', self.where(), f' group by {key}']))
        if draw == 2:
            terms = self.rng.sample(['a', 'b', 'c', 'right(a, 5)'], 2)
            return Statement(Node('query', [
                f'select id, {key} from {w}', self.where(), f' order by {terms[0]}'
                f'{self.queries.generator.direction()}, {terms[1]}, id',
                self.rng.choice(['', ' limit 2'])]), ordered=[0])
        if draw == 3:
            word = self.rng.choice(['union', 'union all', 'intersect', 'except'])
            return Statement(Node('query', ['select md5(x), length(x) from (select a as x from ', w,
                                            f' {word} select b from {w}', self.where(), ') s']))
        if draw == 4:
            word = self.rng.choice(['in', 'not in', '= any', '>= all'])
            return Statement(Node('query', [f'select id, length(b) from {w} where a {word} (select b from '
                                            f'{w}', self.where(), ')']))
        return Statement(Node('query', [f'select distinct on ({key}) md5({key}), d from {w} order by {key}, '
                                        'd']))

    def write(self):
        draw, w = self.rng.random(), LONG_TABLE
        returning = Node('returning', [self.rng.choice(['', '', ' returning id, md5(a), length(c)'])])
        if draw < 0.3:
            value = Node('text', [quoted(long_text(self.rng))])
            column = self.rng.choice('ab')
            parts = [f'insert into {w} (id, {column}, d) values ({self.rng.randint(10, 20)}, ', value, ', 5)']
        elif draw < 0.5:
            parts = [f'insert into {w} select id + 100, ', self.text(1), ', ', self.text(0), ', ',
                     self.bytes(1), f' from {w}', self.where()]
        elif draw < 0.85:
            column = self.rng.choice('abc')
            value = self.bytes(1) if column == 'c' else self.text(1)
            parts = [f'update {w} set {column} = ', value, self.where()]
        else:
            parts = [f'delete from {w}', self.where()]
        return Statement(Node('query', parts + [returning]), written=w)
