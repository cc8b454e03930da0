/* SPDX-License-Identifier: Apache-2.0
 *
 * A chain of blocks, each twice as large as the one before up to 1 MiB. Bytes are zeroed when they
 * are handed out, not before: what is written whole at once (arena_try_raw) is touched only once.
 */
#include "base/arena.h"

#include "base/look.h"
#include "base/memory.h"

#if defined(GOTGAN_ASAN)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, bytes) ((void)(at), (void)(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(at, bytes) ((void)(at), (void)(bytes))
#endif

enum { BLOCK_MIN = 8 << 10, BLOCK_MAX = 1 << 20, ALIGNMENT = 16 };

struct ArenaBlock {
    ArenaBlock *older;
    i64 bytes; /* of this block, header included */
};

struct ArenaDefer {
    ArenaDefer *older;
    void (*closer)(void *);
    void *thing;
};

void arena_open(Arena *arena, Budget *budget)
{
    *arena = (Arena){.budget = budget, .block_bytes = BLOCK_MIN};
}

static u8 *block_start(ArenaBlock *block)
{
    return (u8 *)(block + 1);
}
static u8 *block_end(ArenaBlock *block)
{
    return (u8 *)block + block->bytes;
}

static ArenaBlock *block_make(Arena *arena, i64 bytes, Error *error)
{
    i64 size = memory_size(bytes);
    if (arena->budget && !budget_take(arena->budget, size, error))
        return NULL;
    ArenaBlock *block = memory_take(size);
    if (!block) {
        if (arena->budget)
            budget_give(arena->budget, size);
        error_set(error, E_OUT_OF_MEMORY, "out of memory");
        return NULL;
    }
    block->bytes = size;
    ASAN_POISON_MEMORY_REGION(block_start(block), size - (i64)sizeof *block);
    return block;
}

static void block_free(Arena *arena, ArenaBlock *block)
{
    ASAN_UNPOISON_MEMORY_REGION(block, block->bytes);
    if (arena->budget)
        budget_give(arena->budget, block->bytes);
    memory_give(block, block->bytes);
}

/* Makes a block that can hold `bytes` the newest one. */
static bool block_add(Arena *arena, i64 bytes, Error *error)
{
    i64 want = (i64)sizeof(ArenaBlock) + bytes;
    i64 block_bytes = max_i64(want, arena->block_bytes);
    ArenaBlock *block = block_make(arena, block_bytes, error);
    if (!block)
        return false;
    block->older = arena->block;
    arena->block = block;
    arena->at = block_start(block);
    arena->end = block_end(block);
    arena->block_bytes = min_i64(arena->block_bytes * 2, BLOCK_MAX);
    return true;
}

void *arena_try_raw(Arena *arena, i64 bytes, Error *error)
{
    assert(bytes >= 0);
    if (bytes > ((i64)1 << 40)) {
        error_set(error, E_OUT_OF_MEMORY, "out of memory");
        return NULL;
    }
    bytes = align_up(bytes ? bytes : 1, ALIGNMENT);
    if (arena->end - arena->at < bytes && !block_add(arena, bytes, error))
        return NULL;
    u8 *given = arena->at;
    arena->at += bytes;
    ASAN_UNPOISON_MEMORY_REGION(given, bytes);
    return given;
}

void *arena_try(Arena *arena, i64 bytes, Error *error)
{
    u8 *given = arena_try_raw(arena, bytes, error);
    return given && look_clear(given, bytes, arena->budget, error) ? given : NULL;
}

bool arena_defer(Arena *arena, void (*closer)(void *), void *thing, Error *error)
{
    ArenaDefer *deferred = arena_try(arena, (i64)sizeof *deferred, error);
    if (!deferred)
        return false;
    *deferred = (ArenaDefer){arena->deferred, closer, thing};
    arena->deferred = deferred;
    return true;
}

static void run_closers(Arena *arena, ArenaDefer *until)
{
    while (arena->deferred != until) {
        ArenaDefer *deferred = arena->deferred;
        arena->deferred = deferred->older;
        deferred->closer(deferred->thing);
    }
}

void arena_close(Arena *arena)
{
    run_closers(arena, NULL);
    while (arena->block) {
        ArenaBlock *older = arena->block->older;
        block_free(arena, arena->block);
        arena->block = older;
    }
    arena_open(arena, arena->budget);
}

void arena_reset(Arena *arena)
{
    run_closers(arena, NULL);
    ArenaBlock *kept = arena->block;
    if (!kept)
        return;
    while (kept->older) { /* the newest is the largest, but for requests with blocks of their own */
        ArenaBlock *older = kept->older;
        if (kept->bytes > BLOCK_MAX) {
            block_free(arena, kept);
            kept = older;
        } else {
            kept->older = older->older;
            block_free(arena, older);
        }
    }
    arena->block = kept;
    arena->at = block_start(kept);
    arena->end = block_end(kept);
    ASAN_POISON_MEMORY_REGION(arena->at, arena->end - arena->at);
}

i64 arena_bytes(const Arena *arena)
{
    i64 bytes = 0;
    for (const ArenaBlock *block = arena->block; block; block = block->older)
        bytes += block->bytes;
    return bytes;
}

bool arena_text(Arena *arena, Text text, Text *copy, Error *error)
{
    char *bytes = (char *)arena_try_raw(arena, text.len + 1, error);
    if (!bytes || !look_copy(bytes, text.data, text.len, arena->budget, error))
        return false;
    bytes[text.len] = 0;
    *copy = (Text){bytes, text.len};
    return true;
}

ArenaMark arena_mark(const Arena *arena)
{
    return (ArenaMark){arena->block, arena->deferred, arena->at};
}

void arena_release(Arena *arena, ArenaMark mark)
{
    run_closers(arena, mark.deferred);
    if (!mark.block) { /* marked when empty: keep the first block all the same */
        ArenaBlock *first = arena->block;
        while (first && first->older)
            first = first->older;
        if (!first)
            return;
        mark.block = first;
        mark.at = block_start(first);
    }
    while (arena->block != mark.block) {
        ArenaBlock *older = arena->block->older;
        block_free(arena, arena->block);
        arena->block = older;
    }
    arena->at = mark.at;
    arena->end = block_end(arena->block);
    ASAN_POISON_MEMORY_REGION(arena->at, arena->end - arena->at);
}
