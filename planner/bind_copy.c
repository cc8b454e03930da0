/* SPDX-License-Identifier: Apache-2.0
 *
 * COPY: its options, checked as PostgreSQL checks them, and the two directions: rows read into a
 * table, or a table or query written out.
 */
#include "planner/bind.h"

typedef struct CopyBind {
    Binder *b;
    const Ast *ast;
    CopyOptions *options;
    bool has_delimiter, has_null, has_quote, has_escape, has_format, has_header, has_encoding;
    const Ast *force_quote, *force_not_null, *force_null;
} CopyBind;

static Text option_text(CopyBind *copy, const Ast *option)
{
    const Ast *value = option->option.value;
    if (!value)
        query_fail_at(copy->b->q, option->offset, E_SYNTAX_ERROR, "%.*s requires a parameter",
                      TEXT_ARG(option->option.name));
    if (value->kind == AST_CONSTANT && value->constant.kind != CONSTANT_BOOLEAN)
        return value->constant.text;
    if (value->kind == AST_CONSTANT)
        return value->constant.boolean ? TEXT("true") : TEXT("false");
    if (value->kind == AST_IDENTIFIER)
        return value->identifier.name;
    if (value->kind == AST_NAME)
        return name_print(copy->b->q, value->name.name);
    if (value->kind == AST_TYPE)
        return value->type.name.parts[value->type.name.count - 1];
    query_fail_at(copy->b->q, option->offset, E_INVALID_PARAMETER_VALUE,
                  "argument to option \"%.*s\" must be a list of column names",
                  TEXT_ARG(option->option.name));
}

/* wanted: what the error says the option takes. */
static bool option_boolean(CopyBind *copy, const Ast *option, const char *wanted)
{
    static const char *const yes[] = {"true", "on", "1", "yes"};
    static const char *const no[] = {"false", "off", "0", "no"};
    if (!option->option.value)
        return true;
    Text text = option_text(copy, option);
    for (i32 i = 0; i < countof(yes); i++) {
        if (text_equal_ignoring_case(text, text_from(yes[i])))
            return true;
        if (text_equal_ignoring_case(text, text_from(no[i])))
            return false;
    }
    query_fail(copy->b->q, E_SYNTAX_ERROR, "%.*s requires %s", TEXT_ARG(option->option.name),
               wanted);
}

static void set_once(CopyBind *copy, const Ast *option, bool *has)
{
    if (*has)
        query_fail_at(copy->b->q, option->offset, E_SYNTAX_ERROR,
                      "conflicting or redundant options");
    *has = true;
}

static char option_byte(CopyBind *copy, const Ast *option, const char *what)
{
    Text text = option_text(copy, option);
    if (text.len != 1)
        query_fail(copy->b->q, E_FEATURE_NOT_SUPPORTED,
                   "COPY %s must be a single one-byte character", what);
    return text.data[0];
}

static void option_format(CopyBind *copy, const Ast *option)
{
    set_once(copy, option, &copy->has_format);
    Text format = option_text(copy, option);
    if (text_equal(format, TEXT("text")))
        copy->options->format = COPY_TEXT;
    else if (text_equal(format, TEXT("csv")))
        copy->options->format = COPY_CSV;
    else if (text_equal(format, TEXT("binary")))
        bind_unsupported(copy->b, option->offset, "COPY in binary format: such rows");
    else
        query_fail_at(copy->b->q, option->offset, E_INVALID_PARAMETER_VALUE,
                      "COPY format \"%.*s\" not recognized", TEXT_ARG(format));
}

static void option_header(CopyBind *copy, const Ast *option)
{
    set_once(copy, option, &copy->has_header);
    if (option->option.value &&
        text_equal_ignoring_case(option_text(copy, option), TEXT("match"))) {
        if (!copy->ast->copy.from)
            query_fail(copy->b->q, E_FEATURE_NOT_SUPPORTED,
                       "cannot use \"match\" with HEADER in COPY TO");
        copy->options->header = HEADER_MATCH;
        return;
    }
    copy->options->header = option_boolean(copy, option, "a Boolean value or \"match\"")
                                ? HEADER_WRITE_OR_SKIP
                                : HEADER_NONE;
}

/* SQL_ASCII is bytes without a meaning: what is read must still be UTF-8. */
static void option_encoding(CopyBind *copy, const Ast *option)
{
    set_once(copy, option, &copy->has_encoding);
    const Charset *charset = charset_find(option_text(copy, option));
    if (!charset)
        query_fail_at(copy->b->q, option->offset, E_INVALID_PARAMETER_VALUE,
                      "argument to option \"encoding\" must be a valid encoding name");
    copy->options->charset = charset->shape == SHAPE_NONE ? NULL : charset;
}

static void bind_option(CopyBind *copy, const Ast *option)
{
    Text name = option->option.name;
    CopyOptions *options = copy->options;
    if (text_equal(name, TEXT("format"))) {
        option_format(copy, option);
    } else if (text_equal(name, TEXT("delimiter"))) {
        set_once(copy, option, &copy->has_delimiter);
        options->delimiter = option_byte(copy, option, "delimiter");
    } else if (text_equal(name, TEXT("null"))) {
        set_once(copy, option, &copy->has_null);
        options->null = option_text(copy, option);
    } else if (text_equal(name, TEXT("header"))) {
        option_header(copy, option);
    } else if (text_equal(name, TEXT("quote"))) {
        set_once(copy, option, &copy->has_quote);
        options->quote = option_byte(copy, option, "quote");
    } else if (text_equal(name, TEXT("escape"))) {
        set_once(copy, option, &copy->has_escape);
        options->escape = option_byte(copy, option, "escape");
    } else if (text_equal(name, TEXT("force_quote"))) {
        copy->force_quote = option;
    } else if (text_equal(name, TEXT("force_not_null"))) {
        copy->force_not_null = option;
    } else if (text_equal(name, TEXT("force_null"))) {
        copy->force_null = option;
    } else if (text_equal(name, TEXT("encoding"))) {
        option_encoding(copy, option);
    } else if (text_equal(name, TEXT("freeze"))) {
        option_boolean(copy, option, "a Boolean value"); /* rows are always frozen here */
    } else {
        query_fail_at(copy->b->q, option->offset, E_SYNTAX_ERROR, "option \"%.*s\" not recognized",
                      TEXT_ARG(name));
    }
}

static void check_byte(CopyBind *copy, char byte, const char *what)
{
    if (byte == '\n' || byte == '\r')
        query_fail(copy->b->q, E_INVALID_PARAMETER_VALUE,
                   "COPY %s cannot be newline or carriage return", what);
}

/* The rules of PostgreSQL's ProcessCopyOptions, in its order. */
static void check_options(CopyBind *copy)
{
    Query *q = copy->b->q;
    CopyOptions *o = copy->options;
    bool csv = o->format == COPY_CSV;
    if (!copy->has_delimiter)
        o->delimiter = csv ? ',' : '\t';
    if (!copy->has_null)
        o->null = csv ? TEXT("") : TEXT("\\N");
    if (csv && !copy->has_quote)
        o->quote = '"';
    if (csv && !copy->has_escape)
        o->escape = o->quote;
    check_byte(copy, o->delimiter, "delimiter");
    if (text_find_byte(o->null, '\n') < o->null.len || text_find_byte(o->null, '\r') < o->null.len)
        query_fail(q, E_INVALID_PARAMETER_VALUE,
                   "COPY null representation cannot use newline or carriage return");
    if (!csv && strchr("\\.abcdefghijklmnopqrstuvwxyz0123456789", o->delimiter))
        query_fail(q, E_INVALID_PARAMETER_VALUE, "COPY delimiter cannot be \"%c\"", o->delimiter);
    if (!csv && copy->has_quote)
        query_fail(q, E_FEATURE_NOT_SUPPORTED, "COPY quote available only in CSV mode");
    if (csv && o->delimiter == o->quote)
        query_fail(q, E_INVALID_PARAMETER_VALUE, "COPY delimiter and quote must be different");
    if (!csv && copy->has_escape)
        query_fail(q, E_FEATURE_NOT_SUPPORTED, "COPY escape available only in CSV mode");
    if (!csv && copy->force_quote)
        query_fail(q, E_FEATURE_NOT_SUPPORTED, "COPY force quote available only in CSV mode");
    if (copy->force_quote && copy->ast->copy.from)
        query_fail(q, E_FEATURE_NOT_SUPPORTED, "COPY force quote only available using COPY TO");
    if (!csv && copy->force_not_null)
        query_fail(q, E_FEATURE_NOT_SUPPORTED, "COPY force not null available only in CSV mode");
    if (copy->force_not_null && !copy->ast->copy.from)
        query_fail(q, E_FEATURE_NOT_SUPPORTED,
                   "COPY force not null only available using COPY FROM");
    if (!csv && copy->force_null)
        query_fail(q, E_FEATURE_NOT_SUPPORTED, "COPY force null available only in CSV mode");
    if (copy->force_null && !copy->ast->copy.from)
        query_fail(q, E_FEATURE_NOT_SUPPORTED, "COPY force null only available using COPY FROM");
    if (text_find_byte(o->null, o->delimiter) < o->null.len)
        query_fail(q, E_FEATURE_NOT_SUPPORTED,
                   "COPY delimiter must not appear in the NULL specification");
    if (csv && text_find_byte(o->null, o->quote) < o->null.len)
        query_fail(q, E_FEATURE_NOT_SUPPORTED,
                   "CSV quote character must not appear in the NULL specification");
}

/* One flag per column for a list of names or *. */
static bool *column_flags(CopyBind *copy, const Ast *option, const Text *names, i32 count)
{
    if (!option)
        return NULL;
    Query *q = copy->b->q;
    bool *flags = make_array(q, bool, count);
    const Ast *value = option->option.value;
    if (value && value->kind == AST_STAR) {
        memset(flags, 1, (size_t)count);
        return flags;
    }
    for (i32 i = 0; value && value->kind == AST_ROW && i < value->row.items.count; i++) {
        Text name = value->row.items.items[i]->identifier.name;
        i32 at = 0;
        while (at < count && !text_equal(names[at], name))
            at++;
        if (at == count)
            query_fail(q, E_INVALID_COLUMN_REFERENCE, "%.*s column \"%.*s\" not referenced by COPY",
                       TEXT_ARG(option->option.name), TEXT_ARG(name));
        flags[at] = true;
    }
    return flags;
}

static void bind_options(CopyBind *copy)
{
    const AstList *list = &copy->ast->copy.options;
    for (i32 i = 0; i < list->count; i++)
        bind_option(copy, list->items[i]);
    check_options(copy);
}

static void apply_forces(CopyBind *copy, const Text *names, i32 count)
{
    copy->options->force_quote = column_flags(copy, copy->force_quote, names, count);
    copy->options->force_not_null = column_flags(copy, copy->force_not_null, names, count);
    copy->options->force_null = column_flags(copy, copy->force_null, names, count);
}

/* ---- COPY TO ---- */

/* The names that COPY lists, or those of all columns it writes; NULL: `*` means the same. */
static const AstList *copied_columns(Binder *b, const Ast *ast, const CatalogRelation *relation)
{
    const AstList *written = &ast->copy.columns;
    for (i32 i = 0; i < written->count; i++) {
        i32 at = catalog_column(relation, written->items[i]->identifier.name);
        if (at != CATALOG_NO_COLUMN)
            check_copied_column(b, &relation->columns[at]);
    }
    AstList *names = make(b->q, AstList);
    *names = (AstList){make_array(b->q, Ast *, relation->column_count), 0, relation->column_count};
    bool leaves_out = false;
    for (i32 i = 0; i < relation->column_count; i++) {
        leaves_out |= relation->columns[i].generated;
        if (relation->columns[i].generated || relation->columns[i].dropped)
            continue;
        Ast *name = names->items[names->count++] = make(b->q, Ast);
        name->kind = AST_IDENTIFIER;
        name->offset = -1;
        name->identifier.name = relation->columns[i].name;
    }
    return written->count ? written : leaves_out ? names : NULL;
}

static Ast *select_from_table(Binder *b, const Ast *ast, const AstList *names)
{
    Query *q = b->q;
    Ast *table = make(q, Ast);
    table->kind = AST_FROM_TABLE;
    table->offset = ast->offset;
    table->from_table.name = ast->copy.table;
    Ast *select = make(q, Ast);
    select->kind = AST_SELECT;
    select->offset = ast->offset;
    select->select.from.items = make_array(q, Ast *, 1);
    select->select.from.items[0] = table;
    select->select.from.count = 1;
    i32 columns = names ? names->count : 1;
    select->select.targets.items = make_array(q, Ast *, columns + 1);
    for (i32 i = 0; i < columns; i++) {
        Ast *target = make(q, Ast), *item = make(q, Ast);
        target->kind = AST_TARGET;
        target->offset = item->offset = ast->offset;
        target->target.expr = item;
        item->kind = AST_STAR;
        if (names) {
            item->kind = AST_COLUMN;
            item->column.name = (Name){&names->items[i]->identifier.name, 1, -1};
        }
        select->select.targets.items[select->select.targets.count++] = target;
    }
    Ast *query = make(q, Ast);
    query->kind = AST_QUERY;
    query->offset = ast->offset;
    query->query.body = select;
    return query;
}

/* COPY table TO. */
static const Ast *query_of_table(Binder *b, const Ast *ast)
{
    const CatalogRelation *relation = bind_find_relation(b, ast->copy.table);
    if (relation->kind == RELATION_VIEW) {
        Error error;
        error_set(&error, E_WRONG_OBJECT_TYPE, "cannot copy from view \"%.*s\"",
                  TEXT_ARG(relation->name));
        error_hint(&error, "Try the COPY (SELECT ...) TO variant.");
        query_rethrow(b->q, &error);
    }
    if (relation->kind == RELATION_SEQUENCE)
        query_fail(b->q, E_WRONG_OBJECT_TYPE, "cannot copy from sequence \"%.*s\"",
                   TEXT_ARG(relation->name));
    return select_from_table(b, ast, copied_columns(b, ast, relation));
}

/* COPY (statement) TO: a query, or a change with RETURNING. */
static void check_copied_statement(Binder *b, const Ast *ast)
{
    const AstList *returning = ast->kind == AST_INSERT   ? &ast->insert.returning
                               : ast->kind == AST_UPDATE ? &ast->update.returning
                               : ast->kind == AST_DELETE ? &ast->delete.returning
                                                         : NULL;
    if (returning && returning->count == 0)
        query_fail(b->q, E_FEATURE_NOT_SUPPORTED, "COPY query must have a RETURNING clause");
    if (ast->kind == AST_QUERY && query_into(ast))
        query_fail(b->q, E_FEATURE_NOT_SUPPORTED, "COPY (SELECT INTO) is not supported");
}

static void bind_copy_out(CopyBind *copy)
{
    Binder *b = copy->b;
    const Ast *ast = copy->ast;
    if (ast->copy.where)
        query_fail_at(b->q, ast->offset, E_SYNTAX_ERROR, "WHERE clause not allowed with COPY TO");
    const Ast *query = ast->copy.query ? ast->copy.query : query_of_table(b, ast);
    check_copied_statement(b, query);
    Bound *outer = b->bound;
    outer->kind = BOUND_COMMAND;
    outer->tag = "COPY";
    outer->inner = make(b->q, Bound);
    Binder inner = {
        .q = b->q, .view = b->view, .env = b->env, .text = b->text, .bound = outer->inner};
    bind_statement(&inner, query);
    PlanCommand *command = &outer->command;
    command->kind = COMMAND_COPY_OUT;
    command->tag = "COPY";
    const Bound *bound = outer->inner;
    bool query_rows = bound->kind == BOUND_QUERY;
    i32 count = query_rows ? bound->query->visible_count : bound->returning_count;
    const BoundTarget *targets = query_rows ? bound->query->targets : bound->returning;
    command->copy_names = make_array(b->q, Text, count);
    for (i32 i = 0; i < count; i++)
        command->copy_names[i] = targets[i].name;
    apply_forces(copy, command->copy_names, count);
    command->copy = *copy->options;
    for (i32 i = 0; i < outer->inner->use_count; i++) {
        const BoundUse *use = &outer->inner->uses[i];
        bind_use(b, catalog_relation(b->q, b->view, use->oid), use->privileges);
    }
}

/* ---- COPY FROM ---- */

static void bind_copy_in(CopyBind *copy)
{
    Binder *b = copy->b;
    const Ast *ast = copy->ast;
    bind_copy_target(b, ast);
    PlanCopyIn *in = &b->bound->copy_in;
    apply_forces(copy, in->column_names, in->field_count);
    in->options = *copy->options;
}

void bind_copy(Binder *b, const Ast *ast)
{
    if (ast->copy.end != COPY_STANDARD)
        query_fail_at(b->q, ast->offset, E_FEATURE_NOT_SUPPORTED,
                      ast->copy.end == COPY_PROGRAM
                          ? "COPY to or from a program is not supported"
                          : "COPY to or from a file on the server is not supported yet");
    CopyOptions options = {.format = COPY_TEXT};
    Ast *unplaced = make(b->q, Ast); /* errors about COPY's table carry no position */
    memcpy(unplaced, ast, offsetof(Ast, copy) + sizeof ast->copy); /* nodes end with their kind */
    unplaced->copy.table.offset = -1;
    CopyBind copy = {.b = b, .ast = unplaced, .options = &options};
    bind_options(&copy);
    if (unplaced->copy.from)
        bind_copy_in(&copy);
    else
        bind_copy_out(&copy);
}
