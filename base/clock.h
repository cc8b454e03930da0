/* SPDX-License-Identifier: Apache-2.0
 *
 * The cycle counter, for choices that adapt as they run and for profiles. Never for time of day.
 */
#ifndef GOTGAN_CLOCK_H
#define GOTGAN_CLOCK_H

#include "base/base.h"

static inline u64 clock_ticks(void)
{
    return __builtin_ia32_rdtsc();
}

#endif
