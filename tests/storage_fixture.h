/* SPDX-License-Identifier: Apache-2.0
 *
 * What tests of storage share: opening one on a simulated disk, committing, a table of two columns
 * (key bigint, label text) and reading it back. Everything verifies: a failure stops the test.
 */
#ifndef GOTGAN_STORAGE_FIXTURE_H
#define GOTGAN_STORAGE_FIXTURE_H

#include "base/platform_sim.h"
#include "base/text.h"
#include "storage/storage.h"
#include "storage/table_access.h"

static inline StorageOptions fixture_options(Platform *platform)
{
    StorageOptions options = storage_defaults();
    options.platform = platform;
    options.directory = "data";
    options.wal_file_bytes = 1 << 20;
    options.row_group_rows = 1000;
    options.frame_bytes = 4096;
    options.cache_bytes = 4 << 20;
    return options;
}

static inline Storage *fixture_open(Platform *platform)
{
    StorageOptions options = fixture_options(platform);
    Storage *storage = NULL;
    Error error;
    if (!storage_open(&options, &storage, &error))
        verify_failed(error.message, __FILE__, __LINE__);
    return storage;
}

static inline void fixture_close(Storage *storage)
{
    Error error;
    if (!storage_close(storage, CLOSE_CHECKPOINT, &error))
        verify_failed(error.message, __FILE__, __LINE__);
}

/* Power is lost: what was not synced is gone. */
static inline void fixture_crash(Storage *storage, Platform *disk)
{
    Error error;
    if (!storage_close(storage, CLOSE_ABANDON, &error))
        verify_failed(error.message, __FILE__, __LINE__);
    sim_restart(disk, SIM_POWER_LOSS);
}

static inline void fixture_checkpoint(Storage *storage)
{
    Error error;
    if (!storage_checkpoint(storage, &error))
        verify_failed(error.message, __FILE__, __LINE__);
}

static inline Transaction *fixture_begin(Storage *storage, Isolation isolation)
{
    Transaction *transaction = NULL;
    Error error;
    bool begun = transaction_begin(storage, isolation, NULL, &transaction, &error);
    verify(begun);
    return transaction;
}

/* True: committed. */
static inline bool fixture_commit(Storage *storage, Transaction *transaction)
{
    Ticket ticket = {0};
    Error error;
    ticket_arm(&ticket, NULL, NULL);
    WriteStatus status = transaction_commit_begin(transaction, &ticket, &error);
    if (status == WRITE_WAIT)
        commit_step(storage);
    return status == WRITE_DONE ||
           (status == WRITE_WAIT && ticket_state(&ticket) == TICKET_GRANTED);
}

static inline void fixture_define(Transaction *transaction, TableId table)
{
    Error error;
    ColumnDefinition columns[] = {
        {.id = 1, .lane = lane_of(LANE_I64), .constant = {.null = true}},
        {.id = 2, .lane = lane_of(LANE_STR), .constant = {.null = true}},
    };
    bool defined = table_define(transaction, table, columns, 2, &error);
    verify(defined);
}

/* Rows with these keys; the label of key k is "label <k>", every 5th is NULL. */
static inline void fixture_label(i64 key, char label[40])
{
    snprintf(label, 40, "label number %lld", (long long)key);
}

/* A chunk of rows first..first + n in arena. */
static inline Chunk fixture_chunk(Arena *arena, i64 first, i32 n)
{
    Error error;
    Vector *columns = arena_try(arena, 2 * (i64)sizeof *columns, &error);
    bool made = columns &&
                vector_make(&columns[0], type_of(TYPE_INT8), lane_of(LANE_I64), n, arena, &error) &&
                vector_make(&columns[1], type_of(TYPE_TEXT), lane_of(LANE_STR), n, arena, &error) &&
                vector_make_valid(&columns[1], n, arena, &error);
    verify(made);
    for (i32 i = 0; i < n; i++) {
        char label[40];
        Text copy;
        ((i64 *)columns[0].values)[i] = first + i;
        if ((first + i) % 5 == 0) {
            bit_clear(columns[1].valid, i);
            continue;
        }
        fixture_label(first + i, label);
        bool copied = arena_text(arena, (Text){label, (i64)strlen(label)}, &copy, &error);
        verify(copied);
        ((Str *)columns[1].values)[i] = str_from_text(copy);
    }
    return (Chunk){.n = n, .column_count = 2, .columns = columns, .arena = arena};
}

static inline bool fixture_insert(Transaction *transaction, TableId table, i64 first, i64 count)
{
    Error error;
    Append *append;
    if (!native_access.append_open(transaction, table, &append, &error))
        return false;
    bool good = true;
    while (good && count > 0) {
        Arena arena;
        arena_open(&arena, NULL);
        i32 n = (i32)min_i64(count, CHUNK_ROWS);
        Chunk chunk = fixture_chunk(&arena, first, n);
        good = native_access.append(append, &chunk, &error);
        arena_close(&arena);
        first += n;
        count -= n;
    }
    return native_access.append_close(append, good, &error) && good;
}

typedef struct FixtureScan {
    i64 count, sum;
    i64 bad;     /* rows whose label is not that of their key */
    bool failed; /* a read failed: the rest means nothing */
} FixtureScan;

typedef void FixtureRow(void *state, i64 key, RowId row);

static inline void fixture_scan_chunk(const Chunk *chunk, FixtureScan *result, FixtureRow *visit,
                                      void *state)
{
    for (i32 i = 0; i < chunk_rows(chunk); i++) {
        i32 at = chunk_position(chunk, i);
        Value key = vector_value(&chunk->columns[0], at);
        Value label = vector_value(&chunk->columns[1], at);
        Value row = vector_value(&chunk->columns[2], at);
        char expected[40];
        fixture_label(key.integer, expected);
        bool null = key.integer % 5 == 0;
        bool good =
            label.null == null && (null || text_equal(str_text(&label.str), text_from(expected)));
        result->count++;
        result->sum += key.integer;
        result->bad += !good;
        if (visit)
            visit(state, key.integer, row.integer);
    }
}

static inline void fixture_scan_split(Relation *relation, const ScanSpec *spec, const Split *split,
                                      FixtureScan *result, FixtureRow *visit, void *state)
{
    Error error;
    Scan *scan = NULL;
    Chunk chunk;
    u64 applied;
    ScanStatus status = SCAN_ERROR;
    if (!native_access.scan_open(relation, spec, split, NULL, &scan, &error)) {
        result->failed = true;
        return;
    }
    while ((status = native_access.scan_next(scan, &chunk, &applied, &error)) == SCAN_ROWS) {
        for (i32 c = 0; c < chunk.column_count; c++)
            if (!vector_load(&chunk.columns[c], chunk.sel, chunk.n, &error))
                verify_failed(error.message, __FILE__, __LINE__);
        chunk_verify(&chunk);
        fixture_scan_chunk(&chunk, result, visit, state);
    }
    result->failed |= status == SCAN_ERROR;
    native_access.scan_close(scan);
}

/* Reads the whole table; visit may be NULL. count < 0: there is no such table. */
static inline FixtureScan fixture_scan(Snapshot *snapshot, TableId table, FixtureRow *visit,
                                       void *state)
{
    static const ScanColumn columns[] = {
        {.id = 1, .type = {.oid = TYPE_INT8, .typmod = -1}, .lane = {LANE_I64, 0}},
        {.id = 2, .type = {.oid = TYPE_TEXT, .typmod = -1}, .lane = {LANE_STR, 0}},
    };
    ScanSpec spec = {.columns = columns, .column_count = 2, .want_row_ids = true};
    FixtureScan result = {0};
    Relation *relation;
    Split *splits;
    i32 count;
    Arena arena;
    Error error;
    if (!native_access.open(snapshot, table, NULL, &relation, &error))
        return (FixtureScan){.count = -1};
    arena_open(&arena, NULL);
    result.failed = !native_access.splits(relation, &spec, &arena, &splits, &count, &error);
    for (i32 i = 0; !result.failed && i < count; i++)
        fixture_scan_split(relation, &spec, &splits[i], &result, visit, state);
    arena_close(&arena);
    native_access.close(relation);
    return result;
}

static inline FixtureScan fixture_scan_newest(Storage *storage, TableId table)
{
    Snapshot *snapshot = NULL;
    Error error;
    bool got = snapshot_newest(storage, &snapshot, &error);
    verify(got);
    FixtureScan result = fixture_scan(snapshot, table, NULL, NULL);
    verify(!result.failed);
    snapshot_close(snapshot);
    return result;
}

#endif
