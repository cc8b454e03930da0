/* SPDX-License-Identifier: Apache-2.0
 *
 * Charset: an encoding of text, by PostgreSQL's names, and the way between it and UTF-8.
 * What a byte means is iconv's knowledge; where a character ends, and what is wrong with it, is
 * said here, in PostgreSQL's words.
 *
 * Ownership law: a Transcoder belongs to one thread and is closed by who opened it.
 */
#ifndef GOTGAN_CHARSET_H
#define GOTGAN_CHARSET_H

#include <iconv.h>

#include "base/buffer.h"
#include "base/look.h"

/* How long a character is and which bytes it may have. In all of them a byte below 0x80 at the
 * start of a character is ASCII. */
typedef enum CharsetShape {
    SHAPE_NONE,    /* UTF-8, or bytes that are taken for it */
    SHAPE_SINGLE,  /* one byte */
    SHAPE_EUC,     /* two, both from 0xa1 */
    SHAPE_EUC_JP,  /* and 0x8e with one, 0x8f with two behind it */
    SHAPE_EUC_TW,  /* and 0x8e with three behind it */
    SHAPE_DOUBLE,  /* two */
    SHAPE_SJIS,    /* two, or one from 0xa1 to 0xdf */
    SHAPE_GB18030, /* two or four */
    SHAPE_UNKNOWN, /* a name that is known, and nothing else */
} CharsetShape;

typedef struct Charset {
    const char *name; /* PostgreSQL's */
    const char *iconv_name;
    CharsetShape shape;
    const char *aliases[6]; /* letters and digits only */
} Charset;

/* By a name or an alias, of which letters (in any case) and digits count; NULL: there is none. */
const Charset *charset_find(Text name);

/* SQL_ASCII: any bytes but NUL. */
bool charset_is_bytes(const Charset *charset);
/* Characters of bytes; false: 22021, they are not all of this charset, or interrupted. */
must_check bool charset_length(const Charset *charset, Text bytes, i64 *characters, Look *look);

/* False: 22021 for the first bytes that are no UTF-8. */
must_check bool utf8_check(Text text, Error *error);
/* The same for bytes of any number. */
must_check bool utf8_check_long(Text text, Look *look);
/* Always false: 22021 for those at `at`. */
bool utf8_fail(Text text, i64 at, Error *error);

typedef enum TranscodeWay { FROM_CHARSET, TO_CHARSET } TranscodeWay;

typedef struct CharsetByte {
    u32 code_point;
    u8 byte;
} CharsetByte;

typedef struct Transcoder {
    const Charset *charset;
    TranscodeWay way;
    iconv_t conversion;     /* of characters with several bytes */
    u32 code_points[128];   /* SHAPE_SINGLE: of the bytes from 0x80; 0: none */
    CharsetByte bytes[128]; /* the same by code point */
    i32 byte_count;
} Transcoder;

/* False: 42883, there is no such conversion (nothing has to be closed). */
must_check bool transcoder_open(Transcoder *transcoder, const Charset *charset, TranscodeWay way,
                                Error *error);
void transcoder_close(Transcoder *transcoder);
/* Appends the whole characters of text to out, and says how many bytes they took: what is left is
 * the beginning of one, which `last` makes an error. False: 22021 (no character) or 22P05 (one the
 * other side does not have), at *taken; out has what is before it. Text to a charset is valid
 * UTF-8. */
must_check bool transcode(Transcoder *transcoder, Text text, bool last, Buffer *out, i64 *taken,
                          Error *error);

#endif
