/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading names of relations that stand inside SQL values: dots, quotes, folding, and the errors
 * PostgreSQL gives for names that lead nowhere.
 *
 * Memory: the query's arena. No state.
 */
#include "catalog/written_name.h"

#include "catalog/definition.h"

static _Noreturn void bad_syntax(Query *q)
{
    query_fail(q, E_INVALID_NAME, "invalid name syntax");
}

static bool is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static i64 skip_spaces(Text text, i64 at)
{
    while (at < text.len && is_space(text.data[at]))
        at++;
    return at;
}

/* A part in quotes, from behind the opening one; *at moves behind the closing one. */
static Text quoted_part(Query *q, Text written, i64 *at)
{
    TextBuilder part;
    builder_open(&part, q, q->arena);
    for (; *at < written.len; (*at)++) {
        if (written.data[*at] == '"') {
            if (*at + 1 >= written.len || written.data[*at + 1] != '"')
                break;
            (*at)++;
        }
        builder_byte(&part, written.data[*at]);
    }
    if (*at == written.len || part.len == 0)
        bad_syntax(q);
    (*at)++;
    return builder_text(&part);
}

static Text bare_part(Query *q, Text written, i64 *at)
{
    TextBuilder part;
    builder_open(&part, q, q->arena);
    for (; *at < written.len; (*at)++) {
        char byte = written.data[*at];
        if (byte == '.' || byte == '"' || is_space(byte))
            break;
        builder_byte(&part, byte >= 'A' && byte <= 'Z' ? (char)(byte + 'a' - 'A') : byte);
    }
    if (part.len == 0)
        bad_syntax(q);
    return builder_text(&part);
}

i32 written_name_parts(Query *q, Text written, Text parts[WRITTEN_PARTS_MAX])
{
    i32 count = 0;
    i64 at = 0;
    for (;;) {
        at = skip_spaces(written, at);
        bool quoted = at < written.len && written.data[at] == '"';
        at += quoted;
        Text part = quoted ? quoted_part(q, written, &at) : bare_part(q, written, &at);
        if (count < WRITTEN_PARTS_MAX)
            parts[count] = part;
        count++;
        at = skip_spaces(written, at);
        if (at == written.len)
            return count;
        if (written.data[at++] != '.')
            bad_syntax(q);
    }
}

static Text dotted(Query *q, const Text *parts, i32 count)
{
    TextBuilder text;
    builder_open(&text, q, q->arena);
    for (i32 i = 0; i < count; i++) {
        if (i)
            builder_byte(&text, '.');
        builder_add(&text, parts[i]);
    }
    return builder_text(&text);
}

static _Noreturn void no_such_schema(Query *q, Text written)
{
    query_fail(q, E_INVALID_SCHEMA_NAME, "schema \"%.*s\" does not exist", TEXT_ARG(written));
}

const CatalogSchema *schema_by_written_name(Query *q, const CatalogView *view, Text written)
{
    const CatalogSchema *schema = catalog_schema_by_name(q, view, written);
    if (!schema)
        no_such_schema(q, written);
    return schema;
}

/* Leaves schema and relation of a name with up to three parts. */
static i32 strip_database(Query *q, Text written, Text *parts, i32 count)
{
    if (count > 3)
        query_fail(q, E_SYNTAX_ERROR, "improper relation name (too many dotted names): %.*s",
                   TEXT_ARG(written));
    if (count < 3)
        return count;
    if (!text_equal(parts[0], CATALOG_DATABASE_NAME))
        query_fail(q, E_FEATURE_NOT_SUPPORTED,
                   "cross-database references are not implemented: \"%.*s\"",
                   TEXT_ARG(dotted(q, parts, count)));
    parts[0] = parts[1];
    parts[1] = parts[2];
    return 2;
}

/* index: where an index is taken too, the constraint it is of; NULL: relations alone. */
static const CatalogRelation *find_written(Query *q, const CatalogView *view, Text written,
                                           const CatalogConstraint **index)
{
    Text parts[WRITTEN_PARTS_MAX];
    i32 count = strip_database(q, written, parts, written_name_parts(q, written, parts));
    Text schema = {NULL, 0};
    if (count == 2) {
        schema = parts[0];
        if (!catalog_qualifying_schema(q, view, schema))
            no_such_schema(q, schema);
    }
    const CatalogRelation *relation = catalog_relation_by_name(q, view, schema, parts[count - 1]);
    if (!relation && index)
        *index = index_by_name(q, view, schema, parts[count - 1], &relation);
    if (!relation)
        query_fail(q, E_UNDEFINED_TABLE, "relation \"%.*s\" does not exist",
                   TEXT_ARG(dotted(q, parts, count)));
    return relation;
}

const CatalogRelation *relation_by_written_name(Query *q, const CatalogView *view, Text written)
{
    return find_written(q, view, written, NULL);
}

u32 class_by_written_name(Query *q, const CatalogView *view, Text written)
{
    const CatalogConstraint *index = NULL;
    const CatalogRelation *relation = find_written(q, view, written, &index);
    return index ? index->oid : relation->oid;
}
