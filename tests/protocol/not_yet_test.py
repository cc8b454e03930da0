# SPDX-License-Identifier: Apache-2.0
"""docs/not-yet.md: each statement of its tables answers 0A000, and the connection lives on; it names
every kind of object that the grammar knows by its first words alone."""
import os
import re

from pgwire import Connection

ROOT = os.path.join(os.path.dirname(__file__), '../..')
FIRST_WORDS = r'^(?:\w+_object|object_words|\w+_language|constraint_trigger|lone_word)'


def read(name):
    with open(os.path.join(ROOT, name)) as file:
        return file.read()


def features():
    return re.findall(r'^\| (?!feature|---)(.*?) \| `(.*?)` \|$', read('docs/not-yet.md'), re.M)


def kinds_of_grammar():
    """What errors call them: TRIGGER, TEXT SEARCH ..."""
    kinds = set()
    for line in read('parser/grammar.y').splitlines():
        if re.match(FIRST_WORDS, line):
            kinds.update(re.findall(r'::= ([A-Z]+)\.', line))
            kinds.update(re.findall(r'"([A-Z ]+)"', line))
    return kinds


def test_each_line_is_true(address):
    connection = Connection(address)
    connection.query('create table t(a int, b text); create table u(a int); create sequence s; '
                     'create table k(a int primary key)')
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
    connection.query('drop table t, u, k; drop sequence s')
    connection.close()


def test_each_kind_is_listed():
    listed = ' '.join(feature for feature, _ in features())
    kinds = kinds_of_grammar()
    missing = [kind for kind in kinds if not re.search(rf'\b{kind}\b', listed)]
    assert len(kinds) > 40, kinds
    assert not missing, missing
