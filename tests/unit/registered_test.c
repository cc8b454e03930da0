/* SPDX-License-Identifier: Apache-2.0
 *
 * regclass and its kin by name, in and out. Expected answers and errors are PostgreSQL 15's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "catalog/registered.h"
#include "tests/catalog_fixture.h"
#include "types/text_in.h"
#include "types/text_out.h"

static CatalogFixture f;

static int setup(void **state)
{
    catalog_fixture_open(&f);
    CatalogRelation sales = fixture_sales(16390);
    fixture_put(&f, &sales, NULL);
    return 0;
}

static int teardown(void **state)
{
    catalog_fixture_close(&f);
    return 0;
}

typedef struct Reading {
    const char *text;
    u32 type, oid;
} Reading;

static void run_read(void *argument)
{
    Reading *reading = argument;
    reading->oid = registered_read(&f.q, &f.view, text_from(reading->text), reading->type);
}

static void assert_reads(const char *text, u32 type, u32 expected)
{
    Reading reading = {text, type, 0};
    if (!query_try(&f.q, run_read, &reading))
        fail_msg("%s", f.q.error.message);
    assert_int_equal(reading.oid, expected);
}

static void assert_refused(const char *text, u32 type, const char *sqlstate, const char *message)
{
    Reading reading = {text, type, 0};
    assert_false(query_try(&f.q, run_read, &reading));
    assert_string_equal(error_sqlstate(f.q.error.code), sqlstate);
    assert_string_equal(f.q.error.message, message);
}

static void assert_prints(u32 type, u32 oid, const char *expected)
{
    Text text = registered_text(&f.q, &f.view, type, oid);
    if (!text_equal(text, text_from(expected)))
        fail_msg("got %.*s", TEXT_ARG(text));
}

static void names_become_oids(void **state)
{
    assert_reads("sales", TYPE_REGCLASS, 16390);
    assert_reads("public.SALES", TYPE_REGCLASS, 16390);
    assert_reads("pg_class", TYPE_REGCLASS, 1259);
    assert_reads("1259", TYPE_REGCLASS, 1259);
    assert_reads("-", TYPE_REGCLASS, 0);
    assert_reads("int", TYPE_REGTYPE, 23);
    assert_reads("integer[]", TYPE_REGTYPE, 1007);
    assert_reads("timestamp with time zone", TYPE_REGTYPE, 1184);
    assert_reads("public", TYPE_REGNAMESPACE, 2200);
    assert_reads("gotgan", TYPE_REGROLE, 10);
    assert_reads("pg_catalog.now", TYPE_REGPROC, 1299);
}

static void names_that_lead_nowhere(void **state)
{
    assert_refused("nix", TYPE_REGCLASS, "42P01", "relation \"nix\" does not exist");
    assert_refused("nix", TYPE_REGTYPE, "42704", "type \"nix\" does not exist");
    assert_refused("nix", TYPE_REGNAMESPACE, "3F000", "schema \"nix\" does not exist");
    assert_refused("nix", TYPE_REGROLE, "42704", "role \"nix\" does not exist");
    assert_refused("nix", TYPE_REGPROC, "42883", "function \"nix\" does not exist");
    assert_refused("sum", TYPE_REGPROC, "42725", "more than one function named \"sum\"");
    assert_refused("99999999999", TYPE_REGCLASS, "22003",
                   "value \"99999999999\" is out of range for type oid");
}

static void oids_become_names(void **state)
{
    assert_prints(TYPE_REGCLASS, 16390, "sales");
    assert_prints(TYPE_REGCLASS, 16391, "sales_pkey");
    assert_prints(TYPE_REGCLASS, 1259, "pg_class");
    assert_prints(TYPE_REGCLASS, 13425, "information_schema.tables");
    assert_prints(TYPE_REGCLASS, 0, "-");
    assert_prints(TYPE_REGCLASS, 4711, "4711");
    assert_prints(TYPE_REGTYPE, 23, "integer");
    assert_prints(TYPE_REGTYPE, 4711, "4711");
    assert_prints(TYPE_REGNAMESPACE, 2200, "public");
    assert_prints(TYPE_REGROLE, 10, "gotgan");
    assert_prints(TYPE_REGPROC, 2108, "pg_catalog.sum");
    assert_prints(TYPE_REGPROC, 1299, "now");
    f.view.search_path_count = 0;
    assert_prints(TYPE_REGCLASS, 16390, "public.sales");
}

static void casts_read_names(void **state)
{
    Error error;
    Environment env = {.catalog = &f.view};
    Vector from, oids;
    Value name = {.lane = lane_of(LANE_STR), .str = str_from_text(TEXT("public.sales"))};
    assert_true(vector_make_constant(&from, type_of(TYPE_TEXT), &name, &f.arena, &error));
    assert_true(vector_make(&oids, type_of(TYPE_REGCLASS), lane_of(LANE_I64), 2, &f.arena, &error));
    KernelCall call = {.args = &from, .nargs = 1, .result = &oids, .n = 2};
    call.arena = &f.arena, call.env = &env, call.error = &error;
    assert_int_equal(registered_from_text(&call), KERNEL_OK);
    assert_int_equal(vector_value(&oids, 1).integer, 16390);
}

static void input_and_output_use_names(void **state)
{
    Error error;
    Value value;
    Text shown;
    RegisteredNames names = registered_names(&f.view);
    FormatSettings format = {.names = &names};
    Type type = type_of(TYPE_REGCLASS);
    TextIn in = {type, lane_of(LANE_I64), &format, &f.arena};
    assert_true(text_in_value(&in, TEXT("public.sales"), &value, &error));
    assert_int_equal(value.integer, 16390);
    assert_true(text_out_value(type, &value, &format, &f.arena, &shown, &error));
    assert_true(text_equal(shown, TEXT("sales")));
    assert_false(text_in_value(&in, TEXT("nothing"), &value, &error));
    assert_string_equal(error.message, "relation \"nothing\" does not exist");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_become_oids, setup, teardown),
        cmocka_unit_test_setup_teardown(names_that_lead_nowhere, setup, teardown),
        cmocka_unit_test_setup_teardown(oids_become_names, setup, teardown),
        cmocka_unit_test_setup_teardown(casts_read_names, setup, teardown),
        cmocka_unit_test_setup_teardown(input_and_output_use_names, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
