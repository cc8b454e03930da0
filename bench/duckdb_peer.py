# SPDX-License-Identifier: Apache-2.0
"""DuckDB as a process of its own: one JSON object a line in, one out.

usage: duckdb_peer.py DATABASE THREADS
Run by bench/engines.py with the interpreter of the virtual environment that has the pinned package.
In: {"sql": text, "rows": bool}. Out: {"seconds", "columns": [type names], "rows": [[text or null]]} or
{"error": text}. The clock runs from the call to the materialized result, which lies in this process: the
conversion of rows to Python objects, which DuckDB does slowly, is not held against it.
"""
import json
import sys
import time

import duckdb


def text_of(value):
    if isinstance(value, bool):
        return 't' if value else 'f'
    return None if value is None else str(value)


def answer(connection, request):
    start = time.monotonic()
    relation = connection.sql(request['sql'])
    if relation is not None:
        relation = relation.materialize()
    seconds = time.monotonic() - start
    if relation is None or not request['rows']:
        return {'seconds': seconds, 'columns': [], 'rows': []}
    return {'seconds': seconds, 'columns': [str(kind) for kind in relation.types],
            'rows': [[text_of(value) for value in row] for row in relation.fetchall()]}


def main():
    connection = duckdb.connect(sys.argv[1], config={'threads': int(sys.argv[2])})
    print(json.dumps({'version': duckdb.__version__}), flush=True)
    for line in sys.stdin:
        try:
            reply = answer(connection, json.loads(line))
        except duckdb.Error as error:
            reply = {'error': str(error)}
        print(json.dumps(reply), flush=True)
    connection.close()


if __name__ == '__main__':
    main()
