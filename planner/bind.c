/* SPDX-License-Identifier: Apache-2.0
 *
 * The entry of the binder: one statement to one Prepared, and the dispatch over kinds of
 * statements.
 *
 * Everything is made in the Prepared's own arena: while binding, q's arena is that arena. When
 * binding throws, the arena is given back and the error goes on.
 */
#include "planner/bind.h"
#include "planner/prepared.h"

/* ---- what the other files share ---- */

i32 bind_new_column(Binder *b, Text name, Type type, Lane lane)
{
    Bound *bound = b->bound;
    make_room(b->q, bound->columns, bound->column_count, &b->column_capacity);
    bound->columns[bound->column_count] = (BoundColumn){.name = name, .type = type, .lane = lane};
    return bound->column_count++;
}

i32 bind_new_subquery(Binder *b, BoundQuery *query)
{
    Bound *bound = b->bound;
    make_room(b->q, bound->subqueries, bound->subquery_count, &b->subquery_capacity);
    bound->subqueries[bound->subquery_count] = query;
    return bound->subquery_count++;
}

void bind_use(Binder *b, const CatalogRelation *relation, u32 privileges)
{
    Bound *bound = b->bound;
    for (i32 i = 0; i < bound->use_count; i++) {
        if (bound->uses[i].oid == relation->oid && bound->uses[i].object_class == CLASS_RELATION) {
            bound->uses[i].privileges |= privileges;
            return;
        }
    }
    make_room(b->q, bound->uses, bound->use_count, &b->use_capacity);
    bound->uses[bound->use_count++] =
        (BoundUse){.object_class = CLASS_RELATION,
                   .oid = relation->oid,
                   .version = relation->version,
                   .temporary = relation->persistence == PERSISTENCE_TEMPORARY,
                   .privileges = privileges};
}

Expr *bind_column_ref(Binder *b, i32 column, i32 offset)
{
    const BoundColumn *bound = &b->bound->columns[column];
    return expr_column(b->q, column, bound->type, bound->lane, offset);
}

static bool note_subquery(void *state, const Expr *expr)
{
    const Expr **found = state;
    if (expr->kind == EXPR_SUBQUERY && !*found)
        *found = expr;
    return *found != NULL;
}

const Expr *bind_find_subquery(Binder *b, const Expr *expr)
{
    const Expr *found = NULL;
    expr_any(b->q, expr, note_subquery, &found);
    return found;
}

const char *bind_place_name(BindPlace place)
{
    static const char *const names[] = {
        [PLACE_TARGET] = "SELECT",
        [PLACE_HAVING] = "HAVING",
        [PLACE_ORDER] = "ORDER BY",
        [PLACE_WHERE] = "WHERE",
        [PLACE_GROUP] = "GROUP BY",
        [PLACE_JOIN] = "JOIN conditions",
        [PLACE_FROM_FUNCTION] = "functions in FROM",
        [PLACE_FROM_QUERY] = "FROM clause of their own query level",
        [PLACE_VALUES] = "VALUES",
        [PLACE_VALUES_SINGLE] = "VALUES",
        [PLACE_LIMIT] = "LIMIT",
        [PLACE_OFFSET] = "OFFSET",
        [PLACE_RETURNING] = "RETURNING",
        [PLACE_UPDATE] = "UPDATE",
        [PLACE_CHECK] = "check constraints",
        [PLACE_DEFAULT] = "DEFAULT expressions",
        [PLACE_COPY_WHERE] = "COPY FROM WHERE conditions",
        [PLACE_GENERATED] = "column generation expressions",
        [PLACE_AGGREGATE] = "aggregates",
        [PLACE_FILTER] = "FILTER",
        [PLACE_UTILITY] = "EXECUTE parameters",
    };
    return names[place];
}

_Noreturn void bind_unsupported(Binder *b, i32 offset, const char *feature)
{
    bool several = feature[strlen(feature) - 1] == 's' || strstr(feature, " and ");
    query_fail_at(b->q, offset, E_FEATURE_NOT_SUPPORTED, "%s %s not supported yet", feature,
                  several ? "are" : "is");
}

/* ---- statements ---- */

static void bind_select_statement(Binder *b, const Ast *ast)
{
    b->bound->kind = BOUND_QUERY;
    b->bound->tag = "SELECT";
    b->bound->query = bind_query(b, ast);
}

static void bind_session_command(Binder *b, const Ast *ast, const char *tag)
{
    b->bound->kind = BOUND_COMMAND;
    b->bound->tag = tag;
    b->bound->command = (PlanCommand){.kind = COMMAND_SESSION, .tag = tag, .statement = ast};
}

static const char *transaction_tag(const Ast *ast)
{
    static const char *const tags[] = {
        [TRANSACTION_BEGIN] = "BEGIN",
        [TRANSACTION_START] = "START TRANSACTION",
        [TRANSACTION_COMMIT] = "COMMIT",
        [TRANSACTION_ROLLBACK] = "ROLLBACK",
        [TRANSACTION_SAVEPOINT] = "SAVEPOINT",
        [TRANSACTION_RELEASE] = "RELEASE",
        [TRANSACTION_ROLLBACK_TO] = "ROLLBACK",
        [TRANSACTION_PREPARE] = "PREPARE TRANSACTION",
        [TRANSACTION_COMMIT_PREPARED] = "COMMIT PREPARED",
        [TRANSACTION_ROLLBACK_PREPARED] = "ROLLBACK PREPARED",
    };
    return tags[ast->transaction.command];
}

static const char *set_tag(const Ast *ast)
{
    bool reset = ast->set.action == SET_RESET || ast->set.action == SET_RESET_ALL;
    return reset ? "RESET" : "SET";
}

/* Statements that are known but not here yet, by name. */
static const char *unsupported_statement(const Ast *ast)
{
    switch ((i32)ast->kind) {
    case AST_MERGE:
        return "MERGE";
    case AST_REFRESH:
        return "materialized views";
    case AST_CREATE_INDEX:
        return "indexes";
    case AST_DECLARE:
    case AST_FETCH:
        return "cursors";
    case AST_LISTEN:
    case AST_NOTIFY:
        return "LISTEN and NOTIFY";
    case AST_DO:
        return "DO blocks";
    case AST_CALL_PROCEDURE:
        return "procedures";
    default:
        return NULL;
    }
}

static bool bind_definition(Binder *b, const Ast *ast)
{
    switch ((i32)ast->kind) {
    case AST_CREATE_TABLE:
        bind_create_table(b, ast);
        return true;
    case AST_CREATE_TABLE_AS:
        bind_create_table_as(b, ast);
        return true;
    case AST_CREATE_VIEW:
        bind_create_view(b, ast);
        return true;
    case AST_CREATE_SCHEMA:
        bind_create_schema(b, ast);
        return true;
    case AST_CREATE_SEQUENCE:
        bind_create_sequence(b, ast);
        return true;
    case AST_DROP:
        bind_drop(b, ast);
        return true;
    case AST_ALTER_TABLE:
        bind_alter_table(b, ast);
        return true;
    case AST_RENAME:
        bind_rename(b, ast);
        return true;
    case AST_ALTER_OBJECT:
        bind_alter_object(b, ast);
        return true;
    case AST_LOCK:
        bind_lock_table(b, ast);
        return true;
    case AST_COMMENT:
        bind_comment(b, ast);
        return true;
    default:
        return false;
    }
}

static bool bind_data_statement(Binder *b, const Ast *ast)
{
    switch ((i32)ast->kind) {
    case AST_QUERY:
        if (query_into(ast) != b->into)
            bind_create_table_as(b, ast);
        else
            bind_select_statement(b, ast);
        return true;
    case AST_INSERT:
    case AST_UPDATE:
    case AST_DELETE:
        bind_write(b, ast);
        return true;
    case AST_COPY:
        bind_copy(b, ast);
        return true;
    case AST_TRUNCATE:
        bind_truncate(b, ast);
        return true;
    case AST_EXPLAIN:
        bind_explain(b, ast);
        return true;
    default:
        return false;
    }
}

static const char *session_tag(const Ast *ast)
{
    static const char *const discards[] = {"DISCARD ALL", "DISCARD PLANS", "DISCARD SEQUENCES",
                                           "DISCARD TEMP"};
    switch ((i32)ast->kind) {
    case AST_SET:
        return set_tag(ast);
    case AST_SHOW:
        return "SHOW";
    case AST_TRANSACTION:
        return transaction_tag(ast);
    case AST_SET_TRANSACTION:
        return "SET";
    case AST_SET_CONSTRAINTS:
        return "SET CONSTRAINTS";
    case AST_PREPARE:
        return "PREPARE";
    case AST_EXECUTE:
        return "EXECUTE";
    case AST_DEALLOCATE:
        return ast->word.name.data ? "DEALLOCATE" : "DEALLOCATE ALL";
    case AST_DISCARD:
        return discards[ast->discard.what];
    case AST_CLOSE:
        return ast->word.name.data ? "CLOSE CURSOR" : "CLOSE CURSOR ALL";
    case AST_UNLISTEN:
        return "UNLISTEN";
    case AST_CHECKPOINT:
        return "CHECKPOINT";
    case AST_VACUUM:
        return ast->vacuum.analyze ? "ANALYZE" : "VACUUM";
    default:
        return NULL;
    }
}

void bind_statement(Binder *b, const Ast *ast)
{
    if (bind_data_statement(b, ast) || bind_definition(b, ast))
        return;
    const char *tag = session_tag(ast);
    if (tag) {
        bind_session_command(b, ast, tag);
        return;
    }
    const char *feature = unsupported_statement(ast);
    if (!feature && ast->kind == AST_UNSUPPORTED)
        query_fail_at(b->q, ast->offset, E_FEATURE_NOT_SUPPORTED, "%.*s is not supported yet",
                      TEXT_ARG(ast->unsupported.feature));
    bind_unsupported(b, ast->offset, feature ? feature : "such statements");
}

/* ---- Prepared ---- */

static void describe_target(Query *q, Prepared *prepared, i32 i, Text name,
                            const BoundColumn *column)
{
    Type type = column->type;
    if (type.oid == TYPE_RECORD) /* its typmod is the binder's own */
        type.typmod = TYPMOD_NONE;
    prepared->columns[i] = (ResultColumn){name, type, column->relation_oid, (i16)column->number};
}

static void describe_texts(Query *q, Prepared *prepared, const Text *names, i32 count)
{
    prepared->column_count = count;
    prepared->columns = make_array(q, ResultColumn, count);
    for (i32 i = 0; i < count; i++)
        prepared->columns[i] = (ResultColumn){names[i], type_of(TYPE_TEXT), 0, 0};
}

/* EXPLAIN's answer has the type that says what form it has, as PostgreSQL's: drivers look at it. */
static void describe_plan(Query *q, Prepared *prepared, ExplainFormat format)
{
    static const Text plan[] = {{"QUERY PLAN", 10}};
    describe_texts(q, prepared, plan, countof(plan));
    prepared->columns[0].type = type_of(format == EXPLAIN_JSON  ? TYPE_JSON
                                        : format == EXPLAIN_XML ? TYPE_XML
                                                                : TYPE_TEXT);
}

static void describe_show(Query *q, Prepared *prepared, const Environment *env, const AstShow *show)
{
    static const Text all[] = {{"name", 4}, {"setting", 7}, {"description", 11}};
    if (!show->name.data) {
        describe_texts(q, prepared, all, countof(all));
        return;
    }
    Text name = env->setting_name ? env->setting_name(show->name) : show->name;
    describe_texts(q, prepared, &name, 1);
}

/* Columns of the rows a statement gives back. */
static void describe(Query *q, Prepared *prepared, const Environment *env)
{
    const Bound *bound = prepared->bound;
    if (bound->kind == BOUND_QUERY) {
        const BoundQuery *query = bound->query;
        prepared->column_count = query->visible_count;
        prepared->columns = make_array(q, ResultColumn, query->visible_count);
        for (i32 i = 0; i < query->visible_count; i++)
            describe_target(q, prepared, i, query->targets[i].name,
                            &bound->columns[query->targets[i].output]);
        return;
    }
    if (bound->returning_count) {
        prepared->column_count = bound->returning_count;
        prepared->columns = make_array(q, ResultColumn, bound->returning_count);
        for (i32 i = 0; i < bound->returning_count; i++) {
            const BoundTarget *target = &bound->returning[i];
            describe_target(q, prepared, i, target->name, &bound->columns[target->output]);
        }
        return;
    }
    if (bound->kind != BOUND_COMMAND)
        return;
    const Ast *statement = bound->command.statement;
    if (bound->command.kind == COMMAND_EXPLAIN ||
        (bound->command.kind == COMMAND_SESSION && statement->kind == AST_EXPLAIN))
        describe_plan(q, prepared, bound->command.explain.format);
    else if (bound->command.kind == COMMAND_SESSION && statement->kind == AST_SHOW)
        describe_show(q, prepared, env, &statement->show);
}

typedef struct BindJob {
    Binder binder;
    const Ast *ast;
    Prepared *prepared;
    const u32 *types;
    i32 type_count;
} BindJob;

static void check_parameters(Binder *b)
{
    for (i32 i = 0; i < b->bound->parameter_count; i++)
        if (b->bound->parameter_types[i] == 0 || b->bound->parameter_types[i] == TYPE_UNKNOWN)
            query_fail(b->q, E_INDETERMINATE_DATATYPE,
                       "could not determine data type of parameter $%d", i + 1);
}

static void bind_body(void *argument)
{
    BindJob *job = argument;
    Binder *b = &job->binder;
    Query *q = b->q;
    b->bound = make(q, Bound);
    b->bound->text = b->text;
    b->parameters_fixed = job->type_count == NO_PARAMETERS;
    b->bound->parameter_count = (i32)max_i64(job->type_count, 0);
    b->bound->parameter_types = make_array(q, u32, b->bound->parameter_count);
    for (i32 i = 0; i < job->type_count; i++)
        b->bound->parameter_types[i] = job->types[i] == TYPE_UNKNOWN ? 0 : job->types[i];
    bind_statement(b, job->ast);
    check_parameters(b);
    job->prepared->bound = b->bound;
    job->prepared->path = catalog_search_path(q, b->view, &job->prepared->path_count);
    describe(q, job->prepared, b->env);
}

Prepared *prepared_bind(Query *q, const CatalogView *view, const Environment *env, const Ast *ast,
                        Text text, const u32 *types, i32 type_count)
{
    Arena arena;
    arena_open(&arena, &q->control->budget);
    Prepared *prepared = arena_try(&arena, (i64)sizeof *prepared, &q->error);
    if (!prepared)
        query_rethrow(q, &q->error);
    prepared->arena = arena;
    atomic_store(&prepared->count, 1);
    BindJob job = {.binder = {.q = q, .view = view, .env = env, .text = text},
                   .ast = ast,
                   .prepared = prepared,
                   .types = types,
                   .type_count = type_count};
    Arena *before = q->arena;
    q->arena = &prepared->arena;
    bool bound = query_try(q, bind_body, &job);
    q->arena = before;
    if (!bound) {
        prepared_release(prepared);
        query_rethrow(q, &q->error);
    }
    return prepared;
}

Prepared *prepared_keep(Prepared *prepared)
{
    atomic_fetch_add(&prepared->count, 1);
    return prepared;
}

void prepared_release(Prepared *prepared)
{
    if (atomic_fetch_sub(&prepared->count, 1) != 1)
        return;
    Arena arena = prepared->arena; /* the Prepared lies in its own arena */
    arena_close(&arena);
}

const Bound *prepared_bound(const Prepared *prepared)
{
    return prepared->bound;
}

/* What it makes or does not find has no version to compare: it is bound each time it runs. */
static bool is_definition(const Bound *bound)
{
    if (bound->kind != BOUND_COMMAND)
        return false;
    switch (bound->command.kind) {
    case COMMAND_CREATE_TABLE:
    case COMMAND_CREATE_TABLE_AS:
    case COMMAND_CREATE_VIEW:
    case COMMAND_CREATE_SCHEMA:
    case COMMAND_ALTER_TABLE:
    case COMMAND_DROP:
    case COMMAND_TRUNCATE:
    case COMMAND_LOCK:
    case COMMAND_COMMENT:
    case COMMAND_SEQUENCE:
        return true;
    case COMMAND_EXPLAIN:
        return is_definition(bound->inner);
    case COMMAND_SESSION:
    case COMMAND_COPY_OUT:
        return false;
    }
    unreachable();
}

/* Bare names are still looked for in the same schemas. */
static bool path_is_same(Query *q, const Prepared *prepared, const CatalogView *view)
{
    i32 count;
    const u32 *path = catalog_search_path(q, view, &count);
    return count == prepared->path_count &&
           memcmp(path, prepared->path, (size_t)count * sizeof *path) == 0;
}

bool prepared_is_valid(Query *q, const Prepared *prepared, const CatalogView *view)
{
    const Bound *bound = prepared->bound;
    if (is_definition(bound) || !path_is_same(q, prepared, view))
        return false;
    for (i32 i = 0; i < bound->use_count; i++) {
        const BoundUse *use = &bound->uses[i];
        if (use->version == 0)
            continue; /* built-in */
        const StoredObject *object = object_get(view->snapshot, use->object_class, use->oid);
        if (!object || object->version != use->version || object->version == VERSION_OWN)
            return false;
    }
    return true;
}

const ResultColumn *prepared_columns(const Prepared *prepared, i32 *count)
{
    *count = prepared->column_count;
    return prepared->columns;
}

const u32 *prepared_parameters(const Prepared *prepared, i32 *count)
{
    *count = prepared->bound->parameter_count;
    return prepared->bound->parameter_types;
}
