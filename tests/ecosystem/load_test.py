# SPDX-License-Identifier: Apache-2.0
"""gotgan load: forms, headers, types, compression, errors; nothing is loaded or everything is."""
import gzip
import os
import subprocess
import tempfile

from pgwire import Connection


def write(folder, name, text):
    path = os.path.join(folder, name)
    opened = gzip.open(path, 'wb') if name.endswith('.gz') else open(path, 'wb')
    with opened as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    return path


def load(client, address, *arguments, stdin=None):
    """-> (exit status, standard output, standard error)"""
    done = subprocess.run([client, 'load', '--port', str(address.port), *arguments],
                          input=stdin, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout, done.stderr


def rows(address, sql):
    connection = Connection(address)
    result = connection.query(sql)[-1]
    connection.close()
    assert not result.error, result.error
    return result.texts()


def types(address, table):
    return [type_name for _, type_name in rows(
        address, 'select attnum, format_type(atttypid, atttypmod) from pg_attribute a join pg_class c '
        f"on c.oid = attrelid where relname = '{table}' and attnum > 0 order by 1")]


def run_sql(address, sql):
    rows(address, sql)


def test_types_and_header(address, client):
    text = ('Id,Big,Price,Share,Day,At,"At Zone",Flag,Key,Zip,note\n'
            '1,5000000000,1.50,1e-3,2024-02-29,2024-01-01 10:11,2024-01-01T10:11:12Z,true,'
            '123e4567-e89b-12d3-a456-426614174000,00123,"a, ""b"""\n'
            '-2,-1,,inf,,2024-01-01 10:11:12.5,2024-01-01 10:11:12+02:00,f,'
            '123E4567-E89B-12D3-A456-426614174001,1,\n')
    with tempfile.TemporaryDirectory() as folder:
        status, out, err = load(client, address, write(folder, 'a.csv', text), '-t', 'load_types')
    assert (status, err) == (0, ''), err
    assert 'with a header, 11 columns' in out and '2 rows loaded' in out, out
    assert types(address, 'load_types') == [
        'integer', 'bigint', 'numeric', 'double precision', 'date', 'timestamp without time zone',
        'timestamp with time zone', 'boolean', 'uuid', 'text', 'text']
    assert rows(address, 'select id, big, price, share, day, at, at_zone, flag, zip, note '
                'from load_types order by id') == [
        ['-2', '-1', None, 'Infinity', None, '2024-01-01 10:11:12.5', '2024-01-01 08:11:12+00',
         'f', '1', None],
        ['1', '5000000000', '1.50', '0.001', '2024-02-29', '2024-01-01 10:11:00',
         '2024-01-01 10:11:12+00', 't', '00123', 'a, "b"']]
    run_sql(address, 'drop table load_types')


def test_tbl_loses_its_trailing_delimiter(address, client):
    with tempfile.TemporaryDirectory() as folder:
        first = write(folder, 'a.tbl', '1|one|2.50|\n2|tw\\|o|3|\r\n3|a||\n')
        second = write(folder, 'b.tbl.gz', '4|four|1|')
        status, _, err = load(client, address, first, second, '--table', 'load_tbl')
    assert status == 0, err
    assert rows(address, 'select * from load_tbl order by 1') == [
        ['1', 'one', '2.50'], ['2', 'tw|o', '3'], ['3', 'a', None], ['4', 'four', '1']]
    run_sql(address, 'drop table load_tbl')


def test_compressed_in_members(address, client):
    lines = [f'{i}\t{i * i}\n' for i in range(100000)]
    members = gzip.compress(''.join(lines[:70000]).encode()) + gzip.compress(
        ''.join(lines[70000:]).encode())
    with tempfile.TemporaryDirectory() as folder:
        path = write(folder, 'x', members)
        os.rename(path, path + '.tsv.gz')
        status, _, err = load(client, address, path + '.tsv.gz', '-t', 'load_gz', '--sample-rows',
                              '60000')
        assert status == 0, err
        assert rows(address, 'select count(*), sum(column2) from load_gz') == [
            ['100000', str(sum(i * i for i in range(100000)))]]
        with open(path + '.tsv.gz', 'wb') as file:
            file.write(members[:-20])
        status, _, err = load(client, address, path + '.tsv.gz', '-t', 'load_gz')
        assert status == 1 and 'ends too early' in err and 'nothing was loaded' in err, err
    assert rows(address, 'select count(*) from load_gz') == [['100000']]
    run_sql(address, 'drop table load_gz')


def test_a_value_that_does_not_fit(address, client):
    text = 'n,word\n' + ''.join(f'{i},w\n' for i in range(30000)) + 'oops,w\n' + '1,w\n' * 500000
    with tempfile.TemporaryDirectory() as folder:
        path = write(folder, 'late.csv', text)
        status, _, err = load(client, address, path, '-t', 'load_late')
        assert status == 1, err
        assert 'late.csv: invalid input syntax for type integer: "oops"' in err, err
        assert 'COPY load_late, line 30002, column n: "oops"' in err and '--type' in err, err
        assert rows(address, "select count(*) from pg_class where relname = 'load_late'") == [['0']]
        status, _, err = load(client, address, path, '-t', 'load_late', '--type', 'n=text')
        assert status == 0, err
    assert rows(address, 'select count(*) from load_late') == [['530001']]
    run_sql(address, 'drop table load_late')


def test_a_second_file_that_fails_takes_the_first_along(address, client):
    with tempfile.TemporaryDirectory() as folder:
        good = write(folder, 'good.csv', 'a,b\n1,2\n')
        bad = write(folder, 'bad.csv', 'a,b\n1,2,3\n')
        status, _, err = load(client, address, good, bad, '-t', 'load_two')
    assert status == 1 and 'bad.csv: extra data after last expected column' in err, err
    assert rows(address, "select count(*) from pg_class where relname = 'load_two'") == [['0']]


def test_an_existing_table(address, client):
    run_sql(address, 'create schema "Load"; create table "Load".t (b int default 7, a text, c int)')
    with tempfile.TemporaryDirectory() as folder:
        path = write(folder, 'a.csv', 'C,A\n3,x\n')
        status, _, err = load(client, address, path, '-t', '"Load".t')
        assert status == 0, err
        assert rows(address, 'select * from "Load".t') == [['7', 'x', '3']]
        status, _, err = load(client, address, path, '-t', '"Load".t', '--create-only')
        assert status == 1 and 'is there already' in err
        path = write(folder, 'b.csv', 'c,z\n3,x\n')
        status, _, err = load(client, address, path, '-t', '"Load".t', '--header')
        assert status == 1 and 'has a column "z", the table has none of that name' in err, err
    run_sql(address, 'drop table "Load".t; drop schema "Load"')


def test_options(address, client):
    with tempfile.TemporaryDirectory() as folder:
        path = write(folder, 'a.csv', '\ufeffx;y\n1;NA\n')
        status, _, err = load(client, address, path, '-t', 'load_o', '--delimiter', ';', '--null',
                              'NA', '--no-header', '--quiet')
        assert (status, err) == (0, '')
        assert rows(address, 'select column1, column2 from load_o order by 1') == [
            ['1', None], ['x', 'y']]
        status, out, _ = load(client, address, path, '-t', 'load_c', '--create-only')
        assert status == 0 and 'create table "load_c"' in out
        assert rows(address, 'select count(*) from load_c') == [['0']]
    status, _, err = load(client, address, '-', '-t', 'load_in', stdin='k\n1\n2\n')
    assert status == 0 and rows(address, 'select sum(k) from load_in') == [['3']], err
    run_sql(address, 'drop table load_o; drop table load_c; drop table load_in')
    for wrong in (['x.csv'], ['--table', 't'], ['x', '-t', 't', '--delimiter', 'ab'],
                  ['x', '-t', 't', '--nosuch'], ['x', '-t', 't', '--type', 'a']):
        status, _, err = load(client, address, *wrong)
        assert status == 2 and err, wrong
    status, _, err = load(client, address, '/nosuch.csv', '-t', 't')
    assert status == 1 and 'No such file or directory' in err
    status, _, err = load(client, address, 'x', '-t', 'x', '--port', '1')
    assert status == 1 and 'refused' in err
    assert subprocess.run([client, '--help'], capture_output=True).returncode == 0
    assert subprocess.run([client, 'nosuch'], capture_output=True).returncode == 2
