/* SPDX-License-Identifier: Apache-2.0
 *
 * Error: what went wrong, as a fixed-size value with its text inside, so that reporting
 * out-of-memory needs no memory.
 *
 * The durable world (base, types, functions, storage, server/) returns: `must_check bool f(...,
 * Error *error)`, false after filling *error. The query world throws, see base/query.h.
 * Message style is PostgreSQL's: lower case, no full stop; detail and hint are sentences.
 */
#ifndef GOTGAN_ERROR_H
#define GOTGAN_ERROR_H

#include "base/base.h"

typedef enum ErrorCode {
#define X(name, sqlstate) E_##name,
#include "base/errors.def"
#undef X
} ErrorCode;

/* The object an error is about: the s, t, c, d and n fields of ErrorResponse. */
typedef struct ErrorObject {
    char schema[64], table[64], column[64], datatype[64], constraint[64];
} ErrorObject;

typedef struct Error {
    ErrorCode code;     /* E_SUCCESSFUL_COMPLETION: no error */
    i32 position;       /* 1-based byte offset into the statement's text; 0: unknown */
    char message[1024]; /* NUL-terminated, cut at a character */
    char detail[1024];  /* "" = none */
    char hint[512];
    char context[512];
    ErrorObject object;
    const char *routine; /* a literal: PostgreSQL's function, where drivers go by it; NULL */
} Error;

/* The two arguments of a "%.*s" that shows a value, which may be a gigabyte: no more of it than a
 * message has room for. */
#define ERROR_TEXT(text) (int)min_i64((text).len, (i64)sizeof((Error *)NULL)->message), (text).data

/* Fills error and clears its other fields. Always returns false: `return error_set(...)`. */
bool error_set(Error *error, ErrorCode code, const char *format, ...) printf_like(3, 4);
/* Add to an error just set; both return false. */
bool error_detail(Error *error, const char *format, ...) printf_like(2, 3);
bool error_hint(Error *error, const char *format, ...) printf_like(2, 3);
bool error_context(Error *error, const char *format, ...) printf_like(2, 3);

/* The five characters of a code. */
const char *error_sqlstate(ErrorCode code);

#endif
