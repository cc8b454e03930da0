/* SPDX-License-Identifier: Apache-2.0
 *
 * min and max over every lane that has an order.
 *
 * Of values that are equal but look different (1.0 and 1.00, 1 month and 30 days, the zeros) the
 * last one is kept, as PostgreSQL does.
 *
 * Fixed-width lanes start from the far end of their range, so that the loop is a plain minimum.
 * Strings and long Nums are copied into the states' arena; when a longer-lived best value is
 * replaced by one that fits into its space, the space is used again, so a rising column does not
 * fill the arena.
 */
#include <math.h>

#include "functions/aggregate.h"

/* ---- i16 ---- */

typedef struct BestI16 {
    i16 value;
    bool any;
} BestI16;

static inline bool least_i16(AggregateCall *call, BestI16 *state, i16 value)
{
    state->value = value < state->value ? value : state->value;
    state->any = true;
    return true;
}
static inline bool greatest_i16(AggregateCall *call, BestI16 *state, i16 value)
{
    state->value = state->value < value ? value : state->value;
    state->any = true;
    return true;
}
static void least_i16_init(void *state)
{
    *(BestI16 *)state = (BestI16){.value = INT16_MAX};
}
static void greatest_i16_init(void *state)
{
    *(BestI16 *)state = (BestI16){.value = INT16_MIN};
}
static bool least_i16_merge(void *state, const void *other, Arena *arena, Error *error)
{
    const BestI16 *more = other;
    return !more->any || least_i16(NULL, state, more->value);
}
static bool greatest_i16_merge(void *state, const void *other, Arena *arena, Error *error)
{
    const BestI16 *more = other;
    return !more->any || greatest_i16(NULL, state, more->value);
}
static bool best_i16_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                          Error *error)
{
    for (i32 i = 0; i < n; i++) {
        const BestI16 *state = state_at(states, stride, i);
        if (state->any)
            ((i16 *)out->values)[first + i] = state->value;
        else
            emit_null(out, first + i);
    }
    return true;
}

#define UPDATE least_i16_update
#define STATE BestI16
#define T i16
#define STEP least_i16
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel least_i16_kernel = {
    .state_bytes = sizeof(BestI16),
    .init = least_i16_init,
    .update = least_i16_update,
    .merge = least_i16_merge,
    .emit = best_i16_emit,
};

#define UPDATE greatest_i16_update
#define STATE BestI16
#define T i16
#define STEP greatest_i16
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel greatest_i16_kernel = {
    .state_bytes = sizeof(BestI16),
    .init = greatest_i16_init,
    .update = greatest_i16_update,
    .merge = greatest_i16_merge,
    .emit = best_i16_emit,
};

/* ---- i32 ---- */

typedef struct BestI32 {
    i32 value;
    bool any;
} BestI32;

static inline bool least_i32(AggregateCall *call, BestI32 *state, i32 value)
{
    state->value = value < state->value ? value : state->value;
    state->any = true;
    return true;
}
static inline bool greatest_i32(AggregateCall *call, BestI32 *state, i32 value)
{
    state->value = state->value < value ? value : state->value;
    state->any = true;
    return true;
}
static void least_i32_init(void *state)
{
    *(BestI32 *)state = (BestI32){.value = INT32_MAX};
}
static void greatest_i32_init(void *state)
{
    *(BestI32 *)state = (BestI32){.value = INT32_MIN};
}
static bool least_i32_merge(void *state, const void *other, Arena *arena, Error *error)
{
    const BestI32 *more = other;
    return !more->any || least_i32(NULL, state, more->value);
}
static bool greatest_i32_merge(void *state, const void *other, Arena *arena, Error *error)
{
    const BestI32 *more = other;
    return !more->any || greatest_i32(NULL, state, more->value);
}
static bool best_i32_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                          Error *error)
{
    for (i32 i = 0; i < n; i++) {
        const BestI32 *state = state_at(states, stride, i);
        if (state->any)
            ((i32 *)out->values)[first + i] = state->value;
        else
            emit_null(out, first + i);
    }
    return true;
}

#define UPDATE least_i32_update
#define STATE BestI32
#define T i32
#define STEP least_i32
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel least_i32_kernel = {
    .state_bytes = sizeof(BestI32),
    .init = least_i32_init,
    .update = least_i32_update,
    .merge = least_i32_merge,
    .emit = best_i32_emit,
};

#define UPDATE greatest_i32_update
#define STATE BestI32
#define T i32
#define STEP greatest_i32
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel greatest_i32_kernel = {
    .state_bytes = sizeof(BestI32),
    .init = greatest_i32_init,
    .update = greatest_i32_update,
    .merge = greatest_i32_merge,
    .emit = best_i32_emit,
};

/* ---- i64 ---- */

typedef struct BestI64 {
    i64 value;
    bool any;
} BestI64;

static inline bool least_i64(AggregateCall *call, BestI64 *state, i64 value)
{
    state->value = value < state->value ? value : state->value;
    state->any = true;
    return true;
}
static inline bool greatest_i64(AggregateCall *call, BestI64 *state, i64 value)
{
    state->value = state->value < value ? value : state->value;
    state->any = true;
    return true;
}
static void least_i64_init(void *state)
{
    *(BestI64 *)state = (BestI64){.value = INT64_MAX};
}
static void greatest_i64_init(void *state)
{
    *(BestI64 *)state = (BestI64){.value = INT64_MIN};
}
static bool least_i64_merge(void *state, const void *other, Arena *arena, Error *error)
{
    const BestI64 *more = other;
    return !more->any || least_i64(NULL, state, more->value);
}
static bool greatest_i64_merge(void *state, const void *other, Arena *arena, Error *error)
{
    const BestI64 *more = other;
    return !more->any || greatest_i64(NULL, state, more->value);
}
static bool best_i64_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                          Error *error)
{
    for (i32 i = 0; i < n; i++) {
        const BestI64 *state = state_at(states, stride, i);
        if (state->any)
            ((i64 *)out->values)[first + i] = state->value;
        else
            emit_null(out, first + i);
    }
    return true;
}

#define UPDATE least_i64_update
#define STATE BestI64
#define T i64
#define STEP least_i64
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel least_i64_kernel = {
    .state_bytes = sizeof(BestI64),
    .init = least_i64_init,
    .update = least_i64_update,
    .merge = least_i64_merge,
    .emit = best_i64_emit,
};

#define UPDATE greatest_i64_update
#define STATE BestI64
#define T i64
#define STEP greatest_i64
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel greatest_i64_kernel = {
    .state_bytes = sizeof(BestI64),
    .init = greatest_i64_init,
    .update = greatest_i64_update,
    .merge = greatest_i64_merge,
    .emit = best_i64_emit,
};

/* ---- i128 ---- */

typedef struct BestI128 {
    i128 value;
    bool any;
} BestI128;

static inline bool least_i128(AggregateCall *call, BestI128 *state, i128 value)
{
    state->value = value < state->value ? value : state->value;
    state->any = true;
    return true;
}
static inline bool greatest_i128(AggregateCall *call, BestI128 *state, i128 value)
{
    state->value = state->value < value ? value : state->value;
    state->any = true;
    return true;
}
static void least_i128_init(void *state)
{
    *(BestI128 *)state = (BestI128){.value = (i128)(~(u128)0 >> 1)};
}
static void greatest_i128_init(void *state)
{
    *(BestI128 *)state = (BestI128){.value = -(i128)(~(u128)0 >> 1) - 1};
}
static bool least_i128_merge(void *state, const void *other, Arena *arena, Error *error)
{
    const BestI128 *more = other;
    return !more->any || least_i128(NULL, state, more->value);
}
static bool greatest_i128_merge(void *state, const void *other, Arena *arena, Error *error)
{
    const BestI128 *more = other;
    return !more->any || greatest_i128(NULL, state, more->value);
}
static bool best_i128_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                           Arena *arena, Error *error)
{
    for (i32 i = 0; i < n; i++) {
        const BestI128 *state = state_at(states, stride, i);
        if (state->any)
            ((i128 *)out->values)[first + i] = state->value;
        else
            emit_null(out, first + i);
    }
    return true;
}

#define UPDATE least_i128_update
#define STATE BestI128
#define T i128
#define STEP least_i128
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel least_i128_kernel = {
    .state_bytes = sizeof(BestI128),
    .init = least_i128_init,
    .update = least_i128_update,
    .merge = least_i128_merge,
    .emit = best_i128_emit,
};

#define UPDATE greatest_i128_update
#define STATE BestI128
#define T i128
#define STEP greatest_i128
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel greatest_i128_kernel = {
    .state_bytes = sizeof(BestI128),
    .init = greatest_i128_init,
    .update = greatest_i128_update,
    .merge = greatest_i128_merge,
    .emit = best_i128_emit,
};

/* ---- f32 ---- */

typedef struct BestF32 {
    f32 value;
    bool any;
} BestF32;

static inline bool least_f32(AggregateCall *call, BestF32 *state, f32 value)
{
    bool takes = (value <= state->value) | (state->value != state->value);
    state->value = takes ? value : state->value;
    state->any = true;
    return true;
}
static inline bool greatest_f32(AggregateCall *call, BestF32 *state, f32 value)
{
    bool takes = (value >= state->value) | (value != value);
    state->value = takes ? value : state->value;
    state->any = true;
    return true;
}
static void least_f32_init(void *state)
{
    *(BestF32 *)state = (BestF32){.value = NAN};
}
static void greatest_f32_init(void *state)
{
    *(BestF32 *)state = (BestF32){.value = -INFINITY};
}
static bool least_f32_merge(void *state, const void *other, Arena *arena, Error *error)
{
    const BestF32 *more = other;
    return !more->any || least_f32(NULL, state, more->value);
}
static bool greatest_f32_merge(void *state, const void *other, Arena *arena, Error *error)
{
    const BestF32 *more = other;
    return !more->any || greatest_f32(NULL, state, more->value);
}
static bool best_f32_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                          Error *error)
{
    for (i32 i = 0; i < n; i++) {
        const BestF32 *state = state_at(states, stride, i);
        if (state->any)
            ((f32 *)out->values)[first + i] = state->value;
        else
            emit_null(out, first + i);
    }
    return true;
}

#define UPDATE least_f32_update
#define STATE BestF32
#define T f32
#define STEP least_f32
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel least_f32_kernel = {
    .state_bytes = sizeof(BestF32),
    .init = least_f32_init,
    .update = least_f32_update,
    .merge = least_f32_merge,
    .emit = best_f32_emit,
};

#define UPDATE greatest_f32_update
#define STATE BestF32
#define T f32
#define STEP greatest_f32
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel greatest_f32_kernel = {
    .state_bytes = sizeof(BestF32),
    .init = greatest_f32_init,
    .update = greatest_f32_update,
    .merge = greatest_f32_merge,
    .emit = best_f32_emit,
};

/* ---- f64 ---- */

typedef struct BestF64 {
    f64 value;
    bool any;
} BestF64;

static inline bool least_f64(AggregateCall *call, BestF64 *state, f64 value)
{
    bool takes = (value <= state->value) | (state->value != state->value);
    state->value = takes ? value : state->value;
    state->any = true;
    return true;
}
static inline bool greatest_f64(AggregateCall *call, BestF64 *state, f64 value)
{
    bool takes = (value >= state->value) | (value != value);
    state->value = takes ? value : state->value;
    state->any = true;
    return true;
}
static void least_f64_init(void *state)
{
    *(BestF64 *)state = (BestF64){.value = NAN};
}
static void greatest_f64_init(void *state)
{
    *(BestF64 *)state = (BestF64){.value = -INFINITY};
}
static bool least_f64_merge(void *state, const void *other, Arena *arena, Error *error)
{
    const BestF64 *more = other;
    return !more->any || least_f64(NULL, state, more->value);
}
static bool greatest_f64_merge(void *state, const void *other, Arena *arena, Error *error)
{
    const BestF64 *more = other;
    return !more->any || greatest_f64(NULL, state, more->value);
}
static bool best_f64_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                          Error *error)
{
    for (i32 i = 0; i < n; i++) {
        const BestF64 *state = state_at(states, stride, i);
        if (state->any)
            ((f64 *)out->values)[first + i] = state->value;
        else
            emit_null(out, first + i);
    }
    return true;
}

#define UPDATE least_f64_update
#define STATE BestF64
#define T f64
#define STEP least_f64
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel least_f64_kernel = {
    .state_bytes = sizeof(BestF64),
    .init = least_f64_init,
    .update = least_f64_update,
    .merge = least_f64_merge,
    .emit = best_f64_emit,
};

#define UPDATE greatest_f64_update
#define STATE BestF64
#define T f64
#define STEP greatest_f64
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel greatest_f64_kernel = {
    .state_bytes = sizeof(BestF64),
    .init = greatest_f64_init,
    .update = greatest_f64_update,
    .merge = greatest_f64_merge,
    .emit = best_f64_emit,
};

/* ---- Interval ---- */

typedef struct BestInterval {
    Interval value;
    bool any;
} BestInterval;

static inline bool least_interval(AggregateCall *call, BestInterval *state, Interval value)
{
    if (!state->any || interval_compare(value, state->value) <= 0)
        state->value = value;
    state->any = true;
    return true;
}
static inline bool greatest_interval(AggregateCall *call, BestInterval *state, Interval value)
{
    if (!state->any || interval_compare(state->value, value) <= 0)
        state->value = value;
    state->any = true;
    return true;
}
static bool least_interval_merge(void *state, const void *other, Arena *arena, Error *error)
{
    const BestInterval *more = other;
    return !more->any || least_interval(NULL, state, more->value);
}
static bool greatest_interval_merge(void *state, const void *other, Arena *arena, Error *error)
{
    const BestInterval *more = other;
    return !more->any || greatest_interval(NULL, state, more->value);
}
static bool best_interval_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first,
                               Arena *arena, Error *error)
{
    for (i32 i = 0; i < n; i++) {
        const BestInterval *state = state_at(states, stride, i);
        if (state->any)
            ((Interval *)out->values)[first + i] = state->value;
        else
            emit_null(out, first + i);
    }
    return true;
}

#define UPDATE least_interval_update
#define STATE BestInterval
#define T Interval
#define STEP least_interval
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel least_interval_kernel = {
    .state_bytes = sizeof(BestInterval),
    .state_is_zero = true,
    .update = least_interval_update,
    .merge = least_interval_merge,
    .emit = best_interval_emit,
};

#define UPDATE greatest_interval_update
#define STATE BestInterval
#define T Interval
#define STEP greatest_interval
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel greatest_interval_kernel = {
    .state_bytes = sizeof(BestInterval),
    .state_is_zero = true,
    .update = greatest_interval_update,
    .merge = greatest_interval_merge,
    .emit = best_interval_emit,
};

/* ---- strings ---- */

typedef struct BestStr {
    Str value;    /* long: points to space */
    char *space;  /* in the states' arena */
    u32 capacity; /* bytes of space */
    bool any;
} BestStr;

static bool keep_str(BestStr *state, Str value, Arena *arena, Error *error)
{
    state->any = true;
    if (value.len > STR_INLINE_MAX && value.len > state->capacity) {
        u32 capacity = (u32)align_up(value.len, 64);
        char *space = arena_try(arena, capacity, error);
        if (!space)
            return false;
        state->space = space;
        state->capacity = capacity;
    }
    if (value.len > STR_INLINE_MAX) {
        memmove(state->space, value.pointer, value.len);
        value.pointer = state->space;
    }
    state->value = value;
    return true;
}

static inline bool min_str(AggregateCall *call, BestStr *state, Str value)
{
    return (state->any && str_compare(&value, &state->value) >= 0) ||
           keep_str(state, value, call->arena, call->error);
}
static inline bool max_str(AggregateCall *call, BestStr *state, Str value)
{
    return (state->any && str_compare(&value, &state->value) <= 0) ||
           keep_str(state, value, call->arena, call->error);
}

static bool min_str_merge(void *state, const void *other, Arena *arena, Error *error)
{
    AggregateCall call = {.arena = arena, .error = error};
    return !((const BestStr *)other)->any || min_str(&call, state, ((const BestStr *)other)->value);
}
static bool max_str_merge(void *state, const void *other, Arena *arena, Error *error)
{
    AggregateCall call = {.arena = arena, .error = error};
    return !((const BestStr *)other)->any || max_str(&call, state, ((const BestStr *)other)->value);
}

/* bpchar without a length: equal whatever blanks are behind; the first of equal ones is kept. */
static i32 bpchar_compare(const Str *a, const Str *b)
{
    Str left = str_from_text(text_without_blanks(str_text(a)));
    Str right = str_from_text(text_without_blanks(str_text(b)));
    return str_compare(&left, &right);
}

static inline bool min_bpchar(AggregateCall *call, BestStr *state, Str value)
{
    return (state->any && bpchar_compare(&value, &state->value) >= 0) ||
           keep_str(state, value, call->arena, call->error);
}
static inline bool max_bpchar(AggregateCall *call, BestStr *state, Str value)
{
    return (state->any && bpchar_compare(&value, &state->value) <= 0) ||
           keep_str(state, value, call->arena, call->error);
}
static inline bool first_bpchar(AggregateCall *call, BestStr *state, Str value)
{
    return state->any || keep_str(state, value, call->arena, call->error);
}

static bool min_bpchar_merge(void *state, const void *other, Arena *arena, Error *error)
{
    AggregateCall call = {.arena = arena, .error = error};
    const BestStr *more = other;
    return !more->any || min_bpchar(&call, state, more->value);
}
static bool max_bpchar_merge(void *state, const void *other, Arena *arena, Error *error)
{
    AggregateCall call = {.arena = arena, .error = error};
    const BestStr *more = other;
    return !more->any || max_bpchar(&call, state, more->value);
}
static bool first_bpchar_merge(void *state, const void *other, Arena *arena, Error *error)
{
    AggregateCall call = {.arena = arena, .error = error};
    const BestStr *more = other;
    return !more->any || first_bpchar(&call, state, more->value);
}

static bool best_str_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                          Error *error)
{
    for (i32 i = 0; i < n; i++) {
        const BestStr *state = state_at(states, stride, i);
        if (state->any)
            ((Str *)out->values)[first + i] = state->value;
        else
            emit_null(out, first + i);
    }
    return true;
}

/* ---- NUM ---- */

typedef struct BestNum {
    Num value;    /* NUM_LIMBS: points to space */
    u32 *space;   /* in the states' arena */
    u32 capacity; /* limbs of space */
    bool any;
} BestNum;

static bool keep_num(BestNum *state, Num value, Arena *arena, Error *error)
{
    state->any = true;
    if (value.kind == NUM_LIMBS && value.count > state->capacity) {
        u32 *space = arena_try(arena, (i64)value.count * 4, error);
        if (!space)
            return false;
        state->space = space;
        state->capacity = value.count;
    }
    if (value.kind == NUM_LIMBS) {
        memmove(state->space, value.limbs, (size_t)value.count * 4);
        value.limbs = state->space;
    }
    state->value = value;
    return true;
}

static inline bool min_num(AggregateCall *call, BestNum *state, Num value)
{
    return (state->any && num_compare(value, state->value) > 0) ||
           keep_num(state, value, call->arena, call->error);
}
static inline bool max_num(AggregateCall *call, BestNum *state, Num value)
{
    return (state->any && num_compare(value, state->value) < 0) ||
           keep_num(state, value, call->arena, call->error);
}

static bool min_num_merge(void *state, const void *other, Arena *arena, Error *error)
{
    AggregateCall call = {.arena = arena, .error = error};
    return !((const BestNum *)other)->any || min_num(&call, state, ((const BestNum *)other)->value);
}
static bool max_num_merge(void *state, const void *other, Arena *arena, Error *error)
{
    AggregateCall call = {.arena = arena, .error = error};
    return !((const BestNum *)other)->any || max_num(&call, state, ((const BestNum *)other)->value);
}

static bool best_num_emit(const u8 *states, i64 stride, i32 n, Vector *out, i32 first, Arena *arena,
                          Error *error)
{
    for (i32 i = 0; i < n; i++) {
        const BestNum *state = state_at(states, stride, i);
        if (state->any)
            ((Num *)out->values)[first + i] = state->value;
        else
            emit_null(out, first + i);
    }
    return true;
}

#define UPDATE min_str_update
#define STATE BestStr
#define T Str
#define STEP min_str
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel min_str_kernel = {
    .state_bytes = sizeof(BestStr),
    .state_is_zero = true,
    .update = min_str_update,
    .merge = min_str_merge,
    .emit = best_str_emit,
};

#define UPDATE max_str_update
#define STATE BestStr
#define T Str
#define STEP max_str
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel max_str_kernel = {
    .state_bytes = sizeof(BestStr),
    .state_is_zero = true,
    .update = max_str_update,
    .merge = max_str_merge,
    .emit = best_str_emit,
};

#define UPDATE min_bpchar_update
#define STATE BestStr
#define T Str
#define STEP min_bpchar
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel min_bpchar_kernel = {
    .state_bytes = sizeof(BestStr),
    .state_is_zero = true,
    .update = min_bpchar_update,
    .merge = min_bpchar_merge,
    .emit = best_str_emit,
};

#define UPDATE max_bpchar_update
#define STATE BestStr
#define T Str
#define STEP max_bpchar
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel max_bpchar_kernel = {
    .state_bytes = sizeof(BestStr),
    .state_is_zero = true,
    .update = max_bpchar_update,
    .merge = max_bpchar_merge,
    .emit = best_str_emit,
};

#define UPDATE first_bpchar_update
#define STATE BestStr
#define T Str
#define STEP first_bpchar
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel first_bpchar_kernel = {
    .state_bytes = sizeof(BestStr),
    .state_is_zero = true,
    .update = first_bpchar_update,
    .merge = first_bpchar_merge,
    .emit = best_str_emit,
};

#define UPDATE min_num_update
#define STATE BestNum
#define T Num
#define STEP min_num
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel min_num_kernel = {
    .state_bytes = sizeof(BestNum),
    .state_is_zero = true,
    .update = min_num_update,
    .merge = min_num_merge,
    .emit = best_num_emit,
};

#define UPDATE max_num_update
#define STATE BestNum
#define T Num
#define STEP max_num
#include "functions/aggregate_loop.inc.h"

static const AggregateKernel max_num_kernel = {
    .state_bytes = sizeof(BestNum),
    .state_is_zero = true,
    .update = max_num_update,
    .merge = max_num_merge,
    .emit = best_num_emit,
};

// clang-format off
static const AggregateKernelRow rows[] = {
    {OP_MIN, &least_i16_kernel,       1, {LANE_I16},       LANE_I16},
    {OP_MAX, &greatest_i16_kernel,       1, {LANE_I16},       LANE_I16},
    {OP_MIN, &least_i32_kernel,       1, {LANE_I32},       LANE_I32},
    {OP_MAX, &greatest_i32_kernel,       1, {LANE_I32},       LANE_I32},
    {OP_MIN, &least_i64_kernel,       1, {LANE_I64},       LANE_I64},
    {OP_MIN, &least_i64_kernel,       1, {LANE_DEC64},     LANE_DEC64},
    {OP_MAX, &greatest_i64_kernel,       1, {LANE_I64},       LANE_I64},
    {OP_MAX, &greatest_i64_kernel,       1, {LANE_DEC64},     LANE_DEC64},
    {OP_MIN, &least_i128_kernel,      1, {LANE_I128},      LANE_I128},
    {OP_MIN, &least_i128_kernel,      1, {LANE_DEC128},    LANE_DEC128},
    {OP_MAX, &greatest_i128_kernel,      1, {LANE_I128},      LANE_I128},
    {OP_MAX, &greatest_i128_kernel,      1, {LANE_DEC128},    LANE_DEC128},
    {OP_MIN, &least_f32_kernel,       1, {LANE_F32},       LANE_F32},
    {OP_MAX, &greatest_f32_kernel,       1, {LANE_F32},       LANE_F32},
    {OP_MIN, &least_f64_kernel,       1, {LANE_F64},       LANE_F64},
    {OP_MAX, &greatest_f64_kernel,       1, {LANE_F64},       LANE_F64},
    {OP_MIN, &least_interval_kernel,  1, {LANE_INTERVAL},  LANE_INTERVAL},
    {OP_MAX, &greatest_interval_kernel,  1, {LANE_INTERVAL},  LANE_INTERVAL},
    {OP_MIN, &min_str_kernel,       1, {LANE_STR},       LANE_STR},
    {OP_MAX, &max_str_kernel,       1, {LANE_STR},       LANE_STR},
    {OP_BPCHAR_MIN,   &min_bpchar_kernel,   1, {LANE_STR}, LANE_STR},
    {OP_BPCHAR_MAX,   &max_bpchar_kernel,   1, {LANE_STR}, LANE_STR},
    {OP_BPCHAR_FIRST, &first_bpchar_kernel, 1, {LANE_STR}, LANE_STR},
    {OP_MIN, &min_num_kernel,       1, {LANE_NUM},       LANE_NUM},
    {OP_MAX, &max_num_kernel,       1, {LANE_NUM},       LANE_NUM},
};
// clang-format on

const AggregateTable FOR_INSTRUCTIONS(extreme_aggregates) = {rows, countof(rows)};
