/* SPDX-License-Identifier: Apache-2.0
 *
 * string_agg of text and bytea.
 *
 * A group keeps its bytes in one run that doubles in the states' arena. The delimiter in front of
 * the first value is kept too, with its length, so that two partial results can be joined by it; it
 * is cut off at the end.
 */
#include "functions/aggregate.h"

typedef struct Joined {
    char *bytes;
    i64 len, capacity;
    u32 first_delimiter; /* bytes of the delimiter in front of the first value */
    bool any;
} Joined;

enum { JOINED_BYTES_MAX = 0x3fffffff };

static bool joined_add(Joined *state, Text text, Arena *arena, Error *error)
{
    if (state->len + text.len > JOINED_BYTES_MAX) {
        error_set(error, E_PROGRAM_LIMIT_EXCEEDED, "out of memory");
        return error_detail(error,
                            "Cannot enlarge string buffer containing %lld bytes by %lld "
                            "more bytes.",
                            (long long)state->len, (long long)text.len);
    }
    if (state->len + text.len > state->capacity) {
        i64 capacity = max_i64(state->capacity * 2, state->len + text.len + 32);
        char *bytes = arena_try(arena, capacity, error);
        if (!bytes)
            return false;
        if (state->len)
            memcpy(bytes, state->bytes, (size_t)state->len);
        state->bytes = bytes;
        state->capacity = capacity;
    }
    if (text.len)
        memcpy(state->bytes + state->len, text.data, (size_t)text.len);
    state->len += text.len;
    return true;
}

static i32 row_of(const Vector *vector, i32 i)
{
    return vector->form == VECTOR_CONSTANT ? 0 : i;
}

static bool is_null(const Vector *vector, i32 row)
{
    return vector->valid && !bit_get(vector->valid, row);
}

static bool string_agg_update(AggregateCall *call)
{
    const Vector *values = &call->args[0], *delimiters = &call->args[1];
    i32 count = call->sel ? call->sel->count : call->n;
    for (i32 k = 0; k < count; k++) {
        i32 i = call->sel ? call->sel->rows[k] : k;
        i32 value = row_of(values, i), delimiter = row_of(delimiters, i);
        if (is_null(values, value))
            continue;
        Joined *state =
            (Joined *)(call->states + (call->groups ? call->groups[k] * call->stride : 0));
        Text between = {NULL, 0};
        if (!is_null(delimiters, delimiter))
            between = str_text((const Str *)delimiters->values + delimiter);
        if (!state->any)
            state->first_delimiter = (u32)between.len;
        state->any = true;
        if (!joined_add(state, between, call->arena, call->error) ||
            !joined_add(state, str_text((const Str *)values->values + value), call->arena,
                        call->error))
            return false;
    }
    return true;
}

static bool string_agg_merge(void *state, const void *other, Arena *arena, Error *error)
{
    Joined *a = state;
    const Joined *b = other;
    if (!b->any)
        return true;
    if (!a->any)
        a->first_delimiter = b->first_delimiter;
    a->any = true;
    return joined_add(a, (Text){b->bytes, b->len}, arena, error);
}

static bool string_agg_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                            Arena *arena, Error *error)
{
    for (i32 i = 0; i < n; i++) {
        const Joined *state = state_at(states, stride, i);
        if (!state->any) {
            emit_null(out, first + i);
            continue;
        }
        i64 from = state->first_delimiter;
        ((Str *)out->values)[first + i] = str_from(state->bytes + from, state->len - from);
    }
    return true;
}

static const AggregateKernel string_agg_kernel = {
    .state_bytes = sizeof(Joined),
    .state_is_zero = true,
    .update = string_agg_update,
    .merge = string_agg_merge,
    .emit = string_agg_emit,
};

static const AggregateKernelRow rows[] = {
    {OP_STRING_AGG, &string_agg_kernel, 2, {LANE_STR, LANE_STR}, LANE_STR},
};

const AggregateTable text_aggregates = {rows, countof(rows)};
