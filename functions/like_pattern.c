/* SPDX-License-Identifier: Apache-2.0
 *
 * Compiling and matching LIKE patterns. See like_pattern.h for the idea.
 */
#define _GNU_SOURCE
#include "functions/like_pattern.h"

#include "base/text.h"

enum { NO_MATCH = -1 };

/* Upper bound of pieces: one more than % signs. */
static i32 count_pieces(Text pattern)
{
    i32 count = 1;
    for (i64 i = 0; i < pattern.len; i++)
        count += pattern.data[i] == '%';
    return count;
}

bool like_compile(Text pattern, LikeMode mode, Arena *arena, LikePattern *compiled, Error *error)
{
    LikePiece *pieces = arena_try(arena, count_pieces(pattern) * (i64)sizeof *pieces, error);
    char *bytes = pieces ? arena_try(arena, pattern.len, error) : NULL;
    u8 *wild = bytes ? arena_try(arena, pattern.len, error) : NULL;
    if (!wild)
        return false;
    *compiled = (LikePattern){.pieces = pieces, .count = 1, .mode = mode};
    LikePiece *piece = pieces;
    i64 at = 0;
    piece->bytes.data = bytes;
    for (i64 i = 0; i < pattern.len; i++) {
        char c = pattern.data[i];
        if (c == '%') {
            piece = &pieces[compiled->count++];
            piece->bytes.data = bytes + at;
            continue;
        }
        if (c == '\\' && ++i == pattern.len) {
            compiled->open_escape = true;
            break;
        }
        wild[at] = c == '_';
        if (c == '_')
            piece->wild = wild + (piece->bytes.data - bytes);
        bytes[at++] = c == '\\' ? pattern.data[i] : c;
        piece->bytes.len++;
    }
    return true;
}

static i64 char_width(LikeMode mode, Text text, i64 at)
{
    return mode == LIKE_BINARY ? 1 : utf8_width((u8)text.data[at]);
}

/* The offset behind the piece when it matches at text[at..), or NO_MATCH. */
static i64 piece_match(const LikePiece *piece, LikeMode mode, Text text, i64 at, Look *look)
{
    if (!piece->wild) {
        bool equal = at + piece->bytes.len <= text.len &&
                     (piece->bytes.len == 0 ||
                      memcmp(text.data + at, piece->bytes.data, (size_t)piece->bytes.len) == 0);
        return equal ? at + piece->bytes.len : NO_MATCH;
    }
    for (i64 k = 0; k < piece->bytes.len && look_goes_on(look); k++) {
        if (at >= text.len || (!piece->wild[k] && text.data[at] != piece->bytes.data[k]))
            return NO_MATCH;
        at += piece->wild[k] ? char_width(mode, text, at) : 1;
    }
    return at;
}

/* The offset where the piece starts when it matches at the end of text, or NO_MATCH. */
static i64 piece_match_end(const LikePiece *piece, LikeMode mode, Text text, Look *look)
{
    i64 at = text.len;
    for (i64 k = piece->bytes.len - 1; k >= 0 && look_goes_on(look); k--) {
        if (at == 0)
            return NO_MATCH;
        at--;
        if (piece->wild && piece->wild[k]) {
            while (mode != LIKE_BINARY && at > 0 && ((u8)text.data[at] & 0xc0) == 0x80)
                at--;
        } else if (text.data[at] != piece->bytes.data[k])
            return NO_MATCH;
    }
    return at;
}

/* The offset behind the leftmost match at or behind `at`, or NO_MATCH. */
static i64 piece_find(const LikePiece *piece, LikeMode mode, Text text, i64 at, Look *look)
{
    if (!piece->wild) {
        if (at == text.len)
            return piece->bytes.len == 0 ? at : NO_MATCH;
        i64 found = text_search((Text){text.data + at, text.len - at}, piece->bytes, look);
        return found == TEXT_NOT_FOUND ? NO_MATCH : at + found + piece->bytes.len;
    }
    for (; at < text.len && look_goes_on(look); at += char_width(mode, text, at)) {
        i64 end = piece_match(piece, mode, text, at, look);
        if (end != NO_MATCH)
            return end;
    }
    return NO_MATCH;
}

/* The offset behind all pieces before the last, or NO_MATCH. */
static i64 match_front(const LikePattern *pattern, Text text, Look *look)
{
    i64 at = piece_match(&pattern->pieces[0], pattern->mode, text, 0, look);
    for (i32 i = 1; i < pattern->count - 1 && at != NO_MATCH; i++)
        at = piece_find(&pattern->pieces[i], pattern->mode, text, at, look);
    return at;
}

/* An open escape is reached when something is left behind a match of all that precedes it. */
static bool reaches_escape(const LikePattern *pattern, Text text, Look *look)
{
    const LikePiece *last = &pattern->pieces[pattern->count - 1];
    i64 at = match_front(pattern, text, look);
    if (at != NO_MATCH && pattern->count > 1)
        at = piece_find(last, pattern->mode, text, at, look);
    return at != NO_MATCH && at < text.len && !look->ended;
}

bool like_match(const LikePattern *pattern, Text text, Look *look, bool *matches)
{
    *matches = false;
    if (unlikely(pattern->open_escape)) {
        if (!reaches_escape(pattern, text, look))
            return !look->ended;
        return error_set(look->error, E_INVALID_ESCAPE_SEQUENCE,
                         "LIKE pattern must not end with escape character");
    }
    i64 at = match_front(pattern, text, look);
    const LikePiece *last = &pattern->pieces[pattern->count - 1];
    if (at != NO_MATCH && pattern->count == 1)
        *matches = at == text.len;
    else if (at != NO_MATCH)
        *matches = last->bytes.len == 0 || piece_match_end(last, pattern->mode, text, look) >= at;
    return !look->ended;
}
