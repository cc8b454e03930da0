/* SPDX-License-Identifier: Apache-2.0
 *
 * pg_database, the roles (pg_authid, pg_roles, pg_user, pg_shadow) and pg_tablespace: what
 * PostgreSQL shares between databases.
 *
 * There is one database and one role, the superuser; there are PostgreSQL's two tablespaces by
 * name, because clients join on them.
 *
 * Memory: static. No state.
 */
#include "catalog/definition.h"
#include "catalog/system_fill.h"

enum { ENCODING_UTF8 = 6 };

void fill_pg_database(Query *q, const Snapshot *snapshot, const Value *const *equal,
                      SystemRows *rows)
{
    const Value row[pg_database_COLUMNS] = {
        [pg_database_oid] = value_oid(DATABASE_GOTGAN),
        [pg_database_datname] = value_text(CATALOG_DATABASE_NAME),
        [pg_database_datdba] = value_oid(ROLE_GOTGAN),
        [pg_database_encoding] = value_i32(ENCODING_UTF8),
        [pg_database_datlocprovider] = value_char('c'),
        [pg_database_datistemplate] = value_bool(false),
        [pg_database_datallowconn] = value_bool(true),
        [pg_database_datconnlimit] = value_i32(-1),
        [pg_database_datfrozenxid] = value_oid(0),
        [pg_database_datminmxid] = value_oid(0),
        [pg_database_dattablespace] = value_oid(TABLESPACE_DEFAULT),
        [pg_database_datcollate] = value_word("C.UTF-8"),
        [pg_database_datctype] = value_word("C.UTF-8"),
    };
    fill_row(q, rows, row);
}

/* ---- roles ---- */

void fill_pg_authid(Query *q, const Snapshot *snapshot, const Value *const *equal, SystemRows *rows)
{
    Value yes = value_bool(true);
    const Value row[pg_authid_COLUMNS] = {
        [pg_authid_oid] = value_oid(ROLE_GOTGAN),
        [pg_authid_rolname] = value_text(CATALOG_ROLE_NAME),
        [pg_authid_rolsuper] = yes,
        [pg_authid_rolinherit] = yes,
        [pg_authid_rolcreaterole] = yes,
        [pg_authid_rolcreatedb] = yes,
        [pg_authid_rolcanlogin] = yes,
        [pg_authid_rolreplication] = yes,
        [pg_authid_rolbypassrls] = yes,
        [pg_authid_rolconnlimit] = value_i32(-1),
    };
    fill_row(q, rows, row);
}

void fill_pg_roles(Query *q, const Snapshot *snapshot, const Value *const *equal, SystemRows *rows)
{
    Value yes = value_bool(true);
    const Value row[pg_roles_COLUMNS] = {
        [pg_roles_rolname] = value_text(CATALOG_ROLE_NAME),
        [pg_roles_rolsuper] = yes,
        [pg_roles_rolinherit] = yes,
        [pg_roles_rolcreaterole] = yes,
        [pg_roles_rolcreatedb] = yes,
        [pg_roles_rolcanlogin] = yes,
        [pg_roles_rolreplication] = yes,
        [pg_roles_rolconnlimit] = value_i32(-1),
        [pg_roles_rolpassword] = value_word("********"),
        [pg_roles_rolbypassrls] = yes,
        [pg_roles_oid] = value_oid(ROLE_GOTGAN),
    };
    fill_row(q, rows, row);
}

/* pg_user and pg_shadow have the same columns; they differ in whether the password is masked. */
_Static_assert((i32)pg_user_COLUMNS == (i32)pg_shadow_COLUMNS, "pg_user is pg_shadow masked");

static void add_user(Query *q, SystemRows *rows, Value password)
{
    Value yes = value_bool(true);
    const Value row[pg_user_COLUMNS] = {
        [pg_user_usename] = value_text(CATALOG_ROLE_NAME),
        [pg_user_usesysid] = value_oid(ROLE_GOTGAN),
        [pg_user_usecreatedb] = yes,
        [pg_user_usesuper] = yes,
        [pg_user_userepl] = yes,
        [pg_user_usebypassrls] = yes,
        [pg_user_passwd] = password,
    };
    fill_row(q, rows, row);
}

void fill_pg_user(Query *q, const Snapshot *snapshot, const Value *const *equal, SystemRows *rows)
{
    add_user(q, rows, value_word("********"));
}

void fill_pg_shadow(Query *q, const Snapshot *snapshot, const Value *const *equal, SystemRows *rows)
{
    add_user(q, rows, value_null(lane_of(LANE_STR)));
}

/* ---- tablespaces ---- */

static void add_tablespace(Query *q, SystemRows *rows, u32 oid, const char *name)
{
    const Value row[pg_tablespace_COLUMNS] = {
        [pg_tablespace_oid] = value_oid(oid),
        [pg_tablespace_spcname] = value_word(name),
        [pg_tablespace_spcowner] = value_oid(ROLE_GOTGAN),
    };
    fill_row(q, rows, row);
}

void fill_pg_tablespace(Query *q, const Snapshot *snapshot, const Value *const *equal,
                        SystemRows *rows)
{
    add_tablespace(q, rows, TABLESPACE_DEFAULT, "pg_default");
    add_tablespace(q, rows, TABLESPACE_GLOBAL, "pg_global");
}
