/* SPDX-License-Identifier: Apache-2.0
 *
 * The footer of a row group: which segments it has, how they are encoded, where their frames are,
 * and what is known about their values. Byte table in FORMAT.md.
 *
 * Ownership law: counted and immutable once read; it owns everything it points to.
 */
#ifndef GOTGAN_FOOTER_H
#define GOTGAN_FOOTER_H

#include "storage/delta.h"
#include "storage/row_group.h"

enum {
    BLOCK_ROWS = 2048, /* in every flavour: the disk format does not change */
    BLOCK_WORDS = BLOCK_ROWS / 64,
    SKETCH_REGISTERS = 512, /* of the HLL: its relative error is 1.04 / sqrt(512) = 4.6 % */
    SAMPLE_ROWS = 128,
    FRAME_RAW_MAX = 1 << 30,
};

typedef enum EncodingKind {
    ENCODING_CONSTANT,   /* one value, or all NULL: no frames */
    ENCODING_FOR,        /* value - base, in 1, 2, 4 or 8 bytes */
    ENCODING_BITPACK,    /* value - base, in 1 to 32 bits */
    ENCODING_DICTIONARY, /* codes of a sorted dictionary, packed like BITPACK or FOR */
    ENCODING_PLAIN,      /* values of fixed width as they are */
    ENCODING_BYTES,      /* offsets and bytes: strings, numerics */
    ENCODING_COUNT,
} EncodingKind;

typedef struct Frame {
    i64 offset;      /* in the file */
    u32 stored, raw; /* bytes in the file, and decompressed */
    u32 crc;
    i32 first_block, block_count;
    bool packed; /* zstd */
} Frame;

/* What a block holds, for pruning: integers as they are, dictionary codes for strings. */
typedef struct Zone {
    i64 min, max; /* min > max: only NULLs */
} Zone;

typedef struct Segment {
    ColumnId column;
    Lane lane;
    EncodingKind encoding;
    u8 width;      /* bits of a code: 0 (all equal base), 1..32, 64 */
    u8 num_scale;  /* NUM kept as integers: their display scale */
    bool integers; /* values are integers (with base) whatever the lane */
    i64 base;
    i32 null_count;
    i32 entries;       /* of the dictionary */
    bool has_bounds;   /* min and max are known */
    Value min, max;    /* exact, of all rows written */
    i64 raw_bytes;     /* of the values before encoding */
    const Zone *zones; /* per block; NULL: none */
    const Frame *frames;
    i32 frame_count;
    Frame dictionary;
    const u8 *sketch; /* SKETCH_REGISTERS */
    Text quantiles;   /* quantile_sketch.h; empty: none */
} Segment;

struct Footer {
    Arena arena;
    i32 rows, block_count;
    i32 segment_count;
    Segment *segments; /* ascending by column id */
    Text sample;       /* a ROWS body (delta.h) of up to SAMPLE_ROWS rows */
    Text origins;      /* origin.h; empty: all rows have that of the address */
};

const Segment *footer_segment(const Footer *footer, ColumnId column);
/* The value that stands for an integer in an integer segment. */
Value segment_integer(const Segment *segment, i64 integer);
static inline i32 block_rows(const Footer *footer, i32 block)
{
    return (i32)min_i64(BLOCK_ROWS, footer->rows - (i64)block * BLOCK_ROWS);
}

void footer_write(ByteWriter *w, const Footer *footer);
/* A footer from its bytes (their CRC is right); NULL with XX001. */
must_check Footer *footer_parse(const u8 *bytes, i64 len, Error *error);
/* The row group's footer, read once; lives as long as the group. XX001 names file and offset. */
must_check bool row_group_footer(RowGroup *group, const Footer **footer, Error *error);

/* What checksums of a data file's parts start from. */
u32 data_crc_seed(const Storage *storage, u32 epoch, u32 counter, ColumnId column, i32 number);
enum { FOOTER_NUMBER = -1, DICTIONARY_NUMBER = -2, DELETES_NUMBER = -3 };

/* The HyperLogLog of Flajolet et al. (AofA 2007), over file hashes. */
void sketch_add(u8 registers[SKETCH_REGISTERS], u64 hash);
void sketch_merge(u8 registers[SKETCH_REGISTERS], const u8 *other);
f64 sketch_count(const u8 registers[SKETCH_REGISTERS]);

#endif
