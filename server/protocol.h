/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL's frontend/backend protocol, version 3: the table of messages a client may send,
 * readers for their fields and writers for ours (documentation chapter 55).
 */
#ifndef GOTGAN_PROTOCOL_H
#define GOTGAN_PROTOCOL_H

#include "planner/planner.h"
#include "server/connection.h"

/* A message of the client: what it is and how long it may be. */
typedef struct MessageKind {
    char type;
    const char *name;
    i64 bytes_max;
} MessageKind;
/* NULL: no such message. */
const MessageKind *message_kind(u8 type);

typedef struct Message {
    u8 type;
    Text body;          /* into the connection's input; until the next read */
    i64 at;             /* fields read so far */
    const char *broken; /* what is wrong with it: a field ran over the end; NULL: nothing */
} Message;

/* READ_BYTES: *message is whole; NOTHING_NOW: more bytes are needed; FAILED: 08P01. */
typedef enum MessageStatus { MESSAGE_READY, MESSAGE_INCOMPLETE, MESSAGE_BAD } MessageStatus;
MessageStatus message_next(Connection *c, Message *message, Error *error);
u8 message_byte(Message *message);
i16 message_i16(Message *message);
i32 message_i32(Message *message);
Text message_text(Message *message); /* NUL-terminated, without the NUL */
Text message_bytes(Message *message, i64 len);
/* 08P01 when a field ran over the end; finish: or when something stands behind the last one. */
void message_check(Query *q, const Message *message);
void message_finish(Query *q, Message *message);

/* Writers append to c->out; they never fail but by memory: then the connection is closed. */
void send_begin(Connection *c, char type);
void send_i16(Connection *c, i32 value);
void send_i32(Connection *c, i32 value);
void send_text(Connection *c, Text text); /* with NUL */
void send_bytes(Connection *c, const void *bytes, i64 len);
void send_end(Connection *c); /* fills the length of the message begun last */

void send_ready(Connection *c, char status);
void send_complete(Connection *c, const char *format, ...) printf_like(2, 3);
/* position is turned from a byte offset into statement into characters. */
void send_error(Connection *c, const Error *error, Text statement, bool fatal);
/* What stands behind a line break in message is the detail. */
void send_notice(Connection *c, const char *severity, ErrorCode code, Text message);
/* position: 1-based byte in the statement's text; 0: none. */
void send_notice_at(Connection *c, const char *severity, ErrorCode code, Text message,
                    Text statement, i32 position);
void send_parameter(Connection *c, const char *name, Text value);
/* formats: one per column, or one for all, or none (text). */
void send_row_description(Connection *c, const ResultColumn *columns, i32 count, const i16 *formats,
                          i32 format_count);
void send_empty(Connection *c, char type); /* a message without a body */

#endif
