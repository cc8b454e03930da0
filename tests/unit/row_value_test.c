/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows as values: what is put in comes out, wherever the bytes lie; equality, order, hash and the
 * errors of dissimilar rows; the text of rows in rows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "types/hash_vector.h"
#include "types/row_value.h"

static Arena arena;
static Error error;

static Value integer_value(i64 integer)
{
    return (Value){.lane = lane_of(LANE_I32), .integer = integer};
}

static Value text_value(const char *text)
{
    return (Value){.lane = lane_of(LANE_STR), .str = str_from_text(text_from(text))};
}

static Value number_value(const char *digits)
{
    Value value = {.lane = lane_of(LANE_NUM)};
    assert_true(num_parse(text_from(digits), &arena, &value.num, &error));
    return value;
}

static Value row_value(Text row)
{
    return (Value){.lane = lane_of(LANE_ROW), .str = str_from_text(row)};
}

static Text row_of(const Type *types, const Value *values, i32 count)
{
    Text row;
    assert_true(row_value_make(types, values, count, &arena, &row, &error));
    return row;
}

/* The same bytes one further on, where nothing is aligned. */
static Text moved(Text row)
{
    char *bytes = arena_try(&arena, row.len + 1, &error);
    assert_non_null(bytes);
    memcpy(bytes + 1, row.data, (size_t)row.len);
    return (Text){bytes + 1, row.len};
}

static const char long_number[] = "123456789012345678901234567890123456789.50";

static Text sample(const char *number)
{
    Type types[4] = {type_of(TYPE_INT4), type_of(TYPE_NUMERIC), type_of(TYPE_TEXT),
                     type_of(TYPE_FLOAT8)};
    Value values[4] = {integer_value(-7), number_value(number), text_value("a \"b\""),
                       value_null(lane_of(LANE_F64))};
    return row_of(types, values, 4);
}

static void fields_come_out(void **state)
{
    RowCursor cursor = row_fields(moved(sample(long_number)));
    RowField field;
    Value value;
    assert_int_equal(cursor.left, 4);
    assert_true(row_field_next(&cursor, &field));
    assert_int_equal(field.oid, TYPE_INT4);
    assert_int_equal(row_field_value(&field).integer, -7);
    assert_true(row_field_next(&cursor, &field) && row_field_has_limbs(&field));
    assert_true(row_field_read(&field, &arena, &value, &error));
    char text[64];
    assert_int_equal(num_print(value.num, text), (int)strlen(long_number));
    assert_memory_equal(text, long_number, strlen(long_number));
    assert_true(row_field_next(&cursor, &field) && !field.null);
    assert_true(row_field_next(&cursor, &field) && field.null);
    assert_false(row_field_next(&cursor, &field));
}

static u64 hash_of(Text row)
{
    Value value = row_value(row);
    return hash_value(&value);
}

static void equal_rows_hash_alike(void **state)
{
    Text a = sample(long_number), b = moved(sample("123456789012345678901234567890123456789.5"));
    assert_int_equal(row_value_compare(a, b), 0);
    assert_true(hash_of(a) == hash_of(b));
    Text other = sample("123456789012345678901234567890123456789.6");
    assert_true(row_value_compare(a, other) < 0 && row_value_compare(other, a) > 0);
    assert_true(hash_of(a) != hash_of(other));
}

static void null_is_last(void **state)
{
    Type type = type_of(TYPE_INT4);
    Value values[2] = {integer_value(5), value_null(lane_of(LANE_I32))};
    Text five = row_of(&type, &values[0], 1), null = row_of(&type, &values[1], 1);
    assert_true(row_value_compare(five, null) < 0);
    assert_int_equal(row_value_compare(null, null), 0);
}

static void check_error(Text a, Text b, RowCompare what, const char *message)
{
    int order;
    assert_false(row_value_compare_strict(a, b, what, &order, &error));
    assert_string_equal(error.message, message);
}

static void dissimilar_rows_raise(void **state)
{
    Type types[2] = {type_of(TYPE_INT4), type_of(TYPE_INT4)};
    Value values[2] = {integer_value(1), integer_value(2)};
    Text pair = row_of(types, values, 2), one = row_of(types, values, 1);
    Type text = type_of(TYPE_TEXT), unknown = type_of(TYPE_UNKNOWN);
    Value word = text_value("1");
    check_error(pair, one, ROW_ORDER,
                "cannot compare record types with different numbers of columns");
    check_error(pair, row_of(&text, &word, 1), ROW_ORDER,
                "cannot compare dissimilar column types integer and text at record column 1");
    Text literal = row_of(&unknown, &word, 1);
    check_error(literal, literal, ROW_EQUALITY,
                "could not identify an equality operator for type unknown");
    int order;
    Value nine = integer_value(9);
    assert_true(row_value_compare_strict(row_of(types, &nine, 1), pair, ROW_ORDER, &order, &error));
    assert_true(order > 0);
}

static void nested_rows_have_a_limit(void **state)
{
    Type type = type_of(TYPE_INT4), record = type_of(TYPE_RECORD);
    FormatSettings format = {0};
    Value value = integer_value(1);
    Buffer bytes;
    buffer_open(&bytes, NULL);
    Text row = row_of(&type, &value, 1);
    for (i32 depth = 1; depth < 3; depth++) {
        value = row_value(row);
        row = row_of(&record, &value, 1);
    }
    assert_true(row_text_append(row, &format, &bytes, &error));
    assert_int_equal(bytes.len, (int)strlen("(\"(\"\"(1)\"\")\")"));
    assert_memory_equal(bytes.data, "(\"(\"\"(1)\"\")\")", (size_t)bytes.len);
    for (i32 depth = 3; depth < 1000; depth++) {
        value = row_value(row);
        row = row_of(&record, &value, 1);
    }
    assert_false(row_text_append(row, &format, &bytes, &error));
    assert_int_equal(error.code, E_PROGRAM_LIMIT_EXCEEDED);
    buffer_close(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_come_out),
        cmocka_unit_test(equal_rows_hash_alike),
        cmocka_unit_test(null_is_last),
        cmocka_unit_test(dissimilar_rows_raise),
        cmocka_unit_test(nested_rows_have_a_limit),
    };
    arena_open(&arena, NULL);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_close(&arena);
    return failed;
}
