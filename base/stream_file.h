/* SPDX-License-Identifier: Apache-2.0
 *
 * A file as a ByteSource, read from front to back: plain, or compressed with gzip or zstd, which
 * its first bytes tell. Members of gzip and frames of zstd may follow each other.
 *
 * Ownership law: the arena owns the stream and closes it.
 */
#ifndef GOTGAN_STREAM_FILE_H
#define GOTGAN_STREAM_FILE_H

#include "base/arena.h"
#include "base/stream.h"

typedef struct FileStream FileStream;

/* "-" is the standard input. 58P01 when there is no such file, 58030. */
must_check bool file_stream_open(Arena *arena, const char *path, FileStream **stream, Error *error);
/* Never answers READ_NOTHING_NOW; READ_FAILED: 58030, or 22P04 when compressed data is damaged or
 * ends too early. */
ByteSource file_stream_source(FileStream *stream);
/* Bytes read from the file so far, compressed as they are. */
i64 file_stream_bytes_read(const FileStream *stream);

/* Bytes of a regular file; -1: unknown. Opens nothing. */
i64 file_bytes(const char *path);

#endif
