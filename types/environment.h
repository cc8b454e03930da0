/* SPDX-License-Identifier: Apache-2.0
 *
 * What a statement's functions may know of the world around them: formats, times, the user. Filled
 * by server/ when a statement starts and const while it runs.
 */
#ifndef GOTGAN_ENVIRONMENT_H
#define GOTGAN_ENVIRONMENT_H

#include "base/arena.h"
#include "base/buffer.h"

typedef struct Timezone Timezone; /* types/timezone.h */

typedef enum DateStyle {
    DATESTYLE_ISO,
    DATESTYLE_SQL,
    DATESTYLE_POSTGRES,
    DATESTYLE_GERMAN
} DateStyle;
typedef enum DateOrder { DATEORDER_MDY, DATEORDER_DMY, DATEORDER_YMD } DateOrder;
typedef enum IntervalStyle {
    INTERVALSTYLE_POSTGRES,
    INTERVALSTYLE_POSTGRES_VERBOSE,
    INTERVALSTYLE_SQL_STANDARD,
    INTERVALSTYLE_ISO_8601,
} IntervalStyle;
typedef enum ByteaOutput { BYTEA_HEX, BYTEA_ESCAPE } ByteaOutput;

/* How values of regclass and its kin are read and shown by name: who has a catalogue gives it. */
typedef struct RegisteredNames RegisteredNames;
struct RegisteredNames {
    const struct CatalogView *view;
    bool (*read)(const RegisteredNames *names, u32 type, Text text, Arena *arena, i64 *oid,
                 Error *error);
    bool (*append)(const RegisteredNames *names, u32 type, i64 oid, Buffer *bytes, Error *error);
};

/* The settings that text input and output of types depend on. */
typedef struct FormatSettings {
    DateStyle date_style;
    DateOrder date_order;
    IntervalStyle interval_style;
    ByteaOutput bytea_output;
    i32 extra_float_digits;       /* -15..3; > 0: shortest text that reads back the same */
    const Timezone *timezone;     /* NULL: UTC */
    i64 now_us;                   /* start of the transaction: for 'now', 'today', 'tomorrow' */
    const RegisteredNames *names; /* NULL: such values are numbers */
} FormatSettings;

/* Where random() of a session goes on. */
typedef struct RandomState {
    u64 a, b;
    bool seeded; /* by setseed or the first call */
} RandomState;

typedef struct Environment {
    FormatSettings format;
    i64 transaction_us;    /* now(): us since 2000-01-01 UTC */
    i64 statement_us;      /* statement_timestamp() */
    i64 (*clock_us)(void); /* clock_timestamp() */
    Text user, session_user, database;
    u32 user_oid;
    i32 backend_pid;
    const struct CatalogView *catalog;  /* for functions attached by catalog/ */
    struct SessionView *session;        /* for functions attached by server/ */
    struct SessionSequences *sequences; /* what the session knows of nextval */
    RandomState *random;
    Text (*setting_name)(Text name); /* as PostgreSQL spells it; NULL: as it is written */
} Environment;

#endif
