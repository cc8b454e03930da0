/* SPDX-License-Identifier: Apache-2.0
 *
 * XML expressions and XMLTABLE: checked as PostgreSQL checks them, then refused, since there are no
 * values of type xml yet.
 */
#include "planner/bind.h"

/* The expression as PostgreSQL's type of an argument of the construct; 42804 when it is none. A
 * literal may always be xml. */
static void check_argument(Binder *b, const Ast *ast, Type type, const char *construct)
{
    char name[TYPE_NAME_BYTES];
    Expr *expr = bind_expr(b, ast);
    bool fits = type.oid == TYPE_XML
                    ? expr_is_unknown(expr)
                    : coerce_try(b, expr, type, CAST_ASSIGNMENT, ast->offset) != NULL;
    if (!fits)
        query_fail_at(b->q, expr_location(b->q, expr), E_DATATYPE_MISMATCH,
                      "argument of %s must be type %s, not type %s", construct,
                      type_row(type.oid)->sql_name, type_format(type_of(expr->type.oid), name));
    if (has_set_call(b, expr))
        query_fail_at(b->q, expr_location(b->q, expr), E_DATATYPE_MISMATCH,
                      "argument of %s must not return a set", construct);
}

static void check_arguments(Binder *b, const AstList *args, u32 type, const char *construct)
{
    for (i32 i = 0; i < args->count; i++)
        check_argument(b, args->items[i], type_of(type), construct);
}

static Text name_of_value(Binder *b, const Ast *ast, const AstTarget *value, i32 offset)
{
    bool column = value->expr->kind == AST_COLUMN || value->expr->kind == AST_STAR;
    if (value->label.data)
        return value->label;
    if (!column)
        query_fail_at(b->q, offset, E_SYNTAX_ERROR,
                      "unnamed XML %s value must be a column reference",
                      ast->xml.kind == XML_ELEMENT ? "attribute" : "element");
    return bind_target_name(b->q, value->expr);
}

/* XMLATTRIBUTES and XMLFOREST: each value has a name; attributes have different ones. */
static void check_named(Binder *b, const Ast *ast)
{
    const AstList *named = &ast->xml.named;
    Text *names = make_array(b->q, Text, named->count);
    for (i32 i = 0; i < named->count; i++) {
        const AstTarget *value = &named->items[i]->target;
        query_check(b->q);
        i32 offset = expr_location(b->q, bind_expr(b, value->expr));
        names[i] = name_of_value(b, ast, value, offset);
        for (i32 j = 0; j < i && ast->xml.kind == XML_ELEMENT; j++)
            if (text_equal(names[i], names[j]))
                query_fail_at(b->q, offset, E_SYNTAX_ERROR,
                              "XML attribute name \"%.*s\" appears more than once",
                              TEXT_ARG(names[i]));
    }
}

static void check_exists(Binder *b, const Ast *ast)
{
    Expr *args[2] = {bind_expr(b, ast->xml.args.items[0]), bind_expr(b, ast->xml.args.items[1])};
    if (!expr_is_unknown(args[1]) ||
        !coerce_try(b, args[0], type_of(TYPE_TEXT), CAST_IMPLICIT, ast->offset))
        bind_named_call(b, "xmlexists", args, 2, ast->offset); /* 42883 */
}

static void check_serialize(Binder *b, const Ast *ast)
{
    char name[TYPE_NAME_BYTES];
    check_arguments(b, &ast->xml.args, TYPE_XML, "XMLSERIALIZE");
    Type type = bind_type(b, ast->xml.type);
    if (type.oid != TYPE_TEXT && !coerce_is_possible(TYPE_TEXT, type.oid, CAST_IMPLICIT))
        query_fail_at(b->q, ast->offset, E_CANNOT_COERCE, "cannot cast XMLSERIALIZE result to %s",
                      type_format(type_of(type.oid), name));
}

_Noreturn void bind_xml(Binder *b, const Ast *ast)
{
    const AstXml *xml = &ast->xml;
    check_named(b, ast);
    switch (xml->kind) {
    case XML_CONCAT:
        check_arguments(b, &xml->args, TYPE_XML, "XMLCONCAT");
        break;
    case XML_ELEMENT:
    case XML_FOREST:
        for (i32 i = 0; i < xml->args.count; i++)
            bind_expr(b, xml->args.items[i]);
        break;
    case XML_EXISTS:
        check_exists(b, ast);
        break;
    case XML_PARSE:
        check_arguments(b, &xml->args, TYPE_TEXT, "XMLPARSE");
        break;
    case XML_PI:
        check_arguments(b, &xml->args, TYPE_TEXT, "XMLPI");
        break;
    case XML_ROOT:
        check_argument(b, xml->args.items[0], type_of(TYPE_XML), "XMLROOT");
        check_argument(b, xml->args.items[1], type_of(TYPE_TEXT), "XMLROOT");
        break;
    case XML_SERIALIZE:
        check_serialize(b, ast);
        break;
    }
    bind_unsupported(b, ast->offset, "xml values");
}

/* ---- XMLTABLE ---- */

static void check_column_type(Binder *b, const Ast *column, bool *ordinality)
{
    const AstXmlColumn *own = &column->xml_column;
    if (!own->type && *ordinality)
        query_fail_at(b->q, column->offset, E_SYNTAX_ERROR,
                      "only one FOR ORDINALITY column is allowed");
    if (!own->type)
        *ordinality = true;
    else if (own->type->type.setof)
        query_fail_at(b->q, column->offset, E_INVALID_TABLE_DEFINITION,
                      "column \"%.*s\" cannot be declared SETOF", TEXT_ARG(own->name));
}

static void check_columns(Binder *b, const AstList *columns)
{
    bool ordinality = false;
    for (i32 i = 0; i < columns->count; i++) {
        const Ast *column = columns->items[i];
        const AstXmlColumn *own = &column->xml_column;
        query_check(b->q);
        check_column_type(b, column, &ordinality);
        Type type = own->type ? bind_type(b, own->type) : type_of(TYPE_INT4);
        if (own->path)
            check_argument(b, own->path, type_of(TYPE_TEXT), "XMLTABLE");
        if (own->fallback)
            check_argument(b, own->fallback, type, "XMLTABLE");
        for (i32 j = 0; j < i; j++)
            if (text_equal(columns->items[j]->xml_column.name, own->name))
                query_fail_at(b->q, column->offset, E_SYNTAX_ERROR,
                              "column name \"%.*s\" is not unique", TEXT_ARG(own->name));
    }
}

static void check_namespaces(Binder *b, const AstList *namespaces)
{
    for (i32 i = 0; i < namespaces->count; i++) {
        const Ast *one = namespaces->items[i];
        Text name = one->target.label;
        query_check(b->q);
        check_argument(b, one->target.expr, type_of(TYPE_TEXT), "XMLTABLE");
        for (i32 j = 0; j < i; j++) {
            Text other = namespaces->items[j]->target.label;
            if (!name.data && !other.data)
                query_fail_at(b->q, one->offset, E_SYNTAX_ERROR,
                              "only one default namespace is allowed");
            if (name.data && other.data && text_equal(name, other))
                query_fail_at(b->q, one->offset, E_SYNTAX_ERROR,
                              "namespace name \"%.*s\" is not unique", TEXT_ARG(name));
        }
    }
}

_Noreturn void bind_from_xml(Binder *b, const Ast *item)
{
    const AstFromXml *from = &item->from_xml;
    lateral_begin(b, true);
    b->scope->place = PLACE_FROM_FUNCTION;
    check_argument(b, from->row, type_of(TYPE_TEXT), "XMLTABLE");
    check_argument(b, from->document, type_of(TYPE_XML), "XMLTABLE");
    check_columns(b, &from->columns);
    check_namespaces(b, &from->namespaces);
    bind_unsupported(b, item->offset, "xml values");
}
