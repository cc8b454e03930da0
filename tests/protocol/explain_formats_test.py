# SPDX-License-Identifier: Apache-2.0
"""EXPLAIN in JSON, XML and YAML tells what the text form tells, under PostgreSQL's names.

The three are read (JSON and XML by Python's library, YAML by what is below) into one shape and must
be equal; nodes, their figures and their properties must be those of the text form, in its order.
Every key must be one that PostgreSQL 15 has for that kind of node.
"""
import json
import re
import xml.etree.ElementTree

from explain_test import close, open_with_tables, statements
from pgwire import Connection

JSON, XML, TEXT = 114, 142, 25
COMMON = set('''Node Type,Parent Relationship,Subplan Name,Parallel Aware,Async Capable,Startup Cost,
Total Cost,Plan Rows,Plan Width,Actual Startup Time,Actual Total Time,Actual Rows,Actual Loops,Output,
Shared Hit Blocks,Shared Read Blocks,Shared Dirtied Blocks,Shared Written Blocks,Local Hit Blocks,
Local Read Blocks,Local Dirtied Blocks,Local Written Blocks,Temp Read Blocks,Temp Written Blocks,
WAL Records,WAL FPI,WAL Bytes,Plans'''.replace('\n', '').split(','))
FILTER = {'Filter', 'Rows Removed by Filter'}
JOIN = {'Join Type', 'Inner Unique', 'Join Filter', 'Rows Removed by Join Filter'} | FILTER
MEMORY = {'Planned Partitions', 'HashAgg Batches', 'Peak Memory Usage', 'Disk Usage'}
KEYS = {
    'Seq Scan': FILTER | {'Relation Name', 'Schema', 'Alias'},
    'Values Scan': FILTER | {'Alias'},
    'Subquery Scan': FILTER | {'Alias'},
    'CTE Scan': FILTER | {'CTE Name', 'Alias'},
    'Function Scan': FILTER | {'Function Name', 'Schema', 'Alias', 'Function Call'},
    'Result': FILTER | {'One-Time Filter'},
    'ProjectSet': set(),
    'Hash Join': JOIN | {'Hash Cond'},
    'Nested Loop': JOIN,
    'Hash': {'Hash Buckets', 'Original Hash Buckets', 'Hash Batches', 'Original Hash Batches',
             'Peak Memory Usage'},
    'Materialize': set(),
    'Aggregate': FILTER | MEMORY | {'Strategy', 'Partial Mode', 'Group Key'},
    'Sort': {'Sort Key', 'Sort Method', 'Sort Space Used', 'Sort Space Type'},
    'WindowAgg': FILTER | {'Run Condition'},
    'SetOp': {'Strategy', 'Command'},
    'Append': {'Subplans Removed'},
    'Limit': set(),
    'LockRows': set(),
    'Unique': set(),
    'ModifyTable': {'Operation', 'Relation Name', 'Schema', 'Alias'},
}
QUERY = {'Plan', 'Settings', 'Planning Time', 'Triggers', 'Execution Time'}
# Text lines that are one property; the others say several at once.
PLAIN = ('Output', 'Function Call', 'Hash Cond', 'Join Filter', 'Group Key', 'Sort Key', 'Filter',
         'Run Condition', 'One-Time Filter', 'Rows Removed by Filter', 'Rows Removed by Join Filter')


def plain(value):
    """Numbers and booleans as they are written: texts."""
    if isinstance(value, bool):
        return 'true' if value else 'false'
    if isinstance(value, dict):
        return {key: plain(inside) for key, inside in value.items()}
    return [plain(inside) for inside in value] if isinstance(value, list) else value


def from_json(text):
    return plain(json.loads(text, parse_float=str, parse_int=str))


def from_element(element):
    name = element.tag.split('}')[1].replace('-', ' ').replace('One Time', 'One-Time')
    inside = [from_element(child) for child in element]
    if name in ('Plans', 'Triggers') or inside and inside[0][0] == 'Item':
        return name, [value for _, value in inside]
    if inside or name == 'Settings':
        return name, dict(inside)
    return name, element.text or ''


def from_xml(text):
    root = xml.etree.ElementTree.fromstring(text)
    assert root.tag == '{http://www.postgresql.org/2009/explain}explain', root.tag
    queries = [from_element(child) for child in root]
    assert all(name == 'Query' for name, _ in queries), queries
    return [value for _, value in queries]


class Yaml:
    """Maps, lists, texts in quotes and numbers, by their indentation: what EXPLAIN writes."""

    def __init__(self, text):
        self.lines = []
        for line in text.split('\n'):
            indent = len(line) - len(line.lstrip(' '))
            rest = line[indent:]
            while re.match(r'- [A-Z]', rest):  # a map begins on the line of its dash
                self.lines.append((indent, '-'))
                indent, rest = indent + 2, rest[2:]
            self.lines.append((indent, rest))
        self.at = 0

    def value(self, indent):
        """What stands at this indentation or deeper."""
        if self.at == len(self.lines) or self.lines[self.at][0] < indent:
            return []
        depth, first = self.lines[self.at]
        return self.list(depth) if first.startswith('-') else self.map(depth)

    def list(self, depth):
        found = []
        while self.at < len(self.lines) and self.lines[self.at][0] == depth:
            rest = self.lines[self.at][1]
            if not rest.startswith('-'):
                break
            self.at += 1
            found.append(self.value(depth + 1) if rest == '-' else json.loads(rest[2:]))
        return found

    def map(self, depth):
        found = {}
        while self.at < len(self.lines) and self.lines[self.at][0] == depth:
            rest = self.lines[self.at][1]
            if rest.startswith('-'):
                break
            self.at += 1
            key, value = re.fullmatch(r'([A-Za-z_. -]+?): (.*)', rest).groups()
            assert key not in found, rest
            if not value:
                found[key] = self.value(depth + 1)
            else:
                found[key] = json.loads(value) if value[0] == '"' else value
        return found


def from_yaml(text):
    yaml = Yaml(text)
    document = yaml.value(0)
    assert yaml.at == len(yaml.lines), yaml.lines[yaml.at:]
    return document


FORMS = {'json': (from_json, JSON), 'xml': (from_xml, XML), 'yaml': (from_yaml, TEXT)}


def answer(connection, options, text, begin=''):
    result = connection.query(f'{begin}explain ({options}) {text}')[-1]
    assert not result.error, f'{text}: {result.error}'
    return result


def structured(connection, form, options, text, begin=''):
    result = answer(connection, ', '.join(filter(None, (options, f'format {form}'))), text, begin)
    read, oid = FORMS[form]
    assert [(column.name, column.oid) for column in result.columns] == [('QUERY PLAN', oid)]
    assert len(result.rows) == 1, result.rows
    return read(result.rows[0][0].decode())


def nodes_of(plan):
    yield plan
    for inside in plan.get('Plans', []):
        yield from nodes_of(inside)


def check_keys(text, document):
    assert len(document) == 1 and set(document[0]) <= QUERY, document[0].keys()
    for node in nodes_of(document[0]['Plan']):
        unknown = set(node) - COMMON - KEYS[node['Node Type']]
        if node['Node Type'] == 'Append':
            unknown |= {'Output'} & set(node)
        assert not unknown, f'{text}: {node["Node Type"]} has {unknown}'


def text_nodes(lines):
    """The nodes of the text form: title, (costs, rows, width), properties."""
    nodes = []
    for line in lines:
        words = line.strip()
        node = re.fullmatch(r'(?:->  )?(.*?)  \(cost=([0-9.]+)\.\.([0-9.]+) rows=(\d+) width=(\d+)\)',
                            words)
        label, _, value = words.partition(': ')
        if node:
            nodes.append((node.group(1), list(node.groups()[1:]), []))
        elif label in PLAIN:
            nodes[-1][2].append((label, value))
    return nodes


def check_against_text(text, document, lines):
    shown, told = text_nodes(lines), list(nodes_of(document[0]['Plan']))
    assert len(shown) == len(told), text
    for (title, figures, properties), node in zip(shown, told):
        assert figures == [node['Startup Cost'], node['Total Cost'], node['Plan Rows'],
                           node['Plan Width']], f'{text}: {title}'
        last = node['Node Type'].split(' ')[-1]
        assert last in title or node['Node Type'] in ('ModifyTable', 'SetOp', 'Nested Loop'), title
        joined = [(key, ', '.join(value) if isinstance(value, list) else value)
                  for key, value in node.items() if key in PLAIN]
        if title.startswith('Append'):
            properties = []  # the text form has an Output there
        assert properties == joined, f'{text}\n{properties}\n{joined}'
        alias = node.get('Alias', '')
        assert alias in title.replace('"', ''), title


def test_forms_tell_what_the_text_tells(address):
    connection = open_with_tables(address)
    count = 0
    for text in statements():
        lines = [row[0].decode() for row in answer(connection, 'verbose', text).rows]
        documents = [structured(connection, form, 'verbose', text) for form in FORMS]
        assert documents[0] == documents[1], f'{text}\n{documents[0]}\n{documents[1]}'
        assert documents[0] == documents[2], f'{text}\n{documents[0]}\n{documents[2]}'
        check_keys(text, documents[0])
        check_against_text(text, documents[0], lines)
        count += 1
    assert count > 40
    close(connection)


def test_analyze(address):
    """Every option at once: the same keys in the three forms, and figures that can be true."""
    connection = open_with_tables(address)
    options = 'analyze, verbose, buffers, wal, settings'
    for text in statements():
        shapes = []
        for form in FORMS:
            document = structured(connection, form, options, text, 'begin; ')
            connection.query('rollback')
            check_keys(text, document)
            shapes.append([list(node) for node in nodes_of(document[0]['Plan'])])
            assert list(document[0]) == ['Plan', 'Settings', 'Planning Time', 'Triggers',
                                         'Execution Time']
            assert document[0]['Triggers'] == []
            assert document[0]['Settings'] == {'search_path': 'explained'}
            whole = float(document[0]['Execution Time'])
            for node in nodes_of(document[0]['Plan']):
                assert float(node['Actual Startup Time']) <= float(node['Actual Total Time'])
                assert float(node['Actual Total Time']) <= whole + 0.001, node
                assert node['Actual Loops'] in '01' and int(node['Shared Hit Blocks']) >= 0
        assert shapes[0] == shapes[1] == shapes[2], text
    close(connection)


def test_figures(address):
    connection = open_with_tables(address)
    document = structured(connection, 'json', 'analyze, timing off, summary off',
                          'select b from t where a > 90 and b <> \'"<&\\x\' order by b')
    sort = document[0]['Plan']
    scan = sort['Plans'][0]
    assert list(document[0]) == ['Plan', 'Triggers']
    assert sort['Sort Method'] == 'quicksort' and int(sort['Sort Space Used']) > 0
    assert scan['Actual Rows'] == '10' and scan['Rows Removed by Filter'] == '90', scan
    assert scan['Parent Relationship'] == 'Outer' and 'Parent Relationship' not in sort
    assert scan['Filter'] == '((a > 90) AND (b <> \'"<&\\x\'::text))', scan
    assert 'Actual Total Time' not in scan
    never = structured(connection, 'json', 'analyze', 'select * from t, (select * from u limit 0) s')
    assert {node['Actual Loops'] for node in nodes_of(never[0]['Plan'])} <= {'0', '1'}
    close(connection)


def test_bytes(address):
    """The answers as PostgreSQL 15 gives them, where the two plans are the same."""
    connection = open_with_tables(address)
    text = 'select a from t where b > \'x"<&\''
    expected = {
        'json': '[\n  {\n    "Plan": {\n      "Node Type": "Seq Scan",\n      "Parallel Aware": false,\n'
                '      "Async Capable": false,\n      "Relation Name": "t",\n      "Alias": "t",\n'
                '      "Filter": "(b > \'x\\"<&\'::text)"\n    }\n  }\n]',
        'xml': '<explain xmlns="http://www.postgresql.org/2009/explain">\n  <Query>\n    <Plan>\n'
               '      <Node-Type>Seq Scan</Node-Type>\n      <Parallel-Aware>false</Parallel-Aware>\n'
               '      <Async-Capable>false</Async-Capable>\n      <Relation-Name>t</Relation-Name>\n'
               '      <Alias>t</Alias>\n      <Filter>(b &gt; \'x"&lt;&amp;\'::text)</Filter>\n'
               '    </Plan>\n  </Query>\n</explain>',
        'yaml': '- Plan: \n    Node Type: "Seq Scan"\n    Parallel Aware: false\n'
                '    Async Capable: false\n    Relation Name: "t"\n    Alias: "t"\n'
                '    Filter: "(b > \'x\\"<&\'::text)"',
    }
    for form, written in expected.items():
        result = answer(connection, f'costs off, format {form}', text)
        assert result.rows == [[written.encode()]], result.rows
    assert answer(connection, 'format json', 'create table if not exists t as select 1').rows == [
        [b'[\n  "CREATE TABLE AS"\n]']]
    assert answer(connection, 'format yaml', 'create table if not exists t as select 1').rows == [
        [b'- "CREATE TABLE AS"']]
    assert answer(connection, 'format xml', 'create table if not exists t as select 1').rows == [
        [b'<explain xmlns="http://www.postgresql.org/2009/explain">\n  <CREATE-TABLE-AS />\n'
         b'</explain>']]
    close(connection)


def test_options_and_types(address):
    connection = Connection(address)
    for text, code in (('format jsonb', '22023'), ('format', '42601'), ('format json, wal', '22023')):
        error = connection.query(f'explain ({text}) select 1')[-1].error
        assert error.code == code, error
    result = connection.execute('explain (format json) select 1')
    assert result.columns[0].oid == JSON and json.loads(result.rows[0][0])[0]['Plan'], result.rows
    connection.query('prepare q as select 1')
    for statement in ('execute q', 'create table made_by_explain as execute q'):
        result = connection.query(f'explain (format json) {statement}')[-1]
        assert result.columns[0].oid == JSON, result.columns
        assert json.loads(result.rows[0][0])[0]['Plan']['Node Type'] == 'Result', result.rows
    connection.close()
