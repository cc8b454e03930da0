/* SPDX-License-Identifier: Apache-2.0
 *
 * The write-ahead log: files wal/<epoch>-<sequence>.wal, each a header of 512 bytes and records
 * that follow each other by LSN (a count of records). FORMAT.md has the byte tables; reliability
 * rules I1, I3, I7 and I10 live here and in recover.c.
 *
 * Ownership law: a Wal belongs to the leader of the group commit (one thread at a time).
 */
#ifndef GOTGAN_WAL_H
#define GOTGAN_WAL_H

#include "base/bytes.h"
#include "base/platform.h"
#include "storage/snapshot.h"

enum {
    WAL_HEADER_BYTES = 512,
    WAL_RECORD_HEADER = 40,
    WAL_PAYLOAD_MAX = 64 << 20,
    STORAGE_PATH_BYTES = 1024,
};

typedef struct WalFileName {
    u32 epoch, sequence;
} WalFileName;

typedef struct WalRecord {
    Version lsn, durable_lsn;
    i64 commit_us;
    u16 type;
    const u8 *payload;
    i64 len;
    i64 bytes; /* of the whole record */
} WalRecord;
enum { WAL_TRANSACTION = 1 }; /* the one record type there is */

typedef enum WalParse {
    WAL_GOOD,
    WAL_NOTHING, /* zeros, or the end of the bytes */
    WAL_BAD,     /* something that is not a whole record */
} WalParse;

/* Bytes of a record with such a payload. */
i64 wal_record_bytes(i64 payload);
/* Writes a whole record to `to`. */
void wal_record_put(u8 *to, const WalRecord *record, u32 seed);
WalParse wal_record_parse(const u8 *bytes, i64 len, i64 at, u32 seed, WalRecord *record);
/* What the checksums of a file start from: misplaced records fail. */
u32 wal_seed(const u8 uuid[16], WalFileName name);

typedef struct WalFileHeader {
    WalFileName name;
    Version start; /* LSN of its first record */
} WalFileHeader;
/* False: not a header of this cluster's file of this name. */
bool wal_header_parse(const u8 *bytes, i64 len, const u8 uuid[16], WalFileName name,
                      WalFileHeader *header);
void wal_path(const char *directory, WalFileName name, char path[STORAGE_PATH_BYTES]);
/* False: the name is not that of a WAL file. */
bool wal_name_parse(const char *file, WalFileName *name);

typedef struct Wal {
    Platform *platform;
    const char *directory; /* of the cluster */
    const u8 *uuid;
    i64 file_bytes; /* a file is made this long */
    bool fill;      /* ... with zeros, so that commits do not grow it */
    File *file;     /* NULL: none yet */
    WalFileName name;
    u32 seed;
    i64 offset; /* of the next record */
    i64 bytes;  /* of the file */
    Buffer staged;
    Buffer files; /* WalFileHeaders of all files there are, oldest first; the last is current */
} Wal;

/* Adds a file that recovery found. */
must_check bool wal_remember(Wal *wal, const WalFileHeader *header, Error *error);
/* Removes files that have only records <= checkpoint. */
must_check bool wal_remove_old(Wal *wal, Version checkpoint, Error *error);

/* Makes the next file, whose first record will have LSN start, and makes its name durable. False:
 * nothing changed, the old file is still the current one. */
must_check bool wal_roll(Wal *wal, Version start, i64 record_bytes, Error *error);
/* Is there room for so many bytes behind what is staged? */
bool wal_fits(const Wal *wal, i64 record_bytes);
/* Adds a record to what the next wal_flush writes. */
must_check bool wal_stage(Wal *wal, const WalRecord *record, Error *error);
/* Writes what is staged and syncs it. False: the log is lost to this process (2.9). */
must_check bool wal_flush(Wal *wal, Error *error);
void wal_close(Wal *wal);

#endif
