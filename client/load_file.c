/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading a file for COPY. What its name ends in says how it is written; .tbl files, as benchmark
 * generators write them, end each line with a delimiter that COPY would take for one more field.
 */
#include "client/load_file.h"

#include "base/text.h"

enum { HEAD_BYTES = 8 << 20, READ_BYTES_AT_ONCE = 256 << 10 };

static bool ends_with(Text text, Text end)
{
    return text.len >= end.len &&
           text_equal_ignoring_case(text_slice(text, text.len - end.len, text.len), end);
}

static void set_form(LoadFile *file, const LoadOptions *options)
{
    Text name = text_from(file->path);
    if (ends_with(name, TEXT(".gz")))
        name = text_slice(name, 0, name.len - 3);
    else if (ends_with(name, TEXT(".zst")))
        name = text_slice(name, 0, name.len - 4);
    bool tbl = ends_with(name, TEXT(".tbl")), tsv = ends_with(name, TEXT(".tsv"));
    bool text = options->format == FORMAT_TEXT || (options->format == FORMAT_BY_NAME && tbl);
    char delimiter = tbl ? '|' : tsv || text ? '\t' : ',';
    file->how = (Delimited){.form = text ? DELIMITED_TEXT : DELIMITED_CSV,
                            .delimiter = options->delimiter ? options->delimiter : delimiter,
                            .quote = '"',
                            .escape = '"'};
    file->null = options->null ? options->null : text && !tbl ? "\\N" : "";
    file->drops_trailing = tbl;
}

static void close_buffer(void *buffer)
{
    buffer_close(buffer);
}

/* Appends what the file holds until `bytes` are there; *ended: it holds no more. */
static bool read_into(LoadFile *file, Buffer *buffer, i64 bytes, bool *ended, Error *error)
{
    ByteSource source = file_stream_source(file->stream);
    while (buffer->len < bytes) {
        i64 got = 0;
        if (!buffer_reserve(buffer, READ_BYTES_AT_ONCE, error))
            return false;
        ReadStatus status =
            source.read(source.state, buffer->data + buffer->len, READ_BYTES_AT_ONCE, &got, error);
        if (status == READ_FAILED)
            return false;
        *ended = status == READ_END;
        if (*ended)
            return true;
        buffer->len += got;
    }
    return true;
}

bool load_file_open(Arena *arena, const LoadOptions *options, const char *path, LoadFile *file,
                    Error *error)
{
    static const u8 byte_order_mark[] = {0xef, 0xbb, 0xbf};
    *file = (LoadFile){.path = path};
    set_form(file, options);
    buffer_open(&file->head, NULL);
    buffer_open(&file->out, NULL);
    if (!arena_defer(arena, close_buffer, &file->head, error) ||
        !arena_defer(arena, close_buffer, &file->out, error) ||
        !file_stream_open(arena, path, &file->stream, error) ||
        !read_into(file, &file->head, HEAD_BYTES, &file->head_is_all, error))
        return false;
    if (file->head.len >= (i64)sizeof byte_order_mark &&
        memcmp(file->head.data, byte_order_mark, sizeof byte_order_mark) == 0)
        file->head_at = sizeof byte_order_mark;
    return true;
}

/* ---- lines: counted, and without the delimiter at their end ---- */

static void count_lines(LoadFile *file, const u8 *bytes, i64 len)
{
    bool csv = file->how.form == DELIMITED_CSV;
    for (i64 i = 0; i < len; i++) {
        file->inside ^= csv && bytes[i] == (u8)file->how.quote;
        file->rows += bytes[i] == '\n' && !file->inside;
    }
    if (len > 0)
        file->line_open = bytes[len - 1] != '\n';
}

static u8 *put_held(LoadFile *file, u8 *to)
{
    if (file->held > 0)
        *to++ = (u8)file->how.delimiter;
    if (file->held > 1)
        *to++ = '\r';
    file->held = 0;
    return to;
}

/* One byte of a .tbl file; a delimiter, and a carriage return behind it, wait for what follows. */
static u8 *put_byte(LoadFile *file, u8 byte, u8 *to)
{
    if (byte == '\n') {
        if (file->held > 1)
            *to++ = '\r';
        file->held = 0;
        file->escaped = false;
    } else if (file->held == 1 && byte == '\r') {
        file->held = 2;
        return to;
    } else {
        to = put_held(file, to);
    }
    if (byte == (u8)file->how.delimiter && !file->escaped) {
        file->held = 1;
        return to;
    }
    file->escaped = byte == '\\' && !file->escaped;
    *to++ = byte;
    return to;
}

static bool drop_trailing(LoadFile *file, const u8 **bytes, i64 *len, Error *error)
{
    file->out.len = 0;
    if (!buffer_reserve(&file->out, *len + 2, error))
        return false;
    u8 *to = file->out.data;
    for (i64 i = 0; i < *len; i++)
        to = put_byte(file, (*bytes)[i], to);
    *bytes = file->out.data;
    *len = to - file->out.data;
    return true;
}

bool load_file_next(LoadFile *file, const u8 **bytes, i64 *len, Error *error)
{
    Buffer *head = &file->head;
    do {
        *len = 0;
        if (file->head_at == head->len && !file->head_is_all) {
            head->len = file->head_at = 0; /* from now on the buffer of each step */
            if (!read_into(file, head, 1, &file->ended, error))
                return false;
        }
        *bytes = head->data + file->head_at;
        *len = min_i64(head->len - file->head_at, READ_BYTES_AT_ONCE);
        file->head_at += *len;
        if (*len == 0) {
            file->rows += file->line_open;
            file->line_open = false;
            return true;
        }
        count_lines(file, *bytes, *len);
        if (file->drops_trailing && !drop_trailing(file, bytes, len, error))
            return false;
    } while (*len == 0);
    return true;
}
