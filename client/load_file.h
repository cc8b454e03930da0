/* SPDX-License-Identifier: Apache-2.0
 *
 * A file to be loaded: its first bytes, to be looked at, then all its bytes as COPY wants them.
 *
 * Ownership law: the arena given at opening owns everything; bytes handed out live until the next
 * call.
 */
#ifndef GOTGAN_LOAD_FILE_H
#define GOTGAN_LOAD_FILE_H

#include "base/buffer.h"
#include "base/stream_file.h"
#include "client/load_options.h"

typedef struct LoadFile {
    const char *path;
    FileStream *stream;
    Delimited how;
    const char *null;    /* what stands for NULL */
    bool drops_trailing; /* the delimiter at the end of a line goes away */
    Buffer head;         /* the first bytes, as they are in the file */
    i64 head_at;         /* handed out so far; behind a byte order mark at first */
    bool head_is_all;
    Buffer out;   /* bytes changed for COPY */
    i64 held;     /* of "|\r": bytes not yet known to be a line's end */
    bool escaped; /* the byte before was a backslash that counts */
    bool inside;  /* csv: inside quotes */
    bool ended, line_open;
    i64 rows; /* lines handed out, the header among them */
} LoadFile;

must_check bool load_file_open(Arena *arena, const LoadOptions *options, const char *path,
                               LoadFile *file, Error *error);
/* The next bytes for COPY; *len is 0 at the end. */
must_check bool load_file_next(LoadFile *file, const u8 **bytes, i64 *len, Error *error);

#endif
