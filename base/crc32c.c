/* SPDX-License-Identifier: Apache-2.0
 *
 * The fast form uses the crc32 instruction on three independent streams of 1 KiB (its latency is
 * three times its throughput) and joins them by shifting a CRC over zeros, which is a linear map
 * and therefore four table look-ups. Tables are made on first use of each thread-safe once.
 */
#include "base/crc32c.h"

#include <pthread.h>

enum { STREAM_BYTES = 1024 };
static const u32 POLYNOMIAL = 0x82f63b78u;

static struct {
    u32 byte[256];
    u32 skip[2][4][256]; /* a CRC moved over 1 and over 2 streams of zeros, by its 4 bytes */
} tables;
static pthread_once_t tables_made = PTHREAD_ONCE_INIT;

static u32 over_zeros(u32 crc, i64 count)
{
    for (i64 i = 0; i < count; i++)
        crc = tables.byte[crc & 0xff] ^ crc >> 8;
    return crc;
}

static void make_skip_table(i32 streams)
{
    u32 of_bit[32];
    for (i32 bit = 0; bit < 32; bit++)
        of_bit[bit] = over_zeros((u32)1 << bit, (i64)streams * STREAM_BYTES);
    for (i32 part = 0; part < 4; part++)
        for (i32 value = 0; value < 256; value++) {
            u32 moved = 0;
            for (i32 bit = 0; bit < 8; bit++)
                moved ^= value >> bit & 1 ? of_bit[part * 8 + bit] : 0;
            tables.skip[streams - 1][part][value] = moved;
        }
}

static void make_tables(void)
{
    for (u32 i = 0; i < 256; i++) {
        u32 crc = i;
        for (i32 bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ POLYNOMIAL : crc >> 1;
        tables.byte[i] = crc;
    }
    make_skip_table(1);
    make_skip_table(2);
}

u32 crc32c_by_table(u32 crc, const void *bytes, i64 len)
{
    pthread_once(&tables_made, make_tables);
    const u8 *at = bytes;
    crc = ~crc;
    for (i64 i = 0; i < len; i++)
        crc = tables.byte[(crc ^ at[i]) & 0xff] ^ crc >> 8;
    return ~crc;
}

#if defined(__SSE4_2__)
static u32 skip_streams(u32 crc, i32 streams)
{
    const u32(*skip)[256] = tables.skip[streams - 1];
    return skip[0][crc & 0xff] ^ skip[1][crc >> 8 & 0xff] ^ skip[2][crc >> 16 & 0xff] ^
           skip[3][crc >> 24];
}

static inline u64 word_at(const u8 *at)
{
    u64 word;
    memcpy(&word, at, sizeof word);
    return word;
}

static u32 three_streams(u32 crc, const u8 *at)
{
    u64 a = crc, b = 0, c = 0;
    for (i32 i = 0; i < STREAM_BYTES; i += 8) {
        a = __builtin_ia32_crc32di(a, word_at(at + i));
        b = __builtin_ia32_crc32di(b, word_at(at + STREAM_BYTES + i));
        c = __builtin_ia32_crc32di(c, word_at(at + 2 * STREAM_BYTES + i));
    }
    return skip_streams((u32)a, 2) ^ skip_streams((u32)b, 1) ^ (u32)c;
}

u32 crc32c(u32 crc, const void *bytes, i64 len)
{
    pthread_once(&tables_made, make_tables);
    const u8 *at = bytes;
    crc = ~crc;
    for (; len >= 3 * STREAM_BYTES; len -= 3 * STREAM_BYTES, at += 3 * STREAM_BYTES)
        crc = three_streams(crc, at);
    u64 wide = crc;
    for (; len >= 8; len -= 8, at += 8)
        wide = __builtin_ia32_crc32di(wide, word_at(at));
    crc = (u32)wide;
    for (; len > 0; len--, at++)
        crc = __builtin_ia32_crc32qi(crc, *at);
    return ~crc;
}
#else
u32 crc32c(u32 crc, const void *bytes, i64 len)
{
    return crc32c_by_table(crc, bytes, len);
}
#endif
