/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of settings and the rules of each kind: what is a valid value, how it is spelled when
 * shown, and what it changes.
 */
#include "server/settings.h"

#include "base/charset.h"
#include "base/text.h"
#include "base/version.h"
#include "catalog/definition.h"
#include "planner/planner.h"
#include "types/interval.h"
#include "types/text_in.h"
#include "types/timezone.h"

static const SettingRow rows[] = {
#define X(name, kind, initial, report, description) {name, #kind, initial, report, description},
#include "server/settings.def"
#undef X
};
_Static_assert(countof(rows) <= SETTING_COUNT_MAX, "settings have fixed room");

const SettingRow *setting_rows(i32 *count)
{
    *count = countof(rows);
    return rows;
}

static bool same_name(Text a, const char *b)
{
    if (a.len != (i64)strlen(b))
        return false;
    for (i64 i = 0; i < a.len; i++) {
        char x = a.data[i], y = b[i];
        x = x >= 'A' && x <= 'Z' ? (char)(x + 32) : x;
        y = y >= 'A' && y <= 'Z' ? (char)(y + 32) : y;
        if (x != y)
            return false;
    }
    return true;
}

static i32 find_row(Text name)
{
    for (i32 i = 0; i < countof(rows); i++)
        if (same_name(name, rows[i].name))
            return i;
    return -1;
}

const SettingRow *setting_find(Text name)
{
    i32 i = find_row(name);
    return i < 0 ? NULL : &rows[i];
}

static bool is_one_of(const SettingRow *row, const char *const *kinds, i32 count)
{
    for (i32 i = 0; i < count; i++)
        if (strcmp(row->kind, kinds[i]) == 0)
            return true;
    return false;
}

bool setting_is_list(Text name)
{
    static const char *const lists[] = {"PATH", "DATESTYLE", "PASSES"};
    const SettingRow *row = setting_find(name);
    return row && is_one_of(row, lists, countof(lists));
}

Text setting_canonical_name(Text name)
{
    const SettingRow *row = setting_find(name);
    return row ? text_from(row->name) : name;
}

static bool invalid(const SettingRow *row, Text value, Error *error)
{
    return error_set(error, E_INVALID_PARAMETER_VALUE,
                     "invalid value for parameter \"%s\": \"%.*s\"", row->name, TEXT_ARG(value));
}

/* ---- kinds ---- */

static bool parse_bool(Text value, bool *on)
{
    static const char *const yes[] = {"on", "true", "yes", "1", "t", "y"};
    static const char *const no[] = {"off", "false", "no", "0", "f", "n"};
    for (i32 i = 0; i < countof(yes); i++) {
        if (same_name(value, yes[i]) || same_name(value, no[i])) {
            *on = same_name(value, yes[i]);
            return true;
        }
    }
    return false;
}

static bool parse_integer(Text value, i64 *number)
{
    bool negative = value.len > 0 && value.data[0] == '-';
    i64 result = 0, i = negative;
    if (i == value.len)
        return false;
    for (; i < value.len; i++) {
        if (value.data[i] < '0' || value.data[i] > '9' || result > INT32_MAX)
            return false;
        result = result * 10 + (value.data[i] - '0');
    }
    *number = negative ? -result : result;
    return true;
}

/* Milliseconds, or a number with a unit. */
static bool parse_duration(Text value, i64 *us)
{
    static const struct {
        const char *unit;
        i64 us;
    } units[] = {{"us", 1},           {"ms", 1000},        {"s", 1000000},
                 {"min", 60000000ll}, {"h", 3600000000ll}, {"d", 86400000000ll}};
    value = text_trim(value);
    i64 digits = 0;
    while (digits < value.len && value.data[digits] >= '0' && value.data[digits] <= '9')
        digits++;
    i64 number;
    Text unit = text_trim(text_slice(value, digits, value.len));
    if (!parse_integer(text_slice(value, 0, digits), &number))
        return false;
    if (unit.len == 0) {
        *us = number * 1000;
        return true;
    }
    for (i32 i = 0; i < countof(units); i++) {
        if (text_equal(unit, text_from(units[i].unit))) {
            *us = number * units[i].us;
            return true;
        }
    }
    return false;
}

static bool parse_isolation(Text value, Isolation *isolation)
{
    static const struct {
        const char *name;
        Isolation isolation;
    } names[] = {{"read uncommitted", READ_COMMITTED},
                 {"read committed", READ_COMMITTED},
                 {"repeatable read", REPEATABLE_READ},
                 {"serializable", SERIALIZABLE}};
    for (i32 i = 0; i < countof(names); i++) {
        if (same_name(value, names[i].name)) {
            *isolation = names[i].isolation;
            return true;
        }
    }
    return false;
}

typedef struct DateStyleWord {
    const char *word;
    bool prefix;      /* more letters may follow */
    i32 style, order; /* DATE_STYLE_NONE: says nothing of it */
} DateStyleWord;
enum { DATE_STYLE_NONE = -1 };

static const DateStyleWord date_style_words[] = {
    {"iso", false, DATESTYLE_ISO, DATE_STYLE_NONE},
    {"sql", false, DATESTYLE_SQL, DATE_STYLE_NONE},
    {"postgres", true, DATESTYLE_POSTGRES, DATE_STYLE_NONE},
    {"german", true, DATESTYLE_GERMAN, DATE_STYLE_NONE},
    {"ymd", false, DATE_STYLE_NONE, DATEORDER_YMD},
    {"dmy", false, DATE_STYLE_NONE, DATEORDER_DMY},
    {"euro", true, DATE_STYLE_NONE, DATEORDER_DMY},
    {"mdy", false, DATE_STYLE_NONE, DATEORDER_MDY},
    {"us", false, DATE_STYLE_NONE, DATEORDER_MDY},
    {"noneuro", true, DATE_STYLE_NONE, DATEORDER_MDY},
};

static const DateStyleWord *date_style_word(Text word)
{
    for (i32 i = 0; i < countof(date_style_words); i++) {
        const DateStyleWord *known = &date_style_words[i];
        i64 len = (i64)strlen(known->word);
        Text compared = known->prefix && word.len > len ? text_slice(word, 0, len) : word;
        if (same_name(compared, known->word))
            return known;
    }
    return NULL;
}

/* The next of a list divided by commas, without blanks and quotes; false: no word. */
static bool next_word(Text *list, Text *word)
{
    i64 comma = text_find_byte(*list, ',');
    *word = text_trim(text_slice(*list, 0, comma));
    *list = text_slice(*list, comma < list->len ? comma + 1 : comma, list->len);
    if (word->len >= 2 && word->data[0] == '"' && word->data[word->len - 1] == '"')
        *word = text_slice(*word, 1, word->len - 1);
    return word->len > 0 && text_find_byte(*word, ' ') == word->len;
}

/* "ISO", "German, DMY", "european": style and order in any order, each said once or the same. */
static bool parse_date_style(Text value, FormatSettings *format, Error *error)
{
    i32 style = DATE_STYLE_NONE, order = DATE_STYLE_NONE;
    Text word, rest = text_trim(value);
    bool more = rest.len > 0;
    while (more) {
        more = text_find_byte(rest, ',') < rest.len;
        if (!next_word(&rest, &word))
            return error_detail(error, "List syntax is invalid.");
        const DateStyleWord *known = date_style_word(word);
        if (!known && !same_name(word, "default"))
            return error_detail(error, "Unrecognized key word: \"%.*s\".", TEXT_ARG(word));
        i32 new_style = known ? known->style : DATE_STYLE_NONE;
        i32 new_order = known ? known->order : DATE_STYLE_NONE;
        if ((style >= 0 && new_style >= 0 && style != new_style) ||
            (order >= 0 && new_order >= 0 && order != new_order))
            return error_detail(error, "Conflicting \"datestyle\" specifications.");
        style = new_style >= 0 ? new_style : style;
        order = new_order >= 0 ? new_order : order;
    }
    if (style == DATESTYLE_GERMAN && order < 0)
        order = DATEORDER_DMY;
    format->date_style = style >= 0 ? (DateStyle)style : format->date_style;
    format->date_order = order >= 0 ? (DateOrder)order : format->date_order;
    return true;
}

static bool parse_interval_style(Text value, FormatSettings *format)
{
    static const char *const styles[] = {"postgres", "postgres_verbose", "sql_standard",
                                         "iso_8601"};
    for (i32 i = 0; i < countof(styles); i++) {
        if (same_name(value, styles[i])) {
            format->interval_style = (IntervalStyle)i;
            return true;
        }
    }
    return false;
}

static bool parse_path(Settings *settings, Text value)
{
    char *out = settings->path_bytes;
    char *end = out + sizeof settings->path_bytes;
    settings->search_path_count = 0;
    i64 i = 0;
    while (i < value.len) {
        while (i < value.len && (value.data[i] == ' ' || value.data[i] == ','))
            i++;
        if (i == value.len)
            break;
        bool quoted = value.data[i] == '"';
        char *start = out;
        i += quoted;
        while (i < value.len &&
               (quoted ? value.data[i] != '"' || (i + 1 < value.len && value.data[i + 1] == '"')
                       : value.data[i] != ',' && value.data[i] != ' ')) {
            if (out == end)
                return false;
            i += quoted && value.data[i] == '"';
            char c = value.data[i++];
            *out++ = !quoted && c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
        }
        i += quoted;
        if (settings->search_path_count == SEARCH_PATH_MAX)
            return false;
        settings->search_path[settings->search_path_count++] = (Text){start, out - start};
    }
    return true;
}

static bool parse_passes(Settings *settings, Text value)
{
    u32 off = 0;
    while (value.len > 0) {
        i64 comma = text_find_byte(value, ',');
        Text word = text_trim(text_slice(value, 0, comma));
        value = text_slice(value, comma < value.len ? comma + 1 : comma, value.len);
        i32 i = 0;
        while (planner_pass(i) && !same_name(word, planner_pass(i)))
            i++;
        if (!planner_pass(i) && word.len > 0)
            return false;
        if (planner_pass(i))
            off |= 1u << i;
    }
    settings->passes_off = off;
    return true;
}

/* The encodings that need no conversion: UTF8, and SQL_ASCII, which is what psql asks for where no
 * locale is set. NULL: another. */
static const char *client_encoding(Text value)
{
    const Charset *charset =
        same_name(value, "auto") ? charset_find(TEXT("UTF8")) : charset_find(value);
    bool plain = charset && (charset_is_bytes(charset) || strcmp(charset->name, "UTF8") == 0);
    return plain ? charset->name : NULL;
}

/* ---- canonical spellings ---- */

static void put(char *out, const char *text)
{
    snprintf(out, SETTING_BYTES, "%s", text);
}

static void put_date_style(char *out, const FormatSettings *format)
{
    static const char *const styles[] = {"ISO", "SQL", "Postgres", "German"};
    static const char *const orders[] = {"MDY", "DMY", "YMD"};
    snprintf(out, SETTING_BYTES, "%s, %s", styles[format->date_style], orders[format->date_order]);
}

/* Seconds east of Greenwich as a POSIX zone, which counts west: "<-05>+05". */
static void offset_zone(i64 seconds, char *out)
{
    i64 absolute = seconds < 0 ? -seconds : seconds;
    char offset[32];
    int len = snprintf(offset, sizeof offset, "%02d", (int)(absolute / 3600));
    if (absolute % 3600)
        len += snprintf(offset + len, sizeof offset - (size_t)len, ":%02d",
                        (int)(absolute % 3600 / 60));
    if (absolute % 60)
        snprintf(offset + len, sizeof offset - (size_t)len, ":%02d", (int)(absolute % 60));
    snprintf(out, SETTING_BYTES, seconds < 0 ? "<-%s>+%s" : "<+%s>-%s", offset, offset);
}

/* A number of hours, or `interval ...`: true when it was one and *value is its zone. */
static bool zone_of_offset(const Settings *s, Text *value, char *zone, Error *error)
{
    Text prefix = TEXT("interval ");
    f64 hours;
    Error ignored;
    if (text_starts_with(*value, prefix)) {
        Interval interval;
        Text text = text_slice(*value, prefix.len, value->len);
        if (!interval_parse(text, TYPMOD_NONE, &s->format, &interval, error))
            return false;
        if (interval.months || interval.days) {
            error_set(error, E_INVALID_PARAMETER_VALUE,
                      "invalid value for parameter \"TimeZone\": \"INTERVAL '%.*s'\"",
                      TEXT_ARG(text));
            return error_detail(error, "Cannot specify %s in time zone interval.",
                                interval.months ? "months" : "days");
        }
        offset_zone(interval.us / 1000000, zone);
    } else if (float8_parse(*value, &hours, &ignored) && hours > -168 && hours < 168) {
        offset_zone((i64)(hours * 3600), zone);
    } else {
        return true;
    }
    *value = text_from(zone);
    return true;
}

static bool apply_timezone(Settings *s, Text value, char *out, Error *error)
{
    char offset[SETTING_BYTES];
    if (!zone_of_offset(s, &value, offset, error))
        return false;
    if (same_name(value, "local") || same_name(value, "default"))
        value = TEXT("UTC");
    const Timezone *zone;
    if (!timezone_find(value, &zone, error)) {
        Error cause = *error;
        (void)cause; /* PostgreSQL names the parameter instead */
        return error_set(error, E_INVALID_PARAMETER_VALUE,
                         "invalid value for parameter \"TimeZone\": \"%.*s\"", TEXT_ARG(value));
    }
    s->format.timezone = zone;
    snprintf(out, SETTING_BYTES, "%.*s", TEXT_ARG(timezone_name(zone)));
    return true;
}

static const char *const isolation_names[] = {"read committed", "repeatable read", "serializable"};

/* now: of this transaction, not of new ones. */
static bool apply_isolation(Settings *s, const SettingRow *row, bool now, Text value, char *out,
                            Error *error)
{
    Isolation isolation;
    if (!parse_isolation(value, &isolation))
        return invalid(row, value, error);
    if (now && s->modes_fixed && isolation != s->isolation)
        return error_set(error, E_ACTIVE_SQL_TRANSACTION,
                         "SET TRANSACTION ISOLATION LEVEL must be called before any query");
    if (isolation == SERIALIZABLE)
        return error_set(error, E_FEATURE_NOT_SUPPORTED,
                         "SERIALIZABLE transactions are not supported yet");
    *(now ? &s->isolation : &s->default_isolation) = isolation;
    put(out, isolation_names[isolation]);
    return true;
}

static bool apply_bool(Text value, bool *on, char *out)
{
    bool parsed;
    if (!parse_bool(value, &parsed))
        return false;
    if (on)
        *on = parsed;
    put(out, parsed ? "on" : "off");
    return true;
}

static bool apply_access(Settings *s, const SettingRow *row, Text value, char *out, Error *error)
{
    bool read_only;
    if (!apply_bool(value, &read_only, out))
        return invalid(row, value, error);
    if (s->modes_fixed && s->read_only && !read_only)
        return error_set(error, E_ACTIVE_SQL_TRANSACTION,
                         "transaction read-write mode must be set before any query");
    s->read_only = read_only;
    return true;
}

/* There is one role; SET ROLE NONE goes back to the user of the session, which is the same. */
static bool check_role(const char *kind, Text value, Error *error)
{
    bool none = strcmp(kind, "ROLE") == 0 && text_equal(value, TEXT("none"));
    if (none || text_equal(value, CATALOG_ROLE_NAME))
        return true;
    return error_set(error, E_INVALID_PARAMETER_VALUE, "role \"%.*s\" does not exist",
                     TEXT_ARG(value));
}

static bool apply_integer(Settings *s, const SettingRow *row, Text value, char *out, Error *error)
{
    i64 number;
    if (!parse_integer(value, &number))
        return invalid(row, value, error);
    bool digits = strcmp(row->name, "extra_float_digits") == 0;
    i64 low = digits ? -15 : 0, high = digits ? 3 : 1024;
    if (number < low || number > high)
        return error_set(error, E_INVALID_PARAMETER_VALUE,
                         "%lld is outside the valid range for parameter \"%s\" (%lld .. %lld)",
                         (long long)number, row->name, (long long)low, (long long)high);
    if (digits)
        s->format.extra_float_digits = (i32)number;
    else
        s->workers = number;
    snprintf(out, SETTING_BYTES, "%lld", (long long)number);
    return true;
}

static i64 *duration_of(Settings *s, const char *name)
{
    if (strcmp(name, "statement_timeout") == 0)
        return &s->statement_timeout_us;
    if (strcmp(name, "lock_timeout") == 0)
        return &s->lock_timeout_us;
    if (strcmp(name, "idle_session_timeout") == 0)
        return &s->idle_timeout_us;
    return &s->idle_in_transaction_timeout_us;
}

static bool apply_duration(Settings *s, const SettingRow *row, Text value, char *out, Error *error)
{
    i64 us;
    if (!parse_duration(value, &us))
        return invalid(row, value, error);
    *duration_of(s, row->name) = us;
    if (us == 0)
        put(out, "0");
    else if (us % 60000000 == 0)
        snprintf(out, SETTING_BYTES, "%lldmin", (long long)(us / 60000000));
    else if (us % 1000000 == 0)
        snprintf(out, SETTING_BYTES, "%llds", (long long)(us / 1000000));
    else
        snprintf(out, SETTING_BYTES, "%lldms", (long long)(us / 1000));
    return true;
}

static bool apply_seed(Settings *s, Text value, char *out)
{
    char digits[64];
    snprintf(digits, sizeof digits, "%.*s", TEXT_ARG(value));
    char *end;
    s->seed = strtod(digits, &end);
    s->seed_set = true;
    put(out, digits);
    return end != digits && *end == 0 && s->seed >= -1 && s->seed <= 1;
}

/* Checks value, changes what depends on it and writes its canonical spelling. */
static bool apply(Settings *s, i32 i, Text value, char *out, Error *error)
{
    const SettingRow *row = &rows[i];
    const char *kind = row->kind;
    snprintf(out, SETTING_BYTES, "%.*s", TEXT_ARG(value));
    bool good = true;
    if (strcmp(kind, "BOOL") == 0) {
        bool *into =
            strcmp(row->name, "default_transaction_read_only") == 0 ? &s->default_read_only : NULL;
        good = apply_bool(value, into, out);
        if (!good)
            return error_set(error, E_INVALID_PARAMETER_VALUE,
                             "parameter \"%s\" requires a Boolean value", row->name);
    } else if (strcmp(kind, "INTEGER") == 0) {
        return apply_integer(s, row, value, out, error);
    } else if (strcmp(kind, "DURATION") == 0) {
        return apply_duration(s, row, value, out, error);
    } else if (strcmp(kind, "TIMEZONE") == 0) {
        return apply_timezone(s, value, out, error);
    } else if (strcmp(kind, "DATESTYLE") == 0) {
        invalid(row, value, error);
        if (!parse_date_style(value, &s->format, error))
            return false;
        put_date_style(out, &s->format);
    } else if (strcmp(kind, "INTERVAL") == 0) {
        good = parse_interval_style(value, &s->format);
    } else if (strcmp(kind, "BYTEA") == 0) {
        good = same_name(value, "hex") || same_name(value, "escape");
        s->format.bytea_output = same_name(value, "escape") ? BYTEA_ESCAPE : BYTEA_HEX;
    } else if (strcmp(kind, "ENCODING") == 0) {
        const char *name = client_encoding(value);
        good = name;
        put(out, name ? name : "");
    } else if (strcmp(kind, "STANDARD") == 0) {
        bool on = true;
        good = apply_bool(value, &on, out) && on;
    } else if (strcmp(kind, "PATH") == 0) {
        good = parse_path(s, value);
    } else if (strcmp(kind, "PASSES") == 0) {
        good = parse_passes(s, value);
    } else if (strcmp(kind, "SEED") == 0) {
        good = apply_seed(s, value, out);
    } else if (strcmp(kind, "ISOLATION") == 0) {
        return apply_isolation(s, row, false, value, out, error);
    } else if (strcmp(kind, "TRANSACTION_ISOLATION") == 0) {
        return apply_isolation(s, row, true, value, out, error);
    } else if (strcmp(kind, "TRANSACTION_READ_ONLY") == 0) {
        return apply_access(s, row, value, out, error);
    } else if (strcmp(kind, "ROLE") == 0 || strcmp(kind, "AUTHORIZATION") == 0) {
        return check_role(kind, value, error);
    }
    return good || invalid(row, value, error);
}

/* ---- the public face ---- */

void settings_open(Settings *settings)
{
    memset(settings, 0, sizeof *settings);
    for (i32 i = 0; i < countof(rows); i++) {
        SettingValue *value = &settings->values[i];
        Error error;
        bool good = apply(settings, i, text_from(rows[i].initial), value->text, &error);
        verify(good);
        memcpy(value->session, value->text, SETTING_BYTES);
    }
    settings->seed_set = false;
}

static CustomSetting *find_custom(Settings *settings, Text name)
{
    for (i32 i = 0; i < settings->custom_count; i++)
        if (same_name(name, settings->custom[i].name))
            return &settings->custom[i];
    return NULL;
}

static bool unknown(Text name, Error *error)
{
    return error_set(error, E_UNDEFINED_OBJECT, "unrecognized configuration parameter \"%.*s\"",
                     TEXT_ARG(name));
}

static bool set_custom(Settings *settings, Text name, Text value, Error *error)
{
    if (text_find_byte(name, '.') == name.len || text_starts_with(name, TEXT("gotgan.")))
        return unknown(name, error);
    CustomSetting *custom = find_custom(settings, name);
    if (!custom) {
        if (settings->custom_count == CUSTOM_SETTINGS_MAX || name.len >= 64)
            return error_set(error, E_CONFIGURATION_LIMIT_EXCEEDED,
                             "too many settings of your own");
        custom = &settings->custom[settings->custom_count++];
        snprintf(custom->name, sizeof custom->name, "%.*s", TEXT_ARG(name));
    }
    snprintf(custom->text, sizeof custom->text, "%.*s", TEXT_ARG(value));
    return true;
}

/* What BEGIN's modes have set is not among the texts. */
static const char *text_of(const Settings *settings, i32 i)
{
    if (strcmp(rows[i].kind, "TRANSACTION_ISOLATION") == 0)
        return isolation_names[settings->isolation];
    if (strcmp(rows[i].kind, "TRANSACTION_READ_ONLY") == 0)
        return settings->read_only ? "on" : "off";
    return settings->values[i].text;
}

/* Back to a value it had, whatever the transaction has done since. */
static void restore(Settings *settings, i32 i, const char *text)
{
    char spelled[SETTING_BYTES];
    bool fixed = settings->modes_fixed;
    Error error;
    settings->modes_fixed = false;
    bool good = apply(settings, i, text_from(text), spelled, &error);
    verify(good);
    settings->modes_fixed = fixed;
    memcpy(settings->values[i].text, spelled, SETTING_BYTES);
}

bool setting_set(Settings *settings, Text name, Text value, bool local, Error *error)
{
    i32 i = find_row(name);
    if (i < 0)
        return set_custom(settings, name, value, error);
    if (strcmp(rows[i].kind, "READONLY") == 0)
        return error_set(error, E_CANT_CHANGE_RUNTIME_PARAM, "parameter \"%s\" cannot be changed",
                         rows[i].name);
    SettingValue *own = &settings->values[i];
    char text[SETTING_BYTES], before[SETTING_BYTES];
    put(before, text_of(settings, i));
    if (value.len >= SETTING_BYTES)
        return error_set(error, E_INVALID_PARAMETER_VALUE, "value of parameter \"%s\" is too long",
                         rows[i].name);
    if (!apply(settings, i, value, text, error)) {
        restore(settings, i, before);
        return false;
    }
    if (!own->changed) {
        memcpy(own->before, before, SETTING_BYTES);
        memcpy(own->kept, before, SETTING_BYTES);
    }
    own->changed = true;
    own->local = local;
    memcpy(own->text, text, SETTING_BYTES);
    if (!local)
        memcpy(own->kept, text, SETTING_BYTES);
    settings->reported |= (u64)rows[i].report << i;
    bool is_user = strcmp(rows[i].kind, "AUTHORIZATION") == 0; /* who has no role yet */
    return !is_user || setting_set(settings, TEXT("role"), TEXT("none"), local, error);
}

bool setting_reset(Settings *settings, Text name, bool local, Error *error)
{
    i32 i = find_row(name);
    if (i < 0)
        return find_custom(settings, name) ? true : unknown(name, error);
    if (strcmp(rows[i].kind, "READONLY") == 0)
        return true;
    return setting_set(settings, name, text_from(settings->values[i].session), local, error);
}

void settings_reset_all(Settings *settings)
{
    static const char *const left[] = {"ROLE", "AUTHORIZATION", "SEED", "TRANSACTION_ISOLATION",
                                       "TRANSACTION_READ_ONLY"};
    for (i32 i = 0; i < countof(rows); i++) {
        Error error;
        if (is_one_of(&rows[i], left, countof(left)))
            continue;
        bool good = setting_reset(settings, text_from(rows[i].name), false, &error);
        verify(good);
    }
    settings->custom_count = 0;
}

bool setting_start(Settings *settings, Text name, Text value, Error *error)
{
    if (!setting_set(settings, name, value, false, error))
        return false;
    i32 i = find_row(name);
    if (i >= 0)
        memcpy(settings->values[i].session, settings->values[i].text, SETTING_BYTES);
    settings_commit(settings);
    return true;
}

bool setting_get(const Settings *settings, Text name, Text *value, Error *error)
{
    i32 i = find_row(name);
    if (i >= 0) {
        *value = text_from(text_of(settings, i));
        return true;
    }
    const CustomSetting *custom = find_custom((Settings *)settings, name); /* only read */
    if (!custom)
        return unknown(name, error);
    *value = text_from(custom->text);
    return true;
}

static void end_transaction(Settings *settings, bool commit)
{
    settings->modes_fixed = false;
    for (i32 i = 0; i < countof(rows); i++) {
        SettingValue *own = &settings->values[i];
        if (own->changed && (!commit || own->local)) {
            restore(settings, i, commit ? own->kept : own->before);
            settings->reported |= (u64)rows[i].report << i;
        }
        own->changed = own->local = false;
    }
}

void settings_commit(Settings *settings)
{
    end_transaction(settings, true);
}

void settings_rollback(Settings *settings)
{
    end_transaction(settings, false);
}
