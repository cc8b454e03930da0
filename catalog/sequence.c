/* SPDX-License-Identifier: Apache-2.0
 *
 * Looking up sequences, and their objects into a transaction.
 *
 * Memory: the query's arena. No state.
 */
#include "catalog/sequence.h"

#include "base/text.h"
#include "catalog/object_codec.h"

static bool sequence_makes_sense(const CatalogSequence *sequence)
{
    return (sequence->type == TYPE_INT2 || sequence->type == TYPE_INT4 ||
            sequence->type == TYPE_INT8) &&
           sequence->increment != 0 && sequence->min <= sequence->max && sequence->cache > 0;
}

static const CatalogSequence *sequence_decode(Query *q, const StoredObject *object)
{
    Error error;
    CatalogSequence *sequence = make(q, CatalogSequence);
    bool good =
        object_decode(object_record(CLASS_SEQUENCE), object->bytes, sequence, q->arena, &error);
    if (good && !sequence_makes_sense(sequence))
        good = error_set(&error, E_DATA_CORRUPTED,
                         "catalogue object is damaged: its fields contradict each other");
    if (!good) {
        error_detail(&error, "It is sequence %u.", object->oid);
        query_rethrow(q, &error);
    }
    sequence->oid = object->oid;
    sequence->version = object->version;
    return sequence;
}

const CatalogSequence *catalog_sequence(Query *q, const CatalogView *view, u32 oid)
{
    const StoredObject *object = object_get(view->snapshot, CLASS_SEQUENCE, oid);
    return object ? sequence_decode(q, object) : NULL;
}

void catalog_sequences(Query *q, const CatalogView *view,
                       void (*visit)(void *state, Query *q, const CatalogSequence *sequence),
                       void *state)
{
    const StoredObject *object = object_next(view->snapshot, CLASS_SEQUENCE, 0);
    for (; object; object = object_next(view->snapshot, CLASS_SEQUENCE, object->oid + 1))
        visit(state, q, sequence_decode(q, object));
}

typedef struct OwnedSearch {
    u32 table;
    i32 column;
    const CatalogSequence *found;
} OwnedSearch;

static void visit_owned(void *state, Query *q, const CatalogSequence *sequence)
{
    OwnedSearch *search = state;
    if (sequence->owner_table != search->table || sequence->owner_column != search->column)
        return;
    if (!search->found || sequence->owner_kind == SEQUENCE_IDENTITY)
        search->found = sequence;
}

const CatalogSequence *catalog_column_sequence(Query *q, const CatalogView *view, u32 table,
                                               i32 column)
{
    OwnedSearch search = {table, column, NULL};
    catalog_sequences(q, view, visit_owned, &search);
    return search.found;
}

void sequence_columns(Query *q, CatalogRelation *relation)
{
    static const CatalogColumn columns[] = {
        {.name = {"last_value", 10}, .type = {.oid = TYPE_INT8, .typmod = TYPMOD_NONE}},
        {.name = {"log_cnt", 7}, .type = {.oid = TYPE_INT8, .typmod = TYPMOD_NONE}},
        {.name = {"is_called", 9}, .type = {.oid = TYPE_BOOL, .typmod = TYPMOD_NONE}},
    };
    relation->columns = make_array(q, CatalogColumn, countof(columns));
    relation->column_count = countof(columns);
    for (i32 i = 0; i < countof(columns); i++) {
        relation->columns[i] = columns[i];
        relation->columns[i].number = i + 1;
        relation->columns[i].not_null = true;
    }
}

/* ---- into a transaction ---- */

static WriteStatus put_bytes(Transaction *transaction, u32 object_class, u32 oid, const void *thing,
                             Budget *budget, Ticket *ticket, Error *error)
{
    Buffer bytes;
    WriteStatus status = WRITE_ERROR;
    StoredObject object = {
        .object_class = object_class, .oid = oid, .key = {.object_class = object_class}};
    buffer_open(&bytes, budget);
    if (object_encode(object_record(object_class), thing, &bytes, error)) {
        object.bytes = (Text){(const char *)bytes.data, bytes.len};
        status = object_put(transaction, &object, ticket, error);
    }
    buffer_close(&bytes);
    return status;
}

WriteStatus catalog_put_sequence(Transaction *transaction, const CatalogSequence *sequence,
                                 Arena *arena, Ticket *ticket, Error *error)
{
    assert(sequence->oid >= FIRST_USER_OID && sequence->state);
    return put_bytes(transaction, CLASS_SEQUENCE, sequence->oid, sequence, arena->budget, ticket,
                     error);
}

WriteStatus catalog_put_sequence_state(Transaction *transaction, u32 number, SequencePoint point,
                                       Budget *budget, Ticket *ticket, Error *error)
{
    return put_bytes(transaction, CLASS_SEQUENCE_STATE, number, &point, budget, ticket, error);
}
