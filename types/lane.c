/* SPDX-License-Identifier: Apache-2.0
 *
 * Widths and names of lanes.
 */
#include "types/lane.h"

#include "types/interval.h"
#include "types/num.h"
#include "types/str.h"

enum { ARRAY_SLACK_BYTES = 64 };

i32 lane_bytes(Lane lane)
{
    switch (lane_kind(lane)) {
    case LANE_NONE:
    case LANE_BOOL:
    case LANE_STRUCT:
        return 0;
    case LANE_I8:
        return 1;
    case LANE_I16:
        return 2;
    case LANE_I32:
    case LANE_F32:
        return 4;
    case LANE_I64:
    case LANE_DEC64:
    case LANE_F64:
    case LANE_LIST:
        return 8;
    case LANE_I128:
    case LANE_DEC128:
    case LANE_STR:
    case LANE_NUM:
    case LANE_FIX16:
    case LANE_INTERVAL:
    case LANE_ROW:
        return 16;
    }
    unreachable();
}

i64 lane_array_bytes(Lane lane, i64 n)
{
    assert(n >= 0);
    i64 bytes = lane.kind == LANE_BOOL ? (n + 63) / 64 * 8 : n * lane_bytes(lane);
    return align_up(bytes, 64) + ARRAY_SLACK_BYTES;
}

static const char *const plain_names[] = {
    [LANE_NONE] = "none",         [LANE_BOOL] = "bool",     [LANE_I8] = "i8",
    [LANE_I16] = "i16",           [LANE_I32] = "i32",       [LANE_I64] = "i64",
    [LANE_I128] = "i128",         [LANE_DEC64] = "dec64",   [LANE_DEC128] = "dec128",
    [LANE_F32] = "f32",           [LANE_F64] = "f64",       [LANE_STR] = "str",
    [LANE_NUM] = "num",           [LANE_FIX16] = "fix16",   [LANE_LIST] = "list",
    [LANE_INTERVAL] = "interval", [LANE_STRUCT] = "struct", [LANE_ROW] = "row",
};

static const char *const decimal64_names[] = {
    "dec64(0)",  "dec64(1)",  "dec64(2)",  "dec64(3)",  "dec64(4)",  "dec64(5)",  "dec64(6)",
    "dec64(7)",  "dec64(8)",  "dec64(9)",  "dec64(10)", "dec64(11)", "dec64(12)", "dec64(13)",
    "dec64(14)", "dec64(15)", "dec64(16)", "dec64(17)", "dec64(18)",
};

static const char *const decimal128_names[] = {
    "dec128(0)",  "dec128(1)",  "dec128(2)",  "dec128(3)",  "dec128(4)",  "dec128(5)",
    "dec128(6)",  "dec128(7)",  "dec128(8)",  "dec128(9)",  "dec128(10)", "dec128(11)",
    "dec128(12)", "dec128(13)", "dec128(14)", "dec128(15)", "dec128(16)", "dec128(17)",
    "dec128(18)", "dec128(19)", "dec128(20)", "dec128(21)", "dec128(22)", "dec128(23)",
    "dec128(24)", "dec128(25)", "dec128(26)", "dec128(27)", "dec128(28)", "dec128(29)",
    "dec128(30)", "dec128(31)", "dec128(32)", "dec128(33)", "dec128(34)", "dec128(35)",
    "dec128(36)", "dec128(37)", "dec128(38)",
};

const char *lane_name(Lane lane)
{
    assert(lane.kind < countof(plain_names));
    if (lane.kind == LANE_DEC64 && lane.scale < countof(decimal64_names))
        return decimal64_names[lane.scale];
    if (lane.kind == LANE_DEC128 && lane.scale < countof(decimal128_names))
        return decimal128_names[lane.scale];
    return plain_names[lane.kind];
}
