/* SPDX-License-Identifier: Apache-2.0
 *
 * Counting bytes up and down a chain of budgets with atomics only.
 */
#include "base/budget.h"

#include <stdatomic.h>

void budget_open(Budget *budget, Budget *parent, i64 limit_bytes, const char *name)
{
    *budget = (Budget){.parent = parent,
                       .statement = parent ? parent->statement : NULL,
                       .limit_bytes = limit_bytes,
                       .name = name};
}

void budget_close(Budget *budget)
{
    verify(atomic_load(&budget->used_bytes) == 0);
}

static bool take_one(Budget *budget, i64 bytes)
{
    i64 used = atomic_fetch_add(&budget->used_bytes, bytes) + bytes;
    if (budget->limit_bytes > 0 && used > budget->limit_bytes) {
        atomic_fetch_sub(&budget->used_bytes, bytes);
        return false;
    }
    i64 peak = atomic_load(&budget->peak_bytes);
    while (used > peak && !atomic_compare_exchange_weak(&budget->peak_bytes, &peak, used))
        ;
    return true;
}

/* The first budget of the chain that refuses, or NULL when all agreed. */
static const Budget *take_all(Budget *budget, i64 bytes)
{
    assert(bytes >= 0);
    for (Budget *b = budget; b; b = b->parent) {
        if (take_one(b, bytes))
            continue;
        for (Budget *taken = budget; taken != b; taken = taken->parent)
            atomic_fetch_sub(&taken->used_bytes, bytes);
        return b;
    }
    return NULL;
}

bool budget_take(Budget *budget, i64 bytes, Error *error)
{
    const Budget *refused = take_all(budget, bytes);
    if (!refused)
        return true;
    error_set(error, E_OUT_OF_MEMORY, "out of memory");
    return error_detail(error, "Failed on a request of %lld bytes: the %s memory limit is %lld.",
                        (long long)bytes, refused->name, (long long)refused->limit_bytes);
}

bool budget_try(Budget *budget, i64 bytes)
{
    return take_all(budget, bytes) == NULL;
}

void budget_give(Budget *budget, i64 bytes)
{
    for (Budget *b = budget; b; b = b->parent) {
        i64 before = atomic_fetch_sub(&b->used_bytes, bytes);
        assert(before >= bytes);
        (void)before; /* only the assert reads it */
    }
}
