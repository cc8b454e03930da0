/* SPDX-License-Identifier: Apache-2.0
 *
 * Scanning a row group, block by block: zone maps first, then the delete vector and the
 * transaction's own marks, then the filters: ranges on packed codes before they are decoded,
 * dictionaries by one bit per entry, made once, the rest on decoded blocks. What is left is handed
 * out with the other columns LAZY: they are decoded when the executor first touches them, or never.
 * Filters know the row group's own codes only; a column that is asked for in the table's codes is
 * translated on its way out.
 *
 * A block is one chunk; where CHUNK_ROWS is smaller (flavour small) copied slices of the decoded
 * block are handed out. Memory: an arena per block, one for what lasts as long as the scan.
 */
#include "storage/filter.h"
#include "storage/lane_convert.h"
#include "storage/relation.h"
#include "storage/segment_read.h"
#include "storage/unified_dictionary.h"

/* Below it a row group's dictionary is not worth joining for the few rows a block has left. */
enum { JOIN_ENTRIES_MIN = 1024, JOIN_ROWS_SHARE = 8 };

typedef struct ScanSource {
    SegmentReader reader; /* segment NULL: the row group does not have the column */
    ScanColumn column;
    bool loaded;      /* vector is that of the block in hand */
    BlockCodes codes; /* of the block in hand, when a filter was tried on them */
    Vector vector;
    LazyColumn lazy;
    GroupScan *scan;
    bool wide_asked; /* whether the table's codes are used has been settled */
    UnifiedMap *map; /* counted; NULL: the row group's own codes */
    UnifiedView view;
    Vector entries; /* FLAT over the view's */
} ScanSource;

typedef struct ScanFilterState {
    ScanFilter *filter;
    ScanSource *source; /* NULL: storage cannot decide it */
    u64 *entry_mask;    /* made once per scan */
    bool ranged;        /* a RANGE on a dictionary: codes from .. to pass */
    i32 from, to;
} ScanFilterState;

struct GroupScan {
    Relation *relation;
    const ScanSpec *spec;
    const GroupEntry *entry;
    const Footer *footer;
    Arena arena, block_arena, slice_arena;
    ScanSource *sources; /* one per column of spec, then one per other filtered column */
    i32 source_count;
    ScanFilterState *filters;
    i32 block; /* next to read */
    /* the block in hand */
    i32 n, slice; /* rows; the next one to hand out */
    u64 mask[BLOCK_WORDS];
    u64 applied;
    Vector *vectors;
    Selection sel;
    u16 rows[BLOCK_ROWS + 64];
};

/* ---- opening ---- */

static void source_open(GroupScan *scan, ScanSource *source, ScanColumn column)
{
    RowGroup *group = scan->entry->group;
    const Segment *segment = footer_segment(scan->footer, column.id);
    source->column = column;
    source->scan = scan;
    if (segment)
        segment_reader_open(&source->reader, group, scan->footer, segment, scan->arena.budget);
}

static const Lane *filter_lane(const ScanFilter *filter)
{
    if (filter->kind == FILTER_RANGE)
        return filter->has_low ? &filter->low.lane : filter->has_high ? &filter->high.lane : NULL;
    return filter->kind == FILTER_IN_SET && filter->set_count ? &filter->set[0].lane : NULL;
}

/* The source of the filter's column; a new one when it is not among those asked for. */
static ScanSource *filter_source(GroupScan *scan, const ScanFilter *filter)
{
    if (filter_needs_other_order(filter, scan->relation->columns))
        return NULL;
    for (i32 i = 0; i < scan->source_count; i++)
        if (scan->sources[i].column.id == filter->column)
            return filter_fits(filter, scan->sources[i].column.lane) ? &scan->sources[i] : NULL;
    i32 at = columns_find(scan->relation->columns, filter->column);
    if (at == COLUMN_NONE || filter->kind == FILTER_TEST)
        return NULL; /* a test wants the lane it was made for */
    const Lane *lane = filter_lane(filter);
    ScanColumn column = {.id = filter->column,
                         .lane = lane ? *lane : scan->relation->columns->list[at].lane};
    if (!filter_fits(filter, column.lane))
        return NULL;
    ScanSource *source = &scan->sources[scan->source_count++];
    source_open(scan, source, column);
    return source;
}

static bool code_range_open(ScanFilterState *state, Error *error)
{
    ScanSource *source = state->source;
    const Segment *segment = source ? source->reader.segment : NULL;
    if (state->filter->kind != FILTER_RANGE || !segment ||
        segment->encoding != ENCODING_DICTIONARY || source->column.lane.kind != LANE_STR)
        return true;
    if (!segment_dictionary(&source->reader, error))
        return false;
    state->ranged = true;
    filter_code_range(state->filter, source->reader.entries.values, segment->entries, &state->from,
                      &state->to);
    return true;
}

static bool scan_prepare(GroupScan *scan, Error *error)
{
    const ScanSpec *spec = scan->spec;
    i64 sources = (i64)spec->column_count + spec->filter_count;
    if (!row_group_footer(scan->entry->group, &scan->footer, error))
        return false;
    scan->sources = arena_try(&scan->arena, (sources + 1) * (i64)sizeof(ScanSource), error);
    scan->filters =
        arena_try(&scan->arena, (spec->filter_count + 1) * (i64)sizeof(ScanFilterState), error);
    scan->vectors = arena_try(&scan->arena, (spec->column_count + 2) * (i64)sizeof(Vector), error);
    if (!scan->sources || !scan->filters || !scan->vectors)
        return false;
    for (i32 i = 0; i < spec->column_count; i++)
        source_open(scan, &scan->sources[i], spec->columns[i]);
    scan->source_count = spec->column_count;
    for (i32 i = 0; i < spec->filter_count; i++) {
        scan->filters[i].filter = &spec->filters[i];
        scan->filters[i].source = filter_source(scan, &spec->filters[i]);
        if (!code_range_open(&scan->filters[i], error))
            return false;
    }
    return true;
}

static void source_close(ScanSource *source)
{
    segment_reader_close(&source->reader);
    counted_drop(source->map);
}

bool group_scan_open(Relation *relation, const ScanSpec *spec, const GroupEntry *entry,
                     Budget *budget, GroupScan **out, Error *error)
{
    GroupScan *scan = counted_make((i64)sizeof *scan, budget, NULL, error);
    if (!scan)
        return false;
    arena_open(&scan->arena, budget);
    arena_open(&scan->block_arena, budget);
    arena_open(&scan->slice_arena, budget);
    scan->relation = relation;
    scan->spec = spec;
    scan->entry = counted_keep(entry);
    if (scan_prepare(scan, error)) {
        *out = scan;
        return true;
    }
    group_scan_close(scan);
    return false;
}

void group_scan_close(GroupScan *scan)
{
    for (i32 i = 0; i < scan->source_count; i++)
        source_close(&scan->sources[i]);
    arena_close(&scan->slice_arena);
    arena_close(&scan->block_arena);
    arena_close(&scan->arena);
    counted_drop(scan->entry);
    counted_drop(scan);
}

/* ---- a block ---- */

static bool source_load(ScanSource *source, Error *error)
{
    GroupScan *scan = source->scan;
    if (source->loaded)
        return true;
    bool good = source->codes.codes
                    ? segment_block_of_codes(&source->reader, scan->block, &source->codes,
                                             source->column.type, source->column.lane,
                                             &scan->block_arena, &source->vector, error)
                : source->reader.segment
                    ? segment_block(&source->reader, scan->block, source->column.type,
                                    source->column.lane, &scan->block_arena, &source->vector, error)
                    : relation_missing_column(scan->relation, &source->column, &scan->block_arena,
                                              &source->vector, error);
    source->loaded = good;
    return good;
}

/* Settles for the whole scan whether a column goes out in the table's codes. */
static bool wide_open(ScanSource *source, Error *error)
{
    GroupScan *scan = source->scan;
    UnifiedDictionary *dictionary;
    const Vector *own = &source->vector;
    u64 group = scan->entry->group->address.id;
    source->wide_asked = true;
    if (!relation_dictionary(scan->relation, source->column.id, &dictionary, error))
        return false;
    if (!dictionary)
        return true;
    source->map = unified_dictionary_find(dictionary, group);
    bool pays = own->entry_count < JOIN_ENTRIES_MIN ||
                bits_count(scan->mask, scan->n) * JOIN_ROWS_SHARE >= scan->n;
    if (!source->map && pays)
        source->map =
            unified_dictionary_join(dictionary, group, own->entries->values, own->entry_count);
    if (!source->map)
        return true;
    source->view = unified_dictionary_view(dictionary);
    source->entries = *own->entries;
    source->entries.values = (void *)(intptr_t)source->view.entries;
    source->entries.life = LIFE_HELD; /* the relation has the dictionary */
    return true;
}

static bool wide_translate(ScanSource *source, Vector *vector, Error *error)
{
    const UnifiedMap *map = source->map;
    i32 n = source->scan->n;
    vector->entries = &source->entries;
    vector->entry_count = source->view.count;
    vector->dictionary_id = source->view.identity;
    vector->wide = true;
    vector->life = LIFE_HELD;
    if (map->identity)
        return true;
    u8 *memory =
        arena_try_raw(&source->scan->block_arena, BLOCK_ROWS * (i64)sizeof(u32) + 128, error);
    if (!memory)
        return false;
    u32 *codes = (u32 *)align_up((i64)(intptr_t)memory, 64);
    for (i32 i = 0; i < n; i++)
        codes[i] = map->codes[vector->codes[i]];
    vector->codes = codes;
    return true;
}

/* The block of a column as the executor gets it. */
static bool source_give(ScanSource *source, Vector *vector, Error *error)
{
    if (!source_load(source, error))
        return false;
    *vector = source->vector;
    if (!source->column.wide || vector->form != VECTOR_DICTIONARY)
        return true;
    if (!source->wide_asked && !wide_open(source, error))
        return false;
    return !source->map || wide_translate(source, vector, error);
}

static bool load_lazy(void *state, const Selection *sel, i32 n, Vector *vector, Error *error)
{
    return source_give(state, vector, error);
}

/* Has the block codes in the range? */
static bool codes_may_pass(const ScanFilterState *state, i32 block)
{
    const Zone *zones = state->source->reader.segment->zones;
    return state->from <= state->to &&
           (!zones || (zones[block].min <= state->to && zones[block].max >= state->from));
}

static bool block_may_pass(const GroupScan *scan)
{
    for (i32 i = 0; i < scan->spec->filter_count; i++) {
        const ScanFilterState *state = &scan->filters[i];
        if (!state->source || !state->source->reader.segment || !filter_is_on(state->filter))
            continue;
        if (state->ranged && !codes_may_pass(state, scan->block))
            return false;
        if (!filter_may_pass_block(state->filter, state->source->reader.segment, scan->block))
            return false;
    }
    return true;
}

/* Rows that are neither deleted for this snapshot nor by this transaction. */
static void block_live(GroupScan *scan)
{
    const DeleteVector *deletes = scan->entry->deletes;
    const Relation *relation = scan->relation;
    memset(scan->mask, 0, sizeof scan->mask);
    bits_fill(scan->mask, scan->n);
    i64 first = (i64)scan->block * BLOCK_WORDS;
    for (i64 w = 0; deletes && w < bit_words(scan->n); w++)
        scan->mask[w] &= ~deletes->words[first + w];
    if (!relation->has_marks)
        return;
    Transaction *transaction = relation->snapshot->transaction;
    RowId row = row_in_group(scan->entry->group->address.id, (i64)scan->block * BLOCK_ROWS);
    mutex_lock(&transaction->mutex);
    const MarkBlock *marks = write_table_marks(relation->own, row_block(row));
    if (marks)
        mark_block_hide(marks, relation->own_bound, scan->mask);
    mutex_unlock(&transaction->mutex);
}

static bool make_entry_mask(GroupScan *scan, ScanFilterState *state, Error *error)
{
    const Vector *vector = &state->source->vector;
    if (vector->form != VECTOR_DICTIONARY || state->entry_mask)
        return true;
    state->entry_mask = arena_try(&scan->arena, bit_words(vector->entry_count) * 8 + 64, error);
    if (!state->entry_mask)
        return false;
    if (state->filter->kind != FILTER_IS_NULL && state->filter->kind != FILTER_NOT_NULL)
        filter_entries(state->filter, vector->entries, vector->entry_count, state->entry_mask);
    return true;
}

static bool any_bit(const u64 *mask, i32 n)
{
    u64 any = 0;
    for (i64 w = 0; w < bit_words(n); w++)
        any |= mask[w];
    return any != 0;
}

static bool tries_codes(const ScanFilterState *state)
{
    const ScanSource *source = state->source;
    return state->filter->kind == FILTER_RANGE && !source->loaded && source->reader.segment &&
           segment_has_codes(&source->reader, source->column.lane);
}

static bool codes_filter(GroupScan *scan, ScanFilterState *state, Error *error)
{
    ScanSource *source = state->source;
    if (!source->codes.codes &&
        !segment_codes(&source->reader, scan->block, &scan->block_arena, &source->codes, error))
        return false;
    filter_codes(state->filter, source->reader.segment->base, source->codes.codes,
                 source->codes.valid, scan->n, scan->mask);
    return true;
}

static bool block_filter(GroupScan *scan, Error *error)
{
    scan->applied = 0;
    for (i32 i = 0; i < scan->spec->filter_count && any_bit(scan->mask, scan->n); i++) {
        ScanFilterState *state = &scan->filters[i];
        if (!state->source || !filter_is_on(state->filter))
            continue;
        if (tries_codes(state)) {
            if (!codes_filter(scan, state, error))
                return false;
            scan->applied |= (u64)1 << i;
            continue;
        }
        if (!source_load(state->source, error))
            return false;
        if (state->ranged && state->source->vector.form == VECTOR_DICTIONARY)
            filter_between(&state->source->vector, state->from, state->to, scan->n, scan->mask);
        else if (!make_entry_mask(scan, state, error) ||
                 !filter_apply(state->filter, &state->source->vector, state->entry_mask, scan->n,
                               &scan->block_arena, scan->mask, error))
            return false;
        scan->applied |= (u64)1 << i;
    }
    return true;
}

static bool block_columns(GroupScan *scan, Error *error)
{
    bool lazy = scan->spec->filter_count > 0 && (i32)CHUNK_ROWS == (i32)BLOCK_ROWS;
    for (i32 i = 0; i < scan->spec->column_count; i++) {
        ScanSource *source = &scan->sources[i];
        bool now = !lazy || (source->loaded && !source->column.wide);
        source->lazy = (LazyColumn){load_lazy, source};
        scan->vectors[i] = (Vector){.form = VECTOR_LAZY,
                                    .lane = source->column.lane,
                                    .type = source->column.type,
                                    .lazy = &source->lazy};
        if (now && !source_give(source, &scan->vectors[i], error))
            return false;
    }
    if (scan->spec->want_row_ids)
        scan->vectors[scan->spec->column_count] = (Vector){
            .form = VECTOR_SEQUENCE,
            .lane = lane_of(LANE_I64),
            .type = type_of(TYPE_INT8),
            .start = row_in_group(scan->entry->group->address.id, (i64)scan->block * BLOCK_ROWS),
            .step = 1};
    return true;
}

/* Reads blocks until one has rows to hand out. */
static ScanStatus block_next(GroupScan *scan, Error *error)
{
    for (; scan->block < scan->footer->block_count; scan->block++) {
        scan->n = block_rows(scan->footer, scan->block);
        if (!block_may_pass(scan))
            continue;
        block_live(scan);
        if (!any_bit(scan->mask, scan->n))
            continue;
        arena_reset(&scan->block_arena);
        for (i32 i = 0; i < scan->source_count; i++) {
            scan->sources[i].loaded = false;
            scan->sources[i].codes = (BlockCodes){NULL, NULL};
        }
        if (!block_filter(scan, error))
            return SCAN_ERROR;
        if (!any_bit(scan->mask, scan->n))
            continue;
        scan->slice = 0;
        return block_columns(scan, error) ? SCAN_ROWS : SCAN_ERROR;
    }
    return SCAN_END;
}

/* ---- slices ---- */

static bool slice_vector(GroupScan *scan, const Vector *from, i32 first, i32 n, Vector *to,
                         Error *error)
{
    *to = *from;
    if (from->form == VECTOR_SEQUENCE) {
        to->start += first;
        return true;
    }
    if (from->form == VECTOR_CONSTANT)
        return true;
    if (from->form == VECTOR_FLAT &&
        !vector_make(to, from->type, from->lane, n, &scan->slice_arena, error))
        return false;
    to->life = from->life;
    if (from->form == VECTOR_DICTIONARY) {
        to->codes += first;
    }
    if (from->valid) {
        to->valid = arena_try(&scan->slice_arena, bit_words(n) * 8 + 64, error);
        if (!to->valid)
            return false;
        for (i32 i = 0; i < n; i++)
            bit_put(to->valid, i, bit_get(from->valid, first + i));
    }
    for (i32 i = 0; from->form == VECTOR_FLAT && i < n; i++)
        vector_copy_row(from, first + i, to, i);
    return true;
}

static bool slice_next(GroupScan *scan, Chunk *chunk, Error *error)
{
    i32 first = scan->slice, n = (i32)min_i64(CHUNK_ROWS, scan->n - first);
    i32 columns = scan->spec->column_count + scan->spec->want_row_ids;
    u64 mask[MASK_WORDS] = {0};
    arena_reset(&scan->slice_arena);
    Vector *vectors = arena_try(&scan->slice_arena, (columns + 1) * (i64)sizeof *vectors, error);
    if (!vectors)
        return false;
    for (i32 i = 0; i < n; i++)
        bit_put(mask, i, bit_get(scan->mask, first + i));
    for (i32 c = 0; c < columns; c++)
        if (!slice_vector(scan, &scan->vectors[c], first, n, &vectors[c], error))
            return false;
    scan->sel = (Selection){mask_to_rows(mask, n, scan->rows), scan->rows};
    *chunk = (Chunk){.n = n, .column_count = columns, .columns = vectors};
    return true;
}

ScanStatus group_scan_next(GroupScan *scan, Chunk *chunk, u64 *applied, Error *error)
{
    i32 columns = scan->spec->column_count + scan->spec->want_row_ids;
    do {
        if (scan->slice >= scan->n) {
            if (scan->n)
                scan->block++;
            ScanStatus status = block_next(scan, error);
            if (status != SCAN_ROWS) {
                *chunk = (Chunk){.n = 0}; /* a slice without rows may have been in it */
                return status;
            }
        }
        if ((i32)CHUNK_ROWS == (i32)BLOCK_ROWS) {
            scan->sel = (Selection){mask_to_rows(scan->mask, scan->n, scan->rows), scan->rows};
            *chunk = (Chunk){.n = scan->n, .column_count = columns, .columns = scan->vectors};
        } else if (!slice_next(scan, chunk, error)) {
            return SCAN_ERROR;
        }
        scan->slice += CHUNK_ROWS;
    } while (scan->sel.count == 0);
    chunk->sel = scan->sel.count < chunk->n ? &scan->sel : NULL;
    chunk->arena = &scan->slice_arena;
    *applied = scan->applied;
    return SCAN_ROWS;
}

/* ---- splits ---- */

static bool group_may_pass(const Relation *relation, const ScanSpec *spec, const Footer *footer)
{
    for (i32 i = 0; i < spec->filter_count; i++) {
        const ScanFilter *filter = &spec->filters[i];
        const Segment *segment = footer_segment(footer, filter->column);
        if (segment && filter_is_on(filter) &&
            !filter_needs_other_order(filter, relation->columns) &&
            !filter_may_pass_segment(filter, segment, footer->rows))
            return false;
    }
    return true;
}

static bool split_add(const Relation *relation, const ScanSpec *spec, const GroupEntry *entry,
                      SplitPart part, u64 position, Split *splits, i32 *count, Error *error)
{
    const Footer *footer;
    if (!row_group_footer(entry->group, &footer, error))
        return false;
    if (!group_may_pass(relation, spec, footer))
        return true;
    i64 deleted = entry->deletes ? entry->deletes->count : 0;
    i64 columns = max_i64(footer->segment_count, 1);
    splits[(*count)++] = (Split){part, position, footer->rows - deleted,
                                 entry->group->address.bytes * spec->column_count / columns};
    return true;
}

i64 relation_group_count(const Relation *relation)
{
    i64 count = relation->own_group_count;
    const MapNode *groups = relation->version ? relation->version->groups : NULL;
    for (const MapNode *node = map_next(groups, (MapKey){0, 0}); node;
         node = map_next(groups, (MapKey){0, node->key.low + 1}))
        count++;
    return count;
}

bool group_splits(Relation *relation, const ScanSpec *spec, Split *splits, i32 *count, Error *error)
{
    const MapNode *groups = relation->version ? relation->version->groups : NULL;
    for (const MapNode *node = map_next(groups, (MapKey){0, 0}); node;
         node = map_next(groups, (MapKey){0, node->key.low + 1}))
        if (!split_add(relation, spec, node->value, SPLIT_GROUP, node->key.low, splits, count,
                       error))
            return false;
    for (i32 i = 0; i < relation->own_group_count; i++)
        if (!split_add(relation, spec, relation->own_groups[i], SPLIT_OWN_GROUP, (u64)i, splits,
                       count, error))
            return false;
    return true;
}
