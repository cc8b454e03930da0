/* SPDX-License-Identifier: Apache-2.0
 *
 * Arithmetic on magnitudes: schoolbook sums and products, Knuth's division (TAOCP 2, 4.3.1,
 * algorithm D) in base 10^9, shifts by decimal digits, and Newton's square root.
 *
 * Base 10^9 makes text and rounding cheap (nine digits a limb) and lets a u64 hold a product of
 * two limbs plus two carries. Sizes are bounded by the limits of Num (about 16,400 limbs, twice
 * that within a product), so the quadratic algorithms are enough.
 * Memory: results are taken from the room's arena; there is no other state.
 */
#include "types/num_limbs.h"

#include <math.h>

#include "base/query.h"
#include "types/decimal.h"
#include "types/digits.h"

static const u32 small_powers[LIMB_DIGITS + 1] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
};

static u32 *limbs_make(Room room, i64 count)
{
    return arena_try(room.arena, (count + 1) * (i64)sizeof(u32), room.error);
}

static Magnitude trimmed(const u32 *limbs, i64 count)
{
    while (count > 0 && limbs[count - 1] == 0)
        count--;
    return (Magnitude){limbs, (i32)count};
}

Magnitude magnitude_of_u128(u128 value, u32 limbs[SMALL_LIMBS])
{
    i32 count = 0;
    while (value) {
        if (value <= UINT64_MAX) { /* 64-bit steps are several times faster */
            u64 low = (u64)value;
            for (; low; low /= NUM_LIMB)
                limbs[count++] = (u32)(low % NUM_LIMB);
            break;
        }
        limbs[count++] = (u32)(value % NUM_LIMB);
        value /= NUM_LIMB;
    }
    return (Magnitude){limbs, count};
}

bool magnitude_to_u128(Magnitude m, u128 *value)
{
    if (m.count > SMALL_LIMBS)
        return false;
    u128 sum = 0;
    for (i32 i = m.count - 1; i >= 0; i--)
        if (__builtin_mul_overflow(sum, (u128)NUM_LIMB, &sum) ||
            __builtin_add_overflow(sum, (u128)m.limbs[i], &sum))
            return false;
    *value = sum;
    return true;
}

int magnitude_compare(Magnitude a, Magnitude b)
{
    if (a.count != b.count)
        return a.count < b.count ? -1 : 1;
    for (i32 i = a.count - 1; i >= 0; i--)
        if (a.limbs[i] != b.limbs[i])
            return a.limbs[i] < b.limbs[i] ? -1 : 1;
    return 0;
}

i64 magnitude_digits(Magnitude m)
{
    if (m.count == 0)
        return 0;
    return (i64)(m.count - 1) * LIMB_DIGITS + u64_digit_count(m.limbs[m.count - 1]);
}

i32 magnitude_digit(Magnitude m, i64 position)
{
    i64 limb = position / LIMB_DIGITS;
    if (limb >= m.count)
        return 0;
    return (i32)(m.limbs[limb] / small_powers[position % LIMB_DIGITS] % 10);
}

u64 magnitude_top(Magnitude m, i32 count)
{
    u64 top = 0;
    i64 digits = magnitude_digits(m);
    for (i64 i = 0; i < count && i < digits; i++)
        top = top * 10 + (u64)magnitude_digit(m, digits - 1 - i);
    return top;
}

i64 magnitude_trailing_zeros(Magnitude m)
{
    if (m.count == 0)
        return 0;
    i64 limb = 0, zeros = 0;
    while (m.limbs[limb] == 0)
        limb++;
    while (m.limbs[limb] % small_powers[zeros + 1] == 0)
        zeros++;
    return limb * LIMB_DIGITS + zeros;
}

bool magnitude_add(Room room, Magnitude a, Magnitude b, Magnitude *sum)
{
    if (a.count < b.count) {
        Magnitude swap = a;
        a = b;
        b = swap;
    }
    u32 *limbs = limbs_make(room, a.count + 1);
    if (!limbs)
        return false;
    u32 carry = 0;
    for (i32 i = 0; i < a.count; i++) {
        u32 digit = a.limbs[i] + (i < b.count ? b.limbs[i] : 0) + carry;
        carry = digit >= NUM_LIMB;
        limbs[i] = digit - carry * NUM_LIMB;
    }
    limbs[a.count] = carry;
    *sum = trimmed(limbs, a.count + 1);
    return true;
}

bool magnitude_subtract(Room room, Magnitude a, Magnitude b, Magnitude *difference)
{
    assert(magnitude_compare(a, b) >= 0);
    u32 *limbs = limbs_make(room, a.count);
    if (!limbs)
        return false;
    i32 borrow = 0;
    for (i32 i = 0; i < a.count; i++) {
        i32 digit = (i32)a.limbs[i] - (i32)(i < b.count ? b.limbs[i] : 0) - borrow;
        borrow = digit < 0;
        limbs[i] = (u32)(digit + borrow * NUM_LIMB);
    }
    assert(borrow == 0);
    *difference = trimmed(limbs, a.count);
    return true;
}

/* In front of the i-th of many passes over long numbers: false when the statement was interrupted.
 */
static bool room_goes_on(Room room, i32 i)
{
    enum { PASSES_PER_LOOK = 64 };
    return i % PASSES_PER_LOOK != 0 || budget_check(room.arena->budget, room.error);
}

bool magnitude_multiply(Room room, Magnitude a, Magnitude b, Magnitude *product)
{
    u32 *limbs = limbs_make(room, (i64)a.count + b.count);
    if (!limbs)
        return false;
    for (i32 i = 0; i < a.count; i++) {
        if (!room_goes_on(room, i))
            return false;
        u64 carry = 0, factor = a.limbs[i];
        if (factor == 0)
            continue;
        for (i32 j = 0; j < b.count; j++) {
            u64 digit = factor * b.limbs[j] + limbs[i + j] + carry;
            carry = digit / NUM_LIMB;
            limbs[i + j] = (u32)(digit - carry * NUM_LIMB);
        }
        limbs[i + b.count] = (u32)carry;
    }
    *product = trimmed(limbs, (i64)a.count + b.count);
    return true;
}

/* ---- shifts by decimal digits ---- */

bool magnitude_shift_up(Room room, Magnitude m, i64 digits, Magnitude *result)
{
    assert(digits >= 0);
    *result = m;
    if (digits == 0 || m.count == 0)
        return true;
    i64 whole = digits / LIMB_DIGITS, count = m.count + whole + 1;
    u32 factor = small_powers[digits % LIMB_DIGITS];
    u32 *limbs = limbs_make(room, count);
    if (!limbs)
        return false;
    u64 carry = 0;
    for (i32 i = 0; i < m.count; i++) {
        u64 digit = (u64)m.limbs[i] * factor + carry;
        carry = digit / NUM_LIMB;
        limbs[whole + i] = (u32)(digit - carry * NUM_LIMB);
    }
    limbs[whole + m.count] = (u32)carry;
    *result = trimmed(limbs, count);
    return true;
}

/* Whether the digits below 10^digits ask for one more. */
static bool rounds_up(Magnitude m, i64 digits, Rounding rounding)
{
    if (rounding == ROUND_DOWN || digits == 0 || m.count == 0)
        return false;
    if (rounding == ROUND_HALF_UP)
        return magnitude_digit(m, digits - 1) >= 5;
    return magnitude_trailing_zeros(m) < digits;
}

static bool add_one(Room room, Magnitude m, Magnitude *result)
{
    static const u32 one[] = {1};
    return magnitude_add(room, m, (Magnitude){one, 1}, result);
}

bool magnitude_shift_down(Room room, Magnitude m, i64 digits, Rounding rounding, Magnitude *result)
{
    assert(digits >= 0);
    bool up = rounds_up(m, digits, rounding);
    i64 whole = digits / LIMB_DIGITS, part = digits % LIMB_DIGITS;
    if (whole >= m.count) {
        *result = (Magnitude){m.limbs, 0};
    } else if (part == 0) {
        *result = (Magnitude){m.limbs + whole, (i32)(m.count - whole)};
    } else {
        i64 count = m.count - whole;
        u32 *limbs = limbs_make(room, count);
        if (!limbs)
            return false;
        u32 low = small_powers[part], high = small_powers[LIMB_DIGITS - part];
        for (i64 i = 0; i < count; i++) {
            u32 above = i + 1 < count ? m.limbs[whole + i + 1] : 0;
            limbs[i] = m.limbs[whole + i] / low + above % low * high;
        }
        *result = trimmed(limbs, count);
    }
    return !up || add_one(room, *result, result);
}

/* ---- division ---- */

static bool divide_by_limb(Room room, Magnitude a, u32 divisor, Magnitude *quotient,
                           Magnitude *rest)
{
    u32 *limbs = limbs_make(room, a.count), *left = limbs_make(room, 1);
    if (!limbs || !left)
        return false;
    u64 carry = 0;
    for (i32 i = a.count - 1; i >= 0; i--) {
        u64 part = carry * NUM_LIMB + a.limbs[i];
        limbs[i] = (u32)(part / divisor);
        carry = part % divisor;
    }
    left[0] = (u32)carry;
    *quotient = trimmed(limbs, a.count);
    if (rest)
        *rest = trimmed(left, 1);
    return true;
}

/* limbs[0..count] = m * factor, one limb longer. */
static u32 *scaled_limbs(Room room, Magnitude m, u32 factor)
{
    u32 *limbs = limbs_make(room, (i64)m.count + 1);
    if (!limbs)
        return NULL;
    u64 carry = 0;
    for (i32 i = 0; i < m.count; i++) {
        u64 digit = (u64)m.limbs[i] * factor + carry;
        carry = digit / NUM_LIMB;
        limbs[i] = (u32)(digit - carry * NUM_LIMB);
    }
    limbs[m.count] = (u32)carry;
    return limbs;
}

/* u[0..n] -= digit * v[0..n-1]; true when the result went below zero. */
static bool subtract_product(u32 *u, const u32 *v, i32 n, u64 digit)
{
    u64 carry = 0;
    i64 borrow = 0;
    for (i32 i = 0; i < n; i++) {
        u64 product = digit * v[i] + carry;
        carry = product / NUM_LIMB;
        i64 left = (i64)u[i] - (i64)(product - carry * NUM_LIMB) - borrow;
        borrow = left < 0;
        u[i] = (u32)(left + borrow * NUM_LIMB);
    }
    i64 left = (i64)u[n] - (i64)carry - borrow;
    u[n] = (u32)(left < 0 ? left + NUM_LIMB : left);
    return left < 0;
}

static void add_back(u32 *u, const u32 *v, i32 n)
{
    u32 carry = 0;
    for (i32 i = 0; i < n; i++) {
        u32 digit = u[i] + v[i] + carry;
        carry = digit >= NUM_LIMB;
        u[i] = digit - carry * NUM_LIMB;
    }
    u32 last = u[n] + carry;
    u[n] = last >= NUM_LIMB ? last - NUM_LIMB : last;
}

/* Step D3: a digit from the first limbs, at most one too large after the corrections. */
static u64 estimate_digit(const u32 *u, const u32 *v, i32 n)
{
    u64 top = (u64)u[n] * NUM_LIMB + u[n - 1];
    u64 digit = top / v[n - 1], left = top % v[n - 1];
    while (digit >= NUM_LIMB || digit * v[n - 2] > left * NUM_LIMB + u[n - 2]) {
        digit--;
        left += v[n - 1];
        if (left >= NUM_LIMB)
            break;
    }
    return digit;
}

bool magnitude_divide(Room room, Magnitude a, Magnitude b, Magnitude *quotient, Magnitude *rest)
{
    assert(b.count > 0);
    if (magnitude_compare(a, b) < 0) {
        *quotient = (Magnitude){a.limbs, 0};
        if (rest)
            *rest = a;
        return true;
    }
    if (b.count == 1)
        return divide_by_limb(room, a, b.limbs[0], quotient, rest);
    u32 factor = NUM_LIMB / (b.limbs[b.count - 1] + 1);
    u32 *u = scaled_limbs(room, a, factor);
    u32 *v = u ? scaled_limbs(room, b, factor) : NULL;
    i32 n = b.count, steps = a.count - n;
    u32 *digits = v ? limbs_make(room, (i64)steps + 1) : NULL;
    if (!digits)
        return false;
    for (i32 i = steps; i >= 0; i--) {
        if (!room_goes_on(room, steps - i))
            return false;
        u64 digit = estimate_digit(u + i, v, n);
        if (subtract_product(u + i, v, n, digit)) {
            digit--;
            add_back(u + i, v, n);
        }
        digits[i] = (u32)digit;
    }
    *quotient = trimmed(digits, (i64)steps + 1);
    return !rest || divide_by_limb(room, trimmed(u, n), factor, rest, NULL);
}

/* ---- square root ---- */

/* A start at or just above the root, from the first digits. */
static bool sqrt_start(Room room, Magnitude m, Magnitude *start)
{
    i64 digits = magnitude_digits(m);
    i32 taken = digits % 2 ? 17 : 18;
    if (digits < taken)
        taken = (i32)digits;
    u64 estimate = (u64)(sqrt((f64)magnitude_top(m, taken) + 1) * (1 + 1e-14)) + 1;
    u32 small[SMALL_LIMBS];
    return magnitude_shift_up(room, magnitude_of_u128(estimate, small), (digits - taken) / 2,
                              start) &&
           magnitude_add(room, *start, (Magnitude){NULL, 0}, start);
}

bool magnitude_sqrt(Room room, Magnitude m, Magnitude *root)
{
    static const u32 two[] = {2};
    if (m.count == 0) {
        *root = m;
        return true;
    }
    Magnitude x, quotient, sum, next;
    if (!sqrt_start(room, m, &x))
        return false;
    for (;;) { /* falls until it is the whole part of the root */
        if (!magnitude_divide(room, m, x, &quotient, NULL) ||
            !magnitude_add(room, x, quotient, &sum) ||
            !magnitude_divide(room, sum, (Magnitude){two, 1}, &next, NULL))
            return false;
        if (magnitude_compare(next, x) >= 0)
            break;
        x = next;
    }
    *root = x;
    return true;
}
