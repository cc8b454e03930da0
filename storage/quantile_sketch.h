/* SPDX-License-Identifier: Apache-2.0
 *
 * The quantile sketch of a segment: the values at equally spaced ranks of its column, first and
 * last included, so that those of many row groups merge into quantiles of the table.
 *
 * Ownership law: a sketch is bytes in an arena; nothing is kept.
 */
#ifndef GOTGAN_QUANTILE_SKETCH_H
#define GOTGAN_QUANTILE_SKETCH_H

#include "storage/encoding.h"

enum {
    QUANTILE_STEPS = 64, /* between the values of a sketch of keys */
    QUANTILE_STEPS_SAMPLED = 32,
    QUANTILE_SLACK_SHARE = 512, /* a key may be off by 1/512 of the rows */
    QUANTILE_SAMPLE_ROWS = 1024,
    QUANTILE_BYTES_MAX = 1024,
    QUANTILE_STRING_MAX = 91, /* bytes of a string in it */
};

/* Keys: i64 that order a column's values: integers as they are, codes of a dictionary, floats by
 * their bits. */
typedef struct QuantileKeys {
    i64 *keys, *scratch; /* both with room for n; their order is lost */
    i32 n;
    i64 min, max;
} QuantileKeys;

/* The keys of a float column's rows that are not NULL, into keys->keys. */
void quantile_keys_of_floats(const BuilderColumn *column, i32 rows, QuantileKeys *keys);

/* The sketch of an integer or float column from its keys; empty: no keys. Every value stands at its
 * rank or at most n / 512 ranks beside it. */
must_check bool quantiles_of_keys(QuantileKeys *keys, Arena *arena, Text *out, Error *error);
/* The same from the codes of a dictionary. */
must_check bool quantiles_of_codes(QuantileKeys *keys, const Str *entries, Arena *arena, Text *out,
                                   Error *error);
/* The sketch of any other column, from a sample of 1,024 of its values (one from each of 1,024
 * equal stretches of rows that are not NULL; all when there are no more). Strings are cut, numerics
 * that are too long rounded. */
must_check bool quantiles_of_sample(const BuilderColumn *column, Lane lane, i32 rows, Arena *arena,
                                    Text *out, Error *error);

/* The values of a segment's sketch, ascending, in arena; *count 0: it has none. XX001. */
must_check bool quantiles_read(const Segment *segment, Arena *arena, Value **values, i32 *count,
                               Error *error);

#endif
