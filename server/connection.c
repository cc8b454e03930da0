/* SPDX-License-Identifier: Apache-2.0
 *
 * Non-blocking socket I/O and the one wait.
 */
#define _GNU_SOURCE
#include "server/connection.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_BYTES_AT_ONCE = 64 << 10, KEEP_BYTES = 16 << 10 };

int event_open(void)
{
    int event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    verify(event >= 0);
    return event;
}

void connection_open(Connection *c, int socket, int event, Budget *budget)
{
    *c = (Connection){.socket = socket, .event = event};
    buffer_open(&c->in, budget);
    buffer_open(&c->out, budget);
    int failed = pthread_mutex_init(&c->mutex, NULL);
    verify(!failed);
}

void connection_close(Connection *c)
{
    close(c->socket);
    close(c->event);
    buffer_close(&c->in);
    buffer_close(&c->out);
    for (i32 i = 0; i < c->queued; i++)
        buffer_close(&c->queue[i]);
    pthread_mutex_destroy(&c->mutex);
}

void connection_wake(void *connection)
{
    Connection *c = connection;
    u64 one = 1;
    ssize_t written = write(c->event, &one, sizeof one);
    (void)written; /* a full counter is awake already */
}

i32 connection_wait(Connection *c, i32 want, i64 timeout_us)
{
    struct pollfd fds[2] = {{.fd = c->socket}, {.fd = c->event, .events = POLLIN}};
    if (want & WAIT_READ)
        fds[0].events |= POLLIN;
    if (want & WAIT_WRITE)
        fds[0].events |= POLLOUT;
    fds[0].events |= POLLRDHUP;
    if (c->closed)
        fds[0].fd = -1;
    int ms = timeout_us < 0 ? -1 : (int)min_i64((timeout_us + 999) / 1000, INT32_MAX);
    int ready = poll(fds, 2, ms);
    i32 got = 0;
    if (ready <= 0)
        return got;
    if (fds[0].revents & (POLLIN | POLLRDHUP))
        got |= WAIT_READ;
    if (fds[0].revents & POLLOUT)
        got |= WAIT_WRITE;
    if (fds[0].revents & (POLLERR | POLLHUP | POLLNVAL))
        c->closed = true;
    if ((fds[0].revents & POLLRDHUP) && connection_available(c) == 0 && !(want & WAIT_READ))
        c->closed = true;
    if (fds[1].revents & POLLIN) {
        u64 count;
        ssize_t bytes = read(c->event, &count, sizeof count);
        (void)bytes; /* only the waking counts */
        got |= WAIT_EVENT;
    }
    return got;
}

bool connection_fill(Connection *c, Error *error)
{
    if (c->in_at > 0) {
        i64 left = connection_available(c);
        memmove(c->in.data, c->in.data + c->in_at, (size_t)left);
        c->in.len = left;
        c->in_at = 0;
    }
    if (!buffer_reserve(&c->in, READ_BYTES_AT_ONCE, error))
        return false;
    ssize_t got =
        recv(c->socket, c->in.data + c->in.len, (size_t)(c->in.capacity - c->in.len), MSG_DONTWAIT);
    if (got > 0) {
        c->in.len += got;
        return true;
    }
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return true;
    c->closed = true;
    return error_set(error, E_CONNECTION_FAILURE, "connection to client lost");
}

/* Sends from a buffer; true when it is empty afterwards. */
static bool send_some(Connection *c, const u8 *data, i64 len, i64 *at)
{
    while (*at < len && !c->closed) {
        ssize_t sent =
            send(c->socket, data + *at, (size_t)(len - *at), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            *at += sent;
        } else if (sent < 0 && errno == EINTR) {
            continue;
        } else if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            return false;
        } else {
            c->closed = true;
        }
    }
    return *at >= len;
}

static void drop_oldest(Connection *c)
{
    pthread_mutex_lock(&c->mutex);
    Buffer oldest = c->queue[0];
    c->queued--;
    memmove(&c->queue[0], &c->queue[1], (size_t)c->queued * sizeof c->queue[0]);
    pthread_mutex_unlock(&c->mutex);
    buffer_close(&oldest);
}

/* True: nothing of `out` is left. A result buffer that is half written goes first. */
static bool flush_out(Connection *c)
{
    if (c->queue_at > 0)
        return true;
    if (!send_some(c, c->out.data, c->out.len, &c->out_at) && !c->closed)
        return false;
    c->out.len = 0;
    c->out_at = 0;
    buffer_shrink(&c->out, RESULT_BUFFER_BYTES);
    return true;
}

void connection_flush_some(Connection *c)
{
    if (!flush_out(c))
        return;
    for (;;) {
        pthread_mutex_lock(&c->mutex);
        bool any = c->queued > 0;
        Buffer *first = &c->queue[0];
        pthread_mutex_unlock(&c->mutex);
        if (!any)
            return;
        /* the first buffer is ours: workers only append behind it */
        if (!send_some(c, first->data, first->len, &c->queue_at) && !c->closed)
            return;
        c->queue_at = 0;
        drop_oldest(c);
    }
}

bool connection_has_output(Connection *c)
{
    pthread_mutex_lock(&c->mutex);
    bool any = c->queued > 0 || c->out.len > c->out_at;
    pthread_mutex_unlock(&c->mutex);
    return any && !c->closed;
}

bool connection_has_room(Connection *c)
{
    pthread_mutex_lock(&c->mutex);
    bool room = c->queued < QUEUE_MAX;
    pthread_mutex_unlock(&c->mutex);
    return room;
}

void connection_cut(Connection *c)
{
    shutdown(c->socket, SHUT_RDWR);
}

void connection_flush(Connection *c)
{
    for (;;) {
        connection_flush_some(c);
        if (!connection_has_output(c))
            return;
        connection_wait(c, WAIT_WRITE, -1);
    }
}

bool connection_take_results(Connection *c, Error *error)
{
    for (;;) {
        pthread_mutex_lock(&c->mutex);
        bool any = c->queued > 0;
        i64 bytes = any ? c->queue[0].len : 0;
        pthread_mutex_unlock(&c->mutex);
        if (!any)
            return true;
        if (c->out.len - c->out_at + bytes > SMALL_MESSAGE_BYTES || c->out_at > 0 ||
            c->queue_at > 0) {
            connection_flush(c);
            continue;
        }
        if (!buffer_append(&c->out, c->queue[0].data, bytes, error))
            return false;
        drop_oldest(c);
    }
}

bool connection_queue(Connection *c, Buffer *buffer)
{
    pthread_mutex_lock(&c->mutex);
    bool room = c->queued < QUEUE_MAX;
    if (room)
        c->queue[c->queued++] = *buffer;
    pthread_mutex_unlock(&c->mutex);
    if (room) {
        buffer_open(buffer, buffer->budget);
        connection_wake(c);
    } else {
        atomic_store(&c->room_wanted, true);
    }
    return room;
}

void connection_queue_last(Connection *c, Buffer *buffer)
{
    pthread_mutex_lock(&c->mutex);
    verify(c->queued < QUEUE_LAST);
    c->queue[c->queued++] = *buffer;
    pthread_mutex_unlock(&c->mutex);
    buffer_open(buffer, buffer->budget);
    connection_wake(c);
}
