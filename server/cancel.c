/* SPDX-License-Identifier: Apache-2.0
 *
 * The list of sessions: who is there, who may be cancelled with which key, and how all of them end.
 */
#define _GNU_SOURCE
#include "server/session.h"

#include <errno.h>

enum { LAST_WORDS_US = 2000000 };

void session_register(Server *server, Session *session)
{
    server->platform->random_bytes(server->platform, &session->secret, sizeof session->secret);
    pthread_mutex_lock(&server->mutex);
    session->pid = ++server->next_pid;
    session->next = server->sessions;
    session->link = &server->sessions;
    if (session->next)
        session->next->link = &session->next;
    server->sessions = session;
    pthread_mutex_unlock(&server->mutex);
}

void session_unregister(Server *server, Session *session)
{
    pthread_mutex_lock(&server->mutex);
    *session->link = session->next;
    if (session->next)
        session->next->link = session->link;
    pthread_mutex_unlock(&server->mutex);
}

/* Equal keys take as long as different ones. */
static bool keys_equal(u32 a, u32 b)
{
    volatile u32 difference = a ^ b;
    return difference == 0;
}

void session_cancel(Server *server, i32 pid, u32 secret)
{
    pthread_mutex_lock(&server->mutex);
    for (Session *s = server->sessions; s; s = s->next) {
        if (s->pid != pid || !keys_equal(s->secret, secret))
            continue;
        query_interrupt(&s->control, INTERRUPT_CANCEL);
        connection_wake(s->connection);
    }
    pthread_mutex_unlock(&server->mutex);
}

static void interrupt_all(Server *server)
{
    for (Session *s = server->sessions; s; s = s->next) {
        query_interrupt(&s->control, INTERRUPT_SHUTDOWN);
        connection_wake(s->connection);
    }
}

/* Waits until all are gone, or so long. */
static void wait_empty(Server *server, i64 wait_us)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += wait_us / 1000000;
    int timed_out = 0;
    while (server->session_count > 0 && timed_out != ETIMEDOUT)
        timed_out = pthread_cond_timedwait(&server->empty, &server->mutex, &until);
}

void sessions_stop(Server *server, i64 wait_us)
{
    pthread_mutex_lock(&server->mutex);
    for (Session *s = server->sessions; s; s = s->next)
        connection_wake(
            s->connection); /* idle ones end at once, running ones after their statement */
    wait_empty(server, wait_us);
    interrupt_all(server);
    wait_empty(server, LAST_WORDS_US);
    for (Session *s = server->sessions; s; s = s->next) /* those whose clients do not read */
        connection_cut(s->connection);
    while (server->session_count > 0)
        pthread_cond_wait(&server->empty, &server->mutex);
    pthread_mutex_unlock(&server->mutex);
}
