/* SPDX-License-Identifier: Apache-2.0
 *
 * Adding the base to codes while widening them into a lane, made once per integer type. Before
 * including define T (the type) and STORE (the function's name). Codes are `codes`, or `wide` when
 * that is not NULL. Rows that are not valid become zero.
 */
static void STORE(const u32 *restrict codes, const u64 *restrict wide, u64 base,
                  const u64 *restrict valid, i32 n, T *restrict to)
{
    if (wide) {
        for (i32 i = 0; i < n; i++)
            to[i] = (T)(i64)(wide[i] + base);
    } else {
        for (i32 i = 0; i < n; i++)
            to[i] = (T)(i64)(codes[i] + base);
    }
    for (i32 i = 0; valid && i < n; i++)
        to[i] &= (T)(i64)valid_mask(valid, i);
}
#undef T
#undef STORE
