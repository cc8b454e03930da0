/* SPDX-License-Identifier: Apache-2.0
 *
 * The way of a load:
 *
 *     connect, BEGIN
 *     the first file is looked at     guess.c
 *     the table is found or made      load_table.c
 *     one COPY per file               load_file.c gives the bytes
 *     COMMIT
 *
 * Whatever fails ends the connection, and with it the transaction.
 */
#include "client/load.h"

#include <libpq-fe.h>
#include <poll.h>

#include "base/text.h"
#include "client/load_table.h"
#include "client/progress.h"

typedef struct Load {
    LoadOptions options;
    Arena arena;      /* of the whole load */
    Arena file_arena; /* of the file at hand */
    PGconn *conn;
    LoadTable table;
    LoadFile file; /* at hand */
    Progress progress;
    i64 bytes_before; /* of the files that are done */
    i64 rows_before, rows;
    bool guessed; /* the table's types come from a guess */
} Load;

static bool run_sql(Load *load, const char *text, ExecStatusType want, Error *error)
{
    PGresult *result = PQexec(load->conn, text);
    bool good = PQresultStatus(result) == want || load_failed(load->conn, result, error);
    PQclear(result);
    return good;
}

static void ignore_notice(void *state, const PGresult *result)
{
    (void)state; /* what matters comes as an error */
    (void)result;
}

static bool connect_server(Load *load, Error *error)
{
    const LoadOptions *o = &load->options;
    const char *const names[] = {"host", "port", "user", "dbname", "application_name", NULL};
    const char *const values[] = {o->host, o->port, o->user, o->database, "gotgan load", NULL};
    load->conn = PQconnectdbParams(names, values, 0);
    if (PQstatus(load->conn) != CONNECTION_OK)
        return load_failed(load->conn, NULL, error);
    PQsetNoticeReceiver(load->conn, ignore_notice, NULL);
    return run_sql(load, "begin", PGRES_COMMAND_OK, error);
}

/* ---- one file ---- */

static void say_guess(const Load *load, const LoadFile *file, const Guess *guess)
{
    if (load->options.quiet)
        return;
    char delimiter[4] = {file->how.delimiter};
    printf("%s: %s, delimiter %s, %s, %d columns\n", file->path,
           file->how.form == DELIMITED_CSV ? "csv" : "text",
           file->how.delimiter == '\t' ? "tab" : delimiter,
           guess->header ? "with a header" : "no header", guess->column_count);
    fflush(stdout);
}

/* Makes the table from the first file when it is not there. */
static bool need_table(Load *load, const LoadFile *file, const Guess *guess, Error *error)
{
    const char *sql;
    if (load->table.column_count > 0)
        return true;
    if (guess->column_count == 0)
        return error_set(error, E_BAD_COPY_FILE_FORMAT,
                         "%s is empty: it does not tell the columns of the table", file->path);
    if (!load_table_make(&load->arena, load->conn, &load->options, guess, &load->table, &sql,
                         error))
        return false;
    load->guessed = true;
    if (!load->options.quiet)
        printf("%s;\n", sql);
    return true;
}

/* The server answers before the end of the data only when it refused some of it. */
static bool has_answer(const Load *load)
{
    struct pollfd socket = {.fd = PQsocket(load->conn), .events = POLLIN};
    return poll(&socket, 1, 0) > 0;
}

static bool send_file(Load *load, LoadFile *file, Error *error)
{
    const u8 *bytes;
    i64 len;
    for (;;) {
        if (!load_file_next(file, &bytes, &len, error))
            return false;
        if (len == 0 || has_answer(load))
            return true;
        if (PQputCopyData(load->conn, (const char *)bytes, (int)len) != 1)
            return load_failed(load->conn, NULL, error);
        progress_show(&load->progress, load->bytes_before + file_stream_bytes_read(file->stream),
                      load->rows_before + file->rows);
    }
}

/* After an early answer the data is not whole: COPY must not end well. */
static bool end_copy(Load *load, bool whole, Error *error)
{
    if (PQputCopyEnd(load->conn, whole ? NULL : "the client stopped") != 1)
        return load_failed(load->conn, NULL, error);
    PGresult *result = PQgetResult(load->conn);
    bool good = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (good)
        load->rows += strtoll(PQcmdTuples(result), NULL, 10);
    else
        load_failed(load->conn, result, error);
    while (result) {
        PQclear(result);
        result = PQgetResult(load->conn);
    }
    return good;
}

static bool copy_file(Load *load, LoadFile *file, const Guess *guess, Error *error)
{
    const char *sql;
    if (!load_table_copy(&load->file_arena, &load->table, file, guess, &sql, error) ||
        !run_sql(load, sql, PGRES_COPY_IN, error) || !send_file(load, file, error) ||
        !end_copy(load, !has_answer(load), error))
        return false;
    load->bytes_before += file_stream_bytes_read(file->stream);
    load->rows_before = load->rows;
    return true;
}

static bool load_one(Load *load, const char *path, Error *error)
{
    LoadFile *file = &load->file;
    Guess guess;
    if (!load_file_open(&load->file_arena, &load->options, path, file, error) ||
        !guess_file(&load->file_arena, &load->options, file, load->table.columns,
                    load->table.column_count, &guess, error))
        return false;
    say_guess(load, file, &guess);
    if (!need_table(load, file, &guess, error))
        return false;
    return load->options.create_only || copy_file(load, file, &guess, error);
}

/* ---- all of them ---- */

static bool look_for_table(Load *load, Error *error)
{
    if (!load_table_find(&load->arena, load->conn, &load->table, error))
        return false;
    return !(load->options.create_only && load->table.column_count > 0) ||
           error_set(error, E_DUPLICATE_TABLE, "the table \"%.*s\" is there already",
                     TEXT_ARG(load->table.name));
}

/* Of all files, -1 when one of them does not tell. */
static i64 total_bytes(const LoadOptions *options)
{
    i64 total = 0;
    for (i32 i = 0; i < options->file_count; i++) {
        i64 bytes = file_bytes(options->files[i]);
        if (bytes < 0)
            return -1;
        total += bytes;
    }
    return total;
}

static bool load_all(Load *load, Error *error)
{
    if (!load_table_name(&load->arena, load->options.table, &load->table, error) ||
        !connect_server(load, error) || !look_for_table(load, error))
        return false;
    progress_open(&load->progress, load->options.quiet, total_bytes(&load->options));
    i32 files = load->options.create_only ? 1 : load->options.file_count;
    for (i32 i = 0; i < files; i++) {
        if (!load_one(load, load->options.files[i], error)) {
            progress_clear(&load->progress);
            fprintf(stderr, "gotgan load: %s: ", load->options.files[i]);
            return false;
        }
        if (i + 1 < files)
            arena_reset(&load->file_arena);
    }
    progress_clear(&load->progress);
    return run_sql(load, "commit", PGRES_COMMAND_OK, error);
}

static void say_done(const Load *load)
{
    char rows[GROUPED_BYTES], speed[GROUPED_BYTES];
    f64 seconds = progress_seconds(&load->progress);
    if (load->options.quiet || load->options.create_only)
        return;
    printf("%s rows loaded in %.1f s (%s rows/s)\n", grouped(load->rows, rows), seconds,
           grouped((i64)((f64)load->rows / (seconds > 0 ? seconds : 1)), speed));
}

static void say_failed(const Load *load, const Error *error)
{
    fprintf(stderr, "%s\n", error->message);
    if (error->context[0])
        fprintf(stderr, "  %s\n", error->context);
    if (error->detail[0])
        fprintf(stderr, "  %s\n", error->detail);
    if (error->hint[0])
        fprintf(stderr, "  hint: %s\n", error->hint);
    if (load->guessed && error->code == E_INVALID_TEXT_REPRESENTATION)
        fprintf(stderr,
                "  hint: the types were read off the first %lld rows; --type COLUMN=TYPE gives "
                "another, --sample-rows looks at more\n",
                (long long)load->options.sample_rows);
    fputs("nothing was loaded\n", stderr);
}

int load_main(int argc, char **argv)
{
    static Load load; /* the options are large */
    Error error;
    OptionsStatus status = load_options_read(argc, argv, &load.options);
    if (status != OPTIONS_GOOD)
        return status == OPTIONS_HELP ? LOAD_DONE : LOAD_USAGE;
    arena_open(&load.arena, NULL);
    arena_open(&load.file_arena, NULL);
    bool good = load_all(&load, &error);
    if (good)
        say_done(&load);
    else
        say_failed(&load, &error);
    PQfinish(load.conn);
    arena_close(&load.file_arena);
    arena_close(&load.arena);
    return good ? LOAD_DONE : LOAD_FAILED;
}
