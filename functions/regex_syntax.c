/* SPDX-License-Identifier: Apache-2.0
 *
 * Basic and extended regular expressions (options b and e) written as advanced ones, which
 * regex_translate.c reads.
 *
 * Extended ones have no escapes but of punctuation, and nothing non-greedy. Basic ones write
 * groups, bounds and words with a backslash, and + ? | mean themselves; * does at the start, ^
 * anywhere else, $ but at the end. A backslash in brackets is one. POSIX 1003.1, section 9.
 *
 * What is wrong stays wrong: it is written so that the reader finds it, in its order.
 */
#include "functions/regex_translate.h"

#include "functions/text_make.h"

typedef struct Rewriter {
    Text in;
    i64 at;
    TextMaker out;
    bool expanded;
    bool starts; /* nothing yet of the expression or of the group */
    i32 depth;   /* open groups */
} Rewriter;

static char peek(const Rewriter *r, i64 ahead)
{
    return r->at + ahead < r->in.len ? r->in.data[r->at + ahead] : 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void copy(Rewriter *r, i64 bytes)
{
    i64 end = min_i64(r->at + bytes, r->in.len);
    maker_add(&r->out, text_slice(r->in, r->at, end));
    r->at = end;
}

/* The character at hand, as itself: a digit could be one of a bound. */
static void copy_literal(Rewriter *r)
{
    char c = peek(r, 0);
    if (is_digit(c)) {
        maker_byte(&r->out, '[');
        copy(r, 1);
        maker_byte(&r->out, ']');
        return;
    }
    if (c && strchr("\\^$.[]|()?*+{}# \t\n\v\f\r", c))
        maker_byte(&r->out, '\\');
    copy(r, utf8_width((u8)c));
}

/* [...] up to its end, if it has one; the reader of advanced ones finds what is wrong. */
static void copy_bracket(Rewriter *r)
{
    copy(r, 1);
    if (peek(r, 0) == '^')
        copy(r, 1);
    for (bool first = true; r->at < r->in.len; first = false) {
        char c = peek(r, 0), next = peek(r, 1);
        if (c == ']' && !first) {
            copy(r, 1);
            return;
        }
        if (c == '[' && (next == ':' || next == '.' || next == '=')) {
            char close[] = {next, ']'};
            Text rest = text_slice(r->in, min_i64(r->at + 2, r->in.len), r->in.len);
            i64 len = text_find(rest, (Text){close, 2});
            copy(r, len == TEXT_NOT_FOUND ? r->in.len : len + 4);
            continue;
        }
        if (c == '\\')
            maker_byte(&r->out, '\\');
        copy(r, 1);
    }
}

/* White space and comments of expanded syntax. */
static bool copy_skipped(Rewriter *r)
{
    char c = peek(r, 0);
    if (!r->expanded || (c != ' ' && c != '#' && !(c >= '\t' && c <= '\r')))
        return false;
    do
        copy(r, 1);
    while (c == '#' && r->at < r->in.len && peek(r, 0) != '\n');
    return true;
}

/* ---- extended ---- */

/* A ? behind a quantifier or an opening parenthesis has nothing to repeat. */
static void copy_repeated(Rewriter *r)
{
    if (peek(r, 0) != '?')
        return;
    maker_byte(&r->out, '*');
    r->at++;
}

static void extended_one(Rewriter *r)
{
    char c = peek(r, 0);
    bool bound;
    if (copy_skipped(r))
        return;
    switch (c) {
    case '\\':
        if (++r->at < r->in.len)
            copy_literal(r);
        else
            maker_byte(&r->out, c);
        return;
    case '[':
        copy_bracket(r);
        return;
    case '{':
        bound = is_digit(peek(r, 1));
        while (bound && r->at < r->in.len && peek(r, 0) != '}')
            copy(r, 1);
        copy(r, 1);
        if (bound)
            copy_repeated(r);
        return;
    case ')': /* one that closes nothing is a character */
        if (r->depth == 0)
            maker_byte(&r->out, '\\');
        else
            r->depth--;
        copy(r, 1);
        return;
    default:
        r->depth += c == '(';
        copy(r, 1);
        if (c && strchr("(*+?", c))
            copy_repeated(r);
    }
}

/* ---- basic ---- */

/* \{m,n\}, behind its \{ */
static void basic_bound(Rewriter *r)
{
    maker_add(&r->out, peek(r, 0) == ',' || r->at == r->in.len ? TEXT("{0") : TEXT("{"));
    while (is_digit(peek(r, 0)) || peek(r, 0) == ',')
        copy(r, 1);
    if (peek(r, 0) == '\\' && peek(r, 1) == '}')
        r->at++;
    else if (r->at < r->in.len)
        maker_add(&r->out, TEXT("256")); /* too many: it is none */
    if (r->at < r->in.len)
        maker_byte(&r->out, '}');
    r->at++;
}

static void basic_escape(Rewriter *r)
{
    r->at++;
    char c = peek(r, 0);
    bool digit = c >= '1' && c <= '9';
    r->starts = c == '(';
    switch (c) {
    case '(':
    case ')':
        copy(r, 1);
        return;
    case '{':
        r->at++;
        basic_bound(r);
        return;
    case '<':
    case '>':
        maker_add(&r->out, c == '<' ? TEXT("\\m") : TEXT("\\M"));
        r->at++;
        return;
    default:
        break;
    }
    if (r->at == r->in.len) {
        maker_byte(&r->out, '\\');
    } else if (digit) { /* one, whatever comes behind */
        maker_add(&r->out, TEXT("(?:\\"));
        copy(r, 1);
        maker_byte(&r->out, ')');
    } else {
        copy_literal(r);
    }
}

static void basic_one(Rewriter *r)
{
    bool starts = r->starts;
    if (copy_skipped(r))
        return;
    char c = peek(r, 0);
    if (c == '\\') {
        basic_escape(r);
        return;
    }
    r->starts = starts && c == '^';
    bool ends = r->at + 1 == r->in.len || (peek(r, 1) == '\\' && peek(r, 2) == ')');
    if (c == '[')
        copy_bracket(r);
    else if (c == '.' || (c == '*' && !starts) || (c == '^' && starts) || (c == '$' && ends))
        copy(r, 1);
    else
        copy_literal(r);
}

bool regex_as_advanced(Text pattern, const RegexFlags *flags, Arena *arena, Text *advanced,
                       Error *error)
{
    Rewriter r = {.in = pattern, .expanded = flags->expanded, .starts = true};
    r.out = (TextMaker){.arena = arena, .error = error};
    maker_reserve(&r.out, pattern.len * 2 + 16);
    while (r.at < pattern.len)
        if (flags->syntax == REGEX_BASIC)
            basic_one(&r);
        else
            extended_one(&r);
    *advanced = maker_text(&r.out);
    return !r.out.failed;
}
