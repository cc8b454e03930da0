/* SPDX-License-Identifier: Apache-2.0
 *
 * CRC-32C (Castagnoli, reflected polynomial 0x82f63b78): the one checksum of everything on disk.
 */
#ifndef GOTGAN_CRC32C_H
#define GOTGAN_CRC32C_H

#include "base/base.h"

/* Continues crc (0 to start) over bytes: crc32c(crc32c(0, a), b) = crc32c(0, ab). */
u32 crc32c(u32 crc, const void *bytes, i64 len);
/* The same by table, one byte at a time: the reference the fast form is tested against, and the
 * form of processors without SSE4.2. */
u32 crc32c_by_table(u32 crc, const void *bytes, i64 len);

#endif
