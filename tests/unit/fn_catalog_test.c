/* SPDX-License-Identifier: Apache-2.0
 *
 * Functions that look into the catalogue, called as kernels over the fixture's table and view.
 * Expected answers and errors are PostgreSQL 15's for the same definitions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "functions/function.h"
#include "tests/catalog_fixture.h"

static CatalogFixture f;
static Environment env;
static Error error; /* of the last call */

static int setup(void **state)
{
    static bool attached;
    if (!attached)
        catalog_attach_functions();
    attached = true;
    catalog_fixture_open(&f);
    CatalogRelation sales = fixture_sales(16390), view = fixture_view(16400, TEXT("v"), 16390);
    fixture_put(&f, &sales, NULL);
    fixture_put(&f, &view, NULL);
    env = (Environment){.catalog = &f.view, .user = {"ada", 3}};
    return 0;
}

static int teardown(void **state)
{
    catalog_fixture_close(&f);
    return 0;
}

/* ---- calling ---- */

static Value oid(u32 number)
{
    return (Value){.lane = lane_of(LANE_I64), .integer = number};
}
static Value int4(i32 number)
{
    return (Value){.lane = lane_of(LANE_I32), .integer = number};
}
static Value text(const char *word)
{
    return (Value){.lane = lane_of(LANE_STR), .str = str_from_text(text_from(word))};
}
static Value truth(bool value)
{
    return (Value){.lane = lane_of(LANE_BOOL), .boolean = value};
}
static const Value no_int4 = {.lane = {LANE_I32, 0}, .null = true};

enum { CALL_ROWS = 3 };
/* Calls the operation for three equal rows and returns the last one's answer. */
static bool call(Operation operation, LaneKind result_lane, const Value *arguments, i32 count,
                 Value *result)
{
    Vector args[4], out;
    Lane lanes[4];
    for (i32 i = 0; i < count; i++) {
        lanes[i] = arguments[i].lane;
        assert_true(
            vector_make_constant(&args[i], type_of(TYPE_TEXT), &arguments[i], &f.arena, &error));
        args[i].lane = lanes[i];
    }
    KernelFunction kernel = kernel_find(operation, lanes, count, lane_of(result_lane));
    assert_non_null(kernel);
    assert_true(
        vector_make(&out, type_of(TYPE_TEXT), lane_of(result_lane), CALL_ROWS, &f.arena, &error));
    KernelCall made = {.args = args,
                       .nargs = count,
                       .result = &out,
                       .n = CALL_ROWS,
                       .arena = &f.arena,
                       .env = &env,
                       .error = &error};
    if (kernel(&made) != KERNEL_OK) {
        assert_int_equal(made.bad, 0);
        return false;
    }
    *result = vector_value(&out, CALL_ROWS - 1);
    return true;
}

#define ARGUMENTS(...)                                                                             \
    (const Value[]){__VA_ARGS__}, (i32)(sizeof((const Value[]){__VA_ARGS__}) / sizeof(Value))

static void assert_answer(Operation operation, const Value *arguments, i32 count,
                          const char *expected)
{
    Value result;
    if (!call(operation, LANE_STR, arguments, count, &result))
        fail_msg("%s", error.message);
    assert_int_equal(result.null, expected == NULL);
    if (expected && !text_equal(str_text(&result.str), text_from(expected)))
        fail_msg("got %.*s", TEXT_ARG(str_text(&result.str)));
}

typedef enum Answer { ANSWER_FALSE, ANSWER_TRUE, ANSWER_NULL } Answer;
static void assert_truth(Operation operation, const Value *arguments, i32 count, Answer expected)
{
    Value result;
    if (!call(operation, LANE_BOOL, arguments, count, &result))
        fail_msg("%s", error.message);
    assert_int_equal(result.null      ? ANSWER_NULL
                     : result.boolean ? ANSWER_TRUE
                                      : ANSWER_FALSE,
                     expected);
}

static void assert_fails(Operation operation, LaneKind result_lane, const Value *arguments,
                         i32 count, const char *sqlstate, const char *message)
{
    Value result;
    assert_false(call(operation, result_lane, arguments, count, &result));
    assert_string_equal(error_sqlstate(error.code), sqlstate);
    assert_string_equal(error.message, message);
}

/* ---- tests ---- */

static void visibility(void **state)
{
    assert_truth(OP_PG_TABLE_IS_VISIBLE, ARGUMENTS(oid(16390)), ANSWER_TRUE);
    assert_truth(OP_PG_TABLE_IS_VISIBLE, ARGUMENTS(oid(16391)), ANSWER_TRUE); /* its index */
    assert_truth(OP_PG_TABLE_IS_VISIBLE, ARGUMENTS(oid(1259)), ANSWER_TRUE);
    assert_truth(OP_PG_TABLE_IS_VISIBLE, ARGUMENTS(oid(13425)), ANSWER_FALSE);
    assert_truth(OP_PG_TABLE_IS_VISIBLE, ARGUMENTS(oid(4711)), ANSWER_NULL);
    f.view.search_path_count = 0;
    assert_truth(OP_PG_TABLE_IS_VISIBLE, ARGUMENTS(oid(16390)), ANSWER_FALSE);
    assert_truth(OP_PG_TYPE_IS_VISIBLE, ARGUMENTS(oid(23)), ANSWER_TRUE);
    assert_truth(OP_PG_TYPE_IS_VISIBLE, ARGUMENTS(oid(4711)), ANSWER_NULL);
    assert_truth(OP_PG_FUNCTION_IS_VISIBLE, ARGUMENTS(oid(177)), ANSWER_TRUE);
    assert_truth(OP_PG_FUNCTION_IS_VISIBLE, ARGUMENTS(oid(2400)), ANSWER_TRUE);
    assert_truth(OP_PG_FUNCTION_IS_VISIBLE, ARGUMENTS(oid(4711)), ANSWER_NULL);
    assert_truth(OP_PG_OPERATOR_IS_VISIBLE, ARGUMENTS(oid(96)), ANSWER_TRUE);
    assert_truth(OP_PG_OPERATOR_IS_VISIBLE, ARGUMENTS(oid(0)), ANSWER_NULL);
}

static void names_of_types_and_roles(void **state)
{
    assert_answer(OP_FORMAT_TYPE, ARGUMENTS(oid(1043), int4(14)), "character varying(10)");
    assert_answer(OP_FORMAT_TYPE, ARGUMENTS(oid(1043), no_int4), "character varying");
    assert_answer(OP_FORMAT_TYPE, ARGUMENTS(oid(1042), no_int4), "character");
    assert_answer(OP_FORMAT_TYPE, ARGUMENTS(oid(1042), int4(-1)), "bpchar");
    assert_answer(OP_FORMAT_TYPE, ARGUMENTS(oid(1042), int4(5)), "character(1)");
    assert_answer(OP_FORMAT_TYPE, ARGUMENTS(oid(0), int4(-1)), "-");
    assert_answer(OP_FORMAT_TYPE, ARGUMENTS(oid(4711), int4(-1)), "???");
    Value no_oid = {.lane = lane_of(LANE_I64), .null = true};
    assert_answer(OP_FORMAT_TYPE, ARGUMENTS(no_oid, int4(-1)), NULL);
    assert_answer(OP_PG_GET_USERBYID, ARGUMENTS(oid(10)), "gotgan");
    assert_answer(OP_PG_GET_USERBYID, ARGUMENTS(oid(4711)), "unknown (OID=4711)");
    assert_answer(OP_CURRENT_SCHEMA, NULL, 0, "public");
    f.view.search_path_count = 0;
    assert_answer(OP_CURRENT_SCHEMA, NULL, 0, NULL);
}

static void definitions(void **state)
{
    assert_answer(OP_PG_GET_CONSTRAINTDEF, ARGUMENTS(oid(16391)), "PRIMARY KEY (id)");
    assert_answer(OP_PG_GET_CONSTRAINTDEF, ARGUMENTS(oid(16392)), "CHECK ((price >= 0))");
    assert_answer(OP_PG_GET_CONSTRAINTDEF, ARGUMENTS(oid(16392), truth(true)),
                  "CHECK (price >= 0)");
    assert_answer(OP_PG_GET_CONSTRAINTDEF, ARGUMENTS(oid(4711)), NULL);
    assert_answer(OP_PG_GET_INDEXDEF, ARGUMENTS(oid(16391)),
                  "CREATE UNIQUE INDEX sales_pkey ON public.sales USING btree (id)");
    assert_answer(OP_PG_GET_INDEXDEF, ARGUMENTS(oid(16391), int4(0), truth(true)),
                  "CREATE UNIQUE INDEX sales_pkey ON sales USING btree (id)");
    assert_answer(OP_PG_GET_INDEXDEF, ARGUMENTS(oid(16391), int4(1), truth(true)), "id");
    assert_answer(OP_PG_GET_INDEXDEF, ARGUMENTS(oid(16391), int4(2), truth(true)), NULL);
    assert_answer(OP_PG_GET_INDEXDEF, ARGUMENTS(oid(16392)), NULL);
    assert_answer(OP_PG_GET_EXPR, ARGUMENTS(text("price >= 0"), oid(16390)), "(price >= 0)");
    assert_answer(OP_PG_GET_VIEWDEF, ARGUMENTS(oid(16400)), " SELECT sales.id FROM public.sales;");
    assert_answer(OP_PG_GET_VIEWDEF, ARGUMENTS(oid(16390)), NULL);
    assert_answer(OP_PG_GET_VIEWDEF_NAME, ARGUMENTS(text("public . \"v\"")),
                  " SELECT sales.id FROM public.sales;");
    assert_answer(OP_OBJ_DESCRIPTION, ARGUMENTS(oid(16390), text("pg_class")), NULL);
}

static void names_that_lead_nowhere(void **state)
{
    assert_fails(OP_PG_GET_VIEWDEF_NAME, LANE_STR, ARGUMENTS(text("nix")), "42P01",
                 "relation \"nix\" does not exist");
    assert_fails(OP_PG_GET_VIEWDEF_NAME, LANE_STR, ARGUMENTS(text("\"V\"")), "42P01",
                 "relation \"V\" does not exist");
    assert_fails(OP_PG_GET_VIEWDEF_NAME, LANE_STR, ARGUMENTS(text("x.v")), "3F000",
                 "schema \"x\" does not exist");
    assert_fails(OP_PG_GET_VIEWDEF_NAME, LANE_STR, ARGUMENTS(text("db.public.v")), "0A000",
                 "cross-database references are not implemented: \"db.public.v\"");
    assert_fails(OP_PG_GET_VIEWDEF_NAME, LANE_STR, ARGUMENTS(text("a.b.c.d")), "42601",
                 "improper relation name (too many dotted names): a.b.c.d");
    assert_fails(OP_PG_GET_VIEWDEF_NAME, LANE_STR, ARGUMENTS(text("a..b")), "42602",
                 "invalid name syntax");
    assert_fails(OP_PG_GET_VIEWDEF_NAME, LANE_STR, ARGUMENTS(text("\"v")), "42602",
                 "invalid name syntax");
    assert_fails(OP_PG_GET_VIEWDEF_NAME, LANE_STR, ARGUMENTS(text("")), "42602",
                 "invalid name syntax");
}

static void privileges_on_tables(void **state)
{
    assert_truth(OP_HAS_TABLE_PRIVILEGE, ARGUMENTS(text("sales"), text("SELECT")), ANSWER_TRUE);
    assert_truth(OP_HAS_TABLE_PRIVILEGE,
                 ARGUMENTS(text("Sales"), text("select , insert with grant option")), ANSWER_TRUE);
    assert_truth(OP_HAS_TABLE_PRIVILEGE, ARGUMENTS(oid(4711), text("select")), ANSWER_NULL);
    assert_truth(OP_HAS_USER_TABLE_PRIVILEGE,
                 ARGUMENTS(text("public"), text("sales"), text("select")), ANSWER_FALSE);
    assert_truth(OP_HAS_USER_TABLE_PRIVILEGE,
                 ARGUMENTS(text("public"), text("pg_class"), text("select")), ANSWER_TRUE);
    assert_truth(OP_HAS_USER_TABLE_PRIVILEGE,
                 ARGUMENTS(text("ada"), text("sales"), text("truncate")), ANSWER_TRUE);
    assert_truth(OP_HAS_USER_TABLE_PRIVILEGE, ARGUMENTS(oid(4711), text("sales"), text("select")),
                 ANSWER_FALSE);
    assert_fails(OP_HAS_TABLE_PRIVILEGE, LANE_BOOL, ARGUMENTS(text("sales"), text("nix")), "22023",
                 "unrecognized privilege type: \"nix\"");
    assert_fails(OP_HAS_TABLE_PRIVILEGE, LANE_BOOL, ARGUMENTS(text("nix"), text("select")), "42P01",
                 "relation \"nix\" does not exist");
}

static void privileges_on_schemas(void **state)
{
    assert_truth(OP_HAS_SCHEMA_PRIVILEGE, ARGUMENTS(text("public"), text("create")), ANSWER_TRUE);
    assert_truth(OP_HAS_SCHEMA_PRIVILEGE, ARGUMENTS(oid(4711), text("usage")), ANSWER_NULL);
    assert_truth(OP_HAS_USER_SCHEMA_PRIVILEGE,
                 ARGUMENTS(text("public"), text("public"), text("usage")), ANSWER_TRUE);
    assert_truth(OP_HAS_USER_SCHEMA_PRIVILEGE,
                 ARGUMENTS(text("public"), text("public"), text("create")), ANSWER_FALSE);
    assert_fails(OP_HAS_SCHEMA_PRIVILEGE, LANE_BOOL, ARGUMENTS(text("nix"), text("usage")), "3F000",
                 "schema \"nix\" does not exist");
    assert_fails(OP_HAS_USER_SCHEMA_PRIVILEGE, LANE_BOOL,
                 ARGUMENTS(text("nobody"), text("public"), text("usage")), "42704",
                 "role \"nobody\" does not exist");
    assert_fails(OP_HAS_SCHEMA_PRIVILEGE, LANE_BOOL, ARGUMENTS(text("public"), text("select")),
                 "22023", "unrecognized privilege type: \"select\"");
}

static i64 relation_bytes(Operation operation, u32 relation)
{
    Value result;
    assert_true(call(operation, LANE_I64, ARGUMENTS(oid(relation)), &result));
    return result.null ? -1 : result.integer;
}

static void sizes(void **state)
{
    ColumnDefinition *columns;
    i32 count;
    CatalogRelation sales = fixture_sales(16390);
    Transaction *transaction = fixture_begin(f.storage, READ_COMMITTED);
    assert_true(catalog_column_definitions(&sales, &f.arena, &columns, &count, &error));
    assert_true(table_define(transaction, 16390, columns, count, &error));
    assert_true(fixture_commit(f.storage, transaction));
    catalog_refresh(&f);
    assert_int_equal(relation_bytes(OP_PG_TABLE_SIZE, 16390), 0);
    assert_int_equal(relation_bytes(OP_PG_RELATION_SIZE, 16391), 0);
    assert_int_equal(relation_bytes(OP_PG_TOTAL_RELATION_SIZE, 16400), 0);
    assert_int_equal(relation_bytes(OP_PG_RELATION_SIZE, 4711), -1);
    assert_fails(OP_PG_RELATION_SIZE, LANE_I64, ARGUMENTS(oid(16390), text("xyz")), "22023",
                 "invalid fork name");
    assert_string_equal(error.hint,
                        "Valid fork names are \"main\", \"fsm\", \"vm\", and \"init\".");
    assert_truth(OP_PG_IS_IN_RECOVERY, NULL, 0, ANSWER_FALSE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(visibility, setup, teardown),
        cmocka_unit_test_setup_teardown(names_of_types_and_roles, setup, teardown),
        cmocka_unit_test_setup_teardown(definitions, setup, teardown),
        cmocka_unit_test_setup_teardown(names_that_lead_nowhere, setup, teardown),
        cmocka_unit_test_setup_teardown(privileges_on_tables, setup, teardown),
        cmocka_unit_test_setup_teardown(privileges_on_schemas, setup, teardown),
        cmocka_unit_test_setup_teardown(sizes, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
