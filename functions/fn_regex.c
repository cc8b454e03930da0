/* SPDX-License-Identifier: Apache-2.0
 *
 * ~ and its relatives, substring with a pattern, SIMILAR TO, and the regexp_ functions.
 *
 * A constant pattern with constant flags is compiled once per call site and worker (prepare). Any
 * other is compiled when it differs from the one of the row before. A pattern that does not compile
 * fails the first row that needs it, not the call site.
 */
#include "functions/regex.h"
#include "functions/text_make.h"

/* ---- the compiled pattern of a call site, or of the rows of a chunk ---- */

typedef struct RegexSite {
    const Regex *regex; /* NULL: none yet */
    bool constant;      /* compiled by prepare: never changes */
    Text pattern, letters;
} RegexSite;

enum { NO_FLAGS_ARGUMENT = -1 };

/* Which argument holds the flags. */
static i32 flags_argument(Operation operation, i32 nargs)
{
    i32 at = operation == OP_REGEXP_LIKE                                           ? 2
             : operation == OP_REGEXP_COUNT || operation == OP_REGEXP_REPLACE      ? 3
             : operation == OP_REGEXP_SUBSTR                                       ? 4
             : operation == OP_REGEXP_INSTR || operation == OP_REGEXP_REPLACE_FROM ? 5
                                                                                   : 99;
    return at < nargs ? at : NO_FLAGS_ARGUMENT;
}

static bool compile(Text pattern, Text letters, bool ignore_case, Arena *arena, const Regex **regex,
                    Error *error)
{
    RegexFlags flags;
    if (!regex_flags(letters, &flags, error))
        return false;
    flags.ignore_case |= ignore_case;
    return regex_compile(pattern, flags, arena, regex, error);
}

static bool regex_prepare(const Value *const *constants, i32 nargs, const FunctionRow *row,
                          Arena *arena, void **state, Error *error)
{
    i32 flags = flags_argument(row->operation, nargs);
    Error ignored;
    Text pattern, letters = {NULL, 0};
    *state = NULL;
    if (!constants[1] || constants[1]->null ||
        (flags != NO_FLAGS_ARGUMENT && (!constants[flags] || constants[flags]->null)))
        return true;
    RegexSite *site = arena_try(arena, sizeof *site, error);
    if (!site || !arena_text(arena, str_text(&constants[1]->str), &pattern, error))
        return false;
    if (flags != NO_FLAGS_ARGUMENT)
        letters = str_text(&constants[flags]->str);
    bool ignore_case = row->operation == OP_REGEX_IMATCH || row->operation == OP_REGEX_NOT_IMATCH;
    site->constant = true;
    if (compile(pattern, letters, ignore_case, arena, &site->regex, &ignored))
        *state = site;
    return true;
}

static const StateRow state_rows[] = {
    {OP_REGEX_MATCH, {regex_prepare, NULL}},     {OP_REGEX_NOT_MATCH, {regex_prepare, NULL}},
    {OP_REGEX_IMATCH, {regex_prepare, NULL}},    {OP_REGEX_NOT_IMATCH, {regex_prepare, NULL}},
    {OP_SUBSTRING_REGEX, {regex_prepare, NULL}}, {OP_REGEXP_COUNT, {regex_prepare, NULL}},
    {OP_REGEXP_INSTR, {regex_prepare, NULL}},    {OP_REGEXP_LIKE, {regex_prepare, NULL}},
    {OP_REGEXP_REPLACE, {regex_prepare, NULL}},  {OP_REGEXP_REPLACE_FROM, {regex_prepare, NULL}},
    {OP_REGEXP_SUBSTR, {regex_prepare, NULL}},
};
const StateTable regex_states = {state_rows, countof(state_rows)};

/* The regex of row i: that of the site, or of the row before when it is the same. */
static bool regex_of_site(KernelCall *call, RegexSite *site, Text pattern, Text letters,
                          bool ignore_case, const Regex **regex)
{
    if (!site->constant && (!site->regex || !text_equal(site->pattern, pattern) ||
                            !text_equal(site->letters, letters))) {
        site->regex = NULL;
        if (!compile(pattern, letters, ignore_case, call->arena, &site->regex, call->error))
            return false;
        site->pattern = pattern;
        site->letters = letters;
    }
    *regex = site->regex;
    return true;
}

static bool site_regex(KernelCall *call, Text pattern, Text letters, bool ignore_case,
                       const Regex **regex)
{
    return regex_of_site(call, call->state, pattern, letters, ignore_case, regex);
}

/* pattern is argument 1; flags: its argument, or NO_FLAGS_ARGUMENT. */
static bool row_regex(KernelCall *call, i32 i, i32 flags, const Regex **regex)
{
    Text letters = {NULL, 0};
    if (flags != NO_FLAGS_ARGUMENT)
        letters = arg_text(call, flags, i);
    return site_regex(call, arg_text(call, 1, i), letters, false, regex);
}

enum { SITE_REGEXES = 2 }; /* of one call without state: substring SIMILAR has two */

TEMPLATE KernelStatus regex_rows(KernelCall *call, RowFunction row, bool nullable)
{
    RegexSite sites[SITE_REGEXES] = {{0}};
    if (nullable && !result_own_valid(call))
        return KERNEL_ERROR;
    KernelCall with_site = *call;
    if (!call->state)
        with_site.state = sites;
    KernelStatus status = each_row(&with_site, row);
    call->bad = with_site.bad;
    return status;
}

#define REGEX_KERNEL(row, nullable)                                                                \
    static KernelStatus row##_kernel(KernelCall *call)                                             \
    {                                                                                              \
        return regex_rows(call, row, nullable);                                                    \
    }

/* 22023 as the functions of one name say it. */
static bool no_global(KernelCall *call, i32 i, i32 flags, const char *function)
{
    if (flags == NO_FLAGS_ARGUMENT ||
        text_find_byte(arg_text(call, flags, i), 'g') == arg_text(call, flags, i).len)
        return true;
    return error_set(call->error, E_INVALID_PARAMETER_VALUE,
                     "%s does not support the \"global\" option", function);
}

static bool invalid_parameter(KernelCall *call, const char *name, i32 value)
{
    return error_set(call->error, E_INVALID_PARAMETER_VALUE,
                     "invalid value for parameter \"%s\": %d", name, value);
}

/* The byte offset of character position `start` (1-based), or behind the text. */
static i64 start_offset(Text text, i32 start, bool *behind, Look *look)
{
    i64 offset = text_skip(text, start - 1, look);
    *behind = offset >= text.len && utf8_length(text) < start - 1;
    return offset;
}

/* ---- ~ ---- */

TEMPLATE bool match_row(KernelCall *call, i32 i, bool ignore_case, bool negate)
{
    const Regex *regex;
    bool found;
    Text text = padded_text(call, 0, i);
    return text.data &&
           site_regex(call, arg_text(call, 1, i), (Text){NULL, 0}, ignore_case, &regex) &&
           regex_test(regex, text, &found, call->error) && put_bool(call, i, found != negate);
}

static inline bool regex_match_row(KernelCall *call, i32 i)
{
    return match_row(call, i, false, false);
}
REGEX_KERNEL(regex_match_row, false)
static inline bool regex_not_match_row(KernelCall *call, i32 i)
{
    return match_row(call, i, false, true);
}
REGEX_KERNEL(regex_not_match_row, false)
static inline bool regex_imatch_row(KernelCall *call, i32 i)
{
    return match_row(call, i, true, false);
}
REGEX_KERNEL(regex_imatch_row, false)
static inline bool regex_not_imatch_row(KernelCall *call, i32 i)
{
    return match_row(call, i, true, true);
}
REGEX_KERNEL(regex_not_imatch_row, false)

static inline bool regexp_like_row(KernelCall *call, i32 i)
{
    i32 flags = flags_argument(OP_REGEXP_LIKE, call->nargs);
    const Regex *regex;
    bool found;
    return no_global(call, i, flags, "regexp_like()") && row_regex(call, i, flags, &regex) &&
           regex_test(regex, arg_text(call, 0, i), &found, call->error) && put_bool(call, i, found);
}
REGEX_KERNEL(regexp_like_row, false)

/* ---- substring ---- */

/* The first capture when there is one, else the whole match. */
static bool put_first_capture(KernelCall *call, i32 i, const Regex *regex, Text text)
{
    RegexMatch match;
    bool found;
    if (!regex_search(regex, text, 0, &found, &match, call->error))
        return false;
    i32 group = match.count > 1 ? 1 : 0;
    if (!found || match.start[group] == REGEX_UNSET)
        return put_null(call, i);
    return put_text(call, i, text_slice(text, match.start[group], match.end[group]));
}

static inline bool substring_regex_row(KernelCall *call, i32 i)
{
    const Regex *regex;
    return row_regex(call, i, NO_FLAGS_ARGUMENT, &regex) &&
           put_first_capture(call, i, regex, arg_text(call, 0, i));
}
REGEX_KERNEL(substring_regex_row, true)

/* ---- SIMILAR TO ---- */

enum { SIMILAR_SEPARATORS_MAX = 2 };

typedef struct Similar {
    TextMaker *out;
    i64 separators[SIMILAR_SEPARATORS_MAX]; /* where escape-double-quotes stood in out */
    i32 separator_count;
    i32 bracket_depth;  /* [ that are open: of [[:alpha:]] two */
    i32 bracket_places; /* 1 behind [, 2 behind [^, else BRACKET_INSIDE or more */
} Similar;
/* From here on ] closes; in front of it ] stands for itself. */
enum { BRACKET_INSIDE = 3 };

static bool similar_separator(KernelCall *call, Similar *s)
{
    if (s->separator_count == SIMILAR_SEPARATORS_MAX)
        return error_set(call->error, E_INVALID_USE_OF_ESCAPE_CHARACTER,
                         "SQL regular expression may not contain more than two "
                         "escape-double-quote separators");
    s->separators[s->separator_count++] = maker_text(s->out).len;
    return true;
}

static void similar_bracket(Similar *s, Text c)
{
    char byte = c.len == 1 ? c.data[0] : 0;
    if (byte == '\\')
        maker_byte(s->out, '\\');
    maker_add(s->out, c);
    if (byte == ']' && s->bracket_places >= BRACKET_INSIDE) {
        s->bracket_depth--;
        return;
    }
    s->bracket_depth += byte == '[';
    s->bracket_places = byte == '^' ? s->bracket_places + 1 : BRACKET_INSIDE;
}

static void similar_plain(Similar *s, Text c)
{
    char byte = c.len == 1 ? c.data[0] : 0;
    if (byte == '%')
        maker_add(s->out, TEXT(".*"));
    else if (byte == '_')
        maker_byte(s->out, '.');
    else if (byte == '(')
        maker_add(s->out, TEXT("(?:"));
    else if (byte == '\\' || byte == '.' || byte == '^' || byte == '$') {
        maker_byte(s->out, '\\');
        maker_byte(s->out, byte);
    } else
        maker_add(s->out, c);
    s->bracket_depth = byte == '[';
    s->bracket_places = 1;
}

/* The parts of a SQL regular expression as AREs, one behind the other in similar->out. escape:
 * empty: none. */
static bool similar_parts(KernelCall *call, Text pattern, Text escape, Similar *similar)
{
    bool after_escape = false;
    if (escape.len && utf8_length(escape) != 1) {
        error_set(call->error, E_INVALID_ESCAPE_SEQUENCE, "invalid escape string");
        return error_hint(call->error, "Escape string must be empty or one character.");
    }
    for (i64 at = 0; at < pattern.len;) {
        i64 width = utf8_width((u8)pattern.data[at]);
        Text c = text_slice(pattern, at, at + width);
        at += width;
        if (after_escape) {
            after_escape = false;
            if (c.data[0] == '"' && similar->bracket_depth == 0) {
                if (!similar_separator(call, similar))
                    return false;
                continue;
            }
            maker_byte(similar->out, '\\');
            maker_add(similar->out, c);
            similar->bracket_places = BRACKET_INSIDE;
        } else if (escape.len && text_equal(c, escape))
            after_escape = true;
        else if (similar->bracket_depth > 0)
            similar_bracket(similar, c);
        else
            similar_plain(similar, c);
    }
    return !similar->out->failed;
}

/* Part 0..separator_count. */
static Text similar_part(const Similar *similar, i32 part)
{
    Text all = maker_text(similar->out);
    i64 from = part == 0 ? 0 : similar->separators[part - 1];
    return text_slice(all, from,
                      part < similar->separator_count ? similar->separators[part] : all.len);
}

/* The escape character of a call: argument `arg`, the backslash when there is none. */
static Text similar_escape_of(KernelCall *call, i32 arg, i32 i)
{
    return arg >= call->nargs || arg_is_null(call, arg, i) ? TEXT("\\") : arg_text(call, arg, i);
}

/* The whole as one ARE, in PostgreSQL's words. */
static inline bool similar_escape_row(KernelCall *call, i32 i)
{
    static const char *const behind[] = {"){1,1}?(", "){1,1}(?:"};
    TextMaker parts = maker_open(call), maker = maker_open(call);
    Similar similar = {.out = &parts};
    if (arg_is_null(call, 0, i))
        return put_null(call, i);
    if (!similar_parts(call, arg_text(call, 0, i), similar_escape_of(call, 1, i), &similar))
        return false;
    maker_add(&maker, TEXT("^(?:"));
    for (i32 part = 0; part <= similar.separator_count; part++) {
        maker_add(&maker, similar_part(&similar, part));
        maker_add(&maker, part < similar.separator_count ? text_from(behind[part]) : TEXT(")$"));
    }
    return put_made(call, i, &maker);
}
ROW_KERNEL_ALL(similar_escape_row)

static inline bool similar_to_escape_row(KernelCall *call, i32 i)
{
    return similar_escape_row(call, i);
}
ROW_KERNEL(similar_to_escape_row)

/* A regex of open, the part and close, which looks ahead for the parts behind up to the text's end;
 * and its first match at or behind `from`. */
static bool similar_search(KernelCall *call, i32 i, const Similar *similar, i32 part,
                           const char *open, const char *close, i64 from, bool *found,
                           RegexMatch *match)
{
    RegexSite *sites = call->state;
    const Regex *regex;
    TextMaker maker = maker_open(call);
    maker_add(&maker, text_from(open));
    maker_add(&maker, similar_part(similar, part));
    maker_add(&maker, text_from(close));
    maker_add(&maker, TEXT("(?="));
    for (i32 behind = part + 1; behind <= similar->separator_count; behind++) {
        maker_add(&maker, TEXT("(?:"));
        maker_add(&maker, similar_part(similar, behind));
        maker_byte(&maker, ')');
    }
    maker_add(&maker, TEXT("$)"));
    return !maker.failed &&
           regex_of_site(call, &sites[part], maker_text(&maker), (Text){NULL, 0}, false, &regex) &&
           regex_search(regex, arg_text(call, 0, i), from, found, match, call->error);
}

/* The part in front is the shortest with which all match, then the one in the middle the longest:
 * two searches, each of which looks ahead for what must follow. */
static inline bool substring_similar_row(KernelCall *call, i32 i)
{
    TextMaker parts = maker_open(call);
    Similar similar = {.out = &parts};
    RegexMatch match;
    bool found;
    Text text = arg_text(call, 0, i);
    if (!similar_parts(call, arg_text(call, 1, i), arg_text(call, 2, i), &similar))
        return false;
    bool split = similar.separator_count > 0;
    if (!similar_search(call, i, &similar, 0, "^(?:", split ? "){1,1}?" : ")", 0, &found, &match))
        return false;
    if (found && split &&
        !similar_search(call, i, &similar, 1, "(?:", "){1,1}", match.end[0], &found, &match))
        return false;
    return found ? put_text(call, i, text_slice(text, match.start[0], match.end[0]))
                 : put_null(call, i);
}
REGEX_KERNEL(substring_similar_row, true)

/* ---- all matches, one after the other ---- */

typedef struct Matches {
    const Regex *regex;
    Text text;
    i64 from;
    bool done;
    const Arena *arena; /* the statement's, which may be interrupted; NULL: nobody's */
} Matches;

/* The next match; behind an empty one the search goes on one character later. */
static bool matches_next(Matches *m, bool *found, RegexMatch *match, Error *error)
{
    *found = false;
    if (m->done)
        return true;
    if ((m->arena && !budget_check(m->arena->budget, error)) ||
        !regex_search(m->regex, m->text, m->from, found, match, error))
        return false;
    m->done = !*found;
    if (!*found)
        return true;
    m->from = match->end[0];
    if (match->start[0] == match->end[0]) {
        m->done = m->from >= m->text.len;
        if (!m->done)
            m->from += utf8_width((u8)m->text.data[m->from]);
    }
    return true;
}

/* Matches from character position args[start] on. */
static bool matches_open(KernelCall *call, i32 i, i32 start_arg, const Regex *regex, Matches *m)
{
    i32 start = start_arg < call->nargs ? arg_i32(call, start_arg, i) : 1;
    *m = (Matches){.regex = regex, .text = arg_text(call, 0, i), .arena = call->arena};
    if (start <= 0)
        return invalid_parameter(call, "start", start);
    Look look = call_look(call);
    m->from = start_offset(m->text, start, &m->done, &look);
    return !look.ended;
}

/* Without captures the first one is the whole match. */
static i32 capture_of(const Regex *regex, i32 group)
{
    return group == 1 && regex_captures(regex) == 0 ? 0 : group;
}

static bool check_start(KernelCall *call, i32 i, i32 start_arg)
{
    i32 start = start_arg < call->nargs ? arg_i32(call, start_arg, i) : 1;
    return start > 0 || invalid_parameter(call, "start", start);
}

static inline bool regexp_count_row(KernelCall *call, i32 i)
{
    i32 flags = flags_argument(OP_REGEXP_COUNT, call->nargs), count = 0;
    const Regex *regex;
    Matches matches;
    RegexMatch match;
    bool found;
    if (!check_start(call, i, 2) || !no_global(call, i, flags, "regexp_count()") ||
        !row_regex(call, i, flags, &regex) || !matches_open(call, i, 2, regex, &matches))
        return false;
    for (;; count++) {
        if (!matches_next(&matches, &found, &match, call->error))
            return false;
        if (!found)
            return put_i32(call, i, count);
    }
}
REGEX_KERNEL(regexp_count_row, false)

/* The n-th match from the start argument on. */
static bool nth_match(KernelCall *call, i32 i, i32 start_arg, const Regex *regex, i32 n,
                      bool *found, RegexMatch *match)
{
    Matches matches;
    if (!matches_open(call, i, start_arg, regex, &matches))
        return false;
    do
        if (!matches_next(&matches, found, match, call->error))
            return false;
    while (*found && --n > 0);
    return true;
}

/* The integer argument arg, or a default; it must be at least min. */
static bool int_arg(KernelCall *call, i32 i, i32 arg, const char *name, i32 otherwise, i32 min,
                    i32 *value)
{
    *value = arg < call->nargs ? arg_i32(call, arg, i) : otherwise;
    return *value >= min || invalid_parameter(call, name, *value);
}

static inline bool regexp_instr_row(KernelCall *call, i32 i)
{
    i32 flags = flags_argument(OP_REGEXP_INSTR, call->nargs), n, end_option, group;
    const Regex *regex;
    RegexMatch match;
    bool found;
    if (!check_start(call, i, 2) || !int_arg(call, i, 3, "n", 1, 1, &n) ||
        !int_arg(call, i, 4, "endoption", 0, 0, &end_option) ||
        !int_arg(call, i, 6, "subexpr", 0, 0, &group))
        return false;
    if (end_option > 1)
        return invalid_parameter(call, "endoption", end_option);
    if (!no_global(call, i, flags, "regexp_instr()") || !row_regex(call, i, flags, &regex) ||
        !nth_match(call, i, 2, regex, n, &found, &match))
        return false;
    group = capture_of(regex, group);
    if (!found || group >= match.count || match.start[group] == REGEX_UNSET)
        return put_i32(call, i, 0);
    i64 at = end_option ? match.end[group] : match.start[group];
    return put_i32(call, i, (i32)utf8_length((Text){arg_text(call, 0, i).data, at}) + 1);
}
REGEX_KERNEL(regexp_instr_row, false)

static inline bool regexp_substr_row(KernelCall *call, i32 i)
{
    i32 flags = flags_argument(OP_REGEXP_SUBSTR, call->nargs), n, group;
    const Regex *regex;
    RegexMatch match;
    bool found;
    if (!check_start(call, i, 2) || !int_arg(call, i, 3, "n", 1, 1, &n) ||
        !int_arg(call, i, 5, "subexpr", 0, 0, &group) ||
        !no_global(call, i, flags, "regexp_substr()") || !row_regex(call, i, flags, &regex) ||
        !nth_match(call, i, 2, regex, n, &found, &match))
        return false;
    group = capture_of(regex, group);
    if (!found || group >= match.count || match.start[group] == REGEX_UNSET)
        return put_null(call, i);
    return put_text(call, i,
                    text_slice(arg_text(call, 0, i), match.start[group], match.end[group]));
}
REGEX_KERNEL(regexp_substr_row, true)

/* ---- replace ---- */

/* The replacement with \1..\9, \& and \\ filled in. */
static void add_replacement(TextMaker *maker, Text replacement, Text text, const RegexMatch *match)
{
    for (i64 k = 0; k < replacement.len; k++) {
        char c = replacement.data[k], next = k + 1 < replacement.len ? replacement.data[k + 1] : 0;
        bool digit = next >= '1' && next <= '9';
        if (c != '\\' || (!digit && next != '&' && next != '\\')) {
            maker_byte(maker, c);
            continue;
        }
        k++;
        i32 group = digit ? next - '0' : 0;
        if (next == '\\')
            maker_byte(maker, '\\');
        else if (group < match->count && match->start[group] != REGEX_UNSET)
            maker_add(maker, text_slice(text, match->start[group], match->end[group]));
    }
}

/* Replaces the n-th match (0: all) from matches->from on. */
static bool put_replaced(KernelCall *call, i32 i, Matches *matches, i32 n)
{
    Text text = matches->text, replacement = arg_text(call, 2, i);
    TextMaker maker = maker_open(call);
    RegexMatch match;
    i64 copied = 0;
    bool found;
    for (i32 count = 1;; count++) {
        if (!matches_next(matches, &found, &match, call->error))
            return false;
        if (!found)
            break;
        if (n && count < n)
            continue;
        maker_add(&maker, text_slice(text, copied, match.start[0]));
        add_replacement(&maker, replacement, text, &match);
        copied = match.end[0];
        if (n)
            break;
    }
    maker_add(&maker, text_slice(text, copied, text.len));
    return put_made(call, i, &maker);
}

static inline bool regexp_replace_row(KernelCall *call, i32 i)
{
    i32 flags = flags_argument(OP_REGEXP_REPLACE, call->nargs);
    const Regex *regex;
    bool all = false;
    if (flags != NO_FLAGS_ARGUMENT) {
        Text letters = arg_text(call, flags, i);
        all = text_find_byte(letters, 'g') < letters.len;
        if (letters.len && letters.data[0] >= '0' && letters.data[0] <= '9') {
            error_set(call->error, E_INVALID_PARAMETER_VALUE,
                      "invalid regular expression option: \"%.1s\"", letters.data);
            return error_hint(call->error, "If you meant to use regexp_replace() with a start "
                                           "parameter, cast the fourth argument to integer "
                                           "explicitly.");
        }
    }
    if (!row_regex(call, i, flags, &regex))
        return false;
    Matches matches = {.regex = regex, .text = arg_text(call, 0, i)};
    return put_replaced(call, i, &matches, all ? 0 : 1);
}
REGEX_KERNEL(regexp_replace_row, false)

static inline bool regexp_replace_from_row(KernelCall *call, i32 i)
{
    i32 flags = flags_argument(OP_REGEXP_REPLACE_FROM, call->nargs), n;
    const Regex *regex;
    Matches matches;
    return check_start(call, i, 3) && int_arg(call, i, 4, "n", 1, 0, &n) &&
           row_regex(call, i, flags, &regex) && matches_open(call, i, 3, regex, &matches) &&
           put_replaced(call, i, &matches, n);
}
REGEX_KERNEL(regexp_replace_from_row, false)

/* ---- regexp_split_to_table ---- */

typedef struct Split {
    Matches matches;
    i64 copied, last_end;
    bool done;
} Split;

static bool split_open(const Value *args, i32 nargs, const FunctionRow *row, const Environment *env,
                       Arena *arena, void **state, Error *error)
{
    Split *split = arena_try(arena, sizeof *split, error);
    Text letters = {NULL, 0};
    if (!split)
        return false;
    *state = split;
    for (i32 i = 0; i < nargs; i++)
        split->done |= args[i].null;
    if (split->done)
        return true;
    if (nargs == 3)
        letters = str_text(&args[2].str);
    if (text_find_byte(letters, 'g') < letters.len)
        return error_set(error, E_INVALID_PARAMETER_VALUE,
                         "regexp_split_to_table() does not support the \"global\" option");
    return arena_text(arena, str_text(&args[0].str), &split->matches.text, error) &&
           compile(str_text(&args[1].str), letters, false, arena, &split->matches.regex, error);
}

/* The next separator: empty matches at the ends, or right behind another match, are none. */
static bool next_separator(Split *split, bool *found, RegexMatch *match, Error *error)
{
    do {
        if (!matches_next(&split->matches, found, match, error))
            return false;
        if (!*found)
            return true;
        bool counts = match->end[0] > split->last_end &&
                      (match->start[0] != match->end[0] || match->end[0] < split->matches.text.len);
        counts &= match->start[0] != match->end[0] || match->start[0] > split->last_end;
        split->last_end = match->end[0];
        if (counts)
            return true;
    } while (true);
}

static bool split_next(void *state, Vector *out, i32 max_rows, i32 *count, Error *error)
{
    Split *split = state;
    RegexMatch match;
    bool found;
    for (*count = 0; *count < max_rows && !split->done; ++*count) {
        Text text = split->matches.text;
        if (!next_separator(split, &found, &match, error))
            return false;
        i64 end = found ? match.start[0] : text.len;
        ((Str *)out->values)[*count] = str_from_text(text_slice(text, split->copied, end));
        split->copied = found ? match.end[0] : text.len;
        split->done = !found;
    }
    return true;
}

const SetFunction regexp_split_function = {split_open, split_next, NULL, false};

// clang-format off
#define STR LANE_STR
#define I32 LANE_I32
#define BIT LANE_BOOL
static const KernelRow rows[] = {
    {OP_REGEX_MATCH,         regex_match_row_kernel,         2, {STR, STR},                          BIT, SCALE_FREE},
    {OP_REGEX_NOT_MATCH,     regex_not_match_row_kernel,     2, {STR, STR},                          BIT, SCALE_FREE},
    {OP_REGEX_IMATCH,        regex_imatch_row_kernel,        2, {STR, STR},                          BIT, SCALE_FREE},
    {OP_REGEX_NOT_IMATCH,    regex_not_imatch_row_kernel,    2, {STR, STR},                          BIT, SCALE_FREE},
    {OP_REGEXP_LIKE,         regexp_like_row_kernel,         2, {STR, STR},                          BIT, SCALE_FREE},
    {OP_REGEXP_LIKE,         regexp_like_row_kernel,         3, {STR, STR, STR},                     BIT, SCALE_FREE},
    {OP_SUBSTRING_REGEX,     substring_regex_row_kernel,     2, {STR, STR},                          STR, SCALE_FREE},
    {OP_SUBSTRING_SIMILAR,   substring_similar_row_kernel,   3, {STR, STR, STR},                     STR, SCALE_FREE},
    {OP_SIMILAR_TO_ESCAPE,   similar_to_escape_row_kernel,   1, {STR},                               STR, SCALE_FREE},
    {OP_SIMILAR_TO_ESCAPE,   similar_to_escape_row_kernel,   2, {STR, STR},                          STR, SCALE_FREE},
    {OP_SIMILAR_ESCAPE,      similar_escape_row_kernel,      2, {STR, STR},                          STR, SCALE_FREE},
    {OP_REGEXP_COUNT,        regexp_count_row_kernel,        2, {STR, STR},                          I32, SCALE_FREE},
    {OP_REGEXP_COUNT,        regexp_count_row_kernel,        3, {STR, STR, I32},                     I32, SCALE_FREE},
    {OP_REGEXP_COUNT,        regexp_count_row_kernel,        4, {STR, STR, I32, STR},                I32, SCALE_FREE},
    {OP_REGEXP_INSTR,        regexp_instr_row_kernel,        2, {STR, STR},                          I32, SCALE_FREE},
    {OP_REGEXP_INSTR,        regexp_instr_row_kernel,        3, {STR, STR, I32},                     I32, SCALE_FREE},
    {OP_REGEXP_INSTR,        regexp_instr_row_kernel,        4, {STR, STR, I32, I32},                I32, SCALE_FREE},
    {OP_REGEXP_INSTR,        regexp_instr_row_kernel,        5, {STR, STR, I32, I32, I32},           I32, SCALE_FREE},
    {OP_REGEXP_INSTR,        regexp_instr_row_kernel,        6, {STR, STR, I32, I32, I32, STR},      I32, SCALE_FREE},
    {OP_REGEXP_INSTR,        regexp_instr_row_kernel,        7, {STR, STR, I32, I32, I32, STR, I32}, I32, SCALE_FREE},
    {OP_REGEXP_SUBSTR,       regexp_substr_row_kernel,       2, {STR, STR},                          STR, SCALE_FREE},
    {OP_REGEXP_SUBSTR,       regexp_substr_row_kernel,       3, {STR, STR, I32},                     STR, SCALE_FREE},
    {OP_REGEXP_SUBSTR,       regexp_substr_row_kernel,       4, {STR, STR, I32, I32},                STR, SCALE_FREE},
    {OP_REGEXP_SUBSTR,       regexp_substr_row_kernel,       5, {STR, STR, I32, I32, STR},           STR, SCALE_FREE},
    {OP_REGEXP_SUBSTR,       regexp_substr_row_kernel,       6, {STR, STR, I32, I32, STR, I32},      STR, SCALE_FREE},
    {OP_REGEXP_REPLACE,      regexp_replace_row_kernel,      3, {STR, STR, STR},                     STR, SCALE_FREE},
    {OP_REGEXP_REPLACE,      regexp_replace_row_kernel,      4, {STR, STR, STR, STR},                STR, SCALE_FREE},
    {OP_REGEXP_REPLACE_FROM, regexp_replace_from_row_kernel, 4, {STR, STR, STR, I32},                STR, SCALE_FREE},
    {OP_REGEXP_REPLACE_FROM, regexp_replace_from_row_kernel, 5, {STR, STR, STR, I32, I32},           STR, SCALE_FREE},
    {OP_REGEXP_REPLACE_FROM, regexp_replace_from_row_kernel, 6, {STR, STR, STR, I32, I32, STR},      STR, SCALE_FREE},
};
// clang-format on

const KernelTable regex_kernels = {rows, countof(rows)};
