/* SPDX-License-Identifier: Apache-2.0
 *
 * Functions that return rows: generate_series, regexp_split_to_table, string_to_table; and, for
 * what stands beside them, one row of any value and the numbers of rows.
 *
 * A set function makes the rows of one call: open computes the state from the argument values
 * (NULLs included: a STRICT row's caller gives an empty set instead), next writes the next rows
 * until it answers 0. The executor calls them for functions in FROM.
 *
 * Ownership law: the state and long strings of results live in the arena given to open; out is a
 * FLAT vector of the caller's in the result's lane, and validity is present when the function may
 * give NULLs (the caller makes it: vector_make_valid).
 */
#ifndef GOTGAN_SERIES_H
#define GOTGAN_SERIES_H

#include "functions/function.h"

typedef struct SetFunction {
    /* 22023 and others in error. */
    bool (*open)(const Value *args, i32 nargs, const FunctionRow *row, const Environment *env,
                 Arena *arena, void **state, Error *error);
    /* Writes rows 0..*count-1 of out, *count <= max_rows; *count = 0: no more rows. */
    bool (*next)(void *state, Vector *out, i32 max_rows, i32 *count, Error *error);
    void (*drop)(void *state); /* NULL: nothing to do */
    bool follows;              /* endless: has as many rows as those beside it */
} SetFunction;

/* NULL: the operation does not return rows. */
const SetFunction *set_function_find(Operation operation);

#endif
