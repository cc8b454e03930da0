# SPDX-License-Identifier: Apache-2.0
"""Which SQLSTATE the notices of definitions have: those of what is there already have the error's, others none."""
from pgwire import Connection


def notice(connection, sql):
    connection.notices.clear()
    assert not connection.query(sql)[0].error, sql
    said = connection.notices[-1]
    return said.severity, said.code, said.message


def test_codes_of_notices(address):
    connection = Connection(address)
    connection.query('begin; create table noticed (a int); create sequence noticed_numbers; create schema noticed')
    for sql, code, message in (
            ('create table if not exists noticed (b int)', '42P07', 'relation "noticed" already exists, skipping'),
            ('create table if not exists noticed as select 1', '42P07',
             'relation "noticed" already exists, skipping'),
            ('create sequence if not exists noticed_numbers', '42P07',
             'relation "noticed_numbers" already exists, skipping'),
            ('create schema if not exists noticed', '42P06', 'schema "noticed" already exists, skipping'),
            ('alter table noticed add column if not exists a int', '42701',
             'column "a" of relation "noticed" already exists, skipping'),
            ('drop table if exists nosuch', '00000', 'table "nosuch" does not exist, skipping'),
            ('alter table if exists nosuch add b int', '00000',
             'relation "nosuch" does not exist, skipping')):
        assert notice(connection, sql) == ('NOTICE', code, message), (sql, notice(connection, sql))
    connection.query('rollback')
    connection.close()
