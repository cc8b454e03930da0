/* SPDX-License-Identifier: Apache-2.0
 *
 * COPY FROM: bytes of a ByteSource as rows, in text or csv form.
 *
 * One worker at a time takes a batch: it reads bytes behind those the batch before left over and
 * splits lines into fields (base/delimited.h) until there is a chunk of them. Then it converts each
 * column at once (types/text_in.h), while the next worker takes the next batch. Strings refer to
 * the batch's bytes unless an escape made them anew.
 *
 * Errors are those of the first bad line, as if rows were read one by one: a column that fails
 * shortens the batch for the columns behind it, a line that cannot be split comes after the rows
 * before it, and the error of a batch is raised when no earlier batch is under way any more.
 * Messages and CONTEXT are PostgreSQL's.
 *
 * When the source has nothing now, the rows there are go on; with none, FULL. Behind the end mark
 * "\." what still comes is read and dropped. UTF-8 is checked line by line; another encoding
 * becomes UTF-8 as it is read, and what is no character in it fails like a bad line where it
 * stands. Line ends may be \n or \r\n.
 *
 * Memory: a batch's bytes, fields and vectors per worker; what is left over, shared.
 */
#include "base/charset.h"
#include "base/delimited.h"
#include "base/mutex.h"
#include "executor/execution.h"
#include "executor/operators.h"
#include "types/text_in.h"

enum { READ_BYTES_MIN = 16 << 10, READ_BYTES_MAX = 256 << 10, CONTEXT_BYTES_MAX = 100 };
static const i64 NO_BATCH = INT64_MAX;

typedef struct CopyShared {
    const Plan *plan;
    Delimited how;
    FormatSettings format;
    Mutex mutex;           /* guards all below, and reading from the source */
    Buffer rest;           /* read, and in no batch yet */
    Transcoder transcoder; /* of the options' charset */
    Buffer foreign;        /* read, and not in UTF-8 yet */
    bool broken;           /* what comes next is no character: broken_error */
    Error broken_error;
    i64 line; /* number of the last line read, from 1 */
    bool header_read, at_end, draining;
    i64 row_bytes;    /* of a line, as the last batch had them */
    i64 batches;      /* taken so far */
    i32 under_way;    /* batches whose rows have not gone all the way */
    i64 failed_batch; /* the first that failed, with error; NO_BATCH: none */
    Error error;
} CopyShared;

/* A worker's batch. */
typedef struct CopyLocal {
    bool opened, under_way;
    i64 batch; /* its number */
    Buffer bytes;
    i64 from;               /* first byte not used */
    DelimitedField *fields; /* per column and row: column * CHUNK_ROWS + row */
    DelimitedField *one;    /* of a line, plus one for too many */
    i64 *lines;             /* line number per row */
    Text *texts;
    Vector *columns;
    Arena scratch;
    i32 short_fields; /* the last row has only so many, and then fails with short_error; -1: all */
    Error short_error;
    bool failed; /* error is that of the row behind the last */
    Error error;
} CopyLocal;

static void copy_close(void *thing)
{
    mutex_close(thing);
}

static void charset_close(void *thing)
{
    transcoder_close(thing);
}

static void charset_open(Worker *w, CopyShared *shared, const Charset *charset)
{
    if (!transcoder_open(&shared->transcoder, charset, FROM_CHARSET, &w->q->error))
        query_rethrow(w->q, &w->q->error);
    query_defer(w->q, w->q->arena, charset_close, &shared->transcoder);
    worker_buffer(w, &shared->foreign);
}

static void copy_open(Worker *w, const Plan *plan, void *state)
{
    CopyShared *shared = state;
    const PlanCopyIn *copy = &plan->copy_in;
    verify(worker_input(w)->source);
    shared->plan = plan;
    shared->how = (Delimited){copy->options.format == COPY_TEXT ? DELIMITED_TEXT : DELIMITED_CSV,
                              copy->options.delimiter, copy->options.quote, copy->options.escape};
    static const FormatSettings plain = {.extra_float_digits = 1};
    shared->format = worker_input(w)->env ? worker_input(w)->env->format : plain;
    shared->failed_batch = NO_BATCH;
    worker_buffer(w, &shared->rest);
    if (copy->options.charset)
        charset_open(w, shared, copy->options.charset);
    mutex_open(&shared->mutex);
    query_defer(w->q, w->q->arena, copy_close, &shared->mutex);
    execution_set_morsels(w, shared, execution_workers(w->execution));
}

static void local_open(Worker *w, const CopyShared *shared, CopyLocal *local)
{
    Query *q = w->q;
    i64 columns = max_i64(shared->plan->copy_in.field_count, 1);
    worker_buffer(w, &local->bytes);
    worker_arena(w, &local->scratch);
    local->fields = make_array(q, DelimitedField, columns * CHUNK_ROWS);
    local->one = make_array(q, DelimitedField, columns + 1);
    local->lines = make_array(q, i64, CHUNK_ROWS);
    local->texts = make_array(q, Text, CHUNK_ROWS);
    local->columns = make_array(q, Vector, columns);
    local->short_fields = -1;
    local->opened = true;
}

/* ---- messages ---- */

static void context_line(const CopyShared *shared, Error *error, i64 line, Text raw)
{
    const PlanCopyIn *copy = &shared->plan->copy_in;
    i64 cut = utf8_cut(raw, CONTEXT_BYTES_MAX);
    error_context(error, "COPY %.*s, line %lld: \"%.*s%s\"", TEXT_ARG(copy->relation_name),
                  (long long)line, (int)cut, raw.data, cut < raw.len ? "..." : "");
}

static void context_column(const CopyShared *shared, Error *error, i64 line, i32 column, Text value)
{
    const PlanCopyIn *copy = &shared->plan->copy_in;
    i64 cut = utf8_cut(value, CONTEXT_BYTES_MAX);
    if (value.data == NULL)
        error_context(error, "COPY %.*s, line %lld, column %.*s: null input",
                      TEXT_ARG(copy->relation_name), (long long)line,
                      TEXT_ARG(copy->column_names[column]));
    else
        error_context(error, "COPY %.*s, line %lld, column %.*s: \"%.*s%s\"",
                      TEXT_ARG(copy->relation_name), (long long)line,
                      TEXT_ARG(copy->column_names[column]), (int)cut, value.data,
                      cut < value.len ? "..." : "");
}

static void context_number(const CopyShared *shared, Error *error, i64 line)
{
    error_context(error, "COPY %.*s, line %lld", TEXT_ARG(shared->plan->copy_in.relation_name),
                  (long long)line);
}

static bool line_error(const CopyShared *shared, Error *error, LineStatus status)
{
    switch (status) {
    case LINE_UNTERMINATED:
        return error_set(error, E_BAD_COPY_FILE_FORMAT, "unterminated CSV quoted field");
    case LINE_CARRIAGE_RETURN:
        if (shared->how.form == DELIMITED_CSV) {
            error_set(error, E_BAD_COPY_FILE_FORMAT, "unquoted carriage return found in data");
            return error_hint(error, "Use quoted CSV field to represent carriage return.");
        }
        error_set(error, E_BAD_COPY_FILE_FORMAT, "literal carriage return found in data");
        return error_hint(error, "Use \"\\r\" to represent carriage return.");
    case LINE_TOO_LONG:
        return error_set(error, E_PROGRAM_LIMIT_EXCEEDED, "a line of the COPY data is too long");
    case LINE_WHOLE:
    case LINE_UNFINISHED:
    case LINE_END_MARK:
        break;
    }
    unreachable();
}

/* ---- bytes ---- */

typedef enum Came { CAME_BYTES, CAME_NOTHING, CAME_END, CAME_BROKEN, CAME_ERROR } Came;

static Came source_read(Worker *w, CopyShared *shared, Buffer *bytes, i64 want)
{
    const ByteSource *source = worker_input(w)->source;
    Error *error = &w->q->error;
    i64 got = 0;
    if (!buffer_reserve(bytes, want, error))
        return CAME_ERROR;
    switch (source->read(source->state, bytes->data + bytes->len, want, &got, error)) {
    case READ_BYTES:
        bytes->len += got;
        return CAME_BYTES;
    case READ_NOTHING_NOW:
        return CAME_NOTHING;
    case READ_END:
        shared->at_end = true;
        return CAME_END;
    case READ_FAILED:
        return CAME_ERROR;
    }
    unreachable();
}

/* Reads what is in another encoding and appends it in UTF-8. What is no character is told by the
 * read behind what comes before it. */
static Came foreign_read(Worker *w, CopyShared *shared, Buffer *bytes, i64 want)
{
    Buffer *foreign = &shared->foreign;
    if (shared->broken)
        return CAME_BROKEN;
    Came came = source_read(w, shared, foreign, want);
    if (came != CAME_BYTES && came != CAME_END)
        return came;
    i64 before = bytes->len, taken;
    Text text = {(const char *)foreign->data, foreign->len};
    shared->broken = !transcode(&shared->transcoder, text, came == CAME_END, bytes, &taken,
                                &shared->broken_error);
    foreign->len -= taken;
    if (foreign->len > 0)
        memmove(foreign->data, foreign->data + taken, (size_t)foreign->len);
    if (shared->broken)
        shared->at_end = false; /* not before it is told */
    return shared->broken && bytes->len == before ? CAME_BROKEN : came;
}

static Came bytes_read(Worker *w, CopyShared *shared, Buffer *bytes, i64 want)
{
    return shared->plan->copy_in.options.charset ? foreign_read(w, shared, bytes, want)
                                                 : source_read(w, shared, bytes, want);
}

static const char *bytes_at(const CopyLocal *local, i64 offset)
{
    return (const char *)local->bytes.data + offset;
}

/* ---- fields ---- */

static bool is_null_marker(const CopyOptions *options, const char *data, i32 len)
{
    return len == options->null.len &&
           (len == 0 || memcmp(data, options->null.data, (size_t)len) == 0);
}

/* The field's text, {NULL, 0} for NULL. False: bad bytes, error filled. */
static bool field_text(const CopyShared *shared, CopyLocal *local, i32 column,
                       const DelimitedField *field, Text *out, Error *error)
{
    const CopyOptions *options = &shared->plan->copy_in.options;
    const char *data = bytes_at(local, field->offset);
    bool rewritten = field->quoted || field->escaped, made_bytes = false;
    Text text = {data, field->len};
    bool raw_null = is_null_marker(options, data, field->len);
    if (raw_null && !field->quoted &&
        !(options->force_not_null && options->force_not_null[column])) {
        *out = (Text){NULL, 0};
        return true;
    }
    if (rewritten) {
        char *copy = arena_try_raw(&local->scratch, field->len + 1, error);
        if (!copy)
            return false;
        text.len = delimited_unescape(&shared->how, bytes_at(local, 0), field, copy, &made_bytes);
        text.data = copy;
    }
    if (field->quoted && options->force_null && options->force_null[column] &&
        is_null_marker(options, text.data, (i32)text.len)) {
        *out = (Text){NULL, 0};
        return true;
    }
    *out = text;
    return !made_bytes || utf8_check(text, error);
}

/* ---- header ---- */

static bool header_check(const CopyShared *shared, CopyLocal *local, const DelimitedLine *line,
                         Error *error)
{
    const PlanCopyIn *copy = &shared->plan->copy_in;
    Text raw = {bytes_at(local, local->from), line->text_bytes};
    bool good = line->fields == copy->field_count ||
                error_set(error, E_BAD_COPY_FILE_FORMAT,
                          "wrong number of fields in header line: got %d, expected %d",
                          line->fields, copy->field_count);
    for (i32 i = 0; good && i < copy->field_count; i++) {
        Text name, want = copy->column_names[i];
        good = field_text(shared, local, i, &local->one[i], &name, error);
        if (good && !name.data)
            good = error_set(error, E_BAD_COPY_FILE_FORMAT,
                             "column name mismatch in header line field %d: got null value "
                             "(\"%.*s\"), expected \"%.*s\"",
                             i + 1, TEXT_ARG(copy->options.null), TEXT_ARG(want));
        else if (good && !text_equal(name, want))
            good = error_set(error, E_BAD_COPY_FILE_FORMAT,
                             "column name mismatch in header line field %d: got \"%.*s\", expected "
                             "\"%.*s\"",
                             i + 1, TEXT_ARG(name), TEXT_ARG(want));
    }
    if (!good)
        context_line(shared, error, shared->line, raw);
    return good;
}

/* ---- lines: the mutex is held ---- */

/* The line at from goes wrong as the next row: remembered until the rows before it are converted.
 */
static void row_fails(const CopyShared *shared, CopyLocal *local, const DelimitedLine *line)
{
    context_line(shared, &local->error, shared->line,
                 (Text){bytes_at(local, local->from), line->text_bytes});
    local->failed = true;
}

/* A line that lacks fields is a row until they are asked for: what is wrong with those before comes
 * first. */
static void fields_missing(const CopyShared *shared, CopyLocal *local, const DelimitedLine *line)
{
    const PlanCopyIn *copy = &shared->plan->copy_in;
    local->short_fields = line->fields;
    error_set(&local->short_error, E_BAD_COPY_FILE_FORMAT, "missing data for column \"%.*s\"",
              TEXT_ARG(copy->column_names[line->fields]));
    context_line(shared, &local->short_error, shared->line,
                 (Text){bytes_at(local, local->from), line->text_bytes});
}

/* False: the line is no row of the table. */
static bool line_take(const CopyShared *shared, CopyLocal *local, const DelimitedLine *line,
                      i32 row)
{
    const PlanCopyIn *copy = &shared->plan->copy_in;
    Text raw = {bytes_at(local, local->from), line->text_bytes};
    i64 bad = utf8_bad_offset(raw);
    if (bad < raw.len) {
        utf8_fail((Text){raw.data, local->bytes.len - local->from}, bad, &local->error);
        context_number(shared, &local->error, shared->line);
        local->failed = true;
        return false;
    }
    bool empty = copy->field_count == 0 && raw.len == 0;
    if (!empty && line->fields > copy->field_count) {
        error_set(&local->error, E_BAD_COPY_FILE_FORMAT, "extra data after last expected column");
        row_fails(shared, local, line);
        return false;
    }
    if (!empty && line->fields < copy->field_count)
        fields_missing(shared, local, line);
    for (i32 i = 0; i < line->fields && i < copy->field_count; i++)
        local->fields[(i64)i * CHUNK_ROWS + row] = local->one[i];
    local->lines[row] = shared->line;
    return true;
}

typedef enum Taken { TAKEN_ROW, TAKEN_HEADER, TAKEN_WAIT, TAKEN_STOP, TAKEN_ERROR } Taken;

/* One line: a row, the header, more bytes wanted, the end of the rows, or an error that counts at
 * once. */
static Taken next_line(CopyShared *shared, CopyLocal *local, i32 row, Error *error)
{
    const PlanCopyIn *copy = &shared->plan->copy_in;
    if (local->from >= local->bytes.len)
        return shared->at_end ? TAKEN_STOP : TAKEN_WAIT;
    DelimitedLine line =
        delimited_line(&shared->how, bytes_at(local, 0), local->from, local->bytes.len,
                       shared->at_end, local->one, copy->field_count + 1);
    if (line.status == LINE_UNFINISHED)
        return TAKEN_WAIT;
    shared->line++;
    if (line.status == LINE_END_MARK) {
        shared->draining = true;
        return TAKEN_STOP;
    }
    if (line.status != LINE_WHOLE) {
        line_error(shared, &local->error, line.status);
        row_fails(shared, local, &line);
        return TAKEN_STOP;
    }
    bool header = !shared->header_read && copy->options.header != HEADER_NONE;
    shared->header_read = true;
    if (header && copy->options.header == HEADER_MATCH &&
        !header_check(shared, local, &line, error))
        return TAKEN_ERROR;
    if (!header && !line_take(shared, local, &line, row))
        return TAKEN_STOP;
    shared->line += line.breaks;
    local->from += line.bytes;
    return header ? TAKEN_HEADER : TAKEN_ROW;
}

/* About what the rows still wanted have, so that little is left over. */
static i64 bytes_wanted(const CopyShared *shared, i32 rows)
{
    i64 bytes = (CHUNK_ROWS - rows) * shared->row_bytes;
    return min_i64(max_i64(bytes, READ_BYTES_MIN), READ_BYTES_MAX);
}

/* The line whose bytes cannot be read goes wrong as the next row. */
static void bytes_fail(const CopyShared *shared, CopyLocal *local)
{
    local->error = shared->broken_error;
    context_number(shared, &local->error, shared->line + 1);
    local->failed = true;
}

typedef struct Batch {
    i32 rows;
    bool nothing_now; /* the source had no more */
    bool error;       /* counts at once, whatever other batches do */
} Batch;

static Batch lines_split(Worker *w, CopyShared *shared, CopyLocal *local)
{
    Batch batch = {0, false, false};
    while (batch.rows < CHUNK_ROWS) {
        Taken taken = next_line(shared, local, batch.rows, &w->q->error);
        if (taken == TAKEN_STOP)
            break;
        batch.rows += taken == TAKEN_ROW;
        batch.error = taken == TAKEN_ERROR;
        if (taken == TAKEN_WAIT) {
            Came came = bytes_read(w, shared, &local->bytes, bytes_wanted(shared, batch.rows));
            batch.nothing_now = came == CAME_NOTHING;
            batch.error = came == CAME_ERROR;
            if (came == CAME_BROKEN)
                bytes_fail(shared, local);
        }
        if (batch.nothing_now || batch.error || local->failed || local->short_fields >= 0)
            break;
    }
    return batch;
}

/* The next batch: continues with what is left over, leaves over what it did not use. */
static Batch batch_take(Worker *w, CopyShared *shared, CopyLocal *local)
{
    Buffer used = local->bytes;
    local->bytes = shared->rest;
    shared->rest = used;
    shared->rest.len = 0;
    local->from = 0;
    Batch batch = lines_split(w, shared, local);
    i64 left = local->bytes.len - local->from;
    if (!batch.error && left > 0 &&
        !buffer_append(&shared->rest, bytes_at(local, local->from), left, &w->q->error))
        batch.error = true;
    if (batch.rows)
        shared->row_bytes = local->from / batch.rows + 1;
    local->batch = shared->batches++;
    local->under_way = batch.rows > 0 || local->failed;
    shared->under_way += local->under_way;
    return batch;
}

/* ---- columns ---- */

/* Converts the first `rows` rows of a column; returns how many are good. */
static i32 column_convert(Worker *w, const CopyShared *shared, CopyLocal *local, i32 column,
                          i32 rows)
{
    const PlanColumn *what = &shared->plan->copy_in.fields[column];
    const DelimitedField *fields = &local->fields[(i64)column * CHUNK_ROWS];
    Vector *out = &local->columns[column];
    Error *error = &w->q->error;
    i32 good = 0;
    while (good < rows &&
           field_text(shared, local, column, &fields[good], &local->texts[good], error))
        good++;
    if (good < rows) {
        context_number(shared, error, local->lines[good]);
        local->error = *error;
        local->failed = true;
    }
    if (!vector_make(out, what->type, what->lane, CHUNK_ROWS, &local->scratch, error) ||
        !vector_make_valid(out, CHUNK_ROWS, &local->scratch, error))
        query_rethrow(w->q, error);
    TextIn in = {what->type, what->lane, &shared->format, &local->scratch};
    i32 bad = 0;
    if (text_in_column(&in, local->texts, good, out, 0, &bad, error))
        return good;
    context_column(shared, error, local->lines[bad], column, local->texts[bad]);
    local->error = *error;
    local->failed = true;
    return bad;
}

/* -> the rows before it. */
static i32 last_row_fails(CopyLocal *local, i32 rows)
{
    local->error = local->short_error;
    local->failed = true;
    return rows - 1;
}

static void columns_convert(Worker *w, const CopyShared *shared, CopyLocal *local, i32 rows)
{
    i32 count = shared->plan->copy_in.field_count;
    i32 last = rows - 1;
    for (i32 i = 0; i < count; i++) {
        if (i == local->short_fields && rows > last)
            rows = last_row_fails(local, rows);
        rows = column_convert(w, shared, local, i, rows);
    }
    for (i32 i = 0; i < count && !local->failed; i++) {
        u64 *valid = local->columns[i].valid;
        memset(valid + bit_words(rows), 0, (size_t)(MASK_WORDS - bit_words(rows)) * sizeof(u64));
        if (rows & 63)
            valid[rows >> 6] &= ((u64)1 << (rows & 63)) - 1;
    }
}

/* ---- batches ---- */

/* The worker's last batch has gone all the way, or failed. */
static void batch_over(CopyShared *shared, CopyLocal *local)
{
    shared->under_way -= local->under_way;
    local->under_way = false;
}

/* Raises the first error when no batch is under way any more. */
static Step batches_end(Worker *w, CopyShared *shared, CopyLocal *local)
{
    mutex_lock(&shared->mutex);
    batch_over(shared, local);
    if (local->failed && local->batch < shared->failed_batch) {
        shared->failed_batch = local->batch;
        shared->error = local->error;
    }
    bool last = shared->under_way == 0;
    mutex_unlock(&shared->mutex);
    if (last)
        query_rethrow(w->q, &shared->error);
    return STEP_DONE;
}

/* Behind the end mark. */
static Step source_drain(Worker *w, CopyShared *shared)
{
    Came came = CAME_BYTES;
    while (came == CAME_BYTES) {
        query_check(w->q);
        mutex_lock(&shared->mutex);
        shared->rest.len = 0;
        came = shared->at_end ? CAME_END : source_read(w, shared, &shared->rest, READ_BYTES_MAX);
        mutex_unlock(&shared->mutex);
    }
    if (came == CAME_ERROR)
        query_rethrow(w->q, &w->q->error);
    return came == CAME_END ? STEP_DONE : STEP_FULL;
}

static Step copy_source(Worker *w, void *state, void *own, Chunk *out)
{
    CopyShared *shared = state;
    CopyLocal *local = own;
    if (!local->opened)
        local_open(w, shared, local);
    arena_reset(&local->scratch);
    mutex_lock(&shared->mutex);
    batch_over(shared, local);
    bool others_failed = shared->failed_batch != NO_BATCH, drain = shared->draining;
    Batch batch = {0, false, false};
    if (!others_failed && !drain)
        batch = batch_take(w, shared, local);
    drain = shared->draining;
    mutex_unlock(&shared->mutex);
    if (batch.error)
        query_rethrow(w->q, &w->q->error);
    if (others_failed)
        return batches_end(w, shared, local);
    columns_convert(w, shared, local, batch.rows);
    if (local->failed)
        return batches_end(w, shared, local);
    if (batch.rows == 0)
        return drain ? source_drain(w, shared) : batch.nothing_now ? STEP_FULL : STEP_DONE;
    *out = (Chunk){.n = batch.rows,
                   .column_count = shared->plan->copy_in.field_count,
                   .columns = local->columns,
                   .arena = &local->scratch};
    return STEP_NEXT;
}

const OperatorKind copy_in_operator = {
    .name = "Copy",
    .shared_size = sizeof(CopyShared),
    .local_size = sizeof(CopyLocal),
    .open = copy_open,
    .source = copy_source,
};
