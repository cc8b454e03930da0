/* SPDX-License-Identifier: Apache-2.0
 *
 * Type: what SQL says a value is, in PostgreSQL's numbers, and the one table of types.
 */
#ifndef GOTGAN_TYPE_H
#define GOTGAN_TYPE_H

#include "base/error.h"
#include "types/lane.h"

/* OIDs of types, PostgreSQL's own. */
enum {
    TYPE_BOOL = 16,
    TYPE_BYTEA = 17,
    TYPE_CHAR = 18, /* "char": one byte */
    TYPE_NAME = 19,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT2VECTOR = 22,
    TYPE_INT4 = 23,
    TYPE_REGPROC = 24,
    TYPE_TEXT = 25,
    TYPE_OID = 26,
    TYPE_TID = 27,
    TYPE_XID = 28,
    TYPE_CID = 29,
    TYPE_OIDVECTOR = 30,
    TYPE_JSON = 114,
    TYPE_XML = 142,
    TYPE_PG_NODE_TREE = 194,
    TYPE_FLOAT4 = 700,
    TYPE_FLOAT8 = 701,
    TYPE_UNKNOWN = 705,
    TYPE_BPCHAR = 1042,
    TYPE_VARCHAR = 1043,
    TYPE_DATE = 1082,
    TYPE_TIME = 1083,
    TYPE_TIMESTAMP = 1114,
    TYPE_TIMESTAMPTZ = 1184,
    TYPE_INTERVAL = 1186,
    TYPE_TIMETZ = 1266,
    TYPE_BIT = 1560,
    TYPE_VARBIT = 1562,
    TYPE_NUMERIC = 1700,
    TYPE_ACLITEM = 1033,
    TYPE_REGPROCEDURE = 2202,
    TYPE_REGOPER = 2203,
    TYPE_REGOPERATOR = 2204,
    TYPE_REGCLASS = 2205,
    TYPE_REGTYPE = 2206,
    TYPE_RECORD = 2249,
    TYPE_CSTRING = 2275,
    TYPE_ANY = 2276,
    TYPE_ANYARRAY = 2277,
    TYPE_VOID = 2278,
    TYPE_TRIGGER = 2279,
    TYPE_INTERNAL = 2281,
    TYPE_ANYELEMENT = 2283,
    TYPE_ANYNONARRAY = 2776,
    TYPE_ANYCOMPATIBLE = 5077,
    TYPE_UUID = 2950,
    TYPE_REGNAMESPACE = 4089,
    TYPE_REGROLE = 4096,
    TYPE_BOOL_ARRAY = 1000,
    TYPE_CHAR_ARRAY = 1002,
    TYPE_NAME_ARRAY = 1003,
    TYPE_INT2_ARRAY = 1005,
    TYPE_INT4_ARRAY = 1007,
    TYPE_TEXT_ARRAY = 1009,
    TYPE_BPCHAR_ARRAY = 1014,
    TYPE_VARCHAR_ARRAY = 1015,
    TYPE_INT8_ARRAY = 1016,
    TYPE_FLOAT4_ARRAY = 1021,
    TYPE_FLOAT8_ARRAY = 1022,
    TYPE_OID_ARRAY = 1028,
    TYPE_ACLITEM_ARRAY = 1034,
    TYPE_NUMERIC_ARRAY = 1231,
};

/* All order by code point. */
enum {
    COLLATION_NONE = 0,
    COLLATION_DEFAULT = 100,
    COLLATION_C = 950,
    COLLATION_POSIX = 951,
    COLLATION_UCS_BASIC = 12340,
    COLLATION_C_UTF8 = 12341,
};
enum { TYPMOD_NONE = -1 };

typedef struct Type {
    u32 oid;
    i32 typmod;    /* TYPMOD_NONE: unconstrained */
    u32 collation; /* the type's own, or the one of the column or expression */
} Type;

/* pg_type.typcategory */
typedef enum TypeCategory {
    CATEGORY_ARRAY = 'A',
    CATEGORY_BOOLEAN = 'B',
    CATEGORY_DATETIME = 'D',
    CATEGORY_NUMERIC = 'N',
    CATEGORY_PSEUDO = 'P',
    CATEGORY_STRING = 'S',
    CATEGORY_TIMESPAN = 'T',
    CATEGORY_USER = 'U',
    CATEGORY_BIT = 'V',
    CATEGORY_UNKNOWN = 'X',
    CATEGORY_INTERNAL = 'Z',
} TypeCategory;

/* One row of the type table (types/type_table.c): pg_type and the binder read it. */
typedef struct TypeRow {
    u32 oid;
    const char *name;     /* pg_type.typname: "int4" */
    const char *sql_name; /* format_type: "integer" */
    u32 array_oid;        /* 0: none */
    u32 element_oid;      /* of an array (or vector); 0: none */
    i16 length;           /* typlen: bytes, -1 variable, -2 cstring */
    bool by_value;        /* typbyval */
    char align;           /* typalign: c s i d */
    char storage;         /* typstorage: p e m x */
    char category;        /* a TypeCategory */
    bool preferred;       /* typispreferred */
    char kind;            /* typtype: b p */
    u8 lane;              /* LaneKind without a typmod; LANE_NONE: values are not supported yet */
    u32 collation;        /* typcollation */
    u32 in_proc, out_proc, receive_proc, send_proc; /* PostgreSQL's pg_proc oids; 0: none */
} TypeRow;

/* NULL when there is no such type. */
const TypeRow *type_row(u32 oid);
/* By pg_type.typname ("int4", "_int4"); NULL: none. */
const TypeRow *type_row_by_name(Text name);
/* All rows, in order of oid. */
const TypeRow *type_rows(i32 *count);

/* NULL: there is none. */
const char *collation_name(u32 oid);
/* COLLATION_NONE: there is none. */
u32 collation_by_name(Text name);

/* A type without typmod and with its own collation. */
Type type_of(u32 oid);
Type type_with_typmod(u32 oid, i32 typmod);
static inline bool type_same(Type a, Type b)
{
    return a.oid == b.oid && a.typmod == b.typmod;
}

/* The lane values of a type are made in; of every numeric NUM, because any may be NaN. */
Lane type_lane(Type type);

/* Typmods of numeric, as PostgreSQL packs them. */
i32 numeric_typmod(i32 precision, i32 scale);
i32 numeric_typmod_precision(i32 typmod);
i32 numeric_typmod_scale(i32 typmod);
/* The narrowest lane for the finite values of numeric(p,s): DEC64(s) for 0 <= s <= p <= 18,
 * DEC128(s) up to 38 digits, else (and for TYPMOD_NONE) NUM. */
Lane numeric_typmod_lane(i32 typmod);

/* format_type(): "numeric(15,2)", "character varying(10)", "timestamp(3) without time zone",
 * into out (NUL-terminated, cut at size); returns out. */
enum { TYPE_NAME_BYTES = 96 };
char *type_format(Type type, char out[TYPE_NAME_BYTES]);

/* Checks the modifiers of a type name, `numeric(10,2)`, `interval day to second(3)`, and packs
 * them (PostgreSQL's typmodin). interval_fields: the mask the grammar gives, 0 when none.
 * 22023 / 42601 as PostgreSQL. */
must_check bool type_pack_typmod(u32 oid, const i32 *modifiers, i32 count, i32 *typmod,
                                 Error *error);

#endif
