/* SPDX-License-Identifier: Apache-2.0
 *
 * COMMENT, and what becomes of comments when their objects go: each is looked for by the numbers of
 * what goes, the columns and constraints of a relation one by one.
 */
#include "executor/ddl.h"

static void put_comment(const Ddl *ddl, const CatalogComment *comment)
{
    Ticket ticket = {.state = TICKET_IDLE};
    WriteStatus status;
    while ((status = catalog_put_comment(ddl->transaction, comment, ddl->q->arena, &ticket,
                                         &ddl->q->error)) != WRITE_DONE)
        ddl_wait(ddl, status, &ticket);
}

static void drop_comment(const Ddl *ddl, const CatalogView *view, u32 object_class, u32 oid,
                         i32 column)
{
    Ticket ticket = {.state = TICKET_IDLE};
    WriteStatus status;
    const CatalogComment *old = catalog_comment(ddl->q, view->snapshot, object_class, oid, column);
    while (old && (status = object_drop(ddl->transaction, CLASS_DESCRIPTION, old->oid, &ticket,
                                        &ddl->q->error)) != WRITE_DONE)
        ddl_wait(ddl, status, &ticket);
}

/* Of a constraint and of the index that may stand for it. */
static void drop_constraint_comments(const Ddl *ddl, const CatalogView *view, u32 oid)
{
    drop_comment(ddl, view, CLASS_CONSTRAINT, oid, 0);
    drop_comment(ddl, view, CLASS_RELATION, oid, 0);
}

static void set_comment(const Ddl *ddl, const CatalogView *view, CatalogComment comment)
{
    if (comment.text.len == 0) {
        drop_comment(ddl, view, comment.object_class, comment.object_oid, comment.column);
        return;
    }
    const CatalogComment *old = catalog_comment(ddl->q, view->snapshot, comment.object_class,
                                                comment.object_oid, comment.column);
    comment.oid = old ? old->oid : ddl_oid(ddl);
    put_comment(ddl, &comment);
}

static bool has_constraint(const CatalogRelation *relation, u32 oid)
{
    for (i32 i = 0; i < relation->constraint_count; i++)
        if (relation->constraints[i].oid == oid)
            return true;
    return false;
}

static void check_relation_there(const Ddl *ddl, const CatalogRelation *relation,
                                 const PlanComment *comment, const PlanDropItem *locked)
{
    if (!relation)
        query_fail(ddl->q, E_UNDEFINED_TABLE, "relation \"%.*s\" does not exist",
                   TEXT_ARG(locked->name));
    if (comment->column && relation->columns[comment->column - 1].dropped)
        query_fail(ddl->q, E_UNDEFINED_COLUMN,
                   "column number %d of relation \"%.*s\" does not exist", comment->column,
                   TEXT_ARG(locked->name));
    if (comment->oid != locked->oid && !has_constraint(relation, comment->oid))
        query_fail(ddl->q, E_UNDEFINED_OBJECT,
                   "constraint \"%.*s\" for table \"%.*s\" does not exist", TEXT_ARG(comment->name),
                   TEXT_ARG(locked->name));
}

/* What was dropped while this waited for its lock gets no comment. */
static void check_still_there(const Ddl *ddl, const CatalogView *view, const PlanComment *comment,
                              const PlanDropItem *locked)
{
    if (locked->object_class == CLASS_RELATION)
        check_relation_there(ddl, catalog_relation(ddl->q, view, locked->oid), comment, locked);
    if (locked->object_class == CLASS_SCHEMA && !catalog_schema(ddl->q, view, locked->oid))
        query_fail(ddl->q, E_INVALID_SCHEMA_NAME, "schema \"%.*s\" does not exist",
                   TEXT_ARG(locked->name));
}

void ddl_comment(const Ddl *ddl, const PlanCommand *command)
{
    if (command->comment_count == 0) /* a warning said why */
        return;
    const PlanComment *comment = &command->comments[0];
    const PlanDropItem *locked = &command->drops[0];
    ddl_lock_mode(ddl, locked->object_class, locked->oid, LOCK_OBJECT_SHARE_UPDATE_EXCLUSIVE);
    CatalogView view = ddl_view_now(ddl);
    check_still_there(ddl, &view, comment, locked);
    set_comment(ddl, &view,
                (CatalogComment){.object_class = comment->object_class,
                                 .object_oid = comment->oid,
                                 .column = comment->column,
                                 .text = comment->text});
}

void ddl_comment_new(const Ddl *ddl, const PlanCommand *command)
{
    const CatalogRelation *relation = command->relation;
    for (i32 i = 0; i < command->comment_count; i++) {
        const PlanComment *comment = &command->comments[i];
        bool constraint = comment->constraint >= 0;
        put_comment(ddl, &(CatalogComment){.oid = ddl_oid(ddl),
                                           .object_class = comment->object_class,
                                           .object_oid =
                                               constraint
                                                   ? relation->constraints[comment->constraint].oid
                                                   : relation->oid,
                                           .column = comment->column,
                                           .text = comment->text});
    }
}

void ddl_drop_comments(const Ddl *ddl, const CatalogView *view, u32 object_class, u32 oid)
{
    drop_comment(ddl, view, object_class, oid, 0);
    if (object_class != CLASS_RELATION)
        return;
    const CatalogRelation *relation = catalog_relation(ddl->q, view, oid);
    for (i32 i = 0; relation && i < relation->column_count; i++)
        drop_comment(ddl, view, CLASS_RELATION, oid, relation->columns[i].number);
    for (i32 i = 0; relation && i < relation->constraint_count; i++)
        drop_constraint_comments(ddl, view, relation->constraints[i].oid);
}

void ddl_alter_comments(const Ddl *ddl, const CatalogRelation *relation)
{
    CatalogView view = ddl_view_now(ddl);
    const CatalogRelation *before = catalog_relation(ddl->q, &view, relation->oid);
    for (i32 i = 0; i < relation->column_count; i++)
        if (relation->columns[i].dropped)
            drop_comment(ddl, &view, CLASS_RELATION, relation->oid, relation->columns[i].number);
    for (i32 i = 0; before && i < before->constraint_count; i++)
        if (!has_constraint(relation, before->constraints[i].oid))
            drop_constraint_comments(ddl, &view, before->constraints[i].oid);
}
