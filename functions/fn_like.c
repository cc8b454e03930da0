/* SPDX-License-Identifier: Apache-2.0
 *
 * LIKE, ILIKE and their ESCAPE clause.
 *
 * A constant pattern is compiled once per call site and worker (prepare), any other once per row.
 * ILIKE puts pattern and text to lower case and matches those, as PostgreSQL does. A char(n) is
 * matched with its trailing blanks.
 */
#include "functions/like_pattern.h"
#include "functions/text_make.h"

/* text in lower case; false: out of memory. */
static bool fold_text(Arena *arena, Text text, Text *folded, Error *error)
{
    TextMaker maker = {.arena = arena, .error = error};
    maker_reserve(&maker, text.len);
    for (i64 at = 0; at < text.len && !maker.failed;)
        maker_char(&maker, char_lower(utf8_next(text, &at)));
    *folded = maker_text(&maker);
    return !maker.failed;
}

static bool compile_pattern(Text pattern, LikeMode mode, Arena *arena, LikePattern *compiled,
                            Error *error)
{
    if (mode == LIKE_FOLDED && !fold_text(arena, pattern, &pattern, error))
        return false;
    return like_compile(pattern, mode, arena, compiled, error);
}

TEMPLATE bool match_row(KernelCall *call, i32 i, LikeMode mode, bool negate)
{
    LikePattern local;
    const LikePattern *pattern = call->state;
    Text text = padded_text(call, 0, i);
    bool matches;
    if (!text.data)
        return false;
    if (!pattern) {
        if (!compile_pattern(arg_text(call, 1, i), mode, call->arena, &local, call->error))
            return false;
        pattern = &local;
    }
    if (mode == LIKE_FOLDED && !fold_text(call->arena, text, &text, call->error))
        return false;
    Look look = call_look(call);
    return like_match(pattern, text, &look, &matches) && put_bool(call, i, matches != negate);
}

/* Without a state a constant pattern is compiled for this chunk. */
TEMPLATE KernelStatus match_rows(KernelCall *call, LikeMode mode, RowFunction row)
{
    LikePattern pattern;
    KernelCall with_state = *call;
    if (call->state || call->args[1].form != VECTOR_CONSTANT || arg_is_null(call, 1, 0))
        return each_row(call, row);
    if (!compile_pattern(arg_text(call, 1, 0), mode, call->arena, &pattern, call->error))
        return KERNEL_ERROR;
    with_state.state = &pattern;
    KernelStatus status = each_row(&with_state, row);
    call->bad = with_state.bad;
    return status;
}

static inline bool like_row(KernelCall *call, i32 i)
{
    return match_row(call, i, LIKE_TEXT, false);
}
static inline bool not_like_row(KernelCall *call, i32 i)
{
    return match_row(call, i, LIKE_TEXT, true);
}
static inline bool ilike_row(KernelCall *call, i32 i)
{
    return match_row(call, i, LIKE_FOLDED, false);
}
static inline bool not_ilike_row(KernelCall *call, i32 i)
{
    return match_row(call, i, LIKE_FOLDED, true);
}
static inline bool bytea_like_row(KernelCall *call, i32 i)
{
    return match_row(call, i, LIKE_BINARY, false);
}
static inline bool bytea_not_like_row(KernelCall *call, i32 i)
{
    return match_row(call, i, LIKE_BINARY, true);
}

static KernelStatus like_kernel(KernelCall *call)
{
    return match_rows(call, LIKE_TEXT, like_row);
}
static KernelStatus not_like_kernel(KernelCall *call)
{
    return match_rows(call, LIKE_TEXT, not_like_row);
}
static KernelStatus ilike_kernel(KernelCall *call)
{
    return match_rows(call, LIKE_FOLDED, ilike_row);
}
static KernelStatus not_ilike_kernel(KernelCall *call)
{
    return match_rows(call, LIKE_FOLDED, not_ilike_row);
}
static KernelStatus bytea_like_kernel(KernelCall *call)
{
    return match_rows(call, LIKE_BINARY, bytea_like_row);
}
static KernelStatus bytea_not_like_kernel(KernelCall *call)
{
    return match_rows(call, LIKE_BINARY, bytea_not_like_row);
}

/* ---- the compiled pattern of a call site ---- */

static LikeMode operation_mode(Operation operation)
{
    if (operation == OP_ILIKE || operation == OP_NOT_ILIKE)
        return LIKE_FOLDED;
    return operation == OP_LIKE || operation == OP_NOT_LIKE ? LIKE_TEXT : LIKE_BINARY;
}

static bool like_prepare(const Value *const *constants, i32 nargs, const FunctionRow *row,
                         Arena *arena, void **state, Error *error)
{
    *state = NULL;
    if (nargs < 2 || !constants[1] || constants[1]->null)
        return true;
    LikePattern *pattern = arena_try(arena, sizeof *pattern, error);
    if (!pattern || !compile_pattern(str_text(&constants[1]->str), operation_mode(row->operation),
                                     arena, pattern, error))
        return false;
    *state = pattern;
    return true;
}

static const StateRow state_rows[] = {
    {OP_LIKE, {like_prepare, NULL}},       {OP_NOT_LIKE, {like_prepare, NULL}},
    {OP_ILIKE, {like_prepare, NULL}},      {OP_NOT_ILIKE, {like_prepare, NULL}},
    {OP_BYTEA_LIKE, {like_prepare, NULL}}, {OP_BYTEA_NOT_LIKE, {like_prepare, NULL}},
};
const StateTable like_states = {state_rows, countof(state_rows)};

/* ---- ESCAPE ---- */

static bool bad_escape(KernelCall *call)
{
    error_set(call->error, E_INVALID_ESCAPE_SEQUENCE, "invalid escape string");
    return error_hint(call->error, "Escape string must be empty or one character.");
}

/* The pattern with `escape` in the role of the backslash, as one with the backslash. */
TEMPLATE bool put_escaped(KernelCall *call, i32 i, bool binary)
{
    Text pattern = arg_text(call, 0, i), escape = arg_text(call, 1, i);
    i64 width = escape.len == 0 ? 0 : binary ? 1 : utf8_width((u8)escape.data[0]);
    TextMaker maker = maker_open(call);
    bool escaped = false;
    if (escape.len > width)
        return bad_escape(call);
    if (escape.len == 1 && escape.data[0] == '\\')
        return put_text(call, i, pattern);
    for (i64 at = 0; at < pattern.len && !maker.failed;) {
        Text rest = text_slice(pattern, at, pattern.len);
        if (width && !escaped && text_starts_with(rest, escape)) {
            maker_byte(&maker, '\\');
            escaped = true;
            at += width;
            continue;
        }
        if (pattern.data[at] == '\\' && !escaped)
            maker_byte(&maker, '\\');
        i64 step = binary ? 1 : utf8_width((u8)pattern.data[at]);
        maker_add(&maker, text_slice(pattern, at, at + step));
        at += step;
        escaped = false;
    }
    return put_made(call, i, &maker);
}

static inline bool like_escape_row(KernelCall *call, i32 i)
{
    return put_escaped(call, i, false);
}
ROW_KERNEL(like_escape_row)
static inline bool bytea_like_escape_row(KernelCall *call, i32 i)
{
    return put_escaped(call, i, true);
}
ROW_KERNEL(bytea_like_escape_row)

// clang-format off
static const KernelRow rows[] = {
    {OP_LIKE,              like_kernel,                  2, {LANE_STR, LANE_STR}, LANE_BOOL, SCALE_FREE},
    {OP_NOT_LIKE,          not_like_kernel,              2, {LANE_STR, LANE_STR}, LANE_BOOL, SCALE_FREE},
    {OP_ILIKE,             ilike_kernel,                 2, {LANE_STR, LANE_STR}, LANE_BOOL, SCALE_FREE},
    {OP_NOT_ILIKE,         not_ilike_kernel,             2, {LANE_STR, LANE_STR}, LANE_BOOL, SCALE_FREE},
    {OP_BYTEA_LIKE,        bytea_like_kernel,            2, {LANE_STR, LANE_STR}, LANE_BOOL, SCALE_FREE},
    {OP_BYTEA_NOT_LIKE,    bytea_not_like_kernel,        2, {LANE_STR, LANE_STR}, LANE_BOOL, SCALE_FREE},
    {OP_LIKE_ESCAPE,       like_escape_row_kernel,       2, {LANE_STR, LANE_STR}, LANE_STR,  SCALE_FREE},
    {OP_BYTEA_LIKE_ESCAPE, bytea_like_escape_row_kernel, 2, {LANE_STR, LANE_STR}, LANE_STR,  SCALE_FREE},
};
// clang-format on

const KernelTable like_kernels = {rows, countof(rows)};
