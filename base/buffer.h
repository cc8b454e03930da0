/* SPDX-License-Identifier: Apache-2.0
 *
 * Buffer: one growing run of bytes, 64-byte aligned, counted by a budget. Column data, hash
 * tables, sort runs and message buffers are Buffers.
 *
 * Ownership law: one struct owns a Buffer and closes it; pointers into it die when it grows.
 */
#ifndef GOTGAN_BUFFER_H
#define GOTGAN_BUFFER_H

#include "base/budget.h"

typedef struct Buffer {
    u8 *data;
    i64 len;        /* bytes in use */
    i64 capacity;   /* bytes held; 64 more are readable behind them */
    Budget *budget; /* NULL: not counted */
} Buffer;

void buffer_open(Buffer *buffer, Budget *budget);
void buffer_close(Buffer *buffer);
/* Room for `bytes` more behind len; at least doubles. Existing bytes are kept. */
must_check bool buffer_reserve(Buffer *buffer, i64 bytes, Error *error);
must_check bool buffer_append(Buffer *buffer, const void *bytes, i64 count, Error *error);
/* len = bytes; new bytes are zero. */
must_check bool buffer_resize(Buffer *buffer, i64 bytes, Error *error);
/* Gives memory back when capacity is above keep_bytes and len is 0. */
void buffer_shrink(Buffer *buffer, i64 keep_bytes);

#endif
