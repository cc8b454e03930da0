/* SPDX-License-Identifier: Apache-2.0
 *
 * Named places where a test may crash, fail or pause the engine; nothing in release builds.
 */
#ifndef GOTGAN_FAULT_POINT_H
#define GOTGAN_FAULT_POINT_H

#ifdef NDEBUG
#define FAULT_POINT(name) ((void)0)
#else
#define FAULT_POINT(name) fault_point_hit(name)
#endif
void fault_point_hit(const char *name);
/* Tests: called at every fault point (NULL: nobody). Not thread-safe to change while running. */
void fault_point_watch(void (*watcher)(void *state, const char *name), void *state);

#endif
