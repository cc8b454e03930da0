/* SPDX-License-Identifier: Apache-2.0
 *
 * COPY TO: rows as text or csv into a byte sink, byte for byte PostgreSQL's.
 *
 * A chunk's columns are formatted one by one (types/text_out.h) into a scratch buffer, then rows
 * are put together field by field with escapes or quotes, and the chunk's bytes are written at
 * once. In another encoding than UTF-8 a row is put together beside and converted as a whole.
 * Workers format on their own; only the write is under a mutex, so rows of several workers never
 * mix. FULL from the byte sink parks the run.
 */
#include "executor/execution.h"
#include "types/text_out.h"

struct CopyOut {
    CopyOptions options;
    Text *names;
    i32 count;
    FormatSettings format;
    ByteSink to;
    pthread_mutex_t mutex;
};

/* Rows of one worker on their way into bytes. */
typedef struct CopyRows {
    Buffer bytes;
    Buffer row;            /* the row at hand, as long as it is UTF-8 */
    Transcoder transcoder; /* of the options' charset */
} CopyRows;

typedef struct CopyLocal {
    bool opened;
    Buffer fields;
    TextSpan *spans; /* column * CHUNK_ROWS + row */
    CopyRows rows;
} CopyLocal;

static void copy_close(void *thing)
{
    CopyOut *copy = thing;
    pthread_mutex_destroy(&copy->mutex);
}

CopyOut *copy_out_open(Query *q, const CopyOptions *options, const PlanColumn *columns,
                       const Text *names, i32 count, const FormatSettings *format, ByteSink to)
{
    CopyOut *copy = make(q, CopyOut);
    copy->options = *options;
    copy->count = count;
    copy->names = make_array(q, Text, count);
    for (i32 i = 0; i < count; i++)
        copy->names[i] = names ? names[i] : columns[i].name;
    copy->format = *format;
    copy->to = to;
    pthread_mutex_init(&copy->mutex, NULL);
    query_defer(q, q->arena, copy_close, copy);
    return copy;
}

/* ---- one field ---- */

static void put(Worker *w, Buffer *out, const char *bytes, i64 len)
{
    if (!buffer_append(out, bytes, len, &w->q->error))
        query_rethrow(w->q, &w->q->error);
}

static void check_look(Worker *w, const Look *look)
{
    if (look->ended)
        query_rethrow(w->q, &w->q->error);
}

/* The letter behind a backslash for this byte; 0: it stands as it is. */
static char escape_of(char byte, char delimiter)
{
    switch (byte) {
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    case '\v':
        return 'v';
    default:
        return byte == '\\' || byte == delimiter ? byte : 0;
    }
}

static void put_text(Worker *w, const CopyOut *copy, Buffer *out, Text field)
{
    i64 plain = 0;
    Look look = look_open(out->budget, &w->q->error);
    for (i64 i = 0; i < field.len && look_goes_on(&look); i++) {
        char letter = escape_of(field.data[i], copy->options.delimiter);
        if (!letter)
            continue;
        put(w, out, field.data + plain, i - plain);
        put(w, out, (const char[]){'\\', letter}, 2);
        plain = i + 1;
    }
    check_look(w, &look);
    put(w, out, field.data + plain, field.len - plain);
}

static bool needs_quotes(const CopyOut *copy, Text field, Look *look)
{
    const CopyOptions *options = &copy->options;
    if (text_equal(field, options->null))
        return true;
    if (copy->count == 1 && text_equal(field, TEXT("\\.")))
        return true;
    for (i64 i = 0; i < field.len && look_goes_on(look); i++) {
        char byte = field.data[i];
        if (byte == options->delimiter || byte == options->quote || byte == '\n' || byte == '\r')
            return true;
    }
    return false;
}

static void put_csv(Worker *w, const CopyOut *copy, Buffer *out, Text field, bool force)
{
    const CopyOptions *options = &copy->options;
    Look look = look_open(out->budget, &w->q->error);
    if (!force && !needs_quotes(copy, field, &look)) {
        check_look(w, &look);
        put(w, out, field.data, field.len);
        return;
    }
    put(w, out, &options->quote, 1);
    i64 plain = 0;
    for (i64 i = 0; i < field.len && look_goes_on(&look); i++) {
        char byte = field.data[i];
        if (byte != options->quote && byte != options->escape)
            continue;
        put(w, out, field.data + plain, i - plain);
        put(w, out, (const char[]){options->escape, byte}, 2);
        plain = i + 1;
    }
    check_look(w, &look);
    put(w, out, field.data + plain, field.len - plain);
    put(w, out, &options->quote, 1);
}

static void put_field(Worker *w, const CopyOut *copy, Buffer *out, i32 column, Text field)
{
    const CopyOptions *options = &copy->options;
    if (column > 0)
        put(w, out, &options->delimiter, 1);
    if (options->format == COPY_TEXT) {
        put_text(w, copy, out, field);
        return;
    }
    bool force = options->force_quote_all || (options->force_quote && options->force_quote[column]);
    put_csv(w, copy, out, field, force);
}

static void put_null(Worker *w, const CopyOut *copy, Buffer *out, i32 column)
{
    if (column > 0)
        put(w, out, &copy->options.delimiter, 1);
    put(w, out, copy->options.null.data, copy->options.null.len);
}

/* ---- the sink ---- */

static void charset_close(void *thing)
{
    transcoder_close(thing);
}

static void rows_open(Worker *w, const CopyOut *copy, CopyRows *rows)
{
    worker_buffer(w, &rows->bytes);
    if (!copy->options.charset)
        return;
    worker_buffer(w, &rows->row);
    if (!transcoder_open(&rows->transcoder, copy->options.charset, TO_CHARSET, &w->q->error))
        query_rethrow(w->q, &w->q->error);
    query_defer(w->q, w->q->arena, charset_close, &rows->transcoder);
}

/* -> where the row goes. *start: its place in bytes. */
static Buffer *row_begin(Worker *w, const CopyOut *copy, CopyRows *rows, i64 *start)
{
    static const char head[16];
    *start = rows->bytes.len;
    rows->row.len = 0;
    put(w, &rows->bytes, head, copy->to.row_head_bytes);
    return copy->options.charset ? &rows->row : &rows->bytes;
}

static void row_end(Worker *w, const CopyOut *copy, CopyRows *rows, i64 start)
{
    Buffer *bytes = &rows->bytes;
    if (copy->options.charset) {
        Text row = {(const char *)rows->row.data, rows->row.len};
        i64 taken;
        if (!transcode(&rows->transcoder, row, true, bytes, &taken, &w->q->error))
            query_rethrow(w->q, &w->q->error);
    }
    put(w, bytes, "\n", 1);
    if (copy->to.row_head_bytes > 0)
        copy->to.row_head(bytes->data + start, bytes->len - start);
}

static Step bytes_write(Worker *w, CopyOut *copy, const Buffer *bytes)
{
    pthread_mutex_lock(&copy->mutex);
    SinkStatus status = copy->to.write(copy->to.state, bytes->data, bytes->len, &w->q->error);
    pthread_mutex_unlock(&copy->mutex);
    if (status == SINK_FAILED)
        query_rethrow(w->q, &w->q->error);
    return status == SINK_FULL ? STEP_FULL : STEP_NEXT;
}

static void copy_open(Worker *w, const Plan *plan, void *state)
{
    CopyOut *copy = state;
    if (copy->options.header == HEADER_NONE)
        return;
    CopyRows *rows = make(w->q, CopyRows);
    rows_open(w, copy, rows);
    i64 start;
    Buffer *line = row_begin(w, copy, rows, &start);
    for (i32 i = 0; i < copy->count; i++) {
        if (copy->options.format == COPY_TEXT) {
            put_field(w, copy, line, i, copy->names[i]);
            continue;
        }
        if (i > 0)
            put(w, line, &copy->options.delimiter, 1);
        put_csv(w, copy, line, copy->names[i], false);
    }
    row_end(w, copy, rows, start);
    bytes_write(w, copy, &rows->bytes);
}

static void rows_put(Worker *w, const CopyOut *copy, CopyLocal *local, i32 rows)
{
    for (i32 row = 0; row < rows; row++) {
        i64 start;
        Buffer *line = row_begin(w, copy, &local->rows, &start);
        for (i32 i = 0; i < copy->count; i++) {
            const TextSpan *span = &local->spans[(i64)i * CHUNK_ROWS + row];
            if (span->len == TEXT_SPAN_NULL)
                put_null(w, copy, line, i);
            else
                put_field(w, copy, line, i,
                          (Text){(const char *)local->fields.data + span->offset, span->len});
        }
        row_end(w, copy, &local->rows, start);
    }
}

static Step copy_sink(Worker *w, void *state, void *own, const Chunk *in)
{
    CopyOut *copy = state;
    CopyLocal *local = own;
    Error *error = &w->q->error;
    if (!local->opened) {
        worker_buffer(w, &local->fields);
        rows_open(w, copy, &local->rows);
        local->spans = make_array(w->q, TextSpan, max_i64(copy->count, 1) * CHUNK_ROWS);
        local->opened = true;
    }
    local->fields.len = local->rows.bytes.len = 0;
    for (i32 i = 0; i < copy->count; i++)
        if (!vector_load(&in->columns[i], in->sel, in->n, error) ||
            !text_out_column(&in->columns[i], in->sel, in->n, &copy->format, &local->fields,
                             local->spans + (i64)i * CHUNK_ROWS, error))
            query_rethrow(w->q, error);
    rows_put(w, copy, local, chunk_rows(in));
    return bytes_write(w, copy, &local->rows.bytes);
}

static const OperatorKind copy_out_operator = {
    .name = "Copy",
    .local_size = sizeof(CopyLocal),
    .open = copy_open,
    .sink = copy_sink,
};

ResultSink copy_out_sink(CopyOut *copy)
{
    return (ResultSink){&copy_out_operator, copy};
}
