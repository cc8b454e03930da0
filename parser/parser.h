/* SPDX-License-Identifier: Apache-2.0
 *
 * The parser's public face: text to raw statements, raw trees back to text, and how a name is
 * quoted. Knows no tables and no types beyond their names.
 *
 * Ownership law: everything made is in q->arena and may point into the text given, which must
 * live as long. Errors are thrown with PostgreSQL's SQLSTATE, message and position. No state
 * between calls: any thread may parse with a Query of its own.
 */
#ifndef GOTGAN_PARSER_H
#define GOTGAN_PARSER_H

#include "parser/ast.h"

typedef enum ParseMode {
    PARSE_CLIENT, /* what a client sent */
    PARSE_STORED, /* stored form written by the server itself (view texts, defaults) */
} ParseMode;

typedef struct ParseOptions {
    ParseMode mode;
} ParseOptions;

/* An identifier longer than 63 bytes was cut (42622 is the server's NOTICE to send). */
typedef struct TruncatedName {
    Text written, kept;
    i32 offset;
} TruncatedName;

typedef struct RawStatement {
    Ast *ast;
    Text text;  /* the statement without the semicolon, a part of the text given */
    i32 offset; /* of text in the text given; Ast offsets count from the whole text's start */
} RawStatement;

typedef struct ParsedText {
    RawStatement *statements; /* empty statements are not among them */
    i32 count;
    TruncatedName *truncated;
    i32 truncated_count;
    i32 *global_words; /* offsets of GLOBAL in GLOBAL TEMPORARY: the server's WARNING to send */
    i32 global_word_count;
} ParsedText;

/* Parses a whole simple-Query string. text must be valid UTF-8. Throws 42601 and others. */
ParsedText parse(Query *q, Text text);
/* The same with options. */
ParsedText parse_with(Query *q, Text text, const ParseOptions *options);

/* Writes the tree back as SQL that parses to an equal tree. Any node may be the root. */
void ast_print(TextBuilder *builder, const Ast *ast);
/* The same, in parentheses where an operand would need them. */
void ast_print_operand(TextBuilder *builder, const Ast *ast);
/* Whether two trees are equal in everything but offsets. */
bool ast_equal(Query *q, const Ast *a, const Ast *b);
/* The smallest offset in the tree: operators have theirs in the middle. -1: nothing was written. */
i32 ast_start(Query *q, const Ast *ast);

/* "MATERIALIZED VIEW": as statements call a kind of object. */
const char *object_word(AstObjectKind object);

/* Whether a name must be written in quotes to be read back as it is (as quote_ident decides). */
bool identifier_needs_quotes(Text name);
/* Writes a name, quoted if it must be. */
void print_identifier(TextBuilder *builder, Text name);
/* Writes a string literal; with backslashes it takes PostgreSQL's form E'...'. */
void print_string(TextBuilder *builder, Text string);

#endif
