/* SPDX-License-Identifier: Apache-2.0
 *
 * Large pieces of memory: random takes and gives against a list of what is held. Pieces keep what
 * is written into them, none overlaps another, and what was given back comes together again. Under
 * a sanitizer pieces are malloc's: then nothing is kept to give back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "base/memory.h"

#if defined(GOTGAN_ASAN) || defined(GOTGAN_TSAN)
static const bool SLABS = false;
#else
static const bool SLABS = true;
#endif
enum { HELD_MAX = 200, ROUNDS = 20000 };
static const i64 SLAB_BYTES = 64 << 20;

typedef struct Held {
    u8 *memory;
    i64 size;
    u8 mark;
} Held;

static u64 next_random(u64 *state)
{
    *state = *state * 6364136223846793005ull + 1442695040888963407ull;
    return *state >> 33;
}

/* A byte per 4 KB and the last one: enough to see an overlap, cheap enough for many. */
static void fill(const Held *held)
{
    for (i64 at = 0; at < held->size; at += 4096)
        held->memory[at] = held->mark;
    held->memory[held->size - 1] = held->mark;
}

static void check(const Held *held)
{
    for (i64 at = 0; at < held->size; at += 4096)
        assert_int_equal(held->memory[at], held->mark);
    assert_int_equal(held->memory[held->size - 1], held->mark);
}

static void take(Held *held, i64 bytes, u8 mark)
{
    i64 size = memory_size(bytes);
    assert_true(size >= bytes);
    *held = (Held){memory_take(size), size, mark};
    assert_non_null(held->memory);
    assert_int_equal((uintptr_t)held->memory % 64, 0);
    fill(held);
}

static void give(Held *held)
{
    check(held);
    memory_give(held->memory, held->size);
    held->memory = NULL;
}

static void sizes(void **state)
{
    assert_int_equal(memory_size(1), 64);
    assert_int_equal(memory_size(MEMORY_LARGE - 1), MEMORY_LARGE);
    assert_int_equal(memory_size(MEMORY_LARGE), MEMORY_LARGE);
    assert_int_equal(memory_size(MEMORY_LARGE + 1), 2 * MEMORY_LARGE);
    assert_int_equal(memory_size(SLAB_BYTES), SLAB_BYTES);
    assert_int_equal(memory_size(SLAB_BYTES + 1), SLAB_BYTES + 4096);
    memory_give(NULL, MEMORY_LARGE);
}

static void random_pieces(void **state)
{
    static Held held[HELD_MAX];
    u64 random = 7;
    for (i32 i = 0; i < ROUNDS; i++) {
        Held *one = &held[next_random(&random) % HELD_MAX];
        if (one->memory)
            give(one);
        else
            take(one, (i64)((next_random(&random) % 31 + 1) << (next_random(&random) % 17)),
                 (u8)(i % 251 + 1));
    }
    for (i32 i = 0; i < HELD_MAX; i++)
        if (held[i].memory)
            give(&held[i]);
    i64 back = memory_trim();
    assert_true(SLABS ? back > 0 && back % SLAB_BYTES == 0 : back == 0);
    assert_int_equal(memory_trim(), 0);
}

/* All the smallest pieces of a slab, given back in an order that merges late: one whole slab. */
static void buddies_merge(void **state)
{
    enum { COUNT = 1024 };
    static Held held[COUNT];
    for (i32 i = 0; i < COUNT; i++)
        take(&held[i], MEMORY_LARGE, (u8)(i % 250 + 1));
    for (i32 i = 0; i < COUNT; i += 2)
        give(&held[i]);
    assert_int_equal(memory_trim(), 0);
    for (i32 i = COUNT - 1; i > 0; i -= 2)
        give(&held[i]);
    assert_int_equal(memory_trim(), SLABS ? SLAB_BYTES : 0);
}

/* A piece that grows keeps its bytes: within slabs, out of them, and where its pages move. */
static void grown_pieces_keep_their_bytes(void **state)
{
    Held held;
    take(&held, 1000, 5);
    for (i64 bytes = 4000; bytes < SLAB_BYTES * 8; bytes *= 3) {
        i64 size = memory_size(bytes);
        held.memory = memory_regrow(held.memory, held.size, held.size, size);
        assert_non_null(held.memory);
        check(&held);
        held.size = size;
        held.mark++;
        fill(&held);
    }
    give(&held);
    held.memory = memory_regrow(NULL, 0, 0, MEMORY_LARGE);
    held.size = MEMORY_LARGE;
    fill(&held);
    give(&held);
    memory_trim();
}

/* A slab with a piece in use stays, and the piece is as it was. */
static void trim_keeps_used(void **state)
{
    Held small, whole, larger;
    take(&small, MEMORY_LARGE, 1);
    take(&whole, SLAB_BYTES, 2);
    take(&larger, SLAB_BYTES + 1, 3);
    give(&whole);
    assert_int_equal(memory_trim(), SLABS ? SLAB_BYTES : 0);
    check(&small);
    give(&larger);
    give(&small);
    assert_int_equal(memory_trim(), SLABS ? SLAB_BYTES : 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),           cmocka_unit_test(random_pieces),
        cmocka_unit_test(buddies_merge),   cmocka_unit_test(grown_pieces_keep_their_bytes),
        cmocka_unit_test(trim_keeps_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
