/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of definitions share. Private to executor/.
 */
#ifndef GOTGAN_DDL_H
#define GOTGAN_DDL_H

#include "executor/executor.h"
#include "expressions/eval.h"

typedef struct Ddl {
    Query *q;
    Storage *storage;
    Transaction *transaction;
    const CatalogView *view;
    TicketWait wait;
    void *wait_state;
} Ddl;

/* Throws WRITE_ERROR; waits for the ticket of WRITE_WAIT. */
void ddl_wait(const Ddl *ddl, WriteStatus status, Ticket *ticket);
/* ACCESS EXCLUSIVE, to the end of the transaction. */
void ddl_lock(const Ddl *ddl, u32 object_class, u32 oid);
void ddl_lock_mode(const Ddl *ddl, u32 object_class, u32 oid, LockMode mode);
u32 ddl_oid(const Ddl *ddl);
/* All rows there are, also those that a REPEATABLE READ transaction does not see. */
Snapshot *ddl_newest_snapshot(const Ddl *ddl);
/* What the transaction sees now, its own writes of earlier statements included. */
CatalogView ddl_view_now(const Ddl *ddl);
/* Puts the object; 42P07 when a wait let somebody else make the name. */
void ddl_put_relation(const Ddl *ddl, const CatalogRelation *relation, bool replace);

/* ddl_sequence.c: gives the command's new sequences their oids, each time it is run. */
void ddl_number_sequences(const Ddl *ddl, const PlanCommand *command);
/* Makes or changes the command's sequences; columns that own new ones get their
 * defaults. The command's relation has its oid. */
void ddl_put_sequences(const Ddl *ddl, const PlanCommand *command);
/* A sequence loses its state. */
void ddl_retire_sequence(const Ddl *ddl);

void ddl_create_table(const Ddl *ddl, const PlanCommand *command);
void ddl_alter_table(const Ddl *ddl, const PlanCommand *command, const ExecutionInput *input);
/* ddl_verify.c: rows that break what ALTER TABLE asks for fail with 23502 or 23514. */
void ddl_verify_rows(const Ddl *ddl, const PlanCommand *command, const ExecutionInput *input);
void ddl_truncate(const Ddl *ddl, const PlanCommand *command);
/* LOCK TABLE; 55P03 with NOWAIT. */
void ddl_lock_tables(const Ddl *ddl, const PlanCommand *command);
/* ddl_comment.c */
void ddl_comment(const Ddl *ddl, const PlanCommand *command);
/* The comments that a new table begins with. */
void ddl_comment_new(const Ddl *ddl, const PlanCommand *command);
/* The comments on an object and its parts go with it; view: what is there before it goes. */
void ddl_drop_comments(const Ddl *ddl, const CatalogView *view, u32 object_class, u32 oid);
/* The comments on columns and constraints that the relation has no more. */
void ddl_alter_comments(const Ddl *ddl, const CatalogRelation *relation);
void ddl_drop(const Ddl *ddl, const PlanCommand *command);

#endif
