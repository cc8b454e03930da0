# SPDX-License-Identifier: Apache-2.0
"""The stock client library, called through ctypes: what a user's program waits for.

Session.query() answers when the last row is in the client's memory; reading fields out of the result
happens after the clock has stopped. One session is used by one thread.
"""
import ctypes
import ctypes.util
import time

PIECE = 1 << 18
OK, TUPLES, COPY_IN = 1, 2, 4
FLOATS = (700, 701)


def library():
    name = ctypes.util.find_library('pq')
    if not name:
        raise RuntimeError('libpq is not installed')
    pq = ctypes.CDLL(name)
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    for call, result, arguments in [
            ('PQconnectdb', pointer, [text]), ('PQstatus', number, [pointer]),
            ('PQexec', pointer, [pointer, text]), ('PQresultStatus', number, [pointer]),
            ('PQerrorMessage', text, [pointer]), ('PQntuples', number, [pointer]),
            ('PQnfields', number, [pointer]), ('PQftype', ctypes.c_uint, [pointer, number]),
            ('PQgetisnull', number, [pointer, number, number]),
            ('PQgetvalue', text, [pointer, number, number]), ('PQclear', None, [pointer]),
            ('PQputCopyData', number, [pointer, text, number]),
            ('PQputCopyEnd', number, [pointer, text]), ('PQgetResult', pointer, [pointer]),
            ('PQcmdTuples', text, [pointer]), ('PQbackendPID', number, [pointer]),
            ('PQfinish', None, [pointer])]:
        function = getattr(pq, call)
        function.restype, function.argtypes = result, arguments
    return pq


class Session:
    pq = None

    def __init__(self, address):
        if Session.pq is None:
            Session.pq = library()
        self.pq = Session.pq
        self.connection = self.pq.PQconnectdb(
            f'host={address.host} port={address.port} user={address.user} '
            f'dbname={address.database} options=-cTimeZone=UTC sslmode=disable'.encode())
        if self.pq.PQstatus(self.connection) != 0:
            raise RuntimeError(self.message())
        self.pid = self.pq.PQbackendPID(self.connection)

    def message(self):
        return (self.pq.PQerrorMessage(self.connection) or b'').decode(errors='replace').strip()

    def query(self, sql, rows=True):
        """-> (seconds, rows as lists of text or None, which columns are floats)"""
        start = time.monotonic()
        result = self.pq.PQexec(self.connection, sql.encode())
        seconds = time.monotonic() - start
        try:
            if self.pq.PQresultStatus(result) not in (OK, TUPLES):
                raise RuntimeError(self.message())
            return seconds, self.rows_of(result) if rows else [], self.floats_of(result)
        finally:
            self.pq.PQclear(result)

    def floats_of(self, result):
        return [self.pq.PQftype(result, column) in FLOATS
                for column in range(self.pq.PQnfields(result))]

    def rows_of(self, result):
        columns = range(self.pq.PQnfields(result))
        return [[None if self.pq.PQgetisnull(result, row, column) else
                 self.pq.PQgetvalue(result, row, column).decode() for column in columns]
                for row in range(self.pq.PQntuples(result))]

    def copy(self, sql, path):
        """Sends a file as the data of a COPY FROM STDIN -> (seconds, rows)"""
        start = time.monotonic()
        result = self.pq.PQexec(self.connection, sql.encode())
        status = self.pq.PQresultStatus(result)
        self.pq.PQclear(result)
        if status != COPY_IN:
            raise RuntimeError(self.message())
        with open(path, 'rb') as file:
            while piece := file.read(PIECE):
                if self.pq.PQputCopyData(self.connection, piece, len(piece)) != 1:
                    break
        self.pq.PQputCopyEnd(self.connection, None)
        result = self.pq.PQgetResult(self.connection)
        seconds = time.monotonic() - start
        status, count = self.pq.PQresultStatus(result), self.pq.PQcmdTuples(result)
        self.pq.PQclear(result)
        self.pq.PQclear(self.pq.PQgetResult(self.connection))
        if status != OK:
            raise RuntimeError(self.message())
        return seconds, int(count)

    def close(self):
        self.pq.PQfinish(self.connection)
