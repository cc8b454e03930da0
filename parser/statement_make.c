/* SPDX-License-Identifier: Apache-2.0
 *
 * Constructors for definitions and session statements, and the run of the parser itself.
 *
 * The SQL spellings of settings and the old COPY words are turned here into the one form the
 * server knows (settings by name, COPY options by name).
 */
#include "parser/ast_make.h"

#include "parser/grammar.h"

/* ---- The run ---- */

void build_see(Builder *g, const Token *token)
{
    g->token = token->offset;
    if (g->start == NO_START)
        g->start = token->offset;
}

void build_statement(Builder *g, Ast *ast)
{
    make_room(g->q, g->statements, g->count, &g->capacity);
    Text text = text_trim(text_slice(g->lexer.text, g->start, g->token));
    g->statements[g->count++] = (RawStatement){ast, text, g->start};
}

_Noreturn void build_syntax_error(const Builder *g, i32 kind)
{
    (void)kind;
    lexer_fail(&g->lexer, g->token, g->lexer.end, "syntax error");
}

_Noreturn void build_overflow(const Builder *g)
{
    query_fail(g->q, E_STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
}

_Noreturn void refuse_feature(const Builder *g, const Token *at, const char *message)
{
    query_fail_at(g->q, at->offset, E_FEATURE_NOT_SUPPORTED, "%s", message);
}

static _Noreturn void fail_with_hint(const Builder *g, i32 offset, const char *message,
                                     const char *hint)
{
    Error *error = &g->q->error;
    error_set(error, E_SYNTAX_ERROR, "%s", message);
    error_hint(error, "%s", hint);
    error->position = offset + 1;
    query_rethrow(g->q, error);
}

_Noreturn void refuse_limit_comma(const Builder *g, const Token *at)
{
    fail_with_hint(g, at->offset, "LIMIT #,# syntax is not supported",
                   "Use separate LIMIT and OFFSET clauses.");
}

Text role_name(const Builder *g, const Token *written)
{
    if (text_equal(written->text, TEXT("none")))
        query_fail_at(g->q, written->offset, E_RESERVED_NAME, "role name \"none\" is reserved");
    return written->text;
}

_Noreturn void refuse_generated(const Builder *g, const Token *at)
{
    query_fail_at(g->q, at->offset, E_SYNTAX_ERROR,
                  "for a generated column, GENERATED ALWAYS must be specified");
}

/* ---- Options, COPY ---- */

Ast *option_make(Builder *g, const Token *at, const char *name, Ast *value)
{
    return NODE(AST_OPTION, at->offset, option, .name = text_from(name), .value = value);
}

Ast *word_option(Builder *g, const Token *at, const char *name, const char *word)
{
    Ast *value = NODE(AST_IDENTIFIER, at->offset, identifier, text_from(word));
    return option_make(g, at, name, value);
}

Ast *copy_make(Builder *g, const Token *at, Name table, AstList columns, bool from, bool program,
               CopyEnd end, AstList options, Ast *where)
{
    if (program && !end.file.data)
        query_fail(g->q, E_SYNTAX_ERROR, "STDIN/STDOUT not allowed with PROGRAM");
    if (where && !from)
        fail_with_hint(g, where->offset, "WHERE clause not allowed with COPY TO",
                       "Try the COPY (SELECT ... WHERE ...) TO variant.");
    AstCopyEnd kind = program ? COPY_PROGRAM : end.file.data ? COPY_FILE : COPY_STANDARD;
    return NODE(AST_COPY, at->offset, copy, .table = table, .columns = columns, .from = from,
                .end = kind, .file = end.file, .options = options,
                .where = where ? where->target.expr : NULL);
}

AstList copy_old_options(Builder *g, Ast *binary, Ast *delimiter, AstList options)
{
    AstList list = list_of_four(g, binary, delimiter, NULL, NULL);
    if (list.count == 0)
        return options;
    for (i32 i = 0; i < options.count; i++)
        list = list_add(g, list, options.items[i]);
    return list;
}

/* ---- Tables ---- */

Ast *constraint_make(Builder *g, const Token *at, AstConstraintKind kind, Ast *expr)
{
    return NODE(AST_CONSTRAINT, at->offset, constraint, .kind = kind, .expr = expr);
}

Ast *constraint_name(Ast *constraint, const Token *at, const Token *name)
{
    constraint->offset = at->offset;
    constraint->constraint.name = name->text;
    return constraint;
}

static const char *const attribute_words[] = {
    [ATTRIBUTE_DEFERRABLE] = "DEFERRABLE",       [ATTRIBUTE_NOT_DEFERRABLE] = "NOT DEFERRABLE",
    [ATTRIBUTE_DEFERRED] = "INITIALLY DEFERRED", [ATTRIBUTE_IMMEDIATE] = "INITIALLY IMMEDIATE",
    [ATTRIBUTE_NOT_VALID] = "NOT VALID",         [ATTRIBUTE_NO_INHERIT] = "NO INHERIT",
};

/* An AST_OPTION; which attribute it is stands in the constant it carries. */
Ast *attribute_make(Builder *g, const Token *at, ConstraintAttribute attribute)
{
    Ast *number = integer_make(g, (i32)attribute, at->offset);
    return option_make(g, at, attribute_words[attribute], number);
}

static ConstraintAttribute attribute_of(const Ast *option)
{
    return (ConstraintAttribute)(option->option.value->constant.text.data[0] - '0');
}

static bool attribute_allowed(const AstConstraint *constraint, ConstraintAttribute attribute)
{
    bool foreign = constraint->kind == AST_CONSTRAINT_FOREIGN_KEY;
    bool check = constraint->kind == AST_CONSTRAINT_CHECK;
    bool unique =
        constraint->kind == AST_CONSTRAINT_UNIQUE || constraint->kind == AST_CONSTRAINT_PRIMARY_KEY;
    switch (attribute) {
    case ATTRIBUTE_DEFERRABLE:
    case ATTRIBUTE_DEFERRED:
        return foreign || unique;
    case ATTRIBUTE_NOT_VALID:
        return foreign || check;
    case ATTRIBUTE_NO_INHERIT:
        return check;
    case ATTRIBUTE_NOT_DEFERRABLE:
    case ATTRIBUTE_IMMEDIATE:
        return true;
    }
    unreachable();
}

static const char *constraint_word(AstConstraintKind kind)
{
    return kind == AST_CONSTRAINT_CHECK         ? "CHECK"
           : kind == AST_CONSTRAINT_UNIQUE      ? "UNIQUE"
           : kind == AST_CONSTRAINT_PRIMARY_KEY ? "PRIMARY KEY"
                                                : "FOREIGN KEY";
}

static void attribute_set(AstConstraint *constraint, ConstraintAttribute attribute)
{
    switch (attribute) {
    case ATTRIBUTE_DEFERRED:
        constraint->deferred = true;
        constraint->deferrable = true;
        return;
    case ATTRIBUTE_DEFERRABLE:
        constraint->deferrable = true;
        return;
    case ATTRIBUTE_NOT_VALID:
        constraint->not_valid = true;
        return;
    case ATTRIBUTE_NO_INHERIT:
        constraint->no_inherit = true;
        return;
    case ATTRIBUTE_NOT_DEFERRABLE:
    case ATTRIBUTE_IMMEDIATE:
        return;
    }
}

Ast *attributes_apply(Builder *g, Ast *constraint, AstList attributes)
{
    u32 seen = 0;
    for (i32 i = 0; i < attributes.count; i++) {
        const Ast *option = attributes.items[i];
        ConstraintAttribute attribute = attribute_of(option);
        seen |= 1u << attribute;
        bool deferrable_clash = (seen >> ATTRIBUTE_NOT_DEFERRABLE & 1) &&
                                (seen & (1u << ATTRIBUTE_DEFERRABLE | 1u << ATTRIBUTE_DEFERRED));
        bool initial_clash = (seen >> ATTRIBUTE_DEFERRED & 1) && (seen >> ATTRIBUTE_IMMEDIATE & 1);
        if ((seen >> ATTRIBUTE_NOT_DEFERRABLE & 1) && (seen >> ATTRIBUTE_DEFERRED & 1))
            query_fail_at(g->q, option->offset, E_SYNTAX_ERROR,
                          "constraint declared INITIALLY DEFERRED must be DEFERRABLE");
        if (deferrable_clash || initial_clash)
            query_fail_at(g->q, option->offset, E_SYNTAX_ERROR,
                          "conflicting constraint properties");
    }
    for (i32 i = 0; i < attributes.count; i++) {
        ConstraintAttribute attribute = attribute_of(attributes.items[i]);
        const char *word =
            attribute == ATTRIBUTE_DEFERRED ? "DEFERRABLE" : attribute_words[attribute];
        if (!attribute_allowed(&constraint->constraint, attribute))
            query_fail(g->q, E_FEATURE_NOT_SUPPORTED, "%s constraints cannot be marked %s",
                       constraint_word(constraint->constraint.kind), word);
        attribute_set(&constraint->constraint, attribute);
    }
    return constraint;
}

Ast *altered_constraint_make(Builder *g, const Token *name, AstList attributes)
{
    for (i32 i = 0; i < attributes.count; i++)
        if (attribute_of(attributes.items[i]) == ATTRIBUTE_NOT_VALID)
            query_fail(g->q, E_FEATURE_NOT_SUPPORTED,
                       "FOREIGN KEY constraints cannot be marked NOT VALID");
    Ast *constraint = NODE(AST_CONSTRAINT, name->offset, constraint,
                           .kind = AST_CONSTRAINT_FOREIGN_KEY, .name = name->text);
    return attributes_apply(g, constraint, attributes);
}

/* DEFERRABLE may be written once behind a constraint, INITIALLY once. */
static void check_written_once(Builder *g, const AstConstraint *constraint, const Ast *option)
{
    enum {
        DEFERRABILITY = 1 << ATTRIBUTE_DEFERRABLE | 1 << ATTRIBUTE_NOT_DEFERRABLE,
        INITIALLY = 1 << ATTRIBUTE_DEFERRED | 1 << ATTRIBUTE_IMMEDIATE,
    };
    u32 seen = constraint->attributes, fresh = 1u << attribute_of(option), both = seen | fresh;
    const char *what = (fresh & DEFERRABILITY) && (seen & DEFERRABILITY)
                           ? "multiple DEFERRABLE/NOT DEFERRABLE clauses not allowed"
                       : (fresh & INITIALLY) && (seen & INITIALLY)
                           ? "multiple INITIALLY IMMEDIATE/DEFERRED clauses not allowed"
                       : (both >> ATTRIBUTE_NOT_DEFERRABLE & 1) && (both >> ATTRIBUTE_DEFERRED & 1)
                           ? "constraint declared INITIALLY DEFERRED must be DEFERRABLE"
                           : NULL;
    if (what)
        query_fail_at(g->q, option->offset, E_SYNTAX_ERROR, "%s", what);
}

/* In a column definition attributes belong to the constraint written just before. */
AstList qualifier_add(Builder *g, AstList list, Ast *qualifier)
{
    if (qualifier->kind != AST_OPTION)
        return list_add(g, list, qualifier);
    ConstraintAttribute attribute = attribute_of(qualifier);
    Ast *last = list.count ? list.items[list.count - 1] : NULL;
    bool fits = last && last->kind == AST_CONSTRAINT &&
                attribute_allowed(&last->constraint, ATTRIBUTE_DEFERRABLE);
    if (!fits)
        query_fail_at(g->q, qualifier->offset, E_SYNTAX_ERROR, "misplaced %s clause",
                      attribute_words[attribute]);
    check_written_once(g, &last->constraint, qualifier);
    last->constraint.attributes |= 1u << attribute;
    attribute_set(&last->constraint, attribute);
    return list;
}

Ast *column_definition_make(Builder *g, const Token *name, Ast *type, Text compression,
                            AstList qualifiers)
{
    Ast *column = NODE(AST_COLUMN_DEFINITION, name->offset, column_definition, .name = name->text,
                       .type = type, .compression = compression);
    for (i32 i = 0; i < qualifiers.count; i++) {
        Ast *qualifier = qualifiers.items[i];
        AstColumnDefinition *definition = &column->column_definition;
        if (qualifier->kind != AST_COLLATE) {
            definition->constraints = list_add(g, definition->constraints, qualifier);
            continue;
        }
        if (definition->collation.count)
            query_fail_at(g->q, qualifier->offset, E_SYNTAX_ERROR,
                          "multiple COLLATE clauses not allowed");
        definition->collation = qualifier->collate.collation;
        definition->collation.offset = qualifier->offset;
    }
    return column;
}

Ast *key_actions_make(Builder *g, const KeyAction *update, const KeyAction *delete_action)
{
    Ast *actions = NODE(AST_CONSTRAINT, 0, constraint, .kind = AST_CONSTRAINT_FOREIGN_KEY);
    if (update) {
        if (update->columns.count)
            query_fail_at(g->q, update->offset, E_FEATURE_NOT_SUPPORTED,
                          "a column list with %s is only supported for ON DELETE actions",
                          update->action == REFERENTIAL_SET_NULL ? "SET NULL" : "SET DEFAULT");
        actions->constraint.on_update = update->action;
    }
    if (delete_action) {
        actions->constraint.on_delete = delete_action->action;
        actions->constraint.delete_columns = delete_action->columns;
    }
    return actions;
}

Ast *foreign_key_make(Builder *g, const Token *at, AstList columns, Name references,
                      AstList foreign_columns, AstMatch match, Ast *actions)
{
    (void)g;
    AstConstraint *constraint = &actions->constraint;
    actions->offset = at->offset;
    constraint->columns = columns;
    constraint->references = references;
    constraint->foreign_columns = foreign_columns;
    constraint->match = match;
    return actions;
}

void note_global_word(Builder *g, const Token *word)
{
    i32 *words = make_array(g->q, i32, g->global_word_count + 1);
    if (g->global_word_count)
        memcpy(words, g->global_words, (size_t)g->global_word_count * sizeof *words);
    words[g->global_word_count++] = (i32)word->offset;
    g->global_words = words;
}

Ast *create_as_make(const Token *at, Ast *target, AstPersistence persistence, Ast *query,
                    bool no_data)
{
    target->offset = at->offset;
    target->create_table_as.persistence = persistence;
    target->create_table_as.query = query;
    target->create_table_as.no_data = no_data;
    return target;
}

Ast *recursive_view(Builder *g, Ast *view)
{
    if (view->create_view.check != CHECK_NONE)
        query_fail(g->q, E_FEATURE_NOT_SUPPORTED,
                   "WITH CHECK OPTION not supported on recursive views");
    return view;
}

Ast *create_schema_make(Builder *g, const Token *at, Text name, Text role, bool if_not_exists,
                        AstList elements)
{
    if (if_not_exists && elements.count)
        query_fail_at(g->q, elements.items[0]->offset, E_FEATURE_NOT_SUPPORTED,
                      "CREATE SCHEMA IF NOT EXISTS cannot include schema elements");
    return NODE(AST_CREATE_SCHEMA, at->offset, create_schema, name, role, if_not_exists, elements);
}

Ast *create_index_make(const Token *at, bool unique, bool concurrently, Ast *index,
                       bool nulls_not_distinct, Ast *where)
{
    index->offset = at->offset;
    index->create_index.unique = unique;
    index->create_index.concurrently = concurrently;
    index->create_index.nulls_not_distinct = nulls_not_distinct;
    index->create_index.where = where;
    return index;
}

Ast *index_element_make(Ast *element, Name collation, const Ast *operator_class,
                        AstDirection direction, AstNulls nulls)
{
    AstIndexElement *index = &element->index_element;
    index->collation = collation;
    index->direction = direction;
    index->nulls = nulls;
    if (operator_class) {
        index->operator_class = operator_class->index_element.operator_class;
        index->options = operator_class->index_element.options;
    }
    return element;
}

Ast *alter_target_make(Builder *g, AstObjectKind object, Name name, bool if_exists)
{
    Ast *table = NODE(AST_FROM_TABLE, name.offset, from_table, .name = relation_name(g, name));
    return NODE(AST_ALTER_TABLE, name.offset, alter_table, .object = object, .table = table,
                .if_exists = if_exists);
}

/* rest: the actions, a rename or SET SCHEMA, still without what it is about. */
Ast *alter_make(Builder *g, const Token *at, Ast *target, Ast *rest)
{
    (void)g;
    const AstAlterTable what = target->alter_table;
    if (rest->kind == AST_RENAME) {
        rest->rename.relation = what.object;
        if (rest->rename.object == OBJECT_TABLE)
            rest->rename.object = what.object;
        rest->rename.table = what.table;
        rest->rename.if_exists = what.if_exists;
    } else if (rest->kind == AST_ALTER_OBJECT) {
        rest->alter_object.object = what.object;
        rest->alter_object.name = what.table->from_table.name;
        rest->alter_object.if_exists = what.if_exists;
    } else {
        AstList actions = rest->alter_table.actions;
        rest->alter_table = what;
        rest->alter_table.actions = actions;
    }
    rest->offset = at->offset;
    return rest;
}

/* ---- Session ---- */

Ast *explain_make(Builder *g, const Token *at, AstList options, Ast *statement)
{
    return NODE(AST_EXPLAIN, at->offset, explain, options, statement);
}

Ast *set_local(Ast *set, const Token *at)
{
    set->offset = at->offset;
    if (set->kind == AST_SET)
        set->set.scope = SET_LOCAL;
    else
        set->set_transaction.local = true;
    return set;
}

Ast *setting_make(Builder *g, const char *name, Ast *value)
{
    AstList values = value ? list_one(g, value) : list_none();
    return NODE(AST_SET, 0, set, .action = value ? SET_VALUES : SET_TO_DEFAULT,
                .name = text_from(name), .values = values);
}

Text setting_dot(Builder *g, Text name, const Token *part)
{
    return query_format(g->q, "%.*s.%.*s", TEXT_ARG(name), TEXT_ARG(part->text));
}

AstTransactionModes modes_join(AstTransactionModes first, AstTransactionModes then)
{
    if (then.isolation != ISOLATION_DEFAULT)
        first.isolation = then.isolation;
    if (then.access != ACCESS_DEFAULT)
        first.access = then.access;
    if (then.deferrable != DEFERRABLE_DEFAULT)
        first.deferrable = then.deferrable;
    return first;
}

Ast *declare_make(const Token *at, const Token *name, Ast *options, bool hold, Ast *query)
{
    options->offset = at->offset;
    options->declare.name = name->text;
    options->declare.hold = hold;
    options->declare.query = query;
    return options;
}

Ast *fetch_make(Builder *g, const Token *cursor, AstFetchDirection direction, i32 count)
{
    return NODE(AST_FETCH, cursor->offset, fetch, .cursor = cursor->text, .direction = direction,
                .count = count);
}

Ast *do_join(Builder *g, Ast *left, Ast *right)
{
    bool twice = (left->do_block.body.data && right->do_block.body.data) ||
                 (left->do_block.language.data && right->do_block.language.data);
    if (twice)
        query_fail_at(g->q, right->offset, E_SYNTAX_ERROR, "conflicting or redundant options");
    if (right->do_block.body.data)
        left->do_block.body = right->do_block.body;
    if (right->do_block.language.data)
        left->do_block.language = right->do_block.language;
    return left;
}

Token token_say(const Token *token, const char *words)
{
    Token said = *token;
    said.text = text_from(words);
    return said;
}

static void add_word(TextBuilder *builder, const Token *token)
{
    if (!token)
        return;
    if (builder->len)
        builder_byte(builder, ' ');
    for (i64 i = 0; i < token->text.len; i++) {
        char c = token->text.data[i];
        builder_byte(builder, c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
    }
}

Ast *unsupported_make(Builder *g, const Token *a, const Token *b, const Token *c)
{
    TextBuilder feature;
    builder_open(&feature, g->q, g->q->arena);
    add_word(&feature, a);
    add_word(&feature, b);
    add_word(&feature, c);
    Text text = text_trim(text_slice(g->lexer.text, a->offset, g->token));
    return NODE(AST_UNSUPPORTED, a->offset, unsupported, builder_text(&feature), text);
}
