/* SPDX-License-Identifier: Apache-2.0
 *
 * FROM: relations, subqueries, functions and joins; what names they put into scope and how a column
 * name is found there.
 *
 * A join leaves its inputs reachable by their aliases and adds an unnamed item with the joined
 * columns, which bare names and `*` see (PostgreSQL's namespace items). Merged columns of USING and
 * NATURAL are expressions: the left side's column, or COALESCE for FULL.
 */
#include "catalog/definition.h"
#include "planner/bind.h"

void scope_open(Binder *b, Scope *scope)
{
    *scope = (Scope){.outer = b->scope, .place = PLACE_TARGET};
    scope->ctes = b->scope ? b->scope->ctes : NULL;
    b->scope = scope;
}

void scope_close(Binder *b, Scope *scope)
{
    assert(b->scope == scope);
    b->scope = scope->outer;
}

static void scope_own(Binder *b, i32 first, i32 count)
{
    Scope *scope = b->scope;
    if (scope->owned_count + 2 > scope->owned_capacity) {
        i32 capacity = scope->owned_capacity ? scope->owned_capacity * 2 : 16;
        i32 *owned = make_array(b->q, i32, capacity);
        if (scope->owned_count)
            memcpy(owned, scope->owned, (size_t)scope->owned_count * sizeof *owned);
        scope->owned = owned;
        scope->owned_capacity = capacity;
    }
    scope->owned[scope->owned_count++] = first;
    scope->owned[scope->owned_count++] = count;
}

static ScopeItem *scope_add(Binder *b, ScopeItem item)
{
    Scope *scope = b->scope;
    make_room(b->q, scope->items, scope->count, &scope->capacity);
    scope->items[scope->count] = item;
    return &scope->items[scope->count++];
}

/* ---- finding columns ---- */

static _Noreturn void fail_ambiguous(Binder *b, Text name, i32 offset)
{
    query_fail_at(b->q, offset, E_AMBIGUOUS_COLUMN, "column reference \"%.*s\" is ambiguous",
                  TEXT_ARG(name));
}

static Expr *item_column(Binder *b, const ScopeItem *item, Text name, i32 offset)
{
    Expr *found = NULL;
    for (i32 i = 0; i < item->column_count; i++) {
        if (!text_equal(item->columns[i].name, name))
            continue;
        if (found)
            fail_ambiguous(b, name, offset);
        found = item->columns[i].expr;
    }
    return found;
}

static bool note_used(void *state, const Expr *expr)
{
    Binder *b = state;
    if (expr->kind == EXPR_COLUMN && expr->column < b->bound->column_count)
        b->bound->columns[expr->column].used = true;
    return false;
}

void bind_mark_used(Binder *b, const Expr *expr)
{
    if (b->view_depth == 0)
        expr_any(b->q, expr, note_used, b);
}

/* A found column as seen from here: with this reference's position. */
static Expr *at_offset(Binder *b, const Expr *expr, i32 offset)
{
    bind_mark_used(b, expr);
    Expr *copy = make(b->q, Expr);
    *copy = *expr;
    copy->offset = offset;
    return copy;
}

static bool item_usable(const Scope *scope, const ScopeItem *item)
{
    return !item->lateral_only || scope->lateral;
}

static void check_lateral(Binder *b, const ScopeItem *item, i32 offset)
{
    if (!item->lateral_only || !item->lateral_bad)
        return;
    Error error;
    error_set(&error, E_INVALID_COLUMN_REFERENCE,
              "invalid reference to FROM-clause entry for table \"%.*s\"", TEXT_ARG(item->alias));
    if (item->is_target)
        error_hint(&error,
                   "There is an entry for table \"%.*s\", but it cannot be referenced from this "
                   "part of the query.",
                   TEXT_ARG(item->alias));
    else
        error_detail(&error,
                     "The combining JOIN type must be INNER or LEFT for a LATERAL reference.");
    error.position = offset + 1;
    query_rethrow(b->q, &error);
}

/* LIMIT may use columns of outer queries, not its own: noted, since other errors come first. */
static void note_found(Scope *scope, i32 offset)
{
    if ((scope->place == PLACE_LIMIT || scope->place == PLACE_OFFSET) && scope->limit_variable < 0)
        scope->limit_variable = offset;
}

static Expr *find_bare(Binder *b, Text name, i32 offset)
{
    for (Scope *scope = b->scope; scope; scope = scope->outer) {
        Expr *found = NULL;
        for (i32 i = 0; i < scope->count; i++) {
            const ScopeItem *item = &scope->items[i];
            if (!item->by_column || !item_usable(scope, item))
                continue;
            Expr *own = item_column(b, item, name, offset);
            if (own && found)
                fail_ambiguous(b, name, offset);
            if (!own)
                continue;
            check_lateral(b, item, offset);
            found = own;
        }
        if (found) {
            scope->column_uses++;
            note_found(scope, offset);
            return at_offset(b, found, offset);
        }
    }
    return NULL;
}

/* pg_temp is the session's own temporary schema; nobody reads from those of others. */
static bool is_schema(Text schema, Text written)
{
    return text_equal(schema, written) ||
           (text_equal(written, TEXT("pg_temp")) && catalog_is_temporary_name(schema));
}

static bool item_matches(const ScopeItem *item, Name name, i32 parts)
{
    if (!item->by_name || !item->alias.data || !text_equal(item->alias, name.parts[parts - 1]))
        return false;
    return parts == 1 || (item->schema.data && is_schema(item->schema, name.parts[parts - 2]));
}

/* parts: how many leading parts of name are the table's. */
static ScopeItem *find_item(Binder *b, Name name, i32 parts)
{
    for (Scope *scope = b->scope; scope; scope = scope->outer) {
        ScopeItem *found = NULL;
        for (i32 i = 0; i < scope->count; i++) {
            ScopeItem *item = &scope->items[i];
            if (!item_matches(item, name, parts) || !item_usable(scope, item))
                continue;
            if (found)
                query_fail_at(b->q, name.offset, E_AMBIGUOUS_ALIAS,
                              "table reference \"%.*s\" is ambiguous",
                              TEXT_ARG(name.parts[parts - 1]));
            found = item;
        }
        if (found) {
            scope->column_uses++;
            check_lateral(b, found, name.offset);
            note_found(scope, name.offset);
            return found;
        }
    }
    return NULL;
}

/* The table is there, but under an alias. */
static void hint_alias(Binder *b, Text table, Error *error)
{
    for (const Scope *scope = b->scope; scope; scope = scope->outer) {
        for (i32 i = 0; i < scope->count; i++) {
            const ScopeItem *item = &scope->items[i];
            if (!item->relation.data || !text_equal(item->relation, table))
                continue;
            error_set(error, E_UNDEFINED_TABLE,
                      "invalid reference to FROM-clause entry for table \"%.*s\"", TEXT_ARG(table));
            error_hint(error, "Perhaps you meant to reference the table alias \"%.*s\".",
                       TEXT_ARG(item->alias));
            return;
        }
    }
}

static _Noreturn void fail_missing_from(Binder *b, Name name, i32 parts)
{
    Text table = name.parts[parts - 1];
    Error error;
    for (const Scope *scope = b->scope; scope; scope = scope->outer) {
        for (i32 i = 0; i < scope->count; i++) {
            if (!scope->items[i].alias.data || !text_equal(scope->items[i].alias, table))
                continue;
            error_set(&error, E_UNDEFINED_TABLE,
                      "invalid reference to FROM-clause entry for table \"%.*s\"", TEXT_ARG(table));
            error_hint(&error,
                       "There is an entry for table \"%.*s\", but it cannot be referenced "
                       "from this part of the query.",
                       TEXT_ARG(table));
            error.position = name.offset + 1;
            query_rethrow(b->q, &error);
        }
    }
    error.code = E_SUCCESSFUL_COMPLETION;
    if (parts == 1 || catalog_relation_by_name(b->q, b->view, name.parts[parts - 2], table))
        hint_alias(b, table, &error);
    if (error.code != E_UNDEFINED_TABLE)
        error_set(&error, E_UNDEFINED_TABLE, "missing FROM-clause entry for table \"%.*s\"",
                  TEXT_ARG(table));
    error.position = name.offset + 1;
    query_rethrow(b->q, &error);
}

ScopeItem *scope_find_item(Binder *b, Name name)
{
    i32 parts = name.count > 2 ? 2 : name.count;
    Name table = name;
    if (name.count == 3) {
        table.parts = name.parts + 1;
        table.count = 2;
    }
    ScopeItem *item = find_item(b, table, parts);
    if (!item)
        fail_missing_from(b, table, parts);
    return item;
}

static i32 edit_distance(Text a, Text b)
{
    i32 row[64];
    if (a.len >= 63 || b.len >= 63)
        return 64;
    for (i32 j = 0; j <= b.len; j++)
        row[j] = j;
    for (i32 i = 1; i <= a.len; i++) {
        i32 diagonal = row[0];
        row[0] = i;
        for (i32 j = 1; j <= b.len; j++) {
            i32 above = row[j];
            i32 change = diagonal + (a.data[i - 1] != b.data[j - 1]);
            i32 step = (above < row[j - 1] ? above : row[j - 1]) + 1;
            row[j] = change < step ? change : step;
            diagonal = above;
        }
    }
    return row[b.len];
}

/* Columns whose names are close to the one that is missing; more than two that are equally close
 * are none. */
typedef struct SimilarColumns {
    i32 distance; /* of those here; before: one above the largest that counts */
    i32 count;
    const ScopeItem *items[2];
    Text columns[2];
} SimilarColumns;

enum { SIMILAR_DISTANCE_MAX = 3 };

/* further: how far the qualifier is from the item's alias. */
static void note_similar(SimilarColumns *similar, const ScopeItem *item, Text column, Text name,
                         i32 further)
{
    i32 distance = edit_distance(name, column);
    if (distance > name.len / 2 || distance + further > similar->distance)
        return;
    distance += further;
    if (distance < similar->distance) {
        similar->distance = distance;
        similar->count = 0;
    } else if (similar->count == 2) {
        similar->distance = distance - 1;
        similar->count = 0;
        return;
    } else if (distance > SIMILAR_DISTANCE_MAX) {
        return;
    }
    similar->items[similar->count] = item;
    similar->columns[similar->count++] = column;
}

/* False: a table has just this column, but not for this part of the query: the hint says so. */
static bool note_item(SimilarColumns *similar, const ScopeItem *item, Name name, Error *error)
{
    Text column = name.parts[name.count - 1];
    i32 further = name.count > 1 ? edit_distance(name.parts[name.count - 2], item->alias) : 0;
    for (i32 j = 0; j < item->column_count; j++) {
        if (further == 0 && text_equal(item->columns[j].name, column)) {
            error_hint(error,
                       "There is a column named \"%.*s\" in table \"%.*s\", but it cannot be "
                       "referenced from this part of the query.",
                       TEXT_ARG(column), TEXT_ARG(item->alias));
            return false;
        }
        note_similar(similar, item, item->columns[j].name, column, further);
    }
    return true;
}

/* What PostgreSQL thinks may have been meant, searched in all levels of the query. */
static void hint_column(Binder *b, Name name, Error *error)
{
    SimilarColumns similar = {.distance = SIMILAR_DISTANCE_MAX + 1};
    for (const Scope *scope = b->scope; scope; scope = scope->outer)
        for (i32 i = 0; i < scope->count; i++)
            if (scope->items[i].alias.data && !note_item(&similar, &scope->items[i], name, error))
                return;
    if (similar.count == 1)
        error_hint(error, "Perhaps you meant to reference the column \"%.*s.%.*s\".",
                   TEXT_ARG(similar.items[0]->alias), TEXT_ARG(similar.columns[0]));
    else if (similar.count == 2)
        error_hint(error,
                   "Perhaps you meant to reference the column \"%.*s.%.*s\" or the column "
                   "\"%.*s.%.*s\".",
                   TEXT_ARG(similar.items[0]->alias), TEXT_ARG(similar.columns[0]),
                   TEXT_ARG(similar.items[1]->alias), TEXT_ARG(similar.columns[1]));
}

static _Noreturn void fail_no_column(Binder *b, Name name)
{
    Error error;
    Text column = name.parts[name.count - 1];
    if (name.count == 1)
        error_set(&error, E_UNDEFINED_COLUMN, "column \"%.*s\" does not exist", TEXT_ARG(column));
    else
        error_set(&error, E_UNDEFINED_COLUMN, "column %.*s.%.*s does not exist",
                  TEXT_ARG(name.parts[name.count - 2]), TEXT_ARG(column));
    hint_column(b, name, &error);
    error.position = name.offset + 1;
    query_rethrow(b->q, &error);
}

ScopeItem *scope_whole_row(Binder *b, const Ast *column)
{
    Name name = column->column.name;
    if (name.count != 1 || find_bare(b, name.parts[0], column->offset))
        return NULL;
    ScopeItem *item = find_item(b, name, 1);
    return item && !item->scalar ? item : NULL;
}

/* What the bare name of a function in FROM stands for when it gives plain values. */
static Expr *scalar_row(Binder *b, Name name)
{
    const ScopeItem *item = find_item(b, name, 1);
    return item && item->scalar ? item->columns[0].expr : NULL;
}

Expr *scope_find_column(Binder *b, const Ast *ast)
{
    Name name = ast->column.name;
    stored_note_column(b, ast);
    Text column = name.parts[name.count - 1];
    if (name.count == 1) {
        if (b->scope->place == PLACE_DEFAULT)
            query_fail_at(b->q, ast->offset, E_FEATURE_NOT_SUPPORTED,
                          "cannot use column reference in DEFAULT expression");
        Expr *found = find_bare(b, column, ast->offset);
        if (!found && (found = scalar_row(b, name)))
            return at_offset(b, found, ast->offset);
        if (!found)
            fail_no_column(b, name);
        return found;
    }
    if (name.count > 4)
        query_fail_at(b->q, ast->offset, E_SYNTAX_ERROR,
                      "improper qualified name (too many dotted names): %.*s",
                      TEXT_ARG(name_print(b->q, name)));
    Name table = {name.parts, name.count - 1, name.offset};
    ScopeItem *item = scope_find_item(b, table);
    Expr *found = item_column(b, item, column, ast->offset);
    if (!found)
        fail_no_column(b, name);
    return at_offset(b, found, ast->offset);
}

/* ---- items ---- */

static void check_alias_count(Binder *b, const Ast *alias, i32 count)
{
    if (alias->alias.columns.count > count)
        query_fail(b->q, E_INVALID_COLUMN_REFERENCE,
                   "table \"%.*s\" has %d columns available but %d columns specified",
                   TEXT_ARG(alias->alias.name), count, alias->alias.columns.count);
}

static Text alias_column(const Ast *alias, i32 i, Text own)
{
    if (!alias || i >= alias->alias.columns.count)
        return own;
    return alias->alias.columns.items[i]->identifier.name;
}

/* Two tables without alias may share a name when their schemas differ. */
static bool names_conflict(const ScopeItem *a, const ScopeItem *b)
{
    if (!a->by_name || !b->by_name || !a->alias.data || !b->alias.data)
        return false;
    bool apart = a->schema.data && b->schema.data && !text_equal(a->schema, b->schema);
    return text_equal(a->alias, b->alias) && !apart;
}

void scope_check_names(Binder *b, i32 left, i32 middle)
{
    const Scope *scope = b->scope;
    for (i32 i = left; i < middle; i++)
        for (i32 j = middle; j < scope->count; j++)
            if (names_conflict(&scope->items[i], &scope->items[j]))
                query_fail(b->q, E_DUPLICATE_ALIAS, "table name \"%.*s\" specified more than once",
                           TEXT_ARG(scope->items[i].alias));
}

void scope_add_from(Binder *b, BoundFrom *from, const Ast *alias, Text name, Text schema,
                    i32 offset)
{
    ScopeItem item = {.alias = alias && alias->alias.name.data ? alias->alias.name : name,
                      .schema = alias ? (Text){NULL, 0} : schema,
                      .relation = schema.data ? name : (Text){NULL, 0},
                      .from = from,
                      .by_name = true,
                      .by_column = true};
    item.columns = make_array(b->q, ScopeColumn, from->column_count);
    i32 shown = 0;
    for (i32 i = 0; i < from->column_count; i++) {
        if (from->kind == FROM_RELATION && from->relation->columns[i].dropped)
            continue;
        BoundColumn *column = &b->bound->columns[from->first_column + i];
        column->qualifier = item.alias;
        column->name = alias_column(alias, shown, column->name);
        item.columns[shown].name = column->name;
        item.columns[shown].expr = bind_column_ref(b, from->first_column + i, -1);
        if (from->kind == FROM_RELATION && from->relation->columns[i].not_null && !item.never_null)
            item.never_null = item.columns[shown].expr;
        shown++;
    }
    item.column_count = shown;
    if (alias)
        check_alias_count(b, alias, shown);
    scope_own(b, from->first_column, from->column_count);
    scope_add(b, item);
}

/* schema: what a qualified name of a column may say before the table. */
static BoundFrom *relation_item(Binder *b, const CatalogRelation *relation, Text schema,
                                const Ast *alias, i32 offset)
{
    BoundFrom *from = make(b->q, BoundFrom);
    from->kind = FROM_RELATION;
    from->relation = relation;
    from->alias = alias ? alias->alias.name : relation->name;
    from->column_count = relation->column_count;
    for (i32 i = 0; i < relation->column_count; i++) {
        const CatalogColumn *column = &relation->columns[i];
        Type type = column->dropped ? type_of(TYPE_INT4) : column->type;
        i32 id = bind_new_column(b, column->name, type, type_lane(type));
        b->bound->columns[id].relation_oid = relation->oid;
        b->bound->columns[id].number = column->number;
        if (i == 0)
            from->first_column = id;
    }
    scope_add_from(b, from, alias, relation->name, schema, offset);
    return from;
}

BoundFrom *bind_relation(Binder *b, const CatalogRelation *relation, const Ast *alias, i32 offset)
{
    return relation_item(b, relation, schema_name(b->q, b->view, relation->schema), alias, offset);
}

void bind_check_session(Binder *b, const CatalogRelation *relation)
{
    if (relation->kind != RELATION_VIEW && catalog_is_other_temporary(b->view, relation))
        query_fail(b->q, E_FEATURE_NOT_SUPPORTED,
                   "cannot access temporary tables of other sessions");
}

void bind_check_name(Binder *b, Name name)
{
    if (name.count > 3)
        query_fail_at(b->q, name.offset, E_SYNTAX_ERROR,
                      "improper qualified name (too many dotted names): %.*s",
                      TEXT_ARG(name_print(b->q, name)));
    if (name.count == 3 && !text_equal(name.parts[0], b->env->database))
        query_fail_at(b->q, name.offset, E_FEATURE_NOT_SUPPORTED,
                      "cross-database references are not implemented: \"%.*s\"",
                      TEXT_ARG(name_print(b->q, name)));
}

static bool is_coming_cte(const Binder *b, Text name)
{
    for (const Scope *scope = b->scope; scope; scope = scope->outer)
        for (i32 i = 0; i < scope->coming_ctes.count; i++)
            if (text_equal(scope->coming_ctes.items[i]->cte.name, name))
                return true;
    return false;
}

static _Noreturn void fail_no_relation(Binder *b, Name name)
{
    Error error;
    const CatalogRelation *indexed;
    Text schema = name.count > 1 ? name.parts[name.count - 2] : (Text){NULL, 0};
    Text own = name.parts[name.count - 1];
    if (index_by_name(b->q, b->view, schema, own, &indexed))
        query_fail_at(b->q, name.offset, E_WRONG_OBJECT_TYPE, "\"%.*s\" is an index",
                      TEXT_ARG(own));
    error_set(&error, E_UNDEFINED_TABLE, "relation \"%.*s\" does not exist",
              TEXT_ARG(name_print(b->q, name)));
    if (name.count == 1 && is_coming_cte(b, name.parts[0])) {
        error_detail(&error,
                     "There is a WITH item named \"%.*s\", but it cannot be referenced from this "
                     "part of the query.",
                     TEXT_ARG(name.parts[0]));
        error_hint(&error, "Use WITH RECURSIVE, or re-order the WITH items to remove forward "
                           "references.");
    }
    error.position = name.offset + 1;
    query_rethrow(b->q, &error);
}

const CatalogRelation *bind_find_relation(Binder *b, Name name)
{
    Text schema = {NULL, 0}, table = name.parts[name.count - 1];
    bind_check_name(b, name);
    if (name.count >= 2)
        schema = name.parts[name.count - 2];
    const CatalogRelation *relation = catalog_relation_by_name(b->q, b->view, schema, table);
    if (!relation)
        fail_no_relation(b, name);
    return relation;
}

void from_outputs(Binder *b, BoundFrom *from, const BoundQuery *query)
{
    from->column_count = query->visible_count;
    from->first_column = query->visible_count ? query->targets[0].output : 0;
}

void bind_add_query(Binder *b, BoundFrom *from)
{
    from_outputs(b, from, from->query);
    scope_add_from(b, from, NULL, from->alias, (Text){NULL, 0}, -1);
}

/* What a stored query calls a relation: the columns it had then, under the names of then. */
static const CatalogRelation *frozen_relation(Binder *b, const CatalogReference *reference)
{
    const CatalogRelation *now = catalog_relation(b->q, b->view, reference->oid);
    if (!now)
        query_fail(b->q, E_UNDEFINED_TABLE, "relation with OID %u does not exist", reference->oid);
    CatalogRelation *frozen = make(b->q, CatalogRelation);
    *frozen = *now;
    frozen->name = reference->name;
    frozen->columns = make_array(b->q, CatalogColumn, now->column_count);
    for (i32 i = 0; i < now->column_count; i++) {
        frozen->columns[i] = now->columns[i];
        frozen->columns[i].dropped = true; /* until it is found among those of then */
    }
    for (i32 i = 0; i < reference->column_count; i++) {
        CatalogColumn *column = &frozen->columns[reference->columns[i].number - 1];
        column->name = reference->columns[i].name;
        column->dropped = now->columns[reference->columns[i].number - 1].dropped;
    }
    if (now->kind == RELATION_VIEW) /* its columns are only ever added */
        frozen->column_count = reference->column_count;
    return frozen;
}

static BoundFrom *bind_view(Binder *b, const CatalogRelation *view, Text schema, const Ast *alias,
                            i32 offset)
{
    if (++b->view_depth > VIEW_DEPTH_MAX)
        query_fail(b->q, E_STATEMENT_TOO_COMPLEX, "views are nested too deeply");
    ParseOptions stored = {PARSE_STORED};
    ParsedText parsed = parse_with(b->q, view->view_query, &stored);
    verify(parsed.count == 1);
    Scope *outer = b->scope; /* a view sees nothing of the query that uses it */
    const CatalogRelation *frozen = b->frozen;
    b->scope = NULL;
    b->frozen = view;
    BoundFrom *from = make(b->q, BoundFrom);
    from->kind = FROM_QUERY;
    from->query = bind_query(b, parsed.statements[0].ast);
    b->scope = outer;
    b->frozen = frozen;
    b->view_depth--;
    from->alias = alias ? alias->alias.name : view->name;
    from_outputs(b, from, from->query);
    from->column_count = (i32)min_i64(from->column_count, view->column_count);
    for (i32 i = 0; i < from->column_count; i++) {
        BoundColumn *column = &b->bound->columns[from->first_column + i];
        column->name = view->columns[i].name;
        column->relation_oid = view->oid;
        column->number = i + 1;
    }
    scope_add_from(b, from, alias, view->name, schema, offset);
    return from;
}

static const CteName *find_cte(const Binder *b, Text name)
{
    for (const CteName *cte = b->scope->ctes; cte; cte = cte->outer)
        if (text_equal(cte->name, name))
            return cte;
    return NULL;
}

static BoundFrom *bind_cte_reference(Binder *b, i32 number, const Ast *alias, i32 offset)
{
    BoundCte *cte = &b->bound->ctes[number];
    cte->references++;
    if (cte->modify && cte->query->visible_count == 0)
        query_fail_at(b->q, offset, E_FEATURE_NOT_SUPPORTED,
                      "WITH query \"%.*s\" does not have a RETURNING clause", TEXT_ARG(cte->name));
    BoundFrom *from = make(b->q, BoundFrom);
    from->kind = FROM_CTE;
    from->cte = number;
    from->alias = alias ? alias->alias.name : cte->name;
    from->column_count = cte->query->visible_count;
    for (i32 i = 0; i < from->column_count; i++) {
        BoundColumn output = b->bound->columns[cte->query->targets[i].output];
        i32 id = bind_new_column(b, output.name, output.type, output.lane);
        if (i == 0)
            from->first_column = id;
    }
    scope_add_from(b, from, alias, cte->name, (Text){NULL, 0}, offset);
    return from;
}

/* What a name in the text of a stored query stands for; NULL: it is an ordinary name. */
static const CatalogReference *stored_reference(const Binder *b, Name name)
{
    if (!b->frozen || name.count != 1 || name.parts[0].data[0] != REFERENCE_MARK)
        return NULL;
    i32 number = 0;
    for (i64 i = 1; i < name.parts[0].len; i++)
        number = number * 10 + (name.parts[0].data[i] - '0');
    return number < b->frozen->reference_count ? &b->frozen->references[number] : NULL;
}

LateralGuard lateral_begin(Binder *b, bool lateral)
{
    Scope *scope = b->scope;
    LateralGuard guard = {scope->count, make_array(b->q, bool, scope->count), scope->lateral};
    for (i32 i = 0; i < scope->count; i++) {
        guard.before[i] = scope->items[i].lateral_only;
        scope->items[i].lateral_only = true;
    }
    scope->lateral = lateral;
    return guard;
}

void lateral_end(Binder *b, const LateralGuard *guard)
{
    for (i32 i = 0; i < guard->count; i++)
        b->scope->items[i].lateral_only = guard->before[i];
    b->scope->lateral = guard->lateral;
}

static _Noreturn void fail_sample(Binder *b, i32 offset)
{
    query_fail_at(b->q, offset, E_FEATURE_NOT_SUPPORTED,
                  "TABLESAMPLE clause can only be applied to tables and materialized views");
}

/* A number that TABLESAMPLE or REPEATABLE is given, as float8. */
static Expr *sample_number(Binder *b, const Ast *ast, u32 type, const char *clause)
{
    char name[TYPE_NAME_BYTES];
    Expr *expr = bind_expr(b, ast);
    Expr *number = coerce_try(b, expr, type_of(type), CAST_ASSIGNMENT, ast->offset);
    if (!number)
        query_fail_at(b->q, expr_location(b->q, expr), E_DATATYPE_MISMATCH,
                      "argument of %s must be type %s, not type %s", clause,
                      type_row(type)->sql_name, type_format(type_of(expr->type.oid), name));
    return coerce_try(b, number, type_of(TYPE_FLOAT8), CAST_IMPLICIT, ast->offset);
}

static void bind_sample(Binder *b, const AstSample *sample, Expr **percent, Expr **seed)
{
    Name name = name_in_database(b, sample->method, -1);
    Text method = name_print(b->q, sample->method), last = name.parts[name.count - 1];
    bool known = text_equal(last, TEXT("bernoulli")) || text_equal(last, TEXT("system"));
    if (!known || !name_is_system(name))
        query_fail_at(b->q, sample->method.offset, E_UNDEFINED_OBJECT,
                      "tablesample method %.*s does not exist", TEXT_ARG(method));
    if (sample->args.count != 1)
        query_fail_at(b->q, sample->method.offset, E_INVALID_TABLESAMPLE_ARGUMENT,
                      "tablesample method %.*s requires 1 argument, not %d", TEXT_ARG(method),
                      sample->args.count);
    LateralGuard guard = lateral_begin(b, false); /* nothing of FROM is in sight */
    BindPlace place = b->scope->place;
    b->scope->place = PLACE_FROM_FUNCTION;
    *percent = sample_number(b, sample->args.items[0], TYPE_FLOAT4, "TABLESAMPLE");
    if (sample->repeatable)
        *seed = sample_number(b, sample->repeatable, TYPE_FLOAT8, "REPEATABLE");
    b->scope->place = place;
    lateral_end(b, &guard);
}

static BoundFrom *bind_from_table(Binder *b, const Ast *item)
{
    const AstFromTable *table = &item->from_table;
    if (table->name.count == 1) {
        const CteName *cte = find_cte(b, table->name.parts[0]);
        if (cte && table->sample)
            fail_sample(b, item->offset);
        if (cte)
            return bind_cte_reference(b, cte->number, table->alias, item->offset);
    }
    const CatalogReference *reference = stored_reference(b, table->name);
    const CatalogRelation *relation =
        reference ? frozen_relation(b, reference) : bind_find_relation(b, table->name);
    Text schema = reference ? reference->schema : schema_name(b->q, b->view, relation->schema);
    bind_use(b, relation, USE_SELECT);
    stored_note_table(b, item, relation);
    if (relation->kind == RELATION_VIEW && table->sample)
        fail_sample(b, item->offset);
    if (relation->kind == RELATION_VIEW)
        return bind_view(b, relation, schema, table->alias, item->offset);
    bind_check_session(b, relation);
    Expr *sample = NULL, *seed = NULL;
    if (table->sample)
        bind_sample(b, &table->sample->sample, &sample, &seed);
    BoundFrom *from = relation_item(b, relation, schema, table->alias, item->offset);
    from->sample = sample;
    from->sample_seed = seed;
    return from;
}

static BoundFrom *bind_from_query(Binder *b, const Ast *item)
{
    const AstFromQuery *sub = &item->from_query;
    BoundFrom *from = make(b->q, BoundFrom);
    from->kind = FROM_QUERY;
    from->lateral = sub->lateral;
    LateralGuard guard = lateral_begin(b, sub->lateral);
    BindPlace place = b->scope->place;
    b->scope->place = PLACE_FROM_QUERY;
    from->query = bind_query(b, sub->query);
    b->scope->place = place;
    lateral_end(b, &guard);
    from->alias = sub->alias ? sub->alias->alias.name : (Text){NULL, 0};
    from_outputs(b, from, from->query);
    scope_add_from(b, from, sub->alias, (Text){NULL, 0}, (Text){NULL, 0}, item->offset);
    return from;
}

/* ---- joins ---- */

static Expr *side_column(Binder *b, const ScopeItem *items, i32 from, i32 to, Text name, i32 offset,
                         const char *side)
{
    Expr *found = NULL;
    for (i32 i = from; i < to; i++) {
        if (!items[i].by_column)
            continue;
        for (i32 j = 0; j < items[i].column_count; j++) {
            if (!text_equal(items[i].columns[j].name, name))
                continue;
            if (found)
                query_fail_at(b->q, offset, E_AMBIGUOUS_COLUMN,
                              "common column name \"%.*s\" appears more than once in %s table",
                              TEXT_ARG(name), side);
            found = items[i].columns[j].expr;
        }
    }
    if (!found && side[0])
        query_fail(b->q, E_UNDEFINED_COLUMN,
                   "column \"%.*s\" specified in USING clause does not exist in %s table",
                   TEXT_ARG(name), side);
    return found;
}

typedef struct Merge {
    Text *names;
    Expr **exprs; /* the merged columns */
    Expr **equalities;
    i32 count;
} Merge;

static void merge_column(Binder *b, Merge *merge, AstJoinKind kind, Text name, Expr *left,
                         Expr *right, i32 offset)
{
    bind_mark_used(b, left);
    bind_mark_used(b, right);
    merge->names[merge->count] = name;
    merge->equalities[merge->count] = bind_operator(b, TEXT("="), left, right, offset);
    Expr *sides[2] = {left, right};
    Type type = coerce_common_type(b, sides, 2, "JOIN/USING");
    coerce_all(b, sides, 2, type, "JOIN/USING");
    Expr *merged = kind == AST_JOIN_RIGHT ? sides[1] : sides[0];
    if (kind == AST_JOIN_FULL) {
        merged = make(b->q, Expr);
        merged->kind = EXPR_COALESCE;
        merged->type = type;
        merged->lane = sides[0]->lane;
        merged->offset = -1;
        merged->items = expr_list(b->q, sides, 2);
    }
    merge->exprs[merge->count++] = merged;
}

/* Names both sides have, for NATURAL. */
static AstList natural_names(Binder *b, const ScopeItem *items, i32 left, i32 middle, i32 end)
{
    AstList names = {NULL, 0, 0};
    i32 total = 0;
    for (i32 i = left; i < middle; i++)
        total += items[i].column_count;
    names.items = make_array(b->q, Ast *, total);
    for (i32 i = left; i < middle; i++) {
        for (i32 j = 0; items[i].by_column && j < items[i].column_count; j++) {
            Text name = items[i].columns[j].name;
            if (!side_column(b, items, middle, end, name, -1, ""))
                continue;
            Ast *identifier = make(b->q, Ast);
            identifier->kind = AST_IDENTIFIER;
            identifier->offset = -1;
            identifier->identifier.name = name;
            names.items[names.count++] = identifier;
        }
    }
    return names;
}

static bool is_merged(const Merge *merge, Text name)
{
    for (i32 i = 0; i < merge->count; i++)
        if (text_equal(merge->names[i], name))
            return true;
    return false;
}

/* The join's own item: merged columns, then the rest of both sides. */
static void add_join_item(Binder *b, const Ast *item, const Merge *merge, i32 left)
{
    Scope *scope = b->scope;
    i32 total = merge->count, end = scope->count;
    for (i32 i = left; i < end; i++)
        total += scope->items[i].by_column ? scope->items[i].column_count : 0;
    ScopeItem join = {.columns = make_array(b->q, ScopeColumn, total), .by_column = true};
    const Ast *alias = item->from_join.alias;
    for (i32 i = 0; i < merge->count; i++)
        join.columns[join.column_count++] = (ScopeColumn){merge->names[i], merge->exprs[i]};
    for (i32 i = left; i < end; i++) {
        ScopeItem *side = &scope->items[i];
        for (i32 j = 0; side->by_column && j < side->column_count; j++)
            if (!is_merged(merge, side->columns[j].name))
                join.columns[join.column_count++] = side->columns[j];
        side->by_column = false;
    }
    if (item->from_join.using_alias.data) {
        ScopeItem merged = {.alias = item->from_join.using_alias, .by_name = true};
        merged.columns = join.columns;
        merged.column_count = merge->count;
        scope_add(b, merged);
        scope_check_names(b, left, end);
        if (alias) /* nobody will find it */
            scope->count--;
    }
    if (alias) { /* the alias hides what is inside */
        join.alias = alias->alias.name;
        join.by_name = true;
        check_alias_count(b, alias, join.column_count);
        for (i32 i = 0; i < join.column_count; i++)
            join.columns[i].name = alias_column(alias, i, join.columns[i].name);
        for (i32 i = left; i < end; i++)
            scope->items[i].by_name = false;
    }
    scope_add(b, join);
}

static BoundJoinKind join_kind(AstJoinKind kind)
{
    switch (kind) {
    case AST_JOIN_CROSS:
        return BOUND_CROSS;
    case AST_JOIN_INNER:
        return BOUND_INNER;
    case AST_JOIN_LEFT:
        return BOUND_LEFT;
    case AST_JOIN_RIGHT:
        return BOUND_RIGHT;
    case AST_JOIN_FULL:
        return BOUND_FULL;
    }
    unreachable();
}

/* Binds the condition with only the join's own items in sight (and outer queries). */
static Expr *bind_on(Binder *b, const Ast *condition, i32 left)
{
    Scope *scope = b->scope;
    bool *columns = make_array(b->q, bool, left), *names = make_array(b->q, bool, left);
    for (i32 i = 0; i < left; i++) {
        columns[i] = scope->items[i].by_column;
        names[i] = scope->items[i].by_name;
        if (scope->lateral)
            continue;
        scope->items[i].by_column = scope->items[i].by_name = false;
    }
    Expr *on = bind_condition(b, condition, PLACE_JOIN, "JOIN/ON");
    for (i32 i = 0; i < left; i++) {
        scope->items[i].by_column = columns[i];
        scope->items[i].by_name = names[i];
    }
    return on;
}

static BoundFrom *bind_from_join(Binder *b, const Ast *item)
{
    const AstFromJoin *join = &item->from_join;
    Scope *scope = b->scope;
    i32 left = scope->count;
    BoundFrom *from = make(b->q, BoundFrom);
    from->kind = FROM_JOIN;
    from->join = join_kind(join->kind);
    from->left = bind_from_item(b, join->left);
    i32 middle = scope->count;
    bool lateral_bad = from->join == BOUND_RIGHT || from->join == BOUND_FULL;
    for (i32 i = left; i < middle; i++)
        scope->items[i].lateral_bad |= lateral_bad;
    from->right = bind_from_item(b, join->right);
    scope_check_names(b, left, middle);
    for (i32 i = left; i < middle && lateral_bad; i++)
        scope->items[i].lateral_bad = false;
    for (i32 i = left; i < scope->count; i++)
        scope->items[i].nullable |=
            from->join == BOUND_FULL || from->join == (i < middle ? BOUND_RIGHT : BOUND_LEFT);
    AstList using = join->using;
    if (join->natural)
        using = natural_names(b, scope->items, left, middle, scope->count);
    Merge merge = {make_array(b->q, Text, using.count), make_array(b->q, Expr *, using.count),
                   make_array(b->q, Expr *, using.count), 0};
    i32 end = scope->count;
    for (i32 i = 0; i < using.count; i++) {
        Text name = using.items[i]->identifier.name;
        i32 offset = using.items[i]->offset;
        Expr *l = side_column(b, scope->items, left, middle, name, offset, "left");
        Expr *r = side_column(b, scope->items, middle, end, name, offset, "right");
        merge_column(b, &merge, join->kind, name, l, r, offset);
    }
    if (join->condition)
        from->condition = bind_on(b, join->condition, left);
    else if (merge.count)
        from->condition = expr_and(b->q, merge.equalities, merge.count);
    if (!from->condition && from->join != BOUND_CROSS)
        from->condition = expr_boolean(b->q, true);
    add_join_item(b, item, &merge, left);
    return from;
}

BoundFrom *bind_from_item(Binder *b, const Ast *item)
{
    stack_check(b->q);
    if (item->kind == AST_FROM_TABLE)
        return bind_from_table(b, item);
    if (item->kind == AST_FROM_QUERY)
        return bind_from_query(b, item);
    if (item->kind == AST_FROM_FUNCTION)
        return bind_from_function(b, item);
    if (item->kind == AST_FROM_XML)
        bind_from_xml(b, item);
    verify(item->kind == AST_FROM_JOIN);
    return bind_from_join(b, item);
}

void bind_from_list(Binder *b, const AstList *list, BoundQuery *query)
{
    BoundFrom **all = make_array(b->q, BoundFrom *, query->from_count + list->count);
    for (i32 i = 0; i < query->from_count; i++)
        all[i] = query->from[i];
    for (i32 i = 0; i < list->count; i++) {
        i32 before = b->scope->count;
        all[query->from_count + i] = bind_from_item(b, list->items[i]);
        scope_check_names(b, 0, before);
    }
    query->from = all;
    query->from_count += list->count;
}
