/* SPDX-License-Identifier: Apache-2.0
 *
 * See look.h. Pieces are so long that the calls between them cost nothing.
 */
#include "base/look.h"

#include "base/query.h"

bool budget_check(const Budget *budget, Error *error)
{
    const QueryControl *control = budget ? budget->statement : NULL;
    return !control || likely(!query_is_interrupted(control)) ||
           query_control_check(control, error);
}

bool look_now(Look *look)
{
    look->steps = STEPS_PER_LOOK;
    look->ended = look->ended || !budget_check(look->budget, look->error);
    return !look->ended;
}

bool look_copy(void *to, const void *from, i64 bytes, const Budget *budget, Error *error)
{
    i64 at = 0;
    for (; unlikely(bytes - at > BYTES_PER_LOOK); at += BYTES_PER_LOOK) {
        memcpy((u8 *)to + at, (const u8 *)from + at, BYTES_PER_LOOK);
        if (!budget_check(budget, error))
            return false;
    }
    if (bytes)
        memcpy((u8 *)to + at, (const u8 *)from + at, (size_t)(bytes - at));
    return true;
}

bool look_clear(void *to, i64 bytes, const Budget *budget, Error *error)
{
    i64 at = 0;
    for (; unlikely(bytes - at > BYTES_PER_LOOK); at += BYTES_PER_LOOK) {
        memset((u8 *)to + at, 0, BYTES_PER_LOOK);
        if (!budget_check(budget, error))
            return false;
    }
    if (bytes)
        memset((u8 *)to + at, 0, (size_t)(bytes - at));
    return true;
}
