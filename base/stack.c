/* SPDX-License-Identifier: Apache-2.0
 *
 * Asks the thread library once per call; callers keep the answer (Query.stack_end).
 */
#define _GNU_SOURCE
#include "base/stack.h"

#include <pthread.h>

const u8 *stack_lowest(void)
{
    pthread_attr_t attributes;
    void *lowest = NULL;
    size_t size = 0;
    int failed = pthread_getattr_np(pthread_self(), &attributes);
    verify(!failed);
    failed = pthread_attr_getstack(&attributes, &lowest, &size);
    verify(!failed);
    pthread_attr_destroy(&attributes);
    /* An unlimited main stack reports a size that is not there: trust 8 MiB from here. */
    const u8 *here = __builtin_frame_address(0);
    const i64 trusted = 7 << 20;
    const u8 *bottom = lowest;
    return here - bottom > trusted ? here - trusted : bottom;
}
