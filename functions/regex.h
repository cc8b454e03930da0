/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL's regular expressions (ARE) over PCRE2.
 *
 * A pattern is translated to PCRE2's syntax once. PostgreSQL finds the leftmost match, and of those
 * the longest (or, when the pattern's first quantifier is non-greedy, the shortest); PCRE2 finds
 * the first by its own order. So the span is decided by PCRE2's DFA matcher, which knows all match
 * lengths, and captures by the ordinary matcher on exactly that span. Patterns with
 * back-references take the ordinary matcher only. Match, depth and heap limits are errors, never a
 * wrong answer.
 *
 * Ownership law: a Regex lives in the arena it was compiled in, PCRE2's memory too; nothing to
 * free.
 */
#ifndef GOTGAN_REGEX_H
#define GOTGAN_REGEX_H

#include "base/arena.h"
#include "functions/series.h"

typedef struct Regex Regex;

enum { REGEX_CAPTURES_MAX = 100, REGEX_UNSET = -1 };

/* Byte offsets of a match and its captures; [0] is the whole match; REGEX_UNSET: took no part. */
typedef struct RegexMatch {
    i64 start[REGEX_CAPTURES_MAX], end[REGEX_CAPTURES_MAX];
    i32 count; /* captures + 1 */
} RegexMatch;

typedef enum RegexSyntax { REGEX_ADVANCED, REGEX_EXTENDED, REGEX_BASIC } RegexSyntax;

typedef struct RegexFlags {
    bool ignore_case;     /* i */
    bool global;          /* g: the caller's */
    bool newline_stops;   /* . and [^] do not match a newline (n, m, p) */
    bool newline_anchors; /* ^ and $ match at lines (n, m, w) */
    bool expanded;        /* x */
    bool quoted;          /* q: the pattern is a literal */
    RegexSyntax syntax;   /* e, b */
} RegexFlags;

/* Letters of a flags argument. 22023 `invalid regular expression option: "x"`. */
must_check bool regex_flags(Text letters, RegexFlags *flags, Error *error);
/* 2201B `invalid regular expression: ...`, 0A000 for what cannot be translated. */
must_check bool regex_compile(Text pattern, RegexFlags flags, Arena *arena, const Regex **regex,
                              Error *error);
/* The first match that starts at or behind `from` (a character boundary). */
must_check bool regex_search(const Regex *regex, Text text, i64 from, bool *found,
                             RegexMatch *match, Error *error);
/* Only whether there is a match: does not depend on longest or shortest. */
must_check bool regex_test(const Regex *regex, Text text, bool *found, Error *error);
/* Captures of the pattern, without the whole match. */
i32 regex_captures(const Regex *regex);

extern const SetFunction regexp_split_function;

#endif
