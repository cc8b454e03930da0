/* SPDX-License-Identifier: Apache-2.0
 *
 * A line is formatted on the stack and written with one call, so that lines of threads do not mix.
 */
#define _GNU_SOURCE
#include "base/log.h"

#include <stdarg.h>
#include <unistd.h>

enum { LINE_BYTES = 2048 };

/* "2026-11-22 12:34:56.789Z" from the days and seconds of the epoch; no libc calendar. */
static i32 format_time(char *out, i64 size)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    i64 days = now.tv_sec / 86400, second = now.tv_sec % 86400;
    i64 z = days + 719468, era = z / 146097, day_of_era = z - era * 146097;
    i64 year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    i64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    i64 shifted = (5 * day_of_year + 2) / 153; /* month counted from March */
    i64 day = day_of_year - (153 * shifted + 2) / 5 + 1;
    i64 month = shifted < 10 ? shifted + 3 : shifted - 9;
    i64 year = year_of_era + era * 400 + (month <= 2);
    return snprintf(out, (size_t)size, "%04d-%02d-%02d %02d:%02d:%02d.%03dZ", (int)year, (int)month,
                    (int)day, (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60),
                    (int)(now.tv_nsec / 1000000));
}

void log_line(LogLevel level, const char *format, ...)
{
    static const char *const names[] = {"", "warning: ", "error: "};
    char line[LINE_BYTES];
    i32 len = format_time(line, sizeof line);
    len += snprintf(line + len, sizeof line - (size_t)len, "  %s", names[level]);
    va_list arguments;
    va_start(arguments, format);
    i32 room = (i32)sizeof line - len - 1;
    i32 wrote = vsnprintf(line + len, (size_t)room, format, arguments);
    va_end(arguments);
    len += wrote < room ? wrote : room - 1;
    line[len++] = '\n';
    ssize_t written = write(STDERR_FILENO, line, (size_t)len);
    (void)written; /* nowhere to report that the log cannot be written */
}
