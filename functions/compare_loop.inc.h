/* SPDX-License-Identifier: Apache-2.0
 *
 * One comparison of two columns into a bit mask, made once per (operation, type).
 *
 * Before including define
 *   KERNEL  the name of the kernel this makes
 *   ROW     an inline function `bool ROW(T a, T b)`
 *   T       the type of both arguments
 *   SPARSE  1 when values at unselected positions may not be touched (they hold pointers), else 0
 * All are undefined at the end.
 *
 * 64 rows are compared into 64 bytes, which vectorises, and the bytes are packed into one word:
 * eight at a time by a multiplication that moves the lowest bit of each byte into the top byte.
 */
#define PASTE_(x, y) x##y
#define PASTE(x, y) PASTE_(x, y)
#define BODY PASTE(KERNEL, _body)
#define SLOW PASTE(KERNEL, _row)

TEMPLATE void BODY(bool a_const, bool b_const, const T *restrict a, const T *restrict b,
                   u64 *restrict words, i32 n)
{
    _Alignas(64) u8 bytes[64];
    for (i32 from = 0; from < n; from += 64) {
        i32 count = n - from < 64 ? n - from : 64;
        if (count < 64)
            memset(bytes, 0, sizeof bytes);
        for (i32 i = 0; i < count; i++)
            bytes[i] = ROW(a[a_const ? 0 : from + i], b[b_const ? 0 : from + i]);
        words[from >> 6] = pack_bytes(bytes);
    }
}

static inline bool SLOW(KernelCall *call, i32 i)
{
    const T *a = call->args[0].values, *b = call->args[1].values;
    return put_bool(call, i, ROW(a[arg_index(call, 0, i)], b[arg_index(call, 1, i)]));
}

static KernelStatus KERNEL(KernelCall *call)
{
    const void *a = call->args[0].values, *b = call->args[1].values;
    if (SPARSE ? call->sel != NULL : !call_is_dense(call))
        return each_row(call, SLOW);
    switch (call_shape(call)) {
    case FLAT_FLAT:
        BODY(false, false, a, b, call->result->values, call->n);
        break;
    case FLAT_CONST:
        BODY(false, true, a, b, call->result->values, call->n);
        break;
    case CONST_FLAT:
        BODY(true, false, a, b, call->result->values, call->n);
        break;
    case CONST_CONST:
        BODY(true, true, a, b, call->result->values, call->n);
        break;
    }
    return KERNEL_OK;
}

#undef PASTE_
#undef PASTE
#undef BODY
#undef SLOW
#undef KERNEL
#undef ROW
#undef T
#undef SPARSE
