/* SPDX-License-Identifier: Apache-2.0
 *
 * low <= value <= high over a column of integers, 64 rows to a word, made once per type. Before
 * including define T (the type) and RANGE (the function's name). Bounds are narrowed first: one
 * that lies outside T is either no bound or leaves nothing.
 */
static void RANGE(const T *values, i64 low, i64 high, i32 n, u64 *mask)
{
    const i64 lowest = (i64)((u64)-1 << (sizeof(T) * 8 - 1)), highest = ~lowest;
    if (low > high || low > highest || high < lowest) {
        memset(mask, 0, (size_t)bit_words(n) * 8);
        return;
    }
    T from = (T)(low < lowest ? lowest : low), to = (T)(high > highest ? highest : high);
    for (i32 w = 0; w < bit_words(n); w++) {
        const T *at = values + (i64)w * 64;
        i32 rows = (i32)min_i64(64, n - (i64)w * 64);
        u8 passed[64] = {0};
        for (i32 i = 0; i < rows; i++)
            passed[i] = (at[i] >= from) & (at[i] <= to);
        mask[w] &= word_of_bytes(passed);
    }
}
#undef T
#undef RANGE
