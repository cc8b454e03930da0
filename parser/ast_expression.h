/* SPDX-License-Identifier: Apache-2.0
 *
 * The raw tree's expressions and type names; ast.h tells the law of it.
 */
#ifndef GOTGAN_AST_EXPRESSION_H
#define GOTGAN_AST_EXPRESSION_H

#include "parser/ast_list.h"

typedef enum AstConstantKind {
    CONSTANT_NULL,    /* NULL */
    CONSTANT_BOOLEAN, /* TRUE, FALSE: boolean */
    CONSTANT_INTEGER, /* digits that fit int4: text (and PostgreSQL's type int4) */
    CONSTANT_NUMERIC, /* any other number, integers beyond int4 too: text as written (integers
                         that fit int8 are int8, all others numeric: the binder's decision) */
    CONSTANT_STRING,  /* every string form: text decoded; type unknown */
    CONSTANT_BITS,    /* B'0101': text = the digits */
    CONSTANT_HEX,     /* X'1F': text = the digits; also of type bit */
} AstConstantKind;

typedef struct AstConstant {
    AstConstantKind kind;
    bool boolean;
    Text text;
} AstConstant;

/* Parts: column, or table.column, or schema.table.column, or catalog.schema.table.column. What
 * follows a subscript (a[1].b) is AST_FIELD over AST_SUBSCRIPT over AST_COLUMN. */
typedef struct AstColumn {
    Name name;
} AstColumn;

typedef struct AstStar {
    Name qualifier; /* count 0: a bare star */
} AstStar;

typedef struct AstParameter {
    i32 number; /* >= 0; $0 parses, the binder refuses it */
} AstParameter;

/* Unary operators have left == NULL (PostgreSQL 15 has no postfix operators). `!=` arrives as
 * `<>`. A minus before a number literal is folded into the literal. */
typedef struct AstOperator {
    Name name; /* last part: the operator's characters; more parts: OPERATOR(s.op) */
    Ast *left; /* NULL: prefix operator */
    Ast *right;
    bool spelled; /* written OPERATOR(...) */
} AstOperator;

typedef struct AstConcatenation {
    AstList operands; /* two or more */
    i32 *offsets;     /* operands.count - 1: where each || stands */
} AstConcatenation;

/* AST_AND, AST_OR (two or more), AST_COALESCE, AST_GREATEST, AST_LEAST, AST_GROUPING, AST_ARRAY
 * (may be empty). */
typedef struct AstItems {
    AstList items;
} AstItems;

/* AST_NOT, AST_EXISTS, AST_SUBQUERY, AST_ARRAY_QUERY: the operand or the AST_QUERY. */
typedef struct AstUnary {
    Ast *operand;
} AstUnary;

typedef enum AstTest {
    TEST_NULL,
    TEST_TRUE,
    TEST_FALSE,
    TEST_UNKNOWN,
    TEST_DOCUMENT,
} AstTest;

typedef struct AstIs {
    Ast *operand;
    AstTest test;
    bool negated;
} AstIs;

/* AST_DISTINCT_FROM, AST_NULLIF (not negated). */
typedef struct AstPair {
    Ast *left, *right;
    bool negated;
} AstPair;

typedef struct AstBetween {
    Ast *operand, *low, *high;
    bool symmetric, negated;
} AstBetween;

typedef struct AstInList {
    Ast *operand;
    AstList items; /* one or more */
    bool negated;
} AstInList;

typedef struct AstInQuery {
    Ast *operand;
    Ast *query; /* AST_QUERY */
    bool negated;
} AstInQuery;

typedef enum AstLikeKind {
    LIKE_LIKE, /* operator ~~,  negated !~~ ; with ESCAPE: pattern = like_escape(pattern, escape) */
    LIKE_ILIKE,   /* operator ~~*, negated !~~*; with ESCAPE: likewise */
    LIKE_SIMILAR, /* operator ~,   negated !~  ; pattern = similar_to_escape(pattern [, escape]) */
} AstLikeKind;

typedef struct AstLike {
    AstLikeKind kind;
    bool negated;
    Ast *operand, *pattern;
    Ast *escape; /* NULL: none */
} AstLike;

typedef struct AstQuantified {
    Name op;  /* "=", "~~" for LIKE, "!~~" for NOT LIKE ... */
    bool all; /* ALL; otherwise ANY or SOME */
    Ast *left;
    Ast *right; /* AST_QUERY, or an array expression */
} AstQuantified;

typedef struct AstCollate {
    Ast *operand;
    Name collation;
} AstCollate;

typedef enum AstCastForm {
    CAST_COLONS,  /* a::t */
    CAST_WORD,    /* CAST(a AS t) */
    CAST_LITERAL, /* t 'text' : the operand is a string constant */
} AstCastForm;

typedef struct AstCast {
    Ast *operand;
    Ast *type; /* AST_TYPE */
    AstCastForm form;
} AstCast;

typedef struct AstField {
    Ast *operand;
    Text field; /* data == NULL: (a).* */
} AstField;

typedef struct AstSubscript {
    Ast *operand;
    Ast *low;   /* NULL in a slice: open */
    Ast *high;  /* slice only; NULL: open */
    bool slice; /* a[low:high]; otherwise a[low] */
} AstSubscript;

typedef struct AstCase {
    Ast *argument;  /* NULL: CASE WHEN condition */
    AstList whens;  /* AST_WHEN, one or more */
    Ast *otherwise; /* NULL: no ELSE */
} AstCase;

typedef struct AstWhen {
    Ast *condition, *result;
} AstWhen;

/* Calls with a grammar of their own arrive as plain calls of pg_catalog functions, arguments in
 * the function's order, so that only printing looks at `form`. */
typedef enum AstCallForm {
    CALL_PLAIN,
    CALL_EXTRACT,   /* EXTRACT(f FROM a)       = pg_catalog.extract('f', a) */
    CALL_OVERLAY,   /* OVERLAY(a PLACING b FROM c [FOR d]) = overlay(a, b, c, d) */
    CALL_POSITION,  /* POSITION(a IN b)        = position(b, a) */
    CALL_SUBSTRING, /* SUBSTRING(a FROM b FOR c) = substring(a, b, c); FOR alone: (a, 1, c) */
    CALL_SUBSTRING_SIMILAR, /* SUBSTRING(a SIMILAR b ESCAPE c) = substring(a, b, c) */
    CALL_TRIM_BOTH,         /* TRIM([BOTH] [b FROM] a) = btrim(a, b) */
    CALL_TRIM_LEADING,      /* TRIM(LEADING ...)       = ltrim(a, b) */
    CALL_TRIM_TRAILING,     /* TRIM(TRAILING ...)      = rtrim(a, b) */
    CALL_NORMALIZE,         /* NORMALIZE(a [, NFC])    = normalize(a, 'NFC') */
    CALL_IS_NORMALIZED, /* a IS [NFC] NORMALIZED   = is_normalized(a, 'NFC'); NOT: AST_NOT over it
                         */
    CALL_AT_TIME_ZONE,  /* a AT TIME ZONE z        = timezone(z, a) */
    CALL_OVERLAPS,      /* (a, b) OVERLAPS (c, d)  = overlaps(a, b, c, d) */
    CALL_COLLATION_FOR, /* COLLATION FOR (a)       = pg_collation_for(a) */
} AstCallForm;

typedef struct AstCall {
    Name name;        /* special forms: {"pg_catalog", function} */
    AstList args;     /* expressions, AST_NAMED_ARGUMENT */
    AstList order_by; /* AST_SORT: f(a ORDER BY b), or WITHIN GROUP (ORDER BY b) */
    Ast *filter;      /* FILTER (WHERE a) */
    Ast *over;        /* AST_WINDOW: OVER w (only reference set) or OVER (...) */
    AstCallForm form;
    bool star;         /* f(*) */
    bool distinct;     /* f(DISTINCT a) */
    bool variadic;     /* the last argument is VARIADIC */
    bool within_group; /* order_by came from WITHIN GROUP */
} AstCall;

typedef struct AstNamedArgument {
    Text name;
    Ast *value;
} AstNamedArgument;

/* Column labels are the words in lower case. */
typedef enum AstSqlValueKind {
    SQL_CURRENT_DATE,
    SQL_CURRENT_TIME,
    SQL_CURRENT_TIMESTAMP,
    SQL_LOCALTIME,
    SQL_LOCALTIMESTAMP,
    SQL_CURRENT_ROLE,
    SQL_CURRENT_USER,
    SQL_USER,
    SQL_SESSION_USER,
    SQL_CURRENT_CATALOG,
    SQL_CURRENT_SCHEMA,
} AstSqlValueKind;

enum { NO_PRECISION = -1 };

typedef struct AstSqlValue {
    AstSqlValueKind kind;
    i32 precision; /* CURRENT_TIME(3) and such; NO_PRECISION: none */
} AstSqlValue;

typedef struct AstRow {
    AstList items; /* ROW() may be empty */
    bool spelled;  /* written with ROW */
} AstRow;

typedef enum AstXmlKind {
    XML_CONCAT,    /* XMLCONCAT(a, b): args */
    XML_ELEMENT,   /* XMLELEMENT(NAME n, XMLATTRIBUTES(a AS m, b), c, d): name, named, args */
    XML_EXISTS,    /* XMLEXISTS(a PASSING b): args a, b */
    XML_FOREST,    /* XMLFOREST(a AS n, b): named */
    XML_PARSE,     /* XMLPARSE(DOCUMENT a PRESERVE WHITESPACE): args a; document, preserve */
    XML_PI,        /* XMLPI(NAME n, a): name, args a or none */
    XML_ROOT,      /* XMLROOT(a, VERSION b, STANDALONE YES): args a, b; standalone */
    XML_SERIALIZE, /* XMLSERIALIZE(CONTENT a AS text): args a; document, type */
} AstXmlKind;

typedef enum AstStandalone {
    STANDALONE_ABSENT,
    STANDALONE_YES,
    STANDALONE_NO,
    STANDALONE_NO_VALUE,
} AstStandalone;

/* What PASSING says BY of the value is not kept: it has no effect. VERSION NO VALUE is VERSION
 * NULL. */
typedef struct AstXml {
    AstXmlKind kind;
    Text name;
    AstList named; /* AST_TARGET */
    AstList args;
    Ast *type; /* AST_TYPE */
    AstStandalone standalone;
    bool document; /* otherwise CONTENT */
    bool preserve; /* PRESERVE WHITESPACE */
} AstXml;

typedef struct AstCurrentOf {
    Text cursor;
    i32 parameter; /* 0: PostgreSQL 15 takes a name only */
} AstCurrentOf;

/* Interval fields as bits, PostgreSQL's typmod numbering is the binder's affair. */
enum {
    AST_INTERVAL_YEAR = 1,
    AST_INTERVAL_MONTH = 2,
    AST_INTERVAL_DAY = 4,
    AST_INTERVAL_HOUR = 8,
    AST_INTERVAL_MINUTE = 16,
    AST_INTERVAL_SECOND = 32,
};

/* Type names of the SQL grammar arrive as {"pg_catalog", internal name}: int -> int4, character
 * varying -> varchar, char -> bpchar with length 1, double precision -> float8, float(24) ->
 * float4, decimal -> numeric, time with time zone -> timetz, bit varying -> varbit, dec, real,
 * boolean ... */
typedef struct AstType {
    Name name;
    AstList modifiers;   /* expressions: (10,2); empty: none */
    AstList bounds;      /* one per array dimension: AST_CONSTANT integer, or NULL for [] */
    i32 interval_fields; /* bits; 0: all */
    i32 precision;       /* of interval(p) and SECOND(p); NO_PRECISION: none. Others: modifiers */
    bool setof;
    bool system; /* name came from the grammar, not written by the user */
} AstType;

#endif
