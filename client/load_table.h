/* SPDX-License-Identifier: Apache-2.0
 *
 * The table a load goes into: looked up, or made from a guess.
 */
#ifndef GOTGAN_LOAD_TABLE_H
#define GOTGAN_LOAD_TABLE_H

#include "client/guess.h"

struct pg_conn; /* libpq-fe.h: PGconn and PGresult */
struct pg_result;

typedef struct LoadTable {
    Text schema, name; /* schema empty: the current one */
    Text *columns;
    i32 column_count; /* 0: it is not there */
} LoadTable;

/* Reads "sales", "Shop.Sales" (lower case) or "\"Shop\".sales". */
must_check bool load_table_name(Arena *arena, const char *written, LoadTable *table, Error *error);
must_check bool load_table_find(Arena *arena, struct pg_conn *conn, LoadTable *table, Error *error);
/* Makes it and takes its columns; the statement is left in *sql. */
must_check bool load_table_make(Arena *arena, struct pg_conn *conn, const LoadOptions *options,
                                const Guess *guess, LoadTable *table, const char **sql,
                                Error *error);
/* The COPY of one file; with a header its names must be columns of the table. */
must_check bool load_table_copy(Arena *arena, const LoadTable *table, const LoadFile *file,
                                const Guess *guess, const char **sql, Error *error);
/* An answer of the server as an Error: message, detail, hint, context. */
bool load_failed(struct pg_conn *conn, const struct pg_result *result, Error *error);

#endif
