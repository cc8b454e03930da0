/* SPDX-License-Identifier: Apache-2.0
 *
 * CREATE and ALTER SEQUENCE, and the sequences behind serial and identity columns: from options to
 * the definition as it shall be, checked in PostgreSQL's order.
 */
#include "planner/bind_ddl.h"

#include "catalog/definition.h"
#include "catalog/sequence_values.h"
#include "types/text_in.h"

/* ---- options ---- */

typedef enum OptionKind {
    OPTION_AS,
    OPTION_INCREMENT,
    OPTION_START,
    OPTION_RESTART,
    OPTION_MAX,
    OPTION_MIN,
    OPTION_CACHE,
    OPTION_CYCLE,
    OPTION_OWNED_BY,
    OPTION_SEQUENCE_NAME,
    OPTION_COUNT,
} OptionKind;

static const char *const option_names[] = {"as",       "increment",    "start", "restart",
                                           "maxvalue", "minvalue",     "cache", "cycle",
                                           "owned_by", "sequence_name"};
_Static_assert(countof(option_names) == OPTION_COUNT, "every option has a name");

typedef struct SequenceBind {
    Binder *b;
    PlanSequence *plan;
    CatalogSequence *sequence;
    bool identity; /* of a column: its type is given */
    const Ast *options[OPTION_COUNT];
} SequenceBind;

static void collect_options(SequenceBind *s, const AstList *options)
{
    for (i32 i = 0; i < options->count; i++) {
        const Ast *option = options->items[i];
        i32 kind = 0;
        while (kind < OPTION_COUNT &&
               !text_equal(option->option.name, text_from(option_names[kind])))
            kind++;
        if (kind == OPTION_COUNT) /* of ALTER COLUMN, not of the sequence */
            continue;
        if (s->options[kind] || (kind == OPTION_AS && s->identity))
            query_fail_at(s->b->q, option->offset, E_SYNTAX_ERROR,
                          "conflicting or redundant options");
        if (kind == OPTION_SEQUENCE_NAME && !s->identity)
            query_fail_at(s->b->q, option->offset, E_SYNTAX_ERROR,
                          "invalid sequence option SEQUENCE NAME");
        s->options[kind] = option;
    }
}

/* NO MINVALUE is an option without a value. */
static bool option_has_value(const Ast *option)
{
    return option && option->option.value;
}

static i64 option_number(Query *q, const Ast *option)
{
    i64 number;
    if (!int8_parse(option->option.value->constant.text, &number, &q->error))
        query_rethrow(q, &q->error);
    return number;
}

static _Noreturn void fail_value(Query *q, const char *format, i64 a, i64 b)
{
    /* format is one of this file's own, with two %lld */
    char message[128];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(message, sizeof message, format, (long long)a, (long long)b);
#pragma GCC diagnostic pop
    query_fail(q, E_INVALID_PARAMETER_VALUE, "%s", message);
}

/* ---- bounds ---- */

static i64 type_max(u32 type)
{
    return type == TYPE_INT2 ? INT16_MAX : type == TYPE_INT4 ? INT32_MAX : INT64_MAX;
}

static i64 type_min(u32 type)
{
    return type == TYPE_INT2 ? INT16_MIN : type == TYPE_INT4 ? INT32_MIN : INT64_MIN;
}

static void check_type(const SequenceBind *s, u32 type)
{
    if (type == TYPE_INT2 || type == TYPE_INT4 || type == TYPE_INT8)
        return;
    query_fail(s->b->q, E_INVALID_PARAMETER_VALUE, "%s type must be smallint, integer, or bigint",
               s->identity ? "identity column" : "sequence");
}

static void apply_max(const SequenceBind *s, bool fresh, bool reset)
{
    CatalogSequence *sequence = s->sequence;
    const Ast *option = s->options[OPTION_MAX];
    char name[TYPE_NAME_BYTES];
    if (option_has_value(option))
        sequence->max = option_number(s->b->q, option);
    else if (fresh || option || reset)
        sequence->max = sequence->increment > 0 || reset ? type_max(sequence->type) : -1;
    if (sequence->max > type_max(sequence->type) || sequence->max < type_min(sequence->type))
        query_fail(s->b->q, E_INVALID_PARAMETER_VALUE,
                   "MAXVALUE (%lld) is out of range for sequence data type %s",
                   (long long)sequence->max, type_format(type_of(sequence->type), name));
}

static void apply_min(const SequenceBind *s, bool fresh, bool reset)
{
    CatalogSequence *sequence = s->sequence;
    const Ast *option = s->options[OPTION_MIN];
    char name[TYPE_NAME_BYTES];
    if (option_has_value(option))
        sequence->min = option_number(s->b->q, option);
    else if (fresh || option || reset)
        sequence->min = sequence->increment < 0 || reset ? type_min(sequence->type) : 1;
    if (sequence->min > type_max(sequence->type) || sequence->min < type_min(sequence->type))
        query_fail(s->b->q, E_INVALID_PARAMETER_VALUE,
                   "MINVALUE (%lld) is out of range for sequence data type %s",
                   (long long)sequence->min, type_format(type_of(sequence->type), name));
}

static void apply_bounds(const SequenceBind *s, bool fresh)
{
    CatalogSequence *sequence = s->sequence;
    bool reset_max = false, reset_min = false;
    if (s->options[OPTION_AS]) {
        u32 type = bind_type(s->b, s->options[OPTION_AS]->option.value).oid;
        check_type(s, type);
        reset_max = !fresh && sequence->max == type_max(sequence->type);
        reset_min = !fresh && sequence->min == type_min(sequence->type);
        sequence->type = type;
    }
    if (s->options[OPTION_INCREMENT])
        sequence->increment = option_number(s->b->q, s->options[OPTION_INCREMENT]);
    if (sequence->increment == 0)
        query_fail(s->b->q, E_INVALID_PARAMETER_VALUE, "INCREMENT must not be zero");
    if (s->options[OPTION_CYCLE])
        sequence->cycle =
            text_equal(s->options[OPTION_CYCLE]->option.value->identifier.name, TEXT("true"));
    apply_max(s, fresh, reset_max);
    apply_min(s, fresh, reset_min);
    if (sequence->min >= sequence->max)
        fail_value(s->b->q, "MINVALUE (%lld) must be less than MAXVALUE (%lld)", sequence->min,
                   sequence->max);
}

static void check_within(const SequenceBind *s, i64 value, const char *below, const char *above)
{
    if (value < s->sequence->min)
        fail_value(s->b->q, below, value, s->sequence->min);
    if (value > s->sequence->max)
        fail_value(s->b->q, above, value, s->sequence->max);
}

/* Where it stands: from the options, else where actions before have put it, else where it stood. */
static void apply_point(const SequenceBind *s, bool fresh)
{
    Query *q = s->b->q;
    PlanSequence *plan = s->plan;
    const Ast *restart = s->options[OPTION_RESTART];
    i64 log_count;
    if (fresh || restart) {
        plan->restart = true;
        plan->point = (SequencePoint){
            option_has_value(restart) ? option_number(q, restart) : s->sequence->start, false};
    } else if (!plan->restart && !sequence_point(s->b->view->snapshot, s->sequence->oid,
                                                 &plan->point, &log_count, &q->error)) {
        query_rethrow(q, &q->error);
    }
    check_within(s, plan->point.last, "RESTART value (%lld) cannot be less than MINVALUE (%lld)",
                 "RESTART value (%lld) cannot be greater than MAXVALUE (%lld)");
}

/* The definition by the options over what is there; fresh: over nothing but the type. */
static void apply_options(SequenceBind *s, const AstList *options, bool fresh)
{
    CatalogSequence *sequence = s->sequence;
    collect_options(s, options);
    if (fresh)
        sequence->increment = sequence->cache = 1;
    apply_bounds(s, fresh);
    if (s->options[OPTION_START])
        sequence->start = option_number(s->b->q, s->options[OPTION_START]);
    else if (fresh)
        sequence->start = sequence->increment > 0 ? sequence->min : sequence->max;
    check_within(s, sequence->start, "START value (%lld) cannot be less than MINVALUE (%lld)",
                 "START value (%lld) cannot be greater than MAXVALUE (%lld)");
    apply_point(s, fresh);
    if (s->options[OPTION_CACHE])
        sequence->cache = option_number(s->b->q, s->options[OPTION_CACHE]);
    if (sequence->cache <= 0)
        query_fail(s->b->q, E_INVALID_PARAMETER_VALUE, "CACHE (%lld) must be greater than zero",
                   (long long)sequence->cache);
}

/* ---- OWNED BY ---- */

static const CatalogRelation *owner_table(const SequenceBind *s, Name name)
{
    Binder *b = s->b;
    Name table = {name.parts, name.count - 1, -1};
    const CatalogRelation *relation = bind_find_relation(b, table);
    if (relation->kind == RELATION_SEQUENCE) {
        Error error;
        error_set(&error, E_WRONG_OBJECT_TYPE, "sequence cannot be owned by relation \"%.*s\"",
                  TEXT_ARG(relation->name));
        error_detail(&error, "This operation is not supported for sequences.");
        query_rethrow(b->q, &error);
    }
    if (relation->schema != s->plan->relation->schema)
        query_fail(b->q, E_OBJECT_NOT_IN_PREREQUISITE_STATE,
                   "sequence must be in same schema as table it is linked to");
    return relation;
}

static void check_not_identity(const SequenceBind *s)
{
    if (s->sequence->owner_kind != SEQUENCE_IDENTITY)
        return;
    Error error;
    const CatalogRelation *table = catalog_relation(s->b->q, s->b->view, s->sequence->owner_table);
    error_set(&error, E_FEATURE_NOT_SUPPORTED, "cannot change ownership of identity sequence");
    error_detail(&error, "Sequence \"%.*s\" is linked to table \"%.*s\".",
                 TEXT_ARG(s->plan->relation->name), TEXT_ARG(table ? table->name : TEXT("")));
    query_rethrow(s->b->q, &error);
}

static void apply_owner(const SequenceBind *s)
{
    const Ast *option = s->options[OPTION_OWNED_BY];
    if (!option)
        return;
    Name name = option->option.value->name.name;
    bool none = name.count == 1 && text_equal(name.parts[0], TEXT("none"));
    if (name.count == 1 && !none) {
        Error error;
        error_set(&error, E_SYNTAX_ERROR, "invalid OWNED BY option");
        error_hint(&error, "Specify OWNED BY table.column or OWNED BY NONE.");
        query_rethrow(s->b->q, &error);
    }
    CatalogSequence *sequence = s->sequence;
    if (none) {
        check_not_identity(s);
        sequence->owner_kind = SEQUENCE_FREE;
        sequence->owner_table = 0;
        sequence->owner_column = 0;
        return;
    }
    const CatalogRelation *table = owner_table(s, name);
    Text column = name.parts[name.count - 1];
    i32 at = catalog_column(table, column);
    if (at == CATALOG_NO_COLUMN)
        query_fail(s->b->q, E_UNDEFINED_COLUMN,
                   "column \"%.*s\" of relation \"%.*s\" does not exist", TEXT_ARG(column),
                   TEXT_ARG(table->name));
    check_not_identity(s);
    sequence->owner_kind = SEQUENCE_OWNED;
    sequence->owner_table = table->oid;
    sequence->owner_column = table->columns[at].number;
}

/* ---- statements ---- */

PlanSequence *ddl_add_sequence(Binder *b, PlanCommand *command)
{
    PlanSequence *all = make_array(b->q, PlanSequence, command->sequence_count + 1);
    if (command->sequence_count)
        memcpy(all, command->sequences, (size_t)command->sequence_count * sizeof *all);
    command->sequences = all;
    PlanSequence *plan = &all[command->sequence_count++];
    plan->sequence = make(b->q, CatalogSequence);
    plan->sequence->type = TYPE_INT8;
    return plan;
}

static void create_sequence(Binder *b, const AstCreateSequence *create)
{
    PlanCommand *command = ddl_command(b, COMMAND_SEQUENCE, "CREATE SEQUENCE");
    command->if_not_exists = create->if_not_exists;
    CatalogRelation *relation = ddl_new_relation(b, create->name, create->persistence, command);
    if (!relation)
        return;
    relation->kind = RELATION_SEQUENCE;
    sequence_columns(b->q, relation);
    PlanSequence *plan = ddl_add_sequence(b, command);
    plan->relation = relation;
    plan->is_new = true;
    SequenceBind s = {.b = b, .plan = plan, .sequence = plan->sequence};
    apply_options(&s, &create->options, true);
    apply_owner(&s);
}

const CatalogRelation *ddl_named_sequence(Binder *b, Name name, bool if_exists,
                                          PlanCommand *command)
{
    Text schema = name.count > 1 ? name.parts[name.count - 2] : (Text){NULL, 0};
    ddl_check_name(b, name);
    if (!if_exists)
        schema = name.count > 1 ? ddl_named_schema(b, name)->name : schema;
    const CatalogRelation *relation =
        catalog_relation_by_name(b->q, b->view, schema, name.parts[name.count - 1]);
    if (!relation && if_exists) {
        ddl_notice(b, command, E_SUCCESSFUL_COMPLETION,
                   query_format(b->q, "relation \"%.*s\" does not exist, skipping",
                                TEXT_ARG(name.parts[name.count - 1])));
        return NULL;
    }
    if (!relation)
        query_fail(b->q, E_UNDEFINED_TABLE, "relation \"%.*s\" does not exist",
                   TEXT_ARG(name_print(b->q, name)));
    if (relation->kind != RELATION_SEQUENCE)
        query_fail(b->q, E_WRONG_OBJECT_TYPE, "\"%.*s\" is not a sequence",
                   TEXT_ARG(relation->name));
    bind_use(b, relation, USE_CHANGE);
    return relation;
}

PlanSequence *ddl_change_sequence(Binder *b, PlanCommand *command, const CatalogRelation *relation)
{
    PlanSequence *plan = ddl_add_sequence(b, command);
    const CatalogSequence *sequence = catalog_sequence(b->q, b->view, relation->oid);
    verify(sequence != NULL);
    plan->relation = make(b->q, CatalogRelation);
    *plan->relation = *relation;
    *plan->sequence = *sequence;
    return plan;
}

static void alter_sequence(Binder *b, const AstCreateSequence *alter)
{
    PlanCommand *command = ddl_command(b, COMMAND_SEQUENCE, "ALTER SEQUENCE");
    const CatalogRelation *relation = ddl_named_sequence(b, alter->name, alter->if_exists, command);
    if (!relation)
        return;
    bind_check_session(b, relation);
    PlanSequence *plan = ddl_change_sequence(b, command, relation);
    SequenceBind s = {.b = b, .plan = plan, .sequence = plan->sequence};
    apply_options(&s, &alter->options, false);
    apply_owner(&s);
}

void bind_create_sequence(Binder *b, const Ast *ast)
{
    if (ast->create_sequence.alter)
        alter_sequence(b, &ast->create_sequence);
    else
        create_sequence(b, &ast->create_sequence);
}

typedef struct RestartBind {
    PlanCommand *command;
    Binder *b;
    u32 table;
} RestartBind;

static void restart_owned(void *state, Query *q, const CatalogSequence *sequence)
{
    const RestartBind *restart = state;
    if (sequence->owner_table != restart->table)
        return;
    const CatalogRelation *relation = catalog_relation(q, restart->b->view, sequence->oid);
    bind_use(restart->b, relation, USE_CHANGE);
    PlanSequence *plan = ddl_change_sequence(restart->b, restart->command, relation);
    plan->restart = true;
    plan->point = (SequencePoint){sequence->start, false};
}

void ddl_restart_owned(Binder *b, PlanCommand *command, u32 table)
{
    RestartBind restart = {command, b, table};
    catalog_sequences(b->q, b->view, restart_owned, &restart);
}

/* ---- serial and identity columns ---- */

static Text choose_sequence_name(const TableBind *t, Text column)
{
    Query *q = t->b->q;
    for (i32 i = 0;; i++) {
        Text label = i ? query_format(q, "seq%d", i) : TEXT("seq");
        Text name = ddl_joined_name(q, t->relation->name, column, label);
        if (!table_relation_is_named(t, name))
            return name;
    }
}

/* The sequence a column shall own, named after it or as SEQUENCE NAME says. */
static PlanSequence *add_owned(TableBind *t, const CatalogColumn *column, SequenceOwner kind,
                               Text name)
{
    Query *q = t->b->q;
    PlanSequence *plan = ddl_add_sequence(t->b, t->command);
    plan->relation = make(q, CatalogRelation);
    plan->is_new = true;
    plan->column = column->number;
    plan->sequence->type = column->type.oid;
    plan->sequence->owner_kind = kind;
    CatalogRelation *relation = plan->relation;
    relation->kind = RELATION_SEQUENCE;
    relation->schema = t->relation->schema;
    relation->owner = ROLE_GOTGAN;
    relation->persistence = t->relation->persistence;
    sequence_columns(q, relation);
    t->command->sequence_count--; /* not a rival of itself */
    relation->name = name.len ? name : choose_sequence_name(t, column->name);
    t->command->sequence_count++;
    return plan;
}

/* The text is written anew with the sequence's oid when it has one. */
static Text pending_default(void)
{
    return TEXT("nextval('\1"
                "0')");
}

bool table_default_is_pending(const CatalogColumn *column)
{
    return text_equal(column->default_expr, pending_default());
}

static u32 serial_type(const Ast *type)
{
    static const struct {
        const char *name;
        u32 type;
    } words[] = {
        {"smallserial", TYPE_INT2}, {"serial2", TYPE_INT2},   {"serial", TYPE_INT4},
        {"serial4", TYPE_INT4},     {"bigserial", TYPE_INT8}, {"serial8", TYPE_INT8},
    };
    for (i32 i = 0; type->type.name.count == 1 && i < countof(words); i++)
        if (text_equal(type->type.name.parts[0], text_from(words[i].name)))
            return words[i].type;
    return 0;
}

bool table_serial_type(Binder *b, const Ast *definition, Type *type)
{
    const Ast *written = definition->column_definition.type;
    u32 oid = serial_type(written);
    if (!oid)
        return false;
    if (written->type.bounds.count)
        query_fail_at(b->q, written->offset, E_FEATURE_NOT_SUPPORTED,
                      "array of serial is not implemented");
    *type = type_of(oid);
    char name[TYPE_NAME_BYTES];
    if (written->type.modifiers.count)
        query_fail_at(b->q, written->offset, E_SYNTAX_ERROR,
                      "type modifier is not allowed for type \"%s\"", type_format(*type, name));
    return true;
}

void table_add_serial(TableBind *t, CatalogColumn *column)
{
    static const AstList none = {NULL, 0, 0};
    PlanSequence *plan = add_owned(t, column, SEQUENCE_OWNED, TEXT(""));
    SequenceBind s = {.b = t->b, .plan = plan, .sequence = plan->sequence};
    apply_options(&s, &none, true);
    column->not_null = true;
    column->default_expr = pending_default();
}

/* SEQUENCE NAME: it must be free. */
static Text written_sequence_name(TableBind *t, const AstList *options)
{
    for (i32 i = 0; i < options->count; i++) {
        const Ast *option = options->items[i];
        if (!text_equal(option->option.name, TEXT("sequence_name")))
            continue;
        Name name = option->option.value->name.name;
        Text own = name.parts[name.count - 1];
        if (table_relation_is_named(t, own))
            query_fail(t->b->q, E_DUPLICATE_TABLE, "relation \"%.*s\" already exists",
                       TEXT_ARG(own));
        return own;
    }
    return TEXT("");
}

void table_check_identity_type(TableBind *t, const CatalogColumn *column)
{
    SequenceBind s = {.b = t->b, .identity = true};
    check_type(&s, column->type.oid);
}

void table_add_identity(TableBind *t, CatalogColumn *column, const Ast *constraint)
{
    const AstList *options = &constraint->constraint.options;
    SequenceBind s = {.b = t->b, .identity = true};
    table_check_identity_type(t, column);
    s.plan = add_owned(t, column, SEQUENCE_IDENTITY, written_sequence_name(t, options));
    s.sequence = s.plan->sequence;
    apply_options(&s, options, true);
    if (s.options[OPTION_OWNED_BY])
        query_fail_at(t->b->q, s.options[OPTION_OWNED_BY]->offset, E_SYNTAX_ERROR,
                      "conflicting or redundant options");
    column->identity = constraint->constraint.always ? IDENTITY_ALWAYS : IDENTITY_BY_DEFAULT;
    column->not_null = true;
    column->default_expr = pending_default();
}

/* LIKE INCLUDING IDENTITY: one that counts as the other does, from its start. */
void table_like_identity(TableBind *t, CatalogColumn *column, const CatalogRelation *source,
                         const CatalogColumn *from)
{
    const CatalogSequence *old =
        catalog_column_sequence(t->b->q, t->b->view, source->oid, from->number);
    verify(old != NULL);
    PlanSequence *plan = add_owned(t, column, SEQUENCE_IDENTITY, TEXT(""));
    CatalogSequence fresh = *old;
    fresh.oid = fresh.state = fresh.owner_table = 0;
    *plan->sequence = fresh;
    plan->restart = true;
    plan->point = (SequencePoint){old->start, false};
    column->identity = from->identity;
    column->not_null = true;
    column->default_expr = pending_default();
}

/* The sequence of an identity column as the command shall leave it: actions before may have made or
 * changed it. */
static PlanSequence *identity_plan(TableBind *t, const CatalogColumn *column)
{
    Binder *b = t->b;
    for (i32 i = 0; i < t->command->sequence_count; i++) {
        PlanSequence *plan = &t->command->sequences[i];
        i32 owner = plan->is_new ? plan->column : plan->sequence->owner_column;
        if (plan->sequence->owner_kind == SEQUENCE_IDENTITY && owner == column->number)
            return plan;
    }
    const CatalogSequence *old =
        catalog_column_sequence(b->q, b->view, t->relation->oid, column->number);
    verify(old != NULL);
    const CatalogRelation *relation = catalog_relation(b->q, b->view, old->oid);
    bind_use(b, relation, USE_CHANGE);
    return ddl_change_sequence(b, t->command, relation);
}

void table_set_identity(TableBind *t, CatalogColumn *column, const AstList *options)
{
    for (i32 i = 0; i < options->count; i++) {
        const AstOption *option = &options->items[i]->option;
        if (text_equal(option->name, TEXT("generated")))
            column->identity = text_equal(option->value->identifier.name, TEXT("always"))
                                   ? IDENTITY_ALWAYS
                                   : IDENTITY_BY_DEFAULT;
    }
    PlanSequence *plan = identity_plan(t, column);
    SequenceBind s = {.b = t->b, .plan = plan, .sequence = plan->sequence, .identity = true};
    apply_options(&s, options, false);
}
