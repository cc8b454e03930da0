/* SPDX-License-Identifier: Apache-2.0
 *
 * A ticket is one atomic word; the store that completes it is the last touch of the releaser but
 * for wake, whose function and argument are therefore read before it.
 */
#include "base/ticket.h"

void ticket_arm(Ticket *ticket, void (*wake)(void *), void *argument)
{
    ticket->wake = wake;
    ticket->argument = argument;
    atomic_store_explicit(&ticket->state, TICKET_WAITING, memory_order_release);
}

static void complete(Ticket *ticket, TicketState state)
{
    void (*wake)(void *) = ticket->wake;
    void *argument = ticket->argument;
    u32 before = atomic_exchange_explicit(&ticket->state, state, memory_order_acq_rel);
    verify(before == TICKET_WAITING);
    if (wake)
        wake(argument);
}

void ticket_grant(Ticket *ticket)
{
    complete(ticket, TICKET_GRANTED);
}

void ticket_fail(Ticket *ticket, const Error *error)
{
    ticket->error = *error;
    complete(ticket, TICKET_FAILED);
}
