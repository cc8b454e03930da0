/* SPDX-License-Identifier: Apache-2.0
 *
 * Scaled integers: the DEC64 and DEC128 lanes. A value is integer * 10^-scale; scale lies beside.
 */
#ifndef GOTGAN_DECIMAL_H
#define GOTGAN_DECIMAL_H

#include "base/error.h"

enum { DECIMAL64_DIGITS = 18, DECIMAL128_DIGITS = 38 };

/* 10^n, 0 <= n <= 18 and 0 <= n <= 38. */
i64 power10_i64(i32 n);
i128 power10_i128(i32 n);

/* value at scale `from` as value at scale `to`, rounded half away from zero; false: too large. */
must_check bool decimal_rescale(i128 value, i32 from, i32 to, i128 *result);
/* |value| < 10^precision */
bool decimal_fits(i128 value, i32 precision);

/* Parses PostgreSQL's numeric input straight into a scaled integer when it is a plain finite
 * number; rounds to scale. DECIMAL_OTHER: NaN, infinity or too many digits: use num_parse. */
typedef enum DecimalParse { DECIMAL_OK, DECIMAL_SYNTAX, DECIMAL_OTHER } DecimalParse;
DecimalParse decimal_parse(Text text, i32 scale, i128 *value);
/* "-12.50"; at most DECIMAL_TEXT_BYTES; returns the length. */
enum { DECIMAL_TEXT_BYTES = 48 };
i32 decimal_print(i128 value, i32 scale, char *out);
i32 decimal_print_i64(i64 value, i32 scale, char *out);
i32 i128_print(i128 value, char *out);

#endif
