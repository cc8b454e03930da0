# SPDX-License-Identifier: Apache-2.0
"""COPY ... ENCODING: bytes of other encodings in and out, as PostgreSQL 15 takes, gives and refuses them."""
from pgwire import Connection

ROWS = [('LATIN1', b'1\td\xe9j\xe0\n', ['déjà']),
        ('win1252', b'1\t\x80 5\n', ['€ 5']),
        ('KOI8R', '1\tмир\n'.encode('koi8-r'), ['мир']),
        ('EUC_JP', '1\t世界\n2\tｱ\n'.encode('euc-jp'), ['世界', 'ｱ']),
        ('SJIS', '1\tソ|表\n2\t予\n'.encode('cp932'), ['ソ|表', '予']),  # second bytes 0x5c
        ('BIG5', '1\t功\n'.encode('big5'), ['功']),
        ('GB18030', '1\t世😀\n'.encode('gb18030'), ['世😀'])]

FAULTS = [('LATIN1', b'1\ta\n2\tb\0\n', '22021', 'invalid byte sequence for encoding "LATIN1": 0x00', 2),
          ('WIN1252', b'1\ta\n2\tb\n3\t\x81\n', '22P05',
           'character with byte sequence 0x81 in encoding "WIN1252" has no equivalent in encoding "UTF8"',
           3),
          ('EUC_JP', b'1\ta\n2\t\x8f\xa1\n', '22021',
           'invalid byte sequence for encoding "EUC_JP": 0x8f 0xa1 0x0a', 2),
          ('EUC_JP', b'1\ta\n2\t\xa5', '22021', 'invalid byte sequence for encoding "EUC_JP": 0xa5', 2),
          ('EUC_JP', b'1\ta\nx\tb\n3\t\xa5', '22P02', 'invalid input syntax for type integer: "x"', 2),
          ('UTF8', b'1\ta\n2\t\xe9\n', '22021', 'invalid byte sequence for encoding "UTF8": 0xe9 0x0a', 2)]


def table(address):
    c = Connection(address)
    c.query('drop table if exists foreign_text')
    c.query('create table foreign_text(a int, b text)')
    return c


def test_in_and_out(address):
    c = table(address)
    for encoding, data, texts in ROWS:
        c.query('truncate foreign_text')
        result = c.query(f"copy foreign_text from stdin (encoding '{encoding}')", data)[-1]
        assert result.tag == f'COPY {len(texts)}', (encoding, result.error)
        got = [row[0] for row in c.query('select b from foreign_text order by a')[0].texts()]
        assert got == texts, (encoding, got)
        result = c.query('copy (select * from foreign_text order by a) to stdout '
                         f"(format csv, delimiter E'\\t', encoding '{encoding}')")[-1]
        assert result.copy == data, (encoding, result.copy)
    c.close()


def test_escapes_name_bytes_of_utf8(address):
    """A backslash escape is a byte of what the text is in by then."""
    c = table(address)
    result = c.query("copy foreign_text from stdin (encoding 'latin1')", b'1\t\\xc3\\xa9\xe9\n')[-1]
    assert result.tag == 'COPY 1'
    assert c.query('select b from foreign_text')[0].texts() == [['éé']]
    result = c.query("copy foreign_text from stdin (encoding 'latin1')", b'1\t\\xe9\n')[-1]
    assert result.error.code == '22021'
    c.close()


def test_faults_are_told_at_their_line(address):
    c = table(address)
    for encoding, data, code, message, line in FAULTS:
        error = c.query(f"copy foreign_text from stdin (encoding '{encoding}')", data)[-1].error
        assert error and (error.code, error.message) == (code, message), (encoding, error)
        assert error.fields['W'].startswith(f'COPY foreign_text, line {line}'), error.fields
    assert c.query('select count(*) from foreign_text')[0].texts() == [['0']]
    c.close()


def test_behind_the_end_mark_nothing_is_read(address):
    c = table(address)
    assert c.query("copy foreign_text from stdin (encoding 'euc_jp')",
                   b'1\tok\n\\.\n\xff\xff')[-1].tag == 'COPY 1'
    c.close()


def test_what_the_other_side_lacks(address):
    c = table(address)
    c.query("insert into foreign_text values (1, 'a'), (2, '€')")
    error = c.query("copy foreign_text to stdout (encoding 'latin1')")[-1].error
    assert error.code == '22P05' and error.message == (
        'character with byte sequence 0xe2 0x82 0xac in encoding "UTF8" has no equivalent in '
        'encoding "LATIN1"')
    assert c.query('copy foreign_text to stdout (encoding win1252)')[-1].copy == b'1\ta\n2\t\x80\n'
    assert c.query("copy foreign_text to stdout (encoding 'nope')")[-1].error.code == '22023'
    assert c.query("copy foreign_text to stdout (encoding 'mule_internal')")[-1].error.code == '42883'
    c.close()


def test_many_rows_through_several_workers(address):
    """A character lies across the borders of reads and batches."""
    c = table(address)
    data = ''.join(f'{n}\t{"é世"[n % 2] * (n % 300)}\n' for n in range(40000)).encode('gb18030')
    assert c.query("copy foreign_text from stdin (encoding 'gb18030')", data)[-1].tag == 'COPY 40000'
    assert c.query("select count(*) from foreign_text where b = repeat(case a % 2 when 0 then 'é' "
                   "else '世' end, a % 300)")[0].texts() == [['40000']]
    out = c.query("copy foreign_text to stdout (encoding 'gb18030')")[-1].copy
    assert sorted(out.split(b'\n')) == sorted(data.split(b'\n'))
    c.close()
