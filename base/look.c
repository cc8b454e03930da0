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

bool look_copy_long(void *to, const void *from, i64 bytes, const Budget *budget, Error *error)
{
    for (i64 at = 0, piece; at < bytes; at += piece) {
        piece = min_i64(bytes - at, BYTES_PER_LOOK);
        if (!budget_check(budget, error))
            return false;
        memcpy((u8 *)to + at, (const u8 *)from + at, (size_t)piece);
    }
    return true;
}

bool look_clear_long(void *to, i64 bytes, const Budget *budget, Error *error)
{
    for (i64 at = 0, piece; at < bytes; at += piece) {
        piece = min_i64(bytes - at, BYTES_PER_LOOK);
        if (!budget_check(budget, error))
            return false;
        memset((u8 *)to + at, 0, (size_t)piece);
    }
    return true;
}
