/* SPDX-License-Identifier: Apache-2.0
 *
 * The raw tree's data changes: INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY; ast.h tells the law
 * of it.
 */
#ifndef GOTGAN_AST_CHANGE_H
#define GOTGAN_AST_CHANGE_H

#include "parser/ast_list.h"

typedef enum AstOverriding { OVERRIDING_NONE, OVERRIDING_USER, OVERRIDING_SYSTEM } AstOverriding;

typedef struct AstInsert {
    Ast *with;
    Ast *table;      /* AST_FROM_TABLE; its alias may be set */
    AstList columns; /* AST_ASSIGNED; empty: all */
    AstOverriding overriding;
    Ast *source;       /* AST_QUERY; NULL: DEFAULT VALUES */
    Ast *on_conflict;  /* AST_ON_CONFLICT or NULL */
    AstList returning; /* AST_TARGET */
} AstInsert;

typedef struct AstOnConflict {
    AstList elements;    /* AST_INDEX_ELEMENT: the inference list; empty: none */
    Ast *where;          /* (...) WHERE of the inference */
    Text constraint;     /* ON CONSTRAINT name */
    bool update;         /* DO UPDATE; otherwise DO NOTHING */
    AstList assignments; /* AST_ASSIGNMENT */
    Ast *update_where;
} AstOnConflict;

typedef struct AstUpdate {
    Ast *with;
    Ast *table;          /* AST_FROM_TABLE */
    AstList assignments; /* AST_ASSIGNMENT */
    AstList from;
    Ast *where; /* may be AST_CURRENT_OF */
    AstList returning;
    bool fills; /* never written: the UPDATE by which ALTER TABLE fills new columns */
} AstUpdate;

typedef struct AstDelete {
    Ast *with;
    Ast *table;
    AstList using;
    Ast *where;
    AstList returning;
} AstDelete;

typedef struct AstMerge {
    Ast *with;
    Ast *table;
    Ast *source; /* AST_FROM_* */
    Ast *condition;
    AstList whens; /* AST_MERGE_WHEN */
} AstMerge;

typedef enum AstMergeAction {
    MERGE_NOTHING,
    MERGE_UPDATE,
    MERGE_DELETE,
    MERGE_INSERT
} AstMergeAction;

typedef struct AstMergeWhen {
    bool matched;
    AstMergeAction action;
    AstOverriding overriding;
    Ast *condition;      /* AND ...; NULL: none */
    AstList assignments; /* UPDATE */
    AstList columns;     /* INSERT: AST_ASSIGNED */
    AstList values;      /* INSERT: expressions; empty: DEFAULT VALUES */
} AstMergeWhen;

typedef struct AstAssignment {
    AstList columns; /* AST_ASSIGNED, one or more */
    bool multiple;   /* (a, b) = value, even with one column */
    Ast *value; /* expression or AST_DEFAULT; multiple: AST_ROW, AST_SUBQUERY, any expression */
} AstAssignment;

typedef struct AstAssigned {
    Text column;
    AstList path; /* AST_FIELD, AST_SUBSCRIPT with operand == NULL, in the order written */
} AstAssigned;

/* What a statement does to dependent objects. */
typedef enum AstBehavior { BEHAVIOR_RESTRICT, BEHAVIOR_CASCADE } AstBehavior;

typedef struct AstTruncate {
    AstList tables; /* AST_FROM_TABLE */
    bool restart;   /* RESTART IDENTITY */
    AstBehavior behavior;
} AstTruncate;

typedef enum AstCopyEnd { COPY_STANDARD, COPY_FILE, COPY_PROGRAM } AstCopyEnd;

/* The old option words (DELIMITER ',', CSV HEADER, BINARY ...) arrive as the options of the
 * parenthesised form: format, delimiter, null, header, quote, escape, force_quote,
 * force_not_null, force_null, encoding, freeze. */
typedef struct AstCopy {
    Name table;      /* count 0: query */
    AstList columns; /* AST_IDENTIFIER */
    Ast *query;      /* AST_QUERY, AST_INSERT, AST_UPDATE, AST_DELETE */
    bool from;       /* COPY FROM; otherwise TO */
    AstCopyEnd end;
    Text file;       /* file name or program */
    AstList options; /* AST_OPTION */
    Ast *where;
} AstCopy;

#endif
