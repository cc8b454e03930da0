/* SPDX-License-Identifier: Apache-2.0
 *
 * Tables of text -> value -> text, with the answers PostgreSQL 15 gave: what the tests of the
 * readers and writers in types/ share.
 */
#ifndef GOTGAN_TEXT_CASES_H
#define GOTGAN_TEXT_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "types/text_in.h"
#include "types/text_out.h"
#include "types/timezone.h"

typedef struct TextCase {
    u32 oid;
    i32 typmod;
    DateStyle date_style;
    DateOrder date_order;
    IntervalStyle interval_style;
    const char *zone, *in;
    const char *out; /* "ERR sqlstate message[ D:detail]" when the text is refused */
} TextCase;

static inline void text_case_answer(const TextCase *c, Arena *arena, char *answer, i64 size)
{
    Error error = {0};
    FormatSettings format = {.date_style = c->date_style,
                             .date_order = c->date_order,
                             .interval_style = c->interval_style,
                             .extra_float_digits = 1};
    assert_true(timezone_find(text_from(c->zone), &format.timezone, &error));
    Type type = type_with_typmod(c->oid, c->typmod);
    TextIn in = {type, type_lane(type), &format, arena};
    Value value;
    Text out;
    if (text_in_value(&in, text_from(c->in), &value, &error) &&
        text_out_value(type, &value, &format, arena, &out, &error))
        snprintf(answer, (size_t)size, "%.*s", TEXT_ARG(out));
    else
        snprintf(answer, (size_t)size, "ERR %s %s%s%s", error_sqlstate(error.code), error.message,
                 error.detail[0] ? " D:" : "", error.detail);
}

static inline void check_text_cases(const TextCase *cases, i32 count)
{
    for (i32 i = 0; i < count; i++) {
        static char answer[4096];
        Arena arena;
        arena_open(&arena, NULL);
        text_case_answer(&cases[i], &arena, answer, sizeof answer);
        if (strcmp(answer, cases[i].out) != 0)
            print_message("type %u, input \"%s\", zone %s\n", cases[i].oid, cases[i].in,
                          cases[i].zone);
        assert_string_equal(answer, cases[i].out);
        arena_close(&arena);
    }
}

#endif
