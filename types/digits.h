/* SPDX-License-Identifier: Apache-2.0
 *
 * Decimal digits of machine integers: the innermost loop of all number and date output.
 */
#ifndef GOTGAN_DIGITS_H
#define GOTGAN_DIGITS_H

#include "base/base.h"

/* "00" "01" ... "99" */
extern const char digit_pairs[201];

/* Number of decimal digits, 1 for 0. */
i32 u64_digit_count(u64 value);
/* Writes the last `count` digits of value, zero padded, at out. */
void digits_write(u64 value, i32 count, char *out);
/* Writes value without padding; returns the length (at most 20). */
i32 u64_write(u64 value, char *out);

static inline void digits_write_2(u32 value, char *out)
{
    assert(value < 100);
    memcpy(out, digit_pairs + value * 2, 2);
}
static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
/* PostgreSQL's isspace in the C locale. */
static inline bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}
static inline bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline char to_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

#endif
