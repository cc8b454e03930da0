/* SPDX-License-Identifier: Apache-2.0
 *
 * has_table_privilege and has_schema_privilege.
 *
 * There is one role, the superuser that owns everything, so that an answer is true when the names
 * in the question are; the pseudo-role "public" may read what is built in and use the schemas that
 * everybody may. Role, object and privileges are checked as PostgreSQL checks them: names that lead
 * nowhere are errors, oids that lead nowhere give NULL.
 *
 * Memory: the call's arena. No state.
 */
#include "catalog/catalog_kernel.h"
#include "catalog/definition.h"
#include "catalog/written_name.h"

typedef struct PrivilegeName {
    const char *name; /* lower case */
    bool by_public;   /* everybody has it on what is open to everybody */
} PrivilegeName;

static const PrivilegeName table_privileges[] = {
    {"select", true},    {"insert", false},     {"update", false},  {"delete", false},
    {"truncate", false}, {"references", false}, {"trigger", false}, {"rule", false},
};
static const PrivilegeName schema_privileges[] = {{"usage", true}, {"create", false}};

typedef enum Grantee { GRANTEE_OWNER, GRANTEE_PUBLIC, GRANTEE_NOBODY } Grantee;

/* ---- privileges ---- */

/* The word without " with grant option". */
static Text privilege_word(Text text, bool *with_grant)
{
    Text option = TEXT(" with grant option");
    i64 cut = text.len - option.len;
    *with_grant = cut > 0 && text_equal_ignoring_case(text_slice(text, cut, text.len), option);
    return *with_grant ? text_trim(text_slice(text, 0, cut)) : text;
}

static const PrivilegeName *find_privilege(Query *q, Text text, const PrivilegeName *names,
                                           i32 count, bool *with_grant)
{
    Text word = privilege_word(text, with_grant);
    for (i32 i = 0; i < count; i++)
        if (text_equal_ignoring_case(word, text_from(names[i].name)))
            return &names[i];
    query_fail(q, E_INVALID_PARAMETER_VALUE, "unrecognized privilege type: \"%.*s\"",
               TEXT_ARG(text));
}

/* Is one of the privileges in a list with commas held? All are checked for being privileges. */
static bool any_held(Query *q, Text list, const PrivilegeName *names, i32 count, Grantee grantee,
                     bool open_to_public)
{
    bool held = false;
    for (i64 at = 0, end; at <= list.len; at = end + 1) {
        bool with_grant;
        end = at + text_find_byte(text_slice(list, at, list.len), ',');
        const PrivilegeName *privilege =
            find_privilege(q, text_trim(text_slice(list, at, end)), names, count, &with_grant);
        held |= grantee == GRANTEE_OWNER || (grantee == GRANTEE_PUBLIC && open_to_public &&
                                             privilege->by_public && !with_grant);
    }
    return held;
}

/* ---- who asks ---- */

static Grantee grantee_by_name(Query *q, const KernelCall *call, Text name)
{
    if (text_equal(name, TEXT("public")))
        return GRANTEE_PUBLIC;
    if (text_equal(name, CATALOG_ROLE_NAME) || text_equal(name, call->env->user))
        return GRANTEE_OWNER;
    query_fail(q, E_UNDEFINED_OBJECT, "role \"%.*s\" does not exist", TEXT_ARG(name));
}

/* With `user`, argument 0 names who; else it is the current user. */
static Grantee grantee_of(Query *q, const KernelCall *call, i32 i, bool user)
{
    if (!user)
        return GRANTEE_OWNER;
    if (call->args[0].lane.kind == LANE_STR)
        return grantee_by_name(q, call, arg_text(call, 0, i));
    return arg_oid(call, 0, i) == ROLE_GOTGAN ? GRANTEE_OWNER
           : arg_oid(call, 0, i) == 0         ? GRANTEE_PUBLIC
                                              : GRANTEE_NOBODY;
}

/* ---- the functions ---- */

static void put_table_privilege(Query *q, KernelCall *call, i32 i, bool user)
{
    i32 at = user;
    Grantee grantee = grantee_of(q, call, i, user);
    const CatalogView *view = call->env->catalog;
    const CatalogRelation *relation = call->args[at].lane.kind == LANE_STR
                                          ? relation_by_written_name(q, view, arg_text(call, at, i))
                                          : catalog_relation(q, view, arg_oid(call, at, i));
    bool held = any_held(q, arg_text(call, at + 1, i), table_privileges, countof(table_privileges),
                         grantee, relation && relation->built_in);
    if (relation)
        put_bool(call, i, held);
    else
        put_null(call, i);
}

static void put_schema_privilege(Query *q, KernelCall *call, i32 i, bool user)
{
    i32 at = user;
    Grantee grantee = grantee_of(q, call, i, user);
    const CatalogView *view = call->env->catalog;
    const CatalogSchema *schema = call->args[at].lane.kind == LANE_STR
                                      ? schema_by_written_name(q, view, arg_text(call, at, i))
                                      : catalog_schema(q, view, arg_oid(call, at, i));
    bool open = schema && (schema->oid == SCHEMA_PUBLIC ||
                           (schema->built_in && schema->oid != SCHEMA_PG_TOAST));
    bool held = any_held(q, arg_text(call, at + 1, i), schema_privileges,
                         countof(schema_privileges), grantee, open);
    if (schema)
        put_bool(call, i, held);
    else
        put_null(call, i);
}

static void table_privilege(Query *q, KernelCall *call, i32 i)
{
    put_table_privilege(q, call, i, false);
}
CATALOG_KERNEL(table_privilege)

static void user_table_privilege(Query *q, KernelCall *call, i32 i)
{
    put_table_privilege(q, call, i, true);
}
CATALOG_KERNEL(user_table_privilege)

static void schema_privilege(Query *q, KernelCall *call, i32 i)
{
    put_schema_privilege(q, call, i, false);
}
CATALOG_KERNEL(schema_privilege)

static void user_schema_privilege(Query *q, KernelCall *call, i32 i)
{
    put_schema_privilege(q, call, i, true);
}
CATALOG_KERNEL(user_schema_privilege)

void attach_privilege_functions(void)
{
    attach(OP_HAS_TABLE_PRIVILEGE, table_privilege_kernel);
    attach(OP_HAS_USER_TABLE_PRIVILEGE, user_table_privilege_kernel);
    attach(OP_HAS_SCHEMA_PRIVILEGE, schema_privilege_kernel);
    attach(OP_HAS_USER_SCHEMA_PRIVILEGE, user_schema_privilege_kernel);
}
