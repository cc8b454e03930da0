/* SPDX-License-Identifier: Apache-2.0
 *
 * Unified dictionaries: codes of row groups become codes of the table, entries only grow, too many
 * are given up, the pool may let go at any time, and threads may do all of it at once (run it under
 * the tsan flavour).
 */
#include "storage/unified_dictionary.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "storage/modify.h"
#include "tests/storage_fixture.h"

enum { TABLE = 3, COLUMN = 7, ROWS = 10000, WORDS = 700, NULL_EVERY = 11, THREADS = 4 };

typedef struct Fixture {
    char directory[40];
    Storage *storage;
    Snapshot *snapshot;
    Relation *relation;
} Fixture;

/* The word of a row; every row group (1,000 rows) has some of them, in an order of its own. */
static i32 word_of(i64 row)
{
    return (i32)(row * 37 % WORDS);
}

static Str word_make(Arena *arena, i32 number)
{
    char text[40];
    Text copy;
    Error error;
    /* every other one is too long to lie in its Str */
    snprintf(text, sizeof text, number % 2 ? "w%d" : "the word number %d", number);
    bool copied = arena_text(arena, (Text){text, (i64)strlen(text)}, &copy, &error);
    verify(copied);
    return str_from_text(copy);
}

static void rows_append(Transaction *t, i64 first, i64 count)
{
    Append *append;
    Arena arena;
    Error error;
    bool good = native_access.append_open(t, TABLE, &append, &error);
    arena_open(&arena, NULL);
    for (i64 at = first; good && at < first + count; at += CHUNK_ROWS) {
        i32 n = (i32)min_i64(CHUNK_ROWS, first + count - at);
        Vector vector;
        good = vector_make(&vector, type_of(TYPE_TEXT), lane_of(LANE_STR), n, &arena, &error) &&
               vector_make_valid(&vector, n, &arena, &error);
        for (i32 i = 0; good && i < n; i++) {
            if ((at + i) % NULL_EVERY == 0)
                bit_clear(vector.valid, i);
            else
                ((Str *)vector.values)[i] = word_make(&arena, word_of(at + i));
        }
        Chunk chunk = {.n = n, .column_count = 1, .columns = &vector};
        good = good && native_access.append(append, &chunk, &error);
    }
    verify(good);
    good = native_access.append_close(append, true, &error);
    verify(good);
    arena_close(&arena);
}

static void relation_renew(Fixture *f)
{
    Error error;
    if (f->relation) {
        native_access.close(f->relation);
        snapshot_close(f->snapshot);
    }
    bool good = snapshot_newest(f->storage, &f->snapshot, &error) &&
                native_access.open(f->snapshot, TABLE, NULL, &f->relation, &error);
    verify(good);
}

static void fixture_start(Fixture *f, i64 cache_bytes, i64 rows)
{
    Error error;
    *f = (Fixture){"/tmp/gotgan-dictionary-XXXXXX", NULL, NULL, NULL};
    assert_non_null(mkdtemp(f->directory));
    StorageOptions options = fixture_options(platform_posix());
    options.directory = f->directory;
    options.cache_bytes = cache_bytes;
    options.force_encoding = "dictionary";
    assert_true(storage_open(&options, &f->storage, &error));
    Transaction *t = fixture_begin(f->storage, READ_COMMITTED);
    ColumnDefinition column = {.id = COLUMN,
                               .lane = lane_of(LANE_STR),
                               .constant = {.lane = lane_of(LANE_STR), .null = true}};
    assert_true(table_define(t, TABLE, &column, 1, &error));
    rows_append(t, 0, rows);
    assert_true(fixture_commit(f->storage, t));
    relation_renew(f);
}

static void fixture_end(Fixture *f)
{
    char command[64];
    native_access.close(f->relation);
    snapshot_close(f->snapshot);
    fixture_close(f->storage);
    snprintf(command, sizeof command, "rm -r %s", f->directory);
    assert_int_equal(system(command), 0);
}

/* ---- scanning ---- */

typedef struct Seen {
    i64 rows, wide_rows;
    u64 identity;     /* of the wide vectors; 0: none came */
    bool several;     /* wide vectors had more than one identity */
    u32 codes[WORDS]; /* of each word + 1 */
} Seen;

static void chunk_see(const Chunk *chunk, Seen *seen)
{
    const Vector *vector = &chunk->columns[0];
    Arena arena;
    arena_open(&arena, NULL);
    bool wide = vector->form == VECTOR_DICTIONARY && vector->wide;
    if (wide) {
        seen->several |= seen->identity && seen->identity != vector->dictionary_id;
        seen->identity = vector->dictionary_id;
        seen->wide_rows += chunk->n;
    }
    for (i32 i = 0; i < chunk->n; i++, seen->rows++) {
        Value value = vector_value(vector, i);
        verify(value.null == (seen->rows % NULL_EVERY == 0));
        if (value.null)
            continue;
        i32 word = word_of(seen->rows);
        Str expected = word_make(&arena, word);
        verify(str_equal(&value.str, &expected));
        if (!wide)
            continue;
        verify(!seen->codes[word] || seen->codes[word] == vector->codes[i] + 1);
        seen->codes[word] = vector->codes[i] + 1;
    }
    arena_close(&arena);
}

static void scan_all(Relation *relation, bool wide, Seen *seen)
{
    const ScanColumn column = {
        .id = COLUMN, .lane = {LANE_STR, 0}, .type = type_of(TYPE_TEXT), .wide = wide};
    ScanSpec spec = {.columns = &column, .column_count = 1};
    Arena arena;
    Split *splits;
    i32 count;
    Error error;
    arena_open(&arena, NULL);
    bool good = native_access.splits(relation, &spec, &arena, &splits, &count, &error);
    verify(good);
    for (i32 i = 0; i < count; i++) {
        Scan *scan;
        Chunk chunk;
        u64 applied;
        good = native_access.scan_open(relation, &spec, &splits[i], NULL, &scan, &error);
        verify(good);
        while (native_access.scan_next(scan, &chunk, &applied, &error) == SCAN_ROWS)
            chunk_see(&chunk, seen);
        native_access.scan_close(scan);
    }
    arena_close(&arena);
}

static void row_groups_share_codes(void **state)
{
    Fixture f;
    Seen narrow = {0}, wide = {0};
    fixture_start(&f, 4 << 20, ROWS);
    scan_all(f.relation, false, &narrow);
    assert_int_equal(narrow.rows, ROWS);
    assert_int_equal(narrow.wide_rows, 0);
    scan_all(f.relation, true, &wide);
    assert_int_equal(wide.rows, ROWS);
    assert_int_equal(wide.wide_rows, ROWS);
    assert_false(wide.several);
    fixture_end(&f);
}

static void one_row_group_keeps_its_own(void **state)
{
    Fixture f;
    Seen seen = {0};
    fixture_start(&f, 4 << 20, 1000);
    scan_all(f.relation, true, &seen);
    assert_int_equal(seen.rows, 1000);
    assert_int_equal(seen.wide_rows, 0);
    fixture_end(&f);
}

static void the_pool_lets_go(void **state)
{
    Fixture f;
    Seen first = {0}, second = {0}, third = {0};
    fixture_start(&f, 4 << 20, ROWS);
    scan_all(f.relation, true, &first);
    relation_renew(&f);
    scan_all(f.relation, true, &second);
    assert_true(first.identity == second.identity); /* from the pool */
    cache_clear(f.storage);
    second = (Seen){0};
    scan_all(f.relation, true, &second); /* the relation still has it */
    assert_true(first.identity == second.identity);
    relation_renew(&f);
    scan_all(f.relation, true, &third);
    assert_true(third.wide_rows == ROWS && third.identity != first.identity);
    fixture_end(&f);
}

/* ---- joining by hand ---- */

static Str *words_make(Arena *arena, i32 first, i32 count)
{
    Error error;
    Str *words = arena_try(arena, count * (i64)sizeof *words, &error);
    verify(words);
    for (i32 i = 0; i < count; i++)
        words[i] = word_make(arena, first + i);
    return words;
}

static void map_verify(UnifiedDictionary *dictionary, const UnifiedMap *map, const Str *words)
{
    UnifiedView view = unified_dictionary_view(dictionary);
    for (i32 i = 0; i < map->count; i++) {
        verify(map->codes[i] < (u32)view.count);
        verify(str_equal(&view.entries[map->codes[i]], &words[i]));
        verify(!map->identity || map->codes[i] == (u32)i);
    }
}

static UnifiedDictionary *dictionary_of(Fixture *f)
{
    UnifiedDictionary *dictionary;
    Error error;
    bool opened = relation_dictionary(f->relation, COLUMN, &dictionary, &error);
    verify(opened);
    return dictionary;
}

static void entries_grow_and_stay(void **state)
{
    Fixture f;
    Arena arena;
    fixture_start(&f, 64 << 20, ROWS);
    arena_open(&arena, NULL);
    UnifiedDictionary *dictionary = dictionary_of(&f);
    UnifiedView views[10];
    UnifiedMap *maps[10];
    Str *words[10];
    for (i32 i = 0; i < 10; i++) { /* each half new */
        words[i] = words_make(&arena, i * 3000, 6000);
        maps[i] = unified_dictionary_join(dictionary, (u64)1000 + (u64)i, words[i], 6000);
        assert_non_null(maps[i]);
        assert_true(maps[i]->identity == (i == 0));
        views[i] = unified_dictionary_view(dictionary);
        assert_int_equal(views[i].count, 3000 * (i + 2));
        assert_true(views[i].identity == views[0].identity);
    }
    for (i32 i = 0; i < 10; i++) {
        map_verify(dictionary, maps[i], words[i]);
        for (i32 k = 0; k < views[i].count; k++) /* what was seen then is still there, the same */
            assert_true(str_equal(&views[i].entries[k], &views[9].entries[k]));
        UnifiedMap *again = unified_dictionary_find(dictionary, (u64)1000 + (u64)i);
        assert_ptr_equal(again, maps[i]);
        counted_drop(again);
        counted_drop(maps[i]);
    }
    arena_close(&arena);
    fixture_end(&f);
}

static void too_many_are_given_up(void **state)
{
    Fixture f;
    Seen during = {0}, after = {0}, anew = {0};
    fixture_start(&f, 256 << 10, ROWS); /* a quarter of the pool does not hold even a small one */
    scan_all(f.relation, true, &during);
    assert_true(during.rows == ROWS && during.wide_rows < ROWS);
    relation_renew(&f);
    assert_null(dictionary_of(&f)); /* remembered */
    scan_all(f.relation, true, &after);
    assert_true(after.rows == ROWS && after.wide_rows == 0);
    cache_clear(f.storage); /* forgotten */
    relation_renew(&f);
    scan_all(f.relation, true, &anew);
    assert_true(anew.rows == ROWS && anew.wide_rows > 0);
    fixture_end(&f);
}

/* Given up at a row group that the table does not have any more. */
static void a_changed_table_begins_anew(void **state)
{
    Fixture f;
    Arena arena;
    Seen seen = {0};
    i32 joined = 0;
    fixture_start(&f, 4 << 20, ROWS);
    arena_open(&arena, NULL);
    UnifiedDictionary *dictionary = dictionary_of(&f);
    for (UnifiedMap *map = NULL; joined < 200; joined++, counted_drop(map)) {
        Str *words = words_make(&arena, joined * 5000, 5000);
        map = unified_dictionary_join(dictionary, 5000 + (u64)joined, words, 5000);
        if (!map)
            break;
        map_verify(dictionary, map, words);
    }
    assert_true(joined > 0 && joined < 200);
    relation_renew(&f);
    scan_all(f.relation, true, &seen);
    assert_int_equal(seen.wide_rows, ROWS);
    arena_close(&arena);
    fixture_end(&f);
}

/* Most of the row groups it knows are not the table's. */
static void a_stale_one_begins_anew(void **state)
{
    Fixture f;
    Arena arena;
    fixture_start(&f, 16 << 20, ROWS);
    arena_open(&arena, NULL);
    UnifiedDictionary *dictionary = dictionary_of(&f);
    u64 before = unified_dictionary_view(dictionary).identity;
    Str *words = words_make(&arena, 0, 10);
    for (u64 group = 0; group < 40; group++)
        counted_drop(unified_dictionary_join(dictionary, 5000 + group, words, 10));
    relation_renew(&f);
    assert_true(unified_dictionary_view(dictionary_of(&f)).identity ==
                before); /* a few are no matter */
    dictionary = dictionary_of(&f);
    for (u64 group = 40; group < 1000; group++)
        counted_drop(unified_dictionary_join(dictionary, 5000 + group, words, 10));
    relation_renew(&f);
    assert_true(unified_dictionary_view(dictionary_of(&f)).identity != before);
    arena_close(&arena);
    fixture_end(&f);
}

/* ---- threads ---- */

typedef struct Task {
    Fixture *f;
    i32 number;
} Task;

static void *joiner(void *argument)
{
    const Task *task = argument;
    UnifiedDictionary *dictionary = dictionary_of(task->f);
    Arena arena;
    arena_open(&arena, NULL);
    for (i32 i = 0; i < 40; i++) { /* all threads the same row groups, each in another order */
        i32 part = (i * (2 * task->number + 1) + task->number) % 40;
        Str *words = words_make(&arena, part * 300, 900);
        UnifiedMap *map = unified_dictionary_find(dictionary, (u64)1000 + (u64)part);
        if (!map)
            map = unified_dictionary_join(dictionary, (u64)1000 + (u64)part, words, 900);
        verify(map);
        map_verify(dictionary, map, words);
        counted_drop(map);
        Seen seen = {0};
        if (i % 10 == 0)
            scan_all(task->f->relation, true, &seen);
        if (i % 20 == task->number)
            cache_clear(task->f->storage);
    }
    arena_close(&arena);
    return NULL;
}

enum { ROUNDS = 300, ROUND_WORDS = 400 };
static pthread_barrier_t round_begins;

/* The same new words from all threads at once, each for a row group of its own. */
static void *racer(void *argument)
{
    const Task *task = argument;
    UnifiedDictionary *dictionary = dictionary_of(task->f);
    Arena arena;
    arena_open(&arena, NULL);
    for (i32 i = 0; i < ROUNDS; i++) {
        Str *words = words_make(&arena, i * ROUND_WORDS, ROUND_WORDS);
        pthread_barrier_wait(&round_begins);
        UnifiedMap *map = unified_dictionary_join(
            dictionary, (u64)1000 + (u64)(i * THREADS + task->number), words, ROUND_WORDS);
        verify(map);
        counted_drop(map);
        arena_reset(&arena);
    }
    arena_close(&arena);
    return NULL;
}

static void a_word_has_one_code(void **state)
{
    Fixture f;
    pthread_t threads[THREADS];
    Task tasks[THREADS];
    fixture_start(&f, 64 << 20, ROWS);
    pthread_barrier_init(&round_begins, NULL, THREADS);
    for (i32 i = 0; i < THREADS; i++) {
        tasks[i] = (Task){&f, i};
        assert_int_equal(pthread_create(&threads[i], NULL, racer, &tasks[i]), 0);
    }
    for (i32 i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&round_begins);
    assert_int_equal(unified_dictionary_view(dictionary_of(&f)).count, ROUNDS * ROUND_WORDS);
    fixture_end(&f);
}

static void threads_agree(void **state)
{
    Fixture f;
    pthread_t threads[THREADS];
    Task tasks[THREADS];
    Seen seen = {0};
    fixture_start(&f, 16 << 20, ROWS);
    for (i32 i = 0; i < THREADS; i++) {
        tasks[i] = (Task){&f, i};
        assert_int_equal(pthread_create(&threads[i], NULL, joiner, &tasks[i]), 0);
    }
    for (i32 i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    UnifiedView view = unified_dictionary_view(dictionary_of(&f));
    scan_all(f.relation, true, &seen);
    assert_true(seen.wide_rows == ROWS && !seen.several);
    /* the words of the row groups made up, and the empty string of NULLs in the real ones */
    assert_true(view.count >= 39 * 300 + 900 && view.count <= 39 * 300 + 900 + 1);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(row_groups_share_codes), cmocka_unit_test(one_row_group_keeps_its_own),
        cmocka_unit_test(the_pool_lets_go),       cmocka_unit_test(entries_grow_and_stay),
        cmocka_unit_test(too_many_are_given_up),  cmocka_unit_test(a_changed_table_begins_anew),
        cmocka_unit_test(threads_agree),          cmocka_unit_test(a_stale_one_begins_anew),
        cmocka_unit_test(a_word_has_one_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
