/* SPDX-License-Identifier: Apache-2.0
 *
 * ByteSource and ByteSink: bytes from or to somewhere: a client's CopyData, a file, a compressed
 * file. Neither blocks on a client: a source answers NOTHING_NOW, a sink FULL, and somebody wakes
 * the reader or writer later.
 *
 * Ownership law: the maker of a stream owns it and closes it; bytes handed out live until the next
 * call.
 */
#ifndef GOTGAN_STREAM_H
#define GOTGAN_STREAM_H

#include "base/error.h"

typedef enum ReadStatus { READ_BYTES, READ_NOTHING_NOW, READ_END, READ_FAILED } ReadStatus;

typedef struct ByteSource {
    /* Copies at most len bytes to `to`; READ_BYTES: *got > 0. */
    ReadStatus (*read)(void *state, void *to, i64 len, i64 *got, Error *error);
    void *state;
} ByteSource;

typedef enum SinkStatus { SINK_TAKEN, SINK_FULL, SINK_FAILED } SinkStatus;

typedef struct ByteSink {
    /* Takes all bytes (SINK_FULL: taken too, but wait before the next). */
    SinkStatus (*write)(void *state, const void *bytes, i64 len, Error *error);
    void *state;
    /* When row_head_bytes > 0 a writer of rows leaves that many bytes in front of each row, and has
     * row_head fill them; len counts them too. */
    i64 row_head_bytes;
    void (*row_head)(u8 *row, i64 len);
} ByteSink;

#endif
