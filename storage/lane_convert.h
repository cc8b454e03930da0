/* SPDX-License-Identifier: Apache-2.0
 *
 * The lane a scan asks for, made from the lane a column is stored in.
 */
#ifndef GOTGAN_LANE_CONVERT_H
#define GOTGAN_LANE_CONVERT_H

#include "types/chunk.h"

/* Turns a FLAT or CONSTANT vector of n rows into lane `to`, in arena; nothing to do when it has it.
 * 0A000 for pairs that no scan asks for. */
must_check bool lane_convert(Vector *vector, i32 n, Lane to, Arena *arena, Error *error);

#endif
