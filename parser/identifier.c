/* SPDX-License-Identifier: Apache-2.0
 *
 * How names and strings are written so that the lexer reads them back as they are.
 *
 * A name stands bare when it starts with a small letter or underscore, goes on with small
 * letters, digits and underscores, and is no key word other than an unreserved one.
 */
#include "parser/lexer.h"

bool identifier_needs_quotes(Text name)
{
    if (name.len == 0)
        return true;
    for (i64 i = 0; i < name.len; i++) {
        char c = name.data[i];
        bool letter = (c >= 'a' && c <= 'z') || c == '_';
        bool digit = c >= '0' && c <= '9';
        if (!letter && !(digit && i > 0))
            return true;
    }
    const Keyword *keyword = keyword_find(name);
    return keyword && keyword->category != UNRESERVED;
}

static void print_doubled(TextBuilder *builder, Text text, char doubled, char also)
{
    for (i64 i = 0; i < text.len; i++) {
        if (text.data[i] == doubled || text.data[i] == also)
            builder_byte(builder, text.data[i]);
        builder_byte(builder, text.data[i]);
    }
}

void print_identifier(TextBuilder *builder, Text name)
{
    if (!identifier_needs_quotes(name)) {
        builder_add(builder, name);
        return;
    }
    builder_byte(builder, '"');
    print_doubled(builder, name, '"', '"');
    builder_byte(builder, '"');
}

void print_string(TextBuilder *builder, Text string)
{
    bool escapes = text_find_byte(string, '\\') < string.len;
    builder_add(builder, escapes ? TEXT("E'") : TEXT("'"));
    print_doubled(builder, string, '\'', escapes ? '\\' : '\'');
    builder_byte(builder, '\'');
}
