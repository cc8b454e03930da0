/* SPDX-License-Identifier: Apache-2.0
 *
 * One operation over two columns of fixed-width values, made once per (operation, type).
 *
 * Before including define
 *   KERNEL  the name of the kernel this makes
 *   ROW     an inline function `BAD ROW(A a, B b, R *r)`: writes r, the sign bit of what it
 *           returns says that the row went wrong; total: any a and b give some r
 *   A, B, R the types of the arguments and the result
 *   BAD     the signed integer the signs are collected in: as wide as R, so that the loop
 *           vectorises
 *   RAISE   an inline function `bool RAISE(Error *error, A a, B b)`: fills the error of a row that
 *           went wrong
 * All are undefined at the end.
 *
 * The dense loop runs over all n rows, NULL and unselected ones too, and only collects signs. When
 * one is set, a second pass over the valid, selected rows finds out whether one of them failed.
 */
#define PASTE_(x, y) x##y
#define PASTE(x, y) PASTE_(x, y)
#define BODY PASTE(KERNEL, _body)
#define LOOP PASTE(KERNEL, _loop)
#define SLOW PASTE(KERNEL, _row)

TEMPLATE bool BODY(bool a_const, bool b_const, const A *restrict a, const B *restrict b,
                   R *restrict r, i32 n)
{
    BAD bad = 0;
    for (i32 i = 0; i < n; i++)
        bad |= ROW(a[a_const ? 0 : i], b[b_const ? 0 : i], &r[i]);
    return bad >= 0;
}

static bool LOOP(Shape shape, const A *restrict a, const B *restrict b, R *restrict r, i32 n)
{
    switch (shape) {
    case FLAT_FLAT:
        return BODY(false, false, a, b, r, n);
    case FLAT_CONST:
        return BODY(false, true, a, b, r, n);
    case CONST_FLAT:
        return BODY(true, false, a, b, r, n);
    case CONST_CONST:
        return BODY(true, true, a, b, r, n);
    }
    unreachable();
}

static inline bool SLOW(KernelCall *call, i32 i)
{
    A a = ((const A *)call->args[0].values)[arg_index(call, 0, i)];
    B b = ((const B *)call->args[1].values)[arg_index(call, 1, i)];
    return ROW(a, b, &((R *)call->result->values)[i]) >= 0 || RAISE(call->error, a, b);
}

static KernelStatus KERNEL(KernelCall *call)
{
    if (call_is_dense(call) && LOOP(call_shape(call), call->args[0].values, call->args[1].values,
                                    call->result->values, call->n))
        return KERNEL_OK;
    return each_row(call, SLOW);
}

#undef PASTE_
#undef PASTE
#undef BODY
#undef LOOP
#undef SLOW
#undef KERNEL
#undef ROW
#undef A
#undef B
#undef R
#undef BAD
#undef RAISE
