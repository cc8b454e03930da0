/* SPDX-License-Identifier: Apache-2.0
 *
 * One pass over an ARE that writes a PCRE2 pattern.
 *
 * What differs: escapes (\y \m \M \v \b \B ...), digits and anchors are ASCII and absolute,
 * quantifiers must have an atom and cannot follow each other, negated brackets exclude the newline
 * in newline-sensitive mode, comments and expanded syntax are dropped here. On the way the
 * preference of the whole expression is found, by PostgreSQL's rule: a branch prefers what its
 * first quantified atom with a preference prefers, and two branches prefer the longest.
 */
#include "functions/regex_translate.h"

#include "functions/text_make.h"

enum { DEPTH_MAX = 250, REPEAT_MAX = 255 };

typedef enum Preference { PREFER_NONE, PREFER_LONGEST, PREFER_SHORTEST } Preference;

typedef struct Level {
    Preference preference;
    bool branches;
    i32 capture; /* 0: none */
    bool looks;  /* ahead or behind: it cannot be repeated */
} Level;

typedef struct Translator {
    Text in;
    i64 at;
    TextMaker out;
    RegexTranslation *made;
    Level levels[DEPTH_MAX];
    i32 depth;
    bool closed[REGEX_CAPTURES_MAX];
    bool has_atom; /* a quantifier may follow */
    Preference atom;
    Error *error;
} Translator;

static bool invalid(Translator *t, const char *why)
{
    return error_set(t->error, E_INVALID_REGULAR_EXPRESSION, "invalid regular expression: %s", why);
}

static char peek(const Translator *t, i64 ahead)
{
    return t->at + ahead < t->in.len ? t->in.data[t->at + ahead] : 0;
}

static void add(Translator *t, const char *text)
{
    maker_add(&t->out, text_from(text));
}

static void add_literal(Translator *t, u32 c)
{
    if (c < 0x80 && c > 0 && strchr("\\^$.[]|()?*+{}-#", (int)c))
        maker_byte(&t->out, '\\');
    if (c < 0x20) {
        char hex[8];
        maker_add(&t->out, (Text){hex, snprintf(hex, sizeof hex, "\\x%02x", c)});
        return;
    }
    maker_char(&t->out, c);
}

static void atom_done(Translator *t, Preference preference)
{
    t->has_atom = true;
    t->atom = preference;
}

/* The atom in front is complete and not quantified (any more): it may decide its branch. */
static void atom_settle(Translator *t)
{
    Level *level = &t->levels[t->depth];
    if (level->preference == PREFER_NONE)
        level->preference = t->atom;
    t->atom = PREFER_NONE;
    t->has_atom = false;
}

/* ---- options ---- */

static bool set_flag(RegexFlags *flags, char letter)
{
    switch (letter) {
    case 'i':
    case 'c':
        flags->ignore_case = letter == 'i';
        return true;
    case 'm':
    case 'n':
        flags->newline_stops = flags->newline_anchors = true;
        return true;
    case 'p':
        flags->newline_stops = true;
        flags->newline_anchors = false;
        return true;
    case 'w':
        flags->newline_stops = false;
        flags->newline_anchors = true;
        return true;
    case 's':
        flags->newline_stops = flags->newline_anchors = false;
        return true;
    case 't':
    case 'x':
        flags->expanded = letter == 'x';
        return true;
    case 'q':
        flags->quoted = true;
        return true;
    case 'b':
    case 'e':
        flags->syntax = letter == 'b' ? REGEX_BASIC : REGEX_EXTENDED;
        flags->quoted = false;
        return true;
    default:
        return false;
    }
}

bool regex_flags(Text letters, RegexFlags *flags, Error *error)
{
    *flags = (RegexFlags){0};
    for (i64 i = 0; i < letters.len; i++) {
        /* PostgreSQL's functions read e as b; (?e) inside a pattern is what it says */
        char letter = letters.data[i] == 'e' ? 'b' : letters.data[i];
        if (letter == 'g')
            flags->global = true;
        else if (!set_flag(flags, letter))
            return error_set(error, E_INVALID_PARAMETER_VALUE,
                             "invalid regular expression option: \"%.*s\"",
                             utf8_width((u8)letters.data[i]), letters.data + i);
    }
    return true;
}

/* "***:" and "***=" at the start. */
static bool read_director(Translator *t)
{
    if (!text_starts_with(t->in, TEXT("***")) || t->in.len < 4)
        return true;
    RegexFlags *flags = &t->made->flags;
    switch (t->in.data[3]) {
    case '=':
        flags->quoted = true;
        break;
    case ':':
        flags->syntax = REGEX_ADVANCED;
        break;
    case '?':
        return invalid(t, "invalid regexp (reg version 0.8)");
    default:
        return invalid(t, "quantifier operand invalid");
    }
    t->at = 4;
    return true;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (u8)c >= 0x80;
}

/* "(?xyz)" behind it. */
static bool read_options(Translator *t)
{
    if (peek(t, 0) != '(' || peek(t, 1) != '?' || !is_letter(peek(t, 2)))
        return true;
    for (t->at += 2; is_letter(peek(t, 0)); t->at++)
        if (!set_flag(&t->made->flags, peek(t, 0)))
            return invalid(t, "invalid embedded option");
    if (peek(t, 0) != ')')
        return invalid(t, "invalid embedded option");
    t->at++;
    return true;
}

/* ---- escapes ---- */

/* Reads up to max hexadecimal digits; false: fewer than min. */
static bool read_hex(Translator *t, i32 min, i32 max, u32 *value)
{
    i32 digits = 0;
    *value = 0;
    for (; digits < max; digits++, t->at++) {
        char c = peek(t, 0);
        i32 digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : 16;
        if (digit == 16)
            break;
        *value = *value << 4 | (u32)digit;
        if (*value > 0x10ffff)
            return false;
    }
    return digits >= min;
}

/* Up to three octal digits, of a value below 256. */
static u32 read_octal(Translator *t)
{
    u32 value = 0;
    for (i32 i = 0; i < 3 && peek(t, 0) >= '0' && peek(t, 0) <= '7' && value < 32; i++)
        value = value * 8 + (u32)(t->in.data[t->at++] - '0');
    return value;
}

/* A character escape behind the backslash, at t->at; *is_char false: it is none (class, anchor,
 * back reference). */
static bool read_character_escape(Translator *t, u32 *c, bool *is_char)
{
    static const char letters[] = "aefnrtvb", values[] = "\a\033\f\n\r\t\v\b";
    char letter = peek(t, 0);
    const char *known = letter ? strchr(letters, letter) : NULL;
    *is_char = true;
    t->at++;
    if (known) {
        *c = (u8)values[known - letters];
        return true;
    }
    switch (letter) {
    case 'B':
        *c = '\\';
        return true;
    case 'c':
        *c = (u32)(peek(t, 0) & 31);
        t->at++;
        return t->at <= t->in.len || invalid(t, "invalid escape \\ sequence");
    case 'u':
        return read_hex(t, 4, 4, c) || invalid(t, "invalid escape \\ sequence");
    case 'U':
        return read_hex(t, 8, 8, c) || invalid(t, "invalid escape \\ sequence");
    case 'x':
        return read_hex(t, 1, 255, c) || invalid(t, "invalid escape \\ sequence");
    case '0':
        t->at--;
        *c = read_octal(t);
        return true;
    default:
        t->at--;
        *is_char = false;
        return true;
    }
}

typedef struct EscapeWord {
    char letter;
    bool atom; /* can be quantified */
    const char *text;
} EscapeWord;

static const EscapeWord escape_words[] = {
    {'d', true, "[0-9]"},
    {'D', true, "[^0-9]"},
    {'s', true, "\\s"},
    {'S', true, "\\S"},
    {'w', true, "\\w"},
    {'W', true, "\\W"},
    {'A', false, "\\A"},
    {'Z', false, "\\z"},
    {'y', false, "\\b"},
    {'Y', false, "\\B"},
    {'m', false, "(?:(?<!\\w)(?=\\w))"},
    {'M', false, "(?:(?<=\\w)(?!\\w))"},
};

static bool translate_back_reference(Translator *t)
{
    i64 start = t->at;
    i32 number = 0;
    char text[16];
    while (peek(t, 0) >= '0' && peek(t, 0) <= '9' && number < 1000)
        number = number * 10 + (t->in.data[t->at++] - '0');
    if (t->at > start + 1 && number > t->made->captures) { /* a character in octal */
        t->at = start;
        if (peek(t, 0) > '7')
            return invalid(t, "invalid escape \\ sequence");
        add_literal(t, read_octal(t));
        atom_done(t, PREFER_NONE);
        return true;
    }
    if (number > t->made->captures || !t->closed[number])
        return invalid(t, "invalid backreference number");
    maker_add(&t->out, (Text){text, snprintf(text, sizeof text, "\\g{%d}", number)});
    t->made->back_references = true;
    atom_done(t, PREFER_NONE);
    return true;
}

static bool translate_escape(Translator *t)
{
    u32 c = 0;
    bool is_char;
    t->at++;
    if (t->at >= t->in.len)
        return invalid(t, "invalid escape \\ sequence");
    if (!read_character_escape(t, &c, &is_char))
        return false;
    if (is_char) {
        add_literal(t, c);
        atom_done(t, PREFER_NONE);
        return true;
    }
    char letter = peek(t, 0);
    if (letter >= '1' && letter <= '9')
        return translate_back_reference(t);
    for (i32 i = 0; i < countof(escape_words); i++)
        if (escape_words[i].letter == letter) {
            add(t, escape_words[i].text);
            t->at++;
            if (escape_words[i].atom)
                atom_done(t, PREFER_NONE);
            return true;
        }
    if ((letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'))
        return invalid(t, "invalid escape \\ sequence");
    add_literal(t, utf8_next(t->in, &t->at));
    atom_done(t, PREFER_NONE);
    return true;
}

/* ---- brackets ---- */

/* [:class:], [.x.] or [=x=] inside a bracket. */
static bool translate_named(Translator *t)
{
    static const char *const classes[] = {"alnum", "alpha",  "blank", "cntrl", "digit",
                                          "graph", "lower",  "print", "punct", "space",
                                          "upper", "xdigit", "word"};
    char kind = peek(t, 1);
    char close[3] = {kind, ']', 0};
    i64 start = t->at + 2;
    Text rest = text_slice(t->in, min_i64(start, t->in.len), t->in.len);
    i64 len = text_find(rest, (Text){close, 2});
    if (len == TEXT_NOT_FOUND)
        return invalid(t, "brackets [] not balanced");
    Text name = text_slice(rest, 0, len);
    t->at = start + len + 2;
    if (kind == ':') {
        for (i32 i = 0; i < countof(classes); i++)
            if (text_equal(name, text_from(classes[i]))) {
                add(t, "[:");
                add(t, classes[i]);
                add(t, ":]");
                return true;
            }
        return invalid(t, "invalid character class");
    }
    if (utf8_length(name) != 1)
        return invalid(t, "invalid collating element");
    i64 at = 0;
    add_literal(t, utf8_next(name, &at));
    return true;
}

static bool translate_bracket_escape(Translator *t)
{
    u32 c = 0;
    bool is_char;
    t->at++;
    if (t->at >= t->in.len)
        return invalid(t, "invalid escape \\ sequence");
    if (!read_character_escape(t, &c, &is_char))
        return false;
    if (is_char) {
        add_literal(t, c);
        return true;
    }
    char letter = peek(t, 0);
    if (letter == 'd' || letter == 's' || letter == 'w') {
        add(t, letter == 'd' ? "0-9" : letter == 's' ? "\\s" : "\\w");
        t->at++;
        return true;
    }
    if ((letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'))
        return invalid(t, "invalid escape \\ sequence");
    add_literal(t, utf8_next(t->in, &t->at));
    return true;
}

static bool translate_bracket_item(Translator *t, bool first)
{
    char c = peek(t, 0), next = peek(t, 1);
    if (c == '[' && (next == ':' || next == '.' || next == '='))
        return translate_named(t);
    if (c == '\\')
        return translate_bracket_escape(t);
    if (c == ':' || c == '=') /* behind the [ of PCRE2 it would begin a name */
        maker_byte(&t->out, '\\');
    if (c == '-' && !first && next != ']') {
        maker_byte(&t->out, '-');
        t->at++;
        return true;
    }
    add_literal(t, utf8_next(t->in, &t->at));
    return true;
}

static bool translate_bracket(Translator *t)
{
    if (text_starts_with(text_slice(t->in, t->at, t->in.len), TEXT("[[:<:]]")) ||
        text_starts_with(text_slice(t->in, t->at, t->in.len), TEXT("[[:>:]]"))) {
        add(t, peek(t, 3) == '<' ? "(?:(?<!\\w)(?=\\w))" : "(?:(?<=\\w)(?!\\w))");
        t->at += 7;
        return true;
    }
    maker_byte(&t->out, '[');
    t->at++;
    bool negated = peek(t, 0) == '^';
    if (negated) {
        maker_byte(&t->out, '^');
        t->at++;
        if (t->made->flags.newline_stops)
            add(t, "\\n");
    }
    for (bool first = true; first || peek(t, 0) != ']'; first = false) {
        if (t->at >= t->in.len)
            return invalid(t, "brackets [] not balanced");
        if (!translate_bracket_item(t, first))
            return false;
    }
    t->at++;
    maker_byte(&t->out, ']');
    atom_done(t, PREFER_NONE);
    return true;
}

/* ---- groups ---- */

static bool open_group(Translator *t)
{
    static const char *const openings[] = {"(?:", "(?=", "(?!", "(?<=", "(?<!"};
    Text rest = text_slice(t->in, t->at, t->in.len);
    const char *opening = "(";
    if (t->has_atom)
        atom_settle(t);
    if (text_starts_with(rest, TEXT("(?#"))) {
        t->at += min_i64(text_find_byte(rest, ')') + 1, rest.len);
        return true;
    }
    for (i32 i = 0; i < countof(openings); i++)
        if (text_starts_with(rest, text_from(openings[i])))
            opening = openings[i];
    if (strlen(opening) == 1 && peek(t, 1) == '?')
        return invalid(t, "quantifier operand invalid");
    if (strlen(opening) == 1 && ++t->made->captures >= REGEX_CAPTURES_MAX)
        return error_set(t->error, E_FEATURE_NOT_SUPPORTED,
                         "regular expressions with more than %d captures are not supported",
                         REGEX_CAPTURES_MAX - 1);
    if (++t->depth == DEPTH_MAX)
        return invalid(t, "regular expression is too complex");
    t->levels[t->depth] = (Level){.capture = strlen(opening) == 1 ? t->made->captures : 0,
                                  .looks = strlen(opening) > 1 && opening[2] != ':'};
    add(t, opening);
    t->at += (i64)strlen(opening);
    t->has_atom = false;
    return true;
}

static bool close_group(Translator *t)
{
    if (t->depth == 0)
        return invalid(t, "parentheses () not balanced");
    atom_settle(t);
    Level level = t->levels[t->depth--];
    t->closed[level.capture] = true;
    maker_byte(&t->out, ')');
    t->at++;
    if (!level.looks)
        atom_done(t, level.branches ? PREFER_LONGEST : level.preference);
    return true;
}

/* ---- quantifiers ---- */

/* {m}, {m,} or {m,n} at t->at; *fixed: it does not choose. */
static bool read_bound(Translator *t, bool *fixed)
{
    i64 start = t->at++;
    i32 low = 0, high = REPEAT_MAX + 1;
    while (peek(t, 0) >= '0' && peek(t, 0) <= '9' && low <= REPEAT_MAX)
        low = low * 10 + (t->in.data[t->at++] - '0');
    *fixed = peek(t, 0) == '}';
    if (peek(t, 0) == ',') {
        t->at++;
        bool digits = peek(t, 0) >= '0' && peek(t, 0) <= '9';
        for (high = digits ? 0 : REPEAT_MAX;
             peek(t, 0) >= '0' && peek(t, 0) <= '9' && high <= REPEAT_MAX; t->at++)
            high = high * 10 + (peek(t, 0) - '0');
    } else
        high = low;
    if (t->at >= t->in.len)
        return invalid(t, "braces {} not balanced");
    if (low > REPEAT_MAX || high > REPEAT_MAX || high < low || peek(t, 0) != '}')
        return invalid(t, "invalid repetition count(s)");
    t->at++;
    maker_add(&t->out, text_slice(t->in, start, t->at));
    return true;
}

static bool is_quantifier(const Translator *t)
{
    char c = peek(t, 0), next = peek(t, 1);
    return c == '*' || c == '+' || c == '?' || (c == '{' && next >= '0' && next <= '9');
}

static bool translate_quantifier(Translator *t)
{
    bool fixed = false, lazy;
    if (!t->has_atom)
        return invalid(t, "quantifier operand invalid");
    if (peek(t, 0) == '{') {
        if (!read_bound(t, &fixed))
            return false;
    } else
        maker_byte(&t->out, t->in.data[t->at++]);
    lazy = peek(t, 0) == '?';
    if (lazy) {
        maker_byte(&t->out, '?');
        t->at++;
    }
    if (!fixed)
        t->atom = lazy ? PREFER_SHORTEST : PREFER_LONGEST;
    if (is_quantifier(t))
        return invalid(t, "quantifier operand invalid");
    atom_settle(t);
    return true;
}

/* ---- the whole ---- */

static bool skip_expanded(Translator *t)
{
    char c = peek(t, 0);
    if (!t->made->flags.expanded)
        return false;
    if (c == '#') {
        while (t->at < t->in.len && peek(t, 0) != '\n')
            t->at++;
        return true;
    }
    if (c != ' ' && !(c >= '\t' && c <= '\r'))
        return false;
    t->at++;
    return true;
}

static bool translate_one(Translator *t)
{
    if (skip_expanded(t))
        return true;
    if (is_quantifier(t))
        return translate_quantifier(t);
    char c = peek(t, 0);
    if (c == '(')
        return open_group(t);
    if (c == ')')
        return close_group(t);
    if (t->has_atom)
        atom_settle(t);
    switch (c) {
    case '|':
        t->levels[t->depth].branches = true;
        maker_byte(&t->out, '|');
        t->at++;
        return true;
    case '^':
    case '$':
        maker_byte(&t->out, c);
        t->at++;
        return true;
    case '.':
        maker_byte(&t->out, '.');
        t->at++;
        atom_done(t, PREFER_NONE);
        return true;
    case '[':
        return translate_bracket(t);
    case '\\':
        return translate_escape(t);
    default:
        add_literal(t, utf8_next(t->in, &t->at));
        atom_done(t, PREFER_NONE);
        return true;
    }
}

bool regex_translate(Text pattern, RegexFlags flags, Arena *arena, RegexTranslation *translation,
                     Error *error)
{
    Translator t = {.in = pattern, .error = error, .made = translation};
    *translation = (RegexTranslation){.flags = flags};
    t.out = (TextMaker){.arena = arena, .error = error};
    maker_reserve(&t.out, pattern.len * 2 + 16);
    if (!flags.quoted && !read_director(&t))
        return false;
    const RegexFlags *read = &translation->flags;
    if (!read->quoted && read->syntax == REGEX_ADVANCED && !read_options(&t))
        return false;
    if (!read->quoted && read->syntax != REGEX_ADVANCED) {
        if (!regex_as_advanced(text_slice(pattern, t.at, pattern.len), read, arena, &t.in, error))
            return false;
        t.at = 0;
    }
    while (t.at < t.in.len) {
        if (read->quoted)
            add_literal(&t, utf8_next(t.in, &t.at));
        else if (!translate_one(&t))
            return false;
    }
    if (t.depth > 0)
        return invalid(&t, "parentheses () not balanced");
    atom_settle(&t);
    translation->shortest = !t.levels[0].branches && t.levels[0].preference == PREFER_SHORTEST;
    translation->pattern = maker_text(&t.out);
    return !t.out.failed;
}
