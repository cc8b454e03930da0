/* SPDX-License-Identifier: Apache-2.0
 *
 * The CPU is asked once; forcing writes before any thread but the first runs.
 */
#include "base/instruction_set.h"

static bool forced;
static InstructionSet forced_to;

static bool has_v3(void)
{
#if defined(__x86_64__) && defined(GOTGAN_HAS_V3)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
#else
    return false;
#endif
}

InstructionSet instruction_set(void)
{
    if (forced)
        return forced_to;
    return has_v3() ? INSTRUCTIONS_V3 : INSTRUCTIONS_V2;
}

bool instruction_set_force(Text name)
{
    forced = !text_equal(name, TEXT("auto"));
    forced_to = text_equal(name, TEXT("v3")) ? INSTRUCTIONS_V3 : INSTRUCTIONS_V2;
    if (forced_to == INSTRUCTIONS_V3)
        return has_v3();
    return !forced || text_equal(name, TEXT("v2"));
}
