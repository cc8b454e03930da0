/* SPDX-License-Identifier: Apache-2.0
 *
 * Expr: the typed scalar expression: every node has a Type, a Lane and a source position; casts
 * are explicit; names are gone. One kind of tree serves Bound, Logical and Plan.
 *
 * What a column number means depends on the stage: in Bound and Logical it is a column id, unique
 * in the statement; in a Plan it is the position in the operator's input (expr_map makes one from
 * the other). Sub-queries, aggregates and window calls appear only before lowering; eval never
 * meets them and asserts it.
 *
 * Lanes: bind gives every node the natural lane of its type (type_lane); the planner's lane pass
 * narrows or widens and makes conversions explicit (EXPR_LANE). Kernels exist for T x T -> T.
 *
 * Ownership law: an Expr belongs to the arena it was made in and is never changed afterwards; a
 * pass that wants another one makes a new node and may share children.
 */
#ifndef GOTGAN_EXPR_H
#define GOTGAN_EXPR_H

#include "base/text.h"
#include "functions/function.h"

typedef enum ExprKind {
    EXPR_CONSTANT,  /* value */
    EXPR_COLUMN,    /* a column of the input */
    EXPR_PARAMETER, /* $n */
    EXPR_CALL,      /* a function or operator of the function table */
    EXPR_CAST_TEXT, /* through text: text_out of the operand, then text_in of this type */
    EXPR_RELABEL,   /* the same bytes under another type (binary-coercible cast, collation) */
    EXPR_LANE,      /* the same type in another lane */
    EXPR_AND,       /* n-ary, three-valued */
    EXPR_OR,
    EXPR_NOT,
    EXPR_IS,       /* IS [NOT] NULL | TRUE | FALSE | UNKNOWN: never NULL */
    EXPR_DISTINCT, /* a IS [NOT] DISTINCT FROM b: never NULL */
    EXPR_IN,       /* operand [NOT] IN (items): items are of the operand's type */
    EXPR_CASE,     /* searched form; CASE x WHEN is bound to equalities */
    EXPR_COALESCE,
    EXPR_NULLIF,    /* a if NOT (a = b) is not false; row is the equality over cast operands */
    EXPR_GREATEST,  /* of the non-NULL items; row is the comparison ">" */
    EXPR_LEAST,     /* row is "<" */
    EXPR_AGGREGATE, /* before lowering only */
    EXPR_WINDOW,    /* before lowering only */
    EXPR_SUBQUERY,  /* before lowering only */
} ExprKind;

typedef enum ExprTest { IS_NULL, IS_TRUE, IS_FALSE, IS_UNKNOWN } ExprTest;

typedef struct Expr Expr;

typedef struct ExprList {
    Expr **items;
    i32 count;
} ExprList;

typedef struct ExprCase {
    ExprList conditions, results; /* of equal length */
    Expr *otherwise;              /* never NULL: a constant NULL when not written */
} ExprCase;

typedef struct ExprSort {
    Expr *key;
    bool descending, nulls_first;
} ExprSort;

typedef struct ExprAggregate {
    const AggregateRow *row;
    ExprList args; /* count(*): none */
    bool distinct;
    ExprSort *order;
    i32 order_count;
    Expr *filter; /* NULL: none */
} ExprAggregate;

typedef enum SubqueryKind {
    SUBQUERY_SCALAR, /* (SELECT x): NULL when empty, 21000 when more than one row */
    SUBQUERY_EXISTS,
    SUBQUERY_ANY, /* operands op ANY (SELECT ...); IN is = ANY */
    SUBQUERY_ALL,
    SUBQUERY_ROW, /* (a, b) op (SELECT ...): its only row, one comparison; NULL when empty */
} SubqueryKind;

typedef struct ExprSubquery {
    SubqueryKind kind;
    i32 number; /* in the Bound's subqueries[] */
    i32 alike;  /* the number of the first of its level that is written alike */
    i32 column; /* SCALAR: which of its columns */
    /* ANY, ALL: comparison of the i-th operand with the i-th column; the column's value stands in
     * comparisons as EXPR_COLUMN of the subquery's output column id. ANDed when several (=). */
    ExprList comparisons;
} ExprSubquery;

struct Expr {
    ExprKind kind;
    i32 offset; /* byte offset in the statement, -1: none */
    Type type;
    Lane lane;
    union {
        Value constant; /* CONSTANT: value.lane == lane */
        i32 column;     /* COLUMN */
        i32 parameter;  /* PARAMETER: 1-based */
        struct {
            const FunctionRow *row;
            ExprList args;
        } call;         /* CALL */
        Expr *operand;  /* CAST_TEXT RELABEL LANE NOT */
        ExprList items; /* AND OR COALESCE */
        struct {
            Expr *operand;
            ExprTest test;
            bool negated;
        } is;
        struct {
            const FunctionRow
                *row; /* the equality (DISTINCT, NULLIF); NULL: equality of the lane */
            Expr *left, *right;
            Expr *result; /* NULLIF: what is returned, left before casts */
            bool negated; /* DISTINCT: IS NOT DISTINCT FROM */
        } pair;
        struct {
            const FunctionRow *row; /* the equality */
            Expr *operand;
            ExprList items;
            bool negated;
        } in;
        struct {
            const FunctionRow *row;
            ExprList items;
        } choose; /* GREATEST LEAST */
        ExprCase cases;
        ExprAggregate aggregate;
        ExprSubquery subquery;
    };
};

/* ---- making (expr_make.c); offset -1 where there is no source ---- */
Expr *expr_constant(Query *q, Type type, const Value *value, i32 offset);
Expr *expr_null(Query *q, Type type, i32 offset);
Expr *expr_boolean(Query *q, bool value);
Expr *expr_column(Query *q, i32 column, Type type, Lane lane, i32 offset);
Expr *expr_call(Query *q, const FunctionRow *row, Expr *const *args, i32 count, Type result,
                i32 offset);
/* One operand of a kind whose only field is operand. */
Expr *expr_unary(Query *q, ExprKind kind, Expr *operand, Type type, Lane lane);
/* AND or OR of the items, flattened; one item: itself; none: TRUE / FALSE. */
Expr *expr_and(Query *q, Expr *const *items, i32 count);
Expr *expr_or(Query *q, Expr *const *items, i32 count);
ExprList expr_list(Query *q, Expr *const *items, i32 count);

/* ---- walking (expr_walk.c) ---- */
/* Children in evaluation order, sub-queries' comparisons included; at most a call per child. */
void expr_children(const Expr *expr, void (*visit)(void *state, Expr *child), void *state);
/* A new tree in which replace() may put another node for any node (NULL: keep and go into it). A
 * tree without replacements is returned as it is. */
Expr *expr_rewrite(Query *q, Expr *expr, Expr *(*replace)(void *state, Query *q, Expr *expr),
                   void *state);
/* Structural equality, offsets aside. */
bool expr_equal(Query *q, const Expr *a, const Expr *b);
u64 expr_hash(const Expr *expr);
/* True if any node satisfies test. */
bool expr_any(Query *q, const Expr *expr, bool (*test)(void *state, const Expr *expr), void *state);
/* Does it contain a node whose function has one of these flags (FunctionRow.flags)? CASTs through
 * text count as FAILS. */
bool expr_has_flags(Query *q, const Expr *expr, u32 flags);
/* No columns, parameters, sub-queries, aggregates: depends on constants (and functions) only. */
bool expr_is_fixed(Query *q, const Expr *expr);
/* NULL whenever one of the columns it names is NULL (a strict predicate rejects NULL rows). */
bool expr_is_strict(Query *q, const Expr *expr);

/* ---- printing (expr_print.c): EXPLAIN and messages, in PostgreSQL's deparse form ---- */
/* name_of writes the name of a column number. */
void expr_print(TextBuilder *builder, const Expr *expr,
                void (*name_of)(void *state, TextBuilder *builder, i32 column), void *state);

#endif
