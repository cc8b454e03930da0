/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of types: PostgreSQL 15's base and pseudo types with their array types, one row each.
 *
 * The rows are facts of pg_type: oids, lengths, alignment, storage, category and the oids of the
 * four conversion functions. The lane column is ours: LANE_NONE stands for a type that can be
 * named (so that catalogues and clients see it) but has no values here yet.
 * Sorted by oid: type_row searches by halves.
 *
 * Not here: ranges, domains and composite types of the catalogues (typtype r, m, d, c).
 */
#include "types/type.h"

#include "base/text.h"

/* oid, name, sql_name, array, element, length, by value, align, storage, category, preferred,
 * kind, lane, collation, in, out, receive, send */
// clang-format off
static const TypeRow rows[] = {
    {16, "bool", "boolean", 1000, 0, 1, true, 'c', 'p', 'B', true, 'b', LANE_BOOL, 0, 1242, 1243, 2436, 2437},
    {17, "bytea", "bytea", 1001, 0, -1, false, 'i', 'x', 'U', false, 'b', LANE_STR, 0, 1244, 31, 2412, 2413},
    {18, "char", "\"char\"", 1002, 0, 1, true, 'c', 'p', 'Z', false, 'b', LANE_STR, 0, 1245, 33, 2434, 2435},
    {19, "name", "name", 1003, 0, 64, false, 'c', 'p', 'S', false, 'b', LANE_STR, 950, 34, 35, 2422, 2423},
    {20, "int8", "bigint", 1016, 0, 8, true, 'd', 'p', 'N', false, 'b', LANE_I64, 0, 460, 461, 2408, 2409},
    {21, "int2", "smallint", 1005, 0, 2, true, 's', 'p', 'N', false, 'b', LANE_I16, 0, 38, 39, 2404, 2405},
    {22, "int2vector", "int2vector", 1006, 21, -1, false, 'i', 'p', 'A', false, 'b', LANE_NONE, 0, 40, 41, 2410, 2411},
    {23, "int4", "integer", 1007, 0, 4, true, 'i', 'p', 'N', false, 'b', LANE_I32, 0, 42, 43, 2406, 2407},
    {24, "regproc", "regproc", 1008, 0, 4, true, 'i', 'p', 'N', false, 'b', LANE_I64, 0, 44, 45, 2444, 2445},
    {25, "text", "text", 1009, 0, -1, false, 'i', 'x', 'S', true, 'b', LANE_STR, 100, 46, 47, 2414, 2415},
    {26, "oid", "oid", 1028, 0, 4, true, 'i', 'p', 'N', true, 'b', LANE_I64, 0, 1798, 1799, 2418, 2419},
    {27, "tid", "tid", 1010, 0, 6, false, 's', 'p', 'U', false, 'b', LANE_NONE, 0, 48, 49, 2438, 2439},
    {28, "xid", "xid", 1011, 0, 4, true, 'i', 'p', 'U', false, 'b', LANE_I64, 0, 50, 51, 2440, 2441},
    {29, "cid", "cid", 1012, 0, 4, true, 'i', 'p', 'U', false, 'b', LANE_I64, 0, 52, 53, 2442, 2443},
    {30, "oidvector", "oidvector", 1013, 26, -1, false, 'i', 'p', 'A', false, 'b', LANE_NONE, 0, 54, 55, 2420, 2421},
    {32, "pg_ddl_command", "pg_ddl_command", 0, 0, 8, true, 'd', 'p', 'P', false, 'p', LANE_NONE, 0, 86, 87, 88, 90},
    {114, "json", "json", 199, 0, -1, false, 'i', 'x', 'U', false, 'b', LANE_NONE, 0, 321, 322, 323, 324},
    {142, "xml", "xml", 143, 0, -1, false, 'i', 'x', 'U', false, 'b', LANE_NONE, 0, 2893, 2894, 2898, 2899},
    {143, "_xml", "xml[]", 0, 142, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {194, "pg_node_tree", "pg_node_tree", 0, 0, -1, false, 'i', 'x', 'Z', false, 'b', LANE_STR, 100, 195, 196, 197, 198},
    {199, "_json", "json[]", 0, 114, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {210, "_pg_type", "pg_type[]", 0, 71, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {269, "table_am_handler", "table_am_handler", 0, 0, 4, true, 'i', 'p', 'P', false, 'p', LANE_NONE, 0, 267, 268, 0, 0},
    {270, "_pg_attribute", "pg_attribute[]", 0, 75, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {271, "_xid8", "xid8[]", 0, 5069, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {272, "_pg_proc", "pg_proc[]", 0, 81, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {273, "_pg_class", "pg_class[]", 0, 83, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {325, "index_am_handler", "index_am_handler", 0, 0, 4, true, 'i', 'p', 'P', false, 'p', LANE_NONE, 0, 326, 327, 0, 0},
    {600, "point", "point", 1017, 0, 16, false, 'd', 'p', 'G', false, 'b', LANE_NONE, 0, 117, 118, 2428, 2429},
    {601, "lseg", "lseg", 1018, 0, 32, false, 'd', 'p', 'G', false, 'b', LANE_NONE, 0, 119, 120, 2480, 2481},
    {602, "path", "path", 1019, 0, -1, false, 'd', 'x', 'G', false, 'b', LANE_NONE, 0, 121, 122, 2482, 2483},
    {603, "box", "box", 1020, 0, 32, false, 'd', 'p', 'G', false, 'b', LANE_NONE, 0, 123, 124, 2484, 2485},
    {604, "polygon", "polygon", 1027, 0, -1, false, 'd', 'x', 'G', false, 'b', LANE_NONE, 0, 347, 348, 2486, 2487},
    {628, "line", "line", 629, 0, 24, false, 'd', 'p', 'G', false, 'b', LANE_NONE, 0, 1490, 1491, 2488, 2489},
    {629, "_line", "line[]", 0, 628, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {650, "cidr", "cidr", 651, 0, -1, false, 'i', 'm', 'I', false, 'b', LANE_NONE, 0, 1267, 1427, 2498, 2499},
    {651, "_cidr", "cidr[]", 0, 650, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {700, "float4", "real", 1021, 0, 4, true, 'i', 'p', 'N', false, 'b', LANE_F32, 0, 200, 201, 2424, 2425},
    {701, "float8", "double precision", 1022, 0, 8, true, 'd', 'p', 'N', true, 'b', LANE_F64, 0, 214, 215, 2426, 2427},
    {705, "unknown", "unknown", 0, 0, -2, false, 'c', 'p', 'X', false, 'p', LANE_STR, 0, 109, 110, 2416, 2417},
    {718, "circle", "circle", 719, 0, 24, false, 'd', 'p', 'G', false, 'b', LANE_NONE, 0, 1450, 1451, 2490, 2491},
    {719, "_circle", "circle[]", 0, 718, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {774, "macaddr8", "macaddr8", 775, 0, 8, false, 'i', 'p', 'U', false, 'b', LANE_NONE, 0, 4110, 4111, 3446, 3447},
    {775, "_macaddr8", "macaddr8[]", 0, 774, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {790, "money", "money", 791, 0, 8, true, 'd', 'p', 'N', false, 'b', LANE_NONE, 0, 886, 887, 2492, 2493},
    {791, "_money", "money[]", 0, 790, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {829, "macaddr", "macaddr", 1040, 0, 6, false, 'i', 'p', 'U', false, 'b', LANE_NONE, 0, 436, 437, 2494, 2495},
    {869, "inet", "inet", 1041, 0, -1, false, 'i', 'm', 'I', true, 'b', LANE_NONE, 0, 910, 911, 2496, 2497},
    {1000, "_bool", "boolean[]", 0, 16, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1001, "_bytea", "bytea[]", 0, 17, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1002, "_char", "\"char\"[]", 0, 18, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1003, "_name", "name[]", 0, 19, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 950, 750, 751, 2400, 2401},
    {1005, "_int2", "smallint[]", 0, 21, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1006, "_int2vector", "int2vector[]", 0, 22, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1007, "_int4", "integer[]", 0, 23, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1008, "_regproc", "regproc[]", 0, 24, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1009, "_text", "text[]", 0, 25, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 100, 750, 751, 2400, 2401},
    {1010, "_tid", "tid[]", 0, 27, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1011, "_xid", "xid[]", 0, 28, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1012, "_cid", "cid[]", 0, 29, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1013, "_oidvector", "oidvector[]", 0, 30, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1014, "_bpchar", "character[]", 0, 1042, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 100, 750, 751, 2400, 2401},
    {1015, "_varchar", "character varying[]", 0, 1043, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 100, 750, 751, 2400, 2401},
    {1016, "_int8", "bigint[]", 0, 20, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1017, "_point", "point[]", 0, 600, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1018, "_lseg", "lseg[]", 0, 601, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1019, "_path", "path[]", 0, 602, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1020, "_box", "box[]", 0, 603, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1021, "_float4", "real[]", 0, 700, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1022, "_float8", "double precision[]", 0, 701, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1027, "_polygon", "polygon[]", 0, 604, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1028, "_oid", "oid[]", 0, 26, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1033, "aclitem", "aclitem", 1034, 0, 12, false, 'i', 'p', 'U', false, 'b', LANE_NONE, 0, 1031, 1032, 0, 0},
    {1034, "_aclitem", "aclitem[]", 0, 1033, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1040, "_macaddr", "macaddr[]", 0, 829, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1041, "_inet", "inet[]", 0, 869, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1042, "bpchar", "character", 1014, 0, -1, false, 'i', 'x', 'S', false, 'b', LANE_STR, 100, 1044, 1045, 2430, 2431},
    {1043, "varchar", "character varying", 1015, 0, -1, false, 'i', 'x', 'S', false, 'b', LANE_STR, 100, 1046, 1047, 2432, 2433},
    {1082, "date", "date", 1182, 0, 4, true, 'i', 'p', 'D', false, 'b', LANE_I32, 0, 1084, 1085, 2468, 2469},
    {1083, "time", "time without time zone", 1183, 0, 8, true, 'd', 'p', 'D', false, 'b', LANE_I64, 0, 1143, 1144, 2470, 2471},
    {1114, "timestamp", "timestamp without time zone", 1115, 0, 8, true, 'd', 'p', 'D', false, 'b', LANE_I64, 0, 1312, 1313, 2474, 2475},
    {1115, "_timestamp", "timestamp without time zone[]", 0, 1114, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1182, "_date", "date[]", 0, 1082, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1183, "_time", "time without time zone[]", 0, 1083, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1184, "timestamptz", "timestamp with time zone", 1185, 0, 8, true, 'd', 'p', 'D', true, 'b', LANE_I64, 0, 1150, 1151, 2476, 2477},
    {1185, "_timestamptz", "timestamp with time zone[]", 0, 1184, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1186, "interval", "interval", 1187, 0, 16, false, 'd', 'p', 'T', true, 'b', LANE_INTERVAL, 0, 1160, 1161, 2478, 2479},
    {1187, "_interval", "interval[]", 0, 1186, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1231, "_numeric", "numeric[]", 0, 1700, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1263, "_cstring", "cstring[]", 0, 2275, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1266, "timetz", "time with time zone", 1270, 0, 12, false, 'd', 'p', 'D', false, 'b', LANE_NONE, 0, 1350, 1351, 2472, 2473},
    {1270, "_timetz", "time with time zone[]", 0, 1266, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1560, "bit", "bit", 1561, 0, -1, false, 'i', 'x', 'V', false, 'b', LANE_NONE, 0, 1564, 1565, 2456, 2457},
    {1561, "_bit", "bit[]", 0, 1560, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1562, "varbit", "bit varying", 1563, 0, -1, false, 'i', 'x', 'V', true, 'b', LANE_NONE, 0, 1579, 1580, 2458, 2459},
    {1563, "_varbit", "bit varying[]", 0, 1562, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {1700, "numeric", "numeric", 1231, 0, -1, false, 'i', 'm', 'N', false, 'b', LANE_NUM, 0, 1701, 1702, 2460, 2461},
    {1790, "refcursor", "refcursor", 2201, 0, -1, false, 'i', 'x', 'U', false, 'b', LANE_NONE, 0, 46, 47, 2414, 2415},
    {2201, "_refcursor", "refcursor[]", 0, 1790, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {2202, "regprocedure", "regprocedure", 2207, 0, 4, true, 'i', 'p', 'N', false, 'b', LANE_I64, 0, 2212, 2213, 2446, 2447},
    {2203, "regoper", "regoper", 2208, 0, 4, true, 'i', 'p', 'N', false, 'b', LANE_I64, 0, 2214, 2215, 2448, 2449},
    {2204, "regoperator", "regoperator", 2209, 0, 4, true, 'i', 'p', 'N', false, 'b', LANE_I64, 0, 2216, 2217, 2450, 2451},
    {2205, "regclass", "regclass", 2210, 0, 4, true, 'i', 'p', 'N', false, 'b', LANE_I64, 0, 2218, 2219, 2452, 2453},
    {2206, "regtype", "regtype", 2211, 0, 4, true, 'i', 'p', 'N', false, 'b', LANE_I64, 0, 2220, 2221, 2454, 2455},
    {2207, "_regprocedure", "regprocedure[]", 0, 2202, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {2208, "_regoper", "regoper[]", 0, 2203, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {2209, "_regoperator", "regoperator[]", 0, 2204, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {2210, "_regclass", "regclass[]", 0, 2205, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {2211, "_regtype", "regtype[]", 0, 2206, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {2249, "record", "record", 2287, 0, -1, false, 'd', 'x', 'P', false, 'p', LANE_ROW, 0, 2290, 2291, 2402, 2403},
    {2275, "cstring", "cstring", 1263, 0, -2, false, 'c', 'p', 'P', false, 'p', LANE_STR, 0, 2292, 2293, 2500, 2501},
    {2276, "any", "\"any\"", 0, 0, 4, true, 'i', 'p', 'P', false, 'p', LANE_NONE, 0, 2294, 2295, 0, 0},
    {2277, "anyarray", "anyarray", 0, 0, -1, false, 'd', 'x', 'P', false, 'p', LANE_NONE, 0, 2296, 2297, 2502, 2503},
    {2278, "void", "void", 0, 0, 4, true, 'i', 'p', 'P', false, 'p', LANE_STR, 0, 2298, 2299, 3120, 3121},
    {2279, "trigger", "trigger", 0, 0, 4, true, 'i', 'p', 'P', false, 'p', LANE_NONE, 0, 2300, 2301, 0, 0},
    {2280, "language_handler", "language_handler", 0, 0, 4, true, 'i', 'p', 'P', false, 'p', LANE_NONE, 0, 2302, 2303, 0, 0},
    {2281, "internal", "internal", 0, 0, 8, true, 'd', 'p', 'P', false, 'p', LANE_NONE, 0, 2304, 2305, 0, 0},
    {2283, "anyelement", "anyelement", 0, 0, 4, true, 'i', 'p', 'P', false, 'p', LANE_NONE, 0, 2312, 2313, 0, 0},
    {2287, "_record", "record[]", 0, 2249, -1, false, 'd', 'x', 'P', false, 'p', LANE_NONE, 0, 750, 751, 2400, 2401},
    {2776, "anynonarray", "anynonarray", 0, 0, 4, true, 'i', 'p', 'P', false, 'p', LANE_NONE, 0, 2777, 2778, 0, 0},
    {2949, "_txid_snapshot", "txid_snapshot[]", 0, 2970, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {2950, "uuid", "uuid", 2951, 0, 16, false, 'c', 'p', 'U', false, 'b', LANE_FIX16, 0, 2952, 2953, 2961, 2962},
    {2951, "_uuid", "uuid[]", 0, 2950, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {2970, "txid_snapshot", "txid_snapshot", 2949, 0, -1, false, 'd', 'x', 'U', false, 'b', LANE_NONE, 0, 2939, 2940, 2941, 2942},
    {3115, "fdw_handler", "fdw_handler", 0, 0, 4, true, 'i', 'p', 'P', false, 'p', LANE_NONE, 0, 3116, 3117, 0, 0},
    {3220, "pg_lsn", "pg_lsn", 3221, 0, 8, true, 'd', 'p', 'U', false, 'b', LANE_NONE, 0, 3229, 3230, 3238, 3239},
    {3221, "_pg_lsn", "pg_lsn[]", 0, 3220, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {3310, "tsm_handler", "tsm_handler", 0, 0, 4, true, 'i', 'p', 'P', false, 'p', LANE_NONE, 0, 3311, 3312, 0, 0},
    {3361, "pg_ndistinct", "pg_ndistinct", 0, 0, -1, false, 'i', 'x', 'Z', false, 'b', LANE_NONE, 100, 3355, 3356, 3357, 3358},
    {3402, "pg_dependencies", "pg_dependencies", 0, 0, -1, false, 'i', 'x', 'Z', false, 'b', LANE_NONE, 100, 3404, 3405, 3406, 3407},
    {3500, "anyenum", "anyenum", 0, 0, 4, true, 'i', 'p', 'P', false, 'p', LANE_NONE, 0, 3504, 3505, 0, 0},
    {3614, "tsvector", "tsvector", 3643, 0, -1, false, 'i', 'x', 'U', false, 'b', LANE_NONE, 0, 3610, 3611, 3639, 3638},
    {3615, "tsquery", "tsquery", 3645, 0, -1, false, 'i', 'p', 'U', false, 'b', LANE_NONE, 0, 3612, 3613, 3641, 3640},
    {3642, "gtsvector", "gtsvector", 3644, 0, -1, false, 'i', 'p', 'U', false, 'b', LANE_NONE, 0, 3646, 3647, 0, 0},
    {3643, "_tsvector", "tsvector[]", 0, 3614, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {3644, "_gtsvector", "gtsvector[]", 0, 3642, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {3645, "_tsquery", "tsquery[]", 0, 3615, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {3734, "regconfig", "regconfig", 3735, 0, 4, true, 'i', 'p', 'N', false, 'b', LANE_I64, 0, 3736, 3737, 3738, 3739},
    {3735, "_regconfig", "regconfig[]", 0, 3734, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {3769, "regdictionary", "regdictionary", 3770, 0, 4, true, 'i', 'p', 'N', false, 'b', LANE_I64, 0, 3771, 3772, 3773, 3774},
    {3770, "_regdictionary", "regdictionary[]", 0, 3769, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {3802, "jsonb", "jsonb", 3807, 0, -1, false, 'i', 'x', 'U', false, 'b', LANE_NONE, 0, 3806, 3804, 3805, 3803},
    {3807, "_jsonb", "jsonb[]", 0, 3802, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {3831, "anyrange", "anyrange", 0, 0, -1, false, 'd', 'x', 'P', false, 'p', LANE_NONE, 0, 3832, 3833, 0, 0},
    {3838, "event_trigger", "event_trigger", 0, 0, 4, true, 'i', 'p', 'P', false, 'p', LANE_NONE, 0, 3594, 3595, 0, 0},
    {3905, "_int4range", "int4range[]", 0, 3904, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {3907, "_numrange", "numrange[]", 0, 3906, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {3909, "_tsrange", "tsrange[]", 0, 3908, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {3911, "_tstzrange", "tstzrange[]", 0, 3910, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {3913, "_daterange", "daterange[]", 0, 3912, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {3927, "_int8range", "int8range[]", 0, 3926, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {4072, "jsonpath", "jsonpath", 4073, 0, -1, false, 'i', 'x', 'U', false, 'b', LANE_NONE, 0, 4001, 4003, 4002, 4004},
    {4073, "_jsonpath", "jsonpath[]", 0, 4072, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {4089, "regnamespace", "regnamespace", 4090, 0, 4, true, 'i', 'p', 'N', false, 'b', LANE_I64, 0, 4084, 4085, 4087, 4088},
    {4090, "_regnamespace", "regnamespace[]", 0, 4089, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {4096, "regrole", "regrole", 4097, 0, 4, true, 'i', 'p', 'N', false, 'b', LANE_I64, 0, 4098, 4092, 4094, 4095},
    {4097, "_regrole", "regrole[]", 0, 4096, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {4191, "regcollation", "regcollation", 4192, 0, 4, true, 'i', 'p', 'N', false, 'b', LANE_I64, 0, 4193, 4194, 4196, 4197},
    {4192, "_regcollation", "regcollation[]", 0, 4191, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {4537, "anymultirange", "anymultirange", 0, 0, -1, false, 'd', 'x', 'P', false, 'p', LANE_NONE, 0, 4229, 4230, 0, 0},
    {4538, "anycompatiblemultirange", "anycompatiblemultirange", 0, 0, -1, false, 'd', 'x', 'P', false, 'p', LANE_NONE, 0, 4226, 4227, 0, 0},
    {4600, "pg_brin_bloom_summary", "pg_brin_bloom_summary", 0, 0, -1, false, 'i', 'x', 'Z', false, 'b', LANE_NONE, 100, 4596, 4597, 4598, 4599},
    {4601, "pg_brin_minmax_multi_summary", "pg_brin_minmax_multi_summary", 0, 0, -1, false, 'i', 'x', 'Z', false, 'b', LANE_NONE, 100, 4638, 4639, 4640, 4641},
    {5017, "pg_mcv_list", "pg_mcv_list", 0, 0, -1, false, 'i', 'x', 'Z', false, 'b', LANE_NONE, 100, 5018, 5019, 5020, 5021},
    {5038, "pg_snapshot", "pg_snapshot", 5039, 0, -1, false, 'd', 'x', 'U', false, 'b', LANE_NONE, 0, 5055, 5056, 5057, 5058},
    {5039, "_pg_snapshot", "pg_snapshot[]", 0, 5038, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {5069, "xid8", "xid8", 271, 0, 8, true, 'd', 'p', 'U', false, 'b', LANE_NONE, 0, 5070, 5081, 5082, 5083},
    {5077, "anycompatible", "anycompatible", 0, 0, 4, true, 'i', 'p', 'P', false, 'p', LANE_NONE, 0, 5086, 5087, 0, 0},
    {5078, "anycompatiblearray", "anycompatiblearray", 0, 0, -1, false, 'd', 'x', 'P', false, 'p', LANE_NONE, 0, 5088, 5089, 5090, 5091},
    {5079, "anycompatiblenonarray", "anycompatiblenonarray", 0, 0, 4, true, 'i', 'p', 'P', false, 'p', LANE_NONE, 0, 5092, 5093, 0, 0},
    {5080, "anycompatiblerange", "anycompatiblerange", 0, 0, -1, false, 'd', 'x', 'P', false, 'p', LANE_NONE, 0, 5094, 5095, 0, 0},
    {6150, "_int4multirange", "int4multirange[]", 0, 4451, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {6151, "_nummultirange", "nummultirange[]", 0, 4532, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {6152, "_tsmultirange", "tsmultirange[]", 0, 4533, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {6153, "_tstzmultirange", "tstzmultirange[]", 0, 4534, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {6155, "_datemultirange", "datemultirange[]", 0, 4535, -1, false, 'i', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
    {6157, "_int8multirange", "int8multirange[]", 0, 4536, -1, false, 'd', 'x', 'A', false, 'b', LANE_NONE, 0, 750, 751, 2400, 2401},
};
// clang-format on

const TypeRow *type_rows(i32 *count)
{
    *count = countof(rows);
    return rows;
}

const TypeRow *type_row(u32 oid)
{
    i32 low = 0, high = countof(rows);
    while (low < high) {
        i32 middle = (low + high) / 2;
        if (rows[middle].oid == oid)
            return &rows[middle];
        if (rows[middle].oid < oid)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const TypeRow *type_row_by_name(Text name)
{
    for (i32 i = 0; i < countof(rows); i++)
        if (text_equal(name, text_from(rows[i].name)))
            return &rows[i];
    return NULL;
}
