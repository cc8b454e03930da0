/* SPDX-License-Identifier: Apache-2.0
 *
 * Time zones from the system's TZif files (package tzdata, RFC 8536), POSIX TZ strings and fixed
 * offsets; no libc time. A Timezone is immutable once loaded; the set is loaded on demand and
 * kept for the life of the process.
 */
#ifndef GOTGAN_TIMEZONE_H
#define GOTGAN_TIMEZONE_H

#include "base/arena.h"
#include "types/environment.h"

/* Finds or loads a zone by name (any letter case; "Etc/UTC", "UTC", "+02", "EST5EDT"). The name
 * kept is the canonical one. 22023 `time zone "x" not recognized`. Thread-safe. */
must_check bool timezone_find(Text name, const Timezone **zone, Error *error);
Text timezone_name(const Timezone *zone);

/* Seconds east of UTC that hold at a UTC instant (us since 2000), whether it is summer time,
 * and the abbreviation. */
typedef struct TimezoneMoment {
    i32 offset_seconds;
    bool is_dst;
    Text abbreviation;
} TimezoneMoment;
TimezoneMoment timezone_at_utc(const Timezone *zone, i64 utc_us);
/* Offset for a local time: in a gap or an overlap as PostgreSQL decides. */
i32 timezone_offset_at_local(const Timezone *zone, i64 local_us);

/* An abbreviation such as "EST", "PDT", "Z": PostgreSQL's Default set. */
typedef struct TimezoneAbbreviation {
    const char *zone;   /* its offset is what this zone called so at the time; NULL: always the */
    i32 offset_seconds; /* same, east of UTC */
    bool is_dst;
} TimezoneAbbreviation;
must_check bool timezone_abbreviation(Text abbreviation, TimezoneAbbreviation *found);
/* Offset that a zone had when it was called so: before or at the time, else first after it; the
 * zone's own at the time when it never was. */
i32 timezone_abbreviation_at_utc(const Timezone *zone, Text abbreviation, i64 utc_us);
i32 timezone_abbreviation_at_local(const Timezone *zone, Text abbreviation, i64 local_us);

#endif
