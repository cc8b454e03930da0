/* SPDX-License-Identifier: Apache-2.0
 *
 * What the first rows of a file tell: whether there is a header, names and types of the columns.
 */
#ifndef GOTGAN_GUESS_H
#define GOTGAN_GUESS_H

#include "client/load_file.h"

enum { COLUMNS_MAX = 1600, COLUMN_NAME_BYTES = 64 };

typedef struct GuessColumn {
    char name[COLUMN_NAME_BYTES]; /* from the header, or column1, column2 ... */
    const char *type;             /* SQL */
} GuessColumn;

typedef struct Guess {
    bool header;
    i32 column_count; /* 0: the file is empty */
    GuessColumn *columns;
    i64 rows; /* that were looked at */
} Guess;

/* known: columns of the table that is there already, by which a header is known; 0 of them: none.
 */
must_check bool guess_file(Arena *arena, const LoadOptions *options, const LoadFile *file,
                           const Text *known, i32 known_count, Guess *guess, Error *error);

#endif
