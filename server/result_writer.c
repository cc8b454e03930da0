/* SPDX-License-Identifier: Apache-2.0
 *
 * The sink of results: workers turn whole chunks into DataRow messages, column by column into
 * scratch, then row by row into a buffer that the connection's thread writes. A worker never waits
 * for the client: with a full queue the sink says FULL and its pipeline is parked.
 */
#include "server/session.h"
#include "types/binary_io.h"

struct ResultWriter {
    Connection *connection;
    const PlanColumn *columns;
    i32 count;
    bool *binary;
    const FormatSettings *format;
    Budget *budget;
    bool at_once; /* a row limit: every chunk goes out, the portal may stop behind it */
};

typedef struct WriterLocal {
    bool open;
    Buffer scratch;  /* texts of a chunk, all columns */
    Buffer messages; /* DataRows not handed over yet */
    TextSpan *spans; /* count x CHUNK_ROWS */
} WriterLocal;

ResultWriter *result_writer_open(Query *q, Session *session, const PlanColumn *columns, i32 count,
                                 const i16 *formats, i32 format_count, const FormatSettings *format)
{
    ResultWriter *writer = make(q, ResultWriter);
    *writer = (ResultWriter){.connection = session->connection,
                             .columns = columns,
                             .count = count,
                             .binary = make_array(q, bool, count),
                             .format = format,
                             .budget = &session->server->budget};
    for (i32 i = 0; i < count; i++)
        writer->binary[i] = format_count > 0 && formats[format_count == 1 ? 0 : i] == 1;
    return writer;
}

static void local_close(void *thing)
{
    WriterLocal *local = thing;
    buffer_close(&local->scratch);
    buffer_close(&local->messages);
}

static void local_open(Worker *w, const ResultWriter *writer, WriterLocal *local)
{
    buffer_open(&local->scratch, &w->q->control->budget);
    buffer_open(&local->messages, writer->budget); /* the connection's, once they are queued */
    local->spans = make_array(w->q, TextSpan, (i64)max_i64(writer->count, 1) * CHUNK_ROWS);
    query_defer(w->q, w->q->arena, local_close, local);
    local->open = true;
}

static void format_columns(Worker *w, const ResultWriter *writer, WriterLocal *local,
                           const Chunk *in)
{
    local->scratch.len = 0;
    for (i32 i = 0; i < writer->count; i++) {
        Vector *vector = &in->columns[i];
        TextSpan *spans = local->spans + (i64)i * CHUNK_ROWS;
        bool good = vector_load(vector, in->sel, in->n, &w->q->error);
        if (good)
            good = writer->binary[i] ? binary_out_column(vector, in->sel, in->n, &local->scratch,
                                                         spans, &w->q->error)
                                     : text_out_column(vector, in->sel, in->n, writer->format,
                                                       &local->scratch, spans, &w->q->error);
        if (!good)
            query_rethrow(w->q, &w->q->error);
    }
}

static u8 *put_u32(u8 *at, u32 value)
{
    at[0] = (u8)(value >> 24);
    at[1] = (u8)(value >> 16);
    at[2] = (u8)(value >> 8);
    at[3] = (u8)value;
    return at + 4;
}

static void assemble_row(Worker *w, const ResultWriter *writer, WriterLocal *local, i32 row)
{
    i64 bytes = 7;
    for (i32 i = 0; i < writer->count; i++) {
        i32 len = local->spans[(i64)i * CHUNK_ROWS + row].len;
        bytes += 4 + (len > 0 ? len : 0);
    }
    if (bytes > INT32_MAX)
        query_fail(w->q, E_PROGRAM_LIMIT_EXCEEDED, "result row is too long");
    if (!buffer_reserve(&local->messages, bytes, &w->q->error))
        query_rethrow(w->q, &w->q->error);
    u8 *at = local->messages.data + local->messages.len;
    *at++ = 'D';
    at = put_u32(at, (u32)(bytes - 1));
    *at++ = (u8)(writer->count >> 8);
    *at++ = (u8)writer->count;
    for (i32 i = 0; i < writer->count; i++) {
        const TextSpan *span = &local->spans[(i64)i * CHUNK_ROWS + row];
        at = put_u32(at, (u32)span->len);
        if (span->len <= 0)
            continue;
        if (!look_copy(at, local->scratch.data + span->offset, span->len, &w->q->control->budget,
                       &w->q->error))
            query_rethrow(w->q, &w->q->error);
        at += span->len;
    }
    local->messages.len += bytes;
}

static Step writer_sink(Worker *w, void *shared, void *state, const Chunk *in)
{
    const ResultWriter *writer = shared;
    WriterLocal *local = state;
    if (!local->open)
        local_open(w, writer, local);
    format_columns(w, writer, local, in);
    i32 rows = chunk_rows(in);
    for (i32 i = 0; i < rows; i++)
        assemble_row(w, writer, local, i);
    if (local->messages.len < RESULT_BUFFER_BYTES && !writer->at_once)
        return STEP_NEXT;
    if (connection_queue(writer->connection, &local->messages))
        return STEP_NEXT;
    connection_queue_last(writer->connection, &local->messages);
    return STEP_FULL; /* taken, but no more until there is room */
}

/* What is left goes out; a full queue keeps it in one more buffer, which merge may add beyond. */
static void writer_merge(Worker *w, void *shared, void *state)
{
    const ResultWriter *writer = shared;
    WriterLocal *local = state;
    if (!local->open || local->messages.len == 0)
        return;
    connection_queue_last(writer->connection, &local->messages);
}

static const OperatorKind writer_operator = {
    .name = "Result",
    .local_size = sizeof(WriterLocal),
    .sink = writer_sink,
    .merge = writer_merge,
};

void result_writer_at_once(ResultWriter *writer, bool at_once)
{
    writer->at_once = at_once;
}

ResultSink result_writer_sink(ResultWriter *writer)
{
    return (ResultSink){&writer_operator, writer};
}

/* ---- counting ---- */

static Step count_sink(Worker *w, void *shared, void *local, const Chunk *in)
{
    _Atomic i64 *rows = shared;
    atomic_fetch_add(rows, chunk_rows(in));
    return STEP_NEXT;
}

static const OperatorKind counting_operator = {.name = "Count", .sink = count_sink};

ResultSink counting_sink(Query *q, _Atomic i64 **rows)
{
    *rows = (_Atomic i64 *)arena_alloc(q, q->arena, (i64)sizeof(_Atomic i64));
    return (ResultSink){&counting_operator, (void *)*rows};
}
