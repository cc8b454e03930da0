/* SPDX-License-Identifier: Apache-2.0
 *
 * INSERT, UPDATE, DELETE, COPY, TRUNCATE: the target table, the query that makes the new rows, and
 * what each new row must satisfy.
 *
 * CHECK, DEFAULT, RETURNING and what generated columns are made of are bound over positions of the
 * new row, not over column ids: they are run by the operator that writes it.
 */
#include "planner/bind_ddl.h"

/* ---- the target ---- */

static WriteTarget find_target(Binder *b, const Ast *table, const char *action, u32 privilege)
{
    const CatalogRelation *relation = bind_find_relation(b, table->from_table.name);
    WriteTarget target = bind_write_target(b, relation, action);
    relation = target.table;
    if (relation->kind == RELATION_SEQUENCE)
        query_fail(b->q, E_WRONG_OBJECT_TYPE, "cannot change sequence \"%.*s\"",
                   TEXT_ARG(relation->name));
    if (relation->built_in || !relation->access->append_open)
        query_fail(b->q, E_INSUFFICIENT_PRIVILEGE,
                   "permission denied: \"%.*s\" is a system catalog", TEXT_ARG(relation->name));
    bind_check_session(b, relation);
    bind_use(b, relation, privilege);
    return target;
}

/* Live columns of the table, in order; *count of them. */
static const CatalogColumn **live_columns(Binder *b, const CatalogRelation *relation, i32 *count)
{
    const CatalogColumn **live = make_array(b->q, const CatalogColumn *, relation->column_count);
    *count = 0;
    for (i32 i = 0; i < relation->column_count; i++)
        if (!relation->columns[i].dropped)
            live[(*count)++] = &relation->columns[i];
    return live;
}

i32 relation_live_position(const CatalogRelation *relation, i32 number)
{
    i32 index = 0;
    for (i32 i = 0; i < number - 1; i++)
        index += !relation->columns[i].dropped;
    return index;
}

const CatalogColumn *relation_live_column(const CatalogRelation *relation, i32 position)
{
    const CatalogColumn *column = relation->columns;
    for (i32 i = 0; column->dropped || i < position; column++)
        i += !column->dropped;
    return column;
}

/* The live column of the table that a column of the target is. */
static i32 live_index(Binder *b, const WriteTarget *target, Text name, i32 offset)
{
    i32 number = write_target_base(b, target, write_target_column(b, target, name, offset));
    return relation_live_position(target->table, number);
}

void bind_row_scope(Binder *b, const CatalogRelation *relation)
{
    i32 count;
    const CatalogColumn **live = live_columns(b, relation, &count);
    ScopeItem item = {.alias = relation->name, .by_name = true, .column_count = count};
    item.by_column = true;
    item.columns = make_array(b->q, ScopeColumn, count);
    for (i32 i = 0; i < count; i++) {
        item.columns[i].name = live[i]->name;
        item.columns[i].expr = expr_column(b->q, i, live[i]->type, type_lane(live[i]->type), -1);
    }
    b->scope->items = make_array(b->q, ScopeItem, 1);
    b->scope->items[0] = item;
    b->scope->count = b->scope->capacity = 1;
}

Expr *bind_stored_expr(Binder *b, Text stored)
{
    ParseOptions options = {PARSE_STORED};
    Text select = query_format(b->q, "SELECT %.*s", TEXT_ARG(stored));
    ParsedText parsed = parse_with(b->q, select, &options);
    verify(parsed.count == 1);
    const Ast *body = parsed.statements[0].ast->query.body;
    return bind_expr(b, body->select.targets.items[0]->target.expr);
}

static void bind_checks(Binder *b, const CatalogRelation *relation, PlanModify *modify)
{
    Scope scope;
    Scope *outer = b->scope;
    scope_open(b, &scope);
    scope.outer = NULL;
    bind_row_scope(b, relation);
    scope.place = PLACE_CHECK;
    modify->checks = make_array(b->q, PlanCheck, relation->constraint_count);
    for (i32 i = 0; i < relation->constraint_count; i++) {
        const CatalogConstraint *constraint = &relation->constraints[i];
        if (constraint->kind != CONSTRAINT_CHECK)
            continue;
        PlanCheck *check = &modify->checks[modify->check_count++];
        check->name = constraint->name;
        check->expr = coerce_try(b, bind_stored_expr(b, constraint->check_expr), type_of(TYPE_BOOL),
                                 CAST_IMPLICIT, -1);
        verify(check->expr != NULL);
    }
    b->scope = outer;
}

static BoundModify *make_modify(Binder *b, PlanKind kind, const WriteTarget *target)
{
    const CatalogRelation *relation = target->table;
    BoundModify *made = make(b->q, BoundModify);
    made->kind = kind;
    made->row_id_column = -1;
    PlanModify *modify = &made->plan;
    const CatalogSchema *schema = catalog_schema(b->q, b->view, relation->schema);
    modify->access = relation->access;
    modify->relation = relation->relation;
    modify->relation_oid = relation->oid;
    modify->relation_name = relation->name;
    modify->schema_name = schema ? schema->name : TEXT("");
    const CatalogColumn **live = live_columns(b, relation, &modify->row_count);
    modify->row = make_array(b->q, PlanColumn, modify->row_count);
    modify->not_null = make_array(b->q, bool, modify->row_count);
    for (i32 i = 0; i < modify->row_count; i++) {
        modify->row[i] = (PlanColumn){
            .type = live[i]->type, .lane = type_lane(live[i]->type), .name = live[i]->name};
        modify->not_null[i] = live[i]->not_null;
    }
    bind_checks(b, relation, modify);
    if (kind != PLAN_DELETE)
        bind_generated(b, relation, modify);
    return made;
}

/* The name RETURNING knows the target by. */
static Text target_alias(const Ast *table, const WriteTarget *target)
{
    return table->from_table.alias ? table->from_table.alias->alias.name : target->named->name;
}

/* What a column without a value gets: its DEFAULT, or NULL; a generated one is computed later. */
static Expr *column_default(Binder *b, const CatalogColumn *column)
{
    if (column->default_expr.len == 0 || column->generated)
        return expr_null(b->q, column->type, -1);
    Scope *outer = b->scope;
    Scope scope;
    b->scope = NULL;
    scope_open(b, &scope);
    scope.place = PLACE_DEFAULT;
    Expr *expr = coerce_assignment(b, bind_stored_expr(b, column->default_expr), column->type,
                                   column->name, -1);
    b->scope = outer;
    return expr;
}

/* ---- INSERT ---- */

/* a.f or a[1] of a column that is neither composite nor an array. */
static void check_path(Binder *b, const CatalogColumn *column, const Ast *assigned)
{
    const AstList *path = &assigned->assigned.path;
    char type[TYPE_NAME_BYTES];
    if (path->count == 0)
        return;
    type_format(type_of(column->type.oid), type);
    if (path->items[0]->kind == AST_FIELD)
        query_fail_at(b->q, assigned->offset, E_DATATYPE_MISMATCH,
                      "cannot assign to field \"%.*s\" of column \"%.*s\" because its type %s is "
                      "not a composite type",
                      TEXT_ARG(path->items[0]->field.field), TEXT_ARG(column->name), type);
    query_fail_at(b->q, assigned->offset, E_DATATYPE_MISMATCH,
                  "cannot subscript type %s because it does not support subscripting", type);
}

typedef struct InsertShape {
    const CatalogColumn **live;
    i32 live_count;
    const CatalogColumn **defaults; /* per live column: it, with the DEFAULT it gets here */
    i32 *targets;
    i32 target_count;
    bool *given; /* per live column: some row has a value for it that is not DEFAULT */
    AstOverriding overriding;
} InsertShape;

/* Is the value that is written for the column left aside? */
static bool value_is_overridden(const InsertShape *shape, const CatalogColumn *column)
{
    return column->identity && shape->overriding == OVERRIDING_USER;
}

static _Noreturn void fail_twice(Binder *b, const CatalogRelation *table, i32 index)
{
    i32 count;
    write_fail_twice(b, live_columns(b, table, &count)[index]->name);
}

/* How many values the source gives; select: bound, if it is one; -1: only binding it will tell. */
static i32 given_values(const Ast *ast, const BoundQuery *select)
{
    const Ast *source = ast->insert.source;
    if (!source)
        return 0;
    if (select)
        return select->visible_count;
    const AstList *items = &source->query.body->values.rows.items[0]->row.items;
    for (i32 i = 0; i < items->count; i++)
        if (items->items[i]->kind == AST_STAR || items->items[i]->kind == AST_FIELD)
            return -1; /* may be several */
    return items->count;
}

/* The attnums of the target's columns that get values, in order. */
static i32 *insert_columns(Binder *b, const Ast *ast, const WriteTarget *target, i32 *count)
{
    const AstList *columns = &ast->insert.columns;
    const CatalogRelation *named = target->named;
    i32 *numbers = make_array(b->q, i32, named->column_count + columns->count);
    *count = 0;
    for (i32 i = 0; !columns->count && i < named->column_count; i++)
        if (!named->columns[i].dropped)
            numbers[(*count)++] = named->columns[i].number;
    for (i32 i = 0; i < columns->count; i++) {
        const Ast *column = columns->items[i];
        i32 number = write_target_column(b, target, column->assigned.column, column->offset);
        check_path(b, &named->columns[number - 1], column);
        for (i32 j = 0; j < i; j++)
            if (numbers[j] == number)
                query_fail_at(b->q, column->offset, E_DUPLICATE_COLUMN,
                              "column \"%.*s\" specified more than once",
                              TEXT_ARG(column->assigned.column));
        numbers[(*count)++] = number;
    }
    return numbers;
}

/* A DEFAULT in the only row is as if its column had not been named. */
static bool is_default_alone(const Ast *ast, i32 i)
{
    const Ast *source = ast->insert.source;
    if (!source || source->query.body->kind != AST_VALUES)
        return false;
    const AstList *rows = &source->query.body->values.rows;
    const AstList *items = &rows->items[0]->row.items;
    return rows->count == 1 && i < items->count && items->items[i]->kind == AST_DEFAULT;
}

/* The DEFAULT of a view's column goes before that of the table's. numbers: see insert_columns. */
static void insert_column_defaults(Binder *b, const Ast *ast, const WriteTarget *target,
                                   InsertShape *shape, const i32 *numbers)
{
    bool *given = make_array(b->q, bool, target->named->column_count);
    for (i32 i = 0; i < shape->target_count; i++)
        given[numbers[i] - 1] = shape->targets[i] >= 0 && !is_default_alone(ast, i);
    const CatalogColumn **views = write_target_defaults(b, target, given);
    shape->defaults = make_array(b->q, const CatalogColumn *, shape->live_count);
    for (i32 i = 0; i < shape->live_count; i++) {
        const CatalogColumn *column = shape->defaults[i] = shape->live[i];
        const CatalogColumn *by = target->view_count ? views[column->number - 1] : NULL;
        if (!by || value_is_overridden(shape, column))
            continue;
        CatalogColumn *copy = make(b->q, CatalogColumn);
        *copy = *column;
        copy->default_expr = by->default_expr;
        shape->defaults[i] = copy;
        shape->given[i] = true;
    }
}

/* Fills the shape's targets: the live column of the table that the i-th value goes to; -1: the
 * source gives none. numbers: see insert_columns. live gets the names of the view. */
static void insert_targets(Binder *b, const Ast *ast, const WriteTarget *target, InsertShape *shape,
                           const i32 *numbers, i32 given)
{
    shape->targets = make_array(b->q, i32, shape->target_count);
    for (i32 i = 0; i < shape->target_count; i++) {
        shape->targets[i] = -1;
        if (given >= 0 && i >= given && !ast->insert.columns.count)
            continue;
        i32 index = relation_live_position(target->table, write_target_base(b, target, numbers[i]));
        for (i32 j = 0; j < i; j++) /* two columns of a view may be one of the table */
            if (shape->targets[j] == index)
                fail_twice(b, target->table, index);
        shape->targets[i] = index;
        if (target->view_count == 0)
            continue;
        CatalogColumn *copy = make(b->q, CatalogColumn);
        *copy = *shape->live[index];
        copy->name = target->named->columns[numbers[i] - 1].name;
        shape->live[index] = copy;
    }
    insert_column_defaults(b, ast, target, shape, numbers);
}

static void check_value_count(Binder *b, const Ast *ast, i32 values, i32 targets, i32 offset)
{
    if (values > targets)
        query_fail_at(b->q, offset, E_SYNTAX_ERROR,
                      "INSERT has more expressions than target columns");
    if (ast->insert.columns.count && values < targets)
        query_fail_at(b->q, ast->insert.columns.items[values]->offset, E_SYNTAX_ERROR,
                      "INSERT has more target columns than expressions");
}

/* The whole new row from the values given: defaults where nothing was. */
static Expr **insert_row(Binder *b, const InsertShape *shape, Expr *const *values, i32 count)
{
    Expr **row = make_array(b->q, Expr *, shape->live_count);
    for (i32 i = 0; i < count; i++)
        if (shape->targets[i] >= 0)
            row[shape->targets[i]] = values[i];
    for (i32 i = 0; i < shape->live_count; i++)
        if (!row[i])
            row[i] = column_default(b, shape->defaults[i]);
    return row;
}

static void row_outputs(Binder *b, BoundQuery *query, const InsertShape *shape, Expr *const *row)
{
    query->target_count = query->visible_count = shape->live_count;
    query->targets = make_array(b->q, BoundTarget, shape->live_count);
    for (i32 i = 0; i < shape->live_count; i++) {
        const CatalogColumn *column = shape->live[i];
        i32 output = bind_new_column(b, column->name, column->type, type_lane(column->type));
        query->targets[i] = (BoundTarget){row[i], column->name, output};
    }
}

/* Where a value stands, also when it came out of a row. */
static i32 value_offset(const AstList *items, Expr *const *values, i32 count, i32 i)
{
    return count == items->count || !values[i] ? items->items[i]->offset : values[i]->offset;
}

static BoundQuery *insert_values(Binder *b, const Ast *ast, const Ast *body,
                                 const InsertShape *shape)
{
    const AstList *rows = &body->values.rows;
    BoundQuery *query = make(b->q, BoundQuery);
    query->body = BODY_VALUES;
    query->row_count = rows->count;
    query->rows = make_array(b->q, ExprList, rows->count);
    b->scope->place = rows->count == 1 ? PLACE_VALUES_SINGLE : PLACE_VALUES;
    i32 width = 0, count;
    for (i32 r = 0; r < rows->count; r++) {
        const AstList *items = &rows->items[r]->row.items;
        Expr **values = bind_values_row(b, items, &count);
        width = r ? width : count;
        if (count != width)
            query_fail_at(b->q, items->count ? items->items[0]->offset : body->offset,
                          E_SYNTAX_ERROR, "VALUES lists must all be the same length");
        check_value_count(b, ast, count, shape->target_count,
                          count > shape->target_count
                              ? value_offset(items, values, count, shape->target_count)
                              : body->offset);
        for (i32 i = 0; i < count; i++) {
            if (shape->targets[i] < 0)
                continue;
            const CatalogColumn *column = shape->live[shape->targets[i]];
            shape->given[shape->targets[i]] |= values[i] != NULL;
            if (values[i])
                values[i] = coerce_assignment(b, values[i], column->type, column->name,
                                              value_offset(items, values, count, i));
            if (!values[i] || value_is_overridden(shape, column))
                values[i] = column_default(b, shape->defaults[shape->targets[i]]);
        }
        query->rows[r] = (ExprList){insert_row(b, shape, values, count), shape->live_count};
    }
    row_outputs(b, query, shape, query->rows[0].items);
    if (b->scope->set_call_count) { /* one row that becomes several: a SELECT without FROM */
        query->body = BODY_SELECT;
        query->set_calls = b->scope->set_calls;
        query->set_call_count = b->scope->set_call_count;
    }
    return query;
}

/* The rows of INSERT ... SELECT, as it is written. */
static BoundQuery *inserted_select(Binder *b, const Ast *ast, i32 targets)
{
    BoundQuery *select = bind_query(b, ast->insert.source);
    i32 count = select->visible_count;
    check_value_count(b, ast, count, targets,
                      count > targets ? select->targets[targets].expr->offset
                                      : ast->insert.source->offset);
    return select;
}

static BoundQuery *insert_select(Binder *b, BoundQuery *inner, const InsertShape *shape)
{
    i32 count = inner->visible_count;
    Expr **values = make_array(b->q, Expr *, count);
    for (i32 i = 0; i < count; i++) {
        const CatalogColumn *column = shape->live[shape->targets[i]];
        i32 offset = inner->targets[i].expr->offset;
        shape->given[shape->targets[i]] = true;
        Expr *value = bind_column_ref(b, inner->targets[i].output, offset);
        const Expr *target = inner->targets[i].expr;
        bool literal = inner->body == BODY_SELECT && target->kind == EXPR_CONSTANT &&
                       target->type.oid == TYPE_TEXT;
        if (literal) { /* an unknown literal takes the column's type */
            Expr *unknown = expr_constant(b->q, type_of(TYPE_UNKNOWN), &target->constant, offset);
            value = unknown;
        }
        values[i] = coerce_assignment(b, value, column->type, column->name, offset);
        if (value_is_overridden(shape, column))
            values[i] = column_default(b, column);
    }
    BoundFrom *from = make(b->q, BoundFrom);
    from->kind = FROM_QUERY;
    from->query = inner;
    from->alias = TEXT("*SELECT*");
    from->first_column = count ? inner->targets[0].output : 0;
    from->column_count = count;
    BoundQuery *query = make(b->q, BoundQuery);
    query->body = BODY_SELECT;
    query->from = make_array(b->q, BoundFrom *, 1);
    query->from[0] = from;
    query->from_count = 1;
    row_outputs(b, query, shape, insert_row(b, shape, values, count));
    return query;
}

static bool is_plain_values(const Ast *source)
{
    const AstQuery *query = &source->query;
    return query->body->kind == AST_VALUES && !query->with && query->order_by.count == 0 &&
           !query->limit && !query->offset;
}

static BoundQuery *insert_defaults(Binder *b, const InsertShape *shape)
{
    BoundQuery *query = make(b->q, BoundQuery);
    query->body = BODY_VALUES;
    query->row_count = 1;
    query->rows = make_array(b->q, ExprList, 1);
    query->rows[0] = (ExprList){insert_row(b, shape, NULL, 0), shape->live_count};
    row_outputs(b, query, shape, query->rows[0].items);
    return query;
}

static BoundWrite bind_insert(Binder *b, const Ast *ast)
{
    if (ast->insert.on_conflict)
        bind_unsupported(b, ast->insert.on_conflict->offset, "ON CONFLICT clauses");
    Scope scope;
    scope_open(b, &scope);
    bind_with(b, ast->insert.with);
    WriteTarget target = find_target(b, ast->insert.table, "insert into", USE_INSERT);
    InsertShape shape = {.overriding = ast->insert.overriding};
    shape.live = live_columns(b, target.table, &shape.live_count);
    shape.given = make_array(b->q, bool, shape.live_count);
    const i32 *numbers = insert_columns(b, ast, &target, &shape.target_count);
    const Ast *source = ast->insert.source;
    BoundQuery *select =
        source && !is_plain_values(source) ? inserted_select(b, ast, shape.target_count) : NULL;
    insert_targets(b, ast, &target, &shape, numbers, given_values(ast, select));
    BoundQuery *query = !source  ? insert_defaults(b, &shape)
                        : select ? insert_select(b, select, &shape)
                                 : insert_values(b, ast, source->query.body, &shape);
    BoundModify *modify = make_modify(b, PLAN_INSERT, &target);
    modify->source = modify->query = query;
    BoundWrite write = bind_returning(b, modify, &target, target_alias(ast->insert.table, &target),
                                      &ast->insert.returning, NULL);
    bind_view_checks(b, &target, modify);
    check_given_values(b, target.table, shape.given,
                       shape.overriding ? GIVEN_BY_OVERRIDING : GIVEN_BY_INSERT);
    scope_close(b, &scope);
    return write;
}

/* ---- UPDATE, DELETE ---- */

/* The scope item of the table becomes that of the view: its names stand for what it selects. -> the
 * conditions of the views, ANDed; NULL: none. */
static Expr *show_as_view(Binder *b, const WriteTarget *target, const BoundFrom *from, Text alias)
{
    const CatalogRelation *table = target->table;
    ScopeItem *item = &b->scope->items[b->scope->count - 1];
    Expr **row = make_array(b->q, Expr *, table->column_count);
    for (i32 i = 0; i < table->column_count; i++)
        if (!table->columns[i].dropped)
            row[i] = bind_column_ref(b, from->first_column + i, -1);
    Expr **wheres = make_array(b->q, Expr *, target->view_count);
    item->columns = write_target_columns(b, target, row, &item->column_count, wheres);
    item->alias = alias;
    item->relation = target->named->name;
    if (item->schema.data)
        item->schema = catalog_schema(b->q, b->view, target->named->schema)->name;
    i32 count = 0;
    for (i32 i = 0; i < target->view_count; i++)
        if (wheres[i])
            wheres[count++] = wheres[i];
    return count ? expr_and(b->q, wheres, count) : NULL;
}

/* The target as the first FROM item of the query that finds the rows, with its row id. */
static BoundModify *modify_query(Binder *b, PlanKind kind, const WriteTarget *target,
                                 const Ast *table, const AstList *others, const Ast *where)
{
    BoundModify *modify = make_modify(b, kind, target);
    BoundQuery *query = modify->source = modify->query = make(b->q, BoundQuery);
    query->body = BODY_SELECT;
    query->from = make_array(b->q, BoundFrom *, 1);
    query->from_count = 1;
    query->from[0] = bind_relation(b, target->table, table->from_table.alias, table->offset);
    if (target->view_count)
        query->where = show_as_view(b, target, query->from[0], target_alias(table, target));
    modify->row_id_column = bind_new_column(b, TEXT("ctid"), type_of(TYPE_INT8), lane_of(LANE_I64));
    b->scope->items[0].is_target = b->scope->items[0].lateral_bad = true;
    bind_from_list(b, others, query);
    b->scope->items[0].lateral_bad = false;
    if (where && where->kind == AST_CURRENT_OF)
        bind_unsupported(b, where->offset, "WHERE CURRENT OF clauses");
    if (where) {
        Expr *both[2] = {bind_condition(b, where, PLACE_WHERE, "WHERE"), query->where};
        query->where = both[1] ? expr_and(b->q, both, 2) : both[0];
    }
    query->targets = make_array(b->q, BoundTarget, modify->plan.row_count + 1);
    return modify;
}

static void add_output(Binder *b, BoundQuery *query, Expr *expr, Text name)
{
    i32 output = bind_new_column(b, name, expr->type, expr->lane);
    query->targets[query->target_count++] = (BoundTarget){expr, name, output};
    query->visible_count = query->target_count;
}

/* The target table while its new row is put together. */
typedef struct UpdateRow {
    const WriteTarget *target;
    const CatalogColumn **live;
    Expr **row;  /* per live column; NULL: keeps its value */
    i32 *by;     /* per live column: the attnum of the target's column that it was named by */
    bool *given; /* per live column: has a value that is not its DEFAULT */
} UpdateRow;

/* The column an assignment goes to. */
static i32 assigned_index(Binder *b, const UpdateRow *update, const Ast *assigned)
{
    i32 index = live_index(b, update->target, assigned->assigned.column, assigned->offset);
    check_path(b, update->live[index], assigned);
    Text name = assigned->assigned.column;
    i32 number = write_target_column(b, update->target, name, assigned->offset);
    if (update->row[index] && update->by[index] == number)
        query_fail(b->q, E_SYNTAX_ERROR, "multiple assignments to same column \"%.*s\"",
                   TEXT_ARG(name));
    if (update->row[index])
        fail_twice(b, update->target->table, index);
    update->by[index] = number;
    return index;
}

/* Of a view's column its own: UPDATE does not ask what is below. */
static Expr *assigned_default(Binder *b, const UpdateRow *update, i32 index)
{
    CatalogColumn column = *update->live[index];
    if (update->target->view_count)
        column.default_expr = update->target->named->columns[update->by[index] - 1].default_expr;
    return column_default(b, &column);
}

/* value: NULL for DEFAULT. */
static void assign_value(Binder *b, const UpdateRow *update, const Ast *assigned, Expr *value,
                         i32 offset)
{
    i32 index = assigned_index(b, update, assigned);
    const CatalogColumn *column = update->live[index];
    update->given[index] = value || update->target->view_count;
    update->row[index] = value ? coerce_assignment(b, value, column->type, column->name, offset)
                               : assigned_default(b, update, index);
}

static void check_assigned_count(Binder *b, i32 values, i32 columns, i32 offset)
{
    if (values != columns)
        query_fail_at(b->q, offset, E_SYNTAX_ERROR,
                      "number of columns does not match number of values");
}

/* (a, b) = (SELECT ...): one sub-query, a column of it for each. */
static void assign_subquery(Binder *b, const UpdateRow *update, const AstAssignment *assignment)
{
    const Ast *value = assignment->value;
    BoundQuery *query = bind_query(b, value->unary.operand);
    check_assigned_count(b, query->visible_count, assignment->columns.count, value->offset);
    i32 number = bind_new_subquery(b, query);
    for (i32 i = 0; i < assignment->columns.count; i++) {
        i32 index = assigned_index(b, update, assignment->columns.items[i]);
        const CatalogColumn *column = update->live[index];
        update->given[index] = true;
        const BoundColumn *output = &b->bound->columns[query->targets[i].output];
        Expr *part = make(b->q, Expr);
        *part = (Expr){.kind = EXPR_SUBQUERY,
                       .offset = value->offset,
                       .type = output->type,
                       .lane = output->lane,
                       .subquery = {SUBQUERY_SCALAR, number, number, i, {NULL, 0}}};
        update->row[index] = coerce_assignment(b, part, column->type, column->name, value->offset);
    }
}

/* (a, b) = ROW(x, y) or (x, y); t.* among them stands for its columns. */
static void assign_row(Binder *b, const UpdateRow *update, const AstAssignment *assignment)
{
    const Ast *row = assignment->value;
    if (row->kind != AST_ROW)
        query_fail_at(b->q, row->offset, E_FEATURE_NOT_SUPPORTED,
                      "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() "
                      "expression");
    i32 count;
    Expr **values = bind_values_row(b, &row->row.items, &count);
    check_assigned_count(b, count, assignment->columns.count, row->offset);
    for (i32 i = 0; i < count; i++)
        assign_value(b, update, assignment->columns.items[i], values[i], row->offset);
}

static void bind_assignments(Binder *b, const UpdateRow *update, const AstList *assignments)
{
    b->scope->place = PLACE_UPDATE;
    for (i32 i = 0; i < assignments->count; i++) {
        const AstAssignment *assignment = &assignments->items[i]->assignment;
        const Ast *value = assignment->value;
        if (assignment->multiple && value->kind == AST_SUBQUERY)
            assign_subquery(b, update, assignment);
        else if (assignment->multiple)
            assign_row(b, update, assignment);
        else
            assign_value(b, update, assignment->columns.items[0],
                         value->kind == AST_DEFAULT ? NULL : bind_expr(b, value), value->offset);
    }
}

/* Does a column of a primary key or unique constraint get a value, or one that it is made from? */
static bool assigns_key(Binder *b, const CatalogRelation *table, const UpdateRow *update,
                        const PlanModify *modify)
{
    bool *changed = make_array(b->q, bool, modify->row_count);
    for (i32 i = 0; i < modify->row_count; i++)
        changed[i] = update->row[i] != NULL;
    for (i32 i = 0; i < modify->generated_count; i++)
        changed[modify->generated[i].column] =
            generated_reads(b, modify->generated[i].expr, changed);
    for (i32 i = 0; i < table->constraint_count; i++) {
        const CatalogConstraint *constraint = &table->constraints[i];
        for (i32 c = 0; constraint->kind != CONSTRAINT_CHECK && c < constraint->column_count; c++)
            if (changed[relation_live_position(table, constraint->columns[c])])
                return true;
    }
    return false;
}

/* What the query gives for a column of the new row. */
static Expr *updated_value(Binder *b, const UpdateRow *update, const BoundQuery *query, i32 i)
{
    const CatalogColumn *column = update->live[i];
    if (column->generated)
        return expr_null(b->q, column->type, -1);
    if (update->row[i])
        return update->row[i];
    return bind_column_ref(b, query->from[0]->first_column + column->number - 1, -1);
}

static BoundWrite bind_update(Binder *b, const Ast *ast)
{
    Scope scope;
    scope_open(b, &scope);
    bind_with(b, ast->update.with);
    WriteTarget target = find_target(b, ast->update.table, "update", USE_UPDATE);
    BoundModify *modify = modify_query(b, PLAN_UPDATE, &target, ast->update.table,
                                       &ast->update.from, ast->update.where);
    i32 count;
    UpdateRow update = {.target = &target, .live = live_columns(b, target.table, &count)};
    update.row = make_array(b->q, Expr *, count);
    update.by = make_array(b->q, i32, count);
    update.given = make_array(b->q, bool, count);
    bind_assignments(b, &update, &ast->update.assignments);
    modify->plan.changes_key = assigns_key(b, target.table, &update, &modify->plan);
    modify->plan.fills = ast->update.fills;
    BoundQuery *query = modify->source;
    add_output(b, query, bind_column_ref(b, modify->row_id_column, -1), TEXT("ctid"));
    for (i32 i = 0; i < count; i++)
        add_output(b, query, updated_value(b, &update, query, i), update.live[i]->name);
    BoundWrite write = bind_returning(b, modify, &target, target_alias(ast->update.table, &target),
                                      &ast->update.returning, &scope);
    bind_view_checks(b, &target, modify);
    check_given_values(b, target.table, update.given, GIVEN_BY_UPDATE);
    scope_close(b, &scope);
    return write;
}

static BoundWrite bind_delete(Binder *b, const Ast *ast)
{
    Scope scope;
    scope_open(b, &scope);
    bind_with(b, ast->delete.with);
    WriteTarget target = find_target(b, ast->delete.table, "delete from", USE_DELETE);
    BoundModify *modify = modify_query(b, PLAN_DELETE, &target, ast->delete.table,
                                       &ast->delete.using, ast->delete.where);
    BoundQuery *query = modify->source;
    i32 count;
    const CatalogColumn **live = live_columns(b, target.table, &count);
    add_output(b, query, bind_column_ref(b, modify->row_id_column, -1), TEXT("ctid"));
    for (i32 i = 0; ast->delete.returning.count && i < count; i++) {
        i32 id = query->from[0]->first_column + live[i]->number - 1;
        add_output(b, query, bind_column_ref(b, id, -1), live[i]->name);
    }
    BoundWrite write = bind_returning(b, modify, &target, target_alias(ast->delete.table, &target),
                                      &ast->delete.returning, &scope);
    scope_close(b, &scope);
    return write;
}

/* ---- as a statement, as a common table expression ---- */

static BoundWrite bind_any_write(Binder *b, const Ast *ast)
{
    b->bound->is_write = true;
    return ast->kind == AST_INSERT   ? bind_insert(b, ast)
           : ast->kind == AST_UPDATE ? bind_update(b, ast)
                                     : bind_delete(b, ast);
}

void bind_write(Binder *b, const Ast *ast)
{
    Bound *bound = b->bound;
    BoundWrite write = bind_any_write(b, ast);
    bound->kind = ast->kind == AST_INSERT   ? BOUND_INSERT
                  : ast->kind == AST_UPDATE ? BOUND_UPDATE
                                            : BOUND_DELETE;
    bound->tag = ast->kind == AST_INSERT   ? "INSERT 0"
                 : ast->kind == AST_UPDATE ? "UPDATE"
                                           : "DELETE";
    bound->modify = write.modify;
    bound->query = write.query;
    bound->main = write.main;
    bound->returning = write.returning;
    bound->returning_count = write.returning_count;
}

BoundCte bind_write_cte(Binder *b, const Ast *ast, Text name)
{
    BoundWrite write = bind_any_write(b, ast);
    BoundCte cte = {.name = name, .materialized = true, .query = write.query};
    if (cte.query)
        return cte;
    BoundQuery *shell = make(b->q, BoundQuery);
    shell->targets = write.returning;
    shell->target_count = shell->visible_count = write.returning_count;
    cte.query = shell;
    cte.modify = write.modify;
    return cte;
}

/* ---- TRUNCATE ---- */

static const CatalogRelation *truncated_table(Binder *b, Name name)
{
    const CatalogRelation *relation = ddl_named_relation(b, name);
    if (relation->kind != RELATION_TABLE)
        query_fail(b->q, E_WRONG_OBJECT_TYPE, "\"%.*s\" is not a table", TEXT_ARG(relation->name));
    if (relation->built_in)
        query_fail(b->q, E_INSUFFICIENT_PRIVILEGE,
                   "permission denied: \"%.*s\" is a system catalog", TEXT_ARG(relation->name));
    if (catalog_is_other_temporary(b->view, relation))
        query_fail(b->q, E_FEATURE_NOT_SUPPORTED,
                   "cannot truncate temporary tables of other sessions");
    bind_use(b, relation, USE_TRUNCATE);
    return relation;
}

void bind_truncate(Binder *b, const Ast *ast)
{
    Bound *bound = b->bound;
    bound->kind = BOUND_COMMAND;
    bound->tag = "TRUNCATE TABLE";
    PlanCommand *command = &bound->command;
    command->kind = COMMAND_TRUNCATE;
    command->tag = bound->tag;
    command->drops = make_array(b->q, PlanDropItem, ast->truncate.tables.count);
    for (i32 i = 0; i < ast->truncate.tables.count; i++) {
        const CatalogRelation *relation =
            truncated_table(b, ast->truncate.tables.items[i]->from_table.name);
        command->drops[command->drop_count++] = (PlanDropItem){
            .object_class = CLASS_RELATION, .oid = relation->oid, .name = relation->name};
        if (ast->truncate.restart)
            ddl_restart_owned(b, command, relation->oid);
    }
}

/* ---- the target of COPY FROM ---- */

static Expr *bind_copy_where(Binder *b, const CatalogRelation *relation, const Ast *where)
{
    Scope scope;
    scope_open(b, &scope);
    bind_row_scope(b, relation);
    Expr *condition = bind_condition(b, where, PLACE_COPY_WHERE, "WHERE");
    const Expr *subquery = bind_find_subquery(b, condition);
    if (subquery)
        query_fail_at(b->q, subquery->offset, E_FEATURE_NOT_SUPPORTED,
                      "cannot use subquery in COPY FROM WHERE condition");
    check_copy_where(b, relation, condition);
    scope_close(b, &scope);
    return condition;
}

static _Noreturn void fail_copy_to_view(Binder *b, const CatalogRelation *view)
{
    Error error;
    error_set(&error, E_WRONG_OBJECT_TYPE, "cannot copy to view \"%.*s\"", TEXT_ARG(view->name));
    error_hint(&error, "To enable copying to a view, provide an INSTEAD OF INSERT trigger.");
    query_rethrow(b->q, &error);
}

/* Where among the live columns a name of the list is. */
static i32 copied_column(Binder *b, const WriteTarget *target, Text name, Expr *const *row)
{
    i32 index = live_index(b, target, name, -1);
    check_copied_column(b, relation_live_column(target->table, index));
    if (row[index])
        query_fail(b->q, E_DUPLICATE_COLUMN, "column \"%.*s\" specified more than once",
                   TEXT_ARG(name));
    return index;
}

static void add_field(Binder *b, PlanCopyIn *in, const CatalogColumn *column, Expr **value)
{
    Lane lane = type_lane(column->type);
    i32 i = in->field_count++;
    in->column_names[i] = column->name;
    in->fields[i] = (PlanColumn){.type = column->type, .lane = lane, .name = column->name};
    *value = expr_column(b->q, i, column->type, lane, -1);
}

void bind_copy_target(Binder *b, const Ast *ast)
{
    Ast *table = make(b->q, Ast);
    table->kind = AST_FROM_TABLE;
    table->offset = ast->offset;
    table->from_table.name = ast->copy.table;
    const CatalogRelation *named = bind_find_relation(b, table->from_table.name);
    if (named->kind == RELATION_VIEW)
        fail_copy_to_view(b, named);
    if (named->kind == RELATION_SEQUENCE)
        query_fail(b->q, E_WRONG_OBJECT_TYPE, "cannot copy to sequence \"%.*s\"",
                   TEXT_ARG(named->name));
    WriteTarget target = find_target(b, table, "insert into", USE_INSERT);
    const CatalogRelation *relation = target.table;
    Bound *bound = b->bound;
    bound->kind = BOUND_COPY_IN;
    bound->tag = "COPY";
    i32 live_count, count = ast->copy.columns.count;
    const CatalogColumn **live = live_columns(b, relation, &live_count);
    PlanCopyIn *in = &bound->copy_in;
    in->relation_name = relation->name;
    in->fields = make_array(b->q, PlanColumn, count + live_count);
    in->column_names = make_array(b->q, Text, count + live_count);
    Expr **row = make_array(b->q, Expr *, live_count);
    for (i32 i = 0; i < (count ? count : live_count); i++) {
        i32 index = i;
        if (count)
            index = copied_column(b, &target, ast->copy.columns.items[i]->identifier.name, row);
        else if (live[i]->generated)
            continue;
        add_field(b, in, live[index], &row[index]);
    }
    for (i32 i = 0; i < live_count; i++)
        if (!row[i])
            row[i] = column_default(b, live[i]);
    bound->copy_row = (ExprList){row, live_count};
    bound->modify = make_modify(b, PLAN_INSERT, &target);
    bound->is_write = true;
    if (ast->copy.where)
        bound->copy_where = bind_copy_where(b, relation, ast->copy.where);
}
