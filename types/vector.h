/* SPDX-License-Identifier: Apache-2.0
 *
 * Vector: one column of a chunk: Type (what SQL says), Lane (how it lies), values and validity.
 *
 * Laws. (1) Rows sit at positions 0..n-1. (2) valid has one bit per position, 1 = not NULL; a NULL
 * pointer: no NULLs. For CONSTANT only bit 0 counts, for DICTIONARY the bit is the row's, and
 * entries are never NULL. (3) Under NULL lies zero / the empty string, always. (4) BOOL values
 * are bits, and bits behind n are zero. (5) Arrays are 64-byte aligned where we made them and have
 * 64 readable bytes behind them. (6) At every position, selected or not, lies a readable value
 * (zero when nothing better): kernels that cannot fail may run over all n. (7) Dictionaries with
 * an id grow at their end only; an entry that no selected row has named yet may still be zero.
 * chunk_verify() checks all but the last in debug builds.
 *
 * Ownership law: a vector is valid until the next call of the operator that made it; `life` tells
 * how long the bytes of its strings (and limbs) live. Only the maker writes it; loading a LAZY
 * vector in place is not a change.
 */
#ifndef GOTGAN_VECTOR_H
#define GOTGAN_VECTOR_H

#include "types/value.h"

/* Rows of a chunk: a constant of the build flavour. */
#ifdef GOTGAN_SMALL
enum { CHUNK_ROWS = 7 };
#else
enum { CHUNK_ROWS = 2048 };
#endif
enum { MASK_WORDS = (CHUNK_ROWS + 63) / 64 };

typedef enum VectorForm {
    VECTOR_FLAT,       /* values[position] */
    VECTOR_CONSTANT,   /* values[0] for every row */
    VECTOR_DICTIONARY, /* entries->values[codes[position]] */
    VECTOR_SEQUENCE,   /* start + position * step, I64 lane only, no NULLs */
    VECTOR_LAZY,       /* not loaded yet: vector_load first */
} VectorForm;

/* How long the bytes that strings point to live. */
typedef enum StringLife {
    LIFE_CHUNK,  /* until the maker's next call: copy to keep */
    LIFE_PINNED, /* this morsel: copy to keep longer */
    LIFE_HELD,   /* the query holds them: pointers may be kept */
} StringLife;

/* Positions of rows, ascending. */
typedef struct Selection {
    i32 count;
    const u16 *rows;
} Selection;

typedef struct Vector Vector;

/* Loads the column of a chunk for the selected rows when it is first touched. */
typedef struct LazyColumn {
    /* Turns *vector (LAZY) into another form, right at least at the selected positions. */
    bool (*load)(void *state, const Selection *sel, i32 n, Vector *vector, Error *error);
    void *state;
} LazyColumn;

struct Vector {
    VectorForm form;
    StringLife life;
    Lane lane;
    Type type;
    void *values;          /* FLAT: n values (BOOL: bits); CONSTANT: one */
    u64 *valid;            /* NULL: no NULLs */
    const u32 *codes;      /* DICTIONARY: one per position */
    const Vector *entries; /* DICTIONARY: a FLAT vector without NULLs */
    i32 entry_count;       /* DICTIONARY */
    u64 dictionary_id;     /* DICTIONARY: not 0: same id = same entries, results may be kept: see
                              law 7 */
    bool wide;             /* DICTIONARY: codes of a whole table, for the whole query */
    i64 start, step;       /* SEQUENCE */
    LazyColumn *lazy;      /* LAZY */
};

/* An id no other dictionary of this process has or will have. */
u64 dictionary_id_new(void);

/* Makes a FLAT vector with room for n rows, all of which the caller writes (valid stays NULL). */
must_check bool vector_make_raw(Vector *vector, Type type, Lane lane, i64 n, Arena *arena,
                                Error *error);
/* Makes a FLAT vector with zeroed room for n rows (valid stays NULL). */
must_check bool vector_make(Vector *vector, Type type, Lane lane, i64 n, Arena *arena,
                            Error *error);
/* Gives a FLAT vector a validity bitmap, all 1 for n rows. */
must_check bool vector_make_valid(Vector *vector, i64 n, Arena *arena, Error *error);
must_check bool vector_make_constant(Vector *vector, Type type, const Value *value, Arena *arena,
                                     Error *error);

/* Loads a LAZY vector in place for the rows of sel (NULL: 0..n-1). Others: nothing to do. */
must_check bool vector_load(Vector *vector, const Selection *sel, i32 n, Error *error);
/* out = a FLAT form of `in` (or `in` itself when it is FLAT), right at the selected positions;
 * other positions hold zero. Long strings are referred to, life is kept. */
must_check bool vector_flatten(const Vector *in, const Selection *sel, i32 n, Arena *arena,
                               Vector *out, Error *error);
/* out = FLAT vector whose row i is row rows[i] of `in`, 0 <= i < count; strings referred to.
 * rows[i] == VECTOR_NO_ROW gives NULL. */
#define VECTOR_NO_ROW UINT32_MAX
must_check bool vector_gather(const Vector *in, const u32 *rows, i32 count, Arena *arena,
                              Vector *out, Error *error);
/* Copies strings and limbs a FLAT vector refers to into arena; life becomes `life`. */
must_check bool vector_keep(Vector *vector, i32 n, StringLife life, Arena *arena, Error *error);
/* Copies row `from` of any form to row `to` of a FLAT vector of the same lane (valid present
 * when either is NULL); strings referred to. */
void vector_copy_row(const Vector *in, i32 from, Vector *out, i32 to);

bool vector_is_null(const Vector *vector, i32 position);
/* The value at a position, for tests, printing and rare paths; strings are referred to. */
Value vector_value(const Vector *vector, i32 position);
void vector_set(Vector *vector, i32 position, const Value *value); /* FLAT; valid present if null */

/* One way to read every loaded form in a loop: value of row i is
 * ((T *)view.values)[view.codes ? view.codes[i] : i * view.stride], and it is NULL when
 * view.valid and bit (i * view.stride) is 0 (DICTIONARY: bit i). */
typedef struct VectorView {
    const void *values;
    const u64 *valid;
    const u32 *codes; /* NULL unless DICTIONARY */
    i32 stride;       /* 0: CONSTANT, else 1 */
} VectorView;
/* vector is loaded and not SEQUENCE. */
VectorView vector_view(const Vector *vector);
static inline i32 view_index(const VectorView *view, i32 i)
{
    return view->codes ? (i32)view->codes[i] : i * view->stride;
}
static inline bool view_is_null(const VectorView *view, i32 i)
{
    i32 bit = i * view->stride;
    return view->valid && !(view->valid[bit >> 6] >> (bit & 63) & 1);
}

/* Bits. */
static inline bool bit_get(const u64 *words, i64 i)
{
    return words[i >> 6] >> (i & 63) & 1;
}
static inline void bit_set(u64 *words, i64 i)
{
    words[i >> 6] |= (u64)1 << (i & 63);
}
static inline void bit_clear(u64 *words, i64 i)
{
    words[i >> 6] &= ~((u64)1 << (i & 63));
}
static inline void bit_put(u64 *words, i64 i, bool on)
{
    words[i >> 6] = (words[i >> 6] & ~((u64)1 << (i & 63))) | (u64)on << (i & 63);
}
static inline i64 bit_words(i64 n)
{
    return (n + 63) >> 6;
}
/* words[0..bit_words(n)) = n ones, zeros behind. */
void bits_fill(u64 *words, i64 n);
i64 bits_count(const u64 *words, i64 n);
/* Writes the positions of the ones among the first n bits, ascending; returns how many. rows has
 * room for n + 64. */
i32 mask_to_rows(const u64 *mask, i32 n, u16 *rows);

/* For asserts: every law above for the selected rows. */
void vector_verify(const Vector *vector, const Selection *sel, i32 n);

#endif
