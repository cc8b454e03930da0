/* SPDX-License-Identifier: Apache-2.0
 *
 * Lexer: SQL text to tokens, one at a time, with PostgreSQL 15's rules for strings, identifiers,
 * numbers, operators and comments. Key words are told apart by keywords.def.
 *
 * It is lazy so that the first error of a text is the leftmost one, whoever finds it. Three words
 * get another token when the next one decides what they mean: NOT before BETWEEN, IN, LIKE, ILIKE
 * and SIMILAR is NOT_LA, NULLS before FIRST and LAST is NULLS_LA, WITH before TIME and ORDINALITY
 * is WITH_LA; that keeps the grammar LALR(1).
 *
 * Ownership law: token texts point into the input or into q->arena.
 */
#ifndef GOTGAN_LEXER_H
#define GOTGAN_LEXER_H

#include "parser/parser.h"

typedef struct Token {
    Text text;  /* identifier folded, string decoded, number and operator as written */
    i32 offset; /* of the first byte */
    i32 number; /* value of an ICONST or PARAM */
} Token;

typedef enum KeywordCategory { UNRESERVED, COLUMN_NAME, TYPE_FUNCTION, RESERVED } KeywordCategory;

typedef struct Keyword {
    Text word;
    i32 token;
    KeywordCategory category;
    bool bare_label;
} Keyword;

/* The row of keywords.def, or NULL. word is in lower case. */
const Keyword *keyword_find(Text word);
/* All rows, for tests and pg_get_keywords(). */
const Keyword *keyword_table(i32 *count);

typedef struct Lexer {
    Query *q;
    Text text;
    i64 at;  /* next byte to read */
    i64 end; /* behind the token last given: raw text for messages */
    /* One token read ahead. */
    bool has_ahead;
    i32 ahead_kind;
    Token ahead;
    i64 ahead_end;
    TruncatedName *truncated;
    i32 truncated_count, truncated_capacity;
} Lexer;

void lexer_open(Lexer *lexer, Query *q, Text text);
/* The next token's kind (a number of grammar.h; 0 at the end of the text). Throws. */
i32 lexer_next(Lexer *lexer, Token *token);
/* Throws 42601 `message at or near "token"`, from offset to the end of the token last given. */
_Noreturn void lexer_fail(const Lexer *lexer, i64 offset, i64 end, const char *message);

#endif
