/* SPDX-License-Identifier: Apache-2.0
 *
 * Time zones: finding and loading them, and what a zone's clocks show.
 *
 * A zone is a TZif file of the system's tzdata (RFC 8536, 64-bit block): transitions in ascending
 * order, the kind of local time after each, and a POSIX rule for all time after the last. A name
 * that is no file may be a POSIX rule itself. Names are compared without regard to letter case,
 * directory by directory.
 * Memory and threads: loaded zones form a list that only grows, in an arena of its own that lives
 * as long as the process; one mutex guards finding and loading, reading a zone needs none.
 */
#include "types/timezone.h"

#include <dirent.h>
#include <pthread.h>

#include "base/text.h"
#include "types/digits.h"
#include "types/timezone_rule.h"

#define ZONE_DIRECTORY "/usr/share/zoneinfo"

enum {
    NAME_BYTES = 256,
    FILE_BYTES_MAX = 1 << 17,
    HEADER_BYTES = 44,
    KIND_BYTES = 6,
    UNIX_EPOCH_2000 = 946684800, /* seconds from 1970 to 2000 */
    DAY_SECONDS = 86400,
};

struct Timezone {
    Timezone *next;
    Text name;
    i32 change_count;
    const i64 *changes; /* Unix seconds, ascending */
    const u8 *kinds_after;
    i32 kind_count;
    const LocalKind *kinds;
    bool has_rule;
    TimezoneRule rule; /* after the last change; all time when there is none */
};

/* The set of loaded zones: the one piece of process-wide state in types/. */
static pthread_mutex_t zones_mutex = PTHREAD_MUTEX_INITIALIZER;
static Timezone *zones;
static Arena zones_arena = {.block_bytes = 8 << 10};

/* ---- TZif ---- */

static i64 read_big_endian(const u8 *at, i32 bytes)
{
    u64 value = at[0] & 0x80 ? ~(u64)0 : 0;
    for (i32 i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return (i64)value;
}

/* Counts of one block's parts. */
typedef struct BlockHeader {
    i64 utc_flags, standard_flags, leaps, changes, kinds, name_bytes;
} BlockHeader;

static bool read_header(const u8 *at, const u8 *end, BlockHeader *header)
{
    if (end - at < HEADER_BYTES || memcmp(at, "TZif", 4) != 0)
        return false;
    i64 *counts[] = {&header->utc_flags, &header->standard_flags, &header->leaps,
                     &header->changes,   &header->kinds,          &header->name_bytes};
    for (i32 i = 0; i < countof(counts); i++) {
        *counts[i] = read_big_endian(at + 20 + i * 4, 4);
        if (*counts[i] < 0 || *counts[i] > FILE_BYTES_MAX)
            return false;
    }
    return header->kinds > 0 && header->kinds < 256;
}

static i64 block_bytes(const BlockHeader *header, i32 time_bytes)
{
    return header->changes * (time_bytes + 1) + header->kinds * KIND_BYTES + header->name_bytes +
           header->leaps * (time_bytes + 4) + header->standard_flags + header->utc_flags;
}

static bool read_kinds(const u8 *at, const BlockHeader *header, LocalKind *kinds)
{
    const u8 *names = at + header->kinds * KIND_BYTES;
    for (i64 i = 0; i < header->kinds; i++, at += KIND_BYTES) {
        kinds[i].offset_seconds = (i32)read_big_endian(at, 4);
        kinds[i].is_dst = at[4];
        for (i64 j = 0; j < ABBREVIATION_MAX && at[5] + j < header->name_bytes; j++)
            if (!(kinds[i].abbreviation[j] = (char)names[at[5] + j]))
                break;
    }
    return true;
}

static bool read_block(const u8 *at, const BlockHeader *header, Timezone *zone, Error *error)
{
    i64 *changes = arena_try(&zones_arena, header->changes * 8, error);
    u8 *after = changes ? arena_try(&zones_arena, header->changes, error) : NULL;
    LocalKind *kinds =
        after ? arena_try(&zones_arena, header->kinds * (i64)sizeof *kinds, error) : NULL;
    if (!kinds)
        return false;
    for (i64 i = 0; i < header->changes; i++)
        changes[i] = read_big_endian(at + i * 8, 8);
    at += header->changes * 8;
    for (i64 i = 0; i < header->changes; i++)
        after[i] = at[i] < header->kinds ? at[i] : 0;
    read_kinds(at + header->changes, header, kinds);
    zone->changes = changes;
    zone->kinds_after = after;
    zone->kinds = kinds;
    zone->change_count = (i32)header->changes;
    zone->kind_count = (i32)header->kinds;
    return true;
}

/* The rule between the two line feeds at the end. */
static void read_footer(const u8 *at, const u8 *end, Timezone *zone)
{
    char text[128] = {0};
    if (at >= end || *at++ != '\n')
        return;
    for (i32 i = 0; at + i < end && at[i] != '\n' && i < (i32)sizeof text - 1; i++)
        text[i] = (char)at[i];
    zone->has_rule = text[0] && rule_parse(text, &zone->rule);
}

/* false with E_SUCCESSFUL_COMPLETION in error: not a TZif file of version 2 or later. */
static bool read_tzif(const u8 *at, const u8 *end, Timezone *zone, Error *error)
{
    BlockHeader header;
    if (!read_header(at, end, &header) || at[4] < '2')
        return false;
    i64 first = HEADER_BYTES + block_bytes(&header, 4);
    if (end - at < first)
        return false;
    at += first;
    if (!read_header(at, end, &header) || end - at < HEADER_BYTES + block_bytes(&header, 8))
        return false;
    at += HEADER_BYTES;
    if (!read_block(at, &header, zone, error))
        return false;
    read_footer(at + block_bytes(&header, 8), end, zone);
    return true;
}

/* ---- names ---- */

/* Finds name[0..len) in a directory, any letter case; the entry's own spelling goes to found. */
static bool find_entry(const char *directory, Text name, char found[NAME_BYTES])
{
    DIR *entries = opendir(directory);
    if (!entries)
        return false;
    bool done = false;
    for (struct dirent *entry; !done && (entry = readdir(entries));) {
        if (entry->d_name[0] == '.' || (i64)strlen(entry->d_name) != name.len)
            continue;
        done = true;
        for (i64 i = 0; i < name.len; i++)
            done &= to_lower(entry->d_name[i]) == to_lower(name.data[i]);
        if (done)
            memcpy(found, entry->d_name, (size_t)name.len + 1);
    }
    closedir(entries);
    return done;
}

/* Turns a name into a path with the spelling of the file system. */
static bool find_path(Text name, char path[NAME_BYTES * 2])
{
    if (name.len == 0 || name.len >= NAME_BYTES || name.data[0] == '/')
        return false;
    i64 len = (i64)sizeof ZONE_DIRECTORY - 1;
    memcpy(path, ZONE_DIRECTORY, (size_t)len + 1);
    while (name.len > 0) {
        char entry[NAME_BYTES];
        i64 part = text_find_byte(name, '/');
        if (part == 0 || !find_entry(path, text_slice(name, 0, part), entry))
            return false;
        path[len++] = '/';
        memcpy(path + len, entry, (size_t)part + 1);
        len += part;
        name = text_slice(name, min_i64(part + 1, name.len), name.len);
    }
    return true;
}

/* Reads and takes apart one file; its bytes are needed no longer than that. */
static bool load_bytes(FILE *file, Timezone *zone, Error *error)
{
    Arena scratch;
    arena_open(&scratch, NULL);
    u8 *bytes = arena_try(&scratch, FILE_BYTES_MAX, error);
    size_t len = bytes ? fread(bytes, 1, FILE_BYTES_MAX, file) : 0;
    bool loaded = bytes && read_tzif(bytes, bytes + len, zone, error);
    arena_close(&scratch);
    return loaded;
}

static bool load_file(const char *path, Timezone *zone, Error *error)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    bool loaded = load_bytes(file, zone, error);
    fclose(file);
    Text name = text_from(path + sizeof ZONE_DIRECTORY);
    return loaded && arena_text(&zones_arena, name, &zone->name, error);
}

/* A POSIX string; its name is kept in capitals. */
static bool load_rule(Text name, Timezone *zone, Error *error)
{
    char text[NAME_BYTES];
    if (name.len >= NAME_BYTES)
        return false;
    for (i64 i = 0; i < name.len; i++)
        text[i] =
            name.data[i] >= 'a' && name.data[i] <= 'z' ? (char)(name.data[i] - 32) : name.data[i];
    text[name.len] = 0;
    if (!rule_parse(text, &zone->rule))
        return false;
    zone->has_rule = true;
    return arena_text(&zones_arena, (Text){text, name.len}, &zone->name, error);
}

static bool names_equal(Text a, Text b)
{
    if (a.len != b.len)
        return false;
    for (i64 i = 0; i < a.len; i++)
        if (to_lower(a.data[i]) != to_lower(b.data[i]))
            return false;
    return true;
}

static Timezone *find_loaded(Text name)
{
    for (Timezone *zone = zones; zone; zone = zone->next)
        if (names_equal(zone->name, name))
            return zone;
    return NULL;
}

/* NULL with E_SUCCESSFUL_COMPLETION: there is no such zone. */
static Timezone *load(Text name, Error *error)
{
    char path[NAME_BYTES * 2];
    Timezone *zone = arena_try(&zones_arena, (i64)sizeof *zone, error);
    if (!zone)
        return NULL;
    bool loaded = find_path(name, path) && load_file(path, zone, error);
    if (!loaded && error->code == E_SUCCESSFUL_COMPLETION)
        loaded = load_rule(name, zone, error);
    if (!loaded)
        return NULL;
    zone->next = zones;
    zones = zone;
    return zone;
}

bool timezone_find(Text name, const Timezone **zone, Error *error)
{
    Error local = {.code = E_SUCCESSFUL_COMPLETION};
    pthread_mutex_lock(&zones_mutex);
    Timezone *found = find_loaded(name);
    if (!found) {
        ArenaMark mark = arena_mark(&zones_arena);
        found = load(name, &local);
        if (!found)
            arena_release(&zones_arena, mark);
    }
    pthread_mutex_unlock(&zones_mutex);
    *zone = found;
    if (found)
        return true;
    if (local.code != E_SUCCESSFUL_COMPLETION) {
        *error = local;
        return false;
    }
    return error_set(error, E_INVALID_PARAMETER_VALUE, "time zone \"%.*s\" not recognized",
                     ERROR_TEXT(name));
}

Text timezone_name(const Timezone *zone)
{
    return zone->name;
}

/* ---- what clocks show ---- */

/* Number of changes at or before a Unix time. */
static i32 changes_until(const Timezone *zone, i64 unix_seconds)
{
    i32 low = 0, high = zone->change_count;
    while (low < high) {
        i32 middle = (low + high) / 2;
        if (zone->changes[middle] <= unix_seconds)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const LocalKind *kind_at(const Timezone *zone, i64 unix_seconds)
{
    i32 passed = changes_until(zone, unix_seconds);
    if (passed == zone->change_count && zone->has_rule)
        return rule_at(&zone->rule, unix_seconds);
    return passed == 0 ? &zone->kinds[0] : &zone->kinds[zone->kinds_after[passed - 1]];
}

static bool next_change(const Timezone *zone, i64 unix_seconds, i64 *change)
{
    i32 passed = changes_until(zone, unix_seconds);
    if (passed < zone->change_count) {
        *change = zone->changes[passed];
        return true;
    }
    return zone->has_rule && rule_next_change(&zone->rule, unix_seconds, change);
}

static i64 unix_from_us(i64 us)
{
    return us / 1000000 - (us % 1000000 < 0) + UNIX_EPOCH_2000;
}

TimezoneMoment timezone_at_utc(const Timezone *zone, i64 utc_us)
{
    if (!zone)
        return (TimezoneMoment){0, false, TEXT("UTC")};
    const LocalKind *kind = kind_at(zone, unix_from_us(utc_us));
    return (TimezoneMoment){kind->offset_seconds, kind->is_dst, text_from(kind->abbreviation)};
}

bool timezone_is_fixed(const Timezone *zone, i32 *offset_seconds)
{
    *offset_seconds = kind_at(zone, 0)->offset_seconds;
    for (i32 i = 0; i < zone->kind_count; i++)
        if (zone->kinds[i].offset_seconds != *offset_seconds)
            return false;
    return !zone->has_rule || !zone->rule.has_summer;
}

/* In a gap the offset before it holds, in an overlap the one after. */
i32 timezone_offset_at_local(const Timezone *zone, i64 local_us)
{
    if (!zone)
        return 0;
    i64 local = unix_from_us(local_us), change;
    i32 before = kind_at(zone, local - DAY_SECONDS)->offset_seconds;
    if (!next_change(zone, local - DAY_SECONDS, &change))
        return before;
    i32 after = kind_at(zone, change)->offset_seconds;
    if (local - before < change && local - after < change)
        return before;
    if (local - before >= change && local - after >= change)
        return after;
    return after > before ? before : after;
}

/* ---- abbreviations that changed their meaning ---- */

/* The kind of local time called so that began last before the time, else first after it; NULL:
 * none was. */
static const LocalKind *kind_called(const Timezone *zone, Text abbreviation, i64 unix_seconds)
{
    i32 passed = changes_until(zone, unix_seconds);
    for (i32 i = 0; i < zone->change_count; i++) {
        i32 change = i < passed ? passed - 1 - i : i;
        const LocalKind *kind = &zone->kinds[zone->kinds_after[change]];
        if (names_equal(text_from(kind->abbreviation), abbreviation))
            return kind;
    }
    return NULL;
}

i32 timezone_abbreviation_at_local(const Timezone *zone, Text abbreviation, i64 local_us)
{
    i32 offset = timezone_offset_at_local(zone, local_us);
    const LocalKind *kind = kind_called(zone, abbreviation, unix_from_us(local_us) - offset);
    return kind ? kind->offset_seconds : offset;
}

i32 timezone_abbreviation_at_utc(const Timezone *zone, Text abbreviation, i64 utc_us)
{
    i64 seconds = unix_from_us(utc_us);
    const LocalKind *kind = kind_called(zone, abbreviation, seconds);
    if (kind)
        return kind->offset_seconds;
    i64 offset_us = kind_at(zone, seconds)->offset_seconds * (i64)1000000;
    return timezone_offset_at_local(zone, utc_us + offset_us);
}
