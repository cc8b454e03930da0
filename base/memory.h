/* SPDX-License-Identifier: Apache-2.0
 *
 * Large pieces of memory: what arenas and Buffers hold their blocks in.
 *
 * From MEMORY_LARGE up, pieces are powers of two cut out of 64 MB slabs; a freed piece stays with
 * the process, because memory the kernel has never given is several times slower to touch than
 * memory that was used before. memory_trim gives whole free slabs back. Smaller pieces are
 * malloc's.
 *
 * Ownership law: whoever allocated frees, with the size that memory_size told. Thread-safe.
 */
#ifndef GOTGAN_MEMORY_H
#define GOTGAN_MEMORY_H

#include "base/base.h"

enum { MEMORY_LARGE = 64 << 10 };

/* The bytes a request of `bytes` really takes: ask the budget for these. */
i64 memory_size(i64 bytes);
/* size from memory_size; 64-byte aligned, content arbitrary; NULL: the system has none. */
void *memory_take(i64 size);
void memory_give(void *memory, i64 size);
/* The piece with another size, its first `used` bytes kept; NULL: as it was. */
void *memory_regrow(void *piece, i64 size, i64 used, i64 new_size);
/* Unmaps slabs no piece of which is in use; returns the bytes given back. */
i64 memory_trim(void);

#endif
