/* SPDX-License-Identifier: Apache-2.0
 *
 * bytea and "char" to text. Inside types/ only; other readers are declared in types/text_in.h.
 */
#ifndef GOTGAN_BYTES_TEXT_H
#define GOTGAN_BYTES_TEXT_H

#include "base/buffer.h"
#include "types/environment.h"

/* Appends the text of a bytea. */
must_check bool bytea_append(Text bytes, ByteaOutput form, Buffer *text, Error *error);

/* "char" is a byte, 0 is no byte at all. Its text: \ooo for what is not ASCII; out has room for
 * CHAR_TEXT_BYTES. */
enum { CHAR_TEXT_BYTES = 4 };
Text char_print(Text byte, char *out);

#endif
