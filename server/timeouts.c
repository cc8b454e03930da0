/* SPDX-License-Identifier: Apache-2.0
 *
 * Whose time is over: statement_timeout and lock_timeout interrupt the statement, the idle timeouts
 * end the session. The session's thread asks at each turn of its waiting; while it computes
 * something itself (binds, folds constants, plans), the background thread sees to
 * statement_timeout.
 */
#include "server/session.h"

/* A worker that begins to wait for a lock does not wake the session; one that is parked has to be
 * resumed to see that it was interrupted. */
enum { LOCK_LOOK_US = 5000, INTERRUPTED_US = 1000 };

static i64 now_us(const Session *session)
{
    Platform *platform = session->server->platform;
    return platform->monotonic_us(platform);
}

void timeouts_begin(Session *session)
{
    i64 limit = session->settings.statement_timeout_us;
    atomic_store(&session->deadline_us, limit ? now_us(session) + limit : 0);
}

/* Behind it nobody interrupts for the statement that was. */
void timeouts_end(Session *session)
{
    if (atomic_load(&session->deadline_us) == 0)
        return;
    pthread_mutex_lock(&session->server->mutex);
    atomic_store(&session->deadline_us, 0);
    pthread_mutex_unlock(&session->server->mutex);
}

void timeouts_raise(Server *server)
{
    i64 now = server->platform->monotonic_us(server->platform);
    pthread_mutex_lock(&server->mutex);
    for (Session *s = server->sessions; s; s = s->next) {
        i64 deadline = atomic_load(&s->deadline_us);
        if (deadline && deadline <= now)
            query_interrupt(&s->control, INTERRUPT_TIMEOUT);
    }
    pthread_mutex_unlock(&server->mutex);
}

static i64 sooner(i64 a, i64 b)
{
    return a < 0 ? b : b < 0 ? a : min_i64(a, b);
}

/* As timeouts_check, for the lock alone. */
static i64 check_lock(Session *session, const Ticket *ticket, i64 now)
{
    i64 limit = session->settings.lock_timeout_us;
    u32 wait = ticket ? UINT32_MAX : atomic_load(&session->control.lock_wait);
    if (limit == 0)
        return -1;
    if (wait != session->lock_wait) {
        session->lock_wait = wait;
        session->lock_since_us = now;
    }
    i64 left = wait ? session->lock_since_us + limit - now : limit;
    if (left <= 0)
        query_interrupt(&session->control, INTERRUPT_LOCK_TIMEOUT);
    return left <= 0 ? INTERRUPTED_US : min_i64(left, LOCK_LOOK_US);
}

i64 timeouts_check(Session *session, const Ticket *ticket)
{
    i64 deadline = atomic_load(&session->deadline_us);
    if (!deadline && !session->settings.lock_timeout_us)
        return -1;
    i64 now = now_us(session);
    i64 next = check_lock(session, ticket, now);
    if (!deadline)
        return next;
    i64 left = deadline - now;
    if (left > 0)
        return sooner(next, left);
    query_interrupt(&session->control, INTERRUPT_TIMEOUT);
    return INTERRUPTED_US;
}

i64 timeouts_idle(Session *session, Error *error)
{
    bool inside = session->block != BLOCK_NONE;
    i64 limit = inside ? session->settings.idle_in_transaction_timeout_us
                       : session->settings.idle_timeout_us;
    if (!session->ready || limit == 0)
        return -1;
    i64 now = now_us(session);
    if (session->ready_since_us == 0)
        session->ready_since_us = now;
    i64 left = session->ready_since_us + limit - now;
    if (left > 0)
        return left;
    if (inside)
        error_set(error, E_IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
                  "terminating connection due to idle-in-transaction timeout");
    else
        error_set(error, E_IDLE_SESSION_TIMEOUT,
                  "terminating connection due to idle-session timeout");
    return 0;
}
