/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzzing entry for the bytes of catalogue objects: the first byte chooses the class, the rest are
 * the bytes. What is accepted is encoded and decoded again, and must be the same object.
 */
#include "catalog/object_codec.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void read_and_write(u32 object_class, Text text, void *thing, void *again, Arena *arena)
{
    const ObjectRecord *record = object_record(object_class);
    Error error;
    Buffer bytes;
    if (!object_decode(record, text, thing, arena, &error))
        return;
    buffer_open(&bytes, NULL);
    verify(object_encode(record, thing, &bytes, &error));
    Text encoded = {(const char *)bytes.data, bytes.len};
    verify(object_decode(record, encoded, again, arena, &error));
    verify(object_equal(record, thing, again));
    buffer_close(&bytes);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    CatalogRelation relations[2] = {0};
    CatalogSchema schemas[2] = {0};
    CatalogComment comments[2] = {0};
    if (size == 0)
        return 0;
    Arena arena;
    arena_open(&arena, NULL);
    Text text = {(const char *)data + 1, (i64)size - 1};
    if ((data[0] & 3) == 3)
        read_and_write(CLASS_DESCRIPTION, text, &comments[0], &comments[1], &arena);
    else if (data[0] & 1)
        read_and_write(CLASS_SCHEMA, text, &schemas[0], &schemas[1], &arena);
    else
        read_and_write(CLASS_RELATION, text, &relations[0], &relations[1], &arena);
    arena_close(&arena);
    return 0;
}
