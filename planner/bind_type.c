/* SPDX-License-Identifier: Apache-2.0
 *
 * Type names of the grammar to Types.
 */
#include "planner/bind.h"
#include "types/text_in.h"

Text name_print(Query *q, Name name)
{
    TextBuilder builder;
    builder_open(&builder, q, q->arena);
    for (i32 i = 0; i < name.count; i++) {
        if (i)
            builder_byte(&builder, '.');
        builder_add(&builder, name.parts[i]);
    }
    return builder_text(&builder);
}

Name name_in_database(Binder *b, Name name, i32 offset)
{
    if (name.count > 3)
        query_fail_at(b->q, offset, E_SYNTAX_ERROR,
                      "improper qualified name (too many dotted names): %.*s",
                      TEXT_ARG(name_print(b->q, name)));
    if (name.count < 3)
        return name;
    if (!text_equal(name.parts[0], b->env->database))
        query_fail_at(b->q, offset, E_FEATURE_NOT_SUPPORTED,
                      "cross-database references are not implemented: %.*s",
                      TEXT_ARG(name_print(b->q, name)));
    return (Name){name.parts + 1, 2, name.offset};
}

bool name_is_system(Name name)
{
    return name.count == 1 || text_equal(name.parts[0], TEXT("pg_catalog"));
}

void bind_check_schema(Binder *b, Name name, i32 offset)
{
    if (!name_is_system(name) && !catalog_qualifying_schema(b->q, b->view, name.parts[0]))
        query_fail_at(b->q, offset, E_INVALID_SCHEMA_NAME, "schema \"%.*s\" does not exist",
                      TEXT_ARG(name.parts[0]));
}

static const TypeRow *find_type(Binder *b, const Ast *ast)
{
    Name name = name_in_database(b, ast->type.name, -1);
    const TypeRow *row = NULL;
    if (name_is_system(name))
        row = type_row_by_name(name.parts[name.count - 1]);
    bind_check_schema(b, name, ast->offset);
    if (!row)
        query_fail_at(b->q, ast->offset, E_UNDEFINED_OBJECT, "type \"%.*s\" does not exist",
                      TEXT_ARG(name_print(b->q, ast->type.name)));
    return row;
}

/* The grammar's field bits as PostgreSQL's interval mask. */
static i32 interval_mask(i32 fields)
{
    static const struct {
        i32 bit, field;
    } map[] = {
        {AST_INTERVAL_YEAR, INTERVAL_YEAR},     {AST_INTERVAL_MONTH, INTERVAL_MONTH},
        {AST_INTERVAL_DAY, INTERVAL_DAY},       {AST_INTERVAL_HOUR, INTERVAL_HOUR},
        {AST_INTERVAL_MINUTE, INTERVAL_MINUTE}, {AST_INTERVAL_SECOND, INTERVAL_SECOND},
    };
    i32 mask = 0;
    for (i32 i = 0; i < countof(map); i++)
        if (fields & map[i].bit)
            mask |= 1 << map[i].field;
    return mask;
}

static _Noreturn void fail_at_type(Binder *b, const Ast *type)
{
    b->q->error.position = type->offset + 1;
    query_rethrow(b->q, &b->q->error);
}

static Type interval_type(Binder *b, const Ast *ast)
{
    i32 modifiers[2] = {INTERVAL_FULL_RANGE, INTERVAL_FULL_PRECISION};
    i32 count = 0, typmod;
    if (ast->type.interval_fields) {
        modifiers[0] = interval_mask(ast->type.interval_fields);
        count = 1;
    }
    if (ast->type.precision != NO_PRECISION) {
        modifiers[1] = ast->type.precision;
        count = 2;
    }
    if (!count)
        return type_of(TYPE_INTERVAL);
    if (!type_pack_typmod(TYPE_INTERVAL, modifiers, count, &typmod, &b->q->error))
        fail_at_type(b, ast);
    return type_with_typmod(TYPE_INTERVAL, typmod);
}

/* What is written as a modifier: a number, a string or a word. */
static Text modifier_text(Binder *b, const Ast *type, const Ast *modifier)
{
    AstConstantKind kind = modifier->kind == AST_CONSTANT ? modifier->constant.kind : CONSTANT_NULL;
    if (kind == CONSTANT_INTEGER || kind == CONSTANT_NUMERIC || kind == CONSTANT_STRING)
        return modifier->constant.text;
    if (modifier->kind != AST_COLUMN || modifier->column.name.count > 1)
        query_fail_at(b->q, type->offset, E_SYNTAX_ERROR,
                      "type modifiers must be simple constants or identifiers");
    return modifier->column.name.parts[0];
}

static i32 pack_modifiers(Binder *b, u32 oid, const Ast *ast)
{
    i32 values[8] = {1}, typmod, count = ast->type.modifiers.count;
    Text texts[countof(values)];
    if (!type_pack_typmod(oid, values, 1, &typmod, &b->q->error)) /* the type takes none */
        fail_at_type(b, ast);
    if (count > countof(values))
        query_fail_at(b->q, ast->offset, E_INVALID_PARAMETER_VALUE, "invalid type modifier");
    for (i32 i = 0; i < count; i++)
        texts[i] = modifier_text(b, ast, ast->type.modifiers.items[i]);
    for (i32 i = 0; i < count; i++) {
        i64 value;
        if (!int4_parse(texts[i], &value, &b->q->error))
            fail_at_type(b, ast);
        values[i] = (i32)value;
    }
    if (!type_pack_typmod(oid, values, count, &typmod, &b->q->error))
        fail_at_type(b, ast);
    return typmod;
}

Type bind_type(Binder *b, const Ast *ast)
{
    const TypeRow *row = find_type(b, ast);
    u32 oid = row->oid;
    if (ast->type.bounds.count) {
        if (!row->array_oid)
            bind_unsupported(b, ast->offset, "arrays of this type");
        return type_of(row->array_oid);
    }
    if (oid == TYPE_INTERVAL)
        return interval_type(b, ast);
    if (ast->type.modifiers.count == 0)
        return type_of(oid);
    return type_with_typmod(oid, pack_modifiers(b, oid, ast));
}
