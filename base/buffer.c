/* SPDX-License-Identifier: Apache-2.0
 *
 * Buffers double when they grow; 64 bytes behind the capacity are always readable, so that wide
 * loads at the end need no care.
 */
#include "base/buffer.h"

#include "base/look.h"
#include "base/memory.h"

enum { SLACK = 64, CAPACITY_MIN = 256 - SLACK };

void buffer_open(Buffer *buffer, Budget *budget)
{
    *buffer = (Buffer){.budget = budget};
}

static i64 held_bytes(const Buffer *buffer)
{
    return buffer->capacity ? buffer->capacity + SLACK : 0;
}

void buffer_close(Buffer *buffer)
{
    if (buffer->budget)
        budget_give(buffer->budget, held_bytes(buffer));
    memory_give(buffer->data, held_bytes(buffer));
    buffer_open(buffer, buffer->budget);
}

static bool grow_to(Buffer *buffer, i64 capacity, Error *error)
{
    i64 size = memory_size(capacity + SLACK), held = held_bytes(buffer);
    if (buffer->budget && !budget_take(buffer->budget, size, error))
        return false;
    u8 *data = memory_regrow(buffer->data, held, buffer->len, size);
    if (buffer->budget)
        budget_give(buffer->budget, data ? held : size);
    if (!data)
        return error_set(error, E_OUT_OF_MEMORY, "out of memory");
    buffer->data = data;
    buffer->capacity = size - SLACK;
    memset(data + buffer->capacity, 0, SLACK);
    return true;
}

bool buffer_reserve(Buffer *buffer, i64 bytes, Error *error)
{
    assert(bytes >= 0);
    i64 want = buffer->len + bytes;
    if (want <= buffer->capacity)
        return true;
    return grow_to(buffer, max_i64(max_i64(want, buffer->capacity * 2), CAPACITY_MIN), error);
}

bool buffer_append(Buffer *buffer, const void *bytes, i64 count, Error *error)
{
    if (!buffer_reserve(buffer, count, error))
        return false;
    if (count == 0)
        return true; /* there may be no memory yet */
    if (!look_copy(buffer->data + buffer->len, bytes, count, buffer->budget, error))
        return false;
    buffer->len += count;
    return true;
}

bool buffer_resize(Buffer *buffer, i64 bytes, Error *error)
{
    if (bytes > buffer->len) {
        i64 more = bytes - buffer->len;
        if (!buffer_reserve(buffer, more, error) ||
            !look_clear(buffer->data + buffer->len, more, buffer->budget, error))
            return false;
    }
    buffer->len = bytes;
    return true;
}

void buffer_shrink(Buffer *buffer, i64 keep_bytes)
{
    assert(buffer->len == 0);
    if (buffer->capacity > keep_bytes)
        buffer_close(buffer);
}
