/* SPDX-License-Identifier: Apache-2.0
 *
 * base/stream_file: plain, gzip and zstd give the same bytes, frames may follow each other, and a
 * file that is cut anywhere is an error or (plain) just shorter.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/buffer.h"
#include "base/stream_file.h"

enum { TEXT_BYTES = 300000, FRAMES = 3 };

static u8 text[TEXT_BYTES];
static char path[] = "/tmp/gotgan-stream-XXXXXX";

static int make_text(void **state)
{
    u32 x = 1;
    for (i64 i = 0; i < TEXT_BYTES; i++) {
        x = x * 1103515245 + 12345;
        text[i] = (u8)("abcdefgh\n"[(x >> 16) % 9]);
    }
    int file = mkstemp(path);
    close(file);
    return 0;
}

static int remove_file(void **state)
{
    return unlink(path);
}

static void write_file(const void *bytes, i64 len)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, (size_t)len, file), len);
    fclose(file);
}

/* Everything the file gives, in steps of step bytes; the last answer. */
static ReadStatus read_file(i64 step, Buffer *out, Error *error)
{
    Arena arena;
    FileStream *stream;
    arena_open(&arena, NULL);
    buffer_open(out, NULL);
    bool opened = file_stream_open(&arena, path, &stream, error);
    assert_true(opened);
    ByteSource source = file_stream_source(stream);
    ReadStatus status;
    for (;;) {
        i64 got;
        bool reserved = buffer_reserve(out, step, error);
        assert_true(reserved);
        status = source.read(source.state, out->data + out->len, step, &got, error);
        if (status != READ_BYTES)
            break;
        out->len += got;
    }
    arena_close(&arena);
    return status;
}

static void check_whole(void)
{
    static const i64 steps[] = {7, 4096, 1 << 20};
    for (i32 i = 0; i < countof(steps); i++) {
        Buffer out;
        Error error;
        assert_int_equal(read_file(steps[i], &out, &error), READ_END);
        assert_int_equal(out.len, TEXT_BYTES);
        assert_memory_equal(out.data, text, TEXT_BYTES);
        buffer_close(&out);
    }
}

static void check_cut(const u8 *bytes, i64 len)
{
    static const i64 cuts[] = {1, 5, 100, 5000};
    for (i32 i = 0; i < countof(cuts); i++) {
        Buffer out;
        Error error;
        write_file(bytes, len - cuts[i]);
        assert_int_equal(read_file(4096, &out, &error), READ_FAILED);
        assert_int_equal(error.code, E_BAD_COPY_FILE_FORMAT);
        buffer_close(&out);
    }
}

static void plain(void **state)
{
    write_file(text, TEXT_BYTES);
    check_whole();
}

static void zstd_frames(void **state)
{
    static u8 packed[TEXT_BYTES * 2];
    i64 len = 0, part = TEXT_BYTES / FRAMES;
    for (i32 i = 0; i < FRAMES; i++)
        len += (i64)ZSTD_compress(packed + len, sizeof packed - (size_t)len, text + i * part,
                                  (size_t)part, 1);
    write_file(packed, len);
    check_whole();
    check_cut(packed, len);
}

static i64 gzip_part(u8 *to, i64 room, const u8 *from, i64 len)
{
    z_stream z = {
        .next_in = (u8 *)from, .avail_in = (uInt)len, .next_out = to, .avail_out = (uInt)room};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return room - z.avail_out;
}

static void gzip_members(void **state)
{
    static u8 packed[TEXT_BYTES * 2];
    i64 len = 0, part = TEXT_BYTES / FRAMES;
    for (i32 i = 0; i < FRAMES; i++)
        len += gzip_part(packed + len, (i64)sizeof packed - len, text + i * part, part);
    write_file(packed, len);
    check_whole();
    check_cut(packed, len);
}

static void damaged(void **state)
{
    static u8 packed[TEXT_BYTES];
    i64 len = gzip_part(packed, sizeof packed, text, TEXT_BYTES);
    packed[len / 2] ^= 0x55;
    write_file(packed, len);
    Buffer out;
    Error error;
    assert_int_equal(read_file(4096, &out, &error), READ_FAILED);
    assert_int_equal(error.code, E_BAD_COPY_FILE_FORMAT);
    buffer_close(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain),
        cmocka_unit_test(zstd_frames),
        cmocka_unit_test(gzip_members),
        cmocka_unit_test(damaged),
    };
    return cmocka_run_group_tests(tests, make_text, remove_file);
}
