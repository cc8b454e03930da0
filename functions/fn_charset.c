/* SPDX-License-Identifier: Apache-2.0
 *
 * convert, convert_from, convert_to and the length of bytes in an encoding.
 *
 * Between two encodings that are not UTF-8 the way is through UTF-8. What a call opened stays open
 * for the rows of its chunk, which mostly name the same encoding.
 */
#include "base/charset.h"
#include "functions/text_make.h"

/* Both ways of one call. */
typedef struct Converter {
    Transcoder ways[2]; /* by TranscodeWay; charset NULL: not open */
    Buffer middle, out;
} Converter;

static bool find_charset(KernelCall *call, i32 arg, i32 i, const char *what,
                         const Charset **charset)
{
    Text name = arg_text(call, arg, i);
    *charset = charset_find(name);
    return *charset || error_set(call->error, E_INVALID_PARAMETER_VALUE,
                                 "invalid %sencoding name \"%.*s\"", what, ERROR_TEXT(name));
}

/* From or to UTF-8, into out. */
static bool convert_bytes(KernelCall *call, const Charset *charset, TranscodeWay way, Text bytes,
                          Buffer *out)
{
    Transcoder *t = &((Converter *)call->state)->ways[way];
    out->len = 0;
    if (charset->shape == SHAPE_NONE)
        return buffer_append(out, bytes.data, bytes.len, call->error);
    if (t->charset != charset) {
        if (t->charset)
            transcoder_close(t);
        if (!transcoder_open(t, charset, way, call->error)) {
            t->charset = NULL;
            return false;
        }
    }
    i64 taken;
    return transcode(t, bytes, true, out, &taken, call->error);
}

static bool put_buffer(KernelCall *call, i32 i, const Buffer *buffer)
{
    char *bytes = result_bytes(call, buffer->len + 1);
    if (!bytes || !look_copy(bytes, buffer->data, buffer->len, call->arena->budget, call->error))
        return false;
    return put_text(call, i, (Text){bytes, buffer->len});
}

static KernelStatus convert_rows(KernelCall *call, RowFunction row)
{
    Converter converter = {0};
    buffer_open(&converter.middle, call->arena->budget);
    buffer_open(&converter.out, call->arena->budget);
    KernelCall with_state = *call;
    with_state.state = &converter;
    KernelStatus status = each_row(&with_state, row);
    call->bad = with_state.bad;
    for (i32 way = 0; way < countof(converter.ways); way++)
        if (converter.ways[way].charset)
            transcoder_close(&converter.ways[way]);
    buffer_close(&converter.middle);
    buffer_close(&converter.out);
    return status;
}

static bool convert_from(KernelCall *call, i32 i)
{
    Converter *converter = call->state;
    const Charset *charset;
    i64 characters;
    Text bytes = arg_text(call, 0, i);
    Look look = call_look(call);
    return find_charset(call, 1, i, "source ", &charset) &&
           charset_length(charset, bytes, &characters, &look) &&
           convert_bytes(call, charset, FROM_CHARSET, bytes, &converter->out) &&
           utf8_check_long((Text){(const char *)converter->out.data, converter->out.len}, &look) &&
           put_buffer(call, i, &converter->out);
}

static KernelStatus convert_from_kernel(KernelCall *call)
{
    return convert_rows(call, convert_from);
}

static bool convert_to(KernelCall *call, i32 i)
{
    Converter *converter = call->state;
    const Charset *charset;
    return find_charset(call, 1, i, "destination ", &charset) &&
           convert_bytes(call, charset, TO_CHARSET, arg_text(call, 0, i), &converter->out) &&
           put_buffer(call, i, &converter->out);
}

static KernelStatus convert_to_kernel(KernelCall *call)
{
    return convert_rows(call, convert_to);
}

/* SQL_ASCII on either side takes bytes as they are, as long as the other side knows them. */
static bool convert_between(KernelCall *call, i32 i)
{
    Converter *converter = call->state;
    const Charset *from, *to;
    i64 characters;
    Text bytes = arg_text(call, 0, i);
    Look look = call_look(call);
    if (!find_charset(call, 1, i, "source ", &from) ||
        !find_charset(call, 2, i, "destination ", &to) ||
        !charset_length(from, bytes, &characters, &look))
        return false;
    if (from == to || charset_is_bytes(from) || charset_is_bytes(to))
        return charset_length(to, bytes, &characters, &look) && put_text(call, i, bytes);
    if (!convert_bytes(call, from, FROM_CHARSET, bytes, &converter->middle))
        return false;
    Text middle = {(const char *)converter->middle.data, converter->middle.len};
    return convert_bytes(call, to, TO_CHARSET, middle, &converter->out) &&
           put_buffer(call, i, &converter->out);
}

static KernelStatus convert_between_kernel(KernelCall *call)
{
    return convert_rows(call, convert_between);
}

static bool length_encoded(KernelCall *call, i32 i)
{
    const Charset *charset;
    i64 characters;
    Look look = call_look(call);
    return find_charset(call, 1, i, "", &charset) &&
           charset_length(charset, arg_text(call, 0, i), &characters, &look) &&
           put_i32(call, i, (i32)characters);
}
ROW_KERNEL(length_encoded)

// clang-format off
static const KernelRow rows[] = {
    {OP_CONVERT,        convert_between_kernel, 3, {LANE_STR, LANE_STR, LANE_STR}, LANE_STR, SCALE_FREE},
    {OP_CONVERT_FROM,   convert_from_kernel,    2, {LANE_STR, LANE_STR},           LANE_STR, SCALE_FREE},
    {OP_CONVERT_TO,     convert_to_kernel,      2, {LANE_STR, LANE_STR},           LANE_STR, SCALE_FREE},
    {OP_LENGTH_ENCODED, length_encoded_kernel,  2, {LANE_STR, LANE_STR},           LANE_I32, SCALE_FREE},
};
// clang-format on

const KernelTable charset_kernels = {rows, countof(rows)};
