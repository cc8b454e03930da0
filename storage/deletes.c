/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing goes through a GroupWriter, as row groups do: header, vectors one behind the other, one
 * sync. A file's vectors die one by one, and the file goes with the last; so that a few long-lived
 * ones do not keep many files, all are written again when they lie in more than FILES_MAX.
 */
#include "storage/deletes.h"

#include "base/crc32c.h"
#include "base/fault_point.h"
#include "storage/footer.h"
#include "storage/group_writer.h"
#include "storage/plant.h"

enum { FILES_MAX = 16, POSITIONS_MAX = 1024, VECTOR_BYTES_MAX = 32 << 10 };
typedef enum DeletesForm { DELETES_AS_BITMAP, DELETES_AS_POSITIONS } DeletesForm;

/* ---- bytes ---- */

static void encode(ByteWriter *w, u64 group, const DeleteVector *vector)
{
    i64 bitmap = bit_words(vector->rows) * 8;
    bool positions = vector->count < POSITIONS_MAX && vector->count * 4 < bitmap;
    write_u64(w, group);
    write_u32(w, (u32)vector->rows);
    write_u32(w, (u32)vector->count);
    write_u8(w, positions ? DELETES_AS_POSITIONS : DELETES_AS_BITMAP);
    if (!positions) {
        write_bytes(w, vector->words, bitmap);
        return;
    }
    for (i32 row = 0; row < vector->rows; row++)
        if (bit_get(vector->words, row))
            write_u32(w, (u32)row);
}

static bool decode_positions(ByteReader *r, DeleteVector *vector, u32 count)
{
    for (u32 i = 0; i < count; i++) {
        u32 row = read_u32(r);
        if (r->bad || row >= (u32)vector->rows || !delete_vector_mark(vector, (i32)row))
            return false;
    }
    return true;
}

static bool decode_bitmap(ByteReader *r, DeleteVector *vector, u32 count)
{
    i64 bytes = bit_words(vector->rows) * 8;
    const u8 *words = read_bytes(r, bytes);
    if (!words)
        return false;
    memcpy(vector->words, words, (size_t)bytes);
    vector->count = bits_count(vector->words, vector->rows);
    return vector->count == count && bits_count(vector->words, bytes * 8) == count;
}

static bool damaged(Error *error)
{
    return error_set(error, E_DATA_CORRUPTED, "a delete vector is damaged");
}

static DeleteVector *decode(const Buffer *bytes, const GroupAddress *group, Error *error)
{
    ByteReader r = bytes_reader(bytes->data, bytes->len);
    u64 id = read_u64(&r);
    u32 rows = read_u32(&r), count = read_u32(&r);
    u8 form = read_u8(&r);
    if (r.bad || id != group->id || rows != (u32)group->rows || form > DELETES_AS_POSITIONS) {
        damaged(error);
        return NULL;
    }
    DeleteVector *vector = delete_vector_copy(NULL, group->rows, error);
    if (!vector)
        return NULL;
    bool good = form == DELETES_AS_POSITIONS ? decode_positions(&r, vector, count)
                                             : decode_bitmap(&r, vector, count);
    if (good && r.at == r.end)
        return vector;
    counted_drop(vector);
    damaged(error);
    return NULL;
}

/* ---- reading ---- */

static bool place_read(Storage *storage, const DeletesPlace *place, Buffer *bytes, Error *error)
{
    File *handle;
    const DataFile *file = place->file;
    u32 seed = data_crc_seed(storage, file->epoch, file->counter, 0, DELETES_NUMBER);
    if (place->bytes > VECTOR_BYTES_MAX)
        return damaged(error);
    return data_file_open(place->file, &handle, error) &&
           buffer_resize(bytes, place->bytes, error) &&
           file_read_all(storage->platform, handle, bytes->data, bytes->len, place->offset,
                         error) &&
           (crc32c(seed, bytes->data, bytes->len) == place->crc || damaged(error));
}

static DeleteVector *vector_read(Storage *storage, const DeletesPlace *place,
                                 const GroupAddress *group, Error *error)
{
    Buffer bytes;
    char path[STORAGE_PATH_BYTES];
    buffer_open(&bytes, NULL);
    bool read = place_read(storage, place, &bytes, error);
    DeleteVector *vector = read ? decode(&bytes, group, error) : NULL;
    buffer_close(&bytes);
    if (vector)
        return vector;
    data_file_path(storage, place->file->epoch, place->file->counter, path);
    error->code = E_DATA_CORRUPTED;
    error_detail(error, "File \"%s\", offset %lld.", path, (long long)place->offset);
    return NULL;
}

void write_deletes_place(ByteWriter *w, const DeletesPlace *place)
{
    write_u32(w, place->file->epoch);
    write_u32(w, place->file->counter);
    write_u64(w, (u64)place->offset);
    write_u32(w, place->bytes);
    write_u32(w, place->crc);
}

bool read_deletes(ByteReader *r, Storage *storage, const GroupAddress *group, DeleteVector **vector,
                  Error *error)
{
    u32 epoch = read_u32(r), counter = read_u32(r);
    DeletesPlace place = {.offset = (i64)read_u64(r)};
    place.bytes = read_u32(r);
    place.crc = read_u32(r);
    *vector = NULL;
    if (r->bad || place.offset < 0)
        return damaged(error);
    place.file = data_file_get(storage, epoch, counter, error);
    if (!place.file)
        return false;
    *vector = vector_read(storage, &place, group, error);
    if (*vector)
        (*vector)->place = place;
    else
        counted_drop(place.file);
    return *vector != NULL;
}

bool deletes_verify(Storage *storage, const GroupAddress *group, const DeleteVector *vector,
                    Error *error)
{
    mutex_lock(&storage->files_mutex);
    DeletesPlace place = vector->place;
    counted_keep(place.file);
    mutex_unlock(&storage->files_mutex);
    if (!place.file)
        return true;
    DeleteVector *stored = data_file_verify(place.file, DATA_FILE_DELETES, error)
                               ? vector_read(storage, &place, group, error)
                               : NULL;
    bool same =
        stored && (memcmp(stored->words, vector->words, (size_t)bit_words(vector->rows) * 8) == 0 ||
                   damaged(error));
    counted_drop(stored);
    counted_drop(place.file);
    return same;
}

/* ---- every vector of a root ---- */

typedef struct VectorWalk {
    const Root *root;
    const MapNode *table, *group;
} VectorWalk;

/* The next row group that has deletes; NULL: no more. */
static const GroupEntry *walk_next(VectorWalk *walk)
{
    for (;;) {
        if (walk->group) {
            const TableVersion *version = walk->table->value;
            walk->group = map_next(version->groups, (MapKey){0, walk->group->key.low + 1});
        } else {
            u64 from = walk->table ? walk->table->key.low + 1 : 0;
            walk->table = map_next(walk->root->tables, (MapKey){0, from});
            if (!walk->table)
                return NULL;
            const TableVersion *version = walk->table->value;
            walk->group = map_next(version->groups, (MapKey){0, 0});
        }
        const GroupEntry *entry = walk->group ? walk->group->value : NULL;
        if (entry && entry->deletes)
            return entry;
    }
}

static i32 count_files(const Root *root)
{
    const DataFile *seen[FILES_MAX];
    VectorWalk walk = {.root = root};
    const GroupEntry *entry;
    i32 count = 0;
    while (count < FILES_MAX && (entry = walk_next(&walk))) {
        const DataFile *file = entry->deletes->place.file;
        i32 at = 0;
        while (at < count && seen[at] != file)
            at++;
        if (at == count && file)
            seen[count++] = file;
    }
    return count;
}

/* ---- writing ---- */

typedef struct Placed {
    DeleteVector *vector;
    DeletesPlace place;
} Placed;

static bool vector_write(GroupWriter *writer, const GroupEntry *entry, Buffer *scratch,
                         Buffer *placed, Error *error)
{
    const DataFile *file = writer->file;
    Placed one = {.vector = entry->deletes, .place.file = writer->file};
    ByteWriter w = {scratch, error, false};
    scratch->len = 0;
    encode(&w, entry->group->address.id, entry->deletes);
    if (w.failed)
        return false;
    u32 seed = data_crc_seed(writer->storage, file->epoch, file->counter, 0, DELETES_NUMBER);
    one.place.bytes = (u32)scratch->len;
    one.place.crc = crc32c(seed, scratch->data, scratch->len);
    return group_writer_bytes(writer, scratch->data, scratch->len, &one.place.offset, error) &&
           buffer_append(placed, &one, (i64)sizeof one, error);
}

static bool vectors_write(GroupWriter *writer, const Root *root, bool all, Buffer *placed,
                          Error *error)
{
    VectorWalk walk = {.root = root};
    const GroupEntry *entry;
    Buffer scratch;
    bool good = true;
    buffer_open(&scratch, NULL);
    while (good && (entry = walk_next(&walk)))
        if (all || !entry->deletes->place.file)
            good = vector_write(writer, entry, &scratch, placed, error);
    buffer_close(&scratch);
    return good;
}

/* The vectors have their places from now on. */
static void place_all(Storage *storage, const Buffer *placed)
{
    Placed *list = (Placed *)placed->data;
    for (i64 i = 0; i < placed->len / (i64)sizeof *list; i++) {
        mutex_lock(&storage->files_mutex);
        DataFile *old = list[i].vector->place.file;
        list[i].vector->place = list[i].place;
        counted_keep(list[i].place.file);
        mutex_unlock(&storage->files_mutex);
        counted_drop(old);
    }
}

static bool file_write(Storage *storage, const Root *root, bool all, Error *error)
{
    GroupWriter writer;
    Buffer placed;
    if (!group_writer_open(&writer, storage, DATA_FILE_DELETES, NULL, error))
        return false;
    DataFile *file = counted_keep(writer.file);
    buffer_open(&placed, NULL);
    bool good = vectors_write(&writer, root, all, &placed, error);
    FAULT_POINT("deletes_before_sync");
    if (good && !planted(PLANT_DELETES_WITHOUT_SYNC))
        good = group_writer_finish(&writer, error);
    else
        good = group_writer_leave(&writer, error) && good;
    if (good)
        place_all(storage, &placed);
    buffer_close(&placed);
    counted_drop(file);
    return good;
}

bool deletes_store(Storage *storage, const Root *root, Error *error)
{
    VectorWalk walk = {.root = root};
    const GroupEntry *entry;
    bool all = count_files(root) == FILES_MAX, fresh = false;
    while ((entry = walk_next(&walk)))
        fresh |= !entry->deletes->place.file;
    return !fresh || file_write(storage, root, all, error);
}

/* ---- what MANIFEST names ---- */

bool deletes_hold(DeletesHeld *held, const Root *root, Error *error)
{
    VectorWalk walk = {.root = root};
    const GroupEntry *entry;
    while ((entry = walk_next(&walk))) {
        const DeletesPlace *place = &entry->deletes->place;
        if (!place->file)
            continue;
        if (!buffer_append(&held->places, place, (i64)sizeof *place, error))
            return false;
        counted_keep(place->file);
        data_file_use(place->file, 1, place->bytes);
    }
    return true;
}

void deletes_release(DeletesHeld *held)
{
    const DeletesPlace *places = (const DeletesPlace *)held->places.data;
    for (i64 i = 0; i < held->places.len / (i64)sizeof *places; i++) {
        data_file_use(places[i].file, -1, places[i].bytes);
        counted_drop(places[i].file);
    }
    buffer_close(&held->places);
}
