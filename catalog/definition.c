/* SPDX-License-Identifier: Apache-2.0
 *
 * Constraints, indexes and views as SQL text. Expressions and queries are kept as text and shown
 * as it stands, but for the names of relations; PostgreSQL prints them again from its own trees,
 * with other line breaks and with more casts.
 *
 * Memory: the query's arena. No state.
 */
#include "catalog/definition.h"

#include "base/text.h"
#include "parser/parser.h"

bool constraint_has_index(const CatalogConstraint *constraint)
{
    return constraint->kind == CONSTRAINT_PRIMARY_KEY || constraint->kind == CONSTRAINT_UNIQUE;
}

/* By oid, or by name. */
typedef struct ConstraintSearch {
    u32 oid;
    Text name;
    bool with_index;
    const CatalogRelation *relation;
    const CatalogConstraint *found;
} ConstraintSearch;

static bool is_searched(const ConstraintSearch *search, const CatalogConstraint *constraint)
{
    if (search->oid)
        return constraint->oid == search->oid;
    return (!search->with_index || constraint_has_index(constraint)) &&
           text_equal(constraint->name, search->name);
}

static void look_at_constraints(void *state, Query *q, const CatalogRelation *relation)
{
    ConstraintSearch *search = state;
    for (i32 i = 0; i < relation->constraint_count; i++)
        if (is_searched(search, &relation->constraints[i])) {
            search->relation = relation;
            search->found = &relation->constraints[i];
        }
}

const CatalogConstraint *constraint_by_oid(Query *q, const CatalogView *view, u32 oid,
                                           const CatalogRelation **relation)
{
    ConstraintSearch search = {.oid = oid};
    if (oid >= FIRST_USER_OID)
        catalog_relations(q, view, look_at_constraints, &search);
    *relation = search.relation;
    return search.found;
}

const CatalogConstraint *constraint_in_schema(Query *q, const CatalogView *view, u32 schema,
                                              Text name, bool with_index,
                                              const CatalogRelation **relation)
{
    ConstraintSearch search = {.name = name, .with_index = with_index};
    catalog_relations_naming(q, view, schema, name, look_at_constraints, &search);
    *relation = search.relation;
    return search.found;
}

const CatalogConstraint *index_by_name(Query *q, const CatalogView *view, Text schema, Text name,
                                       const CatalogRelation **relation)
{
    *relation = NULL;
    if (schema.data) {
        const CatalogSchema *named = catalog_qualifying_schema(q, view, schema);
        return named ? constraint_in_schema(q, view, named->oid, name, true, relation) : NULL;
    }
    i32 count;
    const u32 *schemas = catalog_search_path(q, view, &count);
    const CatalogConstraint *found = NULL;
    for (i32 i = 0; i < count && !found; i++)
        found = constraint_in_schema(q, view, schemas[i], name, true, relation);
    return found;
}

i32 index_column_count(const CatalogConstraint *constraint)
{
    return constraint->column_count + constraint->included_count;
}

i32 index_column(const CatalogConstraint *constraint, i32 i)
{
    return i < constraint->column_count ? constraint->columns[i]
                                        : constraint->included[i - constraint->column_count];
}

static void add_column_names(TextBuilder *out, const CatalogRelation *relation, const i32 *numbers,
                             i32 count)
{
    builder_byte(out, '(');
    for (i32 i = 0; i < count; i++) {
        if (i)
            builder_add(out, TEXT(", "));
        print_identifier(out, relation->columns[numbers[i] - 1].name);
    }
    builder_byte(out, ')');
}

/* "(a, b) INCLUDE (c)" */
static void add_key(TextBuilder *out, const CatalogRelation *relation, const CatalogConstraint *key)
{
    add_column_names(out, relation, key->columns, key->column_count);
    if (key->included_count == 0)
        return;
    builder_add(out, TEXT(" INCLUDE "));
    add_column_names(out, relation, key->included, key->included_count);
}

Text constraint_definition(Query *q, const CatalogRelation *relation,
                           const CatalogConstraint *constraint, bool pretty)
{
    TextBuilder out;
    builder_open(&out, q, q->arena);
    switch (constraint->kind) {
    case CONSTRAINT_CHECK:
        builder_format(&out, "CHECK (%.*s)",
                       TEXT_ARG(expression_definition(q, constraint->check_expr, pretty)));
        break;
    case CONSTRAINT_PRIMARY_KEY:
        builder_add(&out, TEXT("PRIMARY KEY "));
        add_key(&out, relation, constraint);
        break;
    case CONSTRAINT_UNIQUE:
        builder_add(&out, constraint->nulls_not_distinct ? TEXT("UNIQUE NULLS NOT DISTINCT ")
                                                         : TEXT("UNIQUE "));
        add_key(&out, relation, constraint);
        break;
    }
    if (constraint->deferrable)
        builder_add(&out, TEXT(" DEFERRABLE"));
    if (constraint->deferred)
        builder_add(&out, TEXT(" INITIALLY DEFERRED"));
    return builder_text(&out);
}

Text expression_definition(Query *q, Text stored, bool pretty)
{
    if (pretty || stored.len == 0)
        return stored;
    ParseOptions options = {PARSE_STORED};
    ParsedText parsed = parse_with(q, query_format(q, "SELECT %.*s", TEXT_ARG(stored)), &options);
    const AstSelect *select = &parsed.statements[0].ast->query.body->select;
    const Ast *expr = select->targets.items[0]->target.expr;
    if (expr->kind == AST_CONSTANT || expr->kind == AST_CAST)
        return stored;
    TextBuilder out;
    builder_open(&out, q, q->arena);
    ast_print_operand(&out, expr);
    return builder_text(&out);
}

static void add_qualified(TextBuilder *out, Text schema, Text name)
{
    if (schema.len) {
        print_identifier(out, schema);
        builder_byte(out, '.');
    }
    print_identifier(out, name);
}

Text index_definition(Query *q, Text schema, const CatalogRelation *relation,
                      const CatalogConstraint *constraint)
{
    TextBuilder out;
    builder_open(&out, q, q->arena);
    builder_add(&out, TEXT("CREATE UNIQUE INDEX "));
    print_identifier(&out, constraint->name);
    builder_add(&out, TEXT(" ON "));
    add_qualified(&out, schema, relation->name);
    builder_add(&out, TEXT(" USING btree "));
    add_key(&out, relation, constraint);
    if (constraint->nulls_not_distinct)
        builder_add(&out, TEXT(" NULLS NOT DISTINCT"));
    return builder_text(&out);
}

Text view_definition(Query *q, const CatalogView *view, const CatalogRelation *relation)
{
    return query_format(q, " %.*s;", TEXT_ARG(stored_query_text(q, view, relation)));
}

Text qualified_name(Query *q, Text schema, Text name)
{
    TextBuilder out;
    builder_open(&out, q, q->arena);
    add_qualified(&out, schema, name);
    return builder_text(&out);
}

Text schema_name(Query *q, const CatalogView *view, u32 oid)
{
    const CatalogSchema *schema = catalog_schema(q, view, oid);
    return schema ? schema->name : TEXT("");
}

Text written_schema(Query *q, const CatalogView *view, const CatalogRelation *relation)
{
    bool own = relation->persistence == PERSISTENCE_TEMPORARY &&
               !catalog_is_other_temporary(view, relation);
    return own ? TEXT("pg_temp") : schema_name(q, view, relation->schema);
}
