# SPDX-License-Identifier: Apache-2.0
"""A client of the PostgreSQL wire protocol 3.0 for the tests: no driver between test and bytes.

Connection speaks the simple and the extended protocol, text and binary, COPY both ways and
cancel; it can also send raw bytes and hand out single messages, for tests of the protocol itself.
A failed statement is not an exception but the `error` of its Result; ProtocolError means that the
server broke the protocol, Closed that it closed the connection.

One connection is used by one thread. Passwords: none (trust) and clear text only.
"""
import socket
import struct

PROTOCOL_3_0 = 196608
SSL_REQUEST = 80877103
GSS_REQUEST = 80877104
CANCEL_REQUEST = 80877102


class ProtocolError(Exception):
    """The server sent something that the protocol does not allow here."""


class Closed(Exception):
    """The server closed the connection."""


class ServerError:
    """Fields of an ErrorResponse or a NoticeResponse, by their one-letter codes."""

    def __init__(self, body):
        self.fields = {}
        at = 0
        while at < len(body) and body[at] != 0:
            end = body.index(b'\0', at + 1)
            self.fields[chr(body[at])] = body[at + 1:end].decode('utf-8', 'replace')
            at = end + 1

    severity = property(lambda self: self.fields.get('V', self.fields.get('S', '')))
    code = property(lambda self: self.fields.get('C', ''))
    message = property(lambda self: self.fields.get('M', ''))

    def __repr__(self):
        return f'{self.severity} {self.code}: {self.message}'


class Column:
    """One column of a RowDescription."""

    def __init__(self, name, table, attribute, oid, size, typmod, binary):
        self.name, self.table, self.attribute = name, table, attribute
        self.oid, self.size, self.typmod, self.binary = oid, size, typmod, binary


class Result:
    """What one statement answered: columns, rows (lists of bytes or None), tag or error."""

    def __init__(self):
        self.columns = None
        self.rows = []
        self.tag = None
        self.error = None
        self.copy = None

    def texts(self):
        return [[None if v is None else v.decode() for v in row] for row in self.rows]


def columns_of(body):
    count, = struct.unpack_from('>h', body, 0)
    at, columns = 2, []
    for _ in range(count):
        end = body.index(b'\0', at)
        table, attribute, oid, size, typmod, form = struct.unpack_from('>ihihih', body, end + 1)
        columns.append(Column(body[at:end].decode(), table, attribute, oid & 0xffffffff, size,
                              typmod, form == 1))
        at = end + 19
    if at != len(body):
        raise ProtocolError('RowDescription has a wrong length')
    return columns


def row_of(body):
    count, = struct.unpack_from('>h', body, 0)
    at, row = 2, []
    for _ in range(count):
        size, = struct.unpack_from('>i', body, at)
        at += 4
        row.append(None if size < 0 else body[at:at + size])
        at += max(size, 0)
    if at != len(body):
        raise ProtocolError('DataRow has a wrong length')
    return row


def message(kind, body=b''):
    """One frontend message; kind is a letter."""
    return kind.encode() + struct.pack('>i', len(body) + 4) + body


def text(value):
    return value.encode() + b'\0'


def query_message(sql):
    return message('Q', text(sql))


def parse_message(name, sql, types=()):
    body = text(name) + text(sql) + struct.pack('>h', len(types))
    return message('P', body + b''.join(struct.pack('>I', oid) for oid in types))


def bind_message(portal, statement, values=(), formats=(), results=()):
    """values: bytes, str or None."""
    body = text(portal) + text(statement)
    body += struct.pack('>h', len(formats)) + b''.join(struct.pack('>h', f) for f in formats)
    body += struct.pack('>h', len(values))
    for value in values:
        if value is None:
            body += struct.pack('>i', -1)
        else:
            raw = value.encode() if isinstance(value, str) else value
            body += struct.pack('>i', len(raw)) + raw
    body += struct.pack('>h', len(results)) + b''.join(struct.pack('>h', f) for f in results)
    return message('B', body)


def describe_message(kind, name):
    return message('D', kind.encode() + text(name))


def execute_message(portal, rows=0):
    return message('E', text(portal) + struct.pack('>i', rows))


def close_message(kind, name):
    return message('C', kind.encode() + text(name))


SYNC = message('S')
FLUSH = message('H')
TERMINATE = message('X')


def startup_packet(version, parameters):
    body = struct.pack('>i', version)
    body += b''.join(text(k) + text(v) for k, v in parameters.items()) + b'\0'
    return struct.pack('>i', len(body) + 4) + body


class Address:
    """host:port:user:database, as the tests' --connect takes it."""

    def __init__(self, spec):
        host, port, self.user, self.database = spec.split(':')
        self.host, self.port = host, int(port)

    def __str__(self):
        return f'{self.host}:{self.port}:{self.user}:{self.database}'


class Wire:
    """A socket that sends bytes and receives whole backend messages; knows no state."""

    def __init__(self, address, timeout=60):
        self.socket = socket.create_connection((address.host, address.port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer, self.at = b'', 0  # what was received, and how much of it was handed out

    def send(self, data):
        try:
            self.socket.sendall(data)
        except (ConnectionError, BrokenPipeError) as error:
            raise Closed(str(error)) from None

    def receive_bytes(self, count):
        while len(self.buffer) - self.at < count:
            try:
                more = self.socket.recv(1 << 16)
            except ConnectionError as error:
                raise Closed(str(error)) from None
            if not more:
                raise Closed('connection closed by the server')
            self.buffer, self.at = self.buffer[self.at:] + more, 0
        self.at += count
        return self.buffer[self.at - count:self.at]

    def receive(self):
        """-> (letter, body)"""
        head = self.receive_bytes(5)
        size, = struct.unpack('>i', head[1:])
        if size < 4:
            raise ProtocolError(f'message of length {size}')
        return chr(head[0]), self.receive_bytes(size - 4)

    def receive_until(self, last):
        """Messages up to the first whose letter is in last, as (letter, body)."""
        messages = []
        while not messages or messages[-1][0] not in last:
            messages.append(self.receive())
        return messages

    def is_closed(self, seconds=5):
        """Whether the server closes the connection within that time (reads what is left)."""
        self.socket.settimeout(seconds)
        try:
            while self.socket.recv(1 << 16):
                pass
            return True
        except socket.timeout:
            return False
        except ConnectionError:
            return True

    def close(self):
        self.socket.close()


class Connection(Wire):
    """A started session."""

    def __init__(self, address, parameters=None, timeout=60, password=''):
        super().__init__(address, timeout)
        self.address = address
        self.parameters, self.notices = {}, []
        self.process = self.key = None
        self.status = ''
        names = {'user': address.user, 'database': address.database, 'client_encoding': 'UTF8'}
        names.update(parameters or {})
        self.send(startup_packet(PROTOCOL_3_0, names))
        self.start(password)

    def start(self, password):
        while True:
            kind, body = self.receive()
            if kind == 'R' and struct.unpack_from('>i', body)[0] == 3:
                self.send(message('p', text(password)))
            elif kind == 'R' and struct.unpack_from('>i', body)[0] != 0:
                raise ProtocolError('an authentication method this client does not know')
            elif kind == 'E':
                raise ProtocolError(repr(ServerError(body)))
            elif kind == 'K':
                self.process, self.key = struct.unpack('>ii', body)
            elif kind == 'Z':
                self.status = body.decode()
                return
            elif not self.aside(kind, body) and kind not in 'Rv':
                raise ProtocolError(f'message {kind} while connecting')

    def aside(self, kind, body):
        """Messages that may come at any time. -> taken"""
        if kind == 'S':
            name, value, rest = body.decode().split('\0')
            self.parameters[name] = value
            if rest:
                raise ProtocolError('ParameterStatus has a wrong length')
        elif kind == 'N':
            self.notices.append(ServerError(body))
        elif kind != 'A':
            return False
        return True

    def collect(self, copy_data=None):
        """Results up to ReadyForQuery, or to the error that ends the connection. copy_data answers
        a COPY FROM STDIN; without it the COPY is failed."""
        results, now = [], Result()
        while True:
            kind, body = self.receive()
            if self.aside(kind, body):
                continue
            if kind == 'T':
                now.columns = columns_of(body)
            elif kind == 'D':
                now.rows.append(row_of(body))
            elif kind in 'CIsE':
                now.error = ServerError(body) if kind == 'E' else None
                now.tag = {'C': body[:-1].decode(), 'I': '', 's': 'PortalSuspended'}.get(kind)
                results.append(now)
                if kind == 'E' and now.error.severity == 'FATAL':
                    return results
                now = Result()
            elif kind == 'G':
                self.send_copy(copy_data)
            elif kind == 'H':
                now.copy = b''
            elif kind == 'd' and now.copy is not None:
                now.copy += body
            elif kind == 'Z':
                self.status = body.decode()
                return results
            elif kind not in '123ntc':
                raise ProtocolError(f'message {kind} in an answer')

    def send_copy(self, data):
        if data is None:
            self.send(message('f', text('no data')))
            return
        for at in range(0, len(data), 1 << 16):
            self.send(message('d', data[at:at + (1 << 16)]))
        self.send(message('c'))

    def query(self, sql, copy_data=None):
        """The simple protocol -> Results, one per statement."""
        self.send(query_message(sql))
        return self.collect(copy_data)

    def execute(self, sql, values=(), types=(), binary=False, formats=(), copy_data=None):
        """One statement through Parse, Bind, Describe, Execute and Sync -> Result."""
        self.send(parse_message('', sql, types) +
                  bind_message('', '', values, formats, (1,) if binary else ()) +
                  describe_message('P', '') + execute_message(''))
        if copy_data is None:
            self.send(SYNC)
            results = self.collect()
        else:  # Sync would be read as the end of the data
            self.send(FLUSH)
            results = self.execute_copy(copy_data)
        if len(results) != 1:
            raise ProtocolError(f'{len(results)} results of one statement')
        return results[0]

    def execute_copy(self, data):
        while True:
            kind, body = self.receive()
            if kind == 'G':
                self.send_copy(data)
                self.send(SYNC)
                return self.collect()
            if kind == 'E':
                failed = Result()
                failed.error = ServerError(body)
                self.send(SYNC)
                return [failed] + self.collect()
            if kind == 'C' or kind == 'I':
                raise ProtocolError('not a COPY FROM STDIN')
            self.aside(kind, body)

    def cancel(self):
        """Asks on a second connection to stop what runs on this one."""
        other = Wire(self.address)
        other.send(struct.pack('>iiii', 16, CANCEL_REQUEST, self.process, self.key))
        closed = other.is_closed()
        other.close()
        if not closed:
            raise ProtocolError('the server keeps a connection of a CancelRequest open')

    def close(self):
        try:
            self.send(TERMINATE)
        except Closed:
            pass
        super().close()
