/* SPDX-License-Identifier: Apache-2.0
 *
 * What a fuzz target gives: one input to try, and good inputs to start from. fuzz_main.c mutates
 * the seeds with a fixed random sequence, so that the run is the same everywhere; with libFuzzer
 * the same function is its entry.
 */
#ifndef GOTGAN_FUZZ_H
#define GOTGAN_FUZZ_H

#include "base/buffer.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
/* Fills bytes with the number-th good input; false: there are no more. */
bool fuzz_seed(i32 number, Buffer *bytes);

#endif
