/* SPDX-License-Identifier: Apache-2.0
 *
 * pg_sleep, pg_sleep_for and pg_sleep_until.
 *
 * The session's own thread sleeps where it always waits, at its connection. A worker tells the pool
 * that it is away, so that another thread works in its stead, and looks for an interrupt every few
 * milliseconds. Either way a cancel, a timeout or a lost client ends the sleep.
 */
#include <math.h>
#include <time.h>

#include "server/session.h"
#include "types/timestamp.h"

enum { SLEEP_LOOK_US = 5000 };
static const f64 SLEEP_SECONDS_MAX = 1e12; /* longer than any clock runs */

static i64 now_us(const Session *session)
{
    Platform *platform = session->server->platform;
    return platform->monotonic_us(platform);
}

static bool is_interrupted(Session *session)
{
    return atomic_load(&session->control.interrupt) != INTERRUPT_NONE;
}

static void sleep_at_connection(Session *session, i64 end_us)
{
    Connection *c = session->connection;
    for (i64 left; !is_interrupted(session) && (left = end_us - now_us(session)) > 0;) {
        i64 timeout = timeouts_check(session, NULL);
        connection_wait(c, WAIT_EVENT, timeout < 0 ? left : min_i64(left, timeout));
        if (c->closed)
            query_interrupt(&session->control, INTERRUPT_CONNECTION_LOST);
    }
}

static void sleep_in_worker(Session *session, i64 end_us)
{
    worker_pool_leave(session->server->pool);
    for (i64 left; !is_interrupted(session) && (left = end_us - now_us(session)) > 0;) {
        struct timespec slice = {.tv_nsec = min_i64(left, SLEEP_LOOK_US) * 1000};
        nanosleep(&slice, NULL);
    }
    worker_pool_return(session->server->pool);
}

/* False: interrupted. */
static bool sleep_us(Session *session, i64 us, Error *error)
{
    i64 end_us = now_us(session) + us;
    if (pthread_equal(pthread_self(), session->thread))
        sleep_at_connection(session, end_us);
    else
        sleep_in_worker(session, end_us);
    return query_control_check(&session->control, error);
}

/* The microseconds that row i asks for; none when they are negative or not a number. */
typedef bool (*SleepLength)(const KernelCall *call, i32 i, i64 *us);

static bool seconds_length(const KernelCall *call, i32 i, i64 *us)
{
    const Vector *arg = &call->args[0];
    f64 seconds = ((const f64 *)arg->values)[arg->form == VECTOR_CONSTANT ? 0 : i];
    *us = seconds > 0 ? (i64)(fmin(seconds, SLEEP_SECONDS_MAX) * 1e6) : 0;
    return true;
}

static bool interval_length(const KernelCall *call, i32 i, i64 *us)
{
    const Vector *arg = &call->args[0];
    const Interval *values = arg->values;
    i64 now = call->env->clock_us(), end;
    if (!timestamptz_add(now, values[arg->form == VECTOR_CONSTANT ? 0 : i],
                         call->env->format.timezone, &end, call->error))
        return false;
    *us = end - now;
    return true;
}

static bool until_length(const KernelCall *call, i32 i, i64 *us)
{
    const Vector *arg = &call->args[0];
    i64 end = ((const i64 *)arg->values)[arg->form == VECTOR_CONSTANT ? 0 : i];
    i64 now = call->env->clock_us();
    i64 longest = (i64)SLEEP_SECONDS_MAX * 1000000;
    *us = end <= now ? 0 : end > now + longest ? longest : end - now;
    return true;
}

static KernelStatus sleep_rows(KernelCall *call, SleepLength length)
{
    Session *session = (Session *)call->env->session;
    Str *values = call->result->values;
    i32 count = call->sel ? call->sel->count : call->n;
    for (i32 k = 0; k < count; k++) {
        i32 i = call->sel ? call->sel->rows[k] : k;
        i64 us;
        values[i] = str_from_text(TEXT(""));
        if (call->result->valid && !bit_get(call->result->valid, i))
            continue;
        if (!length(call, i, &us)) {
            call->bad = i;
            return KERNEL_BAD_ROW;
        }
        if (!sleep_us(session, us, call->error))
            return KERNEL_ERROR;
    }
    return KERNEL_OK;
}

KernelStatus fn_sleep(KernelCall *call)
{
    return sleep_rows(call, seconds_length);
}

KernelStatus fn_sleep_for(KernelCall *call)
{
    return sleep_rows(call, interval_length);
}

KernelStatus fn_sleep_until(KernelCall *call)
{
    return sleep_rows(call, until_length);
}
