# SPDX-License-Identifier: Apache-2.0
"""docs/not-yet.md: each statement of its table answers 0A000, and the connection lives on."""
import os
import re

from pgwire import Connection

PAGE = os.path.join(os.path.dirname(__file__), '../../docs/not-yet.md')


def features():
    with open(PAGE) as file:
        return re.findall(r'^\| (?!feature|---)(.*?) \| `(.*?)` \|$', file.read(), re.M)


def test_each_line_is_true(address):
    connection = Connection(address)
    connection.query('create table t(a int, b text); create table u(a int)')
    wrong = []
    for feature, statement in features():
        results = connection.query(statement)
        error = results[-1].error
        if not error or error.code != '0A000':
            wrong.append(f'{feature}: {error or results[-1].tag}')
        connection.query('rollback')
    assert len(features()) > 5
    assert not wrong, wrong
    assert connection.query('select 1')[0].texts() == [['1']]
    connection.query('drop table t; drop table u')
    connection.close()
