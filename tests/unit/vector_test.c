/* SPDX-License-Identifier: Apache-2.0
 *
 * Vectors in all forms, bit masks, row order, hashes, sort keys and column output.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "types/binary_io.h"
#include "types/hash_vector.h"
#include "types/sort_key.h"
#include "types/text_in.h"

static Arena arena;
static Error error;

static int open_arena(void **state)
{
    arena_open(&arena, NULL);
    return 0;
}
static int close_arena(void **state)
{
    arena_close(&arena);
    return 0;
}

/* A column of texts, NULL for NULL, read as a type. */
static Vector column(u32 oid, const char *const *texts, i32 n)
{
    static const FormatSettings format = {.extra_float_digits = 1};
    Text slices[64];
    i32 bad;
    Vector vector;
    Type type = type_of(oid);
    TextIn in = {type, type_lane(type), &format, &arena};
    for (i32 i = 0; i < n; i++)
        slices[i] = text_from(texts[i]);
    assert_true(vector_make(&vector, type, in.lane, n, &arena, &error));
    assert_true(vector_make_valid(&vector, n, &arena, &error));
    assert_true(text_in_column(&in, slices, n, &vector, 0, &bad, &error));
    vector_verify(&vector, NULL, n);
    return vector;
}

static void masks_become_rows(void **state)
{
    u64 mask[4] = {0x8000000000000001u, ~(u64)0, 0, 0xff};
    u16 rows[256 + 64];
    assert_int_equal(mask_to_rows(mask, 195, rows), 2 + 64 + 3);
    assert_int_equal(rows[0], 0);
    assert_int_equal(rows[1], 63);
    assert_int_equal(rows[2], 64);
    assert_int_equal(rows[65], 127);
    assert_int_equal(rows[68], 194);
    assert_int_equal(bits_count(mask, 195), 69);
    bits_fill(mask, 70);
    assert_true(mask[0] == ~(u64)0 && mask[1] == 63);
}

static const char *const names[] = {"a", NULL, "a text longer than twelve bytes", "", "b"};

static void forms_agree(void **state)
{
    Vector flat = column(TYPE_TEXT, names, 5), entries, gathered, out;
    u32 codes[] = {2, 0, 1, 2}, rows[] = {4, VECTOR_NO_ROW, 1, 2};
    const char *const words[] = {"x", "y", "a dictionary entry of some length"};
    entries = column(TYPE_TEXT, words, 3);
    entries.valid = NULL;
    u64 valid[] = {0xb};
    Vector dictionary = {.form = VECTOR_DICTIONARY,
                         .lane = flat.lane,
                         .type = flat.type,
                         .valid = valid,
                         .codes = codes,
                         .entries = &entries,
                         .entry_count = 3,
                         .dictionary_id = 1};
    vector_verify(&dictionary, NULL, 4);
    assert_true(vector_flatten(&dictionary, NULL, 4, &arena, &out, &error));
    vector_verify(&out, NULL, 4);
    u64 hashes[2][4];
    assert_true(hash_column(&dictionary, NULL, 4, HASH_FIRST, hashes[0], &error));
    assert_true(hash_column(&out, NULL, 4, HASH_FIRST, hashes[1], &error));
    assert_memory_equal(hashes[0], hashes[1], sizeof hashes[0]);
    for (i32 i = 0; i < 4; i++)
        assert_true(rows_equal(&dictionary, i, &out, i));
    assert_true(vector_is_null(&out, 2));
    assert_true(vector_gather(&flat, rows, 4, &arena, &gathered, &error));
    vector_verify(&gathered, NULL, 4);
    assert_true(vector_is_null(&gathered, 1) && vector_is_null(&gathered, 2));
    assert_true(rows_equal(&gathered, 0, &flat, 4) && rows_equal(&gathered, 3, &flat, 2));
    assert_true(vector_keep(&gathered, 4, LIFE_HELD, &arena, &error));
    assert_true(((Str *)gathered.values)[3].pointer != ((Str *)flat.values)[2].pointer);
    assert_true(rows_equal(&gathered, 3, &flat, 2));
}

static void sequences_and_constants(void **state)
{
    Vector sequence = {.form = VECTOR_SEQUENCE,
                       .lane = lane_of(LANE_I64),
                       .type = type_of(TYPE_INT8),
                       .start = -5,
                       .step = 10};
    Vector flat, constant;
    assert_true(vector_flatten(&sequence, NULL, 4, &arena, &flat, &error));
    assert_int_equal(((i64 *)flat.values)[3], 25);
    assert_int_equal(rows_compare(&sequence, 1, &flat, 1), 0);
    Value null = value_null(lane_of(LANE_BOOL));
    assert_true(vector_make_constant(&constant, type_of(TYPE_BOOL), &null, &arena, &error));
    vector_verify(&constant, NULL, 100);
    assert_true(vector_is_null(&constant, 77));
}

/* memcmp of keys is the order of the values, for every lane with exact keys. */
static void check_keys(u32 oid, const char *const *ascending, i32 n)
{
    Vector vector = column(oid, ascending, n);
    i32 bytes = sort_key_bytes(vector.lane);
    u8 up[64 * 17], down[64 * 17];
    assert_true(sort_key_column(&vector, NULL, n, false, false, up, bytes, &error));
    assert_true(sort_key_column(&vector, NULL, n, true, false, down, bytes, &error));
    for (i32 i = 0; i + 1 < n; i++) {
        assert_true(rows_compare(&vector, i, &vector, i + 1) < 0);
        assert_true(memcmp(up + i * bytes, up + (i + 1) * bytes, (size_t)bytes) < 0);
        if (i + 2 < n) /* the last is NULL: last in both */
            assert_true(memcmp(down + i * bytes, down + (i + 1) * bytes, (size_t)bytes) > 0);
    }
}

static void keys_order_as_values(void **state)
{
    static const char *const integers[] = {"-2147483648", "-1", "0", "1", "2147483647", NULL};
    static const char *const floats[] = {"-inf", "-1e300", "-1e-300", "0", "1e-300",
                                         "1.5",  "inf",    "nan",     NULL};
    static const char *const nums[] = {"-Infinity", "-1e50",  "-10", "-9.99", "-0.001",
                                       "0",         "1e-200", "0.5", "2",     "1e40",
                                       "Infinity",  "NaN",    NULL};
    static const char *const spans[] = {"-1 mon",  "-1 day", "00:00",  "00:00:01", "1 day",
                                        "29 days", "1 mon",  "1 year", NULL};
    static const char *const texts[] = {"", "a", "a ", "aa", "b", "zzzzzzzzzzzz", NULL};
    check_keys(TYPE_INT4, integers, countof(integers));
    check_keys(TYPE_FLOAT8, floats, countof(floats));
    check_keys(TYPE_FLOAT4, (const char *const[]){"-inf", "-1", "0", "1", "nan", NULL}, 6);
    check_keys(TYPE_NUMERIC, nums, countof(nums));
    check_keys(TYPE_INTERVAL, spans, countof(spans));
    check_keys(TYPE_TEXT, texts, countof(texts));
    check_keys(TYPE_BOOL, (const char *const[]){"f", "t", NULL}, 3);
}

static u64 hash_of(u32 oid, const char *text)
{
    Vector vector = column(oid, &text, 1);
    Value value = vector_value(&vector, 0);
    u64 hash;
    assert_true(hash_column(&vector, NULL, 1, HASH_FIRST, &hash, &error));
    assert_true(hash == hash_value(&value));
    return hash;
}

static void equal_values_hash_alike(void **state)
{
    assert_true(hash_of(TYPE_FLOAT8, "0") == hash_of(TYPE_FLOAT8, "-0"));
    assert_true(hash_of(TYPE_FLOAT8, "nan") != hash_of(TYPE_FLOAT8, "0"));
    assert_true(hash_of(TYPE_NUMERIC, "1.0") == hash_of(TYPE_NUMERIC, "1.00000000000000000000000"));
    assert_true(hash_of(TYPE_INTERVAL, "1 day") == hash_of(TYPE_INTERVAL, "24:00"));
    assert_true(hash_of(TYPE_INTERVAL, "1 mon") == hash_of(TYPE_INTERVAL, "30 days"));
    assert_true(hash_of(TYPE_TEXT, "abcdefghijklm") == hash_bytes("abcdefghijklm", 13));
    u64 ab, ba;
    Vector a = column(TYPE_INT4, (const char *const[]){"1"}, 1);
    Vector b = column(TYPE_INT4, (const char *const[]){"2"}, 1);
    assert_true(hash_column(&a, NULL, 1, HASH_FIRST, &ab, &error));
    assert_true(hash_column(&b, NULL, 1, HASH_COMBINE, &ab, &error));
    assert_true(hash_column(&b, NULL, 1, HASH_FIRST, &ba, &error));
    assert_true(hash_column(&a, NULL, 1, HASH_COMBINE, &ba, &error));
    assert_true(ab != ba);
}

static void file_hash_sees_numbers_not_lanes(void **state)
{
    Value dec = {.lane = lane_decimal64(2), .integer = 1500};
    Value wide = {.lane = lane_decimal128(4), .wide = 150000};
    Value num = {.lane = lane_of(LANE_NUM), .num = {.small = 15}};
    assert_true(file_hash_value(&dec) == file_hash_value(&wide));
    assert_true(file_hash_value(&dec) == file_hash_value(&num));
    /* XXH3-64 of the empty input, from its specification */
    Value empty = {.lane = lane_of(LANE_STR)};
    assert_true(file_hash_value(&empty) == 0x2d06800538d394c2u);
}

/* Through the wire format and back; the bytes of 1234.5 are PostgreSQL's numeric_send. */
static void binary_reads_back(void **state)
{
    static const struct {
        u32 oid;
        const char *text;
    } cases[] = {
        {TYPE_INT4, "-5"},
        {TYPE_INT8, "9223372036854775807"},
        {TYPE_BOOL, "t"},
        {TYPE_FLOAT8, "-1.5"},
        {TYPE_NUMERIC, "-0.00012300"},
        {TYPE_NUMERIC, "12345678901234567890.5"},
        {TYPE_NUMERIC, "1e20"},
        {TYPE_NUMERIC, "0.000"},
        {TYPE_NUMERIC, "NaN"},
        {TYPE_TEXT, "h\303\251"},
        {TYPE_DATE, "2024-02-29"},
        {TYPE_INTERVAL, "1 mon -2 days 00:00:03"},
        {TYPE_UUID, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
        {TYPE_OID, "4294967295"},
        {TYPE_TIMESTAMP, "1999-01-08 04:05:06"},
    };
    for (i32 i = 0; i < countof(cases); i++) {
        Vector vector = column(cases[i].oid, &cases[i].text, 1);
        Buffer bytes;
        TextSpan span;
        Value back, value = vector_value(&vector, 0);
        buffer_open(&bytes, NULL);
        assert_true(binary_out_column(&vector, NULL, 1, &bytes, &span, &error));
        Text wire = {(const char *)bytes.data, span.len};
        assert_true(binary_in_value(vector.type, vector.lane, wire, &arena, &back, &error));
        assert_true(value_equal(&value, &back));
        if (vector.lane.kind == LANE_NUM)
            assert_int_equal(value.num.scale, back.num.scale);
        wire.len--;
        if (cases[i].oid != TYPE_TEXT)
            assert_false(binary_in_value(vector.type, vector.lane, wire, &arena, &back, &error));
        buffer_close(&bytes);
    }
    static const u8 sent[] = {0, 2, 0, 0, 0, 0, 0, 1, 0x04, 0xd2, 0x13, 0x88};
    Vector vector = column(TYPE_NUMERIC, (const char *const[]){"1234.5"}, 1);
    Buffer bytes;
    TextSpan span;
    buffer_open(&bytes, NULL);
    assert_true(binary_out_column(&vector, NULL, 1, &bytes, &span, &error));
    assert_int_equal(span.len, sizeof sent);
    assert_memory_equal(bytes.data, sent, sizeof sent);
    buffer_close(&bytes);
}

static void types_have_names_and_modifiers(void **state)
{
    char name[TYPE_NAME_BYTES];
    i32 typmod, count;
    const TypeRow *rows = type_rows(&count);
    for (i32 i = 0; i < count; i++) {
        assert_true(type_row(rows[i].oid) == &rows[i]);
        assert_true(i == 0 || rows[i - 1].oid < rows[i].oid);
        assert_true(!rows[i].array_oid || type_row(rows[i].array_oid)->element_oid == rows[i].oid);
    }
    assert_true(type_pack_typmod(TYPE_NUMERIC, (const i32[]){15, 2}, 2, &typmod, &error));
    assert_int_equal(typmod, 983046);
    assert_string_equal(type_format(type_with_typmod(TYPE_NUMERIC, typmod), name), "numeric(15,2)");
    assert_string_equal(type_format(type_with_typmod(TYPE_NUMERIC_ARRAY, typmod), name),
                        "numeric(15,2)[]");
    assert_true(lane_equal(type_lane(type_with_typmod(TYPE_NUMERIC, typmod)), lane_of(LANE_NUM)));
    assert_true(lane_equal(numeric_typmod_lane(typmod), lane_decimal64(2)));
    assert_true(type_pack_typmod(TYPE_INTERVAL, (const i32[]){0x1c08, 3}, 2, &typmod, &error));
    assert_string_equal(type_format(type_with_typmod(TYPE_INTERVAL, typmod), name),
                        "interval day to second(3)");
    assert_false(type_pack_typmod(TYPE_NUMERIC, (const i32[]){1001}, 1, &typmod, &error));
    assert_string_equal(error.message, "NUMERIC precision 1001 must be between 1 and 1000");
    assert_false(type_pack_typmod(TYPE_VARCHAR, (const i32[]){0}, 1, &typmod, &error));
    assert_string_equal(error.message, "length for type varchar must be at least 1");
    assert_false(type_pack_typmod(TYPE_INT4, (const i32[]){1}, 1, &typmod, &error));
    assert_string_equal(error_sqlstate(error.code), "42601");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masks_become_rows),
        cmocka_unit_test_setup_teardown(forms_agree, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(sequences_and_constants, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(keys_order_as_values, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(equal_values_hash_alike, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(file_hash_sees_numbers_not_lanes, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(binary_reads_back, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(types_have_names_and_modifiers, open_arena, close_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
