/* SPDX-License-Identifier: Apache-2.0
 *
 * One operation over one column of fixed-width values, made once per (operation, type).
 *
 * Before including define
 *   KERNEL  the name of the kernel this makes
 *   ROW     an inline function `BAD ROW(A a, R *r)`: writes r, the sign bit of what it returns says
 *           that the row went wrong; total: any a gives some r
 *   A, R    the types of the argument and the result
 *   BAD     the signed integer the signs are collected in
 *   RAISE   an inline function `bool RAISE(Error *error, A a)`: fills the error of a row that went
 *           wrong
 * All are undefined at the end. See binary_loop.inc.h for the two passes.
 */
#define PASTE_(x, y) x##y
#define PASTE(x, y) PASTE_(x, y)
#define LOOP PASTE(KERNEL, _loop)
#define SLOW PASTE(KERNEL, _row)

static bool LOOP(const A *restrict a, R *restrict r, i32 n)
{
    BAD bad = 0;
    for (i32 i = 0; i < n; i++)
        bad |= ROW(a[i], &r[i]);
    return bad >= 0;
}

static inline bool SLOW(KernelCall *call, i32 i)
{
    A a = ((const A *)call->args[0].values)[arg_index(call, 0, i)];
    return ROW(a, &((R *)call->result->values)[i]) >= 0 || RAISE(call->error, a);
}

static KernelStatus KERNEL(KernelCall *call)
{
    bool constant = call->args[0].form == VECTOR_CONSTANT;
    if (call_is_dense(call) && (!constant || call->n == 1) &&
        LOOP(call->args[0].values, call->result->values, call->n))
        return KERNEL_OK;
    return each_row(call, SLOW);
}

#undef PASTE_
#undef PASTE
#undef LOOP
#undef SLOW
#undef KERNEL
#undef ROW
#undef A
#undef R
#undef BAD
#undef RAISE
