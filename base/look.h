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

/* Steps that were taken, and bytes that went by, without asking: loops that count them go on
 * faster than those that ask before each. */
static inline void look_stepped(Look *look, i64 steps)
{
    look->steps -= (i32)min_i64(steps, STEPS_PER_LOOK);
}
static inline void look_passed(Look *look, i64 bytes)
{
    look_stepped(look, bytes / (BYTES_PER_LOOK / STEPS_PER_LOOK));
}

/* memcpy and memset for any number of bytes. False: interrupted. */
must_check bool look_copy_long(void *to, const void *from, i64 bytes, const Budget *budget,
                               Error *error);
must_check bool look_clear_long(void *to, i64 bytes, const Budget *budget, Error *error);
must_check static inline bool look_copy(void *to, const void *from, i64 bytes, const Budget *budget,
                                        Error *error)
{
    if (unlikely(bytes > BYTES_PER_LOOK))
        return look_copy_long(to, from, bytes, budget, error);
    if (bytes)
        memcpy(to, from, (size_t)bytes);
    return true;
}
must_check static inline bool look_clear(void *to, i64 bytes, const Budget *budget, Error *error)
{
    if (unlikely(bytes > BYTES_PER_LOOK))
        return look_clear_long(to, bytes, budget, error);
    if (bytes)
        memset(to, 0, (size_t)bytes);
    return true;
}

#endif
