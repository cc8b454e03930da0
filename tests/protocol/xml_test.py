# SPDX-License-Identifier: Apache-2.0
"""XML expressions answer 0A000, each at the word that makes it; what is wrong in them comes first
(tests/sql/errors/xml.test)."""
from pgwire import Connection

# ^ stands before the byte that the error points to
REFUSED = [
    "select 1, ^xmlconcat('<a/>', '<b/>')",
    "select ^xmlelement(name a)",
    "select ^xmlelement(name \"A b\", xmlattributes(1 as b, t.a), 'x', b) from t",
    "select ^xmlexists('a' passing by ref '<a/>' by value)",
    "select ^xmlforest(a, b as \"B\") from t",
    "select ^xmlparse(document '<a/>' preserve whitespace)",
    "select ^xmlparse(content b || 'x') from t",
    "select ^xmlpi(name php, 'echo')",
    "select ^xmlroot('<a/>', version no value, standalone yes)",
    "select ^xmlserialize(content '<a/>' as varchar(3))",
    "select '<a/>' ^is document",
    "select * from ^xmlelement(name a) as x",
    "select * from ^xmltable('a' passing '<a/>' columns a int path 'x' default 1 not null)",
    "select * from t, lateral ^xmltable(xmlnamespaces('x' as y, default 'z'), b passing '<a/>'"
    " columns a for ordinality, c text path t.b) as x(p, q)",
    "select count(*) filter (where ^xmlexists('a' passing '<a/>')) from t",
    "create view v as select ^xmlelement(name a)",
    "insert into t values (1, ^xmlserialize(document '<a/>' as text))",
]


def test_refused_at_the_word(address):
    connection = Connection(address)
    connection.query('create table t(a int, b text)')
    wrong = []
    for marked in REFUSED:
        statement = marked.replace('^', '')
        error = connection.query(statement)[-1].error
        found = error and (error.code, error.message, error.fields.get('P'))
        if found != ('0A000', 'xml values are not supported yet', str(marked.index('^') + 1)):
            wrong.append((statement, found))
    assert not wrong, wrong
    connection.query('drop table t')
    connection.close()
