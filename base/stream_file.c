/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading a file that may be compressed: raw bytes in one buffer, and one step per form that turns
 * them into the caller's bytes.
 */
#define _GNU_SOURCE
#include "base/stream_file.h"

#include <errno.h>
#include <sys/stat.h>
#include <zlib.h>
#include <zstd.h>

enum { RAW_BYTES = 128 << 10, MAGIC_BYTES = 4, GZIP_WINDOW = 15 + 16 };

typedef enum Compression { PLAIN, GZIP, ZSTD } Compression;

struct FileStream {
    FILE *file;
    const char *path;
    Compression form;
    bool ended;   /* no more bytes in the file */
    bool unwhole; /* inside a member or frame */
    i64 read_bytes;
    i64 raw_at, raw_len;
    z_stream gzip;
    ZSTD_DStream *zstd;
    u8 raw[RAW_BYTES];
};

static bool system_failed(Error *error, ErrorCode code, const char *what, const char *path)
{
    char cause[128];
    const char *text = strerror_r(errno, cause, sizeof cause);
    return error_set(error, code, "could not %s file \"%s\": %s", what, path, text);
}

static void stream_close(void *thing)
{
    FileStream *stream = thing;
    if (stream->form == GZIP)
        inflateEnd(&stream->gzip);
    if (stream->form == ZSTD)
        ZSTD_freeDStream(stream->zstd);
    if (stream->file != stdin)
        fclose(stream->file);
}

/* More raw bytes behind those there are; sets ended. */
static bool fill(FileStream *stream, Error *error)
{
    if (stream->raw_at == stream->raw_len)
        stream->raw_at = stream->raw_len = 0;
    size_t room = (size_t)(RAW_BYTES - stream->raw_len);
    size_t got = fread(stream->raw + stream->raw_len, 1, room, stream->file);
    if (got < room && ferror(stream->file))
        return system_failed(error, E_IO_ERROR, "read", stream->path);
    stream->ended = got < room;
    stream->raw_len += (i64)got;
    stream->read_bytes += (i64)got;
    return true;
}

static Compression compression_of(const u8 *magic, i64 len)
{
    static const u8 gzip[] = {0x1f, 0x8b}, zstd[] = {0x28, 0xb5, 0x2f, 0xfd};
    if (len >= (i64)sizeof gzip && memcmp(magic, gzip, sizeof gzip) == 0)
        return GZIP;
    if (len >= (i64)sizeof zstd && memcmp(magic, zstd, sizeof zstd) == 0)
        return ZSTD;
    return PLAIN;
}

static bool begin(FileStream *stream, Error *error)
{
    if (!fill(stream, error))
        return false;
    Compression form = compression_of(stream->raw, stream->raw_len);
    bool good = true;
    if (form == GZIP)
        good = inflateInit2(&stream->gzip, GZIP_WINDOW) == Z_OK;
    if (form == ZSTD)
        good = (stream->zstd = ZSTD_createDStream()) != NULL;
    if (!good)
        return error_set(error, E_OUT_OF_MEMORY, "out of memory");
    stream->form = form;
    return true;
}

bool file_stream_open(Arena *arena, const char *path, FileStream **made, Error *error)
{
    FileStream *stream = arena_try(arena, (i64)sizeof *stream, error);
    if (!stream)
        return false;
    stream->path = path;
    stream->file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
    if (!stream->file)
        return system_failed(error, errno == ENOENT ? E_UNDEFINED_FILE : E_IO_ERROR, "open", path);
    if (!arena_defer(arena, stream_close, stream, error))
        return false;
    *made = stream;
    return begin(stream, error);
}

/* ---- one step of each form: raw bytes to the caller's; *got may be 0 ---- */

static bool step_plain(FileStream *stream, void *to, i64 len, i64 *got)
{
    *got = min_i64(stream->raw_len - stream->raw_at, len);
    memcpy(to, stream->raw + stream->raw_at, (size_t)*got);
    stream->raw_at += *got;
    return true;
}

static bool step_gzip(FileStream *stream, void *to, i64 len, i64 *got)
{
    z_stream *z = &stream->gzip;
    i64 room = min_i64(len, 1 << 30);
    z->next_in = stream->raw + stream->raw_at;
    z->avail_in = (uInt)(stream->raw_len - stream->raw_at);
    z->next_out = to;
    z->avail_out = (uInt)room;
    stream->unwhole = true;
    int status = inflate(z, Z_NO_FLUSH);
    *got = room - z->avail_out;
    stream->raw_at = stream->raw_len - z->avail_in;
    if (status == Z_STREAM_END) {
        stream->unwhole = false;
        status = inflateReset(z);
    }
    return status == Z_OK || status == Z_BUF_ERROR;
}

static bool step_zstd(FileStream *stream, void *to, i64 len, i64 *got)
{
    ZSTD_inBuffer in = {stream->raw, (size_t)stream->raw_len, (size_t)stream->raw_at};
    ZSTD_outBuffer out = {to, (size_t)len, 0};
    size_t left = ZSTD_decompressStream(stream->zstd, &out, &in);
    stream->raw_at = (i64)in.pos;
    *got = (i64)out.pos;
    stream->unwhole = left != 0;
    return !ZSTD_isError(left);
}

static bool step(FileStream *stream, void *to, i64 len, i64 *got)
{
    switch (stream->form) {
    case PLAIN:
        return step_plain(stream, to, len, got);
    case GZIP:
        return step_gzip(stream, to, len, got);
    case ZSTD:
        return step_zstd(stream, to, len, got);
    }
    unreachable();
}

static ReadStatus stream_read(void *state, void *to, i64 len, i64 *got, Error *error)
{
    FileStream *stream = state;
    for (;;) {
        bool empty = stream->raw_at == stream->raw_len;
        /* what a form still holds comes out without new raw bytes */
        if (!empty || (stream->ended && stream->unwhole)) {
            if (!step(stream, to, len, got)) {
                error_set(error, E_BAD_COPY_FILE_FORMAT, "compressed file \"%s\" is damaged",
                          stream->path);
                return READ_FAILED;
            }
            if (*got > 0)
                return READ_BYTES;
            if (stream->raw_at < stream->raw_len)
                continue;
        }
        if (!stream->ended) {
            if (!fill(stream, error))
                return READ_FAILED;
            continue;
        }
        if (!stream->unwhole)
            return READ_END;
        error_set(error, E_BAD_COPY_FILE_FORMAT, "compressed file \"%s\" ends too early",
                  stream->path);
        return READ_FAILED;
    }
}

ByteSource file_stream_source(FileStream *stream)
{
    return (ByteSource){stream_read, stream};
}

i64 file_bytes(const char *path)
{
    struct stat status;
    bool regular = stat(path, &status) == 0 && S_ISREG(status.st_mode);
    return regular ? status.st_size : -1;
}

i64 file_stream_bytes_read(const FileStream *stream)
{
    return stream->read_bytes;
}
