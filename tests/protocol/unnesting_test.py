# SPDX-License-Identifier: Apache-2.0
"""Plans of correlated statements hold joins only: every query of tests/sql/subqueries/unnesting.test
is explained after the statements before it have run.
"""
import os

from pgwire import Connection
from run import Record, read_records

FILE = os.path.join(os.path.dirname(__file__), '..', 'sql', 'subqueries', 'unnesting.test')
NODES = ('Seq Scan', 'Result', 'Values Scan', 'Function Scan', 'ProjectSet', 'CTE', 'Subquery Scan',
         'Hash ', 'Nested Loop', 'Materialize', 'HashAggregate', 'Aggregate', 'WindowAgg', 'Sort',
         'Limit', 'Unique', 'Append', 'HashSetOp')


def node_names(lines):
    """The first words of the lines that stand for nodes: those with a cost."""
    return [line.strip().removeprefix('->').strip() for line in lines if '(cost=' in line]


def test_correlated_statements_have_joins_only(address):
    connection = Connection(address)
    queries = 0
    for record in read_records(FILE):
        if not isinstance(record, Record) or record.code:
            continue
        if record.head[0] != 'query':
            assert not connection.query(record.text)[-1].error
            continue
        result = connection.query('explain ' + record.text)[-1]
        assert not result.error, result.error
        lines = [row[0].decode() for row in result.rows]
        text = '\n'.join(lines)
        assert 'SubPlan' not in text and 'InitPlan' not in text and 'Apply' not in text, text
        for name in node_names(lines):
            assert name.startswith(NODES), record.text + '\n' + name
        queries += 1
    connection.close()
    assert queries >= 40, queries
