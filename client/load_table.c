/* SPDX-License-Identifier: Apache-2.0
 *
 * Names, CREATE TABLE and COPY as text. Every name is quoted.
 */
#include "client/load_table.h"

#include <libpq-fe.h>

#include "base/text.h"

/* ---- text in a Buffer of the arena ---- */

typedef struct Sql {
    Buffer bytes;
    bool full; /* no memory: error is set */
    Error *error;
} Sql;

static void close_sql(void *thing)
{
    buffer_close(&((Sql *)thing)->bytes);
}

static Sql *sql_open(Arena *arena, Error *error)
{
    Sql *sql = arena_try(arena, (i64)sizeof *sql, error);
    if (!sql)
        return NULL;
    buffer_open(&sql->bytes, NULL);
    sql->error = error;
    return arena_defer(arena, close_sql, sql, error) ? sql : NULL;
}

static void put(Sql *sql, Text text)
{
    sql->full |= !buffer_append(&sql->bytes, text.data, text.len, sql->error);
}

static void put_quoted(Sql *sql, Text text, char quote)
{
    put(sql, (Text){&quote, 1});
    for (i64 i = 0; i < text.len; i++) {
        if (text.data[i] == quote)
            put(sql, (Text){&quote, 1});
        put(sql, (Text){text.data + i, 1});
    }
    put(sql, (Text){&quote, 1});
}

static void put_table(Sql *sql, const LoadTable *table)
{
    if (table->schema.len > 0) {
        put_quoted(sql, table->schema, '"');
        put(sql, TEXT("."));
    }
    put_quoted(sql, table->name, '"');
}

static bool sql_end(Sql *sql, const char **text)
{
    put(sql, (Text){"", 1});
    *text = (const char *)sql->bytes.data;
    return !sql->full;
}

/* ---- the server's answers ---- */

static void copy_field(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from ? from : "");
}

bool load_failed(PGconn *conn, const PGresult *result, Error *error)
{
    const char *message = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    error_set(error, E_CONNECTION_FAILURE, "%s", message ? message : PQerrorMessage(conn));
    i64 len = (i64)strlen(error->message);
    while (len > 0 && error->message[len - 1] == '\n')
        error->message[--len] = 0;
    if (!message)
        return false;
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (state && strncmp(state, "22", 2) == 0) /* data exceptions have a class of their own */
        error->code = E_INVALID_TEXT_REPRESENTATION;
    copy_field(error->detail, sizeof error->detail,
               PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL));
    copy_field(error->hint, sizeof error->hint, PQresultErrorField(result, PG_DIAG_MESSAGE_HINT));
    copy_field(error->context, sizeof error->context, PQresultErrorField(result, PG_DIAG_CONTEXT));
    return false;
}

/* ---- names ---- */

/* One name from *at: up to a point, or in quotes. */
static bool read_name(Arena *arena, const char **at, Text *name, Error *error)
{
    const char *p = *at;
    bool quoted = *p == '"';
    p += quoted;
    char *copy = arena_try(arena, (i64)strlen(p) + 1, error);
    i64 len = 0;
    if (!copy)
        return false;
    for (; *p && (quoted || *p != '.'); p++) {
        if (quoted && *p == '"' && *++p != '"')
            break;
        copy[len++] = !quoted && *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
    }
    *at = p;
    *name = (Text){copy, len};
    return len > 0;
}

bool load_table_name(Arena *arena, const char *written, LoadTable *table, Error *error)
{
    const char *at = written;
    *table = (LoadTable){.column_count = 0};
    error_set(error, E_INVALID_NAME, "\"%s\" is not the name of a table", written);
    if (!read_name(arena, &at, &table->name, error))
        return false;
    if (*at == '.') {
        at++;
        table->schema = table->name;
        if (!read_name(arena, &at, &table->name, error))
            return false;
    }
    return *at == 0;
}

/* ---- the table ---- */

static bool take_columns(Arena *arena, const PGresult *result, LoadTable *table, Error *error)
{
    i32 count = PQntuples(result);
    table->columns = arena_try(arena, count * (i64)sizeof(Text), error);
    if (!table->columns)
        return false;
    for (i32 i = 0; i < count; i++)
        if (!arena_text(arena, text_from(PQgetvalue(result, i, 0)), &table->columns[i], error))
            return false;
    table->column_count = count;
    return true;
}

bool load_table_find(Arena *arena, PGconn *conn, LoadTable *table, Error *error)
{
    Sql *sql = sql_open(arena, error);
    const char *text;
    if (!sql)
        return false;
    put(sql, TEXT("select a.attname from pg_catalog.pg_class c"
                  " join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
                  " join pg_catalog.pg_attribute a on a.attrelid = c.oid"
                  " where a.attnum > 0 and not a.attisdropped and n.nspname = "));
    if (table->schema.len > 0)
        put_quoted(sql, table->schema, '\'');
    else
        put(sql, TEXT("current_schema()"));
    put(sql, TEXT(" and c.relname = "));
    put_quoted(sql, table->name, '\'');
    put(sql, TEXT(" order by a.attnum"));
    if (!sql_end(sql, &text))
        return false;
    PGresult *result = PQexec(conn, text);
    bool good = PQresultStatus(result) == PGRES_TUPLES_OK
                    ? take_columns(arena, result, table, error)
                    : load_failed(conn, result, error);
    PQclear(result);
    return good;
}

static const char *type_wished(const LoadOptions *options, const GuessColumn *column, Text *type)
{
    *type = text_from(column->type);
    for (i32 i = 0; i < options->type_count; i++)
        if (text_equal(options->types[i].column, text_from(column->name)))
            *type = options->types[i].type;
    return column->name;
}

static bool check_wishes(const LoadOptions *options, const Guess *guess, Error *error)
{
    for (i32 i = 0; i < options->type_count; i++) {
        bool found = false;
        for (i32 k = 0; k < guess->column_count; k++)
            found |= text_equal(options->types[i].column, text_from(guess->columns[k].name));
        if (!found)
            return error_set(error, E_UNDEFINED_COLUMN, "--type: there is no column \"%.*s\"",
                             TEXT_ARG(options->types[i].column));
    }
    return true;
}

bool load_table_make(Arena *arena, PGconn *conn, const LoadOptions *options, const Guess *guess,
                     LoadTable *table, const char **text, Error *error)
{
    Sql *sql = sql_open(arena, error);
    table->columns = arena_try(arena, guess->column_count * (i64)sizeof(Text), error);
    if (!sql || !table->columns || !check_wishes(options, guess, error))
        return false;
    put(sql, TEXT("create table "));
    put_table(sql, table);
    for (i32 i = 0; i < guess->column_count; i++) {
        Text type;
        Text name = text_from(type_wished(options, &guess->columns[i], &type));
        put(sql, i == 0 ? TEXT(" (\n    ") : TEXT(",\n    "));
        put_quoted(sql, name, '"');
        put(sql, TEXT(" "));
        put(sql, type);
        if (!arena_text(arena, name, &table->columns[i], error))
            return false;
    }
    put(sql, TEXT(")"));
    if (!sql_end(sql, text))
        return false;
    table->column_count = guess->column_count;
    PGresult *result = PQexec(conn, *text);
    bool good = PQresultStatus(result) == PGRES_COMMAND_OK || load_failed(conn, result, error);
    PQclear(result);
    return good;
}

static bool has_column(const LoadTable *table, Text name)
{
    for (i32 i = 0; i < table->column_count; i++)
        if (text_equal(table->columns[i], name))
            return true;
    return false;
}

bool load_table_copy(Arena *arena, const LoadTable *table, const LoadFile *file, const Guess *guess,
                     const char **text, Error *error)
{
    Sql *sql = sql_open(arena, error);
    if (!sql)
        return false;
    put(sql, TEXT("copy "));
    put_table(sql, table);
    for (i32 i = 0; guess->header && i < guess->column_count; i++) {
        Text name = text_from(guess->columns[i].name);
        if (!has_column(table, name))
            return error_set(error, E_UNDEFINED_COLUMN,
                             "%s has a column \"%.*s\", the table has none of that name",
                             file->path, TEXT_ARG(name));
        put(sql, i == 0 ? TEXT(" (") : TEXT(", "));
        put_quoted(sql, name, '"');
    }
    put(sql, guess->header && guess->column_count > 0 ? TEXT(") from stdin (format ")
                                                      : TEXT(" from stdin (format "));
    put(sql, file->how.form == DELIMITED_CSV ? TEXT("csv") : TEXT("text"));
    put(sql, TEXT(", delimiter "));
    put_quoted(sql, (Text){&file->how.delimiter, 1}, '\'');
    put(sql, TEXT(", null "));
    put_quoted(sql, text_from(file->null), '\'');
    put(sql, guess->header ? TEXT(", header true)") : TEXT(")"));
    return sql_end(sql, text);
}
