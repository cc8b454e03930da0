/* SPDX-License-Identifier: Apache-2.0
 *
 * Definitions: CREATE, ALTER and DROP of tables, views and schemas, to catalog objects as they
 * shall be. Expressions kept in objects (DEFAULT, CHECK, view queries) are bound here to check them
 * and stored as text printed from their tree.
 */
#include "planner/bind.h"

static PlanCommand *start_command(Binder *b, CommandKind kind, const char *tag)
{
    b->bound->kind = BOUND_COMMAND;
    b->bound->tag = tag;
    b->bound->command = (PlanCommand){.kind = kind, .tag = tag};
    return &b->bound->command;
}

static void add_notice(Binder *b, PlanCommand *command, Text notice)
{
    Text *notices = make_array(b->q, Text, command->notice_count + 1);
    if (command->notice_count)
        memcpy(notices, command->notices, (size_t)command->notice_count * sizeof *notices);
    notices[command->notice_count++] = notice;
    command->notices = notices;
}

static Text print_tree(Binder *b, const Ast *ast)
{
    TextBuilder builder;
    builder_open(&builder, b->q, b->q->arena);
    ast_print(&builder, ast);
    return builder_text(&builder);
}

/* ---- where new objects go ---- */

static const CatalogSchema *find_schema(Binder *b, Text name, i32 offset)
{
    const CatalogSchema *schema = catalog_schema_by_name(b->q, b->view, name);
    if (!schema)
        query_fail_at(b->q, offset, E_INVALID_SCHEMA_NAME, "schema \"%.*s\" does not exist",
                      TEXT_ARG(name));
    return schema;
}

static const CatalogSchema *creation_schema(Binder *b, Name name)
{
    const CatalogSchema *schema = name.count > 1
                                      ? find_schema(b, name.parts[name.count - 2], name.offset)
                                      : catalog_current_schema(b->q, b->view);
    if (!schema)
        query_fail_at(b->q, name.offset, E_INVALID_SCHEMA_NAME,
                      "no schema has been selected to create in");
    if (schema->built_in && schema->oid != SCHEMA_PUBLIC)
        query_fail_at(b->q, name.offset, E_INSUFFICIENT_PRIVILEGE,
                      "permission denied to create \"%.*s\"", TEXT_ARG(name_print(b->q, name)));
    return schema;
}

/* A new relation object, or NULL when IF NOT EXISTS finds one. */
static CatalogRelation *new_relation(Binder *b, Name name, PlanCommand *command, bool replace_view)
{
    const CatalogSchema *schema = creation_schema(b, name);
    Text own = name.parts[name.count - 1];
    const CatalogRelation *old = catalog_relation_by_name(b->q, b->view, schema->name, own);
    if (old && command->if_not_exists) {
        add_notice(b, command,
                   query_format(b->q, "relation \"%.*s\" already exists, skipping", TEXT_ARG(own)));
        return NULL;
    }
    if (old && !(replace_view && old->kind == RELATION_VIEW))
        query_fail(b->q, replace_view ? E_WRONG_OBJECT_TYPE : E_DUPLICATE_TABLE,
                   replace_view ? "\"%.*s\" is not a view" : "relation \"%.*s\" already exists",
                   TEXT_ARG(own));
    CatalogRelation *relation = make(b->q, CatalogRelation);
    relation->oid = old ? old->oid : 0;
    relation->schema = schema->oid;
    relation->name = own;
    relation->owner = ROLE_GOTGAN;
    return relation;
}

/* ---- constraints ---- */

typedef struct TableBind {
    Binder *b;
    CatalogRelation *relation;
    PlanCommand *command;
} TableBind;

static bool constraint_name_taken(const CatalogRelation *relation, Text name)
{
    for (i32 i = 0; i < relation->constraint_count; i++)
        if (text_equal(relation->constraints[i].name, name))
            return true;
    return false;
}

/* table_column_suffix, with a number behind when it is taken. */
static Text choose_name(TableBind *t, Text column, const char *suffix)
{
    Query *q = t->b->q;
    Text table = t->relation->name;
    Text dash = column.len ? TEXT("_") : TEXT("");
    for (i32 i = 0;; i++) {
        Text number = i ? query_format(q, "%d", i) : TEXT("");
        Text name = query_format(q, "%.*s%.*s%.*s_%s%.*s", TEXT_ARG(table), TEXT_ARG(dash),
                                 TEXT_ARG(column), suffix, TEXT_ARG(number));
        if (!constraint_name_taken(t->relation, name))
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

static void bind_key(TableBind *t, const Ast *ast, const AstList *columns, ConstraintKind kind)
{
    Query *q = t->b->q;
    i32 *numbers = make_array(q, i32, columns->count);
    TextBuilder names;
    builder_open(&names, q, q->arena);
    for (i32 i = 0; i < columns->count; i++) {
        Text name = columns->items[i]->identifier.name;
        i32 at = catalog_column(t->relation, name);
        if (at == CATALOG_NO_COLUMN)
            query_fail_at(q, columns->items[i]->offset, E_UNDEFINED_COLUMN,
                          "column \"%.*s\" named in key does not exist", TEXT_ARG(name));
        numbers[i] = t->relation->columns[at].number;
        if (kind == CONSTRAINT_PRIMARY_KEY)
            t->relation->columns[at].not_null = true;
        builder_format(&names, "%s%.*s", i ? "_" : "", TEXT_ARG(name));
    }
    for (i32 i = 0; kind == CONSTRAINT_PRIMARY_KEY && i < t->relation->constraint_count; i++)
        if (t->relation->constraints[i].kind == CONSTRAINT_PRIMARY_KEY)
            query_fail_at(q, ast->offset, E_INVALID_TABLE_DEFINITION,
                          "multiple primary keys for table \"%.*s\" are not allowed",
                          TEXT_ARG(t->relation->name));
    Text name = ast->constraint.name;
    if (!name.data)
        name = kind == CONSTRAINT_PRIMARY_KEY ? choose_name(t, TEXT(""), "pkey")
                                              : choose_name(t, builder_text(&names), "key");
    CatalogConstraint *constraint = add_constraint(t, kind, name);
    constraint->columns = numbers;
    constraint->column_count = columns->count;
}

/* A scope with the new table's columns, for CHECK. */
static void table_scope(TableBind *t, Scope *scope)
{
    Binder *b = t->b;
    scope_open(b, scope);
    i32 count = 0;
    ScopeItem item = {.alias = t->relation->name, .by_name = true, .by_column = true};
    item.columns = make_array(b->q, ScopeColumn, t->relation->column_count);
    for (i32 i = 0; i < t->relation->column_count; i++) {
        const CatalogColumn *column = &t->relation->columns[i];
        if (column->dropped)
            continue;
        item.columns[count].name = column->name;
        item.columns[count++].expr =
            expr_column(b->q, i, column->type, type_lane(column->type), -1);
    }
    item.column_count = count;
    scope->items = make_array(b->q, ScopeItem, 1);
    scope->items[0] = item;
    scope->count = scope->capacity = 1;
}

typedef struct UsedColumns {
    i32 first; /* -1: none */
    bool many;
} UsedColumns;

static bool note_column(void *state, const Expr *expr)
{
    UsedColumns *used = state;
    if (expr->kind == EXPR_COLUMN) {
        used->many |= used->first >= 0 && used->first != expr->column;
        used->first = expr->column;
    }
    return false;
}

static void bind_check(TableBind *t, const Ast *ast, Text column)
{
    Scope scope;
    table_scope(t, &scope);
    Expr *expr = bind_condition(t->b, ast->constraint.expr, PLACE_CHECK, "CHECK");
    scope_close(t->b, &scope);
    UsedColumns used = {-1, false};
    expr_any(t->b->q, expr, note_column, &used);
    if (!column.len && used.first >= 0 && !used.many)
        column = t->relation->columns[used.first].name;
    Text name = ast->constraint.name.data ? ast->constraint.name : choose_name(t, column, "check");
    if (constraint_name_taken(t->relation, name))
        query_fail(t->b->q, E_DUPLICATE_OBJECT, "check constraint \"%.*s\" already exists",
                   TEXT_ARG(name));
    CatalogConstraint *constraint = add_constraint(t, CONSTRAINT_CHECK, name);
    constraint->check_expr = print_tree(t->b, ast->constraint.expr);
}

static void bind_default(TableBind *t, CatalogColumn *column, const Ast *ast)
{
    Scope scope;
    Scope *outer = t->b->scope;
    t->b->scope = NULL;
    scope_open(t->b, &scope);
    scope.place = PLACE_DEFAULT;
    Expr *expr = bind_expr(t->b, ast);
    Expr *cast = coerce_try(t->b, expr, column->type, CAST_ASSIGNMENT, ast->offset);
    char to[TYPE_NAME_BYTES], from[TYPE_NAME_BYTES];
    if (!cast)
        query_fail_at(t->b->q, ast->offset, E_DATATYPE_MISMATCH,
                      "column \"%.*s\" is of type %s but default expression is of type %s",
                      TEXT_ARG(column->name), type_format(type_of(column->type.oid), to),
                      type_format(type_of(expr->type.oid), from));
    t->b->scope = outer;
    column->default_expr = print_tree(t->b, ast);
}

/* ---- columns ---- */

static CatalogColumn *add_column(TableBind *t, const Ast *ast)
{
    CatalogRelation *relation = t->relation;
    Query *q = t->b->q;
    Text name = ast->column_definition.name;
    if (catalog_column(relation, name) != CATALOG_NO_COLUMN)
        query_fail_at(q, ast->offset, E_DUPLICATE_COLUMN,
                      "column \"%.*s\" specified more than once", TEXT_ARG(name));
    if (relation->column_count >= 1600)
        query_fail(q, E_TOO_MANY_COLUMNS, "tables can have at most 1600 columns");
    CatalogColumn *columns = make_array(q, CatalogColumn, relation->column_count + 1);
    if (relation->column_count)
        memcpy(columns, relation->columns, (size_t)relation->column_count * sizeof *columns);
    relation->columns = columns;
    CatalogColumn *column = &columns[relation->column_count];
    column->name = name;
    column->type = bind_type(t->b, ast->column_definition.type);
    column->number = ++relation->column_count;
    const TypeRow *row = type_row(column->type.oid);
    if (row->kind == 'p')
        query_fail_at(q, ast->offset, E_INVALID_TABLE_DEFINITION,
                      "column \"%.*s\" has pseudo-type %s", TEXT_ARG(name), row->sql_name);
    if (type_lane(column->type).kind == LANE_NONE)
        query_fail_at(q, ast->column_definition.type->offset, E_FEATURE_NOT_SUPPORTED,
                      "columns of type %s are not supported yet", row->sql_name);
    return column;
}

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
        bind_default(t, column, ast->constraint.expr);
        return;
    case AST_CONSTRAINT_CHECK:
        bind_check(t, ast, column->name);
        return;
    case AST_CONSTRAINT_PRIMARY_KEY:
        bind_key(t, ast, &own, CONSTRAINT_PRIMARY_KEY);
        return;
    case AST_CONSTRAINT_UNIQUE:
        bind_key(t, ast, &own, CONSTRAINT_UNIQUE);
        return;
    case AST_CONSTRAINT_GENERATED:
        bind_unsupported(t->b, ast->offset, "generated columns");
    case AST_CONSTRAINT_IDENTITY:
        bind_unsupported(t->b, ast->offset, "identity columns");
    case AST_CONSTRAINT_FOREIGN_KEY:
        bind_unsupported(t->b, ast->offset, "foreign keys");
    }
}

static void table_constraint(TableBind *t, const Ast *ast)
{
    switch (ast->constraint.kind) {
    case AST_CONSTRAINT_CHECK:
        bind_check(t, ast, TEXT(""));
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

static void warn_about_keys(TableBind *t)
{
    for (i32 i = 0; i < t->relation->constraint_count; i++) {
        const CatalogConstraint *key = &t->relation->constraints[i];
        if (key->kind == CONSTRAINT_CHECK)
            continue;
        add_notice(t->b, t->command,
                   query_format(t->b->q, "!uniqueness of constraint \"%.*s\" is not checked yet",
                                TEXT_ARG(key->name)));
    }
}

/* ---- statements ---- */

void bind_create_table(Binder *b, const Ast *ast)
{
    const AstCreateTable *create = &ast->create_table;
    PlanCommand *command = start_command(b, COMMAND_CREATE_TABLE, "CREATE TABLE");
    command->if_not_exists = create->if_not_exists;
    if (create->persistence == PERSIST_TEMP)
        bind_unsupported(b, ast->offset, "temporary tables");
    if (create->inherits.count)
        bind_unsupported(b, ast->offset, "inherited tables");
    for (i32 i = 0; i < create->options.count; i++)
        query_fail_at(b->q, create->options.items[i]->offset, E_INVALID_PARAMETER_VALUE,
                      "unrecognized parameter \"%.*s\"",
                      TEXT_ARG(create->options.items[i]->option.name));
    CatalogRelation *relation = new_relation(b, create->name, command, false);
    if (!relation)
        return;
    relation->kind = RELATION_TABLE;
    command->relation = relation;
    TableBind t = {b, relation, command};
    for (i32 i = 0; i < create->elements.count; i++) {
        const Ast *element = create->elements.items[i];
        if (element->kind == AST_COLUMN_DEFINITION)
            add_column(&t, element);
        else if (element->kind == AST_TABLE_LIKE)
            bind_unsupported(b, element->offset, "LIKE clauses of CREATE TABLE");
    }
    i32 index = 0;
    for (i32 i = 0; i < create->elements.count; i++) {
        const Ast *element = create->elements.items[i];
        if (element->kind == AST_CONSTRAINT) {
            table_constraint(&t, element);
            continue;
        }
        const AstList *constraints = &element->column_definition.constraints;
        for (i32 j = 0; j < constraints->count; j++)
            column_constraint(&t, constraints->items[j], index);
        index++;
    }
    warn_about_keys(&t);
}

/* Runs a nested statement into its own Bound. */
static Bound *bind_inner(Binder *b, const Ast *ast)
{
    Bound *inner = make(b->q, Bound);
    inner->text = b->text;
    inner->parameter_types = b->bound->parameter_types;
    inner->parameter_count = b->bound->parameter_count;
    Binder binder = {.q = b->q, .view = b->view, .env = b->env, .text = b->text, .bound = inner};
    bind_statement(&binder, ast);
    b->bound->parameter_types = inner->parameter_types;
    b->bound->parameter_count = inner->parameter_count;
    for (i32 i = 0; i < inner->use_count; i++) {
        const CatalogRelation *used = catalog_relation(b->q, b->view, inner->uses[i].oid);
        if (used)
            bind_use(b, used, inner->uses[i].privileges);
    }
    return inner;
}

static void columns_of_query(Binder *b, CatalogRelation *relation, const Bound *inner,
                             const AstList *names)
{
    const BoundQuery *query = inner->query;
    relation->column_count = query->visible_count;
    relation->columns = make_array(b->q, CatalogColumn, query->visible_count);
    if (names->count > query->visible_count)
        query_fail(b->q, E_SYNTAX_ERROR, "too many column names were specified");
    for (i32 i = 0; i < query->visible_count; i++) {
        CatalogColumn *column = &relation->columns[i];
        column->name = i < names->count ? names->items[i]->identifier.name : query->targets[i].name;
        column->type = inner->columns[query->targets[i].output].type;
        column->number = i + 1;
        for (i32 j = 0; j < i; j++)
            if (text_equal(relation->columns[j].name, column->name))
                query_fail(b->q, E_DUPLICATE_COLUMN, "column \"%.*s\" specified more than once",
                           TEXT_ARG(column->name));
    }
}

void bind_create_table_as(Binder *b, const Ast *ast)
{
    bool into = ast->kind == AST_QUERY; /* SELECT ... INTO */
    PlanCommand *command = start_command(b, COMMAND_CREATE_TABLE_AS, "SELECT");
    Name name = into ? ast->query.body->select.into->into.table : ast->create_table_as.name;
    AstPersistence persistence =
        into ? ast->query.body->select.into->into.persistence : ast->create_table_as.persistence;
    if (persistence == PERSIST_TEMP)
        bind_unsupported(b, ast->offset, "temporary tables");
    if (!into && ast->create_table_as.materialized)
        bind_unsupported(b, ast->offset, "materialized views");
    const Ast *query = ast;
    static const AstList no_names = {NULL, 0, 0};
    const AstList *names = &no_names;
    if (into) {
        Ast *copy = make(b->q, Ast), *body = make(b->q, Ast);
        /* member by member: a node has only the bytes its kind needs */
        copy->kind = AST_QUERY;
        copy->offset = ast->offset;
        copy->query = ast->query;
        body->kind = AST_SELECT;
        body->offset = ast->query.body->offset;
        body->select = ast->query.body->select;
        body->select.into = NULL;
        copy->query.body = body;
        query = copy;
    } else {
        command->if_not_exists = ast->create_table_as.if_not_exists;
        names = &ast->create_table_as.columns;
        query = ast->create_table_as.query;
        if (query->kind != AST_QUERY)
            bind_unsupported(b, ast->offset, "CREATE TABLE AS EXECUTE: such tables");
    }
    CatalogRelation *relation = new_relation(b, name, command, false);
    if (!relation)
        return;
    relation->kind = RELATION_TABLE;
    b->bound->inner = bind_inner(b, query);
    columns_of_query(b, relation, b->bound->inner, names);
    for (i32 i = 0; i < relation->column_count; i++)
        relation->columns[i].type.collation = type_of(relation->columns[i].type.oid).collation;
    command->relation = relation;
    command->explain.analyze = !(!into && ast->create_table_as.no_data); /* rows wanted */
}

void bind_create_view(Binder *b, const Ast *ast)
{
    const AstCreateView *create = &ast->create_view;
    PlanCommand *command = start_command(b, COMMAND_CREATE_VIEW, "CREATE VIEW");
    command->replace = create->replace;
    if (create->persistence == PERSIST_TEMP)
        bind_unsupported(b, ast->offset, "temporary views");
    if (create->recursive)
        bind_unsupported(b, ast->offset, "recursive views");
    if (create->check != CHECK_NONE)
        bind_unsupported(b, ast->offset, "WITH CHECK OPTION clauses");
    CatalogRelation *relation = new_relation(b, create->name, command, create->replace);
    relation->kind = RELATION_VIEW;
    Bound *inner = bind_inner(b, create->query);
    if (inner->parameter_count)
        query_fail(b->q, E_UNDEFINED_PARAMETER, "there is no parameter $1");
    columns_of_query(b, relation, inner, &create->columns);
    relation->view_query = print_tree(b, create->query);
    relation->depends = make_array(b->q, CatalogDependency, inner->use_count);
    for (i32 i = 0; i < inner->use_count; i++)
        if (inner->uses[i].version)
            relation->depends[relation->depend_count++] =
                (CatalogDependency){inner->uses[i].object_class, inner->uses[i].oid, 0};
    command->relation = relation;
}

void bind_create_schema(Binder *b, const Ast *ast)
{
    const AstCreateSchema *create = &ast->create_schema;
    PlanCommand *command = start_command(b, COMMAND_CREATE_SCHEMA, "CREATE SCHEMA");
    if (create->elements.count)
        bind_unsupported(b, ast->offset, "schema elements of CREATE SCHEMA");
    command->if_not_exists = create->if_not_exists;
    Text name = create->name.data ? create->name : create->role;
    if (text_starts_with(name, TEXT("pg_"))) {
        Error error;
        error_set(&error, E_RESERVED_NAME, "unacceptable schema name \"%.*s\"", TEXT_ARG(name));
        error_detail(&error, "The prefix \"pg_\" is reserved for system schemas.");
        query_rethrow(b->q, &error);
    }
    if (catalog_schema_by_name(b->q, b->view, name)) {
        if (!create->if_not_exists)
            query_fail(b->q, E_DUPLICATE_SCHEMA, "schema \"%.*s\" already exists", TEXT_ARG(name));
        add_notice(b, command,
                   query_format(b->q, "schema \"%.*s\" already exists, skipping", TEXT_ARG(name)));
        return;
    }
    command->schema = make(b->q, CatalogSchema);
    command->schema->name = name;
    command->schema->owner = ROLE_GOTGAN;
}

/* ---- DROP ---- */

static void add_drop(Binder *b, PlanCommand *command, u32 object_class, u32 oid, Text name)
{
    for (i32 i = 0; i < command->drop_count; i++)
        if (command->drops[i].oid == oid && command->drops[i].object_class == object_class)
            return;
    PlanDropItem *drops = make_array(b->q, PlanDropItem, command->drop_count + 1);
    if (command->drop_count)
        memcpy(drops, command->drops, (size_t)command->drop_count * sizeof *drops);
    drops[command->drop_count++] = (PlanDropItem){object_class, oid, name};
    command->drops = drops;
}

typedef struct DropBind {
    Binder *b;
    PlanCommand *command;
    bool cascade;
    Text what;    /* "table t" */
    Text details; /* of what depends */
    u32 schema;   /* DROP SCHEMA: relations in it */
} DropBind;

static void drop_dependent(void *state, Query *q, const CatalogRelation *dependent);

static void drop_relation(DropBind *drop, const CatalogRelation *relation)
{
    add_drop(drop->b, drop->command, CLASS_RELATION, relation->oid, relation->name);
    catalog_dependents(drop->b->q, drop->b->view, relation->oid, 0, drop_dependent, drop);
}

static void drop_dependent(void *state, Query *q, const CatalogRelation *dependent)
{
    DropBind *drop = state;
    for (i32 i = 0; i < drop->command->drop_count; i++)
        if (drop->command->drops[i].oid == dependent->oid)
            return;
    Text line = query_format(q, "view %.*s depends on %.*s", TEXT_ARG(dependent->name),
                             TEXT_ARG(drop->what));
    drop->details = drop->details.len
                        ? query_format(q, "%.*s\n%.*s", TEXT_ARG(drop->details), TEXT_ARG(line))
                        : line;
    if (drop->cascade) {
        add_notice(drop->b, drop->command,
                   query_format(q, "drop cascades to view %.*s", TEXT_ARG(dependent->name)));
        drop_relation(drop, dependent);
    }
}

static void check_restrict(DropBind *drop)
{
    if (drop->cascade || drop->details.len == 0)
        return;
    Error error;
    error_set(&error, E_DEPENDENT_OBJECTS_STILL_EXIST,
              "cannot drop %.*s because other objects depend on it", TEXT_ARG(drop->what));
    error_detail(&error, "%.*s", TEXT_ARG(drop->details));
    error_hint(&error, "Use DROP ... CASCADE to drop the dependent objects too.");
    query_rethrow(drop->b->q, &error);
}

static void drop_schema_member(void *state, Query *q, const CatalogRelation *relation)
{
    DropBind *drop = state;
    if (relation->schema != drop->schema || relation->built_in)
        return;
    const char *kind = relation->kind == RELATION_VIEW ? "view" : "table";
    Text line = query_format(q, "%s %.*s depends on %.*s", kind, TEXT_ARG(relation->name),
                             TEXT_ARG(drop->what));
    drop->details = drop->details.len
                        ? query_format(q, "%.*s\n%.*s", TEXT_ARG(drop->details), TEXT_ARG(line))
                        : line;
    if (drop->cascade)
        drop_relation(drop, relation);
}

static void drop_one_schema(DropBind *drop, const Ast *name, bool if_exists)
{
    Binder *b = drop->b;
    Text own = name->name.name.parts[name->name.name.count - 1];
    const CatalogSchema *schema = catalog_schema_by_name(b->q, b->view, own);
    if (!schema && if_exists) {
        add_notice(b, drop->command,
                   query_format(b->q, "schema \"%.*s\" does not exist, skipping", TEXT_ARG(own)));
        return;
    }
    if (!schema)
        query_fail(b->q, E_INVALID_SCHEMA_NAME, "schema \"%.*s\" does not exist", TEXT_ARG(own));
    if (schema->built_in && schema->oid != SCHEMA_PUBLIC)
        query_fail(b->q, E_DEPENDENT_OBJECTS_STILL_EXIST,
                   "cannot drop schema %.*s because it is required by the database system",
                   TEXT_ARG(own));
    drop->what = query_format(b->q, "schema %.*s", TEXT_ARG(own));
    drop->schema = schema->oid;
    catalog_relations(b->q, b->view, drop_schema_member, drop);
    check_restrict(drop);
    add_drop(b, drop->command, CLASS_SCHEMA, schema->oid, own);
}

static const CatalogRelation *find_for_drop(Binder *b, Name name)
{
    Text schema = name.count > 1 ? name.parts[name.count - 2] : (Text){NULL, 0};
    return catalog_relation_by_name(b->q, b->view, schema, name.parts[name.count - 1]);
}

static void drop_one_relation(DropBind *drop, const Ast *ast, bool if_exists, RelationKind kind)
{
    Binder *b = drop->b;
    Name name = ast->name.name;
    const char *word = kind == RELATION_VIEW ? "view" : "table";
    const CatalogRelation *relation = find_for_drop(b, name);
    Text printed = name_print(b->q, name);
    if (!relation && if_exists) {
        add_notice(
            b, drop->command,
            query_format(b->q, "%s \"%.*s\" does not exist, skipping", word, TEXT_ARG(printed)));
        return;
    }
    if (!relation)
        query_fail(b->q, E_UNDEFINED_TABLE, "%s \"%.*s\" does not exist", word, TEXT_ARG(printed));
    if (relation->kind != kind) {
        Error error;
        error_set(&error, E_WRONG_OBJECT_TYPE, "\"%.*s\" is not a %s", TEXT_ARG(relation->name),
                  word);
        error_hint(&error, "Use DROP %s to remove a %s.", kind == RELATION_VIEW ? "TABLE" : "VIEW",
                   kind == RELATION_VIEW ? "table" : "view");
        query_rethrow(b->q, &error);
    }
    if (relation->built_in)
        query_fail(b->q, E_INSUFFICIENT_PRIVILEGE,
                   "permission denied: \"%.*s\" is a system catalog", TEXT_ARG(relation->name));
    drop->what = query_format(b->q, "%s %.*s", word, TEXT_ARG(relation->name));
    drop_relation(drop, relation);
    check_restrict(drop);
}

void bind_drop(Binder *b, const Ast *ast)
{
    const char *tag = ast->drop.object == OBJECT_SCHEMA ? "DROP SCHEMA"
                      : ast->drop.object == OBJECT_VIEW ? "DROP VIEW"
                                                        : "DROP TABLE";
    PlanCommand *command = start_command(b, COMMAND_DROP, tag);
    DropBind drop = {.b = b, .command = command, .cascade = ast->drop.behavior == BEHAVIOR_CASCADE};
    for (i32 i = 0; i < ast->drop.names.count; i++) {
        const Ast *name = ast->drop.names.items[i];
        drop.details = TEXT("");
        if (ast->drop.object == OBJECT_SCHEMA)
            drop_one_schema(&drop, name, ast->drop.if_exists);
        else if (ast->drop.object == OBJECT_TABLE || ast->drop.object == OBJECT_VIEW)
            drop_one_relation(&drop, name, ast->drop.if_exists,
                              ast->drop.object == OBJECT_VIEW ? RELATION_VIEW : RELATION_TABLE);
        else
            bind_unsupported(b, ast->offset, "objects of this kind");
    }
}

/* ---- ALTER TABLE ---- */

static CatalogRelation *relation_copy(Binder *b, const CatalogRelation *relation)
{
    CatalogRelation *copy = make(b->q, CatalogRelation);
    *copy = *relation;
    copy->columns = make_array(b->q, CatalogColumn, relation->column_count);
    if (relation->column_count)
        memcpy(copy->columns, relation->columns,
               (size_t)relation->column_count * sizeof *copy->columns);
    return copy;
}

/* The table to alter, or NULL with a notice for IF EXISTS. */
static const CatalogRelation *altered_table(Binder *b, const Ast *table, bool if_exists,
                                            PlanCommand *command)
{
    Name name = table->from_table.name;
    const CatalogRelation *relation = find_for_drop(b, name);
    if (!relation && if_exists) {
        add_notice(b, command,
                   query_format(b->q, "relation \"%.*s\" does not exist, skipping",
                                TEXT_ARG(name_print(b->q, name))));
        return NULL;
    }
    if (!relation)
        query_fail_at(b->q, name.offset, E_UNDEFINED_TABLE, "relation \"%.*s\" does not exist",
                      TEXT_ARG(name_print(b->q, name)));
    if (relation->built_in)
        query_fail(b->q, E_INSUFFICIENT_PRIVILEGE,
                   "permission denied: \"%.*s\" is a system catalog", TEXT_ARG(relation->name));
    return relation;
}

static void alter_add_column(TableBind *t, const AstAlterAction *action)
{
    const Ast *definition = action->definition;
    Text name = definition->column_definition.name;
    if (catalog_column(t->relation, name) != CATALOG_NO_COLUMN) {
        if (!action->flag)
            query_fail(t->b->q, E_DUPLICATE_COLUMN,
                       "column \"%.*s\" of relation \"%.*s\" already exists", TEXT_ARG(name),
                       TEXT_ARG(t->relation->name));
        add_notice(t->b, t->command,
                   query_format(t->b->q,
                                "column \"%.*s\" of relation \"%.*s\" already exists, skipping",
                                TEXT_ARG(name), TEXT_ARG(t->relation->name)));
        return;
    }
    if (t->command->backfill)
        bind_unsupported(t->b, definition->offset,
                         "two ADD COLUMN with defaults in one ALTER TABLE");
    i32 index = t->relation->column_count;
    add_column(t, definition);
    for (i32 i = 0; i < definition->column_definition.constraints.count; i++)
        column_constraint(t, definition->column_definition.constraints.items[i], index);
    const CatalogColumn *column = &t->relation->columns[index];
    for (i32 i = 0; i < definition->column_definition.constraints.count; i++) {
        const Ast *constraint = definition->column_definition.constraints.items[i];
        if (constraint->constraint.kind != AST_CONSTRAINT_DEFAULT)
            continue;
        Scope scope;
        scope_open(t->b, &scope);
        scope.place = PLACE_DEFAULT;
        t->command->backfill = coerce_assignment(t->b, bind_expr(t->b, constraint->constraint.expr),
                                                 column->type, column->name, -1);
        scope_close(t->b, &scope);
        if (expr_has_flags(t->b->q, t->command->backfill, VOLATILE))
            bind_unsupported(t->b, constraint->offset, "volatile defaults of ADD COLUMN");
    }
}

static void refuse_dependent(void *state, Query *q, const CatalogRelation *dependent)
{
    DropBind *drop = state;
    Text line = query_format(q, "view %.*s depends on %.*s", TEXT_ARG(dependent->name),
                             TEXT_ARG(drop->what));
    drop->details = line;
}

static void alter_drop_column(TableBind *t, const AstAlterAction *action)
{
    Binder *b = t->b;
    CatalogRelation *relation = t->relation;
    i32 at = catalog_column(relation, action->name);
    if (at == CATALOG_NO_COLUMN) {
        if (!action->flag)
            query_fail(b->q, E_UNDEFINED_COLUMN,
                       "column \"%.*s\" of relation \"%.*s\" does not exist",
                       TEXT_ARG(action->name), TEXT_ARG(relation->name));
        add_notice(b, t->command,
                   query_format(b->q,
                                "column \"%.*s\" of relation \"%.*s\" does not exist, skipping",
                                TEXT_ARG(action->name), TEXT_ARG(relation->name)));
        return;
    }
    DropBind drop = {.b = b, .command = t->command};
    drop.what = query_format(b->q, "column %.*s of table %.*s", TEXT_ARG(action->name),
                             TEXT_ARG(relation->name));
    catalog_dependents(b->q, b->view, relation->oid, relation->columns[at].number, refuse_dependent,
                       &drop);
    check_restrict(&drop);
    i32 kept = 0;
    for (i32 i = 0; i < relation->constraint_count; i++) { /* its constraints go with it */
        bool uses = false;
        for (i32 j = 0; j < relation->constraints[i].column_count; j++)
            uses |= relation->constraints[i].columns[j] == relation->columns[at].number;
        if (!uses)
            relation->constraints[kept++] = relation->constraints[i];
    }
    relation->constraint_count = kept;
    relation->columns[at].dropped = true;
    relation->columns[at].not_null = false;
    relation->columns[at].default_expr = TEXT("");
    relation->columns[at].name = query_format(b->q, "........pg.dropped.%d........", at + 1);
}

void bind_alter_table(Binder *b, const Ast *ast)
{
    const AstAlterTable *alter = &ast->alter_table;
    PlanCommand *command = start_command(b, COMMAND_ALTER_TABLE, "ALTER TABLE");
    const CatalogRelation *old = altered_table(b, alter->table, alter->if_exists, command);
    if (!old)
        return;
    if (alter->object != OBJECT_TABLE || old->kind != RELATION_TABLE)
        bind_unsupported(b, ast->offset, "ALTER of objects other than tables: such changes");
    TableBind t = {b, relation_copy(b, old), command};
    CatalogConstraint *constraints = make_array(b->q, CatalogConstraint, old->constraint_count);
    if (old->constraint_count)
        memcpy(constraints, old->constraints, (size_t)old->constraint_count * sizeof *constraints);
    t.relation->constraints = constraints;
    for (i32 i = 0; i < alter->actions.count; i++) {
        const Ast *action = alter->actions.items[i];
        if (action->alter_action.kind == ALTER_ADD_COLUMN)
            alter_add_column(&t, &action->alter_action);
        else if (action->alter_action.kind == ALTER_DROP_COLUMN)
            alter_drop_column(&t, &action->alter_action);
        else
            bind_unsupported(b, action->offset,
                             "ALTER TABLE actions other than ADD and DROP COLUMN");
    }
    command->relation = t.relation;
}

void bind_rename(Binder *b, const Ast *ast)
{
    const AstRename *rename = &ast->rename;
    PlanCommand *command = start_command(b, COMMAND_ALTER_TABLE, "ALTER TABLE");
    bool column = rename->object == OBJECT_COLUMN;
    if (!rename->table || (rename->relation != OBJECT_TABLE && rename->relation != OBJECT_VIEW) ||
        (!column && rename->object != OBJECT_TABLE && rename->object != OBJECT_VIEW))
        bind_unsupported(b, ast->offset, "such renames");
    const CatalogRelation *old = altered_table(b, rename->table, rename->if_exists, command);
    if (!old)
        return;
    if (old->kind == RELATION_VIEW)
        command->tag = b->bound->tag = "ALTER VIEW";
    CatalogRelation *relation = relation_copy(b, old);
    command->relation = relation;
    DropBind drop = {.b = b, .command = command, .what = TEXT("it")};
    catalog_dependents(b->q, b->view, old->oid, 0, refuse_dependent, &drop);
    if (drop.details.len) /* views are kept as text with names */
        bind_unsupported(b, ast->offset, "renames of what a view depends on");
    if (!column) {
        const CatalogSchema *schema = catalog_schema(b->q, b->view, old->schema);
        if (catalog_relation_by_name(b->q, b->view, schema->name, rename->to))
            query_fail(b->q, E_DUPLICATE_TABLE, "relation \"%.*s\" already exists",
                       TEXT_ARG(rename->to));
        relation->name = rename->to;
        return;
    }
    i32 at = catalog_column(old, rename->from);
    if (at == CATALOG_NO_COLUMN)
        query_fail(b->q, E_UNDEFINED_COLUMN, "column \"%.*s\" does not exist",
                   TEXT_ARG(rename->from));
    if (catalog_column(old, rename->to) != CATALOG_NO_COLUMN)
        query_fail(b->q, E_DUPLICATE_COLUMN, "column \"%.*s\" of relation \"%.*s\" already exists",
                   TEXT_ARG(rename->to), TEXT_ARG(old->name));
    for (i32 i = 0; i < old->constraint_count; i++)
        if (old->constraints[i].kind == CONSTRAINT_CHECK) /* kept as text with names */
            bind_unsupported(b, ast->offset,
                             "renames of columns of a table with CHECK constraints");
    relation->columns[at].name = rename->to;
}

/* ---- EXPLAIN ---- */

static bool explain_flag(Binder *b, const Ast *option)
{
    const Ast *value = option->option.value;
    if (!value)
        return true;
    Text text = value->kind == AST_IDENTIFIER ? value->identifier.name
                : value->kind == AST_CONSTANT && value->constant.kind == CONSTANT_BOOLEAN
                    ? (value->constant.boolean ? TEXT("true") : TEXT("false"))
                : value->kind == AST_CONSTANT ? value->constant.text
                                              : TEXT("");
    if (text_equal(text, TEXT("true")) || text_equal(text, TEXT("on")) ||
        text_equal(text, TEXT("1")))
        return true;
    if (text_equal(text, TEXT("false")) || text_equal(text, TEXT("off")) ||
        text_equal(text, TEXT("0")))
        return false;
    query_fail_at(b->q, option->offset, E_SYNTAX_ERROR, "%.*s requires a Boolean value",
                  TEXT_ARG(option->option.name));
}

static void explain_option(Binder *b, PlanCommand *command, const Ast *option, bool *summary_set)
{
    Text name = option->option.name;
    if (text_equal(name, TEXT("analyze"))) {
        command->explain.analyze = explain_flag(b, option);
    } else if (text_equal(name, TEXT("verbose"))) {
        command->explain.verbose = explain_flag(b, option);
    } else if (text_equal(name, TEXT("costs"))) {
        command->explain.costs = explain_flag(b, option);
    } else if (text_equal(name, TEXT("timing"))) {
        command->explain.timing = explain_flag(b, option);
    } else if (text_equal(name, TEXT("summary"))) {
        command->explain.summary = explain_flag(b, option);
        *summary_set = true;
    } else if (text_equal(name, TEXT("buffers")) || text_equal(name, TEXT("settings")) ||
               text_equal(name, TEXT("wal"))) {
        command->explain.buffers = explain_flag(b, option);
    } else if (text_equal(name, TEXT("format"))) {
        const Ast *value = option->option.value;
        if (!value || value->kind != AST_IDENTIFIER ||
            !text_equal(value->identifier.name, TEXT("text")))
            bind_unsupported(b, option->offset, "EXPLAIN formats other than text");
    } else {
        query_fail_at(b->q, option->offset, E_SYNTAX_ERROR, "unrecognized EXPLAIN option \"%.*s\"",
                      TEXT_ARG(name));
    }
}

void bind_explain(Binder *b, const Ast *ast)
{
    PlanCommand *command = start_command(b, COMMAND_EXPLAIN, "EXPLAIN");
    command->explain.costs = command->explain.timing = true;
    bool summary_set = false;
    for (i32 i = 0; i < ast->explain.options.count; i++)
        explain_option(b, command, ast->explain.options.items[i], &summary_set);
    if (!summary_set)
        command->explain.summary = command->explain.analyze;
    Bound *outer = b->bound;
    outer->inner = bind_inner(b, ast->explain.statement);
    if (outer->inner->kind == BOUND_COMMAND)
        bind_unsupported(b, ast->explain.statement->offset, "EXPLAIN of commands: such plans");
}
