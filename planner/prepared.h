/* SPDX-License-Identifier: Apache-2.0
 *
 * The inside of a Prepared: a Bound and what Describe says of it, in an arena of its own. Private
 * to planner/.
 */
#ifndef GOTGAN_PREPARED_H
#define GOTGAN_PREPARED_H

#include <stdatomic.h>

#include "planner/bound.h"
#include "planner/planner.h"

struct Prepared {
    _Atomic i32 count;
    Arena arena;
    Bound *bound;
    ResultColumn *columns;
    i32 column_count;
    const u32 *path; /* schemas in which bare names were looked for */
    i32 path_count;
};

#endif
