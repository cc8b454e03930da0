/* SPDX-License-Identifier: Apache-2.0
 *
 * The words every file uses: fixed-width numbers, Text, and the few attributes C lacks names for.
 *
 * Ownership law: a Text never owns its bytes; whoever made them says how long they live.
 */
#ifndef GOTGAN_BASE_H
#define GOTGAN_BASE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/banned.h"

/* Set in the sanitizer flavours: gcc says so with a macro, clang with a feature test. */
#ifndef __has_feature
#define __has_feature(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define GOTGAN_ASAN 1
#endif
#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#define GOTGAN_TSAN 1
#endif

typedef int8_t i8;
typedef int16_t i16;
typedef int32_t i32;
typedef int64_t i64;
typedef __int128 i128;
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef unsigned __int128 u128;
typedef float f32;
typedef double f64;

#define countof(array) ((i32)(sizeof(array) / sizeof((array)[0])))
#define likely(condition) __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)
#define must_check __attribute__((warn_unused_result))
#define printf_like(nth, first) __attribute__((format(printf, nth, first)))
/* A function body instantiated with constant arguments, see architecture "kernels". */
#define TEMPLATE static inline __attribute__((always_inline))

/* Stops the program: an invariant of our own is broken. Stays on in every flavour; use at I/O
 * borders and wherever a wrong value would become a wrong answer. */
#define verify(condition) ((condition) ? (void)0 : verify_failed(#condition, __FILE__, __LINE__))
_Noreturn void verify_failed(const char *condition, const char *file, int line);

#ifdef NDEBUG
#define unreachable() __builtin_unreachable()
#else
#define unreachable() verify_failed("unreachable", __FILE__, __LINE__)
#endif

/* A slice of UTF-8 bytes, not NUL-terminated. {NULL, 0} is the empty text. */
typedef struct Text {
    const char *data;
    i64 len; /* bytes, >= 0 */
} Text;

/* The Text of a string literal. */
#define TEXT(literal) ((Text){(literal), (i64)sizeof(literal) - 1})
/* The two arguments a "%.*s" wants. */
#define TEXT_ARG(text) (int)(text).len, (text).data

static inline i64 min_i64(i64 a, i64 b)
{
    return a < b ? a : b;
}
static inline i64 max_i64(i64 a, i64 b)
{
    return a > b ? a : b;
}

/* bytes rounded up to a multiple of a power of two */
static inline i64 align_up(i64 bytes, i64 to)
{
    return (bytes + to - 1) & ~(to - 1);
}

/* The smallest power of two that is >= n (n >= 1). */
static inline u64 power_of_two_from(u64 n)
{
    return n <= 1 ? 1 : (u64)1 << (64 - __builtin_clzll(n - 1));
}

#endif
