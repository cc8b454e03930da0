/* SPDX-License-Identifier: Apache-2.0
 *
 * The start of a connection: SSLRequest, GSSENCRequest, CancelRequest, the startup packet; trust on
 * loopback; parameters, key, ready. Ten seconds, ten thousand bytes.
 */
#include "base/version.h"
#include "server/session.h"

enum {
    STARTUP_BYTES_MAX = 10000,
    STARTUP_US = 10000000,
    REQUEST_CANCEL = 80877102,
    REQUEST_SSL = 80877103,
    REQUEST_GSSENC = 80877104,
};

static u32 word_at(const u8 *p)
{
    return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | (u32)p[3];
}

/* Waits for `bytes` to be there; false: closed, too slow. */
static bool need(Session *session, i64 bytes, i64 deadline)
{
    Connection *c = session->connection;
    Platform *platform = session->server->platform;
    Error error;
    while (connection_available(c) < bytes) {
        i64 left = deadline - platform->monotonic_us(platform);
        if (left <= 0 || c->closed || atomic_load(&session->server->stopping))
            return false;
        i32 got = connection_wait(c, WAIT_READ | WAIT_EVENT, left);
        if ((got & WAIT_READ) && !connection_fill(c, &error))
            return false;
    }
    return true;
}

static bool refuse(Session *session, ErrorCode code, const char *message)
{
    Error error;
    error_set(&error, code, "%s", message);
    send_error(session->connection, &error, (Text){NULL, 0}, true);
    connection_flush(session->connection);
    return false;
}

/* The packet behind its length; requests before it are answered. False: the connection ends. */
static bool read_packet(Session *session, Text *packet, i64 deadline)
{
    Connection *c = session->connection;
    bool asked_ssl = false, asked_gss = false;
    for (;;) {
        if (!need(session, 4, deadline))
            return false;
        i64 len = (i32)word_at(c->in.data + c->in_at);
        if (len < 8 || len > STARTUP_BYTES_MAX) /* not our protocol: no answer it could read */
            return false;
        if (!need(session, len, deadline))
            return false;
        const u8 *start = c->in.data + c->in_at;
        u32 code = word_at(start + 4);
        c->in_at += len;
        if (code == REQUEST_CANCEL) {
            if (len == 16)
                session_cancel(session->server, (i32)word_at(start + 8), word_at(start + 12));
            return false;
        }
        bool *asked = code == REQUEST_SSL ? &asked_ssl : code == REQUEST_GSSENC ? &asked_gss : NULL;
        if (!asked) {
            *packet = (Text){(const char *)start + 4, len - 4};
            return true;
        }
        if (*asked || connection_available(c) > 0)
            return refuse(session, E_PROTOCOL_VIOLATION,
                          "received unencrypted data after SSL request");
        *asked = true;
        send_bytes(c, "N", 1);
        connection_flush(c);
    }
}

/* "-c name=value --name=value": sets each; false with error. */
static bool apply_options(Session *session, Text options, Error *error)
{
    char words[STARTUP_BYTES_MAX];
    i64 i = 0;
    bool expect_setting = false;
    while (i < options.len) {
        i64 len = 0;
        while (i < options.len && options.data[i] == ' ')
            i++;
        while (i < options.len && options.data[i] != ' ') {
            i += options.data[i] == '\\' && i + 1 < options.len;
            words[len++] = options.data[i++];
        }
        Text word = {words, len};
        if (word.len == 0)
            break;
        if (text_equal(word, TEXT("-c"))) {
            expect_setting = true;
            continue;
        }
        if (!expect_setting && text_starts_with(word, TEXT("-c")))
            word = text_slice(word, 2, word.len);
        else if (!expect_setting && text_starts_with(word, TEXT("--")))
            word = text_slice(word, 2, word.len);
        else if (!expect_setting)
            return error_set(error, E_SYNTAX_ERROR,
                             "invalid command-line argument for server process: %.*s",
                             TEXT_ARG(word));
        expect_setting = false;
        i64 equals = text_find_byte(word, '=');
        if (equals == word.len)
            return error_set(error, E_SYNTAX_ERROR, "-c %.*s requires a value", TEXT_ARG(word));
        if (!setting_start(&session->settings, text_slice(word, 0, equals),
                           text_slice(word, equals + 1, word.len), error))
            return false;
    }
    return true;
}

/* NegotiateProtocolVersion: newest minor we speak and the _pq_ options we do not know. */
static void negotiate(Session *session, const Text *unknown, i32 count)
{
    Connection *c = session->connection;
    send_begin(c, 'v');
    send_i32(c, 3 << 16);
    send_i32(c, count);
    for (i32 i = 0; i < count; i++)
        send_text(c, unknown[i]);
    send_end(c);
}

static bool apply_parameter(Session *session, Text name, Text value, Error *error)
{
    Text *into = text_equal(name, TEXT("user"))       ? &session->user
                 : text_equal(name, TEXT("database")) ? &session->database
                                                      : NULL;
    if (into)
        return arena_text(&session->arena, value, into, error);
    if (text_equal(name, TEXT("options")))
        return apply_options(session, value, error);
    if (text_equal(name, TEXT("replication"))) {
        bool no = text_equal(value, TEXT("false")) || text_equal(value, TEXT("off")) ||
                  text_equal(value, TEXT("0")) || text_equal(value, TEXT("no"));
        return no || error_set(error, E_FEATURE_NOT_SUPPORTED, "replication is not supported");
    }
    return setting_start(&session->settings, name, value, error);
}

static bool read_parameters(Session *session, Text packet, Error *error)
{
    Message message = {.body = packet};
    u32 version = (u32)message_i32(&message);
    Text unknown[32];
    i32 unknown_count = 0;
    if (version >> 16 != 3)
        return error_set(error, E_FEATURE_NOT_SUPPORTED,
                         "unsupported frontend protocol %u.%u: server supports 3.0 to 3.0",
                         version >> 16, version & 0xffff);
    for (;;) {
        Text name = message_text(&message);
        if (name.len == 0)
            break;
        Text value = message_text(&message);
        if (text_starts_with(name, TEXT("_pq_."))) {
            if (unknown_count < countof(unknown))
                unknown[unknown_count++] = name;
            continue;
        }
        if (!apply_parameter(session, name, value, error))
            return false;
    }
    if (message.broken || message.at != packet.len)
        return error_set(error, E_PROTOCOL_VIOLATION,
                         "invalid startup packet layout: expected terminator as last byte");
    if ((version & 0xffff) > 0 || unknown_count > 0)
        negotiate(session, unknown, unknown_count);
    return true;
}

static bool check_login(Session *session, Error *error)
{
    if (session->user.len == 0)
        return error_set(error, E_INVALID_AUTHORIZATION_SPECIFICATION,
                         "no PostgreSQL user name specified in startup packet");
    if (session->database.len == 0)
        session->database = session->user;
    if (!text_equal(session->user, TEXT("gotgan")))
        return error_set(error, E_INVALID_AUTHORIZATION_SPECIFICATION,
                         "role \"%.*s\" does not exist", TEXT_ARG(session->user));
    if (!text_equal(session->database, TEXT("gotgan")))
        return error_set(error, E_INVALID_CATALOG_NAME, "database \"%.*s\" does not exist",
                         TEXT_ARG(session->database));
    if (session->server->session_count > session->server->options.connections_max)
        return error_set(error, E_TOO_MANY_CONNECTIONS, "sorry, too many clients already");
    return true;
}

void session_report_settings(Session *session, bool all)
{
    i32 count;
    const SettingRow *rows = setting_rows(&count);
    for (i32 i = 0; i < count; i++) {
        if (!rows[i].report || !(all || (session->settings.reported >> i & 1)))
            continue;
        send_parameter(session->connection, rows[i].name,
                       text_from(session->settings.values[i].text));
    }
    session->settings.reported = 0;
}

bool session_start(Session *session)
{
    Platform *platform = session->server->platform;
    Connection *c = session->connection;
    Text packet = {NULL, 0};
    Error error;
    if (!read_packet(session, &packet, platform->monotonic_us(platform) + STARTUP_US))
        return false;
    if (!read_parameters(session, packet, &error) || !check_login(session, &error)) {
        send_error(c, &error, (Text){NULL, 0}, true);
        connection_flush(c);
        return false;
    }
    send_begin(c, 'R');
    send_i32(c, 0);
    send_end(c);
    session_report_settings(session, true);
    send_begin(c, 'K');
    send_i32(c, session->pid);
    send_i32(c, (i32)session->secret);
    send_end(c);
    send_ready(c, 'I');
    connection_flush(c);
    return !c->closed;
}
