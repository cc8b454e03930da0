/* SPDX-License-Identifier: Apache-2.0
 *
 * The one watcher of fault points. It is the test's own state, set before anything runs; the
 * server never sets it.
 */
#include "base/fault_point.h"

#include <stddef.h>

static void (*watch)(void *state, const char *name);
static void *watch_state;

void fault_point_watch(void (*watcher)(void *state, const char *name), void *state)
{
    watch = watcher;
    watch_state = state;
}

void fault_point_hit(const char *name)
{
    if (watch)
        watch(watch_state, name);
}
