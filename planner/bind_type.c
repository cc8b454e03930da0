/* SPDX-License-Identifier: Apache-2.0
 *
 * Type names of the grammar to Types.
 */
#include "planner/bind.h"

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

static const TypeRow *find_type(Binder *b, const Ast *ast)
{
    Name name = ast->type.name;
    const TypeRow *row = NULL;
    bool system =
        name.count == 1 || (name.count == 2 && text_equal(name.parts[0], TEXT("pg_catalog")));
    if (system)
        row = type_row_by_name(name.parts[name.count - 1]);
    if (!row && name.count == 2 && !catalog_qualifying_schema(b->q, b->view, name.parts[0]))
        query_fail_at(b->q, ast->offset, E_INVALID_SCHEMA_NAME, "schema \"%.*s\" does not exist",
                      TEXT_ARG(name.parts[0]));
    if (!row)
        query_fail_at(b->q, ast->offset, E_UNDEFINED_OBJECT, "type \"%.*s\" does not exist",
                      TEXT_ARG(name_print(b->q, name)));
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
    if (!type_pack_typmod(TYPE_INTERVAL, modifiers, count, &typmod, &b->q->error)) {
        b->q->error.position = ast->offset + 1;
        query_rethrow(b->q, &b->q->error);
    }
    return type_with_typmod(TYPE_INTERVAL, typmod);
}

static i32 modifier_value(Binder *b, const Ast *ast)
{
    const Ast *constant = ast;
    if (constant->kind != AST_CONSTANT || constant->constant.kind != CONSTANT_INTEGER)
        query_fail_at(b->q, ast->offset, E_SYNTAX_ERROR,
                      "type modifiers must be simple constants or identifiers");
    i32 value = 0;
    bool negative = false;
    Text digits = constant->constant.text;
    for (i64 i = 0; i < digits.len; i++) {
        if (digits.data[i] == '-')
            negative = true;
        else
            value = value * 10 + (digits.data[i] - '0');
    }
    return negative ? -value : value;
}

Type bind_type(Binder *b, const Ast *ast)
{
    const TypeRow *row = find_type(b, ast);
    u32 oid = row->oid;
    if (ast->type.setof)
        query_fail_at(b->q, ast->offset, E_DATATYPE_MISMATCH, "cannot cast to a set type");
    if (ast->type.bounds.count) {
        if (!row->array_oid)
            bind_unsupported(b, ast->offset, "arrays of this type");
        return type_of(row->array_oid);
    }
    if (oid == TYPE_INTERVAL)
        return interval_type(b, ast);
    if (ast->type.modifiers.count == 0)
        return type_of(oid);
    i32 modifiers[8], typmod;
    i32 count = ast->type.modifiers.count;
    if (count > countof(modifiers))
        query_fail_at(b->q, ast->offset, E_INVALID_PARAMETER_VALUE, "invalid type modifier");
    for (i32 i = 0; i < count; i++)
        modifiers[i] = modifier_value(b, ast->type.modifiers.items[i]);
    if (!type_pack_typmod(oid, modifiers, count, &typmod, &b->q->error)) {
        b->q->error.position = ast->offset + 1;
        query_rethrow(b->q, &b->q->error);
    }
    return type_with_typmod(oid, typmod);
}
