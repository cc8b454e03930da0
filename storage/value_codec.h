/* SPDX-License-Identifier: Apache-2.0
 *
 * Single values and column definitions as bytes, in WAL records, MANIFEST and footers (FORMAT.md,
 * "value").
 */
#ifndef GOTGAN_VALUE_CODEC_H
#define GOTGAN_VALUE_CODEC_H

#include "base/bytes.h"
#include "storage/table_version.h"

void write_value(ByteWriter *w, const Value *value);
/* Strings and limbs go into arena. False: bytes are wrong (XX001). */
must_check bool read_value(ByteReader *r, Arena *arena, Value *value, Error *error);

void write_columns(ByteWriter *w, const Columns *columns);
/* A new Columns, or NULL with error. */
must_check Columns *read_columns(ByteReader *r, Error *error);

/* Lanes that storage can keep. */
bool lane_is_stored(Lane lane);

#endif
