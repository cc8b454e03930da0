/* SPDX-License-Identifier: Apache-2.0
 *
 * Str: a string in a vector, 16 bytes: length and either the whole text (<= 12 bytes, zero padded)
 * or its first 4 bytes and a pointer. Equal short strings are two equal words; most unequal ones
 * differ in the first word. Order is byte order.
 *
 * Ownership law: the pointer's bytes belong to whoever StringLife of the vector names.
 */
#ifndef GOTGAN_STR_H
#define GOTGAN_STR_H

#include "base/base.h"

enum { STR_INLINE_MAX = 12 };

typedef struct Str {
    u32 len; /* bytes */
    char prefix[4];
    union {
        char rest[8];        /* len <= 12: bytes 4..11, zero padded */
        const char *pointer; /* else: all len bytes */
    };
} Str;
_Static_assert(sizeof(Str) == 16, "Str is two words");

/* Refers to data (when long): does not copy. */
static inline Str str_from(const char *data, i64 len)
{
    assert(len >= 0 && len <= UINT32_MAX);
    Str s = {.len = (u32)len};
    if (len <= STR_INLINE_MAX) {
        if (len)
            memcpy((char *)&s + offsetof(Str, prefix), data, (size_t)len);
        return s;
    }
    memcpy(s.prefix, data, 4);
    s.pointer = data;
    return s;
}
static inline Str str_from_text(Text text)
{
    return str_from(text.data, text.len);
}

/* The bytes; for a short string they lie inside *s. */
static inline const char *str_data(const Str *s)
{
    return s->len <= STR_INLINE_MAX ? (const char *)s + offsetof(Str, prefix) : s->pointer;
}
static inline Text str_text(const Str *s)
{
    return (Text){str_data(s), s->len};
}

static inline bool str_equal(const Str *a, const Str *b)
{
    u64 first_a, first_b;
    memcpy(&first_a, a, 8);
    memcpy(&first_b, b, 8);
    if (first_a != first_b)
        return false;
    if (a->len <= STR_INLINE_MAX)
        return memcmp(a->rest, b->rest, 8) == 0;
    return a->pointer == b->pointer || memcmp(a->pointer, b->pointer, a->len) == 0;
}

/* <0, 0, >0 in byte order. */
static inline int str_compare(const Str *a, const Str *b)
{
    u32 common = a->len < b->len ? a->len : b->len;
    int order = common ? memcmp(str_data(a), str_data(b), common) : 0;
    return order ? order : (a->len > b->len) - (a->len < b->len);
}

#endif
