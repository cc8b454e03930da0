/* SPDX-License-Identifier: Apache-2.0
 *
 * Running sums of Num: an i128 at the largest scale seen takes nearly all values without memory;
 * what does not fit (limbs, scales too far apart) is added up as a Num beside it.
 *
 * The result has the largest display scale of all values summed, as PostgreSQL's has.
 */
#include "types/decimal.h"
#include "types/num.h"
#include "types/num_limbs.h"

static void count_special(NumSum *sum, Num value)
{
    sum->nan += value.kind == NUM_NAN;
    sum->plus_infinity += value.kind == NUM_INFINITY;
    sum->minus_infinity += value.kind == NUM_MINUS_INFINITY;
}

/* Adds value * 10^-scale to the i128; false: it does not fit, nothing changed. */
static bool add_exact(NumSum *sum, i128 value, i32 scale)
{
    i128 base = sum->exact, total;
    i32 common = scale > sum->scale ? scale : sum->scale;
    if (!decimal_rescale(base, sum->scale, common, &base) ||
        !decimal_rescale(value, scale, common, &value) ||
        __builtin_add_overflow(base, value, &total))
        return false;
    sum->exact = total;
    sum->scale = common;
    return true;
}

bool num_sum_add(NumSum *sum, Num value, Arena *arena, Error *error)
{
    sum->count++;
    if (num_is_special(value)) {
        count_special(sum, value);
        return true;
    }
    if (value.scale > sum->scale_max)
        sum->scale_max = value.scale;
    if (value.kind == NUM_INLINE && add_exact(sum, value.small, value.scale))
        return true;
    return num_add(sum->spilled, value, arena, &sum->spilled, error);
}

bool num_sum_merge(NumSum *sum, const NumSum *other, Arena *arena, Error *error)
{
    sum->count += other->count;
    sum->nan += other->nan;
    sum->plus_infinity += other->plus_infinity;
    sum->minus_infinity += other->minus_infinity;
    if (other->scale_max > sum->scale_max)
        sum->scale_max = other->scale_max;
    if (!add_exact(sum, other->exact, other->scale)) {
        Num part;
        if (!num_from_i128(other->exact, other->scale, arena, &part, error) ||
            !num_add(sum->spilled, part, arena, &sum->spilled, error))
            return false;
    }
    Num spilled;
    if (!num_add(sum->spilled, other->spilled, arena, &spilled, error))
        return false;
    /* the limbs may be the other sum's own */
    return num_copy(spilled, arena, &sum->spilled, error);
}

bool num_sum_result(const NumSum *sum, Arena *arena, Num *result, Error *error)
{
    if (sum->nan || (sum->plus_infinity && sum->minus_infinity)) {
        *result = num_special(NUM_NAN);
        return true;
    }
    if (sum->plus_infinity || sum->minus_infinity) {
        *result = num_special(sum->plus_infinity ? NUM_INFINITY : NUM_MINUS_INFINITY);
        return true;
    }
    Num exact, total;
    Room room = {arena, error};
    return num_from_i128(sum->exact, sum->scale, arena, &exact, error) &&
           num_add(exact, sum->spilled, arena, &total, error) &&
           num_rescale(room, total, sum->scale_max, ROUND_HALF_UP, result);
}
