/* SPDX-License-Identifier: Apache-2.0
 *
 * A header of 48 bytes in front of each piece holds its count, size, budget and closer.
 */
#define GOTGAN_BASE_MAY_ALLOCATE
#include "base/counted.h"

#include <stdatomic.h>

enum { SLACK = 64 };

typedef struct CountedHeader {
    _Atomic i64 owners;
    i64 bytes; /* header and slack included */
    Budget *budget;
    void (*closer)(void *thing);
    u64 unused[2]; /* keeps the content 16-byte aligned */
} CountedHeader;
_Static_assert(sizeof(CountedHeader) % 16 == 0, "content must be aligned");

static CountedHeader *header_of(const void *thing)
{
    return (CountedHeader *)thing - 1;
}

void *counted_make(i64 bytes, Budget *budget, void (*closer)(void *thing), Error *error)
{
    assert(bytes >= 0);
    i64 total = bytes + (i64)sizeof(CountedHeader) + SLACK;
    if (budget && !budget_take(budget, total, error))
        return NULL;
    CountedHeader *header = calloc(1, (size_t)total);
    if (!header) {
        if (budget)
            budget_give(budget, total);
        error_set(error, E_OUT_OF_MEMORY, "out of memory");
        return NULL;
    }
    header->bytes = total;
    header->budget = budget;
    header->closer = closer;
    atomic_init(&header->owners, 1);
    return header + 1;
}

void *counted_keep(const void *thing)
{
    if (thing)
        atomic_fetch_add_explicit(&header_of(thing)->owners, 1, memory_order_relaxed);
    return (void *)thing;
}

void *counted_try_keep(const void *thing)
{
    CountedHeader *header = header_of(thing);
    i64 owners = atomic_load(&header->owners);
    while (owners > 0)
        if (atomic_compare_exchange_weak(&header->owners, &owners, owners + 1))
            return (void *)thing;
    return NULL;
}

void counted_drop(const void *thing)
{
    if (!thing)
        return;
    CountedHeader *header = header_of(thing);
    i64 before = atomic_fetch_sub_explicit(&header->owners, 1, memory_order_acq_rel);
    assert(before > 0);
    if (before > 1)
        return;
    if (header->closer)
        header->closer((void *)thing);
    if (header->budget)
        budget_give(header->budget, header->bytes);
    free(header);
}

i64 counted_owners(const void *thing)
{
    return thing ? atomic_load(&header_of(thing)->owners) : 0;
}
