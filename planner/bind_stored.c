/* SPDX-License-Identifier: Apache-2.0
 *
 * What a view keeps of its query, a column of its DEFAULT and a table of its CHECK: text that means
 * the same for ever, whatever is renamed or added and whoever reads it.
 *
 * The tree is printed and read again into a copy of its own, which is bound once more while a
 * StoredBind notes what names stood for; then the copy is changed and printed:
 *   relations   become numbers of CatalogReferences, which freeze the names of their columns: so
 *               column names, USING and NATURAL in the text stay what they were
 *   *           becomes the columns
 *   literals    of dates and times become their ISO form: no session's settings change them; of
 *               regclass the number of the relation, behind a mark
 *   columns     of a CHECK lose their qualifiers
 * Functions, operators and types need no number: all are built in, and names of users cannot hide
 * them.
 *
 * Memory: the arena of the binding.
 */
#include "planner/bind.h"

#include "catalog/sequence.h"
#include "types/text_out.h"

typedef struct StarColumn {
    Text schema, qualifier, name; /* data == NULL: not written */
} StarColumn;

typedef struct StarNote {
    AstList *list;
    Ast *star;
    StarColumn *columns;
    i32 count;
    struct StarNote *older;
} StarNote;

typedef struct LiteralNote {
    Ast *ast;
    struct LiteralNote *older;
} LiteralNote;

typedef struct ColumnNote {
    Name *name;
    struct ColumnNote *older;
} ColumnNote;

struct StoredBind {
    CatalogReference *references;
    Ast **tables; /* per reference */
    i32 count, capacity;
    StarNote *stars;
    LiteralNote *literals;
    ColumnNote *renamed; /* columns that get another name, some more than once */
    bool bare_columns;   /* qualifiers are taken off */
    Text from, to;       /* a column gets another name; data == NULL: none does */
};

/* Inside a view that is used here nothing is noted: its text is its own. */
static StoredBind *noting(const Binder *b)
{
    return b->view_depth == 0 ? b->stored : NULL;
}

/* ---- notes, while the copy is bound ---- */

static void freeze_columns(Binder *b, const CatalogRelation *relation, CatalogReference *reference)
{
    reference->columns = make_array(b->q, CatalogReferenceColumn, relation->column_count);
    for (i32 i = 0; i < relation->column_count; i++) {
        const CatalogColumn *column = &relation->columns[i];
        if (!column->dropped)
            reference->columns[reference->column_count++] =
                (CatalogReferenceColumn){column->number, column->name};
    }
}

void stored_note_table(Binder *b, const Ast *item, const CatalogRelation *relation)
{
    StoredBind *stored = noting(b);
    if (!stored)
        return;
    if (stored->count == stored->capacity) {
        i32 capacity = stored->capacity ? stored->capacity * 2 : 8;
        CatalogReference *references = make_array(b->q, CatalogReference, capacity);
        Ast **tables = make_array(b->q, Ast *, capacity);
        for (i32 i = 0; i < stored->count; i++) {
            references[i] = stored->references[i];
            tables[i] = stored->tables[i];
        }
        stored->references = references;
        stored->tables = tables;
        stored->capacity = capacity;
    }
    const CatalogSchema *schema = catalog_schema(b->q, b->view, relation->schema);
    CatalogReference *reference = &stored->references[stored->count];
    *reference = (CatalogReference){.oid = relation->oid,
                                    .schema = schema ? schema->name : TEXT(""),
                                    .name = relation->name,
                                    .aliased = item->from_table.alias != NULL};
    freeze_columns(b, relation, reference);
    stored->tables[stored->count++] = (Ast *)item; /* the copy is this file's own */
}

void stored_note_string(Binder *b, const Ast *constant)
{
    StoredBind *stored = noting(b);
    if (!stored)
        return;
    LiteralNote *note = make(b->q, LiteralNote);
    *note = (LiteralNote){(Ast *)constant, stored->literals};
    stored->literals = note;
}

static bool depends_on_settings(u32 oid)
{
    return oid == TYPE_DATE || oid == TYPE_TIME || oid == TYPE_TIMESTAMP ||
           oid == TYPE_TIMESTAMPTZ || oid == TYPE_INTERVAL;
}

void stored_note_literal(Binder *b, i32 offset, Type type, const Value *value)
{
    StoredBind *stored = noting(b);
    LiteralNote *note = stored ? stored->literals : NULL;
    while (note && note->ast->offset != offset)
        note = note->older;
    if (note && type.oid == TYPE_REGCLASS) {
        note->ast->constant.text = query_format(b->q, "%c%u", REFERENCE_MARK, (u32)value->integer);
        return;
    }
    if (!note || !depends_on_settings(type.oid))
        return;
    static const FormatSettings iso = {.extra_float_digits = 1};
    Text text;
    if (!text_out_value(type, value, &iso, b->q->arena, &text, &b->q->error))
        query_rethrow(b->q, &b->q->error);
    note->ast->constant.text = text;
}

void stored_note_column(Binder *b, const Ast *column)
{
    StoredBind *stored = noting(b);
    if (!stored || !stored->bare_columns)
        return;
    Name *name = &((Ast *)column)->column.name;
    name->parts += name->count - 1;
    name->count = 1;
    if (stored->from.data && text_equal(name->parts[0], stored->from)) {
        ColumnNote *note = make(b->q, ColumnNote);
        *note = (ColumnNote){name, stored->renamed};
        stored->renamed = note;
    }
}

/* The schema stays in front of a table's name only where two have the same. */
static bool needs_schema(const Binder *b, const ScopeItem *item)
{
    i32 same = 0;
    for (i32 i = 0; i < b->scope->count; i++) {
        const ScopeItem *other = &b->scope->items[i];
        same += other->by_name && other->alias.data && text_equal(other->alias, item->alias);
    }
    return same > 1;
}

/* How a column that `*` stands for is written: by an item that has it under a name, or bare. */
static StarColumn star_column(const Binder *b, const Expr *expr, Text name)
{
    for (i32 i = 0; expr->kind == EXPR_COLUMN && i < b->scope->count; i++) {
        const ScopeItem *item = &b->scope->items[i];
        for (i32 j = 0; item->by_name && item->alias.data && j < item->column_count; j++) {
            const Expr *own = item->columns[j].expr;
            if (own->kind == EXPR_COLUMN && own->column == expr->column)
                return (StarColumn){needs_schema(b, item) ? item->schema : (Text){NULL, 0},
                                    item->alias, item->columns[j].name};
        }
    }
    return (StarColumn){.name = name};
}

void stored_note_star(Binder *b, const AstList *list, const Ast *star, const BoundTarget *targets,
                      i32 count)
{
    StoredBind *stored = noting(b);
    if (!stored)
        return;
    StarNote *note = make(b->q, StarNote);
    *note = (StarNote){(AstList *)list, (Ast *)star, make_array(b->q, StarColumn, count), count,
                       stored->stars};
    for (i32 i = 0; i < count; i++)
        note->columns[i] = star_column(b, targets[i].expr, targets[i].name);
    stored->stars = note;
}

/* ---- changes of the copy ---- */

static Ast *star_target(Query *q, const StarColumn *column)
{
    Ast *target = make(q, Ast), *expr = make(q, Ast);
    target->kind = AST_TARGET;
    target->offset = expr->offset = -1;
    target->target.expr = expr;
    expr->kind = AST_COLUMN;
    Name *name = &expr->column.name;
    *name = (Name){make_array(q, Text, 3), 0, -1};
    if (column->qualifier.data && column->schema.data)
        name->parts[name->count++] = column->schema;
    if (column->qualifier.data)
        name->parts[name->count++] = column->qualifier;
    name->parts[name->count++] = column->name;
    return target;
}

static void expand_star(Query *q, const StarNote *note)
{
    AstList *list = note->list;
    Ast **items = make_array(q, Ast *, list->count + note->count);
    i32 count = 0;
    for (i32 i = 0; i < list->count; i++) {
        if (list->items[i] != note->star) {
            items[count++] = list->items[i];
            continue;
        }
        for (i32 j = 0; j < note->count; j++)
            items[count++] = star_target(q, &note->columns[j]);
    }
    *list = (AstList){items, count, list->count + note->count};
}

/* The first reference that says the same, so that sub-queries that were written alike still are. */
static i32 first_reference(const StoredBind *stored, i32 number)
{
    const CatalogReference *references = stored->references;
    i32 first = 0;
    while (references[first].oid != references[number].oid ||
           references[first].aliased != references[number].aliased)
        first++;
    return first;
}

static void apply_notes(Query *q, const StoredBind *stored)
{
    for (const StarNote *note = stored->stars; note; note = note->older)
        expand_star(q, note);
    for (i32 i = 0; i < stored->count; i++) {
        Text *part = make(q, Text);
        *part = query_format(q, "%c%d", REFERENCE_MARK, first_reference(stored, i));
        stored->tables[i]->from_table.name = (Name){part, 1, -1};
    }
}

static Text print_tree(Binder *b, const Ast *ast)
{
    TextBuilder builder;
    builder_open(&builder, b->q, b->q->arena);
    ast_print(&builder, ast);
    return builder_text(&builder);
}

/* ---- views ---- */

/* What of the references the query uses: columns, or a relation as a whole. */
static void note_depends(Binder *b, const Bound *bound, const StoredBind *stored,
                         CatalogRelation *view)
{
    view->depends = make_array(b->q, CatalogDependency, bound->column_count + stored->count);
    for (i32 i = 0; i < stored->count; i++) {
        u32 oid = stored->references[i].oid;
        bool any = oid < FIRST_USER_OID; /* built-in ones stay */
        for (i32 j = 0; j < view->depend_count; j++)
            any |= view->depends[j].oid == oid;
        if (any)
            continue;
        for (i32 c = 0; c < bound->column_count; c++) {
            const BoundColumn *column = &bound->columns[c];
            if (!column->used || column->relation_oid != oid)
                continue;
            bool listed = false;
            for (i32 j = 0; j < view->depend_count; j++)
                listed |= view->depends[j].oid == oid && view->depends[j].column == column->number;
            if (!listed)
                view->depends[view->depend_count++] =
                    (CatalogDependency){CLASS_RELATION, oid, column->number};
            any = true;
        }
        if (!any)
            view->depends[view->depend_count++] = (CatalogDependency){CLASS_RELATION, oid, 0};
    }
}

/* Relations that literals of regclass name. */
static void note_literal_depends(Binder *b, CatalogRelation *view)
{
    i64 at = 0;
    u32 oid;
    while ((oid = stored_relation_next(view->view_query, &at)) != 0) {
        if (oid < FIRST_USER_OID)
            continue;
        CatalogDependency *depends = make_array(b->q, CatalogDependency, view->depend_count + 1);
        if (view->depend_count)
            memcpy(depends, view->depends, (size_t)view->depend_count * sizeof *depends);
        depends[view->depend_count++] = (CatalogDependency){CLASS_RELATION, oid, 0};
        view->depends = depends;
    }
}

void stored_view(Binder *b, const Ast *query, CatalogRelation *view)
{
    Text text = print_tree(b, query);
    ParsedText parsed = parse(b->q, text);
    verify(parsed.count == 1);
    StoredBind stored = {.count = 0};
    Bound *bound = make(b->q, Bound);
    bound->text = text;
    Binder inner = {
        .q = b->q, .view = b->view, .env = b->env, .text = text, .bound = bound, .stored = &stored};
    Ast *copy = parsed.statements[0].ast;
    bind_statement(&inner, copy);
    note_depends(b, bound, &stored, view);
    apply_notes(b->q, &stored);
    view->view_query = print_tree(b, copy);
    note_literal_depends(b, view);
    view->references = stored.references;
    view->reference_count = stored.count;
}

/* ---- expressions ---- */

static Text stored_again(Binder *b, Text text, StoredBindExpr *bind, void *state,
                         StoredBind *stored)
{
    ParsedText parsed = parse(b->q, query_format(b->q, "SELECT %.*s", TEXT_ARG(text)));
    verify(parsed.count == 1);
    const Ast *body = parsed.statements[0].ast->query.body;
    const Ast *copy = body->select.targets.items[0]->target.expr;
    b->stored = stored;
    bind(state, copy);
    b->stored = NULL;
    for (const ColumnNote *note = stored->renamed; note; note = note->older) {
        note->name->parts = make(b->q, Text); /* not sooner: BETWEEN binds its operand twice */
        note->name->parts[0] = stored->to;
    }
    return print_tree(b, copy);
}

Text stored_expr(Binder *b, const Ast *ast, StoredBindExpr *bind, void *state)
{
    StoredBind stored = {.bare_columns = true};
    return stored_again(b, print_tree(b, ast), bind, state, &stored);
}

Text stored_rename(Binder *b, Text text, StoredBindExpr *bind, void *state, Text from, Text to)
{
    StoredBind stored = {.bare_columns = true, .from = from, .to = to};
    return stored_again(b, text, bind, state, &stored);
}
