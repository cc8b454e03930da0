/* SPDX-License-Identifier: Apache-2.0
 *
 * Little-endian numbers in byte strings: a writer over a Buffer that remembers its first failure,
 * and a reader that never leaves its bytes: what it reads behind the end is zero, and `bad` tells.
 *
 * Ownership law: both refer to the caller's memory.
 */
#ifndef GOTGAN_BYTES_H
#define GOTGAN_BYTES_H

#include "base/buffer.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "disk formats are little endian");

typedef struct ByteWriter {
    Buffer *buffer;
    Error *error;
    bool failed; /* error is filled; later writes do nothing */
} ByteWriter;

static inline void write_bytes(ByteWriter *w, const void *bytes, i64 len)
{
    if (!w->failed && !buffer_append(w->buffer, bytes, len, w->error))
        w->failed = true;
}
static inline void write_u8(ByteWriter *w, u8 value)
{
    write_bytes(w, &value, sizeof value);
}
static inline void write_u16(ByteWriter *w, u16 value)
{
    write_bytes(w, &value, sizeof value);
}
static inline void write_u32(ByteWriter *w, u32 value)
{
    write_bytes(w, &value, sizeof value);
}
static inline void write_u64(ByteWriter *w, u64 value)
{
    write_bytes(w, &value, sizeof value);
}
/* u32 length, then the bytes. */
static inline void write_text(ByteWriter *w, Text text)
{
    write_u32(w, (u32)text.len);
    write_bytes(w, text.data, text.len);
}
/* Seven bits a byte, low ones first; the top bit says that more follow. */
static inline void write_varint(ByteWriter *w, u64 value)
{
    for (; value >= 128; value >>= 7)
        write_u8(w, (u8)(value | 128));
    write_u8(w, (u8)value);
}
/* Overwrites a number written before. */
static inline void patch_u32(ByteWriter *w, i64 at, u32 value)
{
    if (!w->failed)
        memcpy(w->buffer->data + at, &value, sizeof value);
}

typedef struct ByteReader {
    const u8 *at, *end;
    bool bad; /* something was asked for that is not there */
} ByteReader;

static inline ByteReader bytes_reader(const void *bytes, i64 len)
{
    return (ByteReader){bytes, (const u8 *)bytes + len, false};
}
/* The next len bytes, or NULL (and bad). */
static inline const u8 *read_bytes(ByteReader *r, i64 len)
{
    if (r->bad || len < 0 || r->end - r->at < len) {
        r->bad = true;
        return NULL;
    }
    const u8 *bytes = r->at;
    r->at += len;
    return bytes;
}
static inline u64 read_number(ByteReader *r, i32 width)
{
    const u8 *bytes = read_bytes(r, width);
    u64 value = 0;
    if (bytes)
        memcpy(&value, bytes, (size_t)width);
    return value;
}
static inline u8 read_u8(ByteReader *r)
{
    return (u8)read_number(r, 1);
}
static inline u16 read_u16(ByteReader *r)
{
    return (u16)read_number(r, 2);
}
static inline u32 read_u32(ByteReader *r)
{
    return (u32)read_number(r, 4);
}
static inline u64 read_u64(ByteReader *r)
{
    return read_number(r, 8);
}
static inline u64 read_varint(ByteReader *r)
{
    u64 value = 0;
    for (i32 shift = 0; shift < 64; shift += 7) {
        u8 byte = read_u8(r);
        value |= (u64)(byte & 127) << shift;
        if (byte < 128)
            return value;
    }
    r->bad = true;
    return 0;
}
static inline Text read_text(ByteReader *r)
{
    u32 len = read_u32(r);
    const u8 *bytes = read_bytes(r, len);
    return bytes ? (Text){(const char *)bytes, len} : (Text){NULL, 0};
}

#endif
