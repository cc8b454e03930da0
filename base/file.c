/* SPDX-License-Identifier: Apache-2.0
 *
 * Loops over short transfers. A platform call that makes no progress without an error is a full
 * disk when writing and the end of the file when reading.
 */
#include "base/file.h"

bool file_read_all(Platform *platform, File *file, void *to, i64 len, i64 offset, Error *error)
{
    u8 *at = to;
    while (len > 0) {
        i64 got = 0;
        if (!platform->file_read(platform, file, at, len, offset, &got, error))
            return false;
        if (got == 0)
            return error_set(error, E_DATA_CORRUPTED,
                             "file ends at offset %lld, %lld bytes are missing", (long long)offset,
                             (long long)len);
        at += got;
        offset += got;
        len -= got;
    }
    return true;
}

bool file_write_all(Platform *platform, File *file, const void *from, i64 len, i64 offset,
                    Error *error)
{
    const u8 *at = from;
    while (len > 0) {
        i64 put = 0;
        if (!platform->file_write(platform, file, at, len, offset, &put, error))
            return false;
        if (put == 0)
            return error_set(error, E_DISK_FULL, "no space left on device");
        at += put;
        offset += put;
        len -= put;
    }
    return true;
}
