/* SPDX-License-Identifier: Apache-2.0
 *
 * A table in memory behind TableAccess, for unit tests of the executor: the second implementation
 * that keeps the seam real. Rows are Values in an array; splits are ranges of rows; filters are
 * never applied here, so the executor must; LAZY columns are handed out on request.
 *
 * Threads: scans may run in parallel; appends and modifies take a mutex.
 */
#ifndef GOTGAN_MEMORY_TABLE_H
#define GOTGAN_MEMORY_TABLE_H

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "storage/table_access.h"

enum { MEMORY_COLUMNS = 8 };

typedef struct MemoryTable {
    i32 column_count;
    Lane lanes[MEMORY_COLUMNS];
    Type types[MEMORY_COLUMNS];
    Value *rows; /* row-major */
    bool *deleted;
    i64 count, capacity;
    i64 split_rows;
    i64 visible; /* rows scans see; 0: all */
    bool lazy;
    bool fail_at_end;  /* a scan fails when its split is over */
    i32 wait_modifies; /* so many modify calls answer WAIT first */
    Ticket *waiting;
    const _Atomic u32 *held_until; /* scans give no chunk while it is 0; NULL: at once */
    Arena arena;
    pthread_mutex_t mutex;
    _Atomic i32 open_scans, open_appends;
} MemoryTable;

struct Relation {
    MemoryTable *table;
};
struct Scan {
    MemoryTable *table;
    const ScanSpec *spec;
    i64 at, end;
    Arena arena, handle_arena;
    Vector columns[MEMORY_COLUMNS + 1];
    Vector full[MEMORY_COLUMNS];
    LazyColumn lazy[MEMORY_COLUMNS];
};
struct Append {
    MemoryTable *table;
    i64 first;
    Arena arena;
};

static inline void memory_table_open(MemoryTable *table, const u32 *types, i32 count)
{
    *table = (MemoryTable){.column_count = count, .split_rows = 1000};
    arena_open(&table->arena, NULL);
    pthread_mutex_init(&table->mutex, NULL);
    for (i32 i = 0; i < count; i++) {
        table->types[i] = type_of(types[i]);
        table->lanes[i] = type_lane(table->types[i]);
    }
}
static inline void memory_table_close(MemoryTable *table)
{
    verify(table->open_scans == 0 && table->open_appends == 0);
    pthread_mutex_destroy(&table->mutex);
    arena_close(&table->arena);
}
/* Mutex held by the caller when others may append. */
static inline void memory_table_add(MemoryTable *table, const Value *row)
{
    Error error;
    if (table->count == table->capacity) {
        i64 capacity = table->capacity ? table->capacity * 2 : 64;
        i64 width = table->column_count * (i64)sizeof(Value);
        Value *rows = arena_try(&table->arena, capacity * width, &error);
        bool *deleted = arena_try(&table->arena, capacity, &error);
        verify(rows && deleted);
        if (table->count) {
            memcpy(rows, table->rows, (size_t)(table->count * width));
            memcpy(deleted, table->deleted, (size_t)table->count);
        }
        table->rows = rows;
        table->deleted = deleted;
        table->capacity = capacity;
    }
    for (i32 i = 0; i < table->column_count; i++) {
        verify(row[i].null || lane_equal(row[i].lane, table->lanes[i]));
        Value *to = &table->rows[table->count * table->column_count + i];
        verify(value_copy(row[i], &table->arena, to, &error));
        to->lane = table->lanes[i];
    }
    table->deleted[table->count++] = false;
}
static inline const Value *memory_table_row(const MemoryTable *table, i64 row)
{
    return &table->rows[row * table->column_count];
}

static inline bool memory_open(const Snapshot *snapshot, u64 relation, Budget *budget,
                               Relation **out, Error *error)
{
    MemoryTable *table = (MemoryTable *)(uintptr_t)relation;
    *out = arena_try(&table->arena, (i64)sizeof(Relation), error);
    if (*out)
        (*out)->table = table;
    return *out != NULL;
}
static inline void memory_close(Relation *relation) {}

static inline bool memory_splits(Relation *relation, const ScanSpec *spec, Arena *arena,
                                 Split **splits, i32 *count, Error *error)
{
    MemoryTable *table = relation->table;
    i64 rows = table->visible ? table->visible : table->count;
    *count = (i32)((rows + table->split_rows - 1) / table->split_rows);
    *splits = arena_try(arena, *count * (i64)sizeof(Split), error);
    if (!*splits)
        return false;
    for (i32 i = 0; i < *count; i++) {
        i64 first = i * table->split_rows;
        (*splits)[i] =
            (Split){.position = (u64)first, .rows = min_i64(rows - first, table->split_rows)};
    }
    return true;
}

static inline bool memory_scan_open(Relation *relation, const ScanSpec *spec, const Split *split,
                                    Budget *budget, Scan **out, Error *error)
{
    Arena arena;
    arena_open(&arena, NULL);
    Scan *scan = arena_try(&arena, (i64)sizeof *scan, error);
    if (!scan)
        return false;
    scan->handle_arena = arena;
    scan->table = relation->table;
    scan->spec = spec;
    scan->at = (i64)split->position;
    scan->end = scan->at + split->rows;
    arena_open(&scan->arena, NULL);
    relation->table->open_scans++;
    *out = scan;
    return true;
}

static inline bool memory_lazy_load(void *state, const Selection *sel, i32 n, Vector *vector,
                                    Error *error)
{
    *vector = *(const Vector *)state;
    return true;
}

static inline ScanStatus memory_scan_next(Scan *scan, Chunk *chunk, u64 *applied, Error *error)
{
    MemoryTable *table = scan->table;
    while (table->held_until && atomic_load(table->held_until) == 0)
        sched_yield();
    i32 n = (i32)min_i64(scan->end - scan->at, CHUNK_ROWS);
    *applied = 0;
    if (n <= 0)
        return table->fail_at_end
                   ? (error_set(error, E_DATA_CORRUPTED, "planted failure"), SCAN_ERROR)
                   : SCAN_END;
    arena_reset(&scan->arena);
    i32 count = scan->spec->column_count;
    for (i32 c = 0; c < count; c++) {
        i32 from = (i32)scan->spec->columns[c].id - 1;
        Vector *full = &scan->full[c];
        if (!vector_make(full, table->types[from], table->lanes[from], n, &scan->arena, error) ||
            !vector_make_valid(full, n, &scan->arena, error))
            return SCAN_ERROR;
        for (i32 i = 0; i < n; i++)
            vector_set(full, i, &table->rows[(scan->at + i) * table->column_count + from]);
        full->life = LIFE_PINNED;
        scan->columns[c] = *full;
        if (table->lazy) {
            scan->lazy[c] = (LazyColumn){memory_lazy_load, full};
            scan->columns[c] = (Vector){.form = VECTOR_LAZY,
                                        .lane = full->lane,
                                        .type = full->type,
                                        .lazy = &scan->lazy[c]};
        }
    }
    if (scan->spec->want_row_ids)
        scan->columns[count] = (Vector){.form = VECTOR_SEQUENCE,
                                        .lane = lane_of(LANE_I64),
                                        .type = type_of(TYPE_INT8),
                                        .start = scan->at,
                                        .step = 1};
    u16 *rows = arena_try(&scan->arena, (n + 1) * (i64)sizeof(u16), error);
    Selection *sel = arena_try(&scan->arena, (i64)sizeof *sel, error);
    if (!rows || !sel)
        return SCAN_ERROR;
    sel->rows = rows;
    for (i32 i = 0; i < n; i++)
        if (!table->deleted[scan->at + i])
            rows[sel->count++] = (u16)i;
    *chunk = (Chunk){.n = n,
                     .sel = sel->count < n ? sel : NULL,
                     .column_count = count + scan->spec->want_row_ids,
                     .columns = scan->columns,
                     .arena = &scan->arena};
    scan->at += n;
    return SCAN_ROWS;
}
static inline void memory_scan_close(Scan *scan)
{
    scan->table->open_scans--;
    arena_close(&scan->arena);
    Arena arena = scan->handle_arena;
    arena_close(&arena);
}

static inline bool memory_append_open(Transaction *transaction, u64 relation, Append **out,
                                      Error *error)
{
    MemoryTable *table = (MemoryTable *)(uintptr_t)relation;
    pthread_mutex_lock(&table->mutex);
    *out = arena_try(&table->arena, (i64)sizeof(Append), error);
    verify(*out);
    (*out)->table = table;
    table->open_appends++;
    if (!table->visible)
        table->visible = table->count;
    pthread_mutex_unlock(&table->mutex);
    return true;
}
static inline bool memory_append(Append *append, const Chunk *chunk, Error *error)
{
    MemoryTable *table = append->table;
    verify(chunk->column_count == table->column_count);
    for (i32 c = 0; c < chunk->column_count; c++)
        if (!vector_load(&chunk->columns[c], chunk->sel, chunk->n, error))
            return false;
    pthread_mutex_lock(&table->mutex);
    for (i32 i = 0; i < chunk_rows(chunk); i++) {
        Value row[MEMORY_COLUMNS];
        for (i32 c = 0; c < chunk->column_count; c++)
            row[c] = vector_value(&chunk->columns[c], chunk_position(chunk, i));
        memory_table_add(table, row);
    }
    pthread_mutex_unlock(&table->mutex);
    return true;
}
static inline bool memory_append_close(Append *append, bool keep, Error *error)
{
    append->table->open_appends--;
    return true;
}

static inline bool memory_modify(Transaction *transaction, u64 relation, ModifyCall *call,
                                 Error *error)
{
    MemoryTable *table = (MemoryTable *)(uintptr_t)relation;
    bool good = true;
    pthread_mutex_lock(&table->mutex);
    i64 old_count = table->count;
    for (i32 i = call->done; i < call->n && good; i++) {
        if (table->wait_modifies > 0) {
            table->wait_modifies--;
            call->status[i] = MODIFY_WAIT;
            ticket_arm(call->ticket, call->ticket->wake, call->ticket->argument);
            table->waiting = call->ticket;
            break;
        }
        if (table->deleted[call->rows[i]]) {
            call->status[i] = MODIFY_SELF;
            call->done = i + 1;
            continue;
        }
        table->deleted[call->rows[i]] = true;
        if (call->new_rows) {
            Value row[MEMORY_COLUMNS];
            for (i32 c = 0; c < table->column_count; c++)
                row[c] = vector_value(&call->new_rows->columns[c], i);
            if (!table->visible)
                table->visible = old_count;
            memory_table_add(table, row);
        }
        call->status[i] = MODIFY_DONE;
        call->done = i + 1;
    }
    pthread_mutex_unlock(&table->mutex);
    return good;
}

static const TableAccess memory_access = {
    .name = "memory",
    .open = memory_open,
    .close = memory_close,
    .splits = memory_splits,
    .scan_open = memory_scan_open,
    .scan_next = memory_scan_next,
    .scan_close = memory_scan_close,
    .append_open = memory_append_open,
    .append = memory_append,
    .append_close = memory_append_close,
    .modify = memory_modify,
};

#endif
