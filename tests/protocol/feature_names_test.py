# SPDX-License-Identifier: Apache-2.0
"""What statements that are recognised by their first words are called: as PostgreSQL's command tags."""
from pgwire import Connection

NAMES = {
    'create table x of y': 'CREATE TABLE OF',
    'create temp table if not exists x of s.y (primary key (a))': 'CREATE TABLE OF',
    'create table x partition of y default': 'CREATE TABLE PARTITION OF',
    'create table x (a int) partition by range (a)': 'CREATE TABLE PARTITION BY',
    'create text search parser a (start = f)': 'CREATE TEXT SEARCH',
    'drop text search configuration a': 'DROP TEXT SEARCH',
    "comment on text search template a is 'x'": 'COMMENT ON TEXT SEARCH',
    'drop event trigger a': 'DROP EVENT TRIGGER',
    'create foreign data wrapper x': 'CREATE FOREIGN DATA WRAPPER',
    'drop foreign table x': 'DROP FOREIGN TABLE',
    'drop access method x': 'DROP ACCESS METHOD',
    'create operator family a using btree': 'CREATE OPERATOR FAMILY',
    'drop operator class a using btree': 'DROP OPERATOR CLASS',
    'drop operator === (int, int)': 'DROP OPERATOR',
    'create user x': 'CREATE ROLE',
    'drop group x': 'DROP ROLE',
    'alter user mapping for x server y options (add a \'b\')': 'ALTER USER MAPPING',
    'alter default privileges grant select on tables to public': 'ALTER DEFAULT PRIVILEGES',
    "create default conversion a for 'x' to 'y' from f": 'CREATE CONVERSION',
    'create or replace trusted procedural language x': 'CREATE LANGUAGE',
    'drop procedural language x': 'DROP LANGUAGE',
    'create constraint trigger x after insert on t for each row execute function f()': 'CREATE TRIGGER',
    'create or replace function f() returns int as $$x$$ language sql': 'CREATE FUNCTION',
    'drop owned by x': 'DROP OWNED',
    'reassign owned by x to y': 'REASSIGN OWNED',
    'import foreign schema x from server y into z': 'IMPORT FOREIGN SCHEMA',
    "security label on table t is 'x'": 'SECURITY LABEL',
    'alter large object 5 owner to x': 'ALTER LARGE OBJECT',
    'alter database x set a = 1': 'ALTER DATABASE',
    'alter table x attach partition y for values from (1) to (2)': 'ALTER TABLE ATTACH PARTITION',
    'alter table x detach partition y concurrently': 'ALTER TABLE DETACH PARTITION',
    'alter index x attach partition y': 'ALTER INDEX ATTACH PARTITION',
    'alter table all in tablespace a owned by x set tablespace b nowait': 'ALTER TABLE ALL IN TABLESPACE',
}
ACTIONS = ('of s.x', 'not of', 'force row level security', 'set without cluster', 'replica identity nothing',
           'inherit x', 'alter a set storage plain', 'alter a set compression pglz',
           'alter a set (n_distinct = 5)')
SYNTAX = ('create text a', 'drop access x', 'alter default x', 'security x', 'reassign x',
          'create event x', 'alter table features enable always trigger all',
          'alter table features disable always trigger x', 'alter table features enable rule all')


def refusal(connection, sql):
    error = connection.query(sql)[-1].error
    assert error, sql
    return error.code, error.message


def test_names(address):
    connection = Connection(address)
    for sql, name in NAMES.items():
        assert refusal(connection, sql) == ('0A000', name + ' is not supported yet'), sql
    for sql in ('create table x (a int, exclude using gist (a with =))',
                'create table x (a int, constraint y exclude (a with =) where (a > 0))'):
        assert refusal(connection, sql) == ('0A000', 'EXCLUDE constraints are not supported yet')
    for sql in SYNTAX:
        assert refusal(connection, sql)[0] == '42601', sql
    connection.close()


def test_actions_of_alter_table(address):
    connection = Connection(address)
    connection.query('create table features (a int)')
    for action in ACTIONS:
        assert refusal(connection, 'alter table features ' + action)[0] == '0A000', action
        assert refusal(connection, 'alter table no_features ' + action)[0] == '42P01', action
    connection.query('drop table features')
    connection.close()
