/* SPDX-License-Identifier: Apache-2.0
 *
 * What tests of the catalogue share: a storage with schema public on a simulated disk, a query, and
 * putting relations into it. Everything verifies: a failure stops the test.
 */
#ifndef GOTGAN_CATALOG_FIXTURE_H
#define GOTGAN_CATALOG_FIXTURE_H

#include "base/text.h"
#include "catalog/catalog.h"
#include "tests/storage_fixture.h"

typedef struct CatalogFixture {
    Platform *platform;
    Storage *storage;
    Snapshot *snapshot;
    Arena arena;
    QueryControl control;
    Query q;
    CatalogView view; /* of the newest state; path: public */
} CatalogFixture;

static const Text fixture_path[] = {{"$user", 5}, {"public", 6}};

/* Looks again: the newest state. */
static inline void catalog_refresh(CatalogFixture *f)
{
    Error error;
    snapshot_close(f->snapshot);
    bool got = snapshot_newest(f->storage, &f->snapshot, &error);
    verify(got);
    f->view.snapshot = f->snapshot;
}

static inline void catalog_fixture_open(CatalogFixture *f)
{
    Error error;
    *f = (CatalogFixture){0};
    f->platform = sim_open(1);
    f->storage = fixture_open(f->platform);
    if (!catalog_bootstrap(f->storage, NULL, &error))
        verify_failed(error.message, __FILE__, __LINE__);
    budget_open(&f->control.budget, NULL, 0, "query");
    arena_open(&f->arena, &f->control.budget);
    query_open(&f->q, &f->arena, &f->control);
    f->view = (CatalogView){.search_path = fixture_path,
                            .search_path_count = countof(fixture_path),
                            .user = {"ada", 3}};
    catalog_refresh(f);
}

static inline void catalog_fixture_close(CatalogFixture *f)
{
    snapshot_close(f->snapshot);
    arena_close(&f->arena);
    budget_close(&f->control.budget);
    fixture_close(f->storage);
    sim_close(f->platform);
}

static inline void fixture_put(CatalogFixture *f, const CatalogRelation *relation,
                               const CatalogSchema *schema)
{
    Error error;
    Ticket ticket = {0};
    ticket_arm(&ticket, NULL, NULL);
    Transaction *transaction = fixture_begin(f->storage, READ_COMMITTED);
    WriteStatus status =
        relation ? catalog_put_relation(transaction, relation, &f->arena, &ticket, &error)
                 : catalog_put_schema(transaction, schema, &f->arena, &ticket, &error);
    verify(status == WRITE_DONE);
    bool committed = fixture_commit(f->storage, transaction);
    verify(committed);
    catalog_refresh(f);
}

/* Table sales (id bigint NOT NULL PRIMARY KEY, price numeric(10,2) DEFAULT 0, CHECK (price >= 0))
 * with a dropped third column, in schema public. */
static inline CatalogRelation fixture_sales(u32 oid)
{
    static i32 key[] = {1}, checked[] = {2};
    static CatalogColumn columns[3];
    static CatalogConstraint constraints[2];
    columns[0] = (CatalogColumn){.name = TEXT("id"), .type = type_of(TYPE_INT8), .number = 1};
    columns[0].not_null = true;
    columns[1] = (CatalogColumn){
        .name = TEXT("price"),
        .type = type_with_typmod(TYPE_NUMERIC, numeric_typmod(10, 2)),
        .number = 2,
        .default_expr = TEXT("0"),
    };
    columns[2] = (CatalogColumn){.name = TEXT("old"), .type = type_of(TYPE_TEXT), .number = 3};
    columns[2].dropped = true;
    constraints[0] = (CatalogConstraint){.oid = oid + 1,
                                         .name = TEXT("sales_pkey"),
                                         .kind = CONSTRAINT_PRIMARY_KEY,
                                         .columns = key,
                                         .column_count = 1};
    constraints[1] = (CatalogConstraint){.oid = oid + 2,
                                         .name = TEXT("sales_price_check"),
                                         .kind = CONSTRAINT_CHECK,
                                         .columns = checked,
                                         .column_count = 1,
                                         .check_expr = TEXT("price >= 0")};
    return (CatalogRelation){.oid = oid,
                             .schema = SCHEMA_PUBLIC,
                             .name = TEXT("sales"),
                             .kind = RELATION_TABLE,
                             .owner = ROLE_GOTGAN,
                             .columns = columns,
                             .column_count = 3,
                             .constraints = constraints,
                             .constraint_count = 2};
}

/* View `name` over the relation `over`, in schema public. */
static inline CatalogRelation fixture_view(u32 oid, Text name, u32 over)
{
    static CatalogColumn columns[1];
    static CatalogDependency depends[1];
    columns[0] = (CatalogColumn){.name = TEXT("id"), .type = type_of(TYPE_INT8), .number = 1};
    depends[0] = (CatalogDependency){CLASS_RELATION, over, 0};
    return (CatalogRelation){.oid = oid,
                             .schema = SCHEMA_PUBLIC,
                             .name = name,
                             .kind = RELATION_VIEW,
                             .owner = ROLE_GOTGAN,
                             .columns = columns,
                             .column_count = 1,
                             .view_query = TEXT("SELECT sales.id FROM public.sales"),
                             .depends = depends,
                             .depend_count = 1};
}

#endif
