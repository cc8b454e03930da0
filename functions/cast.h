/* SPDX-License-Identifier: Apache-2.0
 *
 * Casts beyond the table in function.h: what a CAST_BINARY cast does to the lanes.
 */
#ifndef GOTGAN_CAST_H
#define GOTGAN_CAST_H

#include "functions/function.h"

/* The operation of a CAST_BINARY cast: OP_RELABEL when the value stays as it is (no kernel call is
 * needed), OP_INT4_TO_OID or OP_OID_TO_INT4.
 * Casts through text are OP_TO_TEXT (ENV) and OP_FROM_TEXT (ENV, FAILS; reads the type to make,
 * with its typmod, from call->result->type). */
Operation binary_cast_operation(u32 source, u32 target);

#endif
