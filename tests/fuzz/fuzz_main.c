/* SPDX-License-Identifier: Apache-2.0
 *
 * Drives a fuzz target without libFuzzer: usage <target> [inputs] [seed]. Each input is a good one
 * with a few bytes changed, cut, doubled or moved.
 */
#include "tests/fuzz/fuzz.h"

enum { SEEDS_MAX = 64 };

static u64 state;
static u64 draw(u64 below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return below ? state % below : 0;
}

static void mutate(Buffer *bytes)
{
    static const u8 special[] = {0, 1, 0x7f, 0x80, 0xff};
    i64 times = 1 + (i64)draw(6);
    for (i64 i = 0; i < times && bytes->len > 0; i++) {
        i64 at = (i64)draw((u64)bytes->len);
        switch (draw(5)) {
        case 0:
            bytes->data[at] ^= (u8)(1 << draw(8));
            break;
        case 1:
            bytes->data[at] = special[draw(sizeof special)];
            break;
        case 2:
            bytes->data[at] = (u8)draw(256);
            break;
        case 3:
            bytes->len = draw(4) ? bytes->len : at;
            break;
        default: {
            i64 from = (i64)draw((u64)bytes->len);
            i64 len = min_i64(1 + (i64)draw(16), bytes->len - max_i64(at, from));
            memmove(bytes->data + at, bytes->data + from, (size_t)len);
        }
        }
    }
}

int main(int count, char **arguments)
{
    i64 inputs = count > 1 ? strtoll(arguments[1], NULL, 10) : 20000;
    u64 seed = count > 2 ? strtoull(arguments[2], NULL, 10) : 1;
    Buffer seeds[SEEDS_MAX], bytes;
    Error error;
    i32 seed_count = 0;
    state = seed * 0x9e3779b97f4a7c15ull + 1;
    buffer_open(&bytes, NULL);
    for (; seed_count < SEEDS_MAX; seed_count++) {
        buffer_open(&seeds[seed_count], NULL);
        if (!fuzz_seed(seed_count, &seeds[seed_count]))
            break;
        LLVMFuzzerTestOneInput(seeds[seed_count].data, (size_t)seeds[seed_count].len);
    }
    for (i64 i = 0; i < inputs; i++) {
        const Buffer *from = &seeds[draw((u64)seed_count)];
        bytes.len = 0;
        bool copied = buffer_append(&bytes, from->data, from->len, &error);
        verify(copied);
        mutate(&bytes);
        LLVMFuzzerTestOneInput(bytes.data, (size_t)bytes.len);
    }
    for (i32 i = 0; i < seed_count; i++)
        buffer_close(&seeds[i]);
    buffer_close(&bytes);
    printf("fuzz: seeds=%d inputs=%lld seed=%llu\n", seed_count, (long long)inputs,
           (unsigned long long)seed);
    return seed_count > 0 && inputs > 0 ? 0 : 1;
}
