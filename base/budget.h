/* SPDX-License-Identifier: Apache-2.0
 *
 * Budget: bytes are asked for before they are taken. Budgets form a tree (server, query); taking
 * from one takes from all its parents, or from none.
 *
 * Ownership law: whoever took gives back the same number. Thread-safe.
 */
#ifndef GOTGAN_BUDGET_H
#define GOTGAN_BUDGET_H

#include "base/error.h"

typedef struct Budget Budget;
struct Budget {
    Budget *parent;                       /* NULL: the root */
    const struct QueryControl *statement; /* whose memory this is; NULL: no statement's */
    i64 limit_bytes;                      /* 0: no limit of its own */
    _Atomic i64 used_bytes;
    _Atomic i64 peak_bytes; /* the most ever used at once */
    const char *name;       /* in messages: "query", "server" */
};

/* A part of a statement's budget is that statement's, too. */
void budget_open(Budget *budget, Budget *parent, i64 limit_bytes, const char *name);
/* Asserts that everything came back. */
void budget_close(Budget *budget);

/* Takes bytes; false with 53200 in error when the budget or a parent refuses. */
must_check bool budget_take(Budget *budget, i64 bytes, Error *error);
/* The same question from a sink that can spill: no error is made. */
must_check bool budget_try(Budget *budget, i64 bytes);
void budget_give(Budget *budget, i64 bytes);

#endif
