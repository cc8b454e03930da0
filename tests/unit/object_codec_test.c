/* SPDX-License-Identifier: Apache-2.0
 *
 * The bytes of catalogue objects: round trips, comparing, printing, older bytes, damage at every
 * byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "catalog/object_codec.h"
#include "tests/catalog_fixture.h"

static Arena arena;
static Buffer bytes;

static int setup(void **state)
{
    arena_open(&arena, NULL);
    buffer_open(&bytes, NULL);
    return 0;
}

static int teardown(void **state)
{
    buffer_close(&bytes);
    arena_close(&arena);
    return 0;
}

static Text encoded(const CatalogRelation *relation)
{
    Error error;
    bytes.len = 0;
    assert_true(object_encode(object_record(CLASS_RELATION), relation, &bytes, &error));
    return (Text){(const char *)bytes.data, bytes.len};
}

static bool decodes(Text text, CatalogRelation *relation, Error *error)
{
    *relation = (CatalogRelation){0};
    return object_decode(object_record(CLASS_RELATION), text, relation, &arena, error);
}

/* What a view has besides its query. */
static void view_fields(CatalogRelation *view)
{
    static i32 columns[] = {1};
    view->view_check = VIEW_CHECK_LOCAL;
    view->view_options = TEXT("check_option=local");
    view->base = 16390;
    view->base_columns = columns;
    view->base_column_count = 1;
}

static void what_goes_in_comes_out(void **state)
{
    Error error;
    CatalogRelation view = fixture_view(16400, TEXT("v"), 16390), table = fixture_sales(16390), out;
    const ObjectRecord *record = object_record(CLASS_RELATION);
    view_fields(&view);
    assert_true(decodes(encoded(&table), &out, &error));
    assert_true(object_equal(record, &table, &out));
    assert_false(object_equal(record, &view, &out));
    out.columns[1].default_expr = TEXT("1");
    assert_false(object_equal(record, &table, &out));
    assert_true(decodes(encoded(&view), &out, &error));
    assert_true(object_equal(record, &view, &out));
    assert_int_equal(out.depends[0].oid, 16390);
    assert_int_equal(out.base_columns[0], 1);
    out.base_columns[0] = 2;
    assert_false(object_equal(record, &view, &out));
    assert_null(object_record(4711));
}

static void schema_bytes_are_these(void **state)
{
    Error error;
    CatalogSchema schema = {.owner = 10};
    const u8 expected[] = {1, 1, 10, 0, 0, 0}; /* format, fields, owner */
    assert_true(object_encode(object_record(CLASS_SCHEMA), &schema, &bytes, &error));
    assert_int_equal(bytes.len, sizeof expected);
    assert_memory_equal(bytes.data, expected, sizeof expected);
}

static void a_missing_last_field_is_zero(void **state)
{
    Error error;
    CatalogSchema schema = {.owner = 77};
    Text old = {"\x01\x00", 2}, newer = {"\x01\x02\x0a\0\0\0\0", 7};
    assert_true(object_decode(object_record(CLASS_SCHEMA), old, &schema, &arena, &error));
    assert_int_equal(schema.owner, 77); /* untouched: the caller zeroed it, or not */
    assert_false(object_decode(object_record(CLASS_SCHEMA), newer, &schema, &arena, &error));
    assert_string_equal(error_sqlstate(error.code), "XX001");
}

static void cut_bytes_are_damage(void **state)
{
    Error error;
    CatalogRelation table = fixture_sales(16390), out;
    Text whole = encoded(&table);
    for (i64 len = 0; len < whole.len; len++) {
        assert_false(decodes((Text){whole.data, len}, &out, &error));
        assert_string_equal(error_sqlstate(error.code), "XX001");
    }
}

static void changed_bytes_never_crash(void **state)
{
    Error error;
    CatalogRelation table = fixture_sales(16390), out;
    Text whole = encoded(&table);
    i32 refused = 0;
    for (i64 at = 0; at < whole.len; at++)
        for (i32 bit = 0; bit < 8; bit++) {
            bytes.data[at] ^= (u8)(1 << bit);
            if (!decodes(whole, &out, &error)) {
                assert_string_equal(error_sqlstate(error.code), "XX001");
                refused++;
            }
            bytes.data[at] ^= (u8)(1 << bit);
        }
    assert_true(refused > whole.len); /* lengths, counts, kinds of records */
}

static void printed_line(void *argument)
{
    Query *q = argument;
    TextBuilder out;
    CatalogRelation view = fixture_view(16400, TEXT("v"), 16390);
    view_fields(&view);
    builder_open(&out, q, q->arena);
    object_print(object_record(CLASS_RELATION), &view, &out);
    Text expected =
        TEXT("{kind: v, owner: 10, columns: [{name: \"id\", type: bigint, number: 1, "
             "not_null: false, dropped: false, default_expr: \"\", generated: -, identity: -}], "
             "constraints: [], view_query: \"SELECT sales.id FROM public.sales\", depends: "
             "[{object_class: 1259, oid: 16390, "
             "column: 0}], references: [], view_form: -, view_check: l, view_options: "
             "\"check_option=local\", base: 16390, base_columns: [{number: 1}], "
             "persistence: -, on_commit: -}");
    assert_true(text_equal(builder_text(&out), expected));
}

static void objects_can_be_printed(void **state)
{
    QueryControl control = {0};
    Query q;
    query_open(&q, &arena, &control);
    assert_true(query_try(&q, printed_line, &q));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_goes_in_comes_out, setup, teardown),
        cmocka_unit_test_setup_teardown(schema_bytes_are_these, setup, teardown),
        cmocka_unit_test_setup_teardown(a_missing_last_field_is_zero, setup, teardown),
        cmocka_unit_test_setup_teardown(cut_bytes_are_damage, setup, teardown),
        cmocka_unit_test_setup_teardown(changed_bytes_never_crash, setup, teardown),
        cmocka_unit_test_setup_teardown(objects_can_be_printed, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
