/* SPDX-License-Identifier: Apache-2.0
 *
 * From PostgreSQL's regular-expression syntax to PCRE2's.
 */
#ifndef GOTGAN_REGEX_TRANSLATE_H
#define GOTGAN_REGEX_TRANSLATE_H

#include "functions/regex.h"

typedef struct RegexTranslation {
    Text pattern;     /* for PCRE2, in the arena */
    RegexFlags flags; /* with the pattern's own (?flags) */
    bool shortest;    /* the whole match is the shortest, not the longest */
    bool back_references;
    i32 captures;
} RegexTranslation;

/* 2201B with PostgreSQL's text; 0A000 for what PCRE2 cannot do. */
must_check bool regex_translate(Text pattern, RegexFlags flags, Arena *arena,
                                RegexTranslation *translation, Error *error);

/* regex_syntax.c: the advanced expression that means what the pattern does in flags->syntax. */
must_check bool regex_as_advanced(Text pattern, const RegexFlags *flags, Arena *arena,
                                  Text *advanced, Error *error);

#endif
