/* SPDX-License-Identifier: Apache-2.0
 *
 * The built-in relations, read through their table access: every column of every relation, the rows
 * of a table with constraints and of a view over it, hints, several chunks, a registered relation.
 *
 * Expected rows are what PostgreSQL 15 shows for the same definitions, with Gotgan's oids.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "catalog/system_relations.h"
#include "tests/catalog_fixture.h"
#include "types/text_out.h"

static CatalogFixture f;

static int setup(void **state)
{
    catalog_fixture_open(&f);
    CatalogRelation sales = fixture_sales(16390), view = fixture_view(16400, TEXT("v"), 16390);
    fixture_put(&f, &sales, NULL);
    fixture_put(&f, &view, NULL);
    return 0;
}

static int teardown(void **state)
{
    catalog_fixture_close(&f);
    return 0;
}

/* ---- reading ---- */

static void print_cell(TextBuilder *out, const Vector *vector, i32 at)
{
    Error error;
    FormatSettings format = {.extra_float_digits = 1};
    Value value = vector_value(vector, at);
    Text text = TEXT("NULL");
    if (!value.null)
        assert_true(text_out_value(vector->type, &value, &format, &f.arena, &text, &error));
    builder_add(out, text);
}

static void print_chunk(TextBuilder *out, const Chunk *chunk)
{
    for (i32 i = 0; i < chunk_rows(chunk); i++) {
        for (i32 c = 0; c < chunk->column_count; c++) {
            if (c)
                builder_byte(out, '|');
            print_cell(out, &chunk->columns[c], chunk_position(chunk, i));
        }
        builder_byte(out, '\n');
    }
}

static i32 scan_relation(const CatalogRelation *relation, const ScanSpec *spec, TextBuilder *out)
{
    Error error;
    Relation *opened;
    Split *splits;
    Scan *scan;
    Chunk chunk;
    i32 count, rows = 0;
    u64 applied;
    ScanStatus status;
    const TableAccess *access = relation->access;
    assert_true(access->open(f.snapshot, relation->relation, NULL, &opened, &error));
    assert_true(access->splits(opened, spec, &f.arena, &splits, &count, &error));
    assert_int_equal(count, 1);
    assert_true(access->scan_open(opened, spec, splits, NULL, &scan, &error));
    while ((status = access->scan_next(scan, &chunk, &applied, &error)) == SCAN_ROWS) {
        chunk_verify(&chunk);
        assert_int_equal(applied, 0);
        rows += chunk_rows(&chunk);
        print_chunk(out, &chunk);
    }
    assert_int_equal(status, SCAN_END);
    access->scan_close(scan);
    access->close(opened);
    return rows;
}

static ScanColumn scan_column(const CatalogRelation *relation, i32 at)
{
    Type type = relation->columns[at].type;
    return (ScanColumn){
        .id = (ColumnId)relation->columns[at].number, .type = type, .lane = type_lane(type)};
}

typedef struct Reading {
    Text schema, relation;
    const char *columns; /* separated by spaces */
    ScanFilter *filter;
    Text rows;
    i32 count;
} Reading;

static i32 choose_columns(const CatalogRelation *relation, Text names, ScanColumn *columns)
{
    i32 count = 0;
    for (i64 at = 0, end; at < names.len; at = end + 1) {
        end = at + text_find_byte(text_slice(names, at, names.len), ' ');
        i32 column = catalog_column(relation, text_slice(names, at, end));
        assert_true(column != CATALOG_NO_COLUMN);
        columns[count++] = scan_column(relation, column);
    }
    return count;
}

static void run_reading(void *argument)
{
    Reading *reading = argument;
    ScanColumn columns[64];
    TextBuilder out;
    const CatalogRelation *relation =
        catalog_relation_by_name(&f.q, &f.view, reading->schema, reading->relation);
    assert_non_null(relation);
    ScanSpec spec = {.columns = columns, .filters = reading->filter};
    spec.column_count = choose_columns(relation, text_from(reading->columns), columns);
    spec.filter_count = reading->filter != NULL;
    builder_open(&out, &f.q, &f.arena);
    reading->count = scan_relation(relation, &spec, &out);
    reading->rows = builder_text(&out);
}

static Text read_rows(const char *schema, const char *relation, const char *columns,
                      ScanFilter *filter)
{
    Reading reading = {text_from(schema), text_from(relation), columns, filter, {0}, 0};
    assert_true(query_try(&f.q, run_reading, &reading));
    return reading.rows;
}

/* Rows of a pg_catalog relation whose column equals an oid. */
static Text rows_where(const char *relation, const char *columns, const char *column, u32 oid)
{
    const CatalogRelation *described =
        catalog_relation_by_name(&f.q, &f.view, TEXT("pg_catalog"), text_from(relation));
    i32 at = catalog_column(described, text_from(column));
    Value value = {.lane = lane_of(LANE_I64), .integer = oid};
    ScanFilter filter = {.column = (ColumnId)at + 1,
                         .kind = FILTER_RANGE,
                         .has_low = true,
                         .has_high = true,
                         .low = value,
                         .high = value,
                         .on = true};
    return read_rows("pg_catalog", relation, columns, &filter);
}

static void assert_text(Text got, const char *expected)
{
    if (!text_equal(got, text_from(expected)))
        print_error("%.*s", TEXT_ARG(got));
    assert_true(text_equal(got, text_from(expected)));
}

/* ---- tests ---- */

static void read_everything(void *state, Query *q, const CatalogRelation *relation)
{
    ScanColumn columns[64];
    TextBuilder out;
    if (!relation->built_in)
        return;
    assert_true(relation->column_count <= countof(columns));
    for (i32 i = 0; i < relation->column_count; i++)
        columns[i] = scan_column(relation, i);
    ScanSpec spec = {.columns = columns, .column_count = relation->column_count};
    builder_open(&out, q, q->arena);
    *(i32 *)state += scan_relation(relation, &spec, &out);
}

static void all_columns(void *argument)
{
    catalog_relations(&f.q, &f.view, read_everything, argument);
}

static void every_column_of_every_relation_can_be_read(void **state)
{
    i32 rows = 0;
    assert_true(query_try(&f.q, all_columns, &rows));
    assert_true(rows > 3000);
}

static void pg_class_lists_tables_indexes_and_views(void **state)
{
    const char *columns = "oid relname relnamespace relam relkind relnatts relchecks relhasindex "
                          "relhasrules relreplident relpersistence relacl";
    assert_text(rows_where("pg_class", columns, "relnamespace", SCHEMA_PUBLIC),
                "16390|sales|2200|2|r|3|1|t|f|d|p|NULL\n"
                "16391|sales_pkey|2200|403|i|1|0|f|f|n|p|NULL\n"
                "16400|v|2200|0|v|1|0|f|t|n|p|NULL\n");
    assert_text(rows_where("pg_class", "relname relkind relnamespace", "oid", 1259),
                "pg_class|r|11\n");
    assert_text(rows_where("pg_class", "relname", "oid", 16391), "sales_pkey\n");
    assert_text(rows_where("pg_class", "relname", "oid", 99999), "");
}

static void pg_attribute_lists_columns(void **state)
{
    const char *columns = "attname atttypid atttypmod attlen attnum attnotnull atthasdef "
                          "attisdropped attcollation attidentity";
    assert_text(rows_where("pg_attribute", columns, "attrelid", 16390),
                "id|20|-1|8|1|t|f|f|0|\n"
                "price|1700|655366|-1|2|f|t|f|0|\n"
                "........pg.dropped.3........|0|-1|-1|3|f|f|t|100|\n");
    assert_text(rows_where("pg_attribute", "attname attnum", "attrelid", 16391), "id|1\n");
    assert_text(rows_where("pg_attribute", "attname attnum atttypid", "attrelid", 2601),
                "oid|1|26\namname|2|19\namhandler|3|24\namtype|4|18\n");
}

static void constraints_are_listed(void **state)
{
    assert_text(rows_where("pg_constraint",
                           "oid conname contype conindid conkey conbin connoinherit", "conrelid",
                           16390),
                "16391|sales_pkey|p|16391|{1}|NULL|t\n"
                "16392|sales_price_check|c|0|{2}|price >= 0|f\n");
    assert_text(rows_where("pg_index",
                           "indexrelid indkey indclass indoption indisprimary indisunique",
                           "indrelid", 16390),
                "16391|1|3124|0|t|t\n");
    assert_text(rows_where("pg_attrdef", "adnum adbin", "adrelid", 16390), "2|0\n");
    assert_text(read_rows("pg_catalog", "pg_indexes", "schemaname tablename indexdef", NULL),
                "public|sales|CREATE UNIQUE INDEX sales_pkey ON public.sales USING btree (id)\n");
}

static void views_depend_through_their_rule(void **state)
{
    assert_text(rows_where("pg_rewrite", "rulename ev_class ev_type is_instead", "ev_class", 16400),
                "_RETURN|16400|1|t\n");
    assert_text(rows_where("pg_depend", "classid refclassid refobjid deptype", "objid", 16400),
                "1259|2615|2200|n\n2618|1259|16400|i\n2618|1259|16390|n\n");
}

static void schemas_roles_and_the_database_are_there(void **state)
{
    assert_text(read_rows("pg_catalog", "pg_namespace", "oid nspname nspowner nspacl", NULL),
                "11|pg_catalog|10|NULL\n99|pg_toast|10|NULL\n13000|information_schema|10|NULL\n"
                "2200|public|10|NULL\n");
    assert_text(read_rows("pg_catalog", "pg_roles", "oid rolname rolsuper rolconnlimit", NULL),
                "10|gotgan|t|-1\n");
    assert_text(read_rows("pg_catalog", "pg_database", "datname encoding datcollate", NULL),
                "gotgan|6|C.UTF-8\n");
}

static void types_and_functions_are_postgres_own(void **state)
{
    const char *columns = "typname typlen typbyval typcategory typelem typarray typinput "
                          "typreceive typmodin typsubscript typcollation";
    assert_text(rows_where("pg_type", columns, "oid", 23), "int4|4|t|N|0|1007|42|2406|-|-|0\n");
    assert_text(rows_where("pg_type", columns, "oid", 1231),
                "_numeric|-1|f|A|1700|0|750|2400|2917|6179|0\n");
    assert_text(rows_where("pg_proc",
                           "proname pronargs prorettype proargtypes prokind provolatile "
                           "proisstrict",
                           "oid", 177),
                "int4pl|2|23|23 23|f|i|t\n");
    assert_text(
        rows_where("pg_proc", "proname provariadic proallargtypes proargmodes", "oid", 3059),
        "concat_ws|2276|{25,2276}|{i,v}\n");
    assert_text(rows_where("pg_proc", "proname prokind", "oid", 2108), "sum|a\n");
    assert_text(rows_where("pg_proc", "proname provolatile", "oid", 2400), "array_recv|s\n");
    assert_text(
        rows_where("pg_operator", "oprname oprleft oprright oprresult oprcom oprnegate", "oid", 96),
        "=|23|23|16|96|518\n");
}

static void information_schema_describes_the_table(void **state)
{
    ScanFilter none = {.kind = FILTER_NOT_NULL, .column = 1};
    assert_text(read_rows("information_schema", "key_column_usage",
                          "table_schema table_name column_name ordinal_position", &none),
                "public|sales|id|1\n");
    assert_text(read_rows("information_schema", "table_constraints",
                          "constraint_name constraint_type nulls_distinct", NULL),
                "sales_pkey|PRIMARY KEY|NULL\nsales_price_check|CHECK|NULL\n"
                "2200_16390_1_not_null|CHECK|NULL\n");
    assert_text(
        read_rows("information_schema", "check_constraints", "constraint_name check_clause", NULL),
        "sales_price_check|((price >= 0))\n2200_16390_1_not_null|id IS NOT NULL\n");
    assert_text(read_rows("information_schema", "view_table_usage", "view_name table_name", NULL),
                "v|sales\n");
}

static Text columns_of_sales(void)
{
    Value name = {.lane = lane_of(LANE_STR), .str = str_from_text(TEXT("sales"))};
    ScanFilter filter = {.column = 3,
                         .kind = FILTER_RANGE,
                         .has_low = true,
                         .has_high = true,
                         .low = name,
                         .high = name,
                         .on = true};
    return read_rows("information_schema", "columns",
                     "column_name ordinal_position column_default is_nullable data_type "
                     "numeric_precision numeric_precision_radix numeric_scale udt_name",
                     &filter);
}

static void information_schema_takes_types_apart(void **state)
{
    assert_text(columns_of_sales(), "id|1|NULL|NO|bigint|64|2|0|int8\n"
                                    "price|2|0|YES|numeric|10|10|2|numeric\n");
}

/* ---- a relation of somebody else's, with more rows than one chunk ---- */

enum { NUMBERS = 5000 };
static void fill_numbers(Query *q, const Snapshot *snapshot, const Value *const *equal,
                         SystemRows *rows)
{
    Error error;
    for (i32 i = 0; i < NUMBERS; i++) {
        const Value row[2] = {{.lane = lane_of(LANE_I32), .integer = i}};
        if (!system_row(rows, row, &error))
            query_rethrow(q, &error);
    }
}

static void a_registered_relation_is_scanned_in_chunks(void **state)
{
    static const SystemColumn columns[] = {{"number", TYPE_INT4}, {"nothing", TYPE_TEXT}};
    static const SystemRelation numbers = {9000, "pg_numbers", columns, 2, fill_numbers};
    static bool registered;
    if (!registered)
        system_relation_register(&numbers);
    registered = true;
    Reading reading = {TEXT("pg_catalog"), TEXT("pg_numbers"), "number nothing", NULL, {0}, 0};
    assert_true(query_try(&f.q, run_reading, &reading));
    assert_int_equal(reading.count, NUMBERS);
    assert_true(text_starts_with(reading.rows, TEXT("0|NULL\n1|NULL\n")));
    assert_int_equal(catalog_relation(&f.q, &f.view, 9000)->oid, 9000);
}

static void lanes_are_converted_and_row_ids_refused(void **state)
{
    Error error;
    Relation *opened;
    Scan *scan;
    Chunk chunk;
    u64 applied;
    Split split = {0};
    /* pg_database.encoding */
    ScanColumn column = {.id = 4, .type = type_of(TYPE_INT4), .lane = lane_of(LANE_I64)};
    ScanSpec spec = {.columns = &column, .column_count = 1};
    assert_true(system_access.open(f.snapshot, 1262, NULL, &opened, &error));
    assert_true(system_access.scan_open(opened, &spec, &split, NULL, &scan, &error));
    assert_int_equal(system_access.scan_next(scan, &chunk, &applied, &error), SCAN_ROWS);
    assert_int_equal(chunk.columns[0].lane.kind, LANE_I64);
    assert_int_equal(vector_value(&chunk.columns[0], 0).integer, 6);
    system_access.scan_close(scan);
    spec.want_row_ids = true;
    assert_false(system_access.scan_open(opened, &spec, &split, NULL, &scan, &error));
    assert_string_equal(error_sqlstate(error.code), "0A000");
    system_access.close(opened);
    assert_false(system_access.open(f.snapshot, 16390, NULL, &opened, &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_column_of_every_relation_can_be_read, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(pg_class_lists_tables_indexes_and_views, setup, teardown),
        cmocka_unit_test_setup_teardown(pg_attribute_lists_columns, setup, teardown),
        cmocka_unit_test_setup_teardown(constraints_are_listed, setup, teardown),
        cmocka_unit_test_setup_teardown(views_depend_through_their_rule, setup, teardown),
        cmocka_unit_test_setup_teardown(schemas_roles_and_the_database_are_there, setup, teardown),
        cmocka_unit_test_setup_teardown(types_and_functions_are_postgres_own, setup, teardown),
        cmocka_unit_test_setup_teardown(information_schema_describes_the_table, setup, teardown),
        cmocka_unit_test_setup_teardown(information_schema_takes_types_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(a_registered_relation_is_scanned_in_chunks, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(lanes_are_converted_and_row_ids_refused, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
