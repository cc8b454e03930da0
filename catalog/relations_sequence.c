/* SPDX-License-Identifier: Apache-2.0
 *
 * pg_sequence, pg_sequences, information_schema.sequences, and the row of a sequence itself.
 *
 * Memory: the fill's query. No state.
 */
#include "catalog/definition.h"
#include "catalog/sequence_values.h"
#include "catalog/system_fill.h"

typedef struct SequenceFill {
    const CatalogView *view;
    SystemRows *rows;
} SequenceFill;

static void fill_by(Query *q, const Snapshot *snapshot, SystemRows *rows,
                    void (*visit)(void *state, Query *q, const CatalogSequence *sequence))
{
    CatalogView view = view_of_snapshot(snapshot);
    SequenceFill fill = {&view, rows};
    catalog_sequences(q, &view, visit, &fill);
}

static Value value_i64(i64 number)
{
    return value_integer(LANE_I64, number);
}

/* ---- a sequence ---- */

static const SystemColumn own_columns[] = {
    {"last_value", TYPE_INT8}, {"log_cnt", TYPE_INT8}, {"is_called", TYPE_BOOL}};
const SystemRelation sequence_relation = {
    .name = "sequence", .columns = own_columns, .column_count = countof(own_columns)};

static SequencePoint point_of(Query *q, const Snapshot *snapshot, u32 oid, i64 *log_count)
{
    Error error;
    SequencePoint point;
    if (!sequence_point(snapshot, oid, &point, log_count, &error))
        query_rethrow(q, &error);
    return point;
}

void fill_sequence(Query *q, const Snapshot *snapshot, u32 oid, SystemRows *rows)
{
    i64 log_count;
    SequencePoint point = point_of(q, snapshot, oid, &log_count);
    Value row[] = {value_i64(point.last), value_i64(log_count), value_bool(point.is_called)};
    fill_row(q, rows, row);
}

/* ---- pg_sequence ---- */

static void add_definition(void *state, Query *q, const CatalogSequence *sequence)
{
    const SequenceFill *fill = state;
    const Value row[pg_sequence_COLUMNS] = {
        [pg_sequence_seqrelid] = value_oid(sequence->oid),
        [pg_sequence_seqtypid] = value_oid(sequence->type),
        [pg_sequence_seqstart] = value_i64(sequence->start),
        [pg_sequence_seqincrement] = value_i64(sequence->increment),
        [pg_sequence_seqmax] = value_i64(sequence->max),
        [pg_sequence_seqmin] = value_i64(sequence->min),
        [pg_sequence_seqcache] = value_i64(sequence->cache),
        [pg_sequence_seqcycle] = value_bool(sequence->cycle),
    };
    fill_row(q, fill->rows, row);
}

void fill_pg_sequence(Query *q, const Snapshot *snapshot, const Value *const *equal,
                      SystemRows *rows)
{
    fill_by(q, snapshot, rows, add_definition);
}

/* ---- pg_sequences ---- */

static void add_sequence(void *state, Query *q, const CatalogSequence *sequence)
{
    const SequenceFill *fill = state;
    i64 log_count;
    const CatalogRelation *relation = catalog_relation(q, fill->view, sequence->oid);
    if (!relation)
        return;
    SequencePoint point = point_of(q, fill->view->snapshot, sequence->oid, &log_count);
    const Value row[pg_sequences_COLUMNS] = {
        [pg_sequences_schemaname] = value_text(schema_name(q, fill->view, relation->schema)),
        [pg_sequences_sequencename] = value_text(relation->name),
        [pg_sequences_sequenceowner] = value_text(CATALOG_ROLE_NAME),
        [pg_sequences_data_type] = value_oid(sequence->type),
        [pg_sequences_start_value] = value_i64(sequence->start),
        [pg_sequences_min_value] = value_i64(sequence->min),
        [pg_sequences_max_value] = value_i64(sequence->max),
        [pg_sequences_increment_by] = value_i64(sequence->increment),
        [pg_sequences_cycle] = value_bool(sequence->cycle),
        [pg_sequences_cache_size] = value_i64(sequence->cache),
        [pg_sequences_last_value] =
            point.is_called ? value_i64(point.last) : value_null(lane_of(LANE_I64)),
    };
    fill_row(q, fill->rows, row);
}

void fill_pg_sequences(Query *q, const Snapshot *snapshot, const Value *const *equal,
                       SystemRows *rows)
{
    fill_by(q, snapshot, rows, add_sequence);
}

/* ---- information_schema.sequences ---- */

static Value number_text(Query *q, i64 number)
{
    return value_text(query_format(q, "%lld", (long long)number));
}

static void add_standard(void *state, Query *q, const CatalogSequence *sequence)
{
    const SequenceFill *fill = state;
    char type[TYPE_NAME_BYTES];
    const CatalogRelation *relation = catalog_relation(q, fill->view, sequence->oid);
    if (!relation || sequence->owner_kind == SEQUENCE_IDENTITY)
        return;
    i32 bits = sequence->type == TYPE_INT2 ? 16 : sequence->type == TYPE_INT4 ? 32 : 64;
    const Value row[information_sequences_COLUMNS] = {
        [information_sequences_sequence_catalog] = value_text(CATALOG_DATABASE_NAME),
        [information_sequences_sequence_schema] =
            value_text(schema_name(q, fill->view, relation->schema)),
        [information_sequences_sequence_name] = value_text(relation->name),
        [information_sequences_data_type] =
            value_text(query_text(q, text_from(type_format(type_of(sequence->type), type)))),
        [information_sequences_numeric_precision] = value_i32(bits),
        [information_sequences_numeric_precision_radix] = value_i32(2),
        [information_sequences_numeric_scale] = value_i32(0),
        [information_sequences_start_value] = number_text(q, sequence->start),
        [information_sequences_minimum_value] = number_text(q, sequence->min),
        [information_sequences_maximum_value] = number_text(q, sequence->max),
        [information_sequences_increment] = number_text(q, sequence->increment),
        [information_sequences_cycle_option] = value_yes_no(sequence->cycle),
    };
    fill_row(q, fill->rows, row);
}

void fill_information_sequences(Query *q, const Snapshot *snapshot, const Value *const *equal,
                                SystemRows *rows)
{
    fill_by(q, snapshot, rows, add_standard);
}
