/* SPDX-License-Identifier: Apache-2.0
 *
 * The catalogue over a real storage on a simulated disk: bootstrap, look-ups, the search path,
 * visibility, dependents, the columns storage gets.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/catalog_fixture.h"

static CatalogFixture f;

static int setup(void **state)
{
    catalog_fixture_open(&f);
    return 0;
}

static int teardown(void **state)
{
    catalog_fixture_close(&f);
    return 0;
}

static void put_relation(CatalogRelation relation)
{
    fixture_put(&f, &relation, NULL);
}

static void put_schema(u32 oid, Text name)
{
    CatalogSchema schema = {.oid = oid, .name = name, .owner = ROLE_GOTGAN};
    fixture_put(&f, NULL, &schema);
}

static void bootstrap_makes_public_once(void **state)
{
    const CatalogSchema *schema = catalog_schema_by_name(&f.q, &f.view, TEXT("public"));
    assert_non_null(schema);
    assert_int_equal(schema->oid, SCHEMA_PUBLIC);
    assert_int_equal(schema->owner, ROLE_GOTGAN);
    assert_false(schema->built_in);
    Error error;
    Ticket ticket = {0};
    ticket_arm(&ticket, NULL, NULL);
    Transaction *transaction = fixture_begin(f.storage, READ_COMMITTED);
    assert_int_equal(object_drop(transaction, CLASS_SCHEMA, SCHEMA_PUBLIC, &ticket, &error),
                     WRITE_DONE);
    assert_true(fixture_commit(f.storage, transaction));
    assert_true(catalog_bootstrap(f.storage, NULL, &error)); /* dropped stays dropped */
    catalog_refresh(&f);
    assert_null(catalog_schema(&f.q, &f.view, SCHEMA_PUBLIC));
    assert_null(catalog_current_schema(&f.q, &f.view));
}

static void built_in_schemas_are_there(void **state)
{
    assert_int_equal(catalog_schema_by_name(&f.q, &f.view, TEXT("pg_catalog"))->oid, 11);
    assert_int_equal(catalog_schema_by_name(&f.q, &f.view, TEXT("pg_toast"))->oid, 99);
    assert_true(catalog_schema(&f.q, &f.view, SCHEMA_INFORMATION)->built_in);
    assert_null(catalog_schema_by_name(&f.q, &f.view, TEXT("nowhere")));
    assert_null(catalog_schema_by_name(&f.q, &f.view, TEXT("")));
}

static void a_relation_comes_back_as_it_was(void **state)
{
    put_relation(fixture_sales(16390));
    const CatalogRelation *relation = catalog_relation(&f.q, &f.view, 16390);
    assert_non_null(relation);
    assert_true(text_equal(relation->name, TEXT("sales")));
    assert_int_equal(relation->schema, SCHEMA_PUBLIC);
    assert_int_equal(relation->kind, RELATION_TABLE);
    assert_int_equal(relation->column_count, 3);
    assert_true(relation->columns[0].not_null);
    assert_int_equal(relation->columns[1].type.typmod, numeric_typmod(10, 2));
    assert_true(text_equal(relation->columns[1].default_expr, TEXT("0")));
    assert_true(relation->columns[2].dropped);
    assert_int_equal(relation->constraint_count, 2);
    assert_int_equal(relation->constraints[0].kind, CONSTRAINT_PRIMARY_KEY);
    assert_int_equal(relation->constraints[0].columns[0], 1);
    assert_true(text_equal(relation->constraints[1].check_expr, TEXT("price >= 0")));
    assert_ptr_equal(relation->access, &native_access);
    assert_int_equal(relation->relation, 16390);
    assert_true(relation->version > 0 && !relation->built_in);
    assert_int_equal(catalog_column(relation, TEXT("price")), 1);
    assert_int_equal(catalog_column(relation, TEXT("old")), CATALOG_NO_COLUMN);
}

static void names_follow_the_search_path(void **state)
{
    Text none = {NULL, 0};
    put_schema(16384, TEXT("ada"));
    put_relation(fixture_sales(16390));
    assert_int_equal(catalog_relation_by_name(&f.q, &f.view, none, TEXT("sales"))->oid, 16390);
    assert_true(catalog_relation_is_visible(&f.q, &f.view, 16390));
    CatalogRelation own = fixture_sales(16400);
    own.schema = 16384;
    put_relation(own); /* "$user" stands before public */
    assert_int_equal(catalog_current_schema(&f.q, &f.view)->oid, 16384);
    assert_int_equal(catalog_relation_by_name(&f.q, &f.view, none, TEXT("sales"))->oid, 16400);
    assert_int_equal(catalog_relation_by_name(&f.q, &f.view, TEXT("public"), TEXT("sales"))->oid,
                     16390);
    assert_true(catalog_relation_is_visible(&f.q, &f.view, 16400));
    assert_false(catalog_relation_is_visible(&f.q, &f.view, 16390));
    assert_null(catalog_relation_by_name(&f.q, &f.view, TEXT("nowhere"), TEXT("sales")));
    assert_null(catalog_relation_by_name(&f.q, &f.view, none, TEXT("sale")));
}

static void pg_catalog_is_first_unless_listed(void **state)
{
    Text none = {NULL, 0}, path[] = {TEXT("public"), TEXT("pg_catalog")};
    CatalogRelation mine = fixture_sales(16390);
    mine.name = TEXT("pg_class");
    put_relation(mine);
    assert_int_equal(catalog_relation_by_name(&f.q, &f.view, none, TEXT("pg_class"))->oid, 1259);
    assert_true(catalog_relation_is_visible(&f.q, &f.view, 1259));
    assert_false(catalog_relation_is_visible(&f.q, &f.view, 16390));
    f.view.search_path = path;
    assert_int_equal(catalog_relation_by_name(&f.q, &f.view, none, TEXT("pg_class"))->oid, 16390);
    assert_false(catalog_relation_is_visible(&f.q, &f.view, 1259));
}

/* What session 7 sees: a view of a transaction of its own. */
static CatalogView view_of_session(Transaction *transaction)
{
    Error error;
    CatalogView view = f.view;
    bool seen = transaction_snapshot(transaction, (Snapshot **)&view.snapshot, &error);
    verify(seen);
    return view;
}

static void a_session_has_a_temporary_schema_of_its_own(void **state)
{
    Text none = {NULL, 0}, path[] = {TEXT("pg_temp"), TEXT("public")};
    assert_null(catalog_temporary_schema(&f.q, &f.view)); /* committed state: of no session */
    Transaction *transaction = fixture_begin(f.storage, READ_COMMITTED);
    transaction_set_session(transaction, 7);
    CatalogView early = view_of_session(transaction);
    assert_int_equal(catalog_temporary_schema(&f.q, &early)->oid, 0);
    assert_true(text_equal(catalog_temporary_schema(&f.q, &early)->name, TEXT("pg_temp_7")));
    assert_null(catalog_qualifying_schema(&f.q, &early, TEXT("pg_temp")));
    assert_int_equal(catalog_current_schema(&f.q, &early)->oid, SCHEMA_PUBLIC);
    early.search_path = path;
    assert_int_equal(catalog_current_schema(&f.q, &early)->oid, 0);
    snapshot_close((Snapshot *)early.snapshot);

    CatalogRelation own = fixture_sales(16400), other = fixture_sales(16410);
    own.schema = 16384;
    other.schema = 16385;
    own.persistence = other.persistence = PERSISTENCE_TEMPORARY;
    put_schema(16384, TEXT("pg_temp_7"));
    put_schema(16385, TEXT("pg_temp_8"));
    put_relation(own);
    put_relation(other);
    put_relation(fixture_sales(16390));
    CatalogView view = view_of_session(transaction);
    assert_int_equal(catalog_temporary_schema(&f.q, &view)->oid, 16384);
    assert_int_equal(catalog_relation_by_name(&f.q, &view, none, TEXT("sales"))->oid, 16400);
    assert_int_equal(catalog_relation_by_name(&f.q, &view, TEXT("pg_temp"), TEXT("sales"))->oid,
                     16400);
    assert_int_equal(catalog_relation_by_name(&f.q, &f.view, none, TEXT("sales"))->oid, 16390);
    assert_null(catalog_relation_by_name(&f.q, &f.view, TEXT("pg_temp"), TEXT("sales")));
    assert_null(catalog_schema_by_name(&f.q, &view, TEXT("pg_temp"))); /* only before a dot */
    assert_false(catalog_is_other_temporary(&view, catalog_relation(&f.q, &view, 16400)));
    assert_true(catalog_is_other_temporary(&view, catalog_relation(&f.q, &view, 16410)));
    assert_true(catalog_is_other_temporary(&f.view, catalog_relation(&f.q, &f.view, 16400)));
    assert_false(catalog_is_other_temporary(&view, catalog_relation(&f.q, &view, 16390)));
    i32 count;
    const u32 *searched = catalog_search_path(&f.q, &view, &count);
    assert_int_equal(count, 3);
    assert_true(searched[0] == 16384 && searched[1] == SCHEMA_PG_CATALOG &&
                searched[2] == SCHEMA_PUBLIC);
    searched = catalog_listed_schemas(&f.q, &view, &count);
    assert_true(count == 1 && searched[0] == SCHEMA_PUBLIC);
    view.search_path = path;
    searched = catalog_search_path(&f.q, &view, &count);
    assert_true(count == 3 && searched[0] == SCHEMA_PG_CATALOG && searched[1] == 16384);
    snapshot_close((Snapshot *)view.snapshot);
    transaction_rollback(transaction);
}

static void built_in_relations_have_postgres_numbers(void **state)
{
    const CatalogRelation *relation =
        catalog_relation_by_name(&f.q, &f.view, TEXT("pg_catalog"), TEXT("pg_class"));
    assert_int_equal(relation->oid, 1259);
    assert_int_equal(relation->column_count, 33);
    assert_true(text_equal(relation->columns[16].name, TEXT("relkind")));
    assert_int_equal(relation->columns[16].type.oid, TYPE_CHAR);
    assert_true(relation->built_in && relation->access && relation->version == 0);
    assert_non_null(
        catalog_relation_by_name(&f.q, &f.view, TEXT("information_schema"), TEXT("columns")));
    assert_null(catalog_relation_by_name(&f.q, &f.view, TEXT("pg_catalog"), TEXT("columns")));
}

typedef struct Seen {
    i32 count, built_in, schemas;
    u32 last;
} Seen;

static void see_relation(void *state, Query *q, const CatalogRelation *relation)
{
    Seen *seen = state;
    seen->count++;
    seen->built_in += relation->built_in;
    if (!relation->built_in) {
        assert_true(relation->oid > seen->last);
        seen->last = relation->oid;
    }
}

static void see_schema(void *state, Query *q, const CatalogSchema *schema)
{
    ((Seen *)state)->schemas++;
}

static void lists_hold_everything(void **state)
{
    Seen seen = {0};
    put_relation(fixture_view(16400, TEXT("v"), 16390));
    put_relation(fixture_sales(16390));
    catalog_relations(&f.q, &f.view, see_relation, &seen);
    catalog_schemas(&f.q, &f.view, see_schema, &seen);
    assert_int_equal(seen.count - seen.built_in, 2);
    assert_true(seen.built_in > 60);
    assert_int_equal(seen.last, 16400);
    assert_int_equal(seen.schemas, 4);
}

static void dependents_are_found(void **state)
{
    Seen seen = {0};
    put_relation(fixture_sales(16390));
    put_relation(fixture_view(16400, TEXT("v"), 16390));
    put_relation(fixture_view(16401, TEXT("w"), 16400));
    catalog_dependents(&f.q, &f.view, 16390, 0, see_relation, &seen);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.last, 16400);
    seen = (Seen){0};
    catalog_dependents(&f.q, &f.view, 16390, 2, see_relation, &seen); /* it uses no column */
    assert_int_equal(seen.count, 0);
    seen = (Seen){0};
    catalog_dependents(&f.q, &f.view, 16401, 0, see_relation, &seen);
    assert_int_equal(seen.count, 0);
}

static void storage_gets_the_live_columns(void **state)
{
    Error error;
    CatalogRelation relation = fixture_sales(16390);
    ColumnDefinition *columns;
    i32 count;
    assert_true(catalog_column_definitions(&relation, &f.arena, &columns, &count, &error));
    assert_int_equal(count, 2);
    assert_int_equal(columns[0].id, 1);
    assert_true(lane_equal(columns[0].lane, lane_of(LANE_I64)));
    assert_true(lane_equal(columns[1].lane, lane_of(LANE_NUM)));
    assert_true(columns[1].constant.null);
    relation.columns[0].type = type_of(TYPE_INT4_ARRAY);
    assert_false(catalog_column_definitions(&relation, &f.arena, &columns, &count, &error));
    assert_string_equal(error_sqlstate(error.code), "0A000");
    assert_string_equal(error.message, "columns of type integer[] are not supported");
}

static void own_changes_are_seen_before_commit(void **state)
{
    Error error;
    Ticket ticket = {0};
    Snapshot *snapshot;
    CatalogRelation relation = fixture_sales(16390);
    Transaction *transaction = fixture_begin(f.storage, READ_COMMITTED);
    transaction_next_statement(transaction);
    ticket_arm(&ticket, NULL, NULL);
    assert_int_equal(catalog_put_relation(transaction, &relation, &f.arena, &ticket, &error),
                     WRITE_DONE);
    transaction_next_statement(transaction);
    assert_true(transaction_snapshot(transaction, &snapshot, &error));
    CatalogView own = f.view;
    own.snapshot = snapshot;
    assert_int_equal(catalog_relation(&f.q, &own, 16390)->version, VERSION_OWN);
    assert_null(catalog_relation(&f.q, &f.view, 16390));
    snapshot_close(snapshot);
    transaction_rollback(transaction);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bootstrap_makes_public_once, setup, teardown),
        cmocka_unit_test_setup_teardown(built_in_schemas_are_there, setup, teardown),
        cmocka_unit_test_setup_teardown(a_relation_comes_back_as_it_was, setup, teardown),
        cmocka_unit_test_setup_teardown(names_follow_the_search_path, setup, teardown),
        cmocka_unit_test_setup_teardown(pg_catalog_is_first_unless_listed, setup, teardown),
        cmocka_unit_test_setup_teardown(a_session_has_a_temporary_schema_of_its_own, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(built_in_relations_have_postgres_numbers, setup, teardown),
        cmocka_unit_test_setup_teardown(lists_hold_everything, setup, teardown),
        cmocka_unit_test_setup_teardown(dependents_are_found, setup, teardown),
        cmocka_unit_test_setup_teardown(storage_gets_the_live_columns, setup, teardown),
        cmocka_unit_test_setup_teardown(own_changes_are_seen_before_commit, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
