/* SPDX-License-Identifier: Apache-2.0
 *
 * Making texts in kernels: a growing run of bytes in an arena, walking characters, and any value as
 * text. What base/text.h's builder is for the query world, without a throw.
 *
 * Ownership law: the bytes belong to the arena; a TextMaker is finished with maker_text.
 */
#ifndef GOTGAN_TEXT_MAKE_H
#define GOTGAN_TEXT_MAKE_H

#include <openssl/evp.h>

#include "base/text.h"
#include "functions/kernel.h"

typedef struct TextMaker {
    Arena *arena;
    Error *error;
    char *bytes;
    i64 len, capacity;
    i64 looked;  /* up to here bytes are added without another look for an interrupt */
    bool failed; /* error is filled; further calls do nothing */
} TextMaker;

static inline TextMaker maker_open(KernelCall *call)
{
    return (TextMaker){.arena = call->arena, .error = call->error};
}
/* Room for `bytes` more; false (and failed) when there is none, the text would exceed 1 GB, or the
 * statement was interrupted. */
bool maker_reserve(TextMaker *maker, i64 bytes);
void maker_add(TextMaker *maker, Text text);
void maker_byte(TextMaker *maker, char byte);
void maker_char(TextMaker *maker, u32 code_point);
void maker_repeat(TextMaker *maker, char byte, i64 count);
/* The text so many times. */
void maker_copies(TextMaker *maker, Text text, i64 count);
static inline Text maker_text(const TextMaker *maker)
{
    return (Text){maker->bytes, maker->len};
}
/* Writes the text into row i; false when the maker failed. */
static inline bool put_made(KernelCall *call, i32 i, const TextMaker *maker)
{
    return !maker->failed && put_text(call, i, maker_text(maker));
}

/* Walking over one text looks for an interrupt (base/look.h): when it ended, the answer is nothing
 * to go by. */
/* utf8_length. */
i64 text_characters_long(Text text, Look *look);
static inline i64 text_characters(Text text, Look *look)
{
    return likely(text.len < STEPS_PER_LOOK) ? utf8_length(text) : text_characters_long(text, look);
}
/* Byte offset behind the first `count` characters (text.len when there are fewer). */
i64 text_skip(Text text, i64 count, Look *look);
/* Byte offset of the last `count` characters (0 when there are fewer). */
i64 text_skip_back(Text text, i64 count, Look *look);

/* The value of any argument as its output function shows it; not NULL. */
must_check bool any_text(KernelCall *call, i32 arg, i32 i, Text *text);

/* A char(n) as PostgreSQL sees it, with its trailing blanks: patterns match against those. Other
 * texts as they are. NULL data: out of memory, or interrupted. */
Text padded_text(KernelCall *call, i32 arg, i32 i);

/* Letters in the other case, one code point for one, as the C library's Unicode tables do. */
u32 char_upper(u32 code_point);
u32 char_lower(u32 code_point);
bool char_is_alphanumeric(u32 code_point);

/* The hash of the bytes into out (EVP_MAX_MD_SIZE bytes). */
must_check bool digest_make(const KernelCall *call, const EVP_MD *kind, Text bytes, u8 *out,
                            unsigned *len);

/* SQL quoting (fn_quote.c): text as an identifier, quoted when it must be; as a string literal. */
void maker_identifier(TextMaker *maker, Text text);
void maker_literal(TextMaker *maker, Text text);

#endif
