/* SPDX-License-Identifier: Apache-2.0
 *
 * Row groups as objects in memory, and their addresses as bytes. Opening files and reading footers
 * is data_file.c's and footer.c's.
 */
#include "storage/row_group.h"

#include "storage/data_file.h"
#include "storage/storage_state.h"

static void row_group_closer(void *thing)
{
    RowGroup *group = thing;
    counted_drop(group->footer);
    counted_drop(group->file);
    mutex_close(&group->mutex);
}

RowGroup *row_group_make(Storage *storage, const GroupAddress *address, Error *error)
{
    RowGroup *group = counted_make((i64)sizeof *group, NULL, row_group_closer, error);
    if (!group)
        return NULL;
    mutex_open(&group->mutex);
    group->storage = storage;
    group->address = *address;
    group->dictionary_ids = (i64)(address->id << 11) + 1; /* a footer has at most 1,664 segments */
    group->file = data_file_get(storage, address->file_epoch, address->file_counter, error);
    if (group->file)
        return group;
    counted_drop(group);
    return NULL;
}

void row_group_publish(RowGroup *group)
{
    data_file_use(group->file, 1, group->address.bytes);
}

void row_group_retire(RowGroup *group)
{
    data_file_use(group->file, -1, group->address.bytes);
}

void write_group_address(ByteWriter *w, const GroupAddress *address)
{
    write_u64(w, address->id);
    write_u32(w, address->file_epoch);
    write_u32(w, address->file_counter);
    write_u64(w, (u64)address->footer_offset);
    write_u32(w, address->footer_bytes);
    write_u32(w, address->footer_crc);
    write_u32(w, (u32)address->rows);
    write_u8(w, address->source);
    write_u64(w, (u64)address->bytes);
    write_u64(w, address->load_id);
    write_u64(w, address->version);
}

bool read_group_address(ByteReader *r, GroupAddress *address)
{
    *address = (GroupAddress){.id = read_u64(r)};
    address->file_epoch = read_u32(r);
    address->file_counter = read_u32(r);
    address->footer_offset = (i64)read_u64(r);
    address->footer_bytes = read_u32(r);
    address->footer_crc = read_u32(r);
    address->rows = (i32)read_u32(r);
    address->source = read_u8(r);
    address->bytes = (i64)read_u64(r);
    address->load_id = read_u64(r);
    address->version = read_u64(r);
    return !r->bad && address->rows > 0 && address->rows <= ROW_GROUP_ROWS_MAX &&
           address->id < (u64)1 << (ROW_KIND_SHIFT - ROW_POSITION_BITS) &&
           address->footer_offset >= 0 && address->source <= GROUP_MERGED;
}
