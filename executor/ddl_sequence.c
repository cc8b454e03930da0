/* SPDX-License-Identifier: Apache-2.0
 *
 * Sequences of a definition: their relation, their definition and, where they start anew, a state
 * of a number of its own. The state before is not dropped here, where nextval of others would have
 * to wait for this transaction: it is swept away when nobody names it any more.
 */
#include "catalog/sequence_values.h"
#include "executor/ddl.h"

static void put_definition(const Ddl *ddl, const CatalogSequence *sequence)
{
    Query *q = ddl->q;
    Ticket ticket = {.state = TICKET_IDLE};
    WriteStatus status;
    while ((status = catalog_put_sequence(ddl->transaction, sequence, q->arena, &ticket,
                                          &q->error)) != WRITE_DONE)
        ddl_wait(ddl, status, &ticket);
}

static void start_anew(const Ddl *ddl, CatalogSequence *sequence, SequencePoint point)
{
    Query *q = ddl->q;
    Ticket ticket = {.state = TICKET_IDLE};
    WriteStatus status;
    if (sequence->state)
        ddl_retire_sequence(ddl);
    sequence->state = ddl_oid(ddl);
    while ((status = catalog_put_sequence_state(ddl->transaction, sequence->state, point,
                                                q->arena->budget, &ticket, &q->error)) !=
           WRITE_DONE)
        ddl_wait(ddl, status, &ticket);
}

void ddl_retire_sequence(const Ddl *ddl)
{
    Sequences *sequences = storage_companion(ddl->storage);
    if (sequences)
        sequences_note_retired(sequences);
}

/* The column counts by the sequence, which now has its number. */
static void give_to_column(const Ddl *ddl, CatalogRelation *table, i32 number,
                           CatalogSequence *sequence)
{
    sequence->owner_table = table->oid;
    sequence->owner_column = number;
    table->columns[number - 1].default_expr =
        query_format(ddl->q, "nextval('%c%u')", REFERENCE_MARK, sequence->oid);
}

void ddl_number_sequences(const Ddl *ddl, const PlanCommand *command)
{
    for (i32 i = 0; i < command->sequence_count; i++) {
        const PlanSequence *plan = &command->sequences[i];
        if (!plan->is_new)
            continue;
        plan->sequence->oid = plan->relation->oid = ddl_oid(ddl);
        plan->sequence->state = 0;
    }
}

void ddl_put_sequences(const Ddl *ddl, const PlanCommand *command)
{
    for (i32 i = 0; i < command->sequence_count; i++) {
        PlanSequence *plan = &command->sequences[i];
        CatalogSequence *sequence = plan->sequence;
        if (plan->column)
            give_to_column(ddl, command->relation, plan->column, sequence);
        if (plan->restart)
            start_anew(ddl, sequence, plan->point);
        ddl_put_relation(ddl, plan->relation, false);
        put_definition(ddl, sequence);
    }
}
