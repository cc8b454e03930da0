/* SPDX-License-Identifier: Apache-2.0
 *
 * Compiling and searching with PCRE2. See regex.h for how a match is decided.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "functions/regex.h"

#include <pcre2.h>

#include "base/query.h"
#include "functions/regex_translate.h"

enum { WORKSPACE = 8192, MATCH_LIMIT = 10000000, DEPTH_LIMIT = 100000, HEAP_LIMIT_KB = 65536 };

struct Regex {
    struct RegexMemory *memory;
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *limits;
    int *workspace;
    RegexTranslation translation;
};

/* PCRE2's memory comes from the arena and goes with it. */
typedef struct RegexMemory {
    Arena *arena;
    Error error;
    pcre2_compile_context *context;
    pcre2_code *looking; /* the code for long texts, when there was one: code_for */
    u32 steps;           /* of it, so far */
} RegexMemory;

static void *regex_memory_take(size_t bytes, void *memory)
{
    return arena_try(((RegexMemory *)memory)->arena, (i64)bytes, &((RegexMemory *)memory)->error);
}
static void regex_memory_give(void *bytes, void *memory) {}

/* PCRE2 comes here before each step of the pattern. */
static int look_for_interrupt(pcre2_callout_block *block, void *state)
{
    enum { CALLOUTS_PER_LOOK = 1024 };
    RegexMemory *memory = state;
    if (++memory->steps % CALLOUTS_PER_LOOK || budget_check(memory->arena->budget, &memory->error))
        return 0;
    return PCRE2_ERROR_CALLOUT;
}

static u32 compile_options(RegexFlags flags)
{
    u32 options = PCRE2_UTF | PCRE2_UCP | PCRE2_NO_UTF_CHECK | PCRE2_DOLLAR_ENDONLY;
    if (flags.ignore_case)
        options |= PCRE2_CASELESS;
    if (!flags.newline_stops)
        options |= PCRE2_DOTALL;
    if (flags.newline_anchors)
        options |= PCRE2_MULTILINE;
    return options;
}

static bool out_of_memory(Error *error)
{
    return error_set(error, E_OUT_OF_MEMORY, "out of memory");
}

static bool not_translatable(Error *error, int code)
{
    char why[200];
    pcre2_get_error_message(code, (PCRE2_UCHAR *)why, sizeof why);
    return error_set(error, E_FEATURE_NOT_SUPPORTED, "this regular expression is not supported: %s",
                     why);
}

bool regex_compile(Text pattern, RegexFlags flags, Arena *arena, const Regex **regex, Error *error)
{
    Regex *made = arena_try(arena, sizeof *made, error);
    RegexMemory *memory = made ? arena_try(arena, sizeof *memory, error) : NULL;
    int code;
    PCRE2_SIZE where;
    if (!memory || !regex_translate(pattern, flags, arena, &made->translation, error))
        return false;
    memory->arena = arena;
    made->memory = memory;
    made->workspace = arena_try(arena, WORKSPACE * (i64)sizeof(int), error);
    pcre2_general_context *general =
        pcre2_general_context_create(regex_memory_take, regex_memory_give, memory);
    pcre2_compile_context *context = general ? pcre2_compile_context_create(general) : NULL;
    memory->context = context;
    made->limits = general ? pcre2_match_context_create(general) : NULL;
    if (!made->workspace || !context || !made->limits)
        return out_of_memory(error);
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    pcre2_set_match_limit(made->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(made->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(made->limits, HEAP_LIMIT_KB);
    pcre2_set_callout(made->limits, look_for_interrupt, memory);
    Text text = made->translation.pattern;
    made->code = pcre2_compile((PCRE2_SPTR)text.data, (PCRE2_SIZE)text.len,
                               compile_options(made->translation.flags), &code, &where, context);
    if (!made->code)
        return code == PCRE2_ERROR_NOMEMORY ? out_of_memory(error) : not_translatable(error, code);
    made->data = pcre2_match_data_create(REGEX_CAPTURES_MAX, general);
    *regex = made;
    return made->data || out_of_memory(error);
}

/* In a long text a search may take minutes, and one attempt to match a tenth of a second, so its
 * code looks for interrupts. */
static const pcre2_code *code_for(const Regex *regex, Text text)
{
    enum { LONG_TEXT = 2048 };
    RegexMemory *memory = regex->memory;
    Text pattern = regex->translation.pattern;
    int code;
    PCRE2_SIZE where;
    if (text.len < LONG_TEXT)
        return regex->code;
    if (!memory->looking)
        memory->looking =
            pcre2_compile((PCRE2_SPTR)pattern.data, (PCRE2_SIZE)pattern.len,
                          compile_options(regex->translation.flags) | PCRE2_AUTO_CALLOUT, &code,
                          &where, memory->context);
    return memory->looking ? memory->looking : regex->code;
}

i32 regex_captures(const Regex *regex)
{
    return regex->translation.captures;
}

static bool search_failed(const Regex *regex, int code, Error *error)
{
    char why[200];
    if (code == PCRE2_ERROR_CALLOUT) {
        *error = regex->memory->error;
        return false;
    }
    if (code == PCRE2_ERROR_NOMEMORY)
        return out_of_memory(error);
    pcre2_get_error_message(code, (PCRE2_UCHAR *)why, sizeof why);
    return error_set(error, E_PROGRAM_LIMIT_EXCEEDED, "regular expression failed: %s", why);
}

static int match_within(const Regex *regex, Text text, i64 from, u32 options)
{
    return pcre2_match(code_for(regex, text), (PCRE2_SPTR)(text.data ? text.data : ""),
                       (PCRE2_SIZE)text.len, (PCRE2_SIZE)from, options | PCRE2_NO_UTF_CHECK,
                       regex->data, regex->limits);
}

static void take_captures(const Regex *regex, RegexMatch *match)
{
    const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(regex->data);
    for (i32 i = 0; i < match->count; i++) {
        bool set = offsets[i * 2] != PCRE2_UNSET;
        match->start[i] = set ? (i64)offsets[i * 2] : REGEX_UNSET;
        match->end[i] = set ? (i64)offsets[i * 2 + 1] : REGEX_UNSET;
    }
}

/* Captures of a match whose span is known. The text is cut at its end; where what follows matters
 * to the pattern, the ordinary matcher may find the same span in the whole text. */
static bool find_captures(const Regex *regex, Text text, RegexMatch *match, Error *error)
{
    i64 start = match->start[0], end = match->end[0];
    u32 at_end = end < text.len ? PCRE2_NOTEOL : 0;
    int code = match_within(regex, (Text){text.data, end}, start,
                            PCRE2_ANCHORED | PCRE2_ENDANCHORED | at_end);
    if (code == PCRE2_ERROR_NOMATCH) {
        code = match_within(regex, text, start, PCRE2_ANCHORED);
        const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(regex->data);
        if (code > 0 && (i64)offsets[1] != end)
            return error_set(error, E_FEATURE_NOT_SUPPORTED,
                             "captures of this regular expression are not supported");
    }
    if (code < 0)
        return search_failed(regex, code, error);
    take_captures(regex, match);
    return true;
}

bool regex_search(const Regex *regex, Text text, i64 from, bool *found, RegexMatch *match,
                  Error *error)
{
    const RegexTranslation *t = &regex->translation;
    const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(regex->data);
    int code;
    match->count = t->captures + 1;
    *found = false;
    if (t->back_references)
        code = match_within(regex, text, from, 0);
    else
        code = pcre2_dfa_match(code_for(regex, text), (PCRE2_SPTR)(text.data ? text.data : ""),
                               (PCRE2_SIZE)text.len, (PCRE2_SIZE)from,
                               PCRE2_NO_UTF_CHECK | (t->shortest ? PCRE2_DFA_SHORTEST : 0),
                               regex->data, regex->limits, regex->workspace, WORKSPACE);
    if (code == PCRE2_ERROR_NOMATCH)
        return true;
    if (code < 0)
        return search_failed(regex, code, error);
    *found = true;
    if (t->back_references) {
        take_captures(regex, match);
        return true;
    }
    match->start[0] = (i64)offsets[0];
    match->end[0] = (i64)offsets[1];
    return t->captures == 0 || find_captures(regex, text, match, error);
}

/* The ordinary matcher is faster; where it runs into its limits the other one decides. */
bool regex_test(const Regex *regex, Text text, bool *found, Error *error)
{
    RegexMatch match;
    int code = match_within(regex, text, 0, 0);
    if (code == PCRE2_ERROR_CALLOUT)
        return search_failed(regex, code, error);
    if (code < 0 && code != PCRE2_ERROR_NOMATCH)
        return regex_search(regex, text, 0, found, &match, error);
    *found = code > 0;
    return true;
}
