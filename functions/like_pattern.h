/* SPDX-License-Identifier: Apache-2.0
 *
 * A compiled LIKE pattern.
 *
 * The pattern is cut at its % signs into pieces, of which the first must stand at the start of the
 * text and the last at its end; a piece may be empty. 'abc' is one piece, '%b' is {"", "b"},
 * '%a%b%' is {"", "a", "b", ""}. A piece has a fixed number of characters, so the leftmost match of
 * each piece behind the one before decides: no backtracking. So equality, prefix, suffix,
 * contains and ordered contains are all the same walk over pieces.
 *
 * Ownership law: a pattern lives in the arena it was compiled in.
 */
#ifndef GOTGAN_LIKE_PATTERN_H
#define GOTGAN_LIKE_PATTERN_H

#include "base/arena.h"
#include "base/look.h"

/* How characters are counted and compared. */
typedef enum LikeMode {
    LIKE_TEXT,   /* characters are UTF-8 */
    LIKE_FOLDED, /* the same; pattern and text were put to lower case before */
    LIKE_BINARY, /* characters are bytes */
} LikeMode;

typedef struct LikePiece {
    Text bytes;     /* literal bytes; any byte where wild says so */
    const u8 *wild; /* per byte: 1 = one character of any kind; NULL: none */
} LikePiece;

typedef struct LikePattern {
    LikePiece *pieces;
    i32 count; /* >= 1 */
    LikeMode mode;
    bool open_escape; /* the pattern ends with a lone escape character: an error once it is reached
                       */
} LikePattern;

/* pattern must outlive the compiled one. */
must_check bool like_compile(Text pattern, LikeMode mode, Arena *arena, LikePattern *compiled,
                             Error *error);
/* *matches: whether the whole text matches. False, with look->error filled: 22025 when matching
 * reaches an open escape, or the statement was interrupted. */
must_check bool like_match(const LikePattern *pattern, Text text, Look *look, bool *matches);

#endif
