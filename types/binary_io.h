/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL's binary formats (typsend, typreceive), big-endian, for parameters, results and COPY.
 */
#ifndef GOTGAN_BINARY_IO_H
#define GOTGAN_BINARY_IO_H

#include "types/text_out.h"

/* As text_out_column. 42883 `no binary output function available for type x` where none is. */
must_check bool binary_out_column(const Vector *vector, const Selection *sel, i32 n, Buffer *bytes,
                                  TextSpan *spans, Error *error);
/* One value from its binary form; strings refer to bytes. 22P03 `incorrect binary data format`,
 * 08P01 `insufficient data left in message`. */
must_check bool binary_in_value(Type type, Lane lane, Text bytes, Arena *arena, Value *value,
                                Error *error);

#endif
