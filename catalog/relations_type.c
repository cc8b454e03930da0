/* SPDX-License-Identifier: Apache-2.0
 *
 * pg_type, pg_cast, pg_collation, pg_am and pg_opclass: what values are and how they compare.
 *
 * pg_type and pg_cast are the tables of types/ and functions/. Operator classes are those btree
 * classes a type of this server can be indexed by; an index here is a constraint, so that nobody
 * chooses among them. A cast has no oid in our table; it gets PostgreSQL's first number for casts
 * plus its place.
 *
 * Memory: static tables, the fill's query. No state.
 */
#include "catalog/system_fill.h"
#include "functions/function.h"

enum {
    PROC_ARRAY_SUBSCRIPT = 6179,
    PROC_RAW_ARRAY_SUBSCRIPT = 6180,
    PROC_ARRAY_TYPANALYZE = 3816,
    FIRST_CAST_OID = 10000,
    TYPE_OF_BOX = 603,
    ACCESS_BTREE = 403,
};

/* ---- pg_type ---- */

typedef struct TypmodProcs {
    u32 type, in, out;
} TypmodProcs;
/* The functions PostgreSQL reads and prints type modifiers with. */
static const TypmodProcs typmod_procs[] = {
    {TYPE_BPCHAR, 2913, 2914},    {TYPE_VARCHAR, 2915, 2916},     {TYPE_TIME, 2909, 2910},
    {TYPE_TIMESTAMP, 2905, 2906}, {TYPE_TIMESTAMPTZ, 2907, 2908}, {TYPE_INTERVAL, 2903, 2904},
    {TYPE_TIMETZ, 2911, 2912},    {TYPE_BIT, 2919, 2920},         {TYPE_VARBIT, 2902, 2921},
    {TYPE_NUMERIC, 2917, 2918},
};

static TypmodProcs typmod_procs_of(const TypeRow *type)
{
    u32 oid =
        type->category == CATEGORY_ARRAY && type->length == -1 ? type->element_oid : type->oid;
    for (i32 i = 0; i < countof(typmod_procs); i++)
        if (typmod_procs[i].type == oid)
            return typmod_procs[i];
    return (TypmodProcs){0};
}

static u32 subscript_proc(const TypeRow *type)
{
    if (type->element_oid == 0)
        return 0;
    return type->length == -1 ? PROC_ARRAY_SUBSCRIPT : PROC_RAW_ARRAY_SUBSCRIPT;
}

/* Arrays are analysed by their elements; vectors and record[] are not. */
static u32 analyze_proc(const TypeRow *type)
{
    bool is_array = type->name[0] == '_' && type->kind == 'b';
    return is_array ? PROC_ARRAY_TYPANALYZE : 0;
}

static char delimiter(const TypeRow *type)
{
    return type->oid == TYPE_OF_BOX || type->element_oid == TYPE_OF_BOX ? ';' : ',';
}

static void add_type(Query *q, SystemRows *rows, const TypeRow *type)
{
    TypmodProcs typmod = typmod_procs_of(type);
    const Value row[pg_type_COLUMNS] = {
        [pg_type_oid] = value_oid(type->oid),
        [pg_type_typname] = value_word(type->name),
        [pg_type_typnamespace] = value_oid(SCHEMA_PG_CATALOG),
        [pg_type_typowner] = value_oid(ROLE_GOTGAN),
        [pg_type_typlen] = value_i16(type->length),
        [pg_type_typbyval] = value_bool(type->by_value),
        [pg_type_typtype] = value_char(type->kind),
        [pg_type_typcategory] = value_char(type->category),
        [pg_type_typispreferred] = value_bool(type->preferred),
        [pg_type_typisdefined] = value_bool(true),
        [pg_type_typdelim] = value_char(delimiter(type)),
        [pg_type_typrelid] = value_oid(0),
        [pg_type_typsubscript] = value_oid(subscript_proc(type)),
        [pg_type_typelem] = value_oid(type->element_oid),
        [pg_type_typarray] = value_oid(type->array_oid),
        [pg_type_typinput] = value_oid(type->in_proc),
        [pg_type_typoutput] = value_oid(type->out_proc),
        [pg_type_typreceive] = value_oid(type->receive_proc),
        [pg_type_typsend] = value_oid(type->send_proc),
        [pg_type_typmodin] = value_oid(typmod.in),
        [pg_type_typmodout] = value_oid(typmod.out),
        [pg_type_typanalyze] = value_oid(analyze_proc(type)),
        [pg_type_typalign] = value_char(type->align),
        [pg_type_typstorage] = value_char(type->storage),
        [pg_type_typnotnull] = value_bool(false),
        [pg_type_typbasetype] = value_oid(0),
        [pg_type_typtypmod] = value_i32(TYPMOD_NONE),
        [pg_type_typndims] = value_i32(0),
        [pg_type_typcollation] = value_oid(type->collation),
    };
    fill_row(q, rows, row);
}

void fill_pg_type(Query *q, const Snapshot *snapshot, const Value *const *equal, SystemRows *rows)
{
    i32 count;
    const TypeRow *types = type_rows(&count);
    const TypeRow *wanted = equal[pg_type_oid] ? type_row(wanted_oid(equal, pg_type_oid)) : NULL;
    if (wanted) {
        add_type(q, rows, wanted);
        return;
    }
    for (i32 i = 0; i < count; i++)
        add_type(q, rows, &types[i]);
}

/* ---- pg_cast ---- */

void fill_pg_cast(Query *q, const Snapshot *snapshot, const Value *const *equal, SystemRows *rows)
{
    i32 count;
    const CastRow *casts = cast_rows(&count);
    for (i32 i = 0; i < count; i++) {
        const Value row[pg_cast_COLUMNS] = {
            [pg_cast_oid] = value_oid(FIRST_CAST_OID + (u32)i),
            [pg_cast_castsource] = value_oid(casts[i].source),
            [pg_cast_casttarget] = value_oid(casts[i].target),
            [pg_cast_castfunc] = value_oid(casts[i].proc),
            [pg_cast_castcontext] = value_char((char)casts[i].context),
            [pg_cast_castmethod] = value_char((char)casts[i].method),
        };
        fill_row(q, rows, row);
    }
}

/* ---- pg_collation ---- */

typedef struct CollationRow {
    u32 oid;
    const char *locale; /* "": the database's */
    char provider;
    i32 encoding; /* -1: any; 6: UTF8 */
} CollationRow;
static const CollationRow collations[] = {
    {COLLATION_DEFAULT, "", 'd', -1},     {COLLATION_C, "C", 'c', -1},
    {COLLATION_POSIX, "POSIX", 'c', -1},  {COLLATION_UCS_BASIC, "C", 'c', 6},
    {COLLATION_C_UTF8, "C.utf8", 'c', 6},
};

void fill_pg_collation(Query *q, const Snapshot *snapshot, const Value *const *equal,
                       SystemRows *rows)
{
    for (i32 i = 0; i < countof(collations); i++) {
        Value locale = value_text_or_null(text_from(collations[i].locale));
        const Value row[pg_collation_COLUMNS] = {
            [pg_collation_oid] = value_oid(collations[i].oid),
            [pg_collation_collname] = value_word(collation_name(collations[i].oid)),
            [pg_collation_collnamespace] = value_oid(SCHEMA_PG_CATALOG),
            [pg_collation_collowner] = value_oid(ROLE_GOTGAN),
            [pg_collation_collprovider] = value_char(collations[i].provider),
            [pg_collation_collisdeterministic] = value_bool(true),
            [pg_collation_collencoding] = value_i32(collations[i].encoding),
            [pg_collation_collcollate] = locale,
            [pg_collation_collctype] = locale,
        };
        fill_row(q, rows, row);
    }
}

/* ---- pg_am, pg_opclass ---- */

typedef struct AccessMethod {
    u32 oid, handler;
    const char *name;
    char type;
} AccessMethod;
static const AccessMethod access_methods[] = {
    {2, 3, "heap", 't'},
    {ACCESS_BTREE, 330, "btree", 'i'},
};

void fill_pg_am(Query *q, const Snapshot *snapshot, const Value *const *equal, SystemRows *rows)
{
    for (i32 i = 0; i < countof(access_methods); i++) {
        const Value row[pg_am_COLUMNS] = {
            [pg_am_oid] = value_oid(access_methods[i].oid),
            [pg_am_amname] = value_word(access_methods[i].name),
            [pg_am_amhandler] = value_oid(access_methods[i].handler),
            [pg_am_amtype] = value_char(access_methods[i].type),
        };
        fill_row(q, rows, row);
    }
}

typedef struct OperatorClass {
    u32 oid, family, type;
    const char *name;
    u32 key_type;
} OperatorClass;
static const OperatorClass operator_classes[] = {
    {1978, 1976, TYPE_INT4, "int4_ops", 0},
    {1979, 1976, TYPE_INT2, "int2_ops", 0},
    {1981, 1989, TYPE_OID, "oid_ops", 0},
    {3122, 434, TYPE_DATE, "date_ops", 0},
    {3123, 1970, TYPE_FLOAT8, "float8_ops", 0},
    {3124, 1976, TYPE_INT8, "int8_ops", 0},
    {3125, 1988, TYPE_NUMERIC, "numeric_ops", 0},
    {3126, 1994, TYPE_TEXT, "text_ops", 0},
    {3127, 434, TYPE_TIMESTAMPTZ, "timestamptz_ops", 0},
    {3128, 434, TYPE_TIMESTAMP, "timestamp_ops", 0},
    {10003, 424, TYPE_BOOL, "bool_ops", 0},
    {10004, 426, TYPE_BPCHAR, "bpchar_ops", 0},
    {10006, 428, TYPE_BYTEA, "bytea_ops", 0},
    {10007, 429, TYPE_CHAR, "char_ops", 0},
    {10012, 1970, TYPE_FLOAT4, "float4_ops", 0},
    {10022, 1982, TYPE_INTERVAL, "interval_ops", 0},
    {10028, 1994, TYPE_NAME, "name_ops", TYPE_CSTRING},
    {10038, 1996, TYPE_TIME, "time_ops", 0},
    {10041, 2000, TYPE_TIMETZ, "timetz_ops", 0},
    {10065, 2968, TYPE_UUID, "uuid_ops", 0},
};

u32 default_operator_class(u32 type)
{
    u32 searched = type == TYPE_VARCHAR ? TYPE_TEXT : type; /* text's class serves varchar */
    for (i32 i = 0; i < countof(operator_classes); i++)
        if (operator_classes[i].type == searched)
            return operator_classes[i].oid;
    return 0;
}

void fill_pg_opclass(Query *q, const Snapshot *snapshot, const Value *const *equal,
                     SystemRows *rows)
{
    for (i32 i = 0; i < countof(operator_classes); i++) {
        const OperatorClass *class = &operator_classes[i];
        const Value row[pg_opclass_COLUMNS] = {
            [pg_opclass_oid] = value_oid(class->oid),
            [pg_opclass_opcmethod] = value_oid(ACCESS_BTREE),
            [pg_opclass_opcname] = value_word(class->name),
            [pg_opclass_opcnamespace] = value_oid(SCHEMA_PG_CATALOG),
            [pg_opclass_opcowner] = value_oid(ROLE_GOTGAN),
            [pg_opclass_opcfamily] = value_oid(class->family),
            [pg_opclass_opcintype] = value_oid(class->type),
            [pg_opclass_opcdefault] = value_bool(true),
            [pg_opclass_opckeytype] = value_oid(class->key_type),
        };
        fill_row(q, rows, row);
    }
}
