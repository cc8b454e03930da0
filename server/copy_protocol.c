/* SPDX-License-Identifier: Apache-2.0
 *
 * COPY's messages: CopyData from the client into a bounded buffer that workers read without
 * waiting, and COPY rows out to the client. Moves bytes, knows no formats.
 */
#include "server/session.h"

enum { COPY_BUFFER_BYTES = 4 << 20 };

struct CopySource {
    ByteSource source;
    pthread_mutex_t mutex;
    Buffer bytes; /* read and not consumed yet */
    i64 at;
    Connection *connection;
    bool full;  /* the session thread does not read until half of it is consumed */
    bool ended; /* CopyDone */
    bool failed;
    Error error; /* CopyFail, or the stream is broken */
};

static ReadStatus copy_read(void *state, void *to, i64 len, i64 *got, Error *error)
{
    CopySource *copy = state;
    ReadStatus status = READ_BYTES;
    bool wake = false;
    pthread_mutex_lock(&copy->mutex);
    i64 have = copy->bytes.len - copy->at;
    *got = min_i64(have, len);
    if (*got > 0) {
        memcpy(to, copy->bytes.data + copy->at, (size_t)*got);
        copy->at += *got;
        if (copy->full && (copy->bytes.len - copy->at) * 2 < COPY_BUFFER_BYTES) {
            copy->full = false;
            wake = true;
        }
    } else if (copy->failed) {
        *error = copy->error;
        status = READ_FAILED;
    } else {
        status = copy->ended ? READ_END : READ_NOTHING_NOW;
    }
    pthread_mutex_unlock(&copy->mutex);
    if (wake)
        connection_wake(copy->connection);
    return status;
}

static void copy_source_close(void *thing)
{
    CopySource *copy = thing;
    buffer_close(&copy->bytes);
    pthread_mutex_destroy(&copy->mutex);
}

void copy_in_begin(Query *q, Session *session, i32 columns)
{
    CopySource *copy = make(q, CopySource);
    buffer_open(&copy->bytes, &session->server->budget);
    int failed = pthread_mutex_init(&copy->mutex, NULL);
    verify(!failed);
    copy->source = (ByteSource){copy_read, copy};
    copy->connection = session->connection;
    query_defer(q, q->arena, copy_source_close, copy);
    session->copy_source = copy;
    Connection *c = session->connection;
    send_begin(c, 'G');
    send_bytes(c, "", 1);
    send_i16(c, columns);
    for (i32 i = 0; i < columns; i++)
        send_i16(c, 0);
    send_end(c);
    connection_flush(c);
}

const ByteSource *copy_in_source(Session *session)
{
    return &session->copy_source->source;
}

void copy_in_end(Session *session)
{
    session->copy_source = NULL;
}

static void copy_fail(CopySource *copy, const Error *error)
{
    copy->error = *error;
    copy->failed = true;
}

/* One message into the buffer. */
static void take_message(Session *session, CopySource *copy, Message *message)
{
    Error error;
    Text reason;
    switch (message->type) {
    case 'd':
        if (!buffer_append(&copy->bytes, message->body.data, message->body.len, &error))
            copy_fail(copy, &error);
        return;
    case 'c':
        copy->ended = true;
        return;
    case 'f':
        reason = message_text(message);
        if (message->broken)
            error_set(&error, E_PROTOCOL_VIOLATION, "%s", message->broken);
        else
            error_set(&error, E_QUERY_CANCELED, "COPY from stdin failed: %.*s", TEXT_ARG(reason));
        copy_fail(copy, &error);
        return;
    case 'H':
    case 'S':
        return;
    default:
        error_set(&error, E_PROTOCOL_VIOLATION,
                  "unexpected message type 0x%02X during COPY from stdin", message->type);
        copy_fail(copy, &error);
        session->copy_lost = true;
    }
}

/* Closes the gap that what was consumed left in front, once it is the larger part. */
static void close_gap(CopySource *copy)
{
    i64 left = copy->bytes.len - copy->at;
    if (copy->at <= left)
        return;
    memmove(copy->bytes.data, copy->bytes.data + copy->at, (size_t)left);
    copy->bytes.len = left;
    copy->at = 0;
}

bool copy_in_wants(Session *session)
{
    CopySource *copy = session->copy_source;
    if (!copy)
        return false;
    pthread_mutex_lock(&copy->mutex);
    bool wants = !copy->full && !copy->ended && !copy->failed;
    pthread_mutex_unlock(&copy->mutex);
    return wants;
}

bool copy_in_feed(Query *q, Session *session, Execution *run)
{
    CopySource *copy = session->copy_source;
    Connection *c = session->connection;
    bool fed = false;
    pthread_mutex_lock(&copy->mutex);
    close_gap(copy);
    while (!copy->ended && !copy->failed && !copy->full) {
        Message message;
        Error error;
        MessageStatus status = message_next(c, &message, &error);
        if (status == MESSAGE_READY) {
            take_message(session, copy, &message);
            copy->full = copy->bytes.len - copy->at >= COPY_BUFFER_BYTES;
            fed = true;
            continue;
        }
        i64 before = connection_available(c);
        if (status == MESSAGE_BAD || !connection_fill(c, &error)) {
            copy_fail(copy, &error);
            session->copy_lost |= status == MESSAGE_BAD;
            fed = true;
            break;
        }
        if (connection_available(c) == before)
            break;
    }
    pthread_mutex_unlock(&copy->mutex);
    if (fed)
        execution_resume(run);
    return fed;
}

/* ---- COPY TO ---- */

typedef struct CopyOutState {
    Connection *connection;
    Budget *budget;          /* of what is queued */
    const Budget *statement; /* whose interrupt ends the copying of a row */
} CopyOutState;

enum { COPY_DATA_HEAD = 5 };

/* A row is a CopyData message of its own: drivers read rows by message. */
static void copy_row_head(u8 *row, i64 len)
{
    i64 total = len - 1;
    memcpy(row, (u8[]){'d', (u8)(total >> 24), (u8)(total >> 16), (u8)(total >> 8), (u8)total},
           COPY_DATA_HEAD);
}

static SinkStatus copy_write(void *state, const void *bytes, i64 len, Error *error)
{
    CopyOutState *out = state;
    Buffer message;
    buffer_open(&message, out->budget);
    if (!buffer_reserve(&message, len, error) ||
        !look_copy(message.data, bytes, len, out->statement, error)) {
        buffer_close(&message);
        return SINK_FAILED;
    }
    message.len = len;
    if (connection_queue(out->connection, &message))
        return SINK_TAKEN;
    connection_queue_last(out->connection, &message);
    return SINK_FULL;
}

void copy_out_run(Query *q, PortalCommand *command, const PlanCommand *plan)
{
    Session *session = command->session;
    Connection *c = session->connection;
    i32 columns = plan->inner->root->column_count;
    send_begin(c, 'H');
    send_bytes(c, "", 1);
    send_i16(c, columns);
    for (i32 i = 0; i < columns; i++)
        send_i16(c, 0);
    send_end(c);
    CopyOutState *state = make(q, CopyOutState);
    *state = (CopyOutState){c, &session->server->budget, &q->control->budget};
    CopyOut *copy = copy_out_open(q, &plan->copy, plan->inner->root->columns, plan->copy_names,
                                  columns, &command->portal->env.format,
                                  (ByteSink){copy_write, state, COPY_DATA_HEAD, copy_row_head});
    command->rows = plan_run(q, session, command->portal, plan->inner, copy_out_sink(copy), NULL);
    if (!connection_take_results(c, &q->error))
        query_rethrow(q, &q->error);
    send_empty(c, 'c');
}
