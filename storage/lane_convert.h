/* SPDX-License-Identifier: Apache-2.0
 *
 * The lane a scan asks for, made from the lane a column is stored in.
 */
#ifndef GOTGAN_LANE_CONVERT_H
#define GOTGAN_LANE_CONVERT_H

#include "types/chunk.h"

/* Turns a FLAT or CONSTANT vector of n rows into lane `to`, in arena; nothing to do when it has it.
 * live: a bit per row that is handed out (NULL: all are); what statistics say of a snapshot's rows
 * need not hold for the others, which become 0 where they do not fit. 22003 when one that is live
 * does not; 0A000 for pairs that no scan asks for. */
must_check bool lane_convert(Vector *vector, i32 n, const u64 *live, Lane to, Arena *arena,
                             Error *error);

#endif
