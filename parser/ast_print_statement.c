/* SPDX-License-Identifier: Apache-2.0
 *
 * Printing of definitions and session statements. See ast_print.c for the law.
 *
 * Statements have one spelling here: the one PostgreSQL's documentation writes first.
 */
#include "parser/ast_print.h"

static const char *const persistence_words[] = {"", "TEMPORARY ", "UNLOGGED "};
static const char *const object_words[] = {
    "TABLE",  "VIEW",   "MATERIALIZED VIEW", "SEQUENCE",  "INDEX",
    "SCHEMA", "COLUMN", "CONSTRAINT",        "DATABASE",  "ROLE",
    "TYPE",   "DOMAIN", "TABLESPACE",        "EXTENSION", "COLLATION",
};

const char *object_word(AstObjectKind object)
{
    return object_words[object];
}

/* TRUE, FALSE and ON are reserved words, but values here; quoted they would mean the same. */
static void print_option_value(TextBuilder *out, const Ast *value)
{
    Text word = value->kind == AST_IDENTIFIER ? value->identifier.name : (Text){0};
    bool bare = text_equal(word, TEXT("true")) || text_equal(word, TEXT("false")) ||
                text_equal(word, TEXT("on"));
    if (bare)
        builder_add(out, word);
    else
        ast_print(out, value);
}

static void print_option(TextBuilder *out, const AstOption *option, const char *between)
{
    if (option->space.data) {
        print_identifier(out, option->space);
        put(out, ".");
    }
    print_identifier(out, option->name);
    if (!option->value)
        return;
    put(out, between);
    print_option_value(out, option->value);
}

/* WITH (name = value, ...): of values only reserved words, NONE and operators are identifiers;
 * quoted they would be types. */
static void print_storage_options(TextBuilder *out, const char *before, const AstList *options)
{
    if (options->count == 0)
        return;
    put(out, before);
    for (i32 i = 0; i < options->count; i++) {
        const AstOption *option = &options->items[i]->option;
        bool bare = option->value && option->value->kind == AST_IDENTIFIER;
        AstOption name = *option;
        if (bare)
            name.value = NULL;
        put(out, i == 0 ? "(" : ", ");
        print_option(out, &name, " = ");
        if (bare) {
            put(out, " = ");
            builder_add(out, option->value->identifier.name);
        }
    }
    put(out, ")");
}

static void print_sequence_option(TextBuilder *out, const AstOption *option)
{
    static const struct {
        const char *name, *words, *without;
    } rows[] = {
        {"as", "AS ", ""},
        {"cache", "CACHE ", ""},
        {"increment", "INCREMENT BY ", ""},
        {"maxvalue", "MAXVALUE ", "NO MAXVALUE"},
        {"minvalue", "MINVALUE ", "NO MINVALUE"},
        {"owned_by", "OWNED BY ", ""},
        {"sequence_name", "SEQUENCE NAME ", ""},
        {"start", "START WITH ", ""},
        {"restart", "RESTART WITH ", "RESTART"},
    };
    if (text_equal(option->name, TEXT("cycle"))) {
        bool yes = text_equal(option->value->identifier.name, TEXT("true"));
        put(out, yes ? "CYCLE" : "NO CYCLE");
        return;
    }
    for (i32 i = 0; i < countof(rows); i++) {
        if (!text_equal(option->name, text_from(rows[i].name)))
            continue;
        put(out, option->value ? rows[i].words : rows[i].without);
        put_clause(out, "", option->value);
        return;
    }
    unreachable();
}

static void print_sequence_options(TextBuilder *out, const AstList *options)
{
    for (i32 i = 0; i < options->count; i++) {
        put_if(out, i > 0, " ");
        print_sequence_option(out, &options->items[i]->option);
    }
}

static void print_on_commit(TextBuilder *out, AstOnCommit on_commit)
{
    static const char *const words[] = {"", " ON COMMIT PRESERVE ROWS", " ON COMMIT DELETE ROWS",
                                        " ON COMMIT DROP"};
    put(out, words[on_commit]);
}

static void print_create_table(TextBuilder *out, const AstCreateTable *table)
{
    put(out, "CREATE ");
    put(out, persistence_words[table->persistence]);
    put(out, table->if_not_exists ? "TABLE IF NOT EXISTS " : "TABLE ");
    put_name(out, &table->name);
    put(out, " ");
    put_in_parens(out, &table->elements);
    put_optional_list(out, " INHERITS ", &table->inherits);
    put_word(out, " USING ", table->access_method);
    print_storage_options(out, " WITH ", &table->options);
    print_on_commit(out, table->on_commit);
    put_word(out, " TABLESPACE ", table->tablespace);
}

static void print_collate(TextBuilder *out, const Name *collation)
{
    if (collation->count == 0)
        return;
    put(out, " COLLATE ");
    put_name(out, collation);
}

static void print_column_definition(TextBuilder *out, const AstColumnDefinition *column)
{
    print_identifier(out, column->name);
    put_clause(out, " ", column->type);
    put_word(out, " COMPRESSION ", column->compression);
    print_collate(out, &column->collation);
    for (i32 i = 0; i < column->constraints.count; i++)
        put_clause(out, " ", column->constraints.items[i]);
}

static void print_key(TextBuilder *out, const AstConstraint *constraint, const char *words)
{
    put(out, words);
    put_if(out, constraint->nulls_not_distinct, " NULLS NOT DISTINCT");
    put_optional_list(out, " ", &constraint->columns);
    put_optional_list(out, " INCLUDE ", &constraint->including);
    put_word(out, " USING INDEX ", constraint->index);
    print_storage_options(out, " WITH ", &constraint->options);
    put_word(out, " USING INDEX TABLESPACE ", constraint->tablespace);
}

static void print_foreign_key(TextBuilder *out, const AstConstraint *constraint)
{
    static const char *const actions[] = {"NO ACTION", "RESTRICT", "CASCADE", "SET NULL",
                                          "SET DEFAULT"};
    put_optional_list(out, "FOREIGN KEY ", &constraint->columns);
    put(out, constraint->columns.count ? " REFERENCES " : "REFERENCES ");
    put_name(out, &constraint->references);
    put_optional_list(out, " ", &constraint->foreign_columns);
    put_if(out, constraint->match == MATCH_FULL, " MATCH FULL");
    if (constraint->on_update != REFERENTIAL_NO_ACTION)
        builder_format(out, " ON UPDATE %s", actions[constraint->on_update]);
    if (constraint->on_delete != REFERENTIAL_NO_ACTION)
        builder_format(out, " ON DELETE %s", actions[constraint->on_delete]);
    put_optional_list(out, " ", &constraint->delete_columns);
}

static void print_identity(TextBuilder *out, const AstConstraint *constraint)
{
    put(out,
        constraint->always ? "GENERATED ALWAYS AS IDENTITY" : "GENERATED BY DEFAULT AS IDENTITY");
    if (constraint->options.count == 0)
        return;
    put(out, " (");
    print_sequence_options(out, &constraint->options);
    put(out, ")");
}

static void print_constraint_attributes(TextBuilder *out, const AstConstraint *constraint)
{
    put_if(out, constraint->deferrable, " DEFERRABLE");
    put_if(out, constraint->deferred, " INITIALLY DEFERRED");
    put_if(out, constraint->not_valid, " NOT VALID");
    put_if(out, constraint->no_inherit, " NO INHERIT");
}

static void print_constraint(TextBuilder *out, const AstConstraint *constraint)
{
    put_word(out, "CONSTRAINT ", constraint->name);
    put_if(out, constraint->name.data != NULL, " ");
    switch (constraint->kind) {
    case AST_CONSTRAINT_NULL:
        put(out, "NULL");
        break;
    case AST_CONSTRAINT_NOT_NULL:
        put(out, "NOT NULL");
        break;
    case AST_CONSTRAINT_DEFAULT:
        put(out, "DEFAULT ");
        put_operand(out, constraint->expr);
        break;
    case AST_CONSTRAINT_CHECK:
        put_clause(out, "CHECK (", constraint->expr);
        put(out, ")");
        break;
    case AST_CONSTRAINT_GENERATED:
        put_clause(out, "GENERATED ALWAYS AS (", constraint->expr);
        put(out, ") STORED");
        break;
    case AST_CONSTRAINT_IDENTITY:
        print_identity(out, constraint);
        break;
    case AST_CONSTRAINT_PRIMARY_KEY:
        print_key(out, constraint, "PRIMARY KEY");
        break;
    case AST_CONSTRAINT_UNIQUE:
        print_key(out, constraint, "UNIQUE");
        break;
    case AST_CONSTRAINT_FOREIGN_KEY:
        print_foreign_key(out, constraint);
        break;
    }
    print_constraint_attributes(out, constraint);
}

static void print_table_like(TextBuilder *out, const AstTableLike *like)
{
    static const char *const words[] = {"COMMENTS", "COMPRESSION", "CONSTRAINTS",
                                        "DEFAULTS", "GENERATED",   "IDENTITY",
                                        "INDEXES",  "STATISTICS",  "STORAGE"};
    put(out, "LIKE ");
    put_name(out, &like->name);
    for (i32 i = 0; i < countof(words); i++)
        if (like->including >> i & 1)
            builder_format(out, " INCLUDING %s", words[i]);
}

static void print_create_table_as(TextBuilder *out, const AstCreateTableAs *create)
{
    put(out, "CREATE ");
    put(out, persistence_words[create->persistence]);
    put(out, create->materialized ? "MATERIALIZED VIEW " : "TABLE ");
    put_if(out, create->if_not_exists, "IF NOT EXISTS ");
    put_name(out, &create->name);
    put_optional_list(out, " ", &create->columns);
    put_word(out, " USING ", create->access_method);
    print_storage_options(out, " WITH ", &create->options);
    print_on_commit(out, create->on_commit);
    put_word(out, " TABLESPACE ", create->tablespace);
    put_clause(out, " AS ", create->query);
    put_if(out, create->no_data, " WITH NO DATA");
}

static void print_create_view(TextBuilder *out, const AstCreateView *view)
{
    static const char *const checks[] = {"", " WITH LOCAL CHECK OPTION",
                                         " WITH CASCADED CHECK OPTION"};
    put(out, view->replace ? "CREATE OR REPLACE " : "CREATE ");
    put(out, persistence_words[view->persistence]);
    put(out, view->recursive ? "RECURSIVE VIEW " : "VIEW ");
    put_name(out, &view->name);
    put_optional_list(out, " ", &view->columns);
    print_storage_options(out, " WITH ", &view->options);
    put_clause(out, " AS ", view->query);
    put(out, checks[view->check]);
}

static void print_refresh(TextBuilder *out, const AstRefresh *refresh)
{
    put(out, "REFRESH MATERIALIZED VIEW ");
    put_if(out, refresh->concurrently, "CONCURRENTLY ");
    put_name(out, &refresh->name);
    put_if(out, refresh->no_data, " WITH NO DATA");
}

static void print_create_schema(TextBuilder *out, const AstCreateSchema *schema)
{
    put(out, schema->if_not_exists ? "CREATE SCHEMA IF NOT EXISTS" : "CREATE SCHEMA");
    put_word(out, " ", schema->name);
    put_word(out, " AUTHORIZATION ", schema->role);
    for (i32 i = 0; i < schema->elements.count; i++)
        put_clause(out, " ", schema->elements.items[i]);
}

static void print_create_sequence(TextBuilder *out, const AstCreateSequence *sequence)
{
    put(out, sequence->alter ? "ALTER " : "CREATE ");
    put(out, persistence_words[sequence->persistence]);
    put(out, "SEQUENCE ");
    put_if(out, sequence->if_exists, "IF EXISTS ");
    put_if(out, sequence->if_not_exists, "IF NOT EXISTS ");
    put_name(out, &sequence->name);
    put_if(out, sequence->options.count > 0, " ");
    print_sequence_options(out, &sequence->options);
}

static void print_create_index(TextBuilder *out, const AstCreateIndex *index)
{
    put(out, index->unique ? "CREATE UNIQUE INDEX" : "CREATE INDEX");
    put_if(out, index->concurrently, " CONCURRENTLY");
    put_if(out, index->if_not_exists, " IF NOT EXISTS");
    put_word(out, " ", index->name);
    put_clause(out, " ON ", index->table);
    put_word(out, " USING ", index->method);
    put(out, " ");
    put_in_parens(out, &index->elements);
    put_optional_list(out, " INCLUDE ", &index->including);
    put_if(out, index->nulls_not_distinct, " NULLS NOT DISTINCT");
    print_storage_options(out, " WITH ", &index->options);
    put_word(out, " TABLESPACE ", index->tablespace);
    put_clause(out, " WHERE ", index->where);
}

static void print_index_element(TextBuilder *out, const AstIndexElement *element)
{
    bool bare = element->expr->kind == AST_COLUMN && element->expr->column.name.count == 1;
    put_if(out, !bare, "(");
    ast_print(out, element->expr);
    put_if(out, !bare, ")");
    print_collate(out, &element->collation);
    if (element->operator_class.count) {
        put(out, " ");
        put_name(out, &element->operator_class);
        print_storage_options(out, " ", &element->options);
    }
    put_if(out, element->direction == SORT_ASC, " ASC");
    put_if(out, element->direction == SORT_DESC, " DESC");
    put_if(out, element->nulls == NULLS_FIRST, " NULLS FIRST");
    put_if(out, element->nulls == NULLS_LAST, " NULLS LAST");
}

static void print_drop(TextBuilder *out, const AstDrop *drop)
{
    builder_format(out, "DROP %s ", object_words[drop->object]);
    put_if(out, drop->concurrently, "CONCURRENTLY ");
    put_if(out, drop->if_exists, "IF EXISTS ");
    put_list(out, &drop->names);
    put_if(out, drop->behavior == BEHAVIOR_CASCADE, " CASCADE");
}

/* ---- ALTER ---- */

/* ALTER COLUMN name, or ALTER COLUMN 3 */
static void print_altered_column(TextBuilder *out, const AstAlterAction *action)
{
    put(out, "ALTER COLUMN ");
    if (action->name.data)
        print_identifier(out, action->name);
    else
        ast_print(out, action->expr);
}

static void print_identity_changes(TextBuilder *out, const AstList *options)
{
    for (i32 i = 0; i < options->count; i++) {
        const AstOption *option = &options->items[i]->option;
        bool restart = text_equal(option->name, TEXT("restart"));
        put(out, restart ? " " : " SET ");
        if (!text_equal(option->name, TEXT("generated")))
            print_sequence_option(out, option);
        else
            put(out, text_equal(option->value->identifier.name, TEXT("always"))
                         ? "GENERATED ALWAYS"
                         : "GENERATED BY DEFAULT");
    }
}

static void print_column_type(TextBuilder *out, const AstAlterAction *action)
{
    print_altered_column(out, action);
    put_clause(out, " TYPE ", action->definition->column_definition.type);
    print_collate(out, &action->definition->column_definition.collation);
    put_clause(out, " USING ", action->expr);
}

static void print_column_change(TextBuilder *out, const AstAlterAction *action, const char *words)
{
    print_altered_column(out, action);
    put(out, words);
    put_if(out, action->flag, " IF EXISTS");
}

static void print_dropped(TextBuilder *out, const AstAlterAction *action, const char *words)
{
    put(out, words);
    put_if(out, action->flag, "IF EXISTS ");
    print_identifier(out, action->name);
    put_if(out, action->behavior == BEHAVIOR_CASCADE, " CASCADE");
}

static void print_replica_identity(TextBuilder *out, const AstAlterAction *action)
{
    put(out, "REPLICA IDENTITY ");
    if (action->name.data)
        put_word(out, "USING INDEX ", action->name);
    else
        builder_add(out, action->word);
}

static void print_alter_action(TextBuilder *out, const AstAlterAction *action)
{
    switch (action->kind) {
    case ALTER_ADD_COLUMN:
        put_clause(out, action->flag ? "ADD COLUMN IF NOT EXISTS " : "ADD COLUMN ",
                   action->definition);
        return;
    case ALTER_DROP_COLUMN:
        print_dropped(out, action, "DROP COLUMN ");
        return;
    case ALTER_COLUMN_TYPE:
        print_column_type(out, action);
        return;
    case ALTER_SET_DEFAULT:
        print_altered_column(out, action);
        put_clause(out, " SET DEFAULT ", action->expr);
        return;
    case ALTER_DROP_DEFAULT:
        print_column_change(out, action, " DROP DEFAULT");
        return;
    case ALTER_SET_NOT_NULL:
        print_column_change(out, action, " SET NOT NULL");
        return;
    case ALTER_DROP_NOT_NULL:
        print_column_change(out, action, " DROP NOT NULL");
        return;
    case ALTER_DROP_EXPRESSION:
        print_column_change(out, action, " DROP EXPRESSION");
        return;
    case ALTER_SET_STATISTICS:
        print_altered_column(out, action);
        put_clause(out, " SET STATISTICS ", action->number);
        return;
    case ALTER_SET_STORAGE:
        print_altered_column(out, action);
        put_word(out, " SET STORAGE ", action->word);
        return;
    case ALTER_SET_COMPRESSION:
        print_altered_column(out, action);
        put_word(out, " SET COMPRESSION ", action->word);
        return;
    case ALTER_COLUMN_OPTIONS:
        print_altered_column(out, action);
        print_storage_options(out, action->flag ? " RESET " : " SET ", &action->options);
        return;
    case ALTER_ADD_IDENTITY:
        print_altered_column(out, action);
        put_clause(out, " ADD ", action->definition);
        return;
    case ALTER_SET_IDENTITY:
        print_altered_column(out, action);
        print_identity_changes(out, &action->options);
        return;
    case ALTER_DROP_IDENTITY:
        print_column_change(out, action, " DROP IDENTITY");
        return;
    case ALTER_ADD_CONSTRAINT:
        put_clause(out, "ADD ", action->definition);
        return;
    case ALTER_DROP_CONSTRAINT:
        print_dropped(out, action, "DROP CONSTRAINT ");
        return;
    case ALTER_VALIDATE_CONSTRAINT:
        put_word(out, "VALIDATE CONSTRAINT ", action->name);
        return;
    case ALTER_ALTER_CONSTRAINT:
        put_word(out, "ALTER CONSTRAINT ", action->definition->constraint.name);
        print_constraint_attributes(out, &action->definition->constraint);
        return;
    case ALTER_OWNER:
        put_word(out, "OWNER TO ", action->word);
        return;
    case ALTER_SET_TABLESPACE:
        put_word(out, "SET TABLESPACE ", action->word);
        return;
    case ALTER_SET_LOGGED:
        put(out, action->flag ? "SET UNLOGGED" : "SET LOGGED");
        return;
    case ALTER_OPTIONS:
        print_storage_options(out, action->flag ? "RESET " : "SET ", &action->options);
        return;
    case ALTER_CLUSTER_ON:
        put_word(out, "CLUSTER ON ", action->word);
        put_if(out, !action->word.data, "SET WITHOUT CLUSTER");
        return;
    case ALTER_INHERIT:
        put(out, action->flag ? "NO INHERIT " : "INHERIT ");
        put_name(out, &action->parent);
        return;
    case ALTER_REPLICA_IDENTITY:
        print_replica_identity(out, action);
        return;
    case ALTER_TRIGGER:
        builder_add(out, action->word);
        put(out, " TRIGGER ");
        if (action->name.data)
            print_identifier(out, action->name);
        else
            put(out, action->flag ? "USER" : "ALL");
        return;
    case ALTER_RULE:
        builder_add(out, action->word);
        put_word(out, " RULE ", action->name);
        return;
    case ALTER_OF_TYPE:
        put(out, action->flag ? "NOT OF" : "OF ");
        put_name(out, &action->parent);
        return;
    case ALTER_WITHOUT_OIDS:
        put(out, "SET WITHOUT OIDS");
        return;
    case ALTER_ROW_SECURITY:
        builder_add(out, action->word);
        put(out, " ROW LEVEL SECURITY");
        return;
    case ALTER_ACCESS_METHOD:
        put_word(out, "SET ACCESS METHOD ", action->word);
        return;
    }
}

static void print_alter_table(TextBuilder *out, const AstAlterTable *alter)
{
    builder_format(out, "ALTER %s ", object_words[alter->object]);
    put_if(out, alter->if_exists, "IF EXISTS ");
    ast_print(out, alter->table);
    put_list_clause(out, " ", &alter->actions);
}

static void print_rename(TextBuilder *out, const AstRename *rename)
{
    builder_format(out, "ALTER %s ", object_words[rename->relation]);
    put_if(out, rename->if_exists, "IF EXISTS ");
    put_clause(out, "", rename->table);
    put_name(out, &rename->name);
    put(out, " RENAME");
    put_word(out, rename->object == OBJECT_CONSTRAINT ? " CONSTRAINT " : " COLUMN ", rename->from);
    put_word(out, " TO ", rename->to);
}

static void print_alter_object(TextBuilder *out, const AstAlterObject *alter)
{
    builder_format(out, "ALTER %s ", object_words[alter->object]);
    put_if(out, alter->if_exists, "IF EXISTS ");
    put_name(out, &alter->name);
    put_word(out, " SET SCHEMA ", alter->schema);
    put_word(out, " OWNER TO ", alter->owner);
}

static void print_comment(TextBuilder *out, const AstComment *comment)
{
    builder_format(out, "COMMENT ON %s ", object_words[comment->object]);
    put_word(out, "", comment->constraint);
    put_if(out, comment->constraint.data != NULL, " ON ");
    put_name(out, &comment->name);
    put(out, " IS ");
    if (comment->text.data)
        print_string(out, comment->text);
    else
        put(out, "NULL");
}

/* ---- Session ---- */

static void print_setting_name(TextBuilder *out, Text name)
{
    for (i64 from = 0, dot; from <= name.len; from = dot + 1) {
        dot = from + text_find_byte(text_slice(name, from, name.len), '.');
        print_identifier(out, text_slice(name, from, dot));
        put_if(out, dot < name.len, ".");
    }
}

static void print_set(TextBuilder *out, const AstSet *set)
{
    static const char *const actions[] = {" = ", " TO DEFAULT", "", "", " FROM CURRENT"};
    bool reset = set->action == SET_RESET || set->action == SET_RESET_ALL;
    put(out, reset ? "RESET " : set->scope == SET_LOCAL ? "SET LOCAL " : "SET ");
    if (set->action == SET_RESET_ALL) {
        put(out, "ALL");
        return;
    }
    /* Time zones given as an interval have a grammar of their own. */
    bool interval = set->values.count == 1 && set->values.items[0]->kind == AST_CAST;
    if (interval)
        put(out, "TIME ZONE ");
    else
        print_setting_name(out, set->name);
    put_if(out, !interval, actions[set->action]);
    put_list(out, &set->values);
}

static void print_modes(TextBuilder *out, const AstTransactionModes *modes)
{
    static const char *const isolations[] = {
        "", " ISOLATION LEVEL READ UNCOMMITTED", " ISOLATION LEVEL READ COMMITTED",
        " ISOLATION LEVEL REPEATABLE READ", " ISOLATION LEVEL SERIALIZABLE"};
    static const char *const accesses[] = {"", " READ WRITE", " READ ONLY"};
    static const char *const deferrables[] = {"", " DEFERRABLE", " NOT DEFERRABLE"};
    put(out, isolations[modes->isolation]);
    put(out, accesses[modes->access]);
    put(out, deferrables[modes->deferrable]);
}

static void print_transaction(TextBuilder *out, const AstTransaction *transaction)
{
    static const char *const words[] = {
        "BEGIN",
        "START TRANSACTION",
        "COMMIT",
        "ROLLBACK",
        "SAVEPOINT",
        "RELEASE SAVEPOINT",
        "ROLLBACK TO SAVEPOINT",
        "PREPARE TRANSACTION",
        "COMMIT PREPARED",
        "ROLLBACK PREPARED",
    };
    put(out, words[transaction->command]);
    print_modes(out, &transaction->modes);
    put_if(out, transaction->chain, " AND CHAIN");
    if (transaction->command >= TRANSACTION_PREPARE) {
        put(out, " ");
        print_string(out, transaction->name);
    } else {
        put_word(out, " ", transaction->name);
    }
}

static void print_set_transaction(TextBuilder *out, const AstSetTransaction *set)
{
    put(out, set->session ? "SET SESSION CHARACTERISTICS AS TRANSACTION"
             : set->local ? "SET LOCAL TRANSACTION"
                          : "SET TRANSACTION");
    print_modes(out, &set->modes);
    if (set->snapshot.data) {
        put(out, " SNAPSHOT ");
        print_string(out, set->snapshot);
    }
}

static void print_declare(TextBuilder *out, const AstDeclare *declare)
{
    static const char *const scrolls[] = {"", " SCROLL", " NO SCROLL"};
    static const char *const sensitive[] = {"", " INSENSITIVE", " ASENSITIVE"};
    put_word(out, "DECLARE ", declare->name);
    put_if(out, declare->binary, " BINARY");
    put(out, sensitive[declare->insensitive]);
    put(out, scrolls[declare->scroll]);
    put(out, declare->hold ? " CURSOR WITH HOLD" : " CURSOR");
    put_clause(out, " FOR ", declare->query);
}

static void print_fetch(TextBuilder *out, const AstFetch *fetch)
{
    static const char *const words[] = {" FORWARD ", " BACKWARD ", " ABSOLUTE ", " RELATIVE "};
    put(out, fetch->move ? "MOVE" : "FETCH");
    put(out, words[fetch->direction]);
    if (fetch->count == FETCH_ALL && fetch->direction <= FETCH_BACKWARD)
        put(out, "ALL");
    else
        builder_format(out, "%d", fetch->count);
    put_word(out, " FROM ", fetch->cursor);
}

static void print_vacuum(TextBuilder *out, const AstVacuum *vacuum)
{
    put(out, vacuum->analyze ? "ANALYZE" : "VACUUM");
    put_optional_list(out, " ", &vacuum->options);
    put_list_clause(out, " ", &vacuum->targets);
}

static void print_lock(TextBuilder *out, const AstLock *lock)
{
    static const char *const modes[] = {
        "",      "ACCESS SHARE",        "ROW SHARE", "ROW EXCLUSIVE",   "SHARE UPDATE EXCLUSIVE",
        "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"};
    put_list_clause(out, "LOCK TABLE ", &lock->tables);
    builder_format(out, " IN %s MODE", modes[lock->mode]);
    put_if(out, lock->nowait, " NOWAIT");
}

static void print_notify(TextBuilder *out, const AstNotify *notify)
{
    put_word(out, "NOTIFY ", notify->channel);
    if (notify->payload.data) {
        put(out, ", ");
        print_string(out, notify->payload);
    }
}

static void print_do(TextBuilder *out, const AstDo *block)
{
    put(out, "DO");
    put_word(out, " LANGUAGE ", block->language);
    if (block->body.data) {
        put(out, " ");
        print_string(out, block->body);
    }
}

static void print_word(TextBuilder *out, const char *before, const AstWord *word, const char *all)
{
    put(out, before);
    if (word->name.data)
        print_identifier(out, word->name);
    else
        put(out, all);
}

static void print_prepare(TextBuilder *out, const AstPrepare *prepare)
{
    put_word(out, "PREPARE ", prepare->name);
    put_optional_list(out, " ", &prepare->types);
    put_clause(out, " AS ", prepare->statement);
}

static void print_discard(TextBuilder *out, AstDiscard what)
{
    static const char *const words[] = {"ALL", "PLANS", "SEQUENCES", "TEMP"};
    builder_format(out, "DISCARD %s", words[what]);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wswitch-enum" /* complete in ast_print(), which calls this */
void print_statement(TextBuilder *out, const Ast *ast)
{
    switch (ast->kind) {
    case AST_CREATE_TABLE:
        print_create_table(out, &ast->create_table);
        return;
    case AST_COLUMN_DEFINITION:
        print_column_definition(out, &ast->column_definition);
        return;
    case AST_CONSTRAINT:
        print_constraint(out, &ast->constraint);
        return;
    case AST_TABLE_LIKE:
        print_table_like(out, &ast->table_like);
        return;
    case AST_CREATE_TABLE_AS:
        print_create_table_as(out, &ast->create_table_as);
        return;
    case AST_CREATE_VIEW:
        print_create_view(out, &ast->create_view);
        return;
    case AST_REFRESH:
        print_refresh(out, &ast->refresh);
        return;
    case AST_CREATE_SCHEMA:
        print_create_schema(out, &ast->create_schema);
        return;
    case AST_CREATE_SEQUENCE:
        print_create_sequence(out, &ast->create_sequence);
        return;
    case AST_CREATE_INDEX:
        print_create_index(out, &ast->create_index);
        return;
    case AST_INDEX_ELEMENT:
        print_index_element(out, &ast->index_element);
        return;
    case AST_DROP:
        print_drop(out, &ast->drop);
        return;
    case AST_ALTER_TABLE:
        print_alter_table(out, &ast->alter_table);
        return;
    case AST_ALTER_ACTION:
        print_alter_action(out, &ast->alter_action);
        return;
    case AST_RENAME:
        print_rename(out, &ast->rename);
        return;
    case AST_ALTER_OBJECT:
        print_alter_object(out, &ast->alter_object);
        return;
    case AST_COMMENT:
        print_comment(out, &ast->comment);
        return;
    case AST_OPTION:
        print_option(out, &ast->option, " ");
        return;
    case AST_EXPLAIN:
        put(out, "EXPLAIN");
        put_optional_list(out, " ", &ast->explain.options);
        put_clause(out, " ", ast->explain.statement);
        return;
    case AST_SET:
        print_set(out, &ast->set);
        return;
    case AST_SHOW:
        put(out, "SHOW ");
        if (ast->show.name.data)
            print_setting_name(out, ast->show.name);
        else
            put(out, "ALL");
        return;
    case AST_SET_CONSTRAINTS:
        put(out, "SET CONSTRAINTS ");
        put_list(out, &ast->set_constraints.names);
        put_if(out, ast->set_constraints.names.count == 0, "ALL");
        put(out, ast->set_constraints.deferred ? " DEFERRED" : " IMMEDIATE");
        return;
    case AST_TRANSACTION:
        print_transaction(out, &ast->transaction);
        return;
    case AST_SET_TRANSACTION:
        print_set_transaction(out, &ast->set_transaction);
        return;
    case AST_PREPARE:
        print_prepare(out, &ast->prepare);
        return;
    case AST_EXECUTE:
        put_word(out, "EXECUTE ", ast->execute.name);
        put_optional_list(out, " ", &ast->execute.args);
        return;
    case AST_DEALLOCATE:
        print_word(out, "DEALLOCATE ", &ast->word, "ALL");
        return;
    case AST_DECLARE:
        print_declare(out, &ast->declare);
        return;
    case AST_FETCH:
        print_fetch(out, &ast->fetch);
        return;
    case AST_CLOSE:
        print_word(out, "CLOSE ", &ast->word, "ALL");
        return;
    case AST_DISCARD:
        print_discard(out, ast->discard.what);
        return;
    case AST_CHECKPOINT:
        put(out, "CHECKPOINT");
        return;
    case AST_VACUUM:
        print_vacuum(out, &ast->vacuum);
        return;
    case AST_VACUUM_TARGET:
        put_name(out, &ast->vacuum_target.name);
        put_optional_list(out, " ", &ast->vacuum_target.columns);
        return;
    case AST_LOCK:
        print_lock(out, &ast->lock);
        return;
    case AST_LISTEN:
        print_word(out, "LISTEN ", &ast->word, "");
        return;
    case AST_UNLISTEN:
        print_word(out, "UNLISTEN ", &ast->word, "*");
        return;
    case AST_NOTIFY:
        print_notify(out, &ast->notify);
        return;
    case AST_DO:
        print_do(out, &ast->do_block);
        return;
    case AST_CALL_PROCEDURE:
        put_clause(out, "CALL ", ast->call_procedure.call);
        return;
    case AST_UNSUPPORTED:
        builder_add(out, ast->unsupported.text);
        return;
    default:
        unreachable();
    }
}
#pragma GCC diagnostic pop
