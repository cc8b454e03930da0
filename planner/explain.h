/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of EXPLAIN share: how a plan is shown as PostgreSQL would show one of its own.
 *
 * A shown node is a plan together with the projections and filters right above it, where
 * PostgreSQL's node does these itself; some plans are shown as two nodes (a build side is a Hash, a
 * Top-N a Limit over a Sort). Private to planner/.
 */
#ifndef GOTGAN_EXPLAIN_H
#define GOTGAN_EXPLAIN_H

#include "planner/planner.h"

/* Of a plan with everything below it. */
typedef struct ExplainFigures {
    f64 cost_start, cost_total;
    f64 ms_start, ms_total;
    bool executed;
    i64 buffers_hit, buffers_read;
} ExplainFigures;

typedef struct ExplainTexts {
    Text *items;
    i32 count;
} ExplainTexts;

/* ---- the document (explain_format.c) ---- */

typedef enum ExplainItemKind {
    ITEM_LINE, /* of the text form, as it stands */
    ITEM_TEXT,
    ITEM_NUMBER, /* true and false too: never in quotes */
    ITEM_LIST,   /* of texts */
    ITEM_WORD,   /* instead of a group: there is nothing to tell */
    ITEM_GROUP,  /* of properties */
    ITEM_ARRAY,  /* of groups */
} ExplainItemKind;

/* Where it is written. */
typedef enum ItemForm { FORM_ALL, FORM_TEXT, FORM_STRUCTURED } ItemForm;

typedef struct ExplainItem ExplainItem;
struct ExplainItem {
    ExplainItemKind kind;
    const char *label; /* a group in an array: what XML calls it */
    ItemForm form;
    const char *unit;          /* behind a number in the text form; NULL: none */
    Text text;                 /* LINE, TEXT, NUMBER; a node: its line in the text form */
    Text before;               /* a node: the line in front of it in the text form; empty: none */
    ExplainTexts list;         /* LIST */
    ExplainItem *first, *last; /* GROUP, ARRAY: what is inside */
    ExplainItem *next;
};

/* Each puts an item behind those of the parent. */
ExplainItem *item_line(Query *q, ExplainItem *parent, Text text);
ExplainItem *item_text(Query *q, ExplainItem *parent, const char *label, Text text);
ExplainItem *item_integer(Query *q, ExplainItem *parent, const char *label, i64 value);
ExplainItem *item_float(Query *q, ExplainItem *parent, const char *label, i32 digits, f64 value);
ExplainItem *item_flag(Query *q, ExplainItem *parent, const char *label, bool value);
ExplainItem *item_list(Query *q, ExplainItem *parent, const char *label, ExplainTexts list);
void item_word(Query *q, ExplainItem *parent, const char *word);
ExplainItem *item_group(Query *q, ExplainItem *parent, const char *label);
ExplainItem *item_array(Query *q, ExplainItem *parent, const char *label);

typedef struct ExplainLines {
    Query *q;
    Text *items;
    i32 count, capacity;
} ExplainLines;
/* The text form becomes lines, the others one text. */
void explain_write(ExplainLines *lines, const ExplainItem *document, ExplainFormat format);

/* ---- the plan that is shown ---- */

typedef struct Explain {
    Query *q;
    const PlanTree *tree;
    const ExplainOptions *options;
    Text *names;             /* per plan number: what qualifies the columns of a leaf */
    ExplainFigures *figures; /* per plan number */
    i32 ranges;              /* leaves and targets: with several, columns are qualified */
    bool ctes_shown;
} Explain;

/* ---- explain_text.c ---- */

/* Where an expression stands. */
typedef struct ExplainPlace {
    Explain *e;
    const Plan *inputs[2]; /* what its columns count through */
    const Plan *modify;    /* or RETURNING's: the row of its table, then what stands behind it */
    bool above;            /* the inputs are other nodes: what they compute is in parentheses */
    bool qualified;
} ExplainPlace;

/* Does PostgreSQL's node compute its own outputs? */
bool explain_computes(const Plan *plan);
/* The first plan at or below that is neither a projection nor a filter. */
const Plan *explain_core(const Plan *plan);
/* Fills names and ranges. */
void explain_names(Explain *e);
/* Writes what stands in column `position` of the first input. */
void explain_column(const ExplainPlace *place, TextBuilder *builder, i32 position);
Text explain_expr(const ExplainPlace *place, const Expr *expr);
ExplainTexts explain_exprs(const ExplainPlace *place, ExprList exprs);
/* "((a) AND (b))"; an empty list: an empty text. */
Text explain_conjuncts(const ExplainPlace *place, ExprList list);
/* What the plan gives out. */
ExplainTexts explain_output(Explain *e, const Plan *plan, bool above);
Text explain_quoted(Explain *e, Text name);

/* ---- explain_node.c ---- */

/* What PostgreSQL calls a node. The strings are properties of that name; NULL: it has none. */
typedef struct ExplainNode {
    const Plan *plan;   /* whose figures */
    const Plan *beside; /* another input of an Append; NULL: none */
    bool waits;         /* gives its first row after its last input */
    bool no_rows;       /* changes rows and gives none out */
    const char *type;
    const char *words; /* in the text form instead of the type; NULL: the type */
    const char *strategy, *partial, *operation, *join, *command;
    const char *label;        /* "Relation Name"; NULL: the name is no property */
    Text schema, name, alias; /* of what is scanned or changed */
} ExplainNode;
/* Where a node stands. */
typedef struct ExplainSpot {
    ExplainItem *parent;
    const char *relationship; /* to the parent: "Outer"; NULL: the root */
    Text subplan;             /* "CTE x"; empty: it is an input */
} ExplainSpot;

ExplainNode explain_node(Explain *e, const Plan *plan);
ExplainNode explain_subquery_scan(const Plan *plan, Text alias);
/* Adds the node, with its figures. */
ExplainItem *explain_add_node(Explain *e, ExplainSpot spot, const ExplainNode *node);
/* Each adds what the node has of it: VERBOSE, ANALYZE and BUFFERS decide too. */
void explain_text_property(Explain *e, ExplainItem *node, const char *label, Text text);
/* NULL: nothing was added. */
ExplainItem *explain_add_output(Explain *e, ExplainItem *node, const Plan *plan, bool above);
void explain_add_returning(Explain *e, ExplainItem *node, const Plan *plan);
void explain_add_properties(Explain *e, ExplainItem *node, const Plan *top, const Plan *core);
/* Filters right above the core and its own, then how many rows they dropped. */
void explain_add_filter(Explain *e, ExplainItem *node, const Plan *top, const Plan *core,
                        bool qualified);
void explain_add_sort(Explain *e, ExplainItem *node, const Plan *plan);
void explain_add_hash(Explain *e, ExplainItem *node, const Plan *join);
void explain_add_call(Explain *e, ExplainItem *node, const Plan *plan);
/* Of an Append: there are no others than those that are shown. */
void explain_add_removed_members(Explain *e, ExplainItem *node);
void explain_add_buffers(Explain *e, ExplainItem *node, const Plan *plan);
/* The same without a line in the text form; beside: another input of an Append, NULL: none. */
void explain_add_blocks(Explain *e, ExplainItem *node, const Plan *plan, const Plan *beside);

#endif
