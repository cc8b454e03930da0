/* SPDX-License-Identifier: Apache-2.0
 *
 * Connection: one client's socket, and everything that may wake its thread.
 *
 * Only the connection's own thread touches the socket. It waits in one place, connection_wait, on
 * {socket, eventfd}; workers, cancel requests and shutdown write the eventfd. Result buffers made
 * by workers are queued here (at most QUEUE_MAX, then the sink is full) and written by the thread.
 */
#ifndef GOTGAN_CONNECTION_H
#define GOTGAN_CONNECTION_H

#include <pthread.h>

#include "base/buffer.h"
#include "base/query.h"

enum {
    QUEUE_MAX = 4,
    QUEUE_LAST = QUEUE_MAX + 2 * 256, /* each worker one when it is full, one when it ends */
    RESULT_BUFFER_BYTES = 256 << 10,
    SMALL_MESSAGE_BYTES = 16 << 10
};

typedef struct Connection {
    int socket, event; /* event: an eventfd */
    Buffer in;         /* bytes read, in_at: consumed so far */
    i64 in_at;
    Buffer out; /* messages of this thread, out_at: written so far */
    i64 out_at;
    pthread_mutex_t mutex;    /* of the queue */
    Buffer queue[QUEUE_LAST]; /* full result buffers, oldest first */
    i32 queued;
    i64 queue_at;             /* written so far of the oldest */
    i64 message_start;        /* in out: length field of the message being written */
    bool closed;              /* the peer is gone, or the stream is beyond repair */
    _Atomic bool room_wanted; /* a sink was refused */
} Connection;

/* A new eventfd. */
int event_open(void);
void connection_open(Connection *c, int socket, int event, Budget *budget);
void connection_close(Connection *c);

typedef enum Wait { WAIT_READ = 1, WAIT_WRITE = 2, WAIT_EVENT = 4 } Wait;
/* Waits until something of want is there or timeout_us (< 0: for ever) passed; returns what is. A
 * written eventfd is consumed. Also notes a closed peer. */
i32 connection_wait(Connection *c, i32 want, i64 timeout_us);
/* From any thread (and signal handlers). */
void connection_wake(void *connection);

/* Reads what is there without waiting; false: closed or out of memory. */
must_check bool connection_fill(Connection *c, Error *error);
static inline i64 connection_available(const Connection *c)
{
    return c->in.len - c->in_at;
}

/* Writes what the socket takes now; queued results after own messages. */
void connection_flush_some(Connection *c);
/* Writes everything, waiting for the client. */
void connection_flush(Connection *c);
bool connection_has_output(Connection *c);
/* The queue would take a buffer. */
bool connection_has_room(Connection *c);
/* From any thread: reads and writes end, and with them whoever waits for the client. */
void connection_cut(Connection *c);
/* Moves queued result buffers behind the messages already in `out`. */
must_check bool connection_take_results(Connection *c, Error *error);

/* A worker hands over a full buffer (its memory changes owner). False: the queue is full; nothing
 * was taken. */
bool connection_queue(Connection *c, Buffer *buffer);
/* A worker's last buffer: taken in any case (one per worker at most). */
void connection_queue_last(Connection *c, Buffer *buffer);

#endif
