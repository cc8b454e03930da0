/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole reads and writes over a Platform: loops over short transfers; a read that meets the end of
 * the file early is an error (XX001 when damaged data is the only explanation left to the caller).
 */
#ifndef GOTGAN_FILE_H
#define GOTGAN_FILE_H

#include "base/platform.h"

must_check bool file_read_all(Platform *platform, File *file, void *to, i64 len, i64 offset,
                              Error *error);
must_check bool file_write_all(Platform *platform, File *file, const void *from, i64 len,
                               i64 offset, Error *error);

#endif
