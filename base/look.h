/* SPDX-License-Identifier: Apache-2.0
 *
 * Looking for an interrupt in loops over one value, which may be a gigabyte: a cancel or a timeout
 * ends them within milliseconds. Whoever can run out of memory can be interrupted the same way, so
 * that nothing more than what says "out of memory" is needed to say so.
 *
 *     Look look = look_open(arena->budget, error);
 *     for (i64 at = 0; at < text.len && look_goes_on(&look); at++)
 *         ...
 *     return !look.ended;
 */
#ifndef GOTGAN_LOOK_H
#define GOTGAN_LOOK_H

#include "base/budget.h"

/* What takes about a millisecond: bytes that go by at once, and steps of a loop. */
enum { BYTES_PER_LOOK = 1 << 20, STEPS_PER_LOOK = 1 << 16 };

/* False: the statement whose memory this is shall end; error tells why. A budget of no statement,
 * and none (NULL), always go on. */
must_check bool budget_check(const Budget *budget, Error *error);

typedef struct Look {
    const Budget *budget;
    Error *error;
    i32 steps;  /* until the next look */
    bool ended; /* the statement was interrupted: error is filled */
} Look;

static inline Look look_open(const Budget *budget, Error *error)
{
    return (Look){budget, error, STEPS_PER_LOOK, false};
}
/* Before a piece of BYTES_PER_LOOK. False: leave the loop. */
bool look_now(Look *look);
/* Before a step of some nanoseconds. False: leave the loop. */
static inline bool look_goes_on(Look *look)
{
    return likely(--look->steps > 0) || look_now(look);
}

/* Bytes that went by at once. */
static inline void look_passed(Look *look, i64 bytes)
{
    look->steps -= (i32)min_i64(bytes / (BYTES_PER_LOOK / STEPS_PER_LOOK), STEPS_PER_LOOK);
}

/* memcpy and memset for any number of bytes. False: interrupted. */
must_check bool look_copy(void *to, const void *from, i64 bytes, const Budget *budget,
                          Error *error);
must_check bool look_clear(void *to, i64 bytes, const Budget *budget, Error *error);

#endif
