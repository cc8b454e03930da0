/* SPDX-License-Identifier: Apache-2.0
 *
 * Running sums of Num, and variances made of two: an i128 at the largest scale seen takes nearly
 * all values without memory; what does not fit (limbs, scales too far apart) is added up as a Num
 * beside it. On the way a sum may be beyond what a numeric can be, as PostgreSQL's; only its result
 * must be one.
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

static Room unbounded_room(Arena *arena, Error *error)
{
    return (Room){.arena = arena, .error = error, .unbounded = true};
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
    return num_add_in(unbounded_room(arena, error), sum->spilled, value, &sum->spilled);
}

bool num_sum_merge(NumSum *sum, const NumSum *other, Arena *arena, Error *error)
{
    sum->count += other->count;
    sum->nan += other->nan;
    sum->plus_infinity += other->plus_infinity;
    sum->minus_infinity += other->minus_infinity;
    if (other->scale_max > sum->scale_max)
        sum->scale_max = other->scale_max;
    Room room = unbounded_room(arena, error);
    if (!add_exact(sum, other->exact, other->scale)) {
        Num part;
        if (!num_of_i128(room, other->exact, other->scale, &part) ||
            !num_add_in(room, sum->spilled, part, &sum->spilled))
            return false;
    }
    Num spilled;
    if (!num_add_in(room, sum->spilled, other->spilled, &spilled))
        return false;
    /* the limbs may be the other sum's own */
    return num_copy(spilled, arena, &sum->spilled, error);
}

/* The sum of any size. */
static bool sum_total(Room room, const NumSum *sum, Num *total)
{
    if (sum->nan || (sum->plus_infinity && sum->minus_infinity)) {
        *total = num_special(NUM_NAN);
        return true;
    }
    if (sum->plus_infinity || sum->minus_infinity) {
        *total = num_special(sum->plus_infinity ? NUM_INFINITY : NUM_MINUS_INFINITY);
        return true;
    }
    return num_of_i128(room, sum->exact, sum->scale, total) &&
           num_add_in(room, *total, sum->spilled, total) &&
           num_rescale(room, *total, sum->scale_max, ROUND_HALF_UP, total);
}

bool num_sum_result(const NumSum *sum, Arena *arena, Num *result, Error *error)
{
    return sum_total(unbounded_room(arena, error), sum, result) && num_check_range(*result, error);
}

/* ---- variance ---- */

bool num_spread_add(NumSpread *spread, Num value, Arena *arena, Error *error)
{
    Num square;
    return num_multiply_in(unbounded_room(arena, error), value, value, &square) &&
           num_sum_add(&spread->sum, value, arena, error) &&
           num_sum_add(&spread->squares, square, arena, error);
}

bool num_spread_merge(NumSpread *spread, const NumSpread *other, Arena *arena, Error *error)
{
    return num_sum_merge(&spread->sum, &other->sum, arena, error) &&
           num_sum_merge(&spread->squares, &other->squares, arena, error);
}

bool num_spread_variance(const NumSpread *spread, NumVariance variance, Arena *arena, Num *result,
                         Error *error)
{
    Room room = unbounded_room(arena, error);
    Num sum, squares;
    return sum_total(room, &spread->sum, &sum) && sum_total(room, &spread->squares, &squares) &&
           num_variance(sum, squares, spread->sum.count, variance, arena, result, error);
}

bool num_variance(Num sum, Num squares, i64 n, NumVariance variance, Arena *arena, Num *result,
                  Error *error)
{
    Room room = unbounded_room(arena, error);
    Num count = num_from_i64(n), top, square, bottom;
    if (!num_multiply_in(room, squares, count, &top) || !num_multiply_in(room, sum, sum, &square) ||
        !num_add_in(room, top, num_negate(square), &top) ||
        !num_multiply_in(room, count, num_from_i64(n - variance.less), &bottom))
        return false;
    if (num_is_special(top)) {
        *result = num_special(NUM_NAN);
        return true;
    }
    if (num_sign(top) <= 0) {
        *result = num_zero(0);
        return true;
    }
    i64 scale = num_division_scale(top, bottom);
    if (!num_divide_to(room, top, bottom, scale, ROUND_HALF_UP, result) ||
        (variance.root && !num_sqrt_to(room, *result, scale, result)))
        return false;
    return num_check_range(*result, error);
}
