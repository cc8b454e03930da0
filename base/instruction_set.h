/* SPDX-License-Identifier: Apache-2.0
 *
 * Which instruction set the hot loops run with. Files with such loops are built once for each; an
 * object built for more than the base line exports nothing but one table, named through
 * FOR_INSTRUCTIONS, and whoever looks the loops up asks instruction_set().
 *
 * Answers do not depend on it: no fused multiply-add, no other order of floating point operations.
 */
#ifndef GOTGAN_INSTRUCTION_SET_H
#define GOTGAN_INSTRUCTION_SET_H

#include "base/text.h"

typedef enum InstructionSet {
    INSTRUCTIONS_V2, /* x86-64-v2: SSE4.2, what the server as a whole is built for */
    INSTRUCTIONS_V3, /* x86-64-v3: AVX2, BMI2 */
} InstructionSet;

/* The best one that the CPU has and the build holds, unless another was forced. */
InstructionSet instruction_set(void);
/* "auto", "v2" or "v3"; false: unknown, or not on this CPU. Before the first look-up. */
bool instruction_set_force(Text name);

#ifdef GOTGAN_BUILT_FOR_V3
#define FOR_INSTRUCTIONS(name) name##_v3
#else
#define FOR_INSTRUCTIONS(name) name
#endif

#endif
