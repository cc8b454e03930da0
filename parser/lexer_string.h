/* SPDX-License-Identifier: Apache-2.0
 *
 * The lexer's string and quoted-name forms. Private to parser/.
 *
 * Ownership law: results point into the input or into q->arena.
 */
#ifndef GOTGAN_LEXER_STRING_H
#define GOTGAN_LEXER_STRING_H

#include "parser/lexer.h"

typedef enum StringForm {
    STRING_PLAIN,   /* '' is the only escape; also the raw text of U&'' */
    STRING_ESCAPES, /* E'' */
    STRING_BITS,    /* B'': no escapes at all */
    STRING_HEX,     /* X'' */
} StringForm;

/* lexer->at stands behind the opening quote; literal is the offset of the whole literal. */
Text scan_string(Lexer *lexer, i32 literal, StringForm form);
Text scan_delimited_name(Lexer *lexer, i32 literal, bool unicode);
/* lexer->at stands on the dollar; false: it starts no string, nothing moved. */
bool scan_dollar_string(Lexer *lexer, i32 literal, Text *text);
/* Whether UESCAPE may name this text. */
bool is_unicode_escape(Text text);
/* Replaces \XXXX and \+XXXXXX (with `escape` for the backslash). offset: of raw's first byte. */
Text decode_unicode(Lexer *lexer, Text raw, u8 escape, i32 offset);

#endif
