/* SPDX-License-Identifier: Apache-2.0
 *
 * The update of one aggregate over one column of fixed-width values, made once per (aggregate,
 * type).
 *
 * Before including define
 *   UPDATE  the name of the function this makes: bool UPDATE(AggregateCall *call)
 *   STATE   the state of one group
 *   T       the type of the argument
 *   STEP    an inline function `bool STEP(AggregateCall *call, STATE *state, T value)`; false:
 * error is filled All are undefined at the end. NULL rows are skipped: aggregates over values are
 * strict.
 *
 * The ungrouped loop keeps the state in a local, so that a sum or a minimum over a whole FLAT
 * column without NULLs and selection becomes SIMD code. The grouped loop adds row by row to
 * states + group * stride.
 */
#define PASTE_(x, y) x##y
#define PASTE(x, y) PASTE_(x, y)
#define DENSE PASTE(UPDATE, _dense)
#define ROWS PASTE(UPDATE, _rows)

static bool DENSE(AggregateCall *call, const T *restrict values, i32 n)
{
    STATE state;
    memcpy(&state, call->states, sizeof state);
    bool good = true;
    for (i32 i = 0; i < n; i++)
        good &= STEP(call, &state, values[i]);
    memcpy(call->states, &state, sizeof state);
    return good;
}

TEMPLATE bool ROWS(AggregateCall *call, bool grouped)
{
    const Vector *vector = &call->args[0];
    const T *values = vector->values;
    i32 step = vector->form == VECTOR_CONSTANT ? 0 : 1;
    i32 count = call->sel ? call->sel->count : call->n;
    for (i32 k = 0; k < count; k++) {
        i32 i = (call->sel ? call->sel->rows[k] : k) * step;
        if (vector->valid && !bit_get(vector->valid, i))
            continue;
        STATE *state = (STATE *)(call->states + (grouped ? call->groups[k] * call->stride : 0));
        if (unlikely(!STEP(call, state, values[i])))
            return false;
    }
    return true;
}

static bool UPDATE(AggregateCall *call)
{
    const Vector *vector = &call->args[0];
    if (call->groups)
        return ROWS(call, true);
    if (!call->sel && !vector->valid && vector->form == VECTOR_FLAT)
        return DENSE(call, vector->values, call->n);
    return ROWS(call, false);
}

#undef PASTE_
#undef PASTE
#undef DENSE
#undef ROWS
#undef UPDATE
#undef STATE
#undef T
#undef STEP
