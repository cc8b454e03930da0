/* SPDX-License-Identifier: Apache-2.0
 *
 * How far a load is: a bar that is drawn over itself on a terminal, a line every few seconds
 * elsewhere.
 */
#ifndef GOTGAN_PROGRESS_H
#define GOTGAN_PROGRESS_H

#include "base/platform.h"

typedef struct Progress {
    Platform *platform;
    bool quiet, terminal;
    i64 total_bytes; /* -1: unknown */
    i64 start_us, shown_us;
    bool drawn; /* a bar stands on the line */
} Progress;

void progress_open(Progress *progress, bool quiet, i64 total_bytes);
/* Draws when it is time to. */
void progress_show(Progress *progress, i64 bytes, i64 rows);
/* Takes the bar away. */
void progress_clear(Progress *progress);
f64 progress_seconds(const Progress *progress);
/* 1234567 as 1,234,567. */
enum { GROUPED_BYTES = 32 };
const char *grouped(i64 number, char out[GROUPED_BYTES]);

#endif
