# SPDX-License-Identifier: Apache-2.0
"""Connection start: SSLRequest, GSSENCRequest, versions, options, parameters, cancel."""
import struct
import threading
import time

from pgwire import (CANCEL_REQUEST, GSS_REQUEST, PROTOCOL_3_0, SSL_REQUEST, Closed, Connection,
                    ServerError, Wire, message, query_message, startup_packet)


def names(address, **more):
    return dict({'user': address.user, 'database': address.database}, **more)


def start(address, version=PROTOCOL_3_0, **more):
    wire = Wire(address)
    wire.send(startup_packet(version, names(address, **more)))
    return wire


def test_parameters_and_key(address):
    wire = start(address)
    messages = wire.receive_until('Z')
    assert messages[0] == ('R', struct.pack('>i', 0))
    reported = dict(body.decode().split('\0')[:2] for kind, body in messages if kind == 'S')
    for name, value in {'server_encoding': 'UTF8', 'client_encoding': 'UTF8',
                        'DateStyle': 'ISO, MDY', 'IntervalStyle': 'postgres',
                        'integer_datetimes': 'on', 'standard_conforming_strings': 'on',
                        'default_transaction_read_only': 'off', 'in_hot_standby': 'off',
                        'session_authorization': address.user}.items():
        assert reported.get(name) == value, (name, reported.get(name))
    assert reported['server_version'].startswith('15.')
    assert {'TimeZone', 'is_superuser', 'application_name'} <= set(reported)
    assert [len(body) for kind, body in messages if kind == 'K'] == [8]
    assert messages[-1] == ('Z', b'I')
    wire.close()


def test_ssl_and_gss_requests_then_start(address):
    wire = Wire(address)
    for request in (GSS_REQUEST, SSL_REQUEST):
        wire.send(struct.pack('>ii', 8, request))
        answer = wire.receive_bytes(1)
        assert answer in (b'N', b'S', b'G') and wire.at == len(wire.buffer)
        if answer != b'N':  # encryption begins here; that is another test
            wire.close()
            return
    wire.send(startup_packet(PROTOCOL_3_0, names(address)))
    assert wire.receive_until('Z')[-1] == ('Z', b'I')
    wire.close()


def test_newer_minor_version_and_unknown_option(address):
    wire = start(address, PROTOCOL_3_0 + 2, **{'_pq_.foo': 'bar'})
    kind, body = wire.receive()
    assert kind == 'v' and body == struct.pack('>ii', PROTOCOL_3_0, 1) + b'_pq_.foo\0'
    assert wire.receive() == ('R', struct.pack('>i', 0))
    wire.receive_until('Z')
    wire.close()


def test_other_major_versions(address):
    wire = start(address, 4 << 16)
    kind, body = wire.receive()
    error = ServerError(body)
    assert kind == 'E' and error.code == '0A000' and error.severity == 'FATAL'
    assert error.message.startswith('unsupported frontend protocol 4.0')
    assert wire.is_closed()
    wire.close()
    wire = start(address, 2 << 16)  # answered in the message form of that version
    assert wire.receive_bytes(1) == b'E' and wire.is_closed()
    wire.close()


def test_options_and_settings_at_start(address):
    wire = Connection(address, {'options': '-c extra_float_digits=2 --DateStyle=German',
                                'application_name': 'a b', 'TimeZone': 'Europe/Berlin'})
    assert wire.parameters['application_name'] == 'a b'
    assert wire.parameters['DateStyle'] == 'German, DMY'
    assert wire.parameters['TimeZone'] == 'Europe/Berlin'
    assert wire.query('show extra_float_digits')[0].texts() == [['2']]
    wire.close()


def test_no_encoding(address):
    """What psql asks for where no locale is set: the bytes as they are."""
    wire = Connection(address, {'client_encoding': 'SQL_ASCII'})
    assert wire.parameters['client_encoding'] == 'SQL_ASCII'
    result = wire.query("select pg_client_encoding(), getdatabaseencoding(), 'é漢', length('é漢')")[0]
    assert result.texts() == [['SQL_ASCII', 'UTF8', 'é漢', '2']], result.texts()
    assert wire.query("select '\\x'")[0].texts() == [['\\x']]
    wire.send(message('Q', b"select '\xff'\0"))
    assert ServerError(wire.receive_until('Z')[0][1]).code == '22021'
    assert wire.query('set client_encoding = utf8; show client_encoding')[-1].texts() == [['UTF8']]
    wire.close()


def test_encoding_in_quotes(address):
    wire = Connection(address, {'client_encoding': "'utf-8'"})
    assert wire.parameters['client_encoding'] == 'UTF8'
    wire.close()


def test_unknown_setting_at_start(address):
    wire = start(address, nosuchsetting='1')
    kind, body = wire.receive_until('E')[-1]
    assert ServerError(body).code == '42704' and ServerError(body).severity == 'FATAL'
    assert wire.is_closed()
    wire.close()


def test_bad_packets_close_without_harm(address):
    for packet in (b'\0\0\0\4', struct.pack('>i', 1 << 30) + b'x' * 8, b'GET / HTTP/1.1\r\n\r\n',
                   struct.pack('>ii', 9, PROTOCOL_3_0) + b'u'):
        wire = Wire(address)
        wire.send(packet)
        assert wire.is_closed(), packet
        wire.close()
    for cut in range(0, 20, 3):
        wire = Wire(address)
        wire.send(startup_packet(PROTOCOL_3_0, names(address))[:cut])
        wire.close()
    Connection(address).close()


def test_startup_in_single_bytes(address):
    wire = Wire(address)
    for byte in startup_packet(PROTOCOL_3_0, names(address)):
        wire.send(bytes([byte]))
    assert wire.receive_until('Z')[-1] == ('Z', b'I')
    wire.close()


def test_cancel_with_wrong_key_is_silent(address):
    session = Connection(address)
    other = Wire(address)
    other.send(struct.pack('>iiii', 16, CANCEL_REQUEST, session.process, session.key ^ 1))
    assert other.is_closed()
    assert session.query('select 1')[0].texts() == [['1']]
    session.close()


def test_cancel_stops_a_query(address):
    session = Connection(address)
    timer = threading.Timer(0.3, session.cancel)
    timer.start()
    begin = time.monotonic()
    result = session.query('select count(*) from generate_series(1, 1000000) a, '
                           'generate_series(1, 1000000) b')[0]
    timer.join()
    assert result.error.code == '57014', result.error
    assert result.error.message == 'canceling statement due to user request'
    assert time.monotonic() - begin < 10
    assert session.status == 'I' and session.query('select 2')[0].texts() == [['2']]
    session.close()


def test_terminate_closes(address):
    session = Connection(address)
    session.send(b'X\0\0\0\4')
    assert session.is_closed()
    session.close()


def test_unknown_message_is_fatal(address):
    session = Connection(address)
    session.send(b'?\0\0\0\4')
    kind, body = session.receive()
    assert kind == 'E' and ServerError(body).code == '08P01'
    assert ServerError(body).severity == 'FATAL' and session.is_closed()
    session.close()


def test_message_with_bad_length(address):
    session = Connection(address)
    session.send(b'Q\0\0\0\3')
    try:
        kind, body = session.receive()
        assert kind == 'E' and ServerError(body).code == '08P01'
    except Closed:
        pass
    assert session.is_closed()
    session.close()


def test_truncated_message_then_close(address):
    for cut in range(1, 12):
        session = Connection(address)
        session.send(query_message('select 1')[:cut])
        session.close()
    Connection(address).close()
