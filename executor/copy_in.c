/* SPDX-License-Identifier: Apache-2.0
 *
 * COPY FROM: bytes of a ByteSource as rows, in text or csv form.
 *
 * Lines are split into fields (base/delimited.h) until a chunk is full; then each column is
 * converted at once by types/text_in.h. Strings refer to the read buffer unless an escape made
 * them anew; the buffer only moves when the next chunk begins. Errors are those of the first bad
 * line, as if rows were read one by one: a column that fails shortens the chunk for the columns
 * behind it, and a line that cannot be split comes after the rows before it. Messages and CONTEXT
 * are PostgreSQL's.
 *
 * One worker reads. When the source has nothing now, the rows there are go on; with none, FULL.
 * Behind the end mark "\." what still comes is read and dropped. It does not choose encodings: the
 * input is UTF-8, and checked. Line ends may be \n or \r\n.
 */
#include "base/delimited.h"
#include "executor/execution.h"
#include "executor/operators.h"
#include "types/text_in.h"

enum { READ_BYTES_MIN = 256 << 10, KEEP_BYTES = 64 << 10, CONTEXT_BYTES_MAX = 100 };

typedef struct CopyShared {
    const Plan *plan;
    Delimited how;
    FormatSettings format;
    Buffer bytes;
    i64 from; /* first byte not used */
    i64 line; /* number of the last line read, from 1 */
    bool header_read, at_end, draining;
    DelimitedField *fields; /* per column and row: column * CHUNK_ROWS + row */
    DelimitedField *one;    /* of a line, plus one for too many */
    i64 *lines;             /* line number per row */
    Text *texts;
    Vector *columns;
    Arena scratch;
    bool failed; /* error is that of row `rows` of the chunk at hand */
    Error error;
} CopyShared;

static void copy_open(Worker *w, const Plan *plan, void *state)
{
    CopyShared *shared = state;
    Query *q = w->q;
    const PlanCopyIn *copy = &plan->copy_in;
    i64 columns = max_i64(copy->field_count, 1);
    verify(worker_input(w)->source);
    shared->plan = plan;
    shared->how = (Delimited){copy->options.format == COPY_TEXT ? DELIMITED_TEXT : DELIMITED_CSV,
                              copy->options.delimiter, copy->options.quote, copy->options.escape};
    static const FormatSettings plain = {.extra_float_digits = 1};
    shared->format = worker_input(w)->env ? worker_input(w)->env->format : plain;
    worker_buffer(w, &shared->bytes);
    worker_arena(w, &shared->scratch);
    shared->fields = make_array(q, DelimitedField, columns * CHUNK_ROWS);
    shared->one = make_array(q, DelimitedField, columns + 1);
    shared->lines = make_array(q, i64, CHUNK_ROWS);
    shared->texts = make_array(q, Text, CHUNK_ROWS);
    shared->columns = make_array(q, Vector, columns);
}

/* ---- messages ---- */

static void context_line(CopyShared *shared, Error *error, i64 line, Text raw)
{
    const PlanCopyIn *copy = &shared->plan->copy_in;
    i64 cut = utf8_cut(raw, CONTEXT_BYTES_MAX);
    error_context(error, "COPY %.*s, line %lld: \"%.*s%s\"", TEXT_ARG(copy->relation_name),
                  (long long)line, (int)cut, raw.data, cut < raw.len ? "..." : "");
}

static void context_column(CopyShared *shared, Error *error, i64 line, i32 column, Text value)
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

static void context_number(CopyShared *shared, Error *error, i64 line)
{
    error_context(error, "COPY %.*s, line %lld", TEXT_ARG(shared->plan->copy_in.relation_name),
                  (long long)line);
}

static bool encoding_error(Error *error, Text text, i64 at)
{
    char bytes[32];
    i32 width = utf8_width((u8)text.data[at]), len = 0;
    for (i64 i = at; i < at + width && i < text.len; i++)
        len += snprintf(bytes + len, sizeof bytes - (size_t)len, "%s0x%02x", len ? " " : "",
                        (u8)text.data[i]);
    return error_set(error, E_CHARACTER_NOT_IN_REPERTOIRE,
                     "invalid byte sequence for encoding \"UTF8\": %s", bytes);
}

static bool line_error(CopyShared *shared, Error *error, LineStatus status)
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

/* True: something changed (bytes came, or the end); false: nothing now. */
static bool bytes_read(Worker *w, CopyShared *shared)
{
    const ByteSource *source = worker_input(w)->source;
    Error *error = &w->q->error;
    i64 got = 0;
    if (!buffer_reserve(&shared->bytes, READ_BYTES_MIN, error))
        query_rethrow(w->q, error);
    i64 room = shared->bytes.capacity - shared->bytes.len;
    switch (
        source->read(source->state, shared->bytes.data + shared->bytes.len, room, &got, error)) {
    case READ_BYTES:
        shared->bytes.len += got;
        return true;
    case READ_NOTHING_NOW:
        return false;
    case READ_END:
        shared->at_end = true;
        return true;
    case READ_FAILED:
        query_rethrow(w->q, error);
    }
    unreachable();
}

/* Before a chunk: nothing refers to the bytes. */
static void bytes_compact(CopyShared *shared)
{
    Buffer *bytes = &shared->bytes;
    if (bytes->len - shared->from > KEEP_BYTES && shared->from < READ_BYTES_MIN)
        return;
    if (shared->from > 0 && bytes->len > shared->from)
        memmove(bytes->data, bytes->data + shared->from, (size_t)(bytes->len - shared->from));
    bytes->len -= shared->from;
    shared->from = 0;
}

static const char *bytes_at(const CopyShared *shared, i64 offset)
{
    return (const char *)shared->bytes.data + offset;
}

/* ---- fields ---- */

static bool is_null_marker(const CopyOptions *options, const char *data, i32 len)
{
    return len == options->null.len &&
           (len == 0 || memcmp(data, options->null.data, (size_t)len) == 0);
}

/* The field's text, {NULL, 0} for NULL. False: bad bytes, error filled. */
static bool field_text(Worker *w, CopyShared *shared, i32 column, const DelimitedField *field,
                       Text *out)
{
    const CopyOptions *options = &shared->plan->copy_in.options;
    const char *data = bytes_at(shared, field->offset);
    bool rewritten = field->quoted || field->escaped, made_bytes = false;
    Text text = {data, field->len};
    bool raw_null = is_null_marker(options, data, field->len);
    if (raw_null && !field->quoted &&
        !(options->force_not_null && options->force_not_null[column])) {
        *out = (Text){NULL, 0};
        return true;
    }
    if (rewritten) {
        char *copy = arena_alloc(w->q, &shared->scratch, field->len + 1);
        text.len = delimited_unescape(&shared->how, (const char *)shared->bytes.data, field, copy,
                                      &made_bytes);
        text.data = copy;
    }
    if (field->quoted && options->force_null && options->force_null[column] &&
        is_null_marker(options, text.data, (i32)text.len)) {
        *out = (Text){NULL, 0};
        return true;
    }
    *out = text;
    i64 bad = made_bytes ? utf8_bad_offset(text) : text.len;
    return bad == text.len || encoding_error(&w->q->error, text, bad);
}

/* ---- header ---- */

static void header_check(Worker *w, CopyShared *shared, const DelimitedLine *line)
{
    const PlanCopyIn *copy = &shared->plan->copy_in;
    Error *error = &w->q->error;
    Text raw = {bytes_at(shared, shared->from), line->text_bytes};
    bool good = line->fields == copy->field_count ||
                error_set(error, E_BAD_COPY_FILE_FORMAT,
                          "wrong number of fields in header line: got %d, expected %d",
                          line->fields, copy->field_count);
    for (i32 i = 0; good && i < copy->field_count; i++) {
        Text name, want = copy->column_names[i];
        good = field_text(w, shared, i, &shared->one[i], &name);
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
    if (good)
        return;
    context_line(shared, error, shared->line, raw);
    query_rethrow(w->q, error);
}

/* ---- lines ---- */

/* The line at from goes wrong as row number `row`: remembered until the rows before it are
 * converted. */
static void row_fails(CopyShared *shared, const DelimitedLine *line)
{
    context_line(shared, &shared->error, shared->line,
                 (Text){bytes_at(shared, shared->from), line->text_bytes});
    shared->failed = true;
}

/* False: the line does not have the fields of the table. */
static bool line_take(CopyShared *shared, const DelimitedLine *line, i32 row)
{
    const PlanCopyIn *copy = &shared->plan->copy_in;
    Text raw = {bytes_at(shared, shared->from), line->text_bytes};
    i64 bad = utf8_bad_offset(raw);
    if (bad < raw.len) {
        encoding_error(&shared->error, raw, bad);
        context_number(shared, &shared->error, shared->line);
        shared->failed = true;
        return false;
    }
    bool empty = copy->field_count == 0 && raw.len == 0;
    if (!empty && line->fields != copy->field_count) {
        if (line->fields > copy->field_count)
            error_set(&shared->error, E_BAD_COPY_FILE_FORMAT,
                      "extra data after last expected column");
        else
            error_set(&shared->error, E_BAD_COPY_FILE_FORMAT, "missing data for column \"%.*s\"",
                      TEXT_ARG(copy->column_names[line->fields]));
        row_fails(shared, line);
        return false;
    }
    for (i32 i = 0; i < copy->field_count; i++)
        shared->fields[(i64)i * CHUNK_ROWS + row] = shared->one[i];
    shared->lines[row] = shared->line;
    return true;
}

typedef enum Taken { TAKEN_ROW, TAKEN_NOTHING, TAKEN_WAIT, TAKEN_STOP } Taken;

/* One line: a row, nothing (header), more bytes wanted, or the end of the rows. */
static Taken next_line(Worker *w, CopyShared *shared, i32 row)
{
    const PlanCopyIn *copy = &shared->plan->copy_in;
    if (shared->from >= shared->bytes.len)
        return shared->at_end ? TAKEN_STOP : TAKEN_WAIT;
    DelimitedLine line =
        delimited_line(&shared->how, (const char *)shared->bytes.data, shared->from,
                       shared->bytes.len, shared->at_end, shared->one, copy->field_count + 1);
    if (line.status == LINE_UNFINISHED)
        return TAKEN_WAIT;
    shared->line++;
    if (line.status == LINE_END_MARK) {
        shared->draining = true;
        return TAKEN_STOP;
    }
    if (line.status != LINE_WHOLE) {
        line_error(shared, &shared->error, line.status);
        row_fails(shared, &line);
        return TAKEN_STOP;
    }
    bool header = !shared->header_read && copy->options.header != HEADER_NONE;
    shared->header_read = true;
    if (header && copy->options.header == HEADER_MATCH)
        header_check(w, shared, &line);
    if (!header && !line_take(shared, &line, row))
        return TAKEN_STOP;
    shared->line += line.breaks;
    shared->from += line.bytes;
    return header ? TAKEN_NOTHING : TAKEN_ROW;
}

/* Lines into fields; returns the number of rows. *nothing_now: the source had none left. */
static i32 rows_split(Worker *w, CopyShared *shared, bool *nothing_now)
{
    i32 rows = 0;
    while (rows < CHUNK_ROWS) {
        Taken taken = next_line(w, shared, rows);
        if (taken == TAKEN_STOP)
            break;
        if (taken == TAKEN_WAIT) {
            *nothing_now = !bytes_read(w, shared);
            if (*nothing_now)
                break;
        }
        rows += taken == TAKEN_ROW;
    }
    return rows;
}

/* ---- columns ---- */

/* Converts the first `rows` rows of a column; returns how many are good. */
static i32 column_convert(Worker *w, CopyShared *shared, i32 column, i32 rows)
{
    const PlanColumn *what = &shared->plan->copy_in.fields[column];
    const DelimitedField *fields = &shared->fields[(i64)column * CHUNK_ROWS];
    Vector *out = &shared->columns[column];
    Error *error = &w->q->error;
    i32 good = 0;
    while (good < rows && field_text(w, shared, column, &fields[good], &shared->texts[good]))
        good++;
    if (good < rows) {
        context_number(shared, error, shared->lines[good]);
        shared->error = *error;
        shared->failed = true;
    }
    if (!vector_make(out, what->type, what->lane, CHUNK_ROWS, &shared->scratch, error) ||
        !vector_make_valid(out, CHUNK_ROWS, &shared->scratch, error))
        query_rethrow(w->q, error);
    TextIn in = {what->type, what->lane, &shared->format, &shared->scratch};
    i32 bad = 0;
    if (text_in_column(&in, shared->texts, good, out, 0, &bad, error))
        return good;
    context_column(shared, error, shared->lines[bad], column, shared->texts[bad]);
    shared->error = *error;
    shared->failed = true;
    return bad;
}

static void columns_convert(Worker *w, CopyShared *shared, i32 rows)
{
    for (i32 i = 0; i < shared->plan->copy_in.field_count; i++)
        rows = column_convert(w, shared, i, rows);
    if (shared->failed)
        query_rethrow(w->q, &shared->error);
    for (i32 i = 0; i < shared->plan->copy_in.field_count; i++) {
        u64 *valid = shared->columns[i].valid;
        memset(valid + bit_words(rows), 0, (size_t)(MASK_WORDS - bit_words(rows)) * sizeof(u64));
        if (rows & 63)
            valid[rows >> 6] &= ((u64)1 << (rows & 63)) - 1;
    }
}

/* Behind the end mark. */
static Step source_drain(Worker *w, CopyShared *shared)
{
    while (!shared->at_end) {
        shared->bytes.len = 0;
        if (!bytes_read(w, shared))
            return STEP_FULL;
        query_check(w->q);
    }
    return STEP_DONE;
}

static Step copy_source(Worker *w, void *state, void *local, Chunk *out)
{
    CopyShared *shared = state;
    if (shared->draining)
        return source_drain(w, shared);
    arena_reset(&shared->scratch);
    bytes_compact(shared);
    bool nothing_now = false;
    i32 rows = rows_split(w, shared, &nothing_now);
    columns_convert(w, shared, rows);
    if (rows == 0) {
        if (shared->draining)
            return source_drain(w, shared);
        return nothing_now ? STEP_FULL : STEP_DONE;
    }
    *out = (Chunk){.n = rows,
                   .column_count = shared->plan->copy_in.field_count,
                   .columns = shared->columns,
                   .arena = &shared->scratch};
    return STEP_NEXT;
}

const OperatorKind copy_in_operator = {
    .name = "Copy",
    .shared_size = sizeof(CopyShared),
    .open = copy_open,
    .source = copy_source,
};
