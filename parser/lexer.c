/* SPDX-License-Identifier: Apache-2.0
 *
 * A hand-written scanner: one function per family of tokens, chosen by the first byte.
 *
 * Two layers. scan_token() is the plain scanner; lexer_next() looks one token further where
 * PostgreSQL's grammar needs it (NOT, NULLS, WITH, and UESCAPE behind U& forms). String decoding
 * lives in lexer_string.c. Nothing is copied unless it must change: folded identifiers without
 * capitals and strings without escapes are slices of the input.
 *
 * It does not look at the values of numbers (beyond "fits int4"), bit strings or types.
 */
#include "parser/lexer.h"

#include "parser/grammar.h"
#include "parser/lexer_string.h"

enum { NAME_BYTES_MAX = 63 };

// clang-format off
static const Keyword keywords[] = {
#define YES true
#define NO false
#define X(word, token, category, bare) {{word, sizeof word - 1}, TOKEN_##token, category, bare},
#include "parser/keywords.def"
#undef X
#undef YES
#undef NO
};
// clang-format on

const Keyword *keyword_table(i32 *count)
{
    *count = countof(keywords);
    return keywords;
}

const Keyword *keyword_find(Text word)
{
    i32 low = 0, high = countof(keywords);
    while (low < high) {
        i32 middle = (low + high) / 2;
        int order = text_compare(word, keywords[middle].word);
        if (order == 0)
            return &keywords[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

void lexer_open(Lexer *lexer, Query *q, Text text)
{
    *lexer = (Lexer){.q = q, .text = text};
}

_Noreturn void lexer_fail(const Lexer *lexer, i64 offset, i64 end, const char *message)
{
    if (offset >= lexer->text.len)
        query_fail_at(lexer->q, (i32)offset, E_SYNTAX_ERROR, "%s at end of input", message);
    Text near = text_slice(lexer->text, offset, end);
    query_fail_at(lexer->q, (i32)offset, E_SYNTAX_ERROR, "%s at or near \"%.*s\"", message,
                  TEXT_ARG(near));
}

static u8 byte_at(const Lexer *lexer, i64 at)
{
    return at < lexer->text.len ? (u8)lexer->text.data[at] : 0;
}

static bool is_digit(u8 c)
{
    return c >= '0' && c <= '9';
}
static bool is_space(u8 c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
static bool is_name_start(u8 c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}
static bool is_name_byte(u8 c)
{
    return is_name_start(c) || is_digit(c) || c == '$';
}

static bool is_op_byte(u8 c)
{
    return c != 0 && strchr("~!@#^&|`?+-*/%<>=", c) != NULL;
}

/* Bytes that make an operator which may end in + or -. */
static bool is_strong_op_byte(u8 c)
{
    return c != 0 && strchr("~!@#^&|`?%", c) != NULL;
}

/* C comments nest. at stands on the opening one. */
static i64 skip_comment(const Lexer *lexer, i64 start)
{
    i64 at = start + 2;
    for (i32 depth = 1; depth > 0;) {
        if (at >= lexer->text.len)
            lexer_fail(lexer, start, lexer->text.len, "unterminated /* comment");
        u8 c = byte_at(lexer, at), next = byte_at(lexer, at + 1);
        bool opens = c == '/' && next == '*', closes = c == '*' && next == '/';
        depth += opens - closes;
        at += opens || closes ? 2 : 1;
    }
    return at;
}

static void skip_space(Lexer *lexer)
{
    for (;;) {
        u8 c = byte_at(lexer, lexer->at), next = byte_at(lexer, lexer->at + 1);
        if (is_space(c)) {
            lexer->at++;
        } else if (c == '-' && next == '-') {
            while (lexer->at < lexer->text.len && byte_at(lexer, lexer->at) != '\n' &&
                   byte_at(lexer, lexer->at) != '\r')
                lexer->at++;
        } else if (c == '/' && next == '*') {
            lexer->at = skip_comment(lexer, lexer->at);
        } else {
            return;
        }
    }
}

static Text cut_name(Lexer *lexer, Text name, i32 offset)
{
    if (name.len <= NAME_BYTES_MAX)
        return name;
    make_room(lexer->q, lexer->truncated, lexer->truncated_count, &lexer->truncated_capacity);
    Text kept = text_slice(name, 0, utf8_cut(name, NAME_BYTES_MAX));
    lexer->truncated[lexer->truncated_count++] = (TruncatedName){name, kept, offset};
    return kept;
}

static Text fold_name(Lexer *lexer, Text written)
{
    i64 i = 0;
    while (i < written.len && !(written.data[i] >= 'A' && written.data[i] <= 'Z'))
        i++;
    if (i == written.len)
        return written;
    char *folded = arena_alloc(lexer->q, lexer->q->arena, written.len + 1);
    for (i = 0; i < written.len; i++) {
        char c = written.data[i];
        folded[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    return (Text){folded, written.len};
}

static i32 scan_word(Lexer *lexer, Token *token)
{
    i64 start = lexer->at;
    while (is_name_byte(byte_at(lexer, lexer->at)))
        lexer->at++;
    token->text = fold_name(lexer, text_slice(lexer->text, start, lexer->at));
    const Keyword *keyword = keyword_find(token->text);
    if (keyword)
        return keyword->token;
    token->text = cut_name(lexer, token->text, token->offset);
    return TOKEN_IDENT;
}

static i64 skip_digits(const Lexer *lexer, i64 at)
{
    while (is_digit(byte_at(lexer, at)))
        at++;
    return at;
}

/* The message shows the number and the word that is glued to it. */
static void refuse_junk(const Lexer *lexer, i64 start, i64 at, const char *message)
{
    if (!is_name_start(byte_at(lexer, at)))
        return;
    while (is_name_byte(byte_at(lexer, at)))
        at++;
    lexer_fail(lexer, start, at, message);
}

/* The end of an exponent that starts at `at`, or at when there is none. */
static i64 skip_exponent(const Lexer *lexer, i64 start, i64 at)
{
    if ((byte_at(lexer, at) | 32) != 'e')
        return at;
    u8 sign = byte_at(lexer, at + 1);
    i64 digits = at + 1 + (sign == '+' || sign == '-');
    i64 end = skip_digits(lexer, digits);
    if (end > digits)
        return end;
    if (digits > at + 1)
        lexer_fail(lexer, start, digits, "trailing junk after numeric literal");
    return at;
}

static bool fits_i32(Text digits, i32 *number)
{
    i64 value = 0;
    for (i64 i = 0; i < digits.len; i++) {
        value = value * 10 + (digits.data[i] - '0');
        if (value > INT32_MAX)
            return false;
    }
    *number = (i32)value;
    return true;
}

static i32 scan_number(Lexer *lexer, Token *token)
{
    i64 start = lexer->at;
    i64 at = skip_digits(lexer, start);
    bool whole = true;
    if (byte_at(lexer, at) == '.' && byte_at(lexer, at + 1) != '.') {
        whole = false;
        at = skip_digits(lexer, at + 1);
    }
    i64 end = skip_exponent(lexer, start, at);
    whole = whole && end == at;
    refuse_junk(lexer, start, end, "trailing junk after numeric literal");
    lexer->at = end;
    token->text = text_slice(lexer->text, start, end);
    return whole && fits_i32(token->text, &token->number) ? TOKEN_ICONST : TOKEN_FCONST;
}

static i32 scan_parameter(Lexer *lexer, Token *token)
{
    i64 start = lexer->at;
    lexer->at = skip_digits(lexer, start + 1);
    refuse_junk(lexer, start, lexer->at, "trailing junk after parameter");
    token->text = text_slice(lexer->text, start + 1, lexer->at);
    if (!fits_i32(token->text, &token->number))
        lexer_fail(lexer, start, lexer->at, "parameter number too large");
    return TOKEN_PARAM;
}

static i32 punctuation(u8 c)
{
    switch (c) {
    case ',':
        return TOKEN_COMMA;
    case '(':
        return TOKEN_LP;
    case ')':
        return TOKEN_RP;
    case '[':
        return TOKEN_LB;
    case ']':
        return TOKEN_RB;
    case '.':
        return TOKEN_DOT;
    case ';':
        return TOKEN_SEMICOLON;
    case ':':
        return TOKEN_COLON;
    case '+':
        return TOKEN_PLUS;
    case '-':
        return TOKEN_MINUS;
    case '*':
        return TOKEN_STAR;
    case '/':
        return TOKEN_SLASH;
    case '%':
        return TOKEN_PERCENT;
    case '^':
        return TOKEN_CARET;
    case '<':
        return TOKEN_LT;
    case '>':
        return TOKEN_GT;
    case '=':
        return TOKEN_EQ;
    default:
        return TOKEN_ILLEGAL;
    }
}

/* Operators end where a comment starts; and +, - at their end belong to what follows, unless the
 * operator has a byte SQL itself has no operators with. */
static i64 operator_length(const Lexer *lexer, i64 start)
{
    i64 length = 0;
    bool strong = false;
    for (; is_op_byte(byte_at(lexer, start + length)); length++) {
        u8 c = byte_at(lexer, start + length), next = byte_at(lexer, start + length + 1);
        if ((c == '/' && next == '*') || (c == '-' && next == '-'))
            break;
    }
    while (length > 1) {
        u8 last = byte_at(lexer, start + length - 1);
        if (last != '+' && last != '-')
            break;
        for (i64 i = 0; i < length - 1 && !strong; i++)
            strong = is_strong_op_byte(byte_at(lexer, start + i));
        if (strong)
            break;
        length--;
    }
    return length;
}

static i32 scan_operator(Lexer *lexer, Token *token)
{
    i64 length = operator_length(lexer, lexer->at);
    token->text = text_slice(lexer->text, lexer->at, lexer->at + length);
    lexer->at += length;
    if (length == 1) {
        i32 kind = punctuation((u8)token->text.data[0]);
        return kind == TOKEN_ILLEGAL ? TOKEN_OP : kind;
    }
    if (text_equal(token->text, TEXT("=>")))
        return TOKEN_ARROW;
    if (text_equal(token->text, TEXT("<=")))
        return TOKEN_LE;
    if (text_equal(token->text, TEXT(">=")))
        return TOKEN_GE;
    if (text_equal(token->text, TEXT("<>")) || text_equal(token->text, TEXT("!="))) {
        token->text = TEXT("<>");
        return TOKEN_NE;
    }
    if (length > NAME_BYTES_MAX)
        lexer_fail(lexer, token->offset, lexer->at, "operator too long");
    return TOKEN_OP;
}

static i32 scan_colon_or_dots(Lexer *lexer, Token *token)
{
    u8 c = byte_at(lexer, lexer->at), next = byte_at(lexer, lexer->at + 1);
    i32 kind = c == ':' && next == ':'   ? TOKEN_TYPECAST
               : c == ':' && next == '=' ? TOKEN_COLON_EQUALS
               : c == '.' && next == '.' ? TOKEN_DOT_DOT
                                         : punctuation(c);
    i64 length = kind == punctuation(c) ? 1 : 2;
    token->text = text_slice(lexer->text, lexer->at, lexer->at + length);
    lexer->at += length;
    return kind;
}

static i32 scan_quoted_name(Lexer *lexer, Token *token, bool unicode)
{
    token->text = scan_delimited_name(lexer, token->offset, unicode);
    if (unicode)
        return TOKEN_UIDENT;
    token->text = cut_name(lexer, token->text, token->offset);
    return TOKEN_IDENT;
}

/* E'', B'', X'', N'', U&'', U&"": a letter that starts a string, or 0 tokens. */
static i32 scan_prefixed(Lexer *lexer, Token *token)
{
    u8 c = byte_at(lexer, lexer->at) | 32, next = byte_at(lexer, lexer->at + 1);
    u8 third = byte_at(lexer, lexer->at + 2);
    if (next == '\'' && c == 'n') {
        lexer->at++;
        token->text = TEXT("nchar");
        return TOKEN_NCHAR;
    }
    if (next == '\'' && (c == 'e' || c == 'b' || c == 'x')) {
        lexer->at += 2;
        StringForm form = c == 'e' ? STRING_ESCAPES : c == 'b' ? STRING_BITS : STRING_HEX;
        token->text = scan_string(lexer, token->offset, form);
        return c == 'e' ? TOKEN_SCONST : c == 'b' ? TOKEN_BCONST : TOKEN_XCONST;
    }
    if (c == 'u' && next == '&' && third == '\'') {
        lexer->at += 3;
        token->text = scan_string(lexer, token->offset, STRING_PLAIN);
        return TOKEN_USCONST;
    }
    if (c == 'u' && next == '&' && third == '"') {
        lexer->at += 3;
        return scan_quoted_name(lexer, token, true);
    }
    return scan_word(lexer, token);
}

static i32 scan_dollar(Lexer *lexer, Token *token)
{
    if (is_digit(byte_at(lexer, lexer->at + 1)))
        return scan_parameter(lexer, token);
    if (scan_dollar_string(lexer, token->offset, &token->text))
        return TOKEN_SCONST;
    lexer->at++;
    return TOKEN_ILLEGAL;
}

static i32 scan_token(Lexer *lexer, Token *token)
{
    skip_space(lexer);
    *token = (Token){.offset = (i32)lexer->at};
    if (lexer->at >= lexer->text.len)
        return 0;
    u8 c = byte_at(lexer, lexer->at), next = byte_at(lexer, lexer->at + 1);
    if (is_name_start(c))
        return scan_prefixed(lexer, token);
    if (is_digit(c) || (c == '.' && is_digit(next)))
        return scan_number(lexer, token);
    if (is_op_byte(c))
        return scan_operator(lexer, token);
    if (c == ':' || c == '.')
        return scan_colon_or_dots(lexer, token);
    if (c == '$')
        return scan_dollar(lexer, token);
    if (c == '\'') {
        lexer->at++;
        token->text = scan_string(lexer, token->offset, STRING_PLAIN);
        return TOKEN_SCONST;
    }
    if (c == '"') {
        lexer->at++;
        return scan_quoted_name(lexer, token, false);
    }
    token->text = text_slice(lexer->text, lexer->at, lexer->at + 1);
    lexer->at++;
    return punctuation(c);
}

static void look_ahead(Lexer *lexer)
{
    if (lexer->has_ahead)
        return;
    lexer->ahead_kind = scan_token(lexer, &lexer->ahead);
    lexer->ahead_end = lexer->at;
    lexer->has_ahead = true;
}

/* U&'...' and U&"..." with their optional UESCAPE 'c' become plain strings and names. */
static i32 finish_unicode(Lexer *lexer, i32 kind, Token *token)
{
    u8 escape = '\\';
    look_ahead(lexer);
    if (lexer->ahead_kind == TOKEN_UESCAPE) {
        lexer->has_ahead = false;
        look_ahead(lexer);
        if (lexer->ahead_kind != TOKEN_SCONST)
            lexer_fail(lexer, lexer->ahead.offset, lexer->ahead_end,
                       "UESCAPE must be followed by a simple string literal");
        if (!is_unicode_escape(lexer->ahead.text))
            lexer_fail(lexer, lexer->ahead.offset, lexer->ahead_end,
                       "invalid Unicode escape character");
        escape = (u8)lexer->ahead.text.data[0];
        lexer->end = lexer->ahead_end;
        lexer->has_ahead = false;
    }
    token->text = decode_unicode(lexer, token->text, escape, token->offset + 3);
    if (kind == TOKEN_USCONST)
        return TOKEN_SCONST;
    token->text = cut_name(lexer, token->text, token->offset);
    return TOKEN_IDENT;
}

i32 lexer_next(Lexer *lexer, Token *token)
{
    look_ahead(lexer);
    i32 kind = lexer->ahead_kind;
    *token = lexer->ahead;
    lexer->end = lexer->ahead_end;
    lexer->has_ahead = false;
    if (kind == TOKEN_UIDENT || kind == TOKEN_USCONST)
        return finish_unicode(lexer, kind, token);
    if (kind != TOKEN_NOT && kind != TOKEN_NULLS && kind != TOKEN_WITH)
        return kind;
    look_ahead(lexer);
    i32 next = lexer->ahead_kind;
    if (kind == TOKEN_NOT && (next == TOKEN_BETWEEN || next == TOKEN_IN || next == TOKEN_LIKE ||
                              next == TOKEN_ILIKE || next == TOKEN_SIMILAR))
        return TOKEN_NOT_LA;
    if (kind == TOKEN_NULLS && (next == TOKEN_FIRST || next == TOKEN_LAST))
        return TOKEN_NULLS_LA;
    if (kind == TOKEN_WITH && (next == TOKEN_TIME || next == TOKEN_ORDINALITY))
        return TOKEN_WITH_LA;
    return kind;
}
