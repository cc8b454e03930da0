/* SPDX-License-Identifier: Apache-2.0
 *
 * Functions that do not compile here: each has a safer word in base/. A file of base/ that must
 * call one (the allocator, the platform) defines GOTGAN_BASE_MAY_ALLOCATE before its first include.
 *
 * strcpy & co: unbounded. sprintf: use error_set, text_format or snprintf. strtok: hidden state.
 * atoi & co: no error; use integer.h. gmtime & co: libc time; use types/timestamp.h.
 * setenv: not thread-safe. setlocale: process-wide. malloc: memory is asked for before it is taken.
 */
#ifndef GOTGAN_BANNED_H
#define GOTGAN_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* gcc holds the ban; clang cannot poison what its fortified headers define as macros. */
#ifndef __clang__
#pragma GCC poison strcpy strcat strncpy strncat stpcpy sprintf vsprintf gets strtok strtok_r
#pragma GCC poison atoi atol atoll atof gmtime gmtime_r localtime localtime_r mktime strftime
#pragma GCC poison setenv putenv setlocale strerror
#ifndef GOTGAN_BASE_MAY_ALLOCATE
#pragma GCC poison malloc calloc realloc free strdup strndup asprintf vasprintf aligned_alloc
#endif
#endif

#endif
