/* SPDX-License-Identifier: Apache-2.0
 *
 * Arena: memory that is freed together. Grows in blocks taken from a Budget; everything it gives
 * out is zeroed and 16-byte aligned. ASan sees unused arena bytes as poisoned.
 *
 * Ownership law: what an arena gave lives until the arena is reset or closed; nobody frees a
 * piece. Things that are not memory (files, pins, spill space) are registered with arena_defer
 * at the moment they are acquired; their closers run in reverse order at reset and close.
 * Not thread-safe: one owner at a time.
 */
#ifndef GOTGAN_ARENA_H
#define GOTGAN_ARENA_H

#include "base/budget.h"

typedef struct ArenaBlock ArenaBlock;
typedef struct ArenaDefer ArenaDefer;

typedef struct Arena {
    Budget *budget;       /* NULL: not counted (process start, tools, tests) */
    ArenaBlock *block;    /* newest block; blocks are chained to older ones */
    ArenaDefer *deferred; /* newest closer first */
    u8 *at, *end;         /* free space in the newest block */
    i64 block_bytes;      /* size of the next block: doubles up to 1 MiB */
} Arena;

void arena_open(Arena *arena, Budget *budget);
/* Runs the closers, then gives all blocks back. The arena is as after arena_open. */
void arena_close(Arena *arena);
/* As arena_close, but keeps a block (at most 1 MiB) for the next use. */
void arena_reset(Arena *arena);
/* Bytes this arena holds (blocks, not what was asked for). */
i64 arena_bytes(const Arena *arena);

/* bytes >= 0 of zeroed memory, or NULL with 53200 in error. The form of the durable world;
 * the query world calls arena_alloc (base/query.h). */
must_check void *arena_try(Arena *arena, i64 bytes, Error *error);
/* The same without zeroing: for arrays that are written whole at once. */
must_check void *arena_try_raw(Arena *arena, i64 bytes, Error *error);
/* Calls closer(thing) when the arena is reset or closed. On false nothing was registered. */
must_check bool arena_defer(Arena *arena, void (*closer)(void *), void *thing, Error *error);

/* A copy of text in the arena (NUL-terminated beyond its length, for the border to the OS). */
must_check bool arena_text(Arena *arena, Text text, Text *copy, Error *error);

/* A position to return to: everything given out after the mark is given back. Closers
 * registered after the mark run. For operators' per-chunk scratch. */
typedef struct ArenaMark {
    ArenaBlock *block;
    ArenaDefer *deferred;
    u8 *at;
} ArenaMark;
ArenaMark arena_mark(const Arena *arena);
void arena_release(Arena *arena, ArenaMark mark);

#endif
