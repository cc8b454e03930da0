/* SPDX-License-Identifier: Apache-2.0
 *
 * Lists and growing arrays in the transaction's arena. Outgrown arrays stay there until the
 * transaction ends: they sum to less than the last one.
 */
#include "storage/write_set.h"

WriteTable *write_set_find(const WriteSet *set, TableId table)
{
    WriteTable *found = set->tables;
    while (found && found->id != table)
        found = found->next;
    return found;
}

WriteTable *write_set_table(WriteSet *set, TableId table, Error *error)
{
    WriteTable *found = write_set_find(set, table);
    if (found)
        return found;
    WriteTable *fresh = arena_try(&set->arena, (i64)sizeof *fresh, error);
    if (!fresh)
        return NULL;
    fresh->id = table;
    fresh->next = set->tables;
    set->tables = fresh;
    return fresh;
}

bool write_set_is_empty(const WriteSet *set)
{
    if (set->objects)
        return false;
    for (const WriteTable *table = set->tables; table; table = table->next)
        if (table->defined || table->dropped || table->truncated || table->chunk_count ||
            table->group_count || table->mark_count)
            return false;
    return true;
}

void write_set_close(WriteSet *set)
{
    for (WriteTable *table = set->tables; table; table = table->next) {
        counted_drop(table->columns);
        for (i32 i = 0; i < table->chunk_count; i++)
            counted_drop(table->chunks[i]);
        for (i32 i = 0; i < table->group_count; i++)
            counted_drop(table->groups[i].entry);
    }
    arena_close(&set->arena);
    *set = (WriteSet){0};
}

/* Room for one more element, which is not zeroed; the new array or NULL. */
static void *array_grow(Arena *arena, void *array, i32 count, i32 *capacity, i64 size, Error *error)
{
    if (count < *capacity)
        return array;
    i32 larger = *capacity ? *capacity * 2 : 8;
    void *grown = arena_try_raw(arena, larger * size, error);
    if (!grown)
        return NULL;
    if (count)
        memcpy(grown, array, (size_t)(count * size));
    *capacity = larger;
    return grown;
}

/* ---- rows ---- */

static DeltaChunk *chunk_with_room(WriteSet *set, WriteTable *table, Error *error)
{
    DeltaChunk *last = table->chunk_count ? table->chunks[table->chunk_count - 1] : NULL;
    if (last && delta_rows(last) < last->capacity && last->columns == table->columns)
        return last;
    DeltaChunk **grown = array_grow(&set->arena, table->chunks, table->chunk_count,
                                    &table->chunk_capacity, (i64)sizeof *grown, error);
    if (!grown)
        return NULL;
    table->chunks = grown;
    i32 capacity = last ? (i32)min_i64(last->capacity * 2, DELTA_CHUNK_ROWS) : DELTA_CHUNK_ROWS_MIN;
    DeltaChunk *fresh = delta_chunk_make(table->columns, capacity, set->arena.budget, error);
    if (fresh)
        table->chunks[table->chunk_count++] = fresh;
    return fresh;
}

bool write_table_append(WriteSet *set, WriteTable *table, const Chunk *rows,
                        StatementNumber statement, RowId *ids, Error *error)
{
    i32 count = chunk_rows(rows);
    if (table->fresh_statement != statement) {
        table->fresh_statement = statement;
        table->fresh_chunk = table->chunk_count;
    }
    for (i32 from = 0; from < count;) {
        DeltaChunk *chunk = chunk_with_room(set, table, error);
        if (!chunk)
            return false;
        i32 at = delta_rows(chunk);
        i32 piece = (i32)min_i64(count - from, chunk->capacity - at);
        i64 sequence = (i64)(table->chunk_count - 1) << ROW_BLOCK_BITS | at;
        for (i32 i = 0; ids && i < piece; i++)
            ids[from + i] = row_own(table->chunk_count - 1, at + i);
        i64 before = chunk->bytes;
        if (!delta_append(chunk, rows, from, piece, sequence, statement, error))
            return false;
        table->own_bytes += chunk->bytes - before + piece * 16;
        table->own_rows += piece;
        from += piece;
    }
    return true;
}

i64 *own_row_sequence(const WriteTable *table, RowId row)
{
    u64 low = row_low(row);
    return &table->chunks[low >> ROW_BLOCK_BITS]->sequence[low & (ROW_BLOCK_ROWS - 1)];
}

bool write_table_add_group(WriteSet *set, WriteTable *table, GroupEntry *entry,
                           StatementNumber first, StatementNumber statement, Error *error)
{
    OwnGroup *grown = array_grow(&set->arena, table->groups, table->group_count,
                                 &table->group_capacity, (i64)sizeof *grown, error);
    if (!grown)
        return false;
    table->groups = grown;
    table->groups[table->group_count++] = (OwnGroup){counted_keep(entry), first, statement};
    return true;
}

/* ---- marks ---- */

static i32 mark_slot(const WriteTable *table, u64 block)
{
    u64 mask = (u64)table->mark_capacity - 1;
    u64 slot = (block * 0x9e3779b97f4a7c15ull >> 32) & mask;
    while (table->mark_index[slot] && table->mark_index[slot]->block != block)
        slot = (slot + 1) & mask;
    return (i32)slot;
}

const MarkBlock *write_table_marks(const WriteTable *table, u64 block)
{
    return table->mark_capacity ? table->mark_index[mark_slot(table, block)] : NULL;
}

static bool index_grow(WriteSet *set, WriteTable *table, Error *error)
{
    if (table->mark_count * 2 < table->mark_capacity)
        return true;
    i32 capacity = table->mark_capacity ? table->mark_capacity * 2 : 16;
    MarkBlock **index = arena_try(&set->arena, capacity * (i64)sizeof *index, error);
    if (!index)
        return false;
    table->mark_index = index;
    table->mark_capacity = capacity;
    for (MarkBlock *block = table->marks; block; block = block->next)
        index[mark_slot(table, block->block)] = block;
    return true;
}

static MarkBlock *mark_block(WriteSet *set, WriteTable *table, u64 number, Error *error)
{
    if (!index_grow(set, table, error))
        return NULL;
    MarkBlock **slot = &table->mark_index[mark_slot(table, number)];
    if (*slot)
        return *slot;
    MarkBlock *block = arena_try(&set->arena, (i64)sizeof *block, error);
    if (!block)
        return NULL;
    block->block = number;
    block->next = table->marks;
    table->marks = block;
    table->mark_count++;
    return *slot = block;
}

/* From now on the block remembers the statement of each mark. */
static bool statements_apart(WriteSet *set, MarkBlock *block, Error *error)
{
    block->statements = arena_try(&set->arena, ROW_BLOCK_ROWS * 8, error);
    if (!block->statements)
        return false;
    for (i32 i = 0; i < ROW_BLOCK_ROWS; i++)
        block->statements[i] = bit_get(block->bits, i) ? block->statement : 0;
    return true;
}

bool write_table_mark(WriteSet *set, WriteTable *table, RowId row, StatementNumber statement,
                      Error *error)
{
    MarkBlock *block = mark_block(set, table, row_block(row), error);
    if (!block)
        return false;
    if (!block->statement)
        block->statement = statement;
    if (block->statement != statement && !block->statements && !statements_apart(set, block, error))
        return false;
    bit_set(block->bits, row_in_block(row));
    if (block->statements)
        block->statements[row_in_block(row)] = statement;
    return true;
}

StatementNumber write_table_marked(const WriteTable *table, RowId row)
{
    const MarkBlock *block = write_table_marks(table, row_block(row));
    i32 at = row_in_block(row);
    if (!block || !bit_get(block->bits, at))
        return 0;
    return block->statements ? block->statements[at] : block->statement;
}

void mark_block_hide(const MarkBlock *marks, StatementNumber bound, u64 live[ROW_BLOCK_WORDS])
{
    if (!marks->statements) {
        for (i32 i = 0; i < ROW_BLOCK_WORDS && marks->statement < bound; i++)
            live[i] &= ~marks->bits[i];
        return;
    }
    for (i32 i = 0; i < ROW_BLOCK_ROWS; i++)
        if (bit_get(marks->bits, i) && marks->statements[i] < bound)
            bit_clear(live, i);
}

bool write_table_move(WriteSet *set, WriteTable *table, RowMove move, Error *error)
{
    RowMove *grown = array_grow(&set->arena, table->moves, table->move_count, &table->move_capacity,
                                (i64)sizeof *grown, error);
    if (!grown)
        return false;
    table->moves = grown;
    table->moves[table->move_count++] = move;
    return true;
}

/* ---- objects ---- */

const OwnObject *write_set_object(const WriteSet *set, u32 object_class, u32 oid,
                                  StatementNumber bound)
{
    const OwnObject *own = set->objects;
    while (own && !(own->object.object_class == object_class && own->object.oid == oid &&
                    own->statement < bound))
        own = own->older;
    return own;
}

/* ---- rolling back to a savepoint ---- */

static void rows_rollback(WriteTable *table, StatementNumber from)
{
    while (table->group_count && table->groups[table->group_count - 1].statement >= from)
        counted_drop(table->groups[--table->group_count].entry);
    for (i32 i = table->chunk_count - 1; i >= 0; i--) {
        DeltaChunk *chunk = table->chunks[i];
        i32 kept = delta_made_before(chunk, from);
        table->own_rows -= delta_rows(chunk) - kept;
        atomic_store(&chunk->n, kept);
        for (i32 row = 0; row < kept; row++)
            if (delta_deleted(chunk, row) >= from)
                atomic_store(&chunk->deleted[row], 0);
        if (kept > 0 || i < table->chunk_count - 1)
            continue;
        counted_drop(chunk);
        table->chunk_count--;
    }
    while (table->move_count && table->moves[table->move_count - 1].statement >= from)
        table->move_count--;
    table->moves_settled = (i32)min_i64(table->moves_settled, table->move_count);
    table->fresh_statement = 0;
}

static void marks_rollback(WriteTable *table, StatementNumber from)
{
    for (MarkBlock *block = table->marks; block; block = block->next) {
        if (!block->statements && block->statement >= from) {
            memset(block->bits, 0, sizeof block->bits);
            block->statement = 0;
        }
        for (i32 i = 0; block->statements && i < ROW_BLOCK_ROWS; i++)
            if (block->statements[i] >= from) {
                bit_clear(block->bits, i);
                block->statements[i] = 0;
            }
    }
}

void write_set_rollback(WriteSet *set, StatementNumber from)
{
    while (set->objects && set->objects->statement >= from) {
        set->objects = set->objects->older;
        set->object_count--;
    }
    for (WriteTable *table = set->tables; table; table = table->next) {
        rows_rollback(table, from);
        marks_rollback(table, from);
    }
}
