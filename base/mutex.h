/* SPDX-License-Identifier: Apache-2.0
 *
 * Mutex: mutual exclusion whose failures are bugs of ours, so nobody has to check a result.
 *
 * Ownership law: whoever locked unlocks, on the same thread; nothing waits, does I/O or calls out
 * while it holds one (the owner of a Mutex says so where it is declared).
 */
#ifndef GOTGAN_MUTEX_H
#define GOTGAN_MUTEX_H

#include <pthread.h>

#include "base/base.h"

typedef struct Mutex {
    pthread_mutex_t lock;
} Mutex;

static inline void mutex_open(Mutex *mutex)
{
    int failed = pthread_mutex_init(&mutex->lock, NULL);
    verify(!failed);
}
static inline void mutex_close(Mutex *mutex)
{
    int failed = pthread_mutex_destroy(&mutex->lock);
    verify(!failed);
}
static inline void mutex_lock(Mutex *mutex)
{
    int failed = pthread_mutex_lock(&mutex->lock);
    verify(!failed);
}
static inline void mutex_unlock(Mutex *mutex)
{
    int failed = pthread_mutex_unlock(&mutex->lock);
    verify(!failed);
}

#endif
