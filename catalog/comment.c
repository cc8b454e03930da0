/* SPDX-License-Identifier: Apache-2.0
 *
 * Comments: objects of their own, named by the three numbers of what they are about, so that there
 * is one of each and renaming leaves it alone. pg_description, pg_shdescription and the functions
 * that read them.
 *
 * PostgreSQL's comments on what is built in are not here; what a user says of it is.
 */
#include "catalog/catalog_kernel.h"
#include "catalog/object_codec.h"
#include "catalog/system_fill.h"

enum { COMMENT_NAME_BYTES = 40 };

bool class_is_shared(u32 object_class)
{
    return object_class == CLASS_DATABASE || object_class == CLASS_ROLE ||
           object_class == CLASS_TABLESPACE;
}

/* name: room for COMMENT_NAME_BYTES. */
static ObjectKey comment_key(u32 object_class, u32 object_oid, i32 column, char *name)
{
    snprintf(name, COMMENT_NAME_BYTES, "%u.%u.%d", object_class, object_oid, column);
    u32 database = class_is_shared(object_class) ? 0 : DATABASE_GOTGAN;
    return (ObjectKey){CLASS_DESCRIPTION, database, 0, text_from(name)};
}

/* ---- look-ups ---- */

static const CatalogComment *comment_decode(Query *q, const StoredObject *object)
{
    CatalogComment *comment = make(q, CatalogComment);
    if (!object_decode(object_record(CLASS_DESCRIPTION), object->bytes, comment, q->arena,
                       &q->error)) {
        error_detail(&q->error, "It is comment %u.", object->oid);
        query_rethrow(q, &q->error);
    }
    comment->oid = object->oid;
    return comment;
}

const CatalogComment *catalog_comment(Query *q, const Snapshot *snapshot, u32 object_class,
                                      u32 object_oid, i32 column)
{
    char name[COMMENT_NAME_BYTES];
    const StoredObject *object =
        object_find(snapshot, comment_key(object_class, object_oid, column, name));
    return object ? comment_decode(q, object) : NULL;
}

const CatalogComment *catalog_comment_next(Query *q, const Snapshot *snapshot, u32 from)
{
    const StoredObject *object = object_next(snapshot, CLASS_DESCRIPTION, from);
    return object ? comment_decode(q, object) : NULL;
}

WriteStatus catalog_put_comment(Transaction *transaction, const CatalogComment *comment,
                                Arena *arena, Ticket *ticket, Error *error)
{
    char name[COMMENT_NAME_BYTES];
    StoredObject object = {
        .object_class = CLASS_DESCRIPTION,
        .oid = comment->oid,
        .key = comment_key(comment->object_class, comment->object_oid, comment->column, name),
    };
    return catalog_put_object(transaction, &object, comment, arena->budget, ticket, error);
}

/* ---- pg_description, pg_shdescription ---- */

void fill_pg_description(Query *q, const Snapshot *snapshot, const Value *const *equal,
                         SystemRows *rows)
{
    const CatalogComment *comment = catalog_comment_next(q, snapshot, 0);
    for (; comment; comment = catalog_comment_next(q, snapshot, comment->oid + 1)) {
        const Value row[pg_description_COLUMNS] = {
            [pg_description_objoid] = value_oid(comment->object_oid),
            [pg_description_classoid] = value_oid(comment->object_class),
            [pg_description_objsubid] = value_i32(comment->column),
            [pg_description_description] = value_text(comment->text),
        };
        if (!class_is_shared(comment->object_class))
            fill_row(q, rows, row);
    }
}

void fill_pg_shdescription(Query *q, const Snapshot *snapshot, const Value *const *equal,
                           SystemRows *rows)
{
    const CatalogComment *comment = catalog_comment_next(q, snapshot, 0);
    for (; comment; comment = catalog_comment_next(q, snapshot, comment->oid + 1)) {
        const Value row[pg_shdescription_COLUMNS] = {
            [pg_shdescription_objoid] = value_oid(comment->object_oid),
            [pg_shdescription_classoid] = value_oid(comment->object_class),
            [pg_shdescription_description] = value_text(comment->text),
        };
        if (class_is_shared(comment->object_class))
            fill_row(q, rows, row);
    }
}

/* ---- functions ---- */

static void put_comment(KernelCall *call, i32 i, const CatalogComment *comment)
{
    if (comment)
        put_text(call, i, comment->text);
    else
        put_null(call, i);
}

/* The class that a relation of pg_catalog lists; 0: there is no such relation. */
static u32 class_named(Text name)
{
    const SystemRelation *relation = system_relation_by_name(SCHEMA_PG_CATALOG, name);
    return relation ? relation->oid : 0;
}

/* The class of an object by its oid alone: the first that has a comment on it. */
static const CatalogComment *comment_of_any_class(Query *q, const Snapshot *snapshot, u32 oid)
{
    static const u32 classes[] = {CLASS_RELATION, CLASS_TYPE, CLASS_CONSTRAINT, CLASS_SCHEMA};
    const CatalogComment *comment = NULL;
    for (i32 i = 0; i < countof(classes) && !comment; i++)
        comment = catalog_comment(q, snapshot, classes[i], oid, 0);
    return comment;
}

static void object_comment(Query *q, KernelCall *call, i32 i)
{
    const Snapshot *snapshot = call->env->catalog->snapshot;
    u32 oid = arg_oid(call, 0, i);
    u32 object_class = call->nargs == 2 ? class_named(arg_text(call, 1, i)) : 0;
    put_comment(call, i,
                call->nargs == 1 ? comment_of_any_class(q, snapshot, oid)
                : class_is_shared(object_class)
                    ? NULL
                    : catalog_comment(q, snapshot, object_class, oid, 0));
}
CATALOG_KERNEL(object_comment)

static void column_comment(Query *q, KernelCall *call, i32 i)
{
    put_comment(call, i,
                catalog_comment(q, call->env->catalog->snapshot, CLASS_RELATION,
                                arg_oid(call, 0, i), arg_i32(call, 1, i)));
}
CATALOG_KERNEL(column_comment)

static void shared_comment(Query *q, KernelCall *call, i32 i)
{
    u32 object_class = class_named(arg_text(call, 1, i));
    put_comment(
        call, i,
        class_is_shared(object_class)
            ? catalog_comment(q, call->env->catalog->snapshot, object_class, arg_oid(call, 0, i), 0)
            : NULL);
}
CATALOG_KERNEL(shared_comment)

void attach_comment_functions(void)
{
    attach(OP_OBJ_DESCRIPTION, object_comment_kernel);
    attach(OP_COL_DESCRIPTION, column_comment_kernel);
    attach(OP_SHOBJ_DESCRIPTION, shared_comment_kernel);
}
