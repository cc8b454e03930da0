/* SPDX-License-Identifier: Apache-2.0
 *
 * Ticket: how storage says "not yet" without waiting. The one that would wait fills a ticket and
 * returns WAIT; the releaser completes it and calls wake, after it dropped its last mutex. wake may
 * only set a flag and queue work.
 *
 * Ownership law: the waiter owns the ticket and keeps it alive until it is complete.
 */
#ifndef GOTGAN_TICKET_H
#define GOTGAN_TICKET_H

#include <stdatomic.h>

#include "base/error.h"

typedef enum TicketState { TICKET_IDLE, TICKET_WAITING, TICKET_GRANTED, TICKET_FAILED } TicketState;

typedef struct Ticket {
    _Atomic u32 state;            /* a TicketState */
    void (*wake)(void *argument); /* NULL: the waiter polls */
    void *argument;
    Error error; /* TICKET_FAILED: cancel, deadlock, shutdown */
} Ticket;

static inline TicketState ticket_state(Ticket *ticket)
{
    return (TicketState)atomic_load_explicit(&ticket->state, memory_order_acquire);
}
/* The waiter: before handing the ticket out. */
void ticket_arm(Ticket *ticket, void (*wake)(void *), void *argument);
/* The releaser: exactly once, no mutex held. */
void ticket_grant(Ticket *ticket);
void ticket_fail(Ticket *ticket, const Error *error);

#endif
