/* SPDX-License-Identifier: Apache-2.0
 *
 * What `gotgan load` is asked to do. Texts point into argv.
 */
#ifndef GOTGAN_LOAD_OPTIONS_H
#define GOTGAN_LOAD_OPTIONS_H

#include "base/delimited.h"

typedef enum HeaderWish { HEADER_GUESS, HEADER_YES, HEADER_NO } HeaderWish;
typedef enum FormatWish { FORMAT_BY_NAME, FORMAT_CSV, FORMAT_TEXT } FormatWish;

enum { TYPE_WISHES_MAX = 200 };

/* --type COLUMN=TYPE */
typedef struct TypeWish {
    Text column, type;
} TypeWish;

typedef struct LoadOptions {
    const char *host, *port, *user, *database;
    const char *table;
    const char *null; /* NULL: the format's */
    char delimiter;   /* 0: the format's */
    HeaderWish header;
    FormatWish format;
    i64 sample_rows;
    bool create_only, quiet;
    TypeWish types[TYPE_WISHES_MAX];
    i32 type_count;
    char **files;
    i32 file_count;
} LoadOptions;

typedef enum OptionsStatus { OPTIONS_GOOD, OPTIONS_HELP, OPTIONS_BAD } OptionsStatus;
/* OPTIONS_HELP: help was printed; OPTIONS_BAD: what is wrong was printed. */
OptionsStatus load_options_read(int argc, char **argv, LoadOptions *options);

#endif
