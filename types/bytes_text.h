/* SPDX-License-Identifier: Apache-2.0
 *
 * bytea and "char" to text. Inside types/ only; other readers are declared in types/text_in.h.
 */
#ifndef GOTGAN_BYTES_TEXT_H
#define GOTGAN_BYTES_TEXT_H

#include "types/environment.h"

/* Bytes bytea_print writes, exactly. */
i64 bytea_text_bytes(Text bytes, ByteaOutput form);
void bytea_print(Text bytes, ByteaOutput form, char *out);

/* "char" is a byte, 0 is no byte at all. Its text: \ooo for what is not ASCII; out has room for
 * CHAR_TEXT_BYTES. */
enum { CHAR_TEXT_BYTES = 4 };
Text char_print(Text byte, char *out);

#endif
