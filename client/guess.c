/* SPDX-License-Identifier: Apache-2.0
 *
 * Guessing types: each value tells which types could hold it, a column takes the first one that all
 * its values allow. Only writings that cannot mean anything else count: 007 is text, and so is
 * 1/2/2024. The server reads the values; a wrong guess is an error there, never a wrong value.
 */
#include "client/guess.h"

#include "base/text.h"
#include "types/text_in.h"

/* In order of preference. */
typedef enum Kind {
    KIND_BOOL,
    KIND_INT4,
    KIND_INT8,
    KIND_NUMERIC,
    KIND_FLOAT8,
    KIND_DATE,
    KIND_TIMESTAMP,
    KIND_TIMESTAMPTZ,
    KIND_UUID,
    KIND_COUNT
} Kind;

static const char *const type_names[] = {"boolean", "integer",   "bigint",      "numeric", "float8",
                                         "date",    "timestamp", "timestamptz", "uuid"};
#define BIT(kind) (1u << (kind))
enum { ALL_KINDS = BIT(KIND_COUNT) - 1, VALUE_BYTES_MAX = 100, UUID_BYTES = 36 };

/* What one column has shown. */
typedef struct ColumnState {
    u32 kinds;
    bool any; /* a value that is not NULL */
    u32 first_kinds;
    bool first_any; /* the same of the first line alone */
} ColumnState;

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* A pattern: 9 stands for a digit, everything else for itself. */
static bool fits(Text text, const char *pattern)
{
    if (text.len != (i64)strlen(pattern))
        return false;
    for (i64 i = 0; i < text.len; i++)
        if (pattern[i] == '9' ? !is_digit(text.data[i]) : text.data[i] != pattern[i])
            return false;
    return true;
}

static i64 digits_at(Text text, i64 at)
{
    i64 end = at;
    while (end < text.len && is_digit(text.data[end]))
        end++;
    return end - at;
}

/* -12, 3.5, .5, 1e-7; not 007, not +1. */
static u32 number_kinds(Text text)
{
    i64 at = text.len > 0 && text.data[0] == '-', start = at;
    i64 whole = digits_at(text, at);
    if (whole > 1 && text.data[start] == '0')
        return 0;
    at += whole;
    bool point = at < text.len && text.data[at] == '.';
    i64 fraction = point ? digits_at(text, at + 1) : 0;
    at += point + fraction;
    if (whole + fraction == 0)
        return 0;
    if (at == text.len) {
        Error error;
        i64 value;
        u32 kinds = BIT(KIND_NUMERIC) | BIT(KIND_FLOAT8);
        if (!point && int8_parse(text, &value, &error))
            kinds |=
                BIT(KIND_INT8) | (value >= INT32_MIN && value <= INT32_MAX ? BIT(KIND_INT4) : 0);
        return kinds;
    }
    if (text.data[at] != 'e' && text.data[at] != 'E')
        return 0;
    at++;
    at += at < text.len && (text.data[at] == '-' || text.data[at] == '+');
    i64 exponent = digits_at(text, at);
    return exponent > 0 && at + exponent == text.len ? BIT(KIND_FLOAT8) : 0;
}

static u32 word_kinds(Text text)
{
    static const char *const bools[] = {"true", "false", "t", "f"};
    static const char *const floats[] = {"nan", "inf", "-inf", "infinity", "-infinity"};
    for (i32 i = 0; i < countof(bools); i++)
        if (text_equal_ignoring_case(text, text_from(bools[i])))
            return BIT(KIND_BOOL);
    for (i32 i = 0; i < countof(floats); i++)
        if (text_equal_ignoring_case(text, text_from(floats[i])))
            return BIT(KIND_FLOAT8);
    return 0;
}

/* The type's own reader takes it: 2024-02-30 has the form of a date and is none. */
static bool reads_as(u32 oid, Text text)
{
    FormatSettings format = {.date_style = DATESTYLE_ISO};
    Type type = type_of(oid);
    Arena arena;
    arena_open(&arena, NULL);
    TextIn in = {type, type_lane(type), &format, &arena};
    Value value;
    Error error;
    bool good = text_in_value(&in, text, &value, &error);
    arena_close(&arena);
    return good;
}

/* 2024-05-06, with a time of day, with a zone behind that. */
static u32 date_kinds(Text text)
{
    Text day = text_slice(text, 0, min_i64(10, text.len));
    if (!fits(day, "9999-99-99"))
        return 0;
    if (text.len == 10)
        return reads_as(TYPE_DATE, text) ? BIT(KIND_DATE) | BIT(KIND_TIMESTAMP) : 0;
    if (text.len < 16 || (text.data[10] != ' ' && text.data[10] != 'T') ||
        !fits(text_slice(text, 11, 16), "99:99"))
        return 0;
    i64 at = 16;
    if (fits(text_slice(text, at, min_i64(at + 3, text.len)), ":99"))
        at += 3;
    if (at < text.len && text.data[at] == '.')
        at += 1 + digits_at(text, at + 1);
    Text zone = text_slice(text, at, text.len);
    if (zone.len == 0)
        return reads_as(TYPE_TIMESTAMP, text) ? BIT(KIND_TIMESTAMP) : 0;
    bool known = text_equal(zone, TEXT("Z")) || fits(zone, "+99") || fits(zone, "-99") ||
                 fits(zone, "+99:99") || fits(zone, "-99:99") || fits(zone, "+9999") ||
                 fits(zone, "-9999");
    return known && reads_as(TYPE_TIMESTAMPTZ, text) ? BIT(KIND_TIMESTAMPTZ) : 0;
}

static u32 kinds_of(Text text)
{
    u8 uuid[16];
    Error error;
    if (text.len == 0 || text.len > VALUE_BYTES_MAX)
        return 0;
    if (text.len == UUID_BYTES && text.data[8] == '-' && uuid_parse(text, uuid, &error))
        return BIT(KIND_UUID);
    u32 kinds = number_kinds(text);
    if (!kinds)
        kinds = date_kinds(text);
    return kinds ? kinds : word_kinds(text);
}

/* ---- rows ---- */

typedef struct Sample {
    Arena *arena;
    const LoadFile *file;
    DelimitedField *fields;
    ColumnState *states;
    i32 columns;
    i64 first_bytes; /* of the first line */
    i64 rows;
} Sample;

/* The field's text; false: it is NULL. */
static bool field_text(Sample *sample, const DelimitedField *field, Text *text, Error *error)
{
    const char *data = (const char *)sample->file->head.data;
    Text raw = {data + field->offset, field->len};
    Text null = text_from(sample->file->null);
    if (!field->quoted && text_equal(raw, null))
        return false;
    *text = raw;
    if (!field->quoted && !field->escaped)
        return true;
    char *copy = arena_try(sample->arena, field->len + 1, error);
    bool made_bytes;
    if (!copy)
        return false;
    *text = (Text){copy, delimited_unescape(&sample->file->how, data, field, copy, &made_bytes)};
    return true;
}

static void look_at_row(Sample *sample, i32 fields)
{
    for (i32 i = 0; i < min_i64(fields, sample->columns); i++) {
        ColumnState *state = &sample->states[i];
        ArenaMark mark = arena_mark(sample->arena);
        Text text;
        Error error;
        if (field_text(sample, &sample->fields[i], &text, &error)) {
            u32 kinds = kinds_of(text);
            if (sample->rows == 0) {
                state->first_kinds = kinds;
                state->first_any = true;
            } else {
                state->kinds &= kinds;
                state->any = true;
            }
        }
        arena_release(sample->arena, mark);
    }
}

/* Without the empty field behind a delimiter at the end. */
static i32 fields_of(const LoadFile *file, const DelimitedField *fields, i32 count)
{
    return count - (file->drops_trailing && count > 1 && count <= COLUMNS_MAX &&
                    fields[count - 1].len == 0);
}

/* The first line gives the number of columns, all the others their types. */
static bool look_at_rows(Sample *sample, i64 rows_max, Error *error)
{
    const LoadFile *file = sample->file;
    for (i64 at = file->head_at; at < file->head.len && sample->rows <= rows_max;) {
        DelimitedLine line =
            delimited_line(&file->how, (const char *)file->head.data, at, file->head.len,
                           file->head_is_all, sample->fields, COLUMNS_MAX);
        if (line.status != LINE_WHOLE)
            break; /* cut by the end of the head, or for the server to complain about */
        i32 count = fields_of(file, sample->fields, line.fields);
        if (sample->rows == 0 && count > COLUMNS_MAX)
            return error_set(error, E_TOO_MANY_COLUMNS, "%s: more than %d columns", file->path,
                             COLUMNS_MAX);
        if (sample->rows == 0) {
            sample->columns = count;
            sample->first_bytes = line.bytes;
        }
        look_at_row(sample, count);
        sample->rows++;
        at += line.bytes;
    }
    return true;
}

/* ---- the header ---- */

/* Lower case; what is neither letter nor digit becomes _. */
static void make_name(Text text, char name[COLUMN_NAME_BYTES])
{
    i64 n = 0;
    text = text_trim(text);
    if (text.len > 0 && is_digit(text.data[0]))
        name[n++] = '_';
    i64 bytes = utf8_cut(text, COLUMN_NAME_BYTES - 2);
    for (i64 i = 0; i < bytes; i++) {
        char c = text.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (u8)c >= 0x80 || is_digit(c);
        name[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : letter ? c : '_';
    }
    name[n] = 0;
}

static bool is_taken(const Guess *guess, i32 before, const char *name)
{
    for (i32 i = 0; i < before; i++)
        if (strcmp(guess->columns[i].name, name) == 0)
            return true;
    return false;
}

static void number_column(Guess *guess, i32 i)
{
    GuessColumn *column = &guess->columns[i];
    char stem[COLUMN_NAME_BYTES];
    memcpy(stem, column->name, sizeof stem);
    if (!stem[0])
        snprintf(column->name, sizeof column->name, "column%d", i + 1);
    for (i32 n = 2; is_taken(guess, i, column->name); n++)
        snprintf(column->name, sizeof column->name, "%.*s_%d", (int)utf8_cut(text_from(stem), 55),
                 stem, n);
}

static void name_columns(Sample *sample, Guess *guess, bool header)
{
    const LoadFile *file = sample->file;
    delimited_line(&file->how, (const char *)file->head.data, file->head_at, file->head.len,
                   file->head_is_all, sample->fields, COLUMNS_MAX);
    for (i32 i = 0; i < guess->column_count; i++) {
        Text text = {NULL, 0};
        Error error;
        guess->columns[i].name[0] = 0;
        if (header && field_text(sample, &sample->fields[i], &text, &error))
            make_name(text, guess->columns[i].name);
        number_column(guess, i);
    }
}

static bool is_known(const char *name, const Text *known, i32 count)
{
    for (i32 i = 0; i < count; i++)
        if (text_equal(text_from(name), known[i]))
            return true;
    return false;
}

/* The first line of names over values: none of it is a value, and below it stand some; a file of
 * texts alone has a header when its first line looks like identifiers. */
static bool guess_header(const Sample *sample, const Guess *guess, const Text *known,
                         i32 known_count)
{
    bool values_below = false, identifiers = true;
    for (i32 i = 0; i < sample->columns; i++) {
        const ColumnState *state = &sample->states[i];
        const char *name = guess->columns[i].name;
        if (!state->first_any || state->first_kinds)
            return false;
        if (known_count > 0 && !is_known(name, known, known_count))
            return false;
        values_below |= state->any && state->kinds;
        const DelimitedField *field = &sample->fields[i];
        identifiers &= field->len == (i32)strlen(name) &&
                       memcmp(sample->file->head.data + field->offset, name, strlen(name)) == 0;
    }
    return known_count > 0 || values_below || (identifiers && sample->rows > 1);
}

static const char *type_of_column(const ColumnState *state, bool header)
{
    u32 kinds = state->kinds;
    bool any = state->any;
    if (!header && state->first_any) {
        kinds &= state->first_kinds;
        any = true;
    }
    for (Kind kind = 0; any && kind < KIND_COUNT; kind++)
        if (kinds & BIT(kind))
            return type_names[kind];
    return "text";
}

static void *array(Arena *arena, i64 count, i64 size, Error *error)
{
    return arena_try(arena, count * size, error);
}

bool guess_file(Arena *arena, const LoadOptions *options, const LoadFile *file, const Text *known,
                i32 known_count, Guess *guess, Error *error)
{
    Sample sample = {.arena = arena, .file = file};
    *guess = (Guess){.header = false};
    sample.fields = array(arena, COLUMNS_MAX, (i64)sizeof *sample.fields, error);
    sample.states = array(arena, COLUMNS_MAX, (i64)sizeof *sample.states, error);
    guess->columns = array(arena, COLUMNS_MAX, (i64)sizeof *guess->columns, error);
    if (!sample.fields || !sample.states || !guess->columns)
        return false;
    for (i32 i = 0; i < COLUMNS_MAX; i++)
        sample.states[i].kinds = ALL_KINDS;
    if (!look_at_rows(&sample, options->sample_rows, error))
        return false;
    guess->column_count = sample.columns;
    name_columns(&sample, guess, true);
    bool may_guess = options->header == HEADER_GUESS && !file->drops_trailing;
    guess->header = options->header == HEADER_YES ||
                    (may_guess && guess_header(&sample, guess, known, known_count));
    if (!guess->header)
        name_columns(&sample, guess, false);
    for (i32 i = 0; i < guess->column_count; i++)
        guess->columns[i].type = type_of_column(&sample.states[i], guess->header);
    guess->rows = sample.rows - guess->header;
    return true;
}
