/* SPDX-License-Identifier: Apache-2.0
 *
 * Tokens one by one: kinds, decoded texts and offsets, by PostgreSQL 15's lexical rules (its
 * documentation, section 4.1). Errors of the lexer are among the rows of parser_test.c.
 */
#include "parser/lexer.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "parser/grammar.h"

typedef struct Expected {
    i32 kind;
    const char *text;
    i32 offset;
} Expected;

typedef struct Scan {
    Query q;
    Arena arena;
    QueryControl control;
    Text text;
    Token tokens[16];
    i32 kinds[16];
    i32 count;
} Scan;

static void run_scan(void *argument)
{
    Scan *scan = argument;
    Lexer lexer;
    lexer_open(&lexer, &scan->q, scan->text);
    while (scan->count < 16) {
        scan->kinds[scan->count] = lexer_next(&lexer, &scan->tokens[scan->count]);
        if (scan->kinds[scan->count] == 0)
            return;
        scan->count++;
    }
}

static void check(const char *text, const Expected *expected, i32 count)
{
    Scan scan = {.text = text_from(text)};
    arena_open(&scan.arena, NULL);
    query_open(&scan.q, &scan.arena, &scan.control);
    assert_true(query_try(&scan.q, run_scan, &scan));
    assert_int_equal(scan.count, count);
    for (i32 i = 0; i < count; i++) {
        Text copy = query_text(&scan.q, scan.tokens[i].text);
        assert_int_equal(scan.kinds[i], expected[i].kind);
        assert_string_equal(copy.data, expected[i].text);
        assert_int_equal(scan.tokens[i].offset, expected[i].offset);
    }
    arena_close(&scan.arena);
}

static void test_operators(void **state)
{
    check("a+-b",
          (Expected[]){{TOKEN_IDENT, "a", 0},
                       {TOKEN_PLUS, "+", 1},
                       {TOKEN_MINUS, "-", 2},
                       {TOKEN_IDENT, "b", 3}},
          4);
    check("a@-b", (Expected[]){{TOKEN_IDENT, "a", 0}, {TOKEN_OP, "@-", 1}, {TOKEN_IDENT, "b", 3}},
          3);
    check("a*-b",
          (Expected[]){{TOKEN_IDENT, "a", 0},
                       {TOKEN_STAR, "*", 1},
                       {TOKEN_MINUS, "-", 2},
                       {TOKEN_IDENT, "b", 3}},
          4);
    check("!=<><=>==>", (Expected[]){{TOKEN_OP, "!=<><=>==>", 0}}, 1);
    check("<> != <= >= =>",
          (Expected[]){{TOKEN_NE, "<>", 0},
                       {TOKEN_NE, "<>", 3},
                       {TOKEN_LE, "<=", 6},
                       {TOKEN_GE, ">=", 9},
                       {TOKEN_ARROW, "=>", 12}},
          5);
    check("a/*x*/-b--c",
          (Expected[]){{TOKEN_IDENT, "a", 0}, {TOKEN_MINUS, "-", 6}, {TOKEN_IDENT, "b", 7}}, 3);
    check("::=:=..:",
          (Expected[]){{TOKEN_TYPECAST, "::", 0},
                       {TOKEN_EQ, "=", 2},
                       {TOKEN_COLON_EQUALS, ":=", 3},
                       {TOKEN_DOT_DOT, "..", 5},
                       {TOKEN_COLON, ":", 7}},
          5);
}

static void test_numbers(void **state)
{
    check("1 1. .5 1e3 1.5E-3",
          (Expected[]){{TOKEN_ICONST, "1", 0},
                       {TOKEN_FCONST, "1.", 2},
                       {TOKEN_FCONST, ".5", 5},
                       {TOKEN_FCONST, "1e3", 8},
                       {TOKEN_FCONST, "1.5E-3", 12}},
          5);
    check("1..10",
          (Expected[]){{TOKEN_ICONST, "1", 0}, {TOKEN_DOT_DOT, "..", 1}, {TOKEN_ICONST, "10", 3}},
          3);
    check("2147483647 2147483648",
          (Expected[]){{TOKEN_ICONST, "2147483647", 0}, {TOKEN_FCONST, "2147483648", 11}}, 2);
    check("$12", (Expected[]){{TOKEN_PARAM, "12", 0}}, 1);
}

static void test_strings(void **state)
{
    check("'it''s'", (Expected[]){{TOKEN_SCONST, "it's", 0}}, 1);
    check("'a'\n  'b' -- c\n 'd'", (Expected[]){{TOKEN_SCONST, "abd", 0}}, 1);
    check("'a' 'b'", (Expected[]){{TOKEN_SCONST, "a", 0}, {TOKEN_SCONST, "b", 4}}, 2);
    check("'a\\n'", (Expected[]){{TOKEN_SCONST, "a\\n", 0}}, 1);
    check("E'\\b\\f\\n\\r\\t\\\\\\'\\q'", (Expected[]){{TOKEN_SCONST, "\b\f\n\r\t\\'q", 0}}, 1);
    check("e'\\101\\x42\\u0043'", (Expected[]){{TOKEN_SCONST, "ABC", 0}}, 1);
    check("E'\\uD83D\\uDE00'", (Expected[]){{TOKEN_SCONST, "\xf0\x9f\x98\x80", 0}}, 1);
    check("$$a'b$$ $x$c$$d$x$", (Expected[]){{TOKEN_SCONST, "a'b", 0}, {TOKEN_SCONST, "c$$d", 8}},
          2);
    check("U&'d\\0061t\\+000061'", (Expected[]){{TOKEN_SCONST, "data", 0}}, 1);
    check("U&'d!0061' UESCAPE '!' x", (Expected[]){{TOKEN_SCONST, "da", 0}, {TOKEN_IDENT, "x", 23}},
          2);
    check("B'01' X'fF' n'a'",
          (Expected[]){{TOKEN_BCONST, "01", 0},
                       {TOKEN_XCONST, "fF", 6},
                       {TOKEN_NCHAR, "nchar", 12},
                       {TOKEN_SCONST, "a", 13}},
          4);
}

static void test_names(void **state)
{
    check("Ab \"Ab\" \"a\"\"b\" _x$1",
          (Expected[]){{TOKEN_IDENT, "ab", 0},
                       {TOKEN_IDENT, "Ab", 3},
                       {TOKEN_IDENT, "a\"b", 8},
                       {TOKEN_IDENT, "_x$1", 15}},
          4);
    check("SELECT Select \"select\"",
          (Expected[]){{TOKEN_SELECT, "select", 0},
                       {TOKEN_SELECT, "select", 7},
                       {TOKEN_IDENT, "select", 14}},
          3);
    check("U&\"d\\0061t\"", (Expected[]){{TOKEN_IDENT, "dat", 0}}, 1);
    check("u & b", (Expected[]){{TOKEN_IDENT, "u", 0}, {TOKEN_OP, "&", 2}, {TOKEN_IDENT, "b", 4}},
          3);
}

static void test_looking_ahead(void **state)
{
    check("not in not null",
          (Expected[]){{TOKEN_NOT_LA, "not", 0},
                       {TOKEN_IN, "in", 4},
                       {TOKEN_NOT, "not", 7},
                       {TOKEN_NULL, "null", 11}},
          4);
    check("nulls first nulls",
          (Expected[]){
              {TOKEN_NULLS_LA, "nulls", 0}, {TOKEN_FIRST, "first", 6}, {TOKEN_NULLS, "nulls", 12}},
          3);
    check("with time with x",
          (Expected[]){{TOKEN_WITH_LA, "with", 0},
                       {TOKEN_TIME, "time", 5},
                       {TOKEN_WITH, "with", 10},
                       {TOKEN_IDENT, "x", 15}},
          4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operators),     cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_strings),       cmocka_unit_test(test_names),
        cmocka_unit_test(test_looking_ahead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
