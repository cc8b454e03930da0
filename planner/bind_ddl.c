/* SPDX-License-Identifier: Apache-2.0
 *
 * CREATE of tables, views and schemas, to catalog objects as they shall be. Queries kept in views
 * are bound here to check them and stored as bind_stored.c makes them.
 */
#include "planner/bind_ddl.h"

#include "catalog/definition.h"
#include "types/text_in.h"

PlanCommand *ddl_command(Binder *b, CommandKind kind, const char *tag)
{
    b->bound->kind = BOUND_COMMAND;
    b->bound->tag = tag;
    b->bound->command = (PlanCommand){.kind = kind, .tag = tag};
    return &b->bound->command;
}

void ddl_notice(Binder *b, PlanCommand *command, ErrorCode code, Text text)
{
    PlanNotice *notices = make_array(b->q, PlanNotice, command->notice_count + 1);
    if (command->notice_count)
        memcpy(notices, command->notices, (size_t)command->notice_count * sizeof *notices);
    notices[command->notice_count++] = (PlanNotice){code, text};
    command->notices = notices;
}

/* ---- names ---- */

enum { NAME_BYTES_MAX = 63 };

Text ddl_joined_name(Query *q, Text table, Text column, Text label)
{
    i64 room = NAME_BYTES_MAX - 1 - (column.len > 0) - label.len;
    i64 first = table.len, second = column.len;
    while (first + second > room)
        *(first > second ? &first : &second) -= 1;
    first = utf8_cut(table, first);
    second = utf8_cut(column, second);
    return query_format(q, "%.*s%s%.*s_%.*s", (int)first, table.data, column.len ? "_" : "",
                        (int)second, column.data, TEXT_ARG(label));
}

void ddl_check_column_name(Binder *b, Text name)
{
    static const char *const taken[] = {"ctid", "xmin", "cmin", "xmax", "cmax", "tableoid"};
    for (i32 i = 0; i < countof(taken); i++)
        if (text_equal(name, text_from(taken[i])))
            query_fail(b->q, E_DUPLICATE_COLUMN,
                       "column name \"%.*s\" conflicts with a system column name", TEXT_ARG(name));
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

void ddl_check_name(Binder *b, Name name)
{
    name.offset = -1;
    bind_check_name(b, name);
}

const CatalogSchema *ddl_named_schema(Binder *b, Name name)
{
    ddl_check_name(b, name);
    if (name.count < 2)
        return NULL;
    Text written = name.parts[name.count - 2];
    const CatalogSchema *schema = catalog_qualifying_schema(b->q, b->view, written);
    return schema ? schema : find_schema(b, written, -1);
}

const CatalogRelation *ddl_named_relation(Binder *b, Name name)
{
    const CatalogSchema *schema = ddl_named_schema(b, name);
    Text own = name.parts[name.count - 1];
    const CatalogRelation *relation =
        catalog_relation_by_name(b->q, b->view, schema ? schema->name : (Text){NULL, 0}, own);
    const CatalogRelation *indexed;
    if (!relation &&
        index_by_name(b->q, b->view, schema ? schema->name : (Text){NULL, 0}, own, &indexed))
        query_fail(b->q, E_WRONG_OBJECT_TYPE, "\"%.*s\" is not a table", TEXT_ARG(own));
    if (!relation)
        query_fail(b->q, E_UNDEFINED_TABLE, "relation \"%.*s\" does not exist",
                   TEXT_ARG(name_print(b->q, name)));
    return relation;
}

static const CatalogSchema *creation_schema(Binder *b, Name name, AstPersistence persistence,
                                            i32 offset)
{
    Text written = name.count > 1 ? name.parts[name.count - 2] : (Text){NULL, 0};
    const CatalogSchema *schema = NULL;
    bind_check_name(b, name);
    if (written.data && !text_equal(written, TEXT("pg_temp")))
        schema = find_schema(b, written, offset);
    else if (written.data || persistence == PERSIST_TEMP)
        schema = catalog_temporary_schema(b->q, b->view);
    else
        schema = catalog_current_schema(b->q, b->view);
    if (!schema)
        query_fail_at(b->q, name.offset, E_INVALID_SCHEMA_NAME,
                      "no schema has been selected to create in");
    return schema;
}

/* What the schema makes of the relation; 42P16 when it does not go with what is written. */
static RelationPersistence creation_persistence(Binder *b, const CatalogSchema *schema,
                                                AstPersistence written, i32 offset)
{
    const CatalogSchema *own = catalog_temporary_schema(b->q, b->view);
    bool is_own = own && text_equal(schema->name, own->name);
    bool is_temporary = catalog_is_temporary_name(schema->name);
    const char *wrong = NULL;
    if (is_temporary && written == PERSIST_UNLOGGED)
        wrong = "only temporary relations may be created in temporary schemas";
    else if (is_temporary && !is_own)
        wrong = "cannot create relations in temporary schemas of other sessions";
    else if (!is_temporary && written == PERSIST_TEMP)
        wrong = "cannot create temporary relation in non-temporary schema";
    if (wrong)
        query_fail_at(b->q, offset, E_INVALID_TABLE_DEFINITION, "%s", wrong);
    return is_own ? PERSISTENCE_TEMPORARY : PERSISTENCE_PERMANENT;
}

static void check_creation_schema(Binder *b, Name name, const CatalogSchema *schema)
{
    if (!schema->built_in || schema->oid == SCHEMA_PUBLIC)
        return;
    Error error;
    error_set(&error, E_INSUFFICIENT_PRIVILEGE, "permission denied to create \"%.*s\"",
              TEXT_ARG(name_print(b->q, name)));
    error_detail(&error, "System catalog modifications are currently disallowed.");
    query_rethrow(b->q, &error);
}

/* The temporary schema is made with the first relation in it. */
static CatalogSchema *schema_to_make(Binder *b, const CatalogSchema *schema)
{
    if (schema->oid)
        return NULL;
    CatalogSchema *fresh = make(b->q, CatalogSchema);
    *fresh = *schema;
    return fresh;
}

/* A new relation object, or NULL when IF NOT EXISTS finds one. */
static CatalogRelation *new_relation(Binder *b, Name name, AstPersistence persistence,
                                     PlanCommand *command, bool replace_view)
{
    bool is_table = command->kind == COMMAND_CREATE_TABLE;
    i32 offset = is_table ? name.offset : -1; /* others give no position */
    const CatalogSchema *schema = creation_schema(b, name, persistence, offset);
    RelationPersistence made = creation_persistence(b, schema, persistence, offset);
    check_creation_schema(b, name, schema);
    Text own = name.parts[name.count - 1];
    const CatalogRelation *old = catalog_relation_by_name(b->q, b->view, schema->name, own);
    const CatalogRelation *indexed;
    bool index = constraint_in_schema(b->q, b->view, schema->oid, own, true, &indexed) != NULL;
    if ((old || index) && command->if_not_exists) {
        ddl_notice(b, command, E_DUPLICATE_TABLE,
                   query_format(b->q, "relation \"%.*s\" already exists, skipping", TEXT_ARG(own)));
        return NULL;
    }
    if (index || (old && !(replace_view && old->kind == RELATION_VIEW)))
        query_fail(b->q, replace_view ? E_WRONG_OBJECT_TYPE : E_DUPLICATE_TABLE,
                   replace_view ? "\"%.*s\" is not a view" : "relation \"%.*s\" already exists",
                   TEXT_ARG(own));
    if (old)
        bind_use(b, old, USE_CHANGE);
    CatalogRelation *relation = make(b->q, CatalogRelation);
    relation->oid = old ? old->oid : 0;
    relation->schema = schema->oid;
    relation->name = own;
    relation->owner = ROLE_GOTGAN;
    relation->persistence = made;
    command->schema = schema_to_make(b, schema);
    return relation;
}

CatalogRelation *ddl_new_relation(Binder *b, Name name, AstPersistence persistence,
                                  PlanCommand *command)
{
    return new_relation(b, name, persistence, command, false);
}

/* ---- statements ---- */

static void set_on_commit(Binder *b, CatalogRelation *relation, AstOnCommit written)
{
    static const OnCommit kept[] = {
        [AST_ON_COMMIT_DEFAULT] = ON_COMMIT_PRESERVE_ROWS,
        [AST_ON_COMMIT_PRESERVE] = ON_COMMIT_PRESERVE_ROWS,
        [AST_ON_COMMIT_DELETE] = ON_COMMIT_DELETE_ROWS,
        [AST_ON_COMMIT_DROP] = ON_COMMIT_DROP,
    };
    if (written != AST_ON_COMMIT_DEFAULT && relation->persistence != PERSISTENCE_TEMPORARY)
        query_fail(b->q, E_INVALID_TABLE_DEFINITION,
                   "ON COMMIT can only be used on temporary tables");
    relation->on_commit = kept[written];
}

void bind_create_table(Binder *b, const Ast *ast)
{
    const AstCreateTable *create = &ast->create_table;
    PlanCommand *command = ddl_command(b, COMMAND_CREATE_TABLE, "CREATE TABLE");
    command->if_not_exists = create->if_not_exists;
    if (create->inherits.count)
        bind_unsupported(b, ast->offset, "inherited tables");
    ddl_check_storage(b, &create->options, create->access_method, create->tablespace);
    CatalogRelation *relation = new_relation(b, create->name, create->persistence, command, false);
    if (!relation)
        return;
    relation->kind = RELATION_TABLE;
    set_on_commit(b, relation, create->on_commit);
    command->relation = relation;
    TableBind t = {.b = b, .relation = relation, .command = command};
    for (i32 i = 0; i < create->elements.count; i++) {
        const Ast *element = create->elements.items[i];
        if (element->kind == AST_COLUMN_DEFINITION)
            table_add_column(&t, element);
        else if (element->kind == AST_TABLE_LIKE)
            table_like_columns(&t, element);
    }
    for (i32 i = 0; i < create->elements.count; i++) {
        const Ast *element = create->elements.items[i];
        if (element->kind == AST_CONSTRAINT)
            table_constraint(&t, element);
        else if (element->kind == AST_COLUMN_DEFINITION)
            table_column_constraints(&t, element,
                                     catalog_column(relation, element->column_definition.name));
    }
    table_make_keys(&t);
    for (i32 i = 0; i < create->elements.count; i++)
        if (create->elements.items[i]->kind == AST_TABLE_LIKE)
            table_like_constraints(&t, create->elements.items[i]);
    table_warn_about_keys(&t);
}

/* Runs a nested statement into its own Bound. */
Bound *ddl_bind_inner(Binder *b, const Ast *ast)
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

/* A row is no column of a view, unless it is one of a table or view. */
static void check_row_column(Binder *b, const CatalogRelation *relation, CatalogColumn *column,
                             const Bound *inner)
{
    const TypeRow *type = type_row(column->type.oid);
    if (type->kind != 'p')
        return;
    const RowShape *shape = column->type.oid == TYPE_RECORD ? row_shape(inner, column->type) : NULL;
    if (!shape || !shape->named)
        query_fail(b->q, E_INVALID_TABLE_DEFINITION, "column \"%.*s\" has pseudo-type %s",
                   TEXT_ARG(column->name), type->sql_name);
    if (relation->kind != RELATION_VIEW)
        bind_unsupported(b, -1, "columns of composite types");
    column->type = type_of(TYPE_RECORD);
}

static void columns_of_query(Binder *b, CatalogRelation *relation, const Bound *inner,
                             const AstList *names)
{
    const BoundQuery *query = inner->query;
    relation->column_count = query->visible_count;
    relation->columns = make_array(b->q, CatalogColumn, query->visible_count);
    if (names->count > query->visible_count)
        query_fail(b->q, E_SYNTAX_ERROR,
                   relation->kind == RELATION_VIEW
                       ? "CREATE VIEW specifies more column names than columns"
                       : "too many column names were specified");
    for (i32 i = 0; i < query->visible_count; i++) {
        CatalogColumn *column = &relation->columns[i];
        column->name = i < names->count ? names->items[i]->identifier.name : query->targets[i].name;
        column->type = inner->columns[query->targets[i].output].type;
        column->number = i + 1;
        for (i32 j = 0; j < i; j++)
            if (text_equal(relation->columns[j].name, column->name))
                query_fail(b->q, E_DUPLICATE_COLUMN, "column \"%.*s\" specified more than once",
                           TEXT_ARG(column->name));
        if (relation->kind != RELATION_VIEW)
            ddl_check_column_name(b, column->name);
        check_row_column(b, relation, column, inner);
    }
}

void bind_create_table_as(Binder *b, const Ast *ast)
{
    bool into = ast->kind == AST_QUERY; /* SELECT ... INTO */
    PlanCommand *command = ddl_command(b, COMMAND_CREATE_TABLE_AS, "SELECT");
    Name name = into ? ast->query.body->select.into->into.table : ast->create_table_as.name;
    AstPersistence persistence =
        into ? ast->query.body->select.into->into.persistence : ast->create_table_as.persistence;
    if (!into && ast->create_table_as.materialized)
        bind_unsupported(b, ast->offset, "materialized views");
    if (!into)
        ddl_check_storage(b, &ast->create_table_as.options, ast->create_table_as.access_method,
                          ast->create_table_as.tablespace);
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
    }
    CatalogRelation *relation = new_relation(b, name, persistence, command, false);
    if (!relation)
        return;
    relation->kind = RELATION_TABLE;
    set_on_commit(b, relation, into ? AST_ON_COMMIT_DEFAULT : ast->create_table_as.on_commit);
    if (query->kind == AST_EXECUTE) { /* the session knows the statement it names */
        command->kind = COMMAND_SESSION;
        command->statement = ast;
        return;
    }
    b->bound->inner = ddl_bind_inner(b, query);
    columns_of_query(b, relation, b->bound->inner, names);
    for (i32 i = 0; i < relation->column_count; i++)
        relation->columns[i].type.collation = type_of(relation->columns[i].type.oid).collation;
    command->relation = relation;
    command->explain.analyze = !(!into && ast->create_table_as.no_data); /* rows wanted */
}

/* OR REPLACE keeps the columns there are, with their defaults; new ones come behind them. */
static void keep_replaced_columns(Binder *b, const CatalogRelation *view)
{
    const CatalogRelation *old = catalog_relation(b->q, b->view, view->oid);
    char from[TYPE_NAME_BYTES], to[TYPE_NAME_BYTES];
    if (view->column_count < old->column_count)
        query_fail(b->q, E_INVALID_TABLE_DEFINITION, "cannot drop columns from view");
    for (i32 i = 0; i < old->column_count; i++) {
        const CatalogColumn *was = &old->columns[i];
        CatalogColumn *is = &view->columns[i];
        if (!text_equal(was->name, is->name)) {
            Error error;
            error_set(&error, E_INVALID_TABLE_DEFINITION,
                      "cannot change name of view column \"%.*s\" to \"%.*s\"", TEXT_ARG(was->name),
                      TEXT_ARG(is->name));
            error_hint(&error, "Use ALTER VIEW ... RENAME COLUMN ... to change name of view column "
                               "instead.");
            query_rethrow(b->q, &error);
        }
        if (was->type.oid != is->type.oid || was->type.typmod != is->type.typmod)
            query_fail(b->q, E_INVALID_TABLE_DEFINITION,
                       "cannot change data type of view column \"%.*s\" from %s to %s",
                       TEXT_ARG(was->name), type_format(was->type, from),
                       type_format(is->type, to));
        is->default_expr = was->default_expr;
    }
}

Text ddl_option_text(const Ast *value)
{
    if (!value)
        return TEXT("true");
    if (value->kind == AST_IDENTIFIER)
        return value->identifier.name;
    if (value->kind == AST_TYPE) /* any word that is not reserved reads as one */
        return value->type.name.parts[value->type.name.count - 1];
    if (value->kind == AST_CONSTANT && value->constant.kind == CONSTANT_BOOLEAN)
        return value->constant.boolean ? TEXT("true") : TEXT("false");
    return value->kind == AST_CONSTANT ? value->constant.text : TEXT("");
}

void ddl_check_option_flag(Binder *b, const Ast *option)
{
    Text text = ddl_option_text(option->option.value);
    bool flag;
    Error ignored;
    if (bool_parse(text, &flag, &ignored))
        return;
    query_fail(b->q, E_INVALID_PARAMETER_VALUE, "invalid value for boolean option \"%.*s\": %.*s",
               TEXT_ARG(option->option.name), TEXT_ARG(text));
}

/* A view goes with the session when something it reads does. */
static AstPersistence view_persistence(Binder *b, const AstCreateView *create, const Bound *query)
{
    bool reads_temporary = false;
    for (i32 i = 0; i < query->use_count; i++)
        reads_temporary |= query->uses[i].temporary;
    if (create->persistence == PERSIST_UNLOGGED)
        query_fail(b->q, E_SYNTAX_ERROR,
                   "views cannot be unlogged because they do not have storage");
    if (create->persistence != PERSIST_NORMAL || !reads_temporary)
        return create->persistence;
    ddl_notice(b, &b->bound->command, E_SUCCESSFUL_COMPLETION,
               query_format(b->q, "view \"%.*s\" will be a temporary view",
                            TEXT_ARG(create->name.parts[create->name.count - 1])));
    return PERSIST_TEMP;
}

void bind_create_view(Binder *b, const Ast *ast)
{
    const AstCreateView *create = &ast->create_view;
    PlanCommand *command = ddl_command(b, COMMAND_CREATE_VIEW, "CREATE VIEW");
    command->replace = create->replace;
    if (create->recursive)
        bind_unsupported(b, ast->offset, "recursive views");
    Bound *inner = ddl_bind_inner(b, create->query);
    if (inner->parameter_count)
        query_fail(b->q, E_UNDEFINED_PARAMETER, "there is no parameter $1");
    if (inner->is_write)
        query_fail(b->q, E_FEATURE_NOT_SUPPORTED,
                   "views must not contain data-modifying statements in WITH");
    CatalogRelation *relation =
        new_relation(b, create->name, view_persistence(b, create, inner), command, create->replace);
    relation->kind = RELATION_VIEW;
    columns_of_query(b, relation, inner, &create->columns);
    if (relation->oid)
        keep_replaced_columns(b, relation);
    stored_view(b, create->query, relation);
    bind_view_form(b, create->query, inner->query, relation);
    ddl_view_options(b, create, relation);
    command->relation = relation;
}

void ddl_check_schema_name(Binder *b, Text name)
{
    if (!text_starts_with(name, TEXT("pg_")))
        return;
    Error error;
    error_set(&error, E_RESERVED_NAME, "unacceptable schema name \"%.*s\"", TEXT_ARG(name));
    error_detail(&error, "The prefix \"pg_\" is reserved for system schemas.");
    query_rethrow(b->q, &error);
}

static void check_schema_element(Binder *b, const Ast *element, Text schema)
{
    Name name = {NULL, 0, -1};
    AstPersistence persistence = PERSIST_NORMAL;
    if (element->kind == AST_CREATE_TABLE) {
        name = element->create_table.name;
        persistence = element->create_table.persistence;
    } else if (element->kind == AST_CREATE_VIEW) {
        name = element->create_view.name;
        persistence = element->create_view.persistence;
    } else if (element->kind == AST_CREATE_SEQUENCE) {
        name = element->create_sequence.name;
        persistence = element->create_sequence.persistence;
    } else
        bind_statement(b, element); /* says what is not there yet */
    if (name.count > 1 && !text_equal(name.parts[name.count - 2], schema))
        query_fail(b->q, E_INVALID_SCHEMA_DEFINITION,
                   "CREATE specifies a schema (%.*s) different from the one being created (%.*s)",
                   TEXT_ARG(name.parts[name.count - 2]), TEXT_ARG(schema));
    if (persistence == PERSIST_TEMP)
        query_fail_at(b->q, element->kind == AST_CREATE_TABLE ? name.offset : -1,
                      E_INVALID_TABLE_DEFINITION,
                      "cannot create temporary relation in non-temporary schema");
}

Text ddl_role(Binder *b, Text written)
{
    static const char *const words[] = {"current_role", "current_user", "session_user"};
    for (i32 i = 0; i < countof(words); i++)
        if (text_equal(written, text_from(words[i])))
            return b->view->user;
    if (!text_equal(written, b->view->user))
        query_fail(b->q, E_UNDEFINED_OBJECT, "role \"%.*s\" does not exist", TEXT_ARG(written));
    return written;
}

void bind_create_schema(Binder *b, const Ast *ast)
{
    const AstCreateSchema *create = &ast->create_schema;
    PlanCommand *command = ddl_command(b, COMMAND_CREATE_SCHEMA, "CREATE SCHEMA");
    command->if_not_exists = create->if_not_exists;
    Text role = create->role.data ? ddl_role(b, create->role) : create->role;
    Text name = create->name.data ? create->name : role;
    if (create->elements.count)
        command->statement = ast; /* the session runs them once the schema is there */
    for (i32 i = 0; i < create->elements.count; i++)
        check_schema_element(b, create->elements.items[i], name);
    ddl_check_schema_name(b, name);
    if (catalog_schema_by_name(b->q, b->view, name)) {
        if (!create->if_not_exists)
            query_fail(b->q, E_DUPLICATE_SCHEMA, "schema \"%.*s\" already exists", TEXT_ARG(name));
        ddl_notice(b, command, E_DUPLICATE_SCHEMA,
                   query_format(b->q, "schema \"%.*s\" already exists, skipping", TEXT_ARG(name)));
        return;
    }
    command->schema = make(b->q, CatalogSchema);
    command->schema->name = name;
    command->schema->owner = ROLE_GOTGAN;
}
