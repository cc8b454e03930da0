/* SPDX-License-Identifier: Apache-2.0
 *
 * The bytes of catalogue objects, made from the rows of classes.def.
 *
 * Ownership law: decode copies everything into the caller's arena; nothing refers to the bytes
 * afterwards.
 */
#ifndef GOTGAN_OBJECT_CODEC_H
#define GOTGAN_OBJECT_CODEC_H

#include "base/buffer.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "catalog/sequence.h"

/* A column number in a list. */
typedef struct CatalogNumber {
    i32 number;
} CatalogNumber;

typedef struct ObjectRecord ObjectRecord;

/* NULL: no such class. */
const ObjectRecord *object_record(u32 object_class);
/* Appends the bytes of a thing of this record. */
must_check bool object_encode(const ObjectRecord *record, const void *thing, Buffer *bytes,
                              Error *error);
/* Fills a zeroed thing. XX001: the bytes are not what object_encode writes. Numbers and texts are
 * well formed afterwards; whether they make sense together is the caller's to check. */
must_check bool object_decode(const ObjectRecord *record, Text bytes, void *thing, Arena *arena,
                              Error *error);
/* Alike in every field of the record. */
bool object_equal(const ObjectRecord *record, const void *a, const void *b);
/* catalog_change.c: fills object->bytes with those of the thing and puts it into the transaction.
 */
WriteStatus catalog_put_object(Transaction *transaction, StoredObject *object, const void *thing,
                               Budget *budget, Ticket *ticket, Error *error);
/* One line: "{kind: r, owner: 10, columns: [{name: "id", ...}]}". */
void object_print(const ObjectRecord *record, const void *thing, TextBuilder *out);

#endif
