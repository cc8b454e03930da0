/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs are written as differences: rows, then how load id and version differ from those of the run
 * before. Many small commits give many runs that look alike, which zstd folds: 131,072 rows
 * committed one by one take a few hundred bytes.
 */
#include "storage/origin.h"

#include <zstd.h>

#include "storage/footer.h"

enum { RUN_BYTES_MAX = 30, ZSTD_LEVEL = 1, PACKED_FROM = 64 };

bool origin_add(Buffer *runs, RowOrigin origin, i32 rows, Error *error)
{
    OriginRun *last = runs->len ? (OriginRun *)(runs->data + runs->len) - 1 : NULL;
    if (last && last->origin.load_id == origin.load_id && last->origin.version == origin.version) {
        last->rows += rows;
        return true;
    }
    OriginRun run = {origin, rows};
    return buffer_append(runs, &run, (i64)sizeof run, error);
}

/* Small for small differences of either sign. */
static u64 folded(u64 difference)
{
    return difference << 1 ^ (u64)((i64)difference >> 63);
}
static u64 unfolded(u64 number)
{
    return number >> 1 ^ (0 - (number & 1));
}

/* u32 runs, u32 bytes of them, u8 packed, the bytes. */
static bool wrap(i64 count, const Buffer *raw, Buffer *out, Error *error)
{
    ByteWriter w = {out, error, false};
    write_u32(&w, (u32)count);
    write_u32(&w, (u32)raw->len);
    size_t bound = ZSTD_compressBound((size_t)raw->len);
    if (w.failed || !buffer_reserve(out, (i64)bound + 1, error))
        return false;
    size_t packed = raw->len < PACKED_FROM ? (size_t)raw->len
                                           : ZSTD_compress(out->data + out->len + 1, bound,
                                                           raw->data, (size_t)raw->len, ZSTD_LEVEL);
    if (!ZSTD_isError(packed) && (i64)packed < raw->len) {
        write_u8(&w, 1);
        out->len += (i64)packed;
        return true;
    }
    write_u8(&w, 0);
    write_bytes(&w, raw->data, raw->len);
    return !w.failed;
}

bool origins_encode(const OriginRun *runs, i64 count, Arena *arena, Text *bytes, Error *error)
{
    Buffer raw, out;
    RowOrigin before = {0};
    buffer_open(&raw, NULL);
    buffer_open(&out, NULL);
    ByteWriter w = {&raw, error, false};
    for (i64 i = 0; i < count; i++) {
        write_varint(&w, (u64)runs[i].rows);
        write_varint(&w, folded(runs[i].origin.load_id - before.load_id));
        write_varint(&w, folded(runs[i].origin.version - before.version));
        before = runs[i].origin;
    }
    bool good = !w.failed && wrap(count, &raw, &out, error) &&
                arena_text(arena, (Text){(const char *)out.data, out.len}, bytes, error);
    buffer_close(&raw);
    buffer_close(&out);
    return good;
}

static bool damaged(Error *error)
{
    return error_set(error, E_DATA_CORRUPTED, "the origins of a row group's rows are damaged");
}

/* The runs' bytes, unpacked in arena. */
static bool unwrap(Text bytes, i32 rows, Arena *arena, u32 *count, ByteReader *raw, Error *error)
{
    ByteReader r = bytes_reader(bytes.data, bytes.len);
    *count = read_u32(&r);
    u32 len = read_u32(&r);
    u8 packed = read_u8(&r);
    if (r.bad || *count > (u32)rows || len > *count * (u64)RUN_BYTES_MAX || packed > 1)
        return damaged(error);
    u8 *room = arena_try(arena, (i64)len + 1, error);
    if (!room)
        return false;
    i64 have = r.end - r.at;
    if (packed ? ZSTD_decompress(room, len, r.at, (size_t)have) != len : have != (i64)len)
        return damaged(error);
    if (!packed)
        memcpy(room, r.at, len);
    *raw = bytes_reader(room, len);
    return true;
}

bool origins_decode(Text bytes, i32 rows, Arena *arena, OriginRun **runs, i32 *count, Error *error)
{
    u32 n;
    ByteReader r = {0};
    RowOrigin before = {0};
    i64 sum = 0;
    if (!unwrap(bytes, rows, arena, &n, &r, error))
        return false;
    OriginRun *list = arena_try(arena, (i64)(n + 1) * (i64)sizeof *list, error);
    if (!list)
        return false;
    for (u32 i = 0; i < n; i++) {
        u64 run = read_varint(&r);
        before.load_id += unfolded(read_varint(&r));
        before.version += unfolded(read_varint(&r));
        if (run == 0 || run > (u64)rows)
            return damaged(error);
        list[i] = (OriginRun){before, (i32)run};
        sum += (i64)run;
    }
    if (r.bad || r.at != r.end || sum != rows)
        return damaged(error);
    *runs = list;
    *count = (i32)n;
    return true;
}

bool row_group_origins(RowGroup *group, Arena *arena, OriginRun **runs, i32 *count, Error *error)
{
    const Footer *footer;
    const GroupAddress *address = &group->address;
    if (!row_group_footer(group, &footer, error))
        return false;
    if (footer->origins.len)
        return origins_decode(footer->origins, footer->rows, arena, runs, count, error);
    *runs = arena_try(arena, (i64)sizeof **runs, error);
    if (!*runs)
        return false;
    (*runs)[0] = (OriginRun){{address->load_id, address->version}, address->rows};
    *count = 1;
    return true;
}
