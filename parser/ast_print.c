/* SPDX-License-Identifier: Apache-2.0
 *
 * Trees back to SQL: expressions and types here, the rest in ast_print_query.c and
 * ast_print_statement.c.
 *
 * The law: parse(print(x)) equals x in everything but offsets. Operands that are not primaries
 * are put in parentheses, so precedence never matters; parentheses leave no trace in a tree.
 * Recursion goes as deep as the tree is; stack_check answers 54001.
 */
#include "parser/ast_print.h"

void put(TextBuilder *out, const char *words)
{
    builder_add(out, text_from(words));
}

void put_if(TextBuilder *out, bool condition, const char *words)
{
    if (condition)
        put(out, words);
}

void put_name(TextBuilder *out, const Name *name)
{
    for (i32 i = 0; i < name->count; i++) {
        put_if(out, i > 0, ".");
        print_identifier(out, name->parts[i]);
    }
}

void put_list(TextBuilder *out, const AstList *list)
{
    for (i32 i = 0; i < list->count; i++) {
        put_if(out, i > 0, ", ");
        ast_print(out, list->items[i]);
    }
}

void put_in_parens(TextBuilder *out, const AstList *list)
{
    put(out, "(");
    put_list(out, list);
    put(out, ")");
}

void put_optional_list(TextBuilder *out, const char *before, const AstList *list)
{
    if (list->count == 0)
        return;
    put(out, before);
    put_in_parens(out, list);
}

void put_clause(TextBuilder *out, const char *before, const Ast *ast)
{
    if (!ast)
        return;
    put(out, before);
    ast_print(out, ast);
}

void put_list_clause(TextBuilder *out, const char *before, const AstList *list)
{
    if (list->count == 0)
        return;
    put(out, before);
    put_list(out, list);
}

void put_word(TextBuilder *out, const char *before, Text name)
{
    if (!name.data)
        return;
    put(out, before);
    print_identifier(out, name);
}

static bool is_primary_call(AstCallForm form)
{
    return form != CALL_AT_TIME_ZONE && form != CALL_OVERLAPS && form != CALL_IS_NORMALIZED;
}

static bool is_primary(const Ast *ast)
{
    if (ast->kind == AST_CONSTANT)
        return ast->constant.text.len == 0 || ast->constant.text.data[0] != '-' ||
               ast->constant.kind == CONSTANT_STRING;
    if (ast->kind == AST_CALL)
        return is_primary_call(ast->call.form);
    if (ast->kind == AST_CAST)
        return ast->cast.form != CAST_COLONS;
    return ast->kind == AST_COLUMN || ast->kind == AST_PARAMETER || ast->kind == AST_CASE ||
           ast->kind == AST_COALESCE || ast->kind == AST_NULLIF || ast->kind == AST_GREATEST ||
           ast->kind == AST_LEAST || ast->kind == AST_SQL_VALUE || ast->kind == AST_GROUPING ||
           ast->kind == AST_XML || ast->kind == AST_EXISTS || ast->kind == AST_SUBQUERY ||
           ast->kind == AST_ARRAY_QUERY || ast->kind == AST_ARRAY || ast->kind == AST_ROW ||
           ast->kind == AST_FIELD || ast->kind == AST_SUBSCRIPT || ast->kind == AST_STAR;
}

void put_operand(TextBuilder *out, const Ast *ast)
{
    bool bare = is_primary(ast);
    put_if(out, !bare, "(");
    ast_print(out, ast);
    put_if(out, !bare, ")");
}

void ast_print_operand(TextBuilder *builder, const Ast *ast)
{
    put_operand(builder, ast);
}

void put_operator_name(TextBuilder *out, const Name *name, bool spelled)
{
    put_if(out, spelled, "OPERATOR(");
    for (i32 i = 0; i + 1 < name->count; i++) {
        print_identifier(out, name->parts[i]);
        put(out, ".");
    }
    builder_add(out, name->parts[name->count - 1]);
    put_if(out, spelled, ")");
}

static void print_constant(TextBuilder *out, const AstConstant *constant)
{
    switch (constant->kind) {
    case CONSTANT_NULL:
        put(out, "NULL");
        return;
    case CONSTANT_BOOLEAN:
        put(out, constant->boolean ? "true" : "false");
        return;
    case CONSTANT_INTEGER:
    case CONSTANT_NUMERIC:
        builder_add(out, constant->text);
        return;
    case CONSTANT_STRING:
        print_string(out, constant->text);
        return;
    case CONSTANT_BITS:
    case CONSTANT_HEX:
        put(out, constant->kind == CONSTANT_BITS ? "B" : "X");
        builder_format(out, "'%.*s'", TEXT_ARG(constant->text));
        return;
    }
}

static void print_operator(TextBuilder *out, const AstOperator *op)
{
    if (op->left) {
        put_operand(out, op->left);
        put(out, " ");
    }
    put_operator_name(out, &op->name, op->spelled);
    put(out, " ");
    put_operand(out, op->right);
}

static void print_chain(TextBuilder *out, const AstList *list, const char *between)
{
    for (i32 i = 0; i < list->count; i++) {
        put_if(out, i > 0, between);
        put_operand(out, list->items[i]);
    }
}

static void print_is(TextBuilder *out, const AstIs *is)
{
    static const char *const tests[] = {"NULL", "TRUE", "FALSE", "UNKNOWN", "DOCUMENT"};
    put_operand(out, is->operand);
    put(out, is->negated ? " IS NOT " : " IS ");
    put(out, tests[is->test]);
}

static void print_between(TextBuilder *out, const AstBetween *between)
{
    put_operand(out, between->operand);
    put(out, between->negated ? " NOT BETWEEN " : " BETWEEN ");
    put_if(out, between->symmetric, "SYMMETRIC ");
    put_operand(out, between->low);
    put(out, " AND ");
    put_operand(out, between->high);
}

static void print_like(TextBuilder *out, const AstLike *like)
{
    static const char *const words[] = {"LIKE ", "ILIKE ", "SIMILAR TO "};
    put_operand(out, like->operand);
    put(out, like->negated ? " NOT " : " ");
    put(out, words[like->kind]);
    put_operand(out, like->pattern);
    if (like->escape) {
        put(out, " ESCAPE ");
        put_operand(out, like->escape);
    }
}

static void print_quantified(TextBuilder *out, const AstQuantified *quantified)
{
    put_operand(out, quantified->left);
    put(out, " ");
    put_operator_name(out, &quantified->op, quantified->op.count > 1);
    put(out, quantified->all ? " ALL (" : " ANY (");
    ast_print(out, quantified->right);
    put(out, ")");
}

/* ---- Types ---- */

typedef struct SystemType {
    const char *name;  /* pg_catalog's */
    const char *words; /* before the modifiers */
    const char *after; /* behind the modifiers */
} SystemType;

static const SystemType system_types[] = {
    {"int2", "smallint", ""},
    {"int4", "integer", ""},
    {"int8", "bigint", ""},
    {"float4", "real", ""},
    {"float8", "double precision", ""},
    {"numeric", "numeric", ""},
    {"bool", "boolean", ""},
    {"bpchar", "character", ""},
    {"varchar", "character varying", ""},
    {"bit", "bit", ""},
    {"varbit", "bit varying", ""},
    {"timestamp", "timestamp", ""},
    {"timestamptz", "timestamp", " with time zone"},
    {"time", "time", ""},
    {"timetz", "time", " with time zone"},
    {"interval", "interval", ""},
};

static const SystemType *system_type_find(const AstType *type)
{
    for (i32 i = 0; i < countof(system_types); i++)
        if (text_equal(type->name.parts[1], text_from(system_types[i].name)))
            return &system_types[i];
    unreachable();
}

static void print_interval_fields(TextBuilder *out, const AstType *type)
{
    static const char *const names[] = {"year", "month", "day", "hour", "minute", "second"};
    i32 fields = type->interval_fields;
    if (fields == 0)
        return;
    i32 first = __builtin_ctz((u32)fields), last = 31 - __builtin_clz((u32)fields);
    builder_format(out, " %s", names[first]);
    if (last != first)
        builder_format(out, " to %s", names[last]);
    if (type->precision != NO_PRECISION)
        builder_format(out, "(%d)", type->precision);
}

/* The name with its modifiers, without interval fields and brackets. */
static void print_type_name(TextBuilder *out, const AstType *type)
{
    if (!type->system) {
        put_name(out, &type->name);
        put_optional_list(out, "", &type->modifiers);
        return;
    }
    const SystemType *words = system_type_find(type);
    put(out, words->words);
    put_optional_list(out, "", &type->modifiers);
    put(out, words->after);
    if (type->precision != NO_PRECISION && type->interval_fields == 0)
        builder_format(out, "(%d)", type->precision);
}

static void print_type(TextBuilder *out, const AstType *type)
{
    put_if(out, type->setof, "SETOF ");
    print_type_name(out, type);
    print_interval_fields(out, type);
    for (i32 i = 0; i < type->bounds.count; i++) {
        put(out, "[");
        put_clause(out, "", type->bounds.items[i]);
        put(out, "]");
    }
}

static void print_cast(TextBuilder *out, const AstCast *cast)
{
    switch (cast->form) {
    case CAST_COLONS:
        put_operand(out, cast->operand);
        put(out, "::");
        ast_print(out, cast->type);
        return;
    case CAST_WORD:
        put(out, "CAST(");
        ast_print(out, cast->operand);
        put_clause(out, " AS ", cast->type);
        put(out, ")");
        return;
    case CAST_LITERAL:
        print_type_name(out, &cast->type->type);
        put_clause(out, " ", cast->operand);
        print_interval_fields(out, &cast->type->type);
        return;
    }
}

/* ---- Paths, CASE, calls ---- */

/* What a subscript or a field may follow without parentheses. */
static void print_path_base(TextBuilder *out, const Ast *operand, bool field)
{
    if (!operand)
        return; /* inside AST_ASSIGNED */
    bool bare = operand->kind == AST_FIELD || operand->kind == AST_SUBSCRIPT ||
                operand->kind == AST_PARAMETER || operand->kind == AST_SUBQUERY ||
                (operand->kind == AST_COLUMN && !field);
    put_if(out, !bare, "(");
    ast_print(out, operand);
    put_if(out, !bare, ")");
}

static void print_field(TextBuilder *out, const AstField *field)
{
    print_path_base(out, field->operand, true);
    put(out, ".");
    if (field->field.data)
        print_identifier(out, field->field);
    else
        put(out, "*");
}

static void print_subscript(TextBuilder *out, const AstSubscript *subscript)
{
    print_path_base(out, subscript->operand, false);
    put(out, "[");
    put_clause(out, "", subscript->low);
    put_if(out, subscript->slice, " : ");
    put_clause(out, "", subscript->high);
    put(out, "]");
}

static void print_case(TextBuilder *out, const AstCase *cases)
{
    put(out, "CASE");
    put_clause(out, " ", cases->argument);
    for (i32 i = 0; i < cases->whens.count; i++)
        put_clause(out, " ", cases->whens.items[i]);
    put_clause(out, " ELSE ", cases->otherwise);
    put(out, " END");
}

static void print_arguments(TextBuilder *out, const AstCall *call)
{
    put(out, call->star ? "(*" : call->distinct ? "(DISTINCT " : "(");
    for (i32 i = 0; i < call->args.count; i++) {
        put_if(out, i > 0, ", ");
        put_if(out, call->variadic && i + 1 == call->args.count, "VARIADIC ");
        ast_print(out, call->args.items[i]);
    }
    if (!call->within_group)
        put_list_clause(out, " ORDER BY ", &call->order_by);
    put(out, ")");
}

static void print_plain_call(TextBuilder *out, const AstCall *call)
{
    put_name(out, &call->name);
    print_arguments(out, call);
    if (call->within_group) {
        put_list_clause(out, " WITHIN GROUP (ORDER BY ", &call->order_by);
        put(out, ")");
    }
    if (call->filter) {
        put_clause(out, " FILTER (WHERE ", call->filter);
        put(out, ")");
    }
    put_clause(out, " OVER ", call->over);
}

/* Prints before, then for each argument its lead and the argument as an operand, then ")". */
static void print_words_call(TextBuilder *out, const char *before, const AstList *args,
                             const char *const *leads)
{
    put(out, before);
    for (i32 i = 0; i < args->count; i++) {
        put(out, leads[i]);
        put_operand(out, args->items[i]);
    }
    put(out, ")");
}

static void print_trim(TextBuilder *out, const char *before, const AstList *args)
{
    put(out, before);
    put(out, " FROM ");
    put_list(out, args);
    put(out, ")");
}

static void print_form(TextBuilder *out, const AstCall *call)
{
    Ast **args = call->args.items;
    switch (call->form) {
    case CALL_PLAIN:
        print_plain_call(out, call);
        return;
    case CALL_EXTRACT:
        print_words_call(out, "EXTRACT(", &call->args, (const char *[]){"", " FROM "});
        return;
    case CALL_OVERLAY:
        print_words_call(out, "OVERLAY(", &call->args,
                         (const char *[]){"", " PLACING ", " FROM ", " FOR "});
        return;
    case CALL_POSITION:
        put(out, "POSITION(");
        put_operand(out, args[1]);
        put(out, " IN ");
        put_operand(out, args[0]);
        put(out, ")");
        return;
    case CALL_SUBSTRING:
        print_words_call(out, "SUBSTRING(", &call->args, (const char *[]){"", " FROM ", " FOR "});
        return;
    case CALL_SUBSTRING_SIMILAR:
        print_words_call(out, "SUBSTRING(", &call->args,
                         (const char *[]){"", " SIMILAR ", " ESCAPE "});
        return;
    case CALL_TRIM_BOTH:
        print_trim(out, "TRIM(BOTH", &call->args);
        return;
    case CALL_TRIM_LEADING:
        print_trim(out, "TRIM(LEADING", &call->args);
        return;
    case CALL_TRIM_TRAILING:
        print_trim(out, "TRIM(TRAILING", &call->args);
        return;
    case CALL_NORMALIZE:
        put(out, "NORMALIZE(");
        ast_print(out, args[0]);
        if (call->args.count == 2)
            builder_format(out, ", %.*s", TEXT_ARG(args[1]->constant.text));
        put(out, ")");
        return;
    case CALL_IS_NORMALIZED:
        put_operand(out, args[0]);
        put(out, " IS ");
        if (call->args.count == 2)
            builder_format(out, "%.*s ", TEXT_ARG(args[1]->constant.text));
        put(out, "NORMALIZED");
        return;
    case CALL_AT_TIME_ZONE:
        put_operand(out, args[1]);
        put(out, " AT TIME ZONE ");
        put_operand(out, args[0]);
        return;
    case CALL_OVERLAPS:
        put(out, "(");
        ast_print(out, args[0]);
        put_clause(out, ", ", args[1]);
        put(out, ") OVERLAPS (");
        ast_print(out, args[2]);
        put_clause(out, ", ", args[3]);
        put(out, ")");
        return;
    case CALL_COLLATION_FOR:
        print_words_call(out, "COLLATION FOR (", &call->args, (const char *[]){""});
        return;
    }
}

static void print_sql_value(TextBuilder *out, const AstSqlValue *value)
{
    static const char *const words[] = {
        "CURRENT_DATE",   "CURRENT_TIME",    "CURRENT_TIMESTAMP", "LOCALTIME",
        "LOCALTIMESTAMP", "CURRENT_ROLE",    "CURRENT_USER",      "USER",
        "SESSION_USER",   "CURRENT_CATALOG", "CURRENT_SCHEMA",
    };
    put(out, words[value->kind]);
    if (value->precision != NO_PRECISION)
        builder_format(out, "(%d)", value->precision);
}

static void print_items(TextBuilder *out, const char *word, const AstList *items)
{
    put(out, word);
    put_in_parens(out, items);
}

static void print_query_in_parens(TextBuilder *out, const char *word, const Ast *query)
{
    put(out, word);
    put(out, "(");
    ast_print(out, query);
    put(out, ")");
}

static void print_star(TextBuilder *out, const AstStar *star)
{
    put_name(out, &star->qualifier);
    put(out, star->qualifier.count ? ".*" : "*");
}

static void print_in(TextBuilder *out, const Ast *operand, bool negated)
{
    put_operand(out, operand);
    put(out, negated ? " NOT IN " : " IN ");
}

static void print_pair(TextBuilder *out, const AstPair *pair, const char *between)
{
    put_operand(out, pair->left);
    put(out, between);
    put_operand(out, pair->right);
}

static void print_array(TextBuilder *out, const AstList *items)
{
    put(out, "ARRAY[");
    put_list(out, items);
    put(out, "]");
}

/* ---- XML ---- */

static void print_xml_root(TextBuilder *out, const AstXml *xml)
{
    static const char *const words[] = {")", ", STANDALONE YES)", ", STANDALONE NO)",
                                        ", STANDALONE NO VALUE)"};
    put(out, "XMLROOT(");
    put_operand(out, xml->args.items[0]);
    put(out, ", VERSION ");
    put_operand(out, xml->args.items[1]);
    put(out, words[xml->standalone]);
}

static void print_xml_named(TextBuilder *out, const char *before, const AstXml *xml)
{
    put(out, before);
    print_identifier(out, xml->name);
    put_optional_list(out, ", XMLATTRIBUTES", &xml->named);
    put_list_clause(out, ", ", &xml->args);
    put(out, ")");
}

static void print_xml(TextBuilder *out, const AstXml *xml)
{
    switch (xml->kind) {
    case XML_CONCAT:
        print_items(out, "XMLCONCAT", &xml->args);
        return;
    case XML_ELEMENT:
        print_xml_named(out, "XMLELEMENT(NAME ", xml);
        return;
    case XML_EXISTS:
        print_words_call(out, "XMLEXISTS(", &xml->args, (const char *[]){"", " PASSING "});
        return;
    case XML_FOREST:
        print_items(out, "XMLFOREST", &xml->named);
        return;
    case XML_PARSE:
        put(out, "XMLPARSE(");
        put(out, xml->document ? "DOCUMENT " : "CONTENT ");
        put_operand(out, xml->args.items[0]);
        put(out, xml->preserve ? " PRESERVE WHITESPACE)" : ")");
        return;
    case XML_PI:
        print_xml_named(out, "XMLPI(NAME ", xml);
        return;
    case XML_ROOT:
        print_xml_root(out, xml);
        return;
    case XML_SERIALIZE:
        put(out, xml->document ? "XMLSERIALIZE(DOCUMENT " : "XMLSERIALIZE(CONTENT ");
        put_operand(out, xml->args.items[0]);
        put_clause(out, " AS ", xml->type);
        put(out, ")");
        return;
    }
}

void ast_print(TextBuilder *out, const Ast *ast)
{
    stack_check(out->q);
    switch (ast->kind) {
    case AST_CONSTANT:
        print_constant(out, &ast->constant);
        return;
    case AST_COLUMN:
        put_name(out, &ast->column.name);
        return;
    case AST_STAR:
        print_star(out, &ast->star);
        return;
    case AST_PARAMETER:
        builder_format(out, "$%d", ast->parameter.number);
        return;
    case AST_OPERATOR:
        print_operator(out, &ast->operator);
        return;
    case AST_CONCATENATION:
        print_chain(out, &ast->concatenation.operands, " || ");
        return;
    case AST_AND:
        print_chain(out, &ast->items.items, " AND ");
        return;
    case AST_OR:
        print_chain(out, &ast->items.items, " OR ");
        return;
    case AST_NOT:
        put(out, "NOT ");
        put_operand(out, ast->unary.operand);
        return;
    case AST_IS:
        print_is(out, &ast->is);
        return;
    case AST_DISTINCT_FROM:
        print_pair(out, &ast->pair,
                   ast->pair.negated ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ");
        return;
    case AST_BETWEEN:
        print_between(out, &ast->between);
        return;
    case AST_IN_LIST:
        print_in(out, ast->in_list.operand, ast->in_list.negated);
        put_in_parens(out, &ast->in_list.items);
        return;
    case AST_IN_QUERY:
        print_in(out, ast->in_query.operand, ast->in_query.negated);
        print_query_in_parens(out, "", ast->in_query.query);
        return;
    case AST_LIKE:
        print_like(out, &ast->like);
        return;
    case AST_QUANTIFIED:
        print_quantified(out, &ast->quantified);
        return;
    case AST_COLLATE:
        put_operand(out, ast->collate.operand);
        put(out, " COLLATE ");
        put_name(out, &ast->collate.collation);
        return;
    case AST_CAST:
        print_cast(out, &ast->cast);
        return;
    case AST_FIELD:
        print_field(out, &ast->field);
        return;
    case AST_SUBSCRIPT:
        print_subscript(out, &ast->subscript);
        return;
    case AST_CASE:
        print_case(out, &ast->cases);
        return;
    case AST_WHEN:
        put_clause(out, "WHEN ", ast->when.condition);
        put_clause(out, " THEN ", ast->when.result);
        return;
    case AST_COALESCE:
        print_items(out, "COALESCE", &ast->items.items);
        return;
    case AST_NULLIF:
        put_clause(out, "NULLIF(", ast->pair.left);
        put_clause(out, ", ", ast->pair.right);
        put(out, ")");
        return;
    case AST_GREATEST:
        print_items(out, "GREATEST", &ast->items.items);
        return;
    case AST_LEAST:
        print_items(out, "LEAST", &ast->items.items);
        return;
    case AST_CALL:
        print_form(out, &ast->call);
        return;
    case AST_NAMED_ARGUMENT:
        print_identifier(out, ast->named_argument.name);
        put_clause(out, " => ", ast->named_argument.value);
        return;
    case AST_SQL_VALUE:
        print_sql_value(out, &ast->sql_value);
        return;
    case AST_GROUPING:
        print_items(out, "GROUPING", &ast->items.items);
        return;
    case AST_EXISTS:
        print_query_in_parens(out, "EXISTS ", ast->unary.operand);
        return;
    case AST_SUBQUERY:
        print_query_in_parens(out, "", ast->unary.operand);
        return;
    case AST_ARRAY_QUERY:
        print_query_in_parens(out, "ARRAY", ast->unary.operand);
        return;
    case AST_ARRAY:
        print_array(out, &ast->items.items);
        return;
    case AST_ROW:
        print_items(out, ast->row.spelled ? "ROW" : "", &ast->row.items);
        return;
    case AST_XML:
        print_xml(out, &ast->xml);
        return;
    case AST_DEFAULT:
        put(out, "DEFAULT");
        return;
    case AST_TYPE:
        print_type(out, &ast->type);
        return;
    case AST_CURRENT_OF:
    case AST_QUERY:
    case AST_SELECT:
    case AST_VALUES:
    case AST_SET_OPERATION:
    case AST_WITH:
    case AST_CTE:
    case AST_TARGET:
    case AST_SORT:
    case AST_GROUPING_SET:
    case AST_WINDOW:
    case AST_LOCKING:
    case AST_INTO:
    case AST_FROM_TABLE:
    case AST_FROM_QUERY:
    case AST_FROM_FUNCTION:
    case AST_FROM_XML:
    case AST_FROM_JOIN:
    case AST_FUNCTION_ITEM:
    case AST_XML_COLUMN:
    case AST_SAMPLE:
    case AST_ALIAS:
    case AST_IDENTIFIER:
    case AST_NAME:
    case AST_INSERT:
    case AST_ON_CONFLICT:
    case AST_UPDATE:
    case AST_DELETE:
    case AST_MERGE:
    case AST_MERGE_WHEN:
    case AST_ASSIGNMENT:
    case AST_ASSIGNED:
    case AST_TRUNCATE:
    case AST_COPY:
        print_query(out, ast);
        return;
    case AST_CREATE_TABLE:
    case AST_COLUMN_DEFINITION:
    case AST_CONSTRAINT:
    case AST_TABLE_LIKE:
    case AST_CREATE_TABLE_AS:
    case AST_CREATE_VIEW:
    case AST_REFRESH:
    case AST_CREATE_SCHEMA:
    case AST_CREATE_SEQUENCE:
    case AST_CREATE_INDEX:
    case AST_INDEX_ELEMENT:
    case AST_DROP:
    case AST_ALTER_TABLE:
    case AST_ALTER_ACTION:
    case AST_RENAME:
    case AST_ALTER_OBJECT:
    case AST_COMMENT:
    case AST_OPTION:
    case AST_EXPLAIN:
    case AST_SET:
    case AST_SHOW:
    case AST_SET_CONSTRAINTS:
    case AST_TRANSACTION:
    case AST_SET_TRANSACTION:
    case AST_PREPARE:
    case AST_EXECUTE:
    case AST_DEALLOCATE:
    case AST_DECLARE:
    case AST_FETCH:
    case AST_CLOSE:
    case AST_DISCARD:
    case AST_CHECKPOINT:
    case AST_VACUUM:
    case AST_VACUUM_TARGET:
    case AST_LOCK:
    case AST_LISTEN:
    case AST_UNLISTEN:
    case AST_NOTIFY:
    case AST_DO:
    case AST_CALL_PROCEDURE:
    case AST_UNSUPPORTED:
        print_statement(out, ast);
        return;
    case AST_KIND_COUNT:
        break;
    }
    unreachable();
}
