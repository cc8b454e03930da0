/* SPDX-License-Identifier: Apache-2.0
 *
 * DROP: what is named, and what depends on it.
 *
 * All objects of a statement are found first; then everything that depends on one of them is put
 * into one list, newest first, each behind what depends on it, as PostgreSQL does. What is in the
 * list and was not named is an error (RESTRICT) or dropped with a notice (CASCADE), and is
 * reported from the end of the list.
 */
#include "planner/bind_ddl.h"

#include "catalog/sequence.h"

enum { REPORTED_MAX = 100 };

/* An object that goes. */
typedef struct Dropped {
    u32 object_class, oid;
    Text name;
    Text what;   /* "view v" */
    Text cause;  /* what it depends on */
    bool silent; /* named in the statement, or owned by what goes: nobody is told */
    i32 column;  /* attnum, of a default (CLASS_DEFAULT) or of a generated column of the table */
} Dropped;

typedef struct DropBind {
    Binder *b;
    PlanCommand *command;
    bool cascade;
    Dropped *list;
    i32 count, capacity;
    const CatalogRelation *altered; /* keeps its row, without the column: its own defaults stay */
    i32 altered_column;
} DropBind;

Text drop_describe(Binder *b, const CatalogRelation *relation)
{
    TextBuilder out;
    builder_open(&out, b->q, b->q->arena);
    builder_add(&out, relation->kind == RELATION_VIEW       ? TEXT("view ")
                      : relation->kind == RELATION_SEQUENCE ? TEXT("sequence ")
                                                            : TEXT("table "));
    if (!catalog_relation_is_visible(b->q, b->view, relation->oid)) {
        const CatalogSchema *schema = catalog_schema(b->q, b->view, relation->schema);
        print_identifier(&out, schema ? schema->name : TEXT(""));
        builder_byte(&out, '.');
    }
    print_identifier(&out, relation->name);
    return builder_text(&out);
}

static Text describe_column(Binder *b, const CatalogRelation *relation, const CatalogColumn *column)
{
    return query_format(b->q, "column %.*s of %.*s", TEXT_ARG(column->name),
                        TEXT_ARG(drop_describe(b, relation)));
}

static Text describe_schema(Binder *b, Text name)
{
    TextBuilder out;
    builder_open(&out, b->q, b->q->arena);
    builder_add(&out, TEXT("schema "));
    print_identifier(&out, name);
    return builder_text(&out);
}

/* ---- the list ---- */

/* Does it go with the command already, by this list or by an action before? column: of a default,
 * or 0 for an object of its own. */
static bool is_dropped(const DropBind *drop, u32 object_class, u32 oid, i32 column)
{
    for (i32 i = 0; i < drop->count; i++)
        if (drop->list[i].oid == oid && drop->list[i].object_class == object_class &&
            drop->list[i].column == column)
            return true;
    for (i32 i = 0; i < drop->command->drop_count; i++) {
        const PlanDropItem *item = &drop->command->drops[i];
        if (item->oid == oid && item->object_class == object_class && item->column == column)
            return true;
    }
    return false;
}

static void add_dropped(DropBind *drop, Dropped dropped)
{
    make_room(drop->b->q, drop->list, drop->count, &drop->capacity);
    drop->list[drop->count++] = dropped;
}

typedef enum DependentKind {
    DEPENDENT_RELATION, /* a view; what is in a schema */
    DEPENDENT_OWNED,    /* a sequence that goes with its column */
    DEPENDENT_DEFAULT,  /* of a column, it counts by a sequence */
    DEPENDENT_COLUMN,   /* generated from a column of its table */
} DependentKind;

typedef struct Dependent {
    DependentKind kind;
    const CatalogRelation *relation;
    const CatalogColumn *column; /* NULL: the relation */
} Dependent;

/* What depends on one object. */
typedef struct Dependents {
    DropBind *drop;
    u32 on;     /* the relation; 0: a schema */
    i32 column; /* of it; 0: any */
    Dependent *items;
    i32 count, capacity;
} Dependents;

static void note_dependent(Dependents *all, Dependent dependent)
{
    make_room(all->drop->b->q, all->items, all->count, &all->capacity);
    all->items[all->count++] = dependent;
}

static void note_relation(void *state, Query *q, const CatalogRelation *relation)
{
    note_dependent(state, (Dependent){DEPENDENT_RELATION, relation, NULL});
}

static void note_if_owned(void *state, Query *q, const CatalogSequence *sequence)
{
    Dependents *all = state;
    Binder *b = all->drop->b;
    if (sequence->owner_table != all->on || (all->column && sequence->owner_column != all->column))
        return;
    const CatalogRelation *relation = catalog_relation(q, b->view, sequence->oid);
    bind_use(b, relation, USE_CHANGE);
    note_dependent(all, (Dependent){DEPENDENT_OWNED, relation, NULL});
}

static bool text_names_relation(Text stored, u32 oid)
{
    i64 at = 0;
    u32 named;
    while ((named = stored_relation_next(stored, &at)) != 0)
        if (named == oid)
            return true;
    return false;
}

/* Defaults that count by the sequence. The table at hand is looked at as actions before left it. */
static void note_defaults(void *state, Query *q, const CatalogRelation *table)
{
    Dependents *all = state;
    const DropBind *drop = all->drop;
    bool altered = drop->altered && drop->altered->oid == table->oid;
    if (altered)
        table = drop->altered;
    for (i32 i = 0; !table->built_in && i < table->column_count; i++) {
        const CatalogColumn *column = &table->columns[i];
        bool goes = altered && drop->altered_column == column->number;
        if (!column->dropped && !column->identity && !goes &&
            text_names_relation(column->default_expr, all->on))
            note_dependent(all, (Dependent){DEPENDENT_DEFAULT, table, column});
    }
}

static void note_columns_made_from(Dependents *all, const CatalogRelation *table,
                                   const CatalogColumn *source)
{
    for (i32 i = 0; i < table->column_count; i++)
        if (column_is_generated_from(all->drop->b, table, &table->columns[i], source))
            note_dependent(all, (Dependent){DEPENDENT_COLUMN, table, &table->columns[i]});
}

static i32 dependent_number(const Dependent *dependent)
{
    return dependent->column ? dependent->column->number : 0;
}

static int newest_first(const void *a, const void *b)
{
    const Dependent *x = a, *y = b;
    if (x->relation->oid != y->relation->oid)
        return x->relation->oid < y->relation->oid ? 1 : -1;
    i32 first = dependent_number(x), second = dependent_number(y);
    return (first < second) - (first > second);
}

static void sort_dependents(Dependents *all)
{
    if (all->count)
        qsort(all->items, (size_t)all->count, sizeof *all->items, newest_first);
}

/* What depends on the relation, or on one column of it. A default or a column is as old as its
 * table. */
static Dependents dependents_of(DropBind *drop, const CatalogRelation *relation,
                                const CatalogColumn *column)
{
    Binder *b = drop->b;
    Dependents all = {.drop = drop, .on = relation->oid, .column = column ? column->number : 0};
    catalog_dependents(b->q, b->view, relation->oid, all.column, note_relation, &all);
    if (column)
        note_columns_made_from(&all, relation, column);
    if (relation->kind == RELATION_SEQUENCE)
        catalog_relations(b->q, b->view, note_defaults, &all);
    else
        catalog_sequences(b->q, b->view, note_if_owned, &all);
    sort_dependents(&all);
    return all;
}

/* In a schema that goes: does the sequence go because its owner does? */
static bool goes_with_owner(const DropBind *drop, const CatalogRelation *relation)
{
    Query *q = drop->b->q;
    const CatalogSequence *sequence = catalog_sequence(q, drop->b->view, relation->oid);
    const CatalogRelation *owner = sequence && sequence->owner_table
                                       ? catalog_relation(q, drop->b->view, sequence->owner_table)
                                       : NULL;
    return owner && owner->schema == relation->schema;
}

static void add_dependents(DropBind *drop, const Dependents *all, Text cause);

static void add_relation(DropBind *drop, const CatalogRelation *relation, Text cause, bool silent)
{
    if (is_dropped(drop, CLASS_RELATION, relation->oid, 0))
        return;
    Text what = drop_describe(drop->b, relation);
    Dependents next = dependents_of(drop, relation, NULL);
    add_dependents(drop, &next, what);
    add_dropped(drop,
                (Dropped){CLASS_RELATION, relation->oid, relation->name, what, cause, silent, 0});
}

static void add_default(DropBind *drop, const CatalogRelation *table, const CatalogColumn *column,
                        Text cause)
{
    if (is_dropped(drop, CLASS_DEFAULT, table->oid, column->number) ||
        is_dropped(drop, CLASS_RELATION, table->oid, 0))
        return;
    TextBuilder what;
    builder_open(&what, drop->b->q, drop->b->q->arena);
    builder_add(&what, TEXT("default value for column "));
    print_identifier(&what, column->name);
    builder_format(&what, " of %.*s", TEXT_ARG(drop_describe(drop->b, table)));
    bind_use(drop->b, table, USE_CHANGE);
    add_dropped(drop, (Dropped){CLASS_DEFAULT, table->oid, column->name, builder_text(&what), cause,
                                false, column->number});
}

static void add_column(DropBind *drop, const CatalogRelation *table, const CatalogColumn *column,
                       Text cause)
{
    Text what = describe_column(drop->b, table, column);
    Dependents next = dependents_of(drop, table, column);
    add_dependents(drop, &next, what);
    add_dropped(drop, (Dropped){CLASS_RELATION, table->oid, column->name, what, cause, false,
                                column->number});
}

/* Each behind what depends on it in turn. */
static void add_dependents(DropBind *drop, const Dependents *all, Text cause)
{
    stack_check(drop->b->q);
    for (i32 i = 0; i < all->count; i++) {
        const Dependent *dependent = &all->items[i];
        const CatalogRelation *relation = dependent->relation;
        switch (dependent->kind) {
        case DEPENDENT_RELATION:
            add_relation(drop, relation, cause, !all->on && goes_with_owner(drop, relation));
            break;
        case DEPENDENT_OWNED:
            add_relation(drop, relation, cause, true);
            break;
        case DEPENDENT_DEFAULT:
            add_default(drop, relation, dependent->column, cause);
            break;
        case DEPENDENT_COLUMN:
            add_column(drop, relation, dependent->column, cause);
            break;
        }
    }
}

/* Defaults of tables that came into the list behind them go with their table. */
static void forget_defaults_of_dropped(DropBind *drop)
{
    i32 kept = 0;
    for (i32 i = 0; i < drop->count; i++)
        if (drop->list[i].object_class != CLASS_DEFAULT ||
            !is_dropped(drop, CLASS_RELATION, drop->list[i].oid, 0))
            drop->list[kept++] = drop->list[i];
    drop->count = kept;
}

/* An identity column cannot do without its sequence. */
static void check_not_required(DropBind *drop, const CatalogRelation *relation)
{
    Query *q = drop->b->q;
    const CatalogSequence *sequence = catalog_sequence(q, drop->b->view, relation->oid);
    if (!sequence || sequence->owner_kind != SEQUENCE_IDENTITY)
        return;
    const CatalogRelation *table = catalog_relation(q, drop->b->view, sequence->owner_table);
    Text column = describe_column(drop->b, table, &table->columns[sequence->owner_column - 1]);
    Error error;
    error_set(&error, E_DEPENDENT_OBJECTS_STILL_EXIST, "cannot drop %.*s because %.*s requires it",
              TEXT_ARG(drop_describe(drop->b, relation)), TEXT_ARG(column));
    error_hint(&error, "You can drop %.*s instead.", TEXT_ARG(column));
    query_rethrow(q, &error);
}

/* ---- what is said of them ---- */

typedef struct Report {
    TextBuilder lines;
    i32 count;
} Report;

static void report_line(Report *report, Text line)
{
    if (report->count++ >= REPORTED_MAX)
        return;
    if (report->count > 1)
        builder_byte(&report->lines, '\n');
    builder_add(&report->lines, line);
}

static Text report_text(Report *report)
{
    if (report->count > REPORTED_MAX)
        builder_format(&report->lines, "\nand %d other objects (see server log for list)",
                       report->count - REPORTED_MAX);
    return builder_text(&report->lines);
}

/* subject: the one object that was named, or empty for several. */
static void report_dependents(DropBind *drop, Text subject)
{
    Query *q = drop->b->q;
    Report report = {.count = 0};
    builder_open(&report.lines, q, q->arena);
    for (i32 i = drop->count - 1; i >= 0; i--) {
        const Dropped *dropped = &drop->list[i];
        if (dropped->silent)
            continue;
        report_line(&report, drop->cascade
                                 ? query_format(q, "drop cascades to %.*s", TEXT_ARG(dropped->what))
                                 : query_format(q, "%.*s depends on %.*s", TEXT_ARG(dropped->what),
                                                TEXT_ARG(dropped->cause)));
    }
    if (report.count == 0)
        return;
    if (drop->cascade) {
        Text lines = report_text(&report);
        ddl_notice(drop->b, drop->command, E_SUCCESSFUL_COMPLETION,
                   report.count == 1 ? lines
                                     : query_format(q, "drop cascades to %d other objects\n%.*s",
                                                    report.count, TEXT_ARG(lines)));
        return;
    }
    Error error;
    if (subject.len)
        error_set(&error, E_DEPENDENT_OBJECTS_STILL_EXIST,
                  "cannot drop %.*s because other objects depend on it", TEXT_ARG(subject));
    else
        error_set(&error, E_DEPENDENT_OBJECTS_STILL_EXIST,
                  "cannot drop desired object(s) because other objects depend on them");
    error_detail(&error, "%.*s", TEXT_ARG(report_text(&report)));
    error_hint(&error, "Use DROP ... CASCADE to drop the dependent objects too.");
    query_rethrow(q, &error);
}

static void give_drops(DropBind *drop)
{
    PlanCommand *command = drop->command;
    command->drops = make_array(drop->b->q, PlanDropItem, drop->count);
    command->drop_count = 0;
    for (i32 i = 0; i < drop->count; i++) {
        const Dropped *dropped = &drop->list[i];
        if (dropped->object_class == CLASS_RELATION && dropped->column)
            continue; /* ALTER TABLE changes its own columns */
        command->drops[command->drop_count++] =
            (PlanDropItem){dropped->object_class, dropped->oid, dropped->name, dropped->column};
    }
}

/* ---- what is named ---- */

/* NULL: there is none, which IF EXISTS has said. */
static const CatalogSchema *named_schema(const DropName *named)
{
    Binder *b = named->b;
    Text name = named->name.parts[0];
    const CatalogSchema *schema = catalog_schema_by_name(b->q, b->view, name);
    if (!schema)
        drop_no_such_schema(named, name);
    else if (schema->built_in && schema->oid != SCHEMA_PUBLIC)
        query_fail(b->q, E_DEPENDENT_OBJECTS_STILL_EXIST,
                   "cannot drop schema %.*s because it is required by the database system",
                   TEXT_ARG(name));
    return schema;
}

static const CatalogRelation *named_relation(DropBind *drop, const DropName *named)
{
    Binder *b = drop->b;
    const CatalogConstraint *index;
    const CatalogRelation *relation = drop_named_relation(named, &index);
    if (!relation)
        return NULL;
    if (relation->built_in)
        query_fail(b->q, E_INSUFFICIENT_PRIVILEGE,
                   "permission denied: \"%.*s\" is a system catalog", TEXT_ARG(relation->name));
    if (relation->kind == RELATION_SEQUENCE)
        check_not_required(drop, relation);
    bind_use(b, relation, USE_CHANGE);
    return relation;
}

static void name_schema(DropBind *drop, const DropName *named)
{
    const CatalogSchema *schema = named_schema(named);
    if (schema && !is_dropped(drop, CLASS_SCHEMA, schema->oid, 0))
        add_dropped(drop, (Dropped){CLASS_SCHEMA, schema->oid, schema->name,
                                    describe_schema(drop->b, schema->name), TEXT(""), true, 0});
}

static void name_relation(DropBind *drop, const DropName *named)
{
    const CatalogRelation *relation = named_relation(drop, named);
    if (relation && !is_dropped(drop, CLASS_RELATION, relation->oid, 0))
        add_dropped(drop, (Dropped){CLASS_RELATION, relation->oid, relation->name,
                                    drop_describe(drop->b, relation), TEXT(""), true, 0});
}

static void find_dependents(DropBind *drop, const Dropped *named)
{
    Binder *b = drop->b;
    Dependents all = {.drop = drop};
    if (named->object_class == CLASS_SCHEMA) {
        catalog_relations_of_schema(b->q, b->view, named->oid, note_relation, &all);
        sort_dependents(&all);
    } else {
        all = dependents_of(drop, catalog_relation(b->q, b->view, named->oid), NULL);
    }
    add_dependents(drop, &all, named->what);
}

static bool is_in_list(AstObjectKind object)
{
    return object == OBJECT_SCHEMA || object == OBJECT_TABLE || object == OBJECT_VIEW ||
           object == OBJECT_SEQUENCE;
}

void bind_drop(Binder *b, const Ast *ast)
{
    AstObjectKind object = ast->drop.object;
    Text tag = query_format(b->q, "DROP %s", object_word(object));
    PlanCommand *command = ddl_command(b, COMMAND_DROP, tag.data);
    if (!is_in_list(object)) {
        drop_others(b, command, &ast->drop);
        return;
    }
    DropBind drop = {.b = b, .command = command, .cascade = ast->drop.behavior == BEHAVIOR_CASCADE};
    for (i32 i = 0; i < ast->drop.names.count; i++) {
        DropName name = {b, command, object, ast->drop.names.items[i]->name.name,
                         ast->drop.if_exists};
        if (object == OBJECT_SCHEMA)
            name_schema(&drop, &name);
        else
            name_relation(&drop, &name);
    }
    i32 named = drop.count;
    Text subject = named == 1 ? drop.list[0].what : TEXT("");
    for (i32 i = 0; i < named; i++)
        find_dependents(&drop, &(Dropped){.object_class = drop.list[i].object_class,
                                          .oid = drop.list[i].oid,
                                          .what = drop.list[i].what});
    forget_defaults_of_dropped(&drop);
    report_dependents(&drop, subject);
    give_drops(&drop);
}

/* Behind those the command has. */
static void append_drops(DropBind *drop)
{
    PlanCommand *command = drop->command;
    PlanDropItem *before = command->drops;
    i32 count = command->drop_count;
    give_drops(drop);
    PlanDropItem *all = make_array(drop->b->q, PlanDropItem, count + command->drop_count);
    if (count)
        memcpy(all, before, (size_t)count * sizeof *all);
    if (command->drop_count)
        memcpy(all + count, command->drops, (size_t)command->drop_count * sizeof *all);
    command->drops = all;
    command->drop_count += count;
}

/* Defaults of the table at hand are taken from it here; all else goes with the command. */
static void drop_beside_altered(DropBind *drop, CatalogRelation *altered, Text subject)
{
    report_dependents(drop, subject);
    i32 kept = 0;
    for (i32 i = 0; i < drop->count; i++) {
        const Dropped *dropped = &drop->list[i];
        if (dropped->object_class == CLASS_DEFAULT && dropped->oid == altered->oid)
            altered->columns[dropped->column - 1].default_expr = TEXT("");
        else
            drop->list[kept++] = *dropped;
    }
    drop->count = kept;
    append_drops(drop);
}

void drop_column_dependents(TableBind *t, const CatalogColumn *column, AstBehavior behavior)
{
    DropBind drop = {.b = t->b,
                     .command = t->command,
                     .cascade = behavior == BEHAVIOR_CASCADE,
                     .altered = t->relation,
                     .altered_column = column->number};
    Text what = describe_column(t->b, t->relation, column);
    Dependents all = dependents_of(&drop, t->relation, column);
    add_dependents(&drop, &all, what);
    drop_beside_altered(&drop, t->relation, what);
}

void drop_identity_sequence(TableBind *t, const CatalogColumn *column)
{
    Binder *b = t->b;
    DropBind drop = {
        .b = b, .command = t->command, .altered = t->relation, .altered_column = column->number};
    const CatalogSequence *sequence =
        catalog_column_sequence(b->q, b->view, t->relation->oid, column->number);
    verify(sequence != NULL);
    const CatalogRelation *relation = catalog_relation(b->q, b->view, sequence->oid);
    bind_use(b, relation, USE_CHANGE);
    add_relation(&drop, relation, TEXT(""), true);
    drop_beside_altered(&drop, t->relation, drop_describe(b, relation));
}
