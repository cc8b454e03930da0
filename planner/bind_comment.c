/* SPDX-License-Identifier: Apache-2.0
 *
 * COMMENT: the object it names, as the three numbers that pg_description knows it by. Objects that
 * are built in take comments like others.
 */
#include "catalog/definition.h"
#include "planner/bind_ddl.h"

typedef struct CommentBind {
    Binder *b;
    const AstComment *ast;
    PlanComment *comment;
} CommentBind;

static Text last_part(Name name)
{
    return name.parts[name.count - 1];
}

static _Noreturn void fail_missing(const CommentBind *bind, const char *kind, Text name)
{
    query_fail(bind->b->q, E_UNDEFINED_OBJECT, "%s \"%.*s\" does not exist", kind, TEXT_ARG(name));
}

static _Noreturn void fail_kind(const CommentBind *bind, Text name, const char *kind)
{
    query_fail(bind->b->q, E_WRONG_OBJECT_TYPE, "\"%.*s\" is not %s", TEXT_ARG(name), kind);
}

static void note_object(const CommentBind *bind, u32 object_class, u32 oid, Text name)
{
    bind->comment->object_class = object_class;
    bind->comment->oid = oid;
    bind->comment->name = name;
}

/* Who comments on a part of the object holds the object; nobody drops it meanwhile. */
static void note_locked(const CommentBind *bind, u32 object_class, u32 oid, Text name)
{
    PlanCommand *command = &bind->b->bound->command;
    command->drops = make_array(bind->b->q, PlanDropItem, 1);
    command->drops[command->drop_count++] = (PlanDropItem){object_class, oid, name, 0};
}

/* ---- relations and what is in them ---- */

typedef struct IndexSearch {
    const CommentBind *bind;
    u32 schema; /* 0: any that the search path reaches */
    Text name;
    const CatalogRelation *relation;
    u32 oid; /* 0: not found yet */
} IndexSearch;

static void look_for_index(void *state, Query *q, const CatalogRelation *relation)
{
    IndexSearch *search = state;
    bool reached = search->schema
                       ? relation->schema == search->schema
                       : catalog_relation_is_visible(q, search->bind->b->view, relation->oid);
    for (i32 i = 0; i < relation->constraint_count && !search->oid; i++) {
        const CatalogConstraint *constraint = &relation->constraints[i];
        if (!constraint_has_index(constraint) || !text_equal(constraint->name, search->name) ||
            !reached)
            continue;
        search->relation = relation;
        search->oid = constraint->oid;
    }
}

/* The index of a constraint by name; false: there is none. */
static bool name_index(const CommentBind *bind)
{
    Binder *b = bind->b;
    const CatalogSchema *schema = ddl_named_schema(b, bind->ast->name);
    IndexSearch search = {.bind = bind, .schema = schema ? schema->oid : 0};
    search.name = last_part(bind->ast->name);
    catalog_relations(b->q, b->view, look_for_index, &search);
    if (!search.oid)
        return false;
    note_object(bind, CLASS_RELATION, search.oid, search.name);
    note_locked(bind, CLASS_RELATION, search.relation->oid, search.relation->name);
    return true;
}

static const CatalogRelation *name_relation(const CommentBind *bind)
{
    const CatalogRelation *relation = ddl_named_relation(bind->b, bind->ast->name);
    note_object(bind, CLASS_RELATION, relation->oid, relation->name);
    note_locked(bind, CLASS_RELATION, relation->oid, relation->name);
    return relation;
}

/* kind: the one it must be; 0: one that no relation here is. */
static void name_relation_of_kind(const CommentBind *bind, char kind, const char *words)
{
    if (name_index(bind)) {
        if (bind->ast->object != OBJECT_INDEX)
            fail_kind(bind, bind->comment->name, words);
        return;
    }
    const CatalogRelation *relation = name_relation(bind);
    if ((char)relation->kind != kind)
        fail_kind(bind, relation->name, words);
}

static void name_column(const CommentBind *bind)
{
    Query *q = bind->b->q;
    Name whole = bind->ast->name;
    if (whole.count < 2)
        query_fail(q, E_SYNTAX_ERROR, "column name must be qualified");
    CommentBind of_relation = *bind;
    AstComment table = *bind->ast;
    table.name.count--;
    of_relation.ast = &table;
    const CatalogRelation *relation = name_relation(&of_relation);
    i32 at = catalog_column(relation, last_part(whole));
    if (at == CATALOG_NO_COLUMN)
        query_fail(q, E_UNDEFINED_COLUMN, "column \"%.*s\" of relation \"%.*s\" does not exist",
                   TEXT_ARG(last_part(whole)), TEXT_ARG(name_print(q, table.name)));
    if (relation->kind != RELATION_TABLE && relation->kind != RELATION_VIEW) {
        Error error;
        error_set(&error, E_WRONG_OBJECT_TYPE, "cannot set comment on relation \"%.*s\"",
                  TEXT_ARG(relation->name));
        error_detail(&error, "This operation is not supported for sequences.");
        query_rethrow(q, &error);
    }
    bind->comment->column = relation->columns[at].number;
}

static void name_constraint(const CommentBind *bind)
{
    const CatalogRelation *relation = name_relation(bind);
    Text name = bind->ast->constraint;
    for (i32 i = 0; i < relation->constraint_count; i++) {
        if (!text_equal(relation->constraints[i].name, name))
            continue;
        note_object(bind, CLASS_CONSTRAINT, relation->constraints[i].oid, name);
        return;
    }
    query_fail(bind->b->q, E_UNDEFINED_OBJECT,
               "constraint \"%.*s\" for table \"%.*s\" does not exist", TEXT_ARG(name),
               TEXT_ARG(relation->name));
}

/* ---- objects of other kinds ---- */

static void name_alone(const CommentBind *bind, u32 object_class, u32 oid)
{
    note_object(bind, object_class, oid, last_part(bind->ast->name));
    note_locked(bind, object_class, oid, last_part(bind->ast->name));
}

static void name_schema(const CommentBind *bind)
{
    Text name = last_part(bind->ast->name);
    const CatalogSchema *schema = catalog_schema_by_name(bind->b->q, bind->b->view, name);
    if (!schema)
        query_fail(bind->b->q, E_INVALID_SCHEMA_NAME, "schema \"%.*s\" does not exist",
                   TEXT_ARG(name));
    name_alone(bind, CLASS_SCHEMA, schema->oid);
}

/* A database that is not there is only a warning: dumps name the one they came from. */
static void name_database(const CommentBind *bind)
{
    Text name = last_part(bind->ast->name);
    PlanCommand *command = &bind->b->bound->command;
    if (text_equal(name, CATALOG_DATABASE_NAME)) {
        name_alone(bind, CLASS_DATABASE, DATABASE_GOTGAN);
        return;
    }
    command->comment_count = 0;
    ddl_notice(bind->b, command, E_WARNING,
               query_format(bind->b->q, "database \"%.*s\" does not exist", TEXT_ARG(name)));
}

static void name_role(const CommentBind *bind)
{
    if (!text_equal(last_part(bind->ast->name), CATALOG_ROLE_NAME))
        fail_missing(bind, "role", last_part(bind->ast->name));
    name_alone(bind, CLASS_ROLE, ROLE_GOTGAN);
}

static void name_type(const CommentBind *bind)
{
    Binder *b = bind->b;
    Name name = bind->ast->name;
    const CatalogSchema *schema = ddl_named_schema(b, name);
    const TypeRow *row =
        schema && schema->oid != SCHEMA_PG_CATALOG ? NULL : type_row_by_name(last_part(name));
    if (!row)
        fail_missing(bind, "type", name_print(b->q, name));
    if (bind->ast->object == OBJECT_DOMAIN)
        fail_kind(bind, name_print(b->q, name), "a domain");
    name_alone(bind, CLASS_TYPE, row->oid);
}

static void name_tablespace(const CommentBind *bind)
{
    Text name = last_part(bind->ast->name);
    u32 oid = text_equal(name, TEXT("pg_default"))  ? TABLESPACE_DEFAULT
              : text_equal(name, TEXT("pg_global")) ? TABLESPACE_GLOBAL
                                                    : 0;
    if (!oid)
        fail_missing(bind, "tablespace", name);
    name_alone(bind, CLASS_TABLESPACE, oid);
}

/* ---- the entry ---- */

static void name_object(const CommentBind *bind)
{
    switch (bind->ast->object) {
    case OBJECT_TABLE:
        name_relation_of_kind(bind, RELATION_TABLE, "a table");
        return;
    case OBJECT_VIEW:
        name_relation_of_kind(bind, RELATION_VIEW, "a view");
        return;
    case OBJECT_SEQUENCE:
        name_relation_of_kind(bind, RELATION_SEQUENCE, "a sequence");
        return;
    case OBJECT_MATERIALIZED_VIEW:
        name_relation_of_kind(bind, 0, "a materialized view");
        return;
    case OBJECT_INDEX:
        name_relation_of_kind(bind, 0, "an index");
        return;
    case OBJECT_COLUMN:
        name_column(bind);
        return;
    case OBJECT_CONSTRAINT:
        name_constraint(bind);
        return;
    case OBJECT_SCHEMA:
        name_schema(bind);
        return;
    case OBJECT_DATABASE:
        name_database(bind);
        return;
    case OBJECT_ROLE:
        name_role(bind);
        return;
    case OBJECT_TYPE:
    case OBJECT_DOMAIN:
        name_type(bind);
        return;
    case OBJECT_TABLESPACE:
        name_tablespace(bind);
        return;
    case OBJECT_EXTENSION:
        fail_missing(bind, "extension", last_part(bind->ast->name));
    case OBJECT_COLLATION:
        bind_unsupported(bind->b, bind->ast->name.offset, "comments on collations");
    }
    unreachable();
}

void bind_comment(Binder *b, const Ast *ast)
{
    PlanCommand *command = ddl_command(b, COMMAND_COMMENT, "COMMENT");
    command->comments = make_array(b->q, PlanComment, 1);
    command->comment_count = 1;
    command->comments[0].text = ast->comment.text;
    name_object(&(CommentBind){b, &ast->comment, &command->comments[0]});
}
