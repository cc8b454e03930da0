/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzzing entry for the readers of types/: the first byte chooses the type, the rest is the text.
 * What is accepted is printed and read again, and must give the same value.
 */
#include "base/text.h"
#include "types/text_in.h"
#include "types/text_out.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void read_and_write(const TextIn *in, Text text)
{
    Error error;
    Value value, again;
    Text out;
    if (!text_in_value(in, text, &value, &error))
        return;
    verify(text_out_value(in->type, &value, in->format, in->arena, &out, &error));
    verify(text_in_value(in, out, &again, &error));
    verify(value_equal(&value, &again));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    static const u32 oids[] = {TYPE_DATE,     TYPE_TIMESTAMP, TYPE_TIMESTAMPTZ, TYPE_TIME,
                               TYPE_INTERVAL, TYPE_NUMERIC,   TYPE_FLOAT8,      TYPE_FLOAT4,
                               TYPE_UUID,     TYPE_BYTEA,     TYPE_INT8,        TYPE_BOOL};
    if (size == 0)
        return 0;
    Arena arena;
    arena_open(&arena, NULL);
    FormatSettings format = {.extra_float_digits = 1};
    Type type = type_of(oids[data[0] % countof(oids)]);
    TextIn in = {type, type_lane(type), &format, &arena};
    Text text = {(const char *)data + 1, (i64)size - 1};
    if (utf8_bad_offset(text) == text.len) /* the server's border lets nothing else through */
        read_and_write(&in, text);
    arena_close(&arena);
    return 0;
}
