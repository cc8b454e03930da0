/* SPDX-License-Identifier: Apache-2.0
 *
 * Two digits per step from a table; the number of digits from the bit length.
 */
#include "types/digits.h"

#include "types/decimal.h"

const char digit_pairs[201] = "0001020304050607080910111213141516171819"
                              "2021222324252627282930313233343536373839"
                              "4041424344454647484950515253545556575859"
                              "6061626364656667686970717273747576777879"
                              "8081828384858687888990919293949596979899";

i32 u64_digit_count(u64 value)
{
    if (value >= 1000000000000000000u)
        return value >= 10000000000000000000u ? 20 : 19;
    /* 1233 / 4096 is just above log10(2): an estimate that is exact or one too large */
    i32 bits = 64 - __builtin_clzll(value | 1);
    i32 estimate = bits * 1233 >> 12;
    return estimate + (value >= (u64)power10_i64(estimate)) + (value == 0 && estimate == 0);
}

void digits_write(u64 value, i32 count, char *out)
{
    i32 at = count;
    while (at >= 2) {
        at -= 2;
        digits_write_2((u32)(value % 100), out + at);
        value /= 100;
    }
    if (at)
        out[0] = (char)('0' + value % 10);
}

i32 u64_write(u64 value, char *out)
{
    i32 count = u64_digit_count(value);
    digits_write(value, count, out);
    return count;
}
