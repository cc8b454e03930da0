/* SPDX-License-Identifier: Apache-2.0
 *
 * The bar, its numbers, and how often they are shown.
 */
#include "client/progress.h"

#include <unistd.h>

enum { BAR_US = 100000, LINE_US = 5000000, BAR_CELLS = 24 };

void progress_open(Progress *progress, bool quiet, i64 total_bytes)
{
    Platform *platform = platform_posix();
    *progress = (Progress){.platform = platform,
                           .quiet = quiet,
                           .terminal = isatty(STDERR_FILENO) == 1,
                           .total_bytes = total_bytes};
    progress->start_us = progress->shown_us = platform->monotonic_us(platform);
}

f64 progress_seconds(const Progress *progress)
{
    return (f64)(progress->platform->monotonic_us(progress->platform) - progress->start_us) / 1e6;
}

const char *grouped(i64 number, char out[GROUPED_BYTES])
{
    char digits[GROUPED_BYTES];
    i32 len = snprintf(digits, sizeof digits, "%lld", (long long)number), n = 0;
    for (i32 i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            out[n++] = ',';
        out[n++] = digits[i];
    }
    out[n] = 0;
    return out;
}

static void draw_bar(f64 share)
{
    i32 full = (i32)(share * BAR_CELLS);
    fputc('[', stderr);
    for (i32 i = 0; i < BAR_CELLS; i++)
        fputc(i < full ? '#' : '.', stderr);
    fprintf(stderr, "] %3d %%  ", (int)(share * 100));
}

void progress_show(Progress *progress, i64 bytes, i64 rows)
{
    i64 now = progress->platform->monotonic_us(progress->platform);
    if (progress->quiet || now - progress->shown_us < (progress->terminal ? BAR_US : LINE_US))
        return;
    progress->shown_us = now;
    f64 seconds = (f64)(now - progress->start_us) / 1e6;
    f64 share = progress->total_bytes > 0 ? (f64)bytes / (f64)progress->total_bytes : -1;
    char count[GROUPED_BYTES], speed[GROUPED_BYTES];
    if (progress->terminal)
        fputs("\r\033[K", stderr);
    if (progress->terminal && share >= 0)
        draw_bar(share);
    else if (share >= 0)
        fprintf(stderr, "%3d %%  ", (int)(share * 100));
    fprintf(stderr, "%s rows  %s rows/s", grouped(rows, count),
            grouped((i64)((f64)rows / seconds), speed));
    if (share > 0)
        fprintf(stderr, "  %.0f s left", seconds * (1 - share) / share);
    if (!progress->terminal)
        fputc('\n', stderr);
    progress->drawn = progress->terminal;
}

void progress_clear(Progress *progress)
{
    if (progress->drawn)
        fputs("\r\033[K", stderr);
    progress->drawn = false;
}
