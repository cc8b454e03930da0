/* SPDX-License-Identifier: Apache-2.0
 *
 * Bit masks of rows: filling, counting, and turning a mask into positions.
 *
 * mask_to_rows walks the set bits of a word from the lowest up. Full words, the common case of
 * weak filters, are written as runs, which the compiler turns into vector stores.
 */
#include "types/vector.h"

void bits_fill(u64 *words, i64 n)
{
    assert(n >= 0);
    i64 full = n >> 6;
    memset(words, 0xff, (size_t)full * 8);
    if (n & 63)
        words[full] = ((u64)1 << (n & 63)) - 1;
}

/* The word at i of a mask of n bits, without the bits behind n. */
static u64 word_within(const u64 *words, i64 i, i64 n)
{
    i64 bits = n - i * 64;
    return bits >= 64 ? words[i] : words[i] & (((u64)1 << bits) - 1);
}

i64 bits_count(const u64 *words, i64 n)
{
    i64 count = 0;
    for (i64 i = 0; i < bit_words(n); i++)
        count += __builtin_popcountll(word_within(words, i, n));
    return count;
}

static i32 rows_of_full_word(u16 *rows, i32 base)
{
    for (i32 i = 0; i < 64; i++)
        rows[i] = (u16)(base + i);
    return 64;
}

static i32 rows_of_word(u64 word, u16 *rows, i32 base)
{
    i32 count = 0;
    for (; word; word &= word - 1)
        rows[count++] = (u16)(base + __builtin_ctzll(word));
    return count;
}

i32 mask_to_rows(const u64 *mask, i32 n, u16 *rows)
{
    i32 count = 0;
    for (i32 i = 0; i < bit_words(n); i++) {
        u64 word = word_within(mask, i, n);
        if (word == ~(u64)0)
            count += rows_of_full_word(rows + count, i * 64);
        else
            count += rows_of_word(word, rows + count, i * 64);
    }
    return count;
}
