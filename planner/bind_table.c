/* SPDX-License-Identifier: Apache-2.0
 *
 * Columns and constraints of a table that is made or altered: DEFAULT and CHECK are bound here to
 * check them, and kept as bind_stored.c writes them.
 */
#include "catalog/definition.h"
#include "planner/bind_ddl.h"

/* ---- constraints ---- */

bool table_constraint_is_named(const CatalogRelation *relation, Text name)
{
    for (i32 i = 0; i < relation->constraint_count; i++)
        if (text_equal(relation->constraints[i].name, name))
            return true;
    return false;
}

_Noreturn void table_fail_constraint_named(TableBind *t, Text name)
{
    query_fail(t->b->q, E_DUPLICATE_OBJECT,
               "constraint \"%.*s\" for relation \"%.*s\" already exists", TEXT_ARG(name),
               TEXT_ARG(t->relation->name));
}

/* Is there a relation of the name that does not go with the command? */
static bool relation_stays(const TableBind *t, Text name)
{
    Binder *b = t->b;
    const CatalogSchema *schema = catalog_schema(b->q, b->view, t->relation->schema);
    const CatalogRelation *relation =
        schema ? catalog_relation_by_name(b->q, b->view, schema->name, name) : NULL;
    for (i32 i = 0; relation && i < t->command->drop_count; i++)
        if (t->command->drops[i].object_class == CLASS_RELATION &&
            t->command->drops[i].oid == relation->oid)
            return false;
    return relation != NULL;
}

static bool other_table_has_constraint(const TableBind *t, Text name, bool with_index)
{
    const CatalogRelation *other;
    return constraint_in_schema(t->b->q, t->b->view, t->relation->schema, name, with_index,
                                &other) &&
           other->oid != t->relation->oid;
}

/* A relation or an index of the command, or another relation of the schema. */
static bool relation_has_name(const TableBind *t, Text name)
{
    const CatalogRelation *relation = t->relation;
    for (i32 i = 0; i < t->command->sequence_count; i++)
        if (text_equal(t->command->sequences[i].relation->name, name))
            return true;
    for (i32 i = 0; i < relation->constraint_count; i++)
        if (constraint_has_index(&relation->constraints[i]) &&
            text_equal(relation->constraints[i].name, name))
            return true;
    return text_equal(relation->name, name) || relation_stays(t, name);
}

bool table_relation_is_named(const TableBind *t, Text name)
{
    return relation_has_name(t, name) || other_table_has_constraint(t, name, true);
}

/* table_column_suffix, with a number behind when a constraint of the schema has the name. */
static Text choose_name(TableBind *t, Text column, const char *suffix, bool with_index)
{
    Query *q = t->b->q;
    for (i32 i = 0;; i++) {
        Text label = i ? query_format(q, "%s%d", suffix, i) : text_from(suffix);
        Text name = ddl_joined_name(q, t->relation->name, column, label);
        if (!table_constraint_is_named(t->relation, name) &&
            !(with_index && relation_has_name(t, name)) &&
            !other_table_has_constraint(t, name, false))
            return name;
    }
}

static CatalogConstraint *add_constraint(TableBind *t, ConstraintKind kind, Text name)
{
    CatalogRelation *relation = t->relation;
    CatalogConstraint *list =
        make_array(t->b->q, CatalogConstraint, relation->constraint_count + 1);
    if (relation->constraint_count)
        memcpy(list, relation->constraints, (size_t)relation->constraint_count * sizeof *list);
    relation->constraints = list;
    CatalogConstraint *constraint = &list[relation->constraint_count++];
    *constraint = (CatalogConstraint){.kind = kind, .name = name};
    return constraint;
}

/* Its number; 42703. */
static i32 key_column(TableBind *t, const Ast *ast, Text name)
{
    i32 at = catalog_column(t->relation, name);
    bool altered = t->command->kind == COMMAND_ALTER_TABLE;
    if (at == CATALOG_NO_COLUMN)
        query_fail_at(t->b->q, altered ? -1 : ast->offset, E_UNDEFINED_COLUMN,
                      "column \"%.*s\" named in key does not exist", TEXT_ARG(name));
    return t->relation->columns[at].number;
}

static bool has_primary_key(const CatalogConstraint *constraints, i32 count)
{
    for (i32 i = 0; i < count; i++)
        if (constraints[i].kind == CONSTRAINT_PRIMARY_KEY)
            return true;
    return false;
}

/* 42701, 42P16. */
static void check_key(TableBind *t, i32 offset, const CatalogConstraint *key)
{
    const CatalogRelation *relation = t->relation;
    bool primary = key->kind == CONSTRAINT_PRIMARY_KEY;
    for (i32 i = 0; i < key->column_count; i++)
        for (i32 j = 0; j < i; j++)
            if (key->columns[i] == key->columns[j])
                query_fail_at(t->b->q, offset, E_DUPLICATE_COLUMN,
                              "column \"%.*s\" appears twice in %s constraint",
                              TEXT_ARG(relation->columns[key->columns[i] - 1].name),
                              primary ? "primary key" : "unique");
    if (primary && (has_primary_key(t->keys, t->key_count) ||
                    has_primary_key(relation->constraints, relation->constraint_count)))
        query_fail_at(t->b->q, offset, E_INVALID_TABLE_DEFINITION,
                      "multiple primary keys for table \"%.*s\" are not allowed",
                      TEXT_ARG(relation->name));
}

static bool column_is_named(const Text *names, i32 count, Text name)
{
    for (i32 i = 0; i < count; i++)
        if (text_equal(names[i], name))
            return true;
    return false;
}

/* The names of the index's columns, joined; one that comes again has a number behind. */
static Text key_columns_name(TableBind *t, const CatalogConstraint *key)
{
    Query *q = t->b->q;
    i32 count = index_column_count(key);
    Text *names = make_array(q, Text, count);
    TextBuilder joined;
    builder_open(&joined, q, q->arena);
    for (i32 i = 0; i < count; i++) {
        Text name = names[i] = t->relation->columns[index_column(key, i) - 1].name;
        for (i32 n = 1; column_is_named(names, i, names[i]); n++)
            names[i] = query_format(q, "%.*s%d", TEXT_ARG(name), n);
        builder_format(&joined, "%s%.*s", i ? "_" : "", TEXT_ARG(names[i]));
    }
    return builder_text(&joined);
}

static Text choose_key_name(TableBind *t, const CatalogConstraint *key)
{
    bool primary = key->kind == CONSTRAINT_PRIMARY_KEY;
    return choose_name(t, primary ? TEXT("") : key_columns_name(t, key), primary ? "pkey" : "key",
                       true);
}

static i32 *key_columns(TableBind *t, const Ast *ast, const AstList *columns)
{
    i32 *numbers = make_array(t->b->q, i32, columns->count);
    for (i32 i = 0; i < columns->count; i++)
        numbers[i] = key_column(t, ast, columns->items[i]->identifier.name);
    return numbers;
}

/* offset: where it is written; -1: nowhere. */
static void write_key(TableBind *t, i32 offset, CatalogConstraint key)
{
    check_key(t, offset, &key);
    make_room(t->b->q, t->keys, t->key_count, &t->key_capacity);
    t->keys[t->key_count++] = key;
    for (i32 i = 0; key.kind == CONSTRAINT_PRIMARY_KEY && i < key.column_count; i++)
        t->relation->columns[key.columns[i] - 1].not_null = true;
}

/* 42P07, 42710. */
static void make_key(TableBind *t, CatalogConstraint key)
{
    if (!key.name.data)
        key.name = choose_key_name(t, &key);
    else if (table_relation_is_named(t, key.name))
        query_fail(t->b->q, E_DUPLICATE_TABLE, "relation \"%.*s\" already exists",
                   TEXT_ARG(key.name));
    else if (table_constraint_is_named(t->relation, key.name))
        table_fail_constraint_named(t, key.name);
    *add_constraint(t, key.kind, key.name) = key;
}

static bool same_numbers(const i32 *a, i32 a_count, const i32 *b, i32 b_count)
{
    return a_count == b_count && (a_count == 0 || memcmp(a, b, (size_t)a_count * sizeof *a) == 0);
}

static bool say_the_same(const CatalogConstraint *a, const CatalogConstraint *b)
{
    return same_numbers(a->columns, a->column_count, b->columns, b->column_count) &&
           same_numbers(a->included, a->included_count, b->included, b->included_count) &&
           a->nulls_not_distinct == b->nulls_not_distinct && a->deferrable == b->deferrable &&
           a->deferred == b->deferred;
}

/* Into the first `count` keys of the list, or into one of them that says the same and has no name
 * of its own. */
static i32 join_key(CatalogConstraint *list, i32 count, CatalogConstraint key)
{
    for (i32 i = 0; i < count; i++)
        if (say_the_same(&list[i], &key)) {
            if (!list[i].name.data)
                list[i].name = key.name;
            return count;
        }
    list[count] = key;
    return count + 1;
}

void table_make_keys(TableBind *t)
{
    CatalogConstraint *list = make_array(t->b->q, CatalogConstraint, t->key_count);
    i32 count = 0;
    for (i32 i = 0; i < t->key_count; i++)
        if (t->keys[i].kind == CONSTRAINT_PRIMARY_KEY)
            count = join_key(list, count, t->keys[i]);
    for (i32 i = 0; i < t->key_count; i++)
        if (t->keys[i].kind != CONSTRAINT_PRIMARY_KEY)
            count = join_key(list, count, t->keys[i]);
    for (i32 i = 0; i < count; i++)
        make_key(t, list[i]);
    t->key_count = 0;
}

/* USING INDEX takes an index that is no constraint's: there are none. */
static _Noreturn void fail_key_index(TableBind *t, const Ast *ast)
{
    Text name = ast->constraint.index;
    if (t->command->kind != COMMAND_ALTER_TABLE)
        query_fail_at(t->b->q, ast->offset, E_FEATURE_NOT_SUPPORTED,
                      "cannot use an existing index in CREATE TABLE");
    if (table_constraint_is_named(t->relation, name))
        query_fail_at(t->b->q, ast->offset, E_OBJECT_NOT_IN_PREREQUISITE_STATE,
                      "index \"%.*s\" is already associated with a constraint", TEXT_ARG(name));
    query_fail_at(t->b->q, ast->offset, E_UNDEFINED_OBJECT, "index \"%.*s\" does not exist",
                  TEXT_ARG(name));
}

static void bind_key(TableBind *t, const Ast *ast, const AstList *columns, ConstraintKind kind)
{
    const AstConstraint *written = &ast->constraint;
    if (written->index.data)
        fail_key_index(t, ast);
    ddl_check_key_storage(t->b, written);
    write_key(t, ast->offset,
              (CatalogConstraint){.kind = kind,
                                  .name = written->name,
                                  .columns = key_columns(t, ast, columns),
                                  .column_count = columns->count,
                                  .deferrable = written->deferrable,
                                  .deferred = written->deferred,
                                  .nulls_not_distinct = written->nulls_not_distinct,
                                  .included = key_columns(t, ast, &written->including),
                                  .included_count = written->including.count});
}

static Expr *bind_check_expr(void *state, const Ast *ast)
{
    TableBind *t = state;
    Scope scope;
    scope_open(t->b, &scope);
    bind_row_scope(t->b, t->relation);
    Expr *expr = bind_condition(t->b, ast, PLACE_CHECK, "CHECK");
    scope_close(t->b, &scope);
    const Expr *subquery = bind_find_subquery(t->b, expr);
    if (subquery)
        query_fail_at(t->b->q, subquery->offset, E_FEATURE_NOT_SUPPORTED,
                      "cannot use subquery in check constraint");
    return expr;
}

typedef struct UsedColumns {
    bool *used; /* by position among the live columns */
} UsedColumns;

static bool note_column(void *state, const Expr *expr)
{
    const UsedColumns *columns = state;
    if (expr->kind == EXPR_COLUMN)
        columns->used[expr->column] = true;
    return false;
}

/* Numbers of the columns a CHECK names. */
static void check_columns(TableBind *t, const Expr *expr, CatalogConstraint *constraint)
{
    const CatalogRelation *relation = t->relation;
    UsedColumns columns = {make_array(t->b->q, bool, relation->column_count)};
    expr_any(t->b->q, expr, note_column, &columns);
    constraint->columns = make_array(t->b->q, i32, relation->column_count);
    for (i32 i = 0, live = 0; i < relation->column_count; i++) {
        if (relation->columns[i].dropped)
            continue;
        if (columns.used[live++])
            constraint->columns[constraint->column_count++] = relation->columns[i].number;
    }
}

/* Named after the one column it reads, wherever it is written. */
static void bind_check(TableBind *t, const Ast *ast)
{
    Expr *expr = bind_check_expr(t, ast->constraint.expr);
    CatalogConstraint made = {.kind = CONSTRAINT_CHECK};
    check_columns(t, expr, &made);
    Text column =
        made.column_count == 1 ? t->relation->columns[made.columns[0] - 1].name : TEXT("");
    Text name =
        ast->constraint.name.data ? ast->constraint.name : choose_name(t, column, "check", false);
    if (table_constraint_is_named(t->relation, name))
        query_fail(t->b->q, E_DUPLICATE_OBJECT, "check constraint \"%.*s\" already exists",
                   TEXT_ARG(name));
    made.name = name;
    made.check_expr = stored_expr(t->b, ast->constraint.expr, bind_check_expr, t);
    *add_constraint(t, CONSTRAINT_CHECK, name) = made;
    if (t->command->kind == COMMAND_ALTER_TABLE)
        table_verify(t, name, expr);
}

Text table_rename_in_check(TableBind *t, Text check, Text from, Text to)
{
    return stored_rename(t->b, check, bind_check_expr, t, from, to);
}

typedef struct DefaultBind {
    TableBind *table;
    const CatalogColumn *column;
} DefaultBind;

_Noreturn void table_fail_default_type(Binder *b, const CatalogColumn *column, const Expr *expr,
                                       i32 offset)
{
    char to[TYPE_NAME_BYTES], from[TYPE_NAME_BYTES];
    Error error;
    error_set(&error, E_DATATYPE_MISMATCH,
              "column \"%.*s\" is of type %s but default expression is of type %s",
              TEXT_ARG(column->name), type_format(type_of(column->type.oid), to),
              type_format(type_of(expr->type.oid), from));
    error_hint(&error, "You will need to rewrite or cast the expression.");
    error.position = offset + 1;
    query_rethrow(b->q, &error);
}

static Expr *bind_default_expr(void *state, const Ast *ast)
{
    const DefaultBind *bind = state;
    Binder *b = bind->table->b;
    const CatalogColumn *column = bind->column;
    Scope scope;
    Scope *outer = b->scope;
    b->scope = NULL;
    scope_open(b, &scope);
    scope.place = PLACE_DEFAULT;
    Expr *expr = bind_expr(b, ast);
    const Expr *subquery = bind_find_subquery(b, expr);
    if (subquery)
        query_fail_at(b->q, subquery->offset, E_FEATURE_NOT_SUPPORTED,
                      "cannot use subquery in DEFAULT expression");
    Expr *cast = coerce_try(b, expr, column->type, CAST_ASSIGNMENT, ast->offset);
    if (!cast)
        table_fail_default_type(b, column, expr, ast->offset);
    b->scope = outer;
    return cast;
}

Expr *table_set_default(TableBind *t, CatalogColumn *column, const Ast *ast)
{
    DefaultBind bind = {t, column};
    Expr *expr = bind_default_expr(&bind, ast);
    column->default_expr = stored_expr(t->b, ast, bind_default_expr, &bind);
    return expr;
}

/* ---- columns ---- */

static CatalogColumn *append_column(TableBind *t, Text name, Type type)
{
    CatalogRelation *relation = t->relation;
    Query *q = t->b->q;
    if (catalog_column(relation, name) != CATALOG_NO_COLUMN)
        query_fail(q, E_DUPLICATE_COLUMN, "column \"%.*s\" specified more than once",
                   TEXT_ARG(name));
    ddl_check_column_name(t->b, name);
    if (relation->column_count >= 1600)
        query_fail(q, E_TOO_MANY_COLUMNS, "tables can have at most 1600 columns");
    CatalogColumn *columns = make_array(q, CatalogColumn, relation->column_count + 1);
    if (relation->column_count)
        memcpy(columns, relation->columns, (size_t)relation->column_count * sizeof *columns);
    relation->columns = columns;
    CatalogColumn *column = &columns[relation->column_count];
    column->name = name;
    column->type = type;
    column->number = ++relation->column_count;
    return column;
}

/* What the clauses of a column have said so far. */
typedef struct ColumnClauses {
    bool defaulted, identity, generated;
    bool null, not_null;
} ColumnClauses;

static _Noreturn void fail_clauses(const TableBind *t, const CatalogColumn *column,
                                   const char *words, i32 offset)
{
    query_fail_at(t->b->q, offset, E_SYNTAX_ERROR, "%s for column \"%.*s\" of table \"%.*s\"",
                  words, TEXT_ARG(column->name), TEXT_ARG(t->relation->name));
}

static void check_clause(const TableBind *t, const CatalogColumn *column, AstConstraintKind kind,
                         i32 offset, ColumnClauses *said)
{
    bool identity = kind == AST_CONSTRAINT_IDENTITY, defaulted = kind == AST_CONSTRAINT_DEFAULT;
    bool generated = kind == AST_CONSTRAINT_GENERATED;
    if (defaulted && said->defaulted)
        fail_clauses(t, column, "multiple default values specified", offset);
    if (identity && said->identity)
        fail_clauses(t, column, "multiple identity specifications", offset);
    if (generated && said->generated)
        fail_clauses(t, column, "multiple generation clauses specified", offset);
    said->defaulted |= defaulted;
    said->identity |= identity;
    said->generated |= generated;
    said->null |= kind == AST_CONSTRAINT_NULL;
    said->not_null |= kind == AST_CONSTRAINT_NOT_NULL || identity;
    if (said->null && said->not_null)
        fail_clauses(t, column, "conflicting NULL/NOT NULL declarations", offset);
    if (said->defaulted && said->identity)
        fail_clauses(t, column, "both default and identity specified", offset);
    if (said->defaulted && said->generated)
        fail_clauses(t, column, "both default and generation expression specified", offset);
    if (said->identity && said->generated)
        fail_clauses(t, column, "both identity and generation expression specified", offset);
}

/* What gives a column its values is said at most once. serial is a DEFAULT and NOT NULL behind what
 * is written. */
static void check_clauses(const TableBind *t, const Ast *definition, bool serial,
                          CatalogColumn *column)
{
    const AstList *clauses = &definition->column_definition.constraints;
    ColumnClauses said = {0};
    for (i32 i = 0; i < clauses->count; i++)
        check_clause(t, column, clauses->items[i]->constraint.kind, clauses->items[i]->offset,
                     &said);
    if (serial) {
        check_clause(t, column, AST_CONSTRAINT_DEFAULT, -1, &said);
        check_clause(t, column, AST_CONSTRAINT_NOT_NULL, -1, &said);
    }
    if (said.generated) /* no other column may read it: known from the start */
        column->generated = GENERATED_STORED;
}

CatalogColumn *table_add_column(TableBind *t, const Ast *ast)
{
    Query *q = t->b->q;
    Text name = ast->column_definition.name;
    Type type;
    bool serial = table_serial_type(t->b, ast, &type);
    if (!serial && ast->column_definition.type->type.setof)
        query_fail(q, E_INVALID_TABLE_DEFINITION, "column \"%.*s\" cannot be declared SETOF",
                   TEXT_ARG(name));
    if (!serial)
        type = bind_type(t->b, ast->column_definition.type);
    bind_column_collation(t->b, ast->column_definition.collation, &type);
    CatalogColumn *column = append_column(t, name, type);
    if (serial)
        table_add_serial(t, column);
    const TypeRow *row = type_row(column->type.oid);
    if (row->kind == 'p')
        query_fail_at(q, ast->offset, E_INVALID_TABLE_DEFINITION,
                      "column \"%.*s\" has pseudo-type %s", TEXT_ARG(name), row->sql_name);
    if (type_lane(column->type).kind == LANE_NONE)
        query_fail_at(q, ast->column_definition.type->offset, E_FEATURE_NOT_SUPPORTED,
                      "columns of type %s are not supported yet", row->sql_name);
    check_clauses(t, ast, serial, column);
    return column;
}

/* ---- LIKE ---- */

/* The comment that an object of the source has is one of a part of the new table. */
static void like_comment(TableBind *t, const Ast *ast, u32 object_class, u32 oid, i32 column,
                         PlanComment made)
{
    PlanCommand *command = t->command;
    Query *q = t->b->q;
    bool wanted = ast->table_like.including & LIKE_COMMENTS;
    const CatalogComment *comment =
        wanted ? catalog_comment(q, t->b->view->snapshot, object_class, oid, column) : NULL;
    if (!comment)
        return;
    PlanComment *all = make_array(q, PlanComment, command->comment_count + 1);
    if (command->comment_count)
        memcpy(all, command->comments, (size_t)command->comment_count * sizeof *all);
    made.object_class = object_class;
    made.text = comment->text;
    all[command->comment_count++] = made;
    command->comments = all;
}

static const CatalogRelation *like_source(TableBind *t, const Ast *ast)
{
    Binder *b = t->b;
    const CatalogRelation *source = bind_find_relation(b, ast->table_like.name);
    if (source->kind == RELATION_SEQUENCE) {
        Error error;
        error_set(&error, E_WRONG_OBJECT_TYPE, "relation \"%.*s\" is invalid in LIKE clause",
                  TEXT_ARG(source->name));
        error_detail(&error, "This operation is not supported for sequences.");
        error.position = ast->table_like.name.offset + 1;
        query_rethrow(b->q, &error);
    }
    bind_use(b, source, USE_SELECT);
    return source;
}

void table_like_columns(TableBind *t, const Ast *ast)
{
    const CatalogRelation *source = like_source(t, ast);
    for (i32 i = 0; i < source->column_count; i++) {
        const CatalogColumn *from = &source->columns[i];
        if (from->dropped)
            continue;
        CatalogColumn *column = append_column(t, from->name, from->type);
        column->not_null = from->not_null;
        like_comment(t, ast, CLASS_RELATION, source->oid, from->number,
                     (PlanComment){.column = column->number, .constraint = -1});
        if (ast->table_like.including & LIKE_IDENTITY && from->identity)
            table_like_identity(t, column, source, from);
        u32 wanted = from->generated ? LIKE_GENERATED : LIKE_DEFAULTS;
        if (from->identity || !(ast->table_like.including & wanted))
            continue;
        column->default_expr = from->default_expr;
        column->generated = from->generated;
    }
}

/* The numbers in this table of columns of the source. */
static i32 *like_columns(TableBind *t, const CatalogRelation *source, const i32 *columns, i32 count)
{
    i32 *numbers = make_array(t->b->q, i32, count);
    for (i32 i = 0; i < count; i++) {
        Text name = source->columns[columns[i] - 1].name;
        numbers[i] = t->relation->columns[catalog_column(t->relation, name)].number;
    }
    return numbers;
}

static void like_key(TableBind *t, const CatalogRelation *source, CatalogConstraint key)
{
    key.oid = 0;
    key.name = (Text){NULL, 0};
    key.columns = like_columns(t, source, key.columns, key.column_count);
    key.included = like_columns(t, source, key.included, key.included_count);
    write_key(t, -1, key);
    table_make_keys(t); /* by itself: it is not compared with others */
}

void table_like_constraints(TableBind *t, const Ast *ast)
{
    const CatalogRelation *source = like_source(t, ast);
    for (i32 i = 0; i < source->constraint_count; i++) {
        const CatalogConstraint *from = &source->constraints[i];
        if (from->kind != CONSTRAINT_CHECK) {
            if (!(ast->table_like.including & LIKE_INDEXES))
                continue;
            like_key(t, source, *from);
            like_comment(t, ast, CLASS_RELATION, from->oid, 0,
                         (PlanComment){.constraint = t->relation->constraint_count - 1});
            continue;
        }
        if (!(ast->table_like.including & LIKE_CONSTRAINTS))
            continue;
        if (table_constraint_is_named(t->relation, from->name))
            query_fail(t->b->q, E_DUPLICATE_OBJECT, "check constraint \"%.*s\" already exists",
                       TEXT_ARG(from->name));
        i32 *numbers = like_columns(t, source, from->columns, from->column_count);
        CatalogConstraint *check = add_constraint(t, CONSTRAINT_CHECK, from->name);
        check->check_expr = from->check_expr;
        check->columns = numbers;
        check->column_count = from->column_count;
        like_comment(t, ast, CLASS_CONSTRAINT, from->oid, 0,
                     (PlanComment){.constraint = t->relation->constraint_count - 1});
    }
}

/* ---- constraints as they are written ---- */

static void column_constraint(TableBind *t, const Ast *ast, i32 index)
{
    CatalogColumn *column = &t->relation->columns[index];
    Ast *self = make(t->b->q, Ast);
    self->kind = AST_IDENTIFIER;
    self->offset = ast->offset;
    self->identifier.name = column->name;
    AstList own = {&self, 1, 1};
    switch (ast->constraint.kind) {
    case AST_CONSTRAINT_NULL:
        return;
    case AST_CONSTRAINT_NOT_NULL:
        column->not_null = true;
        return;
    case AST_CONSTRAINT_DEFAULT:
        table_set_default(t, column, ast->constraint.expr);
        return;
    case AST_CONSTRAINT_CHECK:
        bind_check(t, ast);
        return;
    case AST_CONSTRAINT_PRIMARY_KEY:
        bind_key(t, ast, &own, CONSTRAINT_PRIMARY_KEY);
        return;
    case AST_CONSTRAINT_UNIQUE:
        bind_key(t, ast, &own, CONSTRAINT_UNIQUE);
        return;
    case AST_CONSTRAINT_GENERATED:
        table_set_generated(t, column, ast->constraint.expr);
        return;
    case AST_CONSTRAINT_IDENTITY:
        table_add_identity(t, column, ast);
        return;
    case AST_CONSTRAINT_FOREIGN_KEY:
        bind_unsupported(t->b, ast->offset, "foreign keys");
    }
}

void table_column_constraints(TableBind *t, const Ast *definition, i32 index)
{
    const AstList *constraints = &definition->column_definition.constraints;
    for (i32 i = 0; i < constraints->count; i++)
        column_constraint(t, constraints->items[i], index);
}

void table_constraint(TableBind *t, const Ast *ast)
{
    switch (ast->constraint.kind) {
    case AST_CONSTRAINT_CHECK:
        bind_check(t, ast);
        return;
    case AST_CONSTRAINT_PRIMARY_KEY:
        bind_key(t, ast, &ast->constraint.columns, CONSTRAINT_PRIMARY_KEY);
        return;
    case AST_CONSTRAINT_UNIQUE:
        bind_key(t, ast, &ast->constraint.columns, CONSTRAINT_UNIQUE);
        return;
    case AST_CONSTRAINT_FOREIGN_KEY:
        bind_unsupported(t->b, ast->offset, "foreign keys");
    case AST_CONSTRAINT_NULL:
    case AST_CONSTRAINT_NOT_NULL:
    case AST_CONSTRAINT_DEFAULT:
    case AST_CONSTRAINT_GENERATED:
    case AST_CONSTRAINT_IDENTITY:
        break;
    }
    verify(!"a table constraint");
}

void table_warn_about_keys(TableBind *t)
{
    for (i32 i = 0; i < t->relation->constraint_count; i++) {
        const CatalogConstraint *key = &t->relation->constraints[i];
        if (key->kind == CONSTRAINT_CHECK || key->oid) /* it has been said when it was made */
            continue;
        ddl_notice(t->b, t->command, E_WARNING,
                   query_format(t->b->q, "uniqueness of constraint \"%.*s\" is not checked yet",
                                TEXT_ARG(key->name)));
    }
}
