# SPDX-License-Identifier: Apache-2.0
"""EXPLAIN has PostgreSQL's text shape: every line of the plans of the 22 TPC-H queries and of small
statements is one that PostgreSQL could print, at the indentation where it would print it.

Plans differ between the two servers, so what is held here is the form that explain viewers read:
nodes, arrows, figures, property names and the order they come in. Statements of which the two plans
are the same are records of tests/sql/select/explain.test.
"""
import glob
import os
import re

from pgwire import Connection

TPCH = os.path.join(os.path.dirname(__file__), '..', '..', 'bench', 'tpch')
COST = r'  \(cost=\d+\.\d\d\.\.\d+\.\d\d rows=\d+ width=\d+\)'
ACTUAL = r' \((actual (time=\d+\.\d{3}\.\.\d+\.\d{3} )?rows=\d+ loops=\d+|never executed)\)'
NAME = r'("[^"]+"|[a-z_][a-z_0-9]*)'
NODES = (
    r'Result|ProjectSet|Limit|Sort|Unique|Append|Materialize|Hash|Aggregate|HashAggregate|WindowAgg|'
    r'HashSetOp (Intersect|Except)( All)?|'
    r'(Hash|Nested Loop)( (Left|Right|Full|Semi|Anti|Right Semi|Right Anti|Null-Aware Anti|Mark|'
    r'Single))? Join|Nested Loop|'
    rf'(Seq Scan|CTE Scan|Function Scan|Values Scan|Subquery Scan) on ({NAME}\.)?{NAME}( {NAME})?|'
    rf'(Insert|Update|Delete) on ({NAME}\.)?{NAME}')
# In the order in which PostgreSQL writes them below a node.
PROPERTIES = ['Output', 'Function Call', 'Hash Cond', 'Join Filter', 'Rows Removed by Join Filter',
              'Group Key', 'Sort Key', 'Sort Method', 'Run Condition', 'One-Time Filter', 'Filter',
              'Batches', 'Rows Removed by Filter', 'Runtime Filter', 'Buckets', 'Buffers']
SMALL = [
    'select 1',
    'select a + 1, b from t where a > 3 and b like \'x%\' or a in (1, 2, 3)',
    'select t.a, count(*), sum(c) from t join u on t.a = u.a group by t.a having count(*) > 1 '
    'order by 2 desc, 1 limit 3',
    'select a, b from t order by a + 1 limit 5',
    'select * from (select a, b from t order by a limit 5) s where a > 2',
    'select * from t left join u using (a) where c is null',
    'select * from t full join u using (a)',
    'select a from t union select a from u',
    'select a from t intersect select a from u',
    'select a from t except all select a from u',
    'with q as materialized (select a from t) select * from q x join q y using (a)',
    'select generate_series(1, a) from t',
    'select * from generate_series(1, 3) g(x)',
    'select * from t, generate_series(1, t.a) g(x)',
    'values (1, \'a\'), (2, \'b\')',
    'select distinct on (a) a, b from t order by a, b',
    'select * from t x, t y where x.a < y.a',
    'select (select max(a) from u), exists (select 1 from u where u.a = t.a) from t',
    'select * from t where a not in (select a from u)',
    'select * from t, lateral (select c from u where u.a = t.a order by c limit 1) s',
    'insert into t select a, \'x\' from u returning a + 1',
    'update t set b = \'x\' from u where t.a = u.a',
    'delete from t where a = 1000',
    'create table made as select a from t',
    'execute p(3)',
]


def lines_of(connection, text):
    result = connection.query(text)[-1]
    assert not result.error, f'{text}: {result.error}'
    return [row[0].decode() for row in result.rows]


def check_node(line, indent, figures):
    body = line[indent:]
    arrow = '->  ' if indent else ''
    assert re.fullmatch(f'{arrow}({NODES}){figures}', body), line
    return indent + (6 if indent else 2)


def check_shape(text, lines, figures):
    """Every line is a node, a property of the node above it, or the label of a sub-plan."""
    tail = [r'Planning Time: \d+\.\d{3} ms', r'Execution Time: \d+\.\d{3} ms']
    while tail and lines and re.fullmatch(tail[-1], lines[-1]):
        lines, tail = lines[:-1], tail[:-1]
    inside = [check_node(lines[0], 0, figures)]  # indents of properties of the nodes that are open
    last = -1
    for line in lines[1:]:
        indent = len(line) - len(line.lstrip(' '))
        word = line.strip().split(':')[0]
        if line.strip().startswith('->'):
            while inside and inside[-1] != indent:
                inside.pop()
            assert inside, f'{text}\n{line}'
            inside.append(check_node(line, indent, figures))
            last = -1
        elif re.fullmatch(rf'CTE {NAME}', line.strip()):
            assert indent in inside, line
            inside = inside[:inside.index(indent) + 1] + [indent + 2]
        else:
            assert word in PROPERTIES, f'{text}\n{line}'
            assert indent == inside[-1], f'{text}\n{line}'
            assert PROPERTIES.index(word) > last, f'{text}\n{line}'
            last = PROPERTIES.index(word)


def open_with_tables(address):
    connection = Connection(address)
    with open(os.path.join(TPCH, 'schema.sql')) as file:
        schema = file.read()
    for result in connection.query('create schema explained; set search_path = explained;' + schema +
                                   'create table t(a int, b text); create table u(a int, c numeric);'
                                   'insert into t select g, \'x\' || g from generate_series(1, 100) g;'
                                   'insert into u select g, g * 1.5 from generate_series(1, 50) g;'
                                   'prepare p(int) as select * from t where a = $1'):
        assert not result.error, result.error
    return connection


def close(connection):
    connection.query('drop schema explained cascade')
    connection.close()


def statements():
    for name in sorted(glob.glob(os.path.join(TPCH, 'q[0-9][0-9].sql'))):
        with open(name) as file:
            yield file.read().rstrip().rstrip(';')
    yield from SMALL


def test_plans_have_the_shape(address):
    connection = open_with_tables(address)
    count = 0
    for text in statements():
        check_shape(text, lines_of(connection, 'explain ' + text), COST)
        check_shape(text, lines_of(connection, 'explain (verbose, costs off) ' + text), '')
        lines = lines_of(connection, 'begin; explain (analyze, buffers) ' + text)
        check_shape(text, lines, COST + ACTUAL)
        assert lines[-1].startswith('Execution Time: ') and lines[-2].startswith('Planning Time: ')
        connection.query('rollback')
        count += 1
    assert count == 22 + len(SMALL)
    close(connection)


def test_figures(address):
    """What ANALYZE counts is true: rows, rows removed, memory, times inside the whole."""
    connection = open_with_tables(address)
    lines = lines_of(connection, 'explain analyze select count(*) from t join u on t.a = u.a '
                                 'where b <> \'x3\'')
    text = '\n'.join(lines)
    assert 'rows=49 loops=1)' in text and 'Memory Usage: ' in text, text
    whole = float(re.search(r'Execution Time: ([0-9.]+)', text).group(1))
    times = [float(end) for end in re.findall(r'actual time=[0-9.]+\.\.([0-9.]+)', text)]
    assert times and max(times) <= whole, text
    filtered = lines_of(connection, 'explain (analyze, costs off, timing off, summary off) '
                                    'select * from t where a > 90')
    assert filtered == ['Seq Scan on t (actual rows=10 loops=1)', '  Filter: (a > 90)',
                        '  Rows Removed by Filter: 90'], filtered
    loops = '\n'.join(lines_of(connection, 'explain (analyze, costs off) select * from t x join t y '
                                           'on x.a < y.a and x.a + y.a < 100'))
    assert 'Rows Removed by Join Filter: ' in loops, loops
    close(connection)


def test_buffers(address):
    """Frames of the buffer pool are counted at the node that asked and at those above it."""
    connection = open_with_tables(address)
    for result in connection.query(
            'create table wide as select g as a, g % 7 as b from generate_series(1, 300000) g'):
        assert not result.error, result.error
    lines = lines_of(connection, 'explain (analyze, buffers, costs off, timing off) '
                                 'select sum(a) from wide where b = 3')
    buffers = [line.strip() for line in lines if 'Buffers: shared ' in line]
    assert len(buffers) == 2 and re.fullmatch(r'Buffers: shared( hit=\d+)?( read=\d+)?', buffers[0])
    close(connection)


def test_what_runs(address):
    """ANALYZE does what the statement does, EXPLAIN alone does not."""
    connection = open_with_tables(address)
    lines_of(connection, 'explain create table made as select a from t')
    assert connection.query('select count(*) from made')[-1].error.code == '42P01'
    lines_of(connection, 'explain analyze create table made as select a from t where a < 5')
    assert connection.query('select count(*) from made')[-1].texts() == [['4']]
    lines_of(connection, 'explain analyze delete from made where a = 1')
    assert connection.query('select count(*) from made')[-1].texts() == [['3']]
    lines_of(connection, 'explain analyze create table more as execute p(3)')
    assert connection.query('select * from more')[-1].texts() == [['3', 'x3']]
    close(connection)
