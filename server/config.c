/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading options. A name nobody knows is an error, in the file as on the command line.
 */
#include "server/config.h"

#include <unistd.h>

#include "base/instruction_set.h"
#include "base/text.h"
#include "base/version.h"
#include "server/settings.h"
#include "storage/encoding.h"

enum { FILE_LINE_BYTES = 1024 };

static const char help[] =
    "gotgand " GOTGAN_VERSION ", the Gotgan warehouse server\n"
    "\n"
    "  --data DIR       data directory, made when it is not there (./gotgan-data)\n"
    "  --port N         TCP port, 0 takes a free one (5433)\n"
    "  --listen ADDR    loopback address to listen on (127.0.0.1)\n"
    "  --workers N      worker threads (number of cores)\n"
    "  --memory SIZE    memory of the whole server, e.g. 4GB (75 % of what is there)\n"
    "  --config FILE    configuration file, lines `name = value` (DIR/gotgan.conf); it may also\n"
    "                   hold session settings, which new sessions start with\n"
    "  --sample         load the sample schema into a fresh directory\n";

/* ---- what the machine has ---- */

static i64 number_in_file(const char *path)
{
    FILE *file = fopen(path, "re");
    long long value = -1;
    if (!file)
        return -1;
    if (fscanf(file, "%lld", &value) != 1)
        value = -1;
    fclose(file);
    return value;
}

static i64 memory_there(void)
{
    i64 ram = (i64)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
    i64 limits[2] = {number_in_file("/sys/fs/cgroup/memory.max"),
                     number_in_file("/sys/fs/cgroup/memory/memory.limit_in_bytes")};
    for (i32 i = 0; i < 2; i++)
        if (limits[i] > 0)
            ram = min_i64(ram, limits[i]);
    return ram;
}

static void defaults(ServerOptions *options)
{
    *options = (ServerOptions){.port = 5433, .connections_max = 1200};
    snprintf(options->data, sizeof options->data, "./gotgan-data");
    snprintf(options->listen, sizeof options->listen, "127.0.0.1");
    options->workers = (i32)max_i64(1, sysconf(_SC_NPROCESSORS_ONLN));
    options->memory_bytes = memory_there() / 4 * 3;
}

/* ---- values ---- */

static bool parse_number(Text text, i64 low, i64 high, i64 *number)
{
    i64 value = 0;
    if (text.len == 0 || text.len > 12)
        return false;
    for (i64 i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        value = value * 10 + (text.data[i] - '0');
    }
    *number = value;
    return value >= low && value <= high;
}

static bool parse_size(Text text, i64 least, i64 *bytes)
{
    static const struct {
        const char *unit;
        i32 shift;
    } units[] = {{"tb", 40}, {"gb", 30}, {"mb", 20}, {"kb", 10}, {"b", 0}};
    i64 digits = 0, number;
    while (digits < text.len && text.data[digits] >= '0' && text.data[digits] <= '9')
        digits++;
    Text unit = text_trim(text_slice(text, digits, text.len));
    if (!parse_number(text_slice(text, 0, digits), 1, INT32_MAX * 1024ll, &number))
        return false;
    for (i32 i = 0; i < countof(units); i++) {
        if (!text_equal_ignoring_case(unit, text_from(units[i].unit)) &&
            !(unit.len == 0 && units[i].shift == 0))
            continue;
        *bytes = number << units[i].shift;
        return *bytes >= least;
    }
    return false;
}

static bool bad_value(const char *name, Text value, const char *want, Error *error)
{
    return error_set(error, E_CONFIG_FILE_ERROR, "invalid value for \"%s\": \"%.*s\" (%s)", name,
                     TEXT_ARG(value), want);
}

static bool copy_text(const char *name, Text value, char *to, i64 size, Error *error)
{
    if (value.len == 0 || value.len >= size)
        return bad_value(name, value, "empty or too long", error);
    snprintf(to, (size_t)size, "%.*s", TEXT_ARG(value));
    return true;
}

/* ---- settings ---- */

/* What storage is told at start; tests force with it what a sample would not choose. */
static bool set_storage_option(ServerOptions *options, const char *name, Text value, Error *error)
{
    i64 number = 0;
    if (strcmp(name, "gotgan.cache") == 0) {
        if (!parse_size(value, 1 << 20, &options->cache_bytes))
            return bad_value(name, value, "a size of at least 1MB", error);
        return true;
    }
    if (strcmp(name, "gotgan.row_group_rows") == 0) {
        if (!parse_number(value, 1, ROW_GROUP_ROWS_MAX, &number))
            return bad_value(name, value, "1 to 131072", error);
        options->row_group_rows = (i32)number;
        return true;
    }
    if (strcmp(name, "gotgan.wal_file") == 0) {
        if (!parse_size(value, 1 << 20, &options->wal_file_bytes))
            return bad_value(name, value, "a size of at least 1MB", error);
        return true;
    }
    for (i32 i = 0; i < ENCODING_COUNT; i++)
        if (text_equal(value, text_from(encoding_table[i].name)))
            return copy_text(name, value, options->force_encoding, sizeof options->force_encoding,
                             error);
    return bad_value(name, value, "the name of an encoding", error);
}

/* A session setting; it is tried at once, so that no session starts with a wrong one. */
static bool set_session_default(ServerOptions *options, const char *name, Text value, Error *error)
{
    Settings scratch;
    settings_open(&scratch);
    if (!setting_set(&scratch, text_from(name), value, false, error))
        return false;
    if (options->setting_count == CONFIG_SETTINGS_MAX)
        return error_set(error, E_CONFIG_FILE_ERROR, "more than %d session settings",
                         CONFIG_SETTINGS_MAX);
    SettingDefault *row = &options->settings[options->setting_count++];
    snprintf(row->name, sizeof row->name, "%s", name);
    snprintf(row->value, sizeof row->value, "%.*s", TEXT_ARG(value));
    return true;
}

static bool set_option(ServerOptions *options, const char *name, Text value, Error *error)
{
    static const char *const of_storage[] = {"gotgan.cache", "gotgan.row_group_rows",
                                             "gotgan.force_encoding", "gotgan.wal_file"};
    i64 number = 0;
    for (i32 i = 0; i < countof(of_storage); i++)
        if (strcmp(name, of_storage[i]) == 0)
            return set_storage_option(options, name, value, error);
    if (strcmp(name, "gotgan.instruction_set") == 0)
        return instruction_set_force(value) ||
               bad_value(name, value, "auto, v2 or v3, which this CPU must have", error);
    if (setting_find(text_from(name)))
        return set_session_default(options, name, value, error);
    if (strcmp(name, "data") == 0)
        return copy_text(name, value, options->data, sizeof options->data, error);
    if (strcmp(name, "listen") == 0)
        return copy_text(name, value, options->listen, sizeof options->listen, error);
    if (strcmp(name, "memory") == 0) {
        if (!parse_size(value, 64 << 20, &options->memory_bytes))
            return bad_value(name, value, "a size of at least 64MB, such as 4GB", error);
        return true;
    }
    if (strcmp(name, "port") == 0) {
        if (!parse_number(value, 0, 65535, &number))
            return bad_value(name, value, "0 to 65535", error);
        options->port = (i32)number;
        return true;
    }
    if (strcmp(name, "workers") == 0) {
        if (!parse_number(value, 1, 256, &number))
            return bad_value(name, value, "1 to 256", error);
        options->workers = (i32)number;
        return true;
    }
    return error_set(error, E_CONFIG_FILE_ERROR, "unrecognized option \"%s\"", name);
}

/* ---- the file ---- */

static bool read_line(ServerOptions *options, char *line, const char *path, i32 number,
                      Error *error)
{
    Text text = text_trim(text_from(line));
    text = text_trim(text_slice(text, 0, text_find_byte(text, '#')));
    if (text.len == 0)
        return true;
    i64 equals = text_find_byte(text, '=');
    if (equals == text.len)
        return error_set(error, E_CONFIG_FILE_ERROR, "%s:%d: expected name = value", path, number);
    char name[64];
    snprintf(name, sizeof name, "%.*s", TEXT_ARG(text_trim(text_slice(text, 0, equals))));
    Text value = text_trim(text_slice(text, equals + 1, text.len));
    if (strcmp(name, "data") == 0)
        return error_set(error, E_CONFIG_FILE_ERROR,
                         "%s:%d: \"data\" is set on the command line only", path, number);
    Error cause;
    if (set_option(options, name, value, &cause))
        return true;
    return error_set(error, E_CONFIG_FILE_ERROR, "%s:%d: %s", path, number, cause.message);
}

static bool read_file(ServerOptions *options, const char *path, bool must_exist, Error *error)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return !must_exist || error_set(error, E_CONFIG_FILE_ERROR, "cannot read \"%s\"", path);
    char line[FILE_LINE_BYTES];
    bool good = true;
    for (i32 number = 1; good && fgets(line, sizeof line, file); number++)
        good = read_line(options, line, path, number, error);
    fclose(file);
    return good;
}

/* ---- the command line ---- */

/* One option at argv[*i], "--name value" or "--name=value"; moves *i behind it. */
static bool read_argument(int argc, char **argv, int *i, char name[64], Text *value, Error *error)
{
    const char *word = argv[*i];
    if (strncmp(word, "--", 2) != 0)
        return error_set(error, E_CONFIG_FILE_ERROR, "unexpected argument \"%s\" (see --help)",
                         word);
    Text text = text_from(word + 2);
    i64 equals = text_find_byte(text, '=');
    snprintf(name, 64, "%.*s", TEXT_ARG(text_slice(text, 0, equals)));
    ++*i;
    *value = (Text){NULL, 0};
    if (equals < text.len) {
        *value = text_slice(text, equals + 1, text.len);
    } else if (strcmp(name, "sample") != 0 && strcmp(name, "help") != 0 &&
               strcmp(name, "version") != 0) {
        if (*i == argc)
            return error_set(error, E_CONFIG_FILE_ERROR, "option --%s needs a value", name);
        *value = text_from(argv[(*i)++]);
    }
    return true;
}

bool config_read(int argc, char **argv, ServerOptions *options, bool *exit_now, Error *error)
{
    char file[1024] = "", name[64];
    Text value;
    defaults(options);
    *exit_now = false;
    for (int i = 1; i < argc;) { /* first what tells where the file is */
        if (!read_argument(argc, argv, &i, name, &value, error))
            return false;
        if (strcmp(name, "data") == 0 && !set_option(options, name, value, error))
            return false;
        if (strcmp(name, "config") == 0)
            snprintf(file, sizeof file, "%.*s", TEXT_ARG(value));
        if (strcmp(name, "help") == 0 || strcmp(name, "version") == 0) {
            fputs(strcmp(name, "help") == 0 ? help : "gotgand " GOTGAN_VERSION "\n", stdout);
            *exit_now = true;
            return true;
        }
    }
    bool named = file[0] != 0;
    if (!named)
        snprintf(file, sizeof file, "%s/gotgan.conf", options->data);
    if (!read_file(options, file, named, error))
        return false;
    for (int i = 1; i < argc;) {
        if (!read_argument(argc, argv, &i, name, &value, error))
            return false;
        if (strcmp(name, "config") == 0)
            continue;
        if (strcmp(name, "sample") == 0)
            options->sample = true;
        else if (!set_option(options, name, value, error))
            return false;
    }
    return true;
}
