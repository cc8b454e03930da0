/* SPDX-License-Identifier: Apache-2.0
 *
 * bytea to text. Inside types/ only; the readers are declared in types/text_in.h.
 */
#ifndef GOTGAN_BYTES_TEXT_H
#define GOTGAN_BYTES_TEXT_H

#include "types/environment.h"

/* Bytes bytea_print writes, exactly. */
i64 bytea_text_bytes(Text bytes, ByteaOutput form);
void bytea_print(Text bytes, ByteaOutput form, char *out);

#endif
