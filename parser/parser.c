/* SPDX-License-Identifier: Apache-2.0
 *
 * The entry: runs the generated parser over a text and hands out its statements.
 *
 * The parser's own stack (20,000 entries) lies on the C stack of grammar_run, untouched until it
 * is needed; the room is checked here before it is entered.
 */
#include "parser/parser.h"

#include "parser/ast_make.h"

enum { GRAMMAR_STACK_BYTES = 1 << 20 };

ParsedText parse_with(Query *q, Text text, const ParseOptions *options)
{
    assert(options->mode == PARSE_CLIENT || options->mode == PARSE_STORED);
    if ((const u8 *)__builtin_frame_address(0) - q->stack_end < GRAMMAR_STACK_BYTES)
        query_fail(q, E_STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    if (text.len > INT32_MAX - 1)
        query_fail(q, E_PROGRAM_LIMIT_EXCEEDED, "statement is too long");
    Builder builder = {.q = q, .start = NO_START};
    lexer_open(&builder.lexer, q, text);
    grammar_run(&builder);
    return (ParsedText){builder.statements,      builder.count,
                        builder.lexer.truncated, builder.lexer.truncated_count,
                        builder.global_words,    builder.global_word_count};
}

ParsedText parse(Query *q, Text text)
{
    return parse_with(q, text, &(ParseOptions){.mode = PARSE_CLIENT});
}
