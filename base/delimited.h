/* SPDX-License-Identifier: Apache-2.0
 *
 * Delimited: bytes to lines and fields, for the text and csv forms of COPY. It knows quotes,
 * escapes and line ends; no NULLs, no types.
 *
 * Ownership law: fields are offsets into the caller's bytes; nothing is kept between calls. 64
 * bytes behind the data must be readable.
 */
#ifndef GOTGAN_DELIMITED_H
#define GOTGAN_DELIMITED_H

#include "base/base.h"

typedef enum DelimitedForm { DELIMITED_TEXT, DELIMITED_CSV } DelimitedForm;

typedef struct Delimited {
    DelimitedForm form;
    char delimiter;
    char quote, escape; /* csv */
} Delimited;

typedef struct DelimitedField {
    i64 offset;   /* into the bytes */
    i32 len;      /* as written, quotes and escapes included */
    bool quoted;  /* csv: had quotes */
    bool escaped; /* text: has backslashes */
} DelimitedField;

typedef enum LineStatus {
    LINE_WHOLE,
    LINE_UNFINISHED,      /* more bytes are needed */
    LINE_END_MARK,        /* a line that is only \. */
    LINE_UNTERMINATED,    /* csv: the bytes end inside quotes */
    LINE_CARRIAGE_RETURN, /* a bare carriage return */
    LINE_TOO_LONG,        /* above 1 GB */
} LineStatus;

typedef struct DelimitedLine {
    LineStatus status;
    i64 bytes;      /* of the line, its end included */
    i64 text_bytes; /* without its end */
    i32 fields;     /* found; only the first `room` are written */
    i32 breaks;     /* csv: line ends inside quotes */
} DelimitedLine;

/* The line that begins at data[from]; len: bytes there are; at_end: no more will come. */
DelimitedLine delimited_line(const Delimited *how, const char *data, i64 from, i64 len, bool at_end,
                             DelimitedField *fields, i32 room);

/* The field without escapes (text) or quotes (csv) into out, which has room for field->len bytes.
 * Returns the length; *made_bytes: an escape like \xff or \377 made bytes of its own. */
i32 delimited_unescape(const Delimited *how, const char *data, const DelimitedField *field,
                       char *out, bool *made_bytes);

#endif
