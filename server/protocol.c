/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages to bytes and back. Everything a client sends is checked against the table before a byte
 * of it is believed: an unknown type or an impossible length ends the connection with 08P01.
 */
#include "server/protocol.h"

#include <stdarg.h>

#include "base/text.h"

enum { LARGE = 0x3ffffffe, SMALL = 10000 }; /* PostgreSQL's limits of a message, with its length */

static const MessageKind kinds[] = {
    // clang-format off
    {'B', "Bind",         LARGE},
    {'C', "Close",        SMALL},
    {'D', "Describe",     SMALL},
    {'E', "Execute",      SMALL},
    {'F', "FunctionCall", 16ll << 20},
    {'H', "Flush",        SMALL},
    {'P', "Parse",        LARGE},
    {'Q', "Query",        LARGE},
    {'S', "Sync",         SMALL},
    {'X', "Terminate",    SMALL},
    {'c', "CopyDone",     SMALL},
    {'d', "CopyData",     LARGE},
    {'f', "CopyFail",     SMALL},
    // clang-format on
};

const MessageKind *message_kind(u8 type)
{
    for (i32 i = 0; i < countof(kinds); i++)
        if ((u8)kinds[i].type == type)
            return &kinds[i];
    return NULL;
}

static u32 read_u32(const u8 *p)
{
    return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | (u32)p[3];
}

MessageStatus message_next(Connection *c, Message *message, Error *error)
{
    const u8 *start = c->in.data + c->in_at;
    i64 have = connection_available(c);
    if (have < 1)
        return MESSAGE_INCOMPLETE;
    const MessageKind *kind = message_kind(start[0]);
    if (!kind) {
        error_set(error, E_PROTOCOL_VIOLATION, "invalid frontend message type %d", start[0]);
        return MESSAGE_BAD;
    }
    if (have < 5)
        return MESSAGE_INCOMPLETE;
    i64 len = (i32)read_u32(start + 1);
    if (len < 4 || len > kind->bytes_max) {
        error_set(error, E_PROTOCOL_VIOLATION, "invalid message length");
        return MESSAGE_BAD;
    }
    if (have < 1 + len)
        return MESSAGE_INCOMPLETE;
    *message = (Message){.type = start[0], .body = {(const char *)start + 5, len - 4}};
    c->in_at += 1 + len;
    return MESSAGE_READY;
}

static Text field_broken(Message *message, const char *what)
{
    if (!message->broken)
        message->broken = what;
    return (Text){"", 0};
}

Text message_bytes(Message *message, i64 len)
{
    if (len < 0 || message->at + len > message->body.len)
        return field_broken(message, "insufficient data left in message");
    Text bytes = {message->body.data + message->at, len};
    message->at += len;
    return bytes;
}

u8 message_byte(Message *message)
{
    Text bytes = message_bytes(message, 1);
    return bytes.len ? (u8)bytes.data[0] : 0;
}

i16 message_i16(Message *message)
{
    Text bytes = message_bytes(message, 2);
    return bytes.len ? (i16)((u8)bytes.data[0] << 8 | (u8)bytes.data[1]) : 0;
}

i32 message_i32(Message *message)
{
    Text bytes = message_bytes(message, 4);
    return bytes.len ? (i32)read_u32((const u8 *)bytes.data) : 0;
}

Text message_text(Message *message)
{
    Text rest = {message->body.data + message->at, message->body.len - message->at};
    i64 end = text_find_byte(rest, 0);
    if (end == rest.len)
        return field_broken(message, "invalid string in message");
    message->at += end + 1;
    return (Text){rest.data, end};
}

void message_check(Query *q, const Message *message)
{
    if (message->broken)
        query_fail(q, E_PROTOCOL_VIOLATION, "%s", message->broken);
}

void message_finish(Query *q, Message *message)
{
    if (!message->broken && message->at < message->body.len)
        message->broken = "invalid message format";
    message_check(q, message);
}

/* ---- writing ---- */

void send_bytes(Connection *c, const void *bytes, i64 len)
{
    Error error;
    if (!c->closed && !buffer_append(&c->out, bytes, len, &error))
        c->closed = true;
}

void send_i16(Connection *c, i32 value)
{
    u8 bytes[2] = {(u8)(value >> 8), (u8)value};
    send_bytes(c, bytes, 2);
}

void send_i32(Connection *c, i32 value)
{
    u8 bytes[4] = {(u8)(value >> 24), (u8)(value >> 16), (u8)(value >> 8), (u8)value};
    send_bytes(c, bytes, 4);
}

void send_text(Connection *c, Text text)
{
    send_bytes(c, text.data, text.len);
    send_bytes(c, "", 1);
}

void send_begin(Connection *c, char type)
{
    if (c->out.len > RESULT_BUFFER_BYTES)
        connection_flush(c);
    send_bytes(c, &type, 1);
    c->message_start = c->out.len;
    send_i32(c, 0);
}

void send_end(Connection *c)
{
    if (c->closed)
        return;
    i64 len = c->out.len - c->message_start;
    u8 *at = c->out.data + c->message_start;
    at[0] = (u8)(len >> 24);
    at[1] = (u8)(len >> 16);
    at[2] = (u8)(len >> 8);
    at[3] = (u8)len;
}

void send_empty(Connection *c, char type)
{
    send_begin(c, type);
    send_end(c);
}

void send_ready(Connection *c, char status)
{
    send_begin(c, 'Z');
    send_bytes(c, &status, 1);
    send_end(c);
}

void send_complete(Connection *c, const char *format, ...)
{
    char tag[128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(tag, sizeof tag, format, arguments);
    va_end(arguments);
    send_begin(c, 'C');
    send_text(c, text_from(tag));
    send_end(c);
}

static void send_field(Connection *c, char field, const char *text)
{
    if (!text[0])
        return;
    send_bytes(c, &field, 1);
    send_text(c, text_from(text));
}

static i64 character_position(Text statement, i32 position)
{
    i64 bytes = min_i64(position - 1, statement.len);
    return utf8_length((Text){statement.data, bytes}) + 1;
}

static void send_position(Connection *c, Text statement, i32 position)
{
    char digits[24];
    if (position <= 0 || !statement.data)
        return;
    snprintf(digits, sizeof digits, "%lld", (long long)character_position(statement, position));
    send_field(c, 'P', digits);
}

void send_error(Connection *c, const Error *error, Text statement, bool fatal)
{
    send_begin(c, 'E');
    const char *severity = fatal ? "FATAL" : "ERROR";
    send_field(c, 'S', severity);
    send_field(c, 'V', severity);
    send_field(c, 'C', error_sqlstate(error->code));
    send_field(c, 'M', error->message[0] ? error->message : "unknown error");
    send_field(c, 'D', error->detail);
    send_field(c, 'H', error->hint);
    send_field(c, 'W', error->context);
    send_field(c, 's', error->object.schema);
    send_field(c, 't', error->object.table);
    send_field(c, 'c', error->object.column);
    send_field(c, 'd', error->object.datatype);
    send_field(c, 'n', error->object.constraint);
    send_position(c, statement, error->position);
    send_field(c, 'R', error->routine ? error->routine : "");
    send_bytes(c, "", 1);
    send_end(c);
}

void send_notice(Connection *c, const char *severity, ErrorCode code, Text message)
{
    send_notice_at(c, severity, code, message, (Text){NULL, 0}, 0);
}

void send_notice_at(Connection *c, const char *severity, ErrorCode code, Text message,
                    Text statement, i32 position)
{
    send_begin(c, 'N');
    send_field(c, 'S', severity);
    send_field(c, 'V', severity);
    send_field(c, 'C', error_sqlstate(code));
    i64 line = text_find_byte(message, '\n');
    send_bytes(c, "M", 1);
    send_text(c, text_slice(message, 0, line));
    if (line < message.len) {
        send_bytes(c, "D", 1);
        send_text(c, text_slice(message, line + 1, message.len));
    }
    send_position(c, statement, position);
    send_bytes(c, "", 1);
    send_end(c);
}

void send_parameter(Connection *c, const char *name, Text value)
{
    send_begin(c, 'S');
    send_text(c, text_from(name));
    send_text(c, value);
    send_end(c);
}

void send_row_description(Connection *c, const ResultColumn *columns, i32 count, const i16 *formats,
                          i32 format_count)
{
    send_begin(c, 'T');
    send_i16(c, count);
    for (i32 i = 0; i < count; i++) {
        const TypeRow *row = type_row(columns[i].type.oid);
        send_text(c, columns[i].name);
        send_i32(c, (i32)columns[i].relation_oid);
        send_i16(c, columns[i].number);
        send_i32(c, (i32)columns[i].type.oid);
        send_i16(c, row ? row->length : -1);
        send_i32(c, columns[i].type.typmod);
        send_i16(c, format_count == 0 ? 0 : formats[format_count == 1 ? 0 : i]);
    }
    send_end(c);
}
