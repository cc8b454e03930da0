/* SPDX-License-Identifier: Apache-2.0
 *
 * Session settings: SET, SHOW, RESET, SET LOCAL, and the rule that ROLLBACK undoes what its
 * transaction set. Texts are kept; what other parts need every statement (formats, time-outs) is
 * kept decoded beside.
 *
 * Ownership law: values lie in fixed buffers inside Settings; nothing is shared between sessions.
 */
#ifndef GOTGAN_SETTINGS_H
#define GOTGAN_SETTINGS_H

#include "base/query.h"
#include "storage/transaction.h"
#include "types/environment.h"

enum {
    SETTING_BYTES = 256,
    SETTING_COUNT_MAX = 64,
    SEARCH_PATH_MAX = 16,
    CUSTOM_SETTINGS_MAX = 16
};

typedef struct SettingRow {
    const char *name, *kind, *initial;
    bool report;
    const char *description;
} SettingRow;
const SettingRow *setting_rows(i32 *count);

typedef struct SettingValue {
    char text[SETTING_BYTES];
    char before[SETTING_BYTES];  /* at the start of the transaction, when changed in it */
    char kept[SETTING_BYTES];    /* what COMMIT leaves: of the last SET that was not LOCAL */
    bool changed;                /* in this transaction */
    bool local;                  /* ends with the transaction */
    char session[SETTING_BYTES]; /* what RESET gives: start-up options or the default */
} SettingValue;

typedef struct CustomSetting { /* a.b: any dotted name a client makes up */
    char name[64];
    char text[SETTING_BYTES];
} CustomSetting;

typedef struct Settings {
    SettingValue values[SETTING_COUNT_MAX];
    CustomSetting custom[CUSTOM_SETTINGS_MAX];
    i32 custom_count;
    FormatSettings format;
    i64 statement_timeout_us, lock_timeout_us; /* 0: none */
    i64 idle_in_transaction_timeout_us, idle_timeout_us;
    i64 workers;
    u32 passes_off;
    Isolation default_isolation, isolation;
    bool default_read_only, read_only;
    bool modes_fixed; /* the transaction has run a query: isolation and access stay */
    Text search_path[SEARCH_PATH_MAX]; /* into path_bytes */
    i32 search_path_count;
    char path_bytes[SETTING_BYTES * 2];
    u64 reported; /* bit i: row i changed and is not reported yet */
    f64 seed;
    bool seed_set;
} Settings;

void settings_open(Settings *settings);
/* 42704 unknown, 22023 invalid value, 55P02 cannot be changed, 0A000 SERIALIZABLE, 25001 a mode of
 * the transaction that a query has fixed. */
must_check bool setting_set(Settings *settings, Text name, Text value, bool local, Error *error);
must_check bool setting_reset(Settings *settings, Text name, bool local, Error *error);
/* RESET ALL: leaves the role, the user, the seed and the modes of the transaction as they are. */
void settings_reset_all(Settings *settings);
/* At start-up: the value becomes what RESET gives. */
must_check bool setting_start(Settings *settings, Text name, Text value, Error *error);
must_check bool setting_get(const Settings *settings, Text name, Text *value, Error *error);
/* NULL: unknown. */
const SettingRow *setting_find(Text name);
/* Does it take several values? */
bool setting_is_list(Text name);
/* PostgreSQL's spelling, SHOW's column; an unknown name stays as it is. */
Text setting_canonical_name(Text name);
void settings_commit(Settings *settings);
void settings_rollback(Settings *settings);

#endif
