/* SPDX-License-Identifier: Apache-2.0
 *
 * One thread that steps storage's jobs: flush, merge, checkpoint, deletion of retired files. A job
 * that failed is logged and rests before it is tried again. Between steps it looks for statements
 * whose time is over. After a minute without a message from any client it gives memory that nobody
 * uses back to the system.
 */
#include "server/server.h"

#include <errno.h>

#include "base/log.h"
#include "base/memory.h"

enum { IDLE_MS = 100, BACKOFF_ROUNDS = 50, TRIM_ROUNDS = 600, JOBS_MAX = 16 };

/* True when some job did something. */
static bool step_jobs(Server *server, i32 *resting)
{
    i32 count;
    const StorageJob *jobs = storage_jobs(&count);
    bool worked = false;
    for (i32 i = 0; i < count && i < JOBS_MAX; i++) {
        if (resting[i] > 0) {
            resting[i]--;
            continue;
        }
        Error error;
        if (!jobs[i].ready(server->storage))
            continue;
        if (jobs[i].step(server->storage, &error)) {
            worked = true;
            continue;
        }
        log_line(LOG_WARNING, "%s: %s", jobs[i].name, error.message);
        resting[i] = BACKOFF_ROUNDS;
    }
    return worked;
}

static bool stop_asked(Background *background)
{
    pthread_mutex_lock(&background->mutex);
    bool stop = background->stop;
    pthread_mutex_unlock(&background->mutex);
    return stop;
}

static void rest(Background *background)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += IDLE_MS * 1000000ll;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    pthread_mutex_lock(&background->mutex);
    if (!background->stop)
        pthread_cond_timedwait(&background->wake, &background->mutex, &until);
    pthread_mutex_unlock(&background->mutex);
}

typedef struct Quiet {
    i64 messages; /* had come when the quiet began */
    i32 rounds;   /* rested since */
} Quiet;

static void memory_care(Server *server, Quiet *quiet)
{
    i64 messages = atomic_load(&server->messages);
    if (messages != quiet->messages)
        *quiet = (Quiet){messages, 0};
    else if (++quiet->rounds == TRIM_ROUNDS)
        memory_trim();
}

static void *background_thread(void *argument)
{
    Server *server = argument;
    Background *background = &server->background;
    i32 resting[JOBS_MAX] = {0};
    Quiet quiet = {0, 0};
    while (!stop_asked(background)) {
        timeouts_raise(server);
        if (step_jobs(server, resting))
            continue;
        rest(background);
        memory_care(server, &quiet);
    }
    return NULL;
}

void background_start(Server *server)
{
    Background *background = &server->background;
    int failed = pthread_mutex_init(&background->mutex, NULL);
    failed |= pthread_cond_init(&background->wake, NULL);
    verify(!failed);
    background->running = pthread_create(&background->thread, NULL, background_thread, server) == 0;
    if (!background->running)
        log_line(LOG_WARNING, "no thread for background work");
}

void background_stop(Server *server)
{
    Background *background = &server->background;
    pthread_mutex_lock(&background->mutex);
    background->stop = true;
    pthread_cond_signal(&background->wake);
    pthread_mutex_unlock(&background->mutex);
    if (background->running)
        pthread_join(background->thread, NULL);
}
