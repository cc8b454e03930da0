/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files that compute rows share: adding a row, walking the relations a scan wants, and the
 * texts of vectors and arrays of numbers.
 *
 * Memory: the fill's own query arena. No state.
 */
#include "catalog/system_fill.h"

enum { FIRST_BUILT_IN_VIEW = 10000 }; /* PostgreSQL numbers views at initdb, catalogues by hand */

void fill_row(Query *q, SystemRows *rows, const Value *values)
{
    Error error;
    if (!system_row(rows, values, &error))
        query_rethrow(q, &error);
}

void fill_nothing(Query *q, const Snapshot *snapshot, const Value *const *equal, SystemRows *rows)
{
}

u32 wanted_oid(const Value *const *equal, i32 column)
{
    return equal[column] ? (u32)equal[column]->integer : 0;
}

void fill_from_relations(Query *q, const Snapshot *snapshot, u32 oid,
                         void (*visit)(void *state, Query *q, const CatalogRelation *relation),
                         void *state)
{
    CatalogView view = view_of_snapshot(snapshot);
    const CatalogRelation *relation = oid ? catalog_relation(q, &view, oid) : NULL;
    if (relation)
        visit(state, q, relation);
    else
        catalog_relations(q, &view, visit, state);
}

static Text numbers_text(Query *q, const i32 *numbers, i32 count, char separator)
{
    TextBuilder text;
    builder_open(&text, q, q->arena);
    for (i32 i = 0; i < count; i++) {
        if (i)
            builder_byte(&text, separator);
        builder_format(&text, "%u", (u32)numbers[i]);
    }
    return builder_text(&text);
}

Text vector_text(Query *q, const i32 *numbers, i32 count)
{
    return numbers_text(q, numbers, count, ' ');
}

Text array_text(Query *q, const i32 *numbers, i32 count)
{
    return query_format(q, "{%.*s}", TEXT_ARG(numbers_text(q, numbers, count, ',')));
}

char relation_shown_kind(const CatalogRelation *relation)
{
    if (relation->built_in && relation->oid >= FIRST_BUILT_IN_VIEW)
        return RELATION_VIEW;
    return (char)relation->kind;
}
