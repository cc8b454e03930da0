/* SPDX-License-Identifier: Apache-2.0
 *
 * Text to values, a column at a time: COPY, literals, text parameters and casts from text all come
 * through here, so that every type has one reader.
 */
#ifndef GOTGAN_TEXT_IN_H
#define GOTGAN_TEXT_IN_H

#include "types/vector.h"

typedef struct TextIn {
    Type type; /* typmod is applied: varchar(n) 22001, numeric(p,s) rounds or 22003 ... */
    Lane lane; /* type_lane(type), or a narrower integer */
    const FormatSettings *format;
    Arena *arena; /* owns the strings and limbs made; strings are copied only when they must */
} TextIn;

/* Reads texts[0..n) into rows first.. of a FLAT vector with validity; a text with data == NULL is
 * NULL. Strings refer to the texts unless they had to change. False: *bad is the index of the
 * text that cannot be read. */
must_check bool text_in_column(const TextIn *in, const Text *texts, i32 n, Vector *out, i32 first,
                               i32 *bad, Error *error);
/* One value. */
must_check bool text_in_value(const TextIn *in, Text text, Value *value, Error *error);

/* The readers of single types that kernels share. Texts and states as PostgreSQL's: 22P02
 * `invalid input syntax for type integer: "x"`, 22003 `value "x" is out of range for type ...`. */
must_check bool bool_parse(Text text, bool *value, Error *error);
must_check bool int2_parse(Text text, i64 *value, Error *error);
must_check bool int4_parse(Text text, i64 *value, Error *error);
must_check bool int8_parse(Text text, i64 *value, Error *error);
must_check bool oid_parse(Text text, i64 *value, Error *error);
must_check bool float4_parse(Text text, f32 *value, Error *error);
must_check bool float8_parse(Text text, f64 *value, Error *error);
must_check bool uuid_parse(Text text, u8 *bytes, Error *error);
/* "char": the first byte, or what four characters \ooo name; 0 is no byte. */
must_check bool char_parse(Text text, Arena *arena, Text *byte, Error *error);
/* Hex or escape form into arena. */
must_check bool bytea_parse(Text text, Arena *arena, Text *bytes, Error *error);

#endif
