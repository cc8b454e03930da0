/* SPDX-License-Identifier: Apache-2.0
 *
 * Values to text, a column at a time, byte for byte PostgreSQL's: results, COPY TO and casts to
 * text all come through here.
 */
#ifndef GOTGAN_TEXT_OUT_H
#define GOTGAN_TEXT_OUT_H

#include "base/buffer.h"
#include "types/vector.h"

/* Where the text of each row lies in the buffer. */
typedef struct TextSpan {
    i64 offset; /* into the buffer's data */
    i32 len;    /* bytes; TEXT_SPAN_NULL: the row is NULL */
} TextSpan;
#define TEXT_SPAN_NULL (-1)

/* Appends the text of every selected row (sel NULL: 0..n-1) of a loaded vector to bytes and tells
 * in spans[i] where the i-th selected one lies. A CONSTANT is formatted once, a DICTIONARY once
 * per distinct code. */
must_check bool text_out_column(const Vector *vector, const Selection *sel, i32 n,
                                const FormatSettings *format, Buffer *bytes, TextSpan *spans,
                                Error *error);
/* Appends the text of one non-NULL value. */
must_check bool text_out_append(Type type, const Value *value, const FormatSettings *format,
                                Buffer *bytes, Error *error);
/* The text of one non-NULL value in arena. */
must_check bool text_out_value(Type type, const Value *value, const FormatSettings *format,
                               Arena *arena, Text *text, Error *error);

/* Writers of single types that kernels share; each returns the length. */
i32 i64_print(i64 value, char *out); /* at most 20 */
enum { FLOAT_TEXT_BYTES = 32, UUID_TEXT_BYTES = 36 };
i32 float4_print(f32 value, i32 extra_float_digits, char *out);
i32 float8_print(f64 value, i32 extra_float_digits, char *out);
i32 uuid_print(const u8 *bytes, char *out);

#endif
