/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the calling thread's stack ends: the ground that stack_check stands on.
 */
#ifndef GOTGAN_STACK_H
#define GOTGAN_STACK_H

#include "base/base.h"

/* The lowest address of the calling thread's stack (of its first 8 MiB on the main thread). */
const u8 *stack_lowest(void);

#endif
