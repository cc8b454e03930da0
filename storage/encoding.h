/* SPDX-License-Identifier: Apache-2.0
 *
 * Encodings: how the values of a segment lie in its blocks. One file per family, one row in
 * encoding.c; FORMAT.md has the byte tables.
 *
 * A block holds up to 2,048 rows. Integers of every lane (and decimals and numerics that are whole
 * at one scale) are kept as code = value - base, so that base, width and bounds are the same
 * business for all of them.
 */
#ifndef GOTGAN_ENCODING_H
#define GOTGAN_ENCODING_H

#include "storage/footer.h"
#include "storage/row_builder.h"

/* The rows of one block on their way into it. */
typedef struct BlockSource {
    const BuilderColumn *column;
    i32 from, n;
    const u32 *codes; /* DICTIONARY: of the whole row group */
} BlockSource;

/* Where a block's rows go. */
typedef struct BlockTarget {
    Lane lane;    /* asked for; integers of any width for integer segments, else the segment's */
    void *values; /* room for BLOCK_ROWS values (BOOL: bits); not DICTIONARY */
    u32 *codes;   /* DICTIONARY: room for BLOCK_ROWS */
    const u64 *valid; /* the block's validity, NULL: no NULLs */
    Arena *arena;     /* for limbs */
} BlockTarget;

typedef struct Encoding {
    const char *name; /* as force_encoding gives it */
    /* Appends the block's bytes, validity not included. */
    bool (*encode)(const Segment *segment, const BlockSource *source, Buffer *out, Error *error);
    /* Reads n rows; checks every length (XX001). What it refers to lives as long as bytes. */
    bool (*decode)(const Segment *segment, const u8 *bytes, i64 len, i32 n,
                   const BlockTarget *target, Error *error);
} Encoding;

extern const Encoding encoding_table[ENCODING_COUNT];
bool encoding_damaged(Error *error); /* XX001, false */

/* ---- integers (encoding_integer.c) ---- */

/* The rows as i64, NULLs 0. False: some value is not a whole number of 64 bits (or NUM scales
 * differ); *scale: of NUM. */
bool integers_load(const BuilderColumn *column, i32 from, i32 n, i64 *values, i32 *scale);
/* The width that holds codes up to `largest`: byte-aligned when that wastes at most 15 %. */
u8 integer_width(u64 largest, EncodingKind *encoding);
/* Codes of at most 32 bits, unpacked; also those of dictionaries. */
/* Codes that codes_decode gave (value - base) in the target's lane. */
must_check bool integer_store(const Segment *segment, const u32 *codes, i32 n,
                              const BlockTarget *target, Error *error);
bool codes_decode(u8 width, const u8 *bytes, i64 len, i32 n, u32 codes[BLOCK_ROWS], Error *error);
bool codes_encode(u8 width, const u32 *codes, i32 n, Buffer *out, Error *error);

bool integer_encode(const Segment *segment, const BlockSource *source, Buffer *out, Error *error);
bool integer_decode(const Segment *segment, const u8 *bytes, i64 len, i32 n,
                    const BlockTarget *target, Error *error);

/* ---- strings and fixed values ---- */

bool dictionary_encode(const Segment *segment, const BlockSource *source, Buffer *out,
                       Error *error);
bool dictionary_decode(const Segment *segment, const u8 *bytes, i64 len, i32 n,
                       const BlockTarget *target, Error *error);
/* A sorted dictionary of the column: entries and a code per row, in arena. *entries NULL: it has
 * too many values to be worth it. */
must_check bool dictionary_build(const BuilderColumn *column, i32 rows, Arena *arena,
                                 const Str **entries, i32 *count, u32 **codes, bool force,
                                 Error *error);

bool plain_encode(const Segment *segment, const BlockSource *source, Buffer *out, Error *error);
bool plain_decode(const Segment *segment, const u8 *bytes, i64 len, i32 n,
                  const BlockTarget *target, Error *error);
bool bytes_encode(const Segment *segment, const BlockSource *source, Buffer *out, Error *error);
bool bytes_decode(const Segment *segment, const u8 *bytes, i64 len, i32 n,
                  const BlockTarget *target, Error *error);
/* Strings as u32 offsets[count + 1] and bytes: blocks of BYTES and dictionaries. */
bool strings_encode(const Str *strings, i32 count, Buffer *out, Error *error);
bool strings_decode(const u8 *bytes, i64 len, i32 count, Str *strings, Error *error);

#endif
