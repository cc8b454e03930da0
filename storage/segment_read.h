/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading a column of a row group block by block: the frame in hand stays pinned while its blocks
 * are read, the dictionary as long as the reader is open.
 *
 * Ownership law: one thread's. Strings of a block live until the reader moves to another frame or
 * is closed; dictionary entries until it is closed.
 */
#ifndef GOTGAN_SEGMENT_READ_H
#define GOTGAN_SEGMENT_READ_H

#include "storage/cache.h"

typedef struct SegmentReader {
    RowGroup *group;
    const Footer *footer;
    const Segment *segment;
    const Budget *statement; /* whose interrupt ends reading; NULL: nobody's */
    i32 column_number;       /* of the segment in its footer */
    i32 frame_number;        /* in hand; -1: none */
    CachedFrame *frame;
    CachedFrame *dictionary;
    Vector entries; /* FLAT over the dictionary's strings */
} SegmentReader;

/* segment is one of footer's. */
void segment_reader_open(SegmentReader *reader, RowGroup *group, const Footer *footer,
                         const Segment *segment, const Budget *statement);
void segment_reader_close(SegmentReader *reader);
/* Pins the dictionary (a DICTIONARY segment) and fills reader->entries. */
must_check bool segment_dictionary(SegmentReader *reader, Error *error);
/* The block's rows as a FLAT, CONSTANT or DICTIONARY vector in lane `to`; arrays in arena. */
must_check bool segment_block(SegmentReader *reader, i32 block, Type type, Lane to, Arena *arena,
                              Vector *vector, Error *error);

/* The block as codes, value - base, which RANGE filters can be tried on before anything is decoded.
 */
typedef struct BlockCodes {
    u32 *codes; /* BLOCK_ROWS of them; NULL: not read */
    u64 *valid; /* NULL: no NULLs */
} BlockCodes;

/* Are the segment's values codes of at most 32 bits, and does the lane hold them without change? */
bool segment_has_codes(const SegmentReader *reader, Lane to);
must_check bool segment_codes(SegmentReader *reader, i32 block, Arena *arena, BlockCodes *codes,
                              Error *error);
/* What segment_block gives, from codes already read. */
must_check bool segment_block_of_codes(SegmentReader *reader, i32 block, const BlockCodes *codes,
                                       Type type, Lane to, Arena *arena, Vector *vector,
                                       Error *error);

#endif
