/* SPDX-License-Identifier: Apache-2.0
 *
 * The extended protocol: Parse, Bind, Describe, Execute, Close.
 */
#include "base/charset.h"
#include "server/session.h"
#include "types/binary_io.h"
#include "types/text_in.h"

void message_parse(Query *q, Session *session, Message *message)
{
    Text name = message_text(message), text = message_text(message);
    i32 count = (u16)message_i16(message);
    u32 *types = make_array(q, u32, count);
    for (i32 i = 0; i < count; i++)
        types[i] = (u32)message_i32(message);
    message_finish(q, message);
    Statement *statement = statement_make(q, session, name);
    q->arena = &statement->arena;
    statement->text = query_text(q, text);
    session->error_text = statement->text;
    if (!utf8_check(text, &q->error))
        query_rethrow(q, &q->error);
    statement->type_count = count;
    statement->types = make_array(q, u32, count);
    memcpy(statement->types, types, (size_t)count * sizeof *types);
    ParsedText parsed = parse(q, statement->text);
    send_parse_notices(q, session, statement->text, &parsed);
    if (parsed.count > 1)
        query_fail(q, E_SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement");
    if (parsed.count == 1) {
        statement->ast = parsed.statements[0].ast;
        session_check_block(q, session, statement->ast);
        q->arena = &session->message_arena;
        if (session->block != BLOCK_FAILED)
            statement_prepare(q, session, statement);
    }
    q->arena = &session->message_arena;
    statement->lasting = true;
    send_empty(session->connection, '1');
}

/* ---- Bind ---- */

/* The number of format codes, then the codes. */
static i16 *read_formats(Query *q, Message *message, i32 *count)
{
    *count = (u16)message_i16(message);
    i16 *formats = make_array(q, i16, *count);
    for (i32 i = 0; i < *count; i++) {
        formats[i] = message_i16(message);
        if (formats[i] != 0 && formats[i] != 1)
            query_fail(q, E_INVALID_PARAMETER_VALUE, "unsupported format code: %d", formats[i]);
    }
    return formats;
}

static Value read_value(Query *q, Session *session, Portal *portal, i32 number, Type type,
                        bool binary, Text bytes)
{
    Value value;
    Lane lane = type_lane(type);
    if (lane.kind == LANE_NONE)
        query_fail(q, E_FEATURE_NOT_SUPPORTED, "parameters of type %s are not supported yet",
                   type_row(type.oid) ? type_row(type.oid)->sql_name : "unknown");
    Text kept = query_text(q, bytes);
    bool good;
    if (binary) {
        good = binary_in_value(type, lane, kept, q->arena, &value, &q->error);
    } else {
        TextIn in = {type, lane, &session->settings.format, q->arena};
        good = utf8_check(kept, &q->error) && text_in_value(&in, kept, &value, &q->error) &&
               value_copy(value, q->arena, &value, &q->error);
    }
    if (!good) {
        error_context(&q->error, "portal \"%.*s\" parameter $%d", TEXT_ARG(portal->name), number);
        query_rethrow(q, &q->error);
    }
    return value;
}

static void bind_values(Query *q, Session *session, Message *message, Portal *portal,
                        const i16 *formats, i32 format_count, i32 count)
{
    i32 wanted = 0;
    const u32 *types = NULL;
    if (portal->statement->prepared)
        types = prepared_parameters(portal->statement->prepared, &wanted);
    if (count != wanted)
        query_fail(
            q, E_PROTOCOL_VIOLATION,
            "bind message supplies %d parameters, but prepared statement \"%.*s\" requires %d",
            count, TEXT_ARG(portal->statement->name), wanted);
    if (format_count > 1 && format_count != count)
        query_fail(q, E_PROTOCOL_VIOLATION,
                   "bind message has %d parameter formats but %d parameters", format_count, count);
    portal->value_count = count;
    portal->values = make_array(q, Value, count);
    for (i32 i = 0; i < count; i++) {
        i32 len = message_i32(message);
        Type type = type_of(types[i]);
        if (len == -1) {
            portal->values[i] = value_null(type_lane(type));
            continue;
        }
        Text bytes = message_bytes(message, len);
        message_check(q, message);
        i16 format = format_count == 0 ? 0 : formats[format_count == 1 ? 0 : i];
        portal->values[i] = read_value(q, session, portal, i + 1, type, format == 1, bytes);
    }
}

void message_bind(Query *q, Session *session, Message *message)
{
    Text portal_name = message_text(message), name = message_text(message);
    Statement *statement = statement_find(session, name);
    if (!statement)
        query_fail(q, E_INVALID_SQL_STATEMENT_NAME,
                   name.len ? "prepared statement \"%.*s\" does not exist"
                            : "unnamed prepared statement does not exist%.*s",
                   TEXT_ARG(name));
    session->error_text = statement->text;
    session_check_block(q, session, statement->ast);
    if (statement->prepared && session->block != BLOCK_FAILED)
        statement_revalidate(q, session, statement);
    Portal *portal = portal_make(q, session, portal_name, statement);
    q->arena = &portal->arena;
    i32 format_count;
    const i16 *formats = read_formats(q, message, &format_count);
    i32 count = (u16)message_i16(message);
    message_check(q, message);
    bind_values(q, session, message, portal, formats, format_count, count);
    portal->formats = read_formats(q, message, &portal->format_count);
    message_finish(q, message);
    i32 columns = 0;
    if (statement->prepared)
        prepared_columns(statement->prepared, &columns);
    if (portal->format_count > 1 && portal->format_count != columns)
        query_fail(q, E_PROTOCOL_VIOLATION,
                   "bind message has %d result formats but query has %d columns",
                   portal->format_count, columns);
    q->arena = &session->message_arena;
    send_empty(session->connection, '2');
}

/* ---- Describe ---- */

static void describe_rows(Session *session, const Statement *statement, const i16 *formats,
                          i32 format_count)
{
    i32 count = 0;
    const ResultColumn *columns =
        statement->prepared ? prepared_columns(statement->prepared, &count) : NULL;
    if (columns)
        send_row_description(session->connection, columns, count, formats, format_count);
    else
        send_empty(session->connection, 'n');
}

void message_describe(Query *q, Session *session, Message *message)
{
    u8 what = message_byte(message);
    Text name = message_text(message);
    message_finish(q, message);
    Connection *c = session->connection;
    if (what == 'P') {
        Portal *portal = portal_find(session, name);
        if (!portal)
            query_fail(q, E_INVALID_CURSOR_NAME, "portal \"%.*s\" does not exist", TEXT_ARG(name));
        describe_rows(session, portal->statement, portal->formats, portal->format_count);
        return;
    }
    if (what != 'S')
        query_fail(q, E_PROTOCOL_VIOLATION, "invalid DESCRIBE message subtype %d", what);
    Statement *statement = statement_find(session, name);
    if (!statement)
        query_fail(q, E_INVALID_SQL_STATEMENT_NAME,
                   name.len ? "prepared statement \"%.*s\" does not exist"
                            : "unnamed prepared statement does not exist%.*s",
                   TEXT_ARG(name));
    i32 count = 0;
    const u32 *types =
        statement->prepared ? prepared_parameters(statement->prepared, &count) : NULL;
    send_begin(c, 't');
    send_i16(c, count);
    for (i32 i = 0; i < count; i++)
        send_i32(c, (i32)types[i]);
    send_end(c);
    describe_rows(session, statement, NULL, 0);
}

/* ---- Execute, Close ---- */

void message_execute(Query *q, Session *session, Message *message)
{
    Text name = message_text(message);
    i32 rows = message_i32(message);
    message_finish(q, message);
    Portal *portal = portal_find(session, name);
    if (!portal)
        query_fail(q, E_INVALID_CURSOR_NAME, "portal \"%.*s\" does not exist", TEXT_ARG(name));
    session->error_text = portal->statement->text;
    if (!portal->statement->ast) {
        send_empty(session->connection, 'I');
        return;
    }
    session_check_block(q, session, portal->statement->ast);
    q->arena = &portal->arena;
    portal_execute(q, session, portal, rows > 0 ? rows : 0);
    q->arena = &session->message_arena;
}

void message_close(Query *q, Session *session, Message *message)
{
    u8 what = message_byte(message);
    Text name = message_text(message);
    message_finish(q, message);
    if (what == 'S') {
        Statement *statement = statement_find(session, name);
        if (statement)
            statement_drop(session, statement);
    } else if (what == 'P') {
        Portal *portal = portal_find(session, name);
        if (portal)
            portal_close(session, portal);
    } else {
        query_fail(q, E_PROTOCOL_VIOLATION, "invalid CLOSE message subtype %d", what);
    }
    send_empty(session->connection, '3');
}
