/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzz entry: whatever parses prints, and what was printed parses to an equal tree that prints the
 * same. Run under libFuzzer with the corpus in tests/fuzz/corpus/parser/.
 */
#include "parser/parser.h"

typedef struct Round {
    Query q;
    Text text;
    bool parsed; /* the first parse succeeded: from here on nothing but depth may fail */
} Round;

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t count);

static Text print_all(Query *q, const ParsedText *parsed)
{
    TextBuilder builder;
    builder_open(&builder, q, q->arena);
    for (i32 i = 0; i < parsed->count; i++) {
        if (i > 0)
            builder_add(&builder, TEXT("; "));
        ast_print(&builder, parsed->statements[i].ast);
    }
    return builder_text(&builder);
}

static void run_round(void *argument)
{
    Round *round = argument;
    ParsedText first = parse(&round->q, round->text);
    round->parsed = true;
    Text printed = print_all(&round->q, &first);
    ParsedText second = parse(&round->q, printed);
    verify(first.count == second.count);
    for (i32 i = 0; i < first.count; i++)
        verify(ast_equal(&round->q, first.statements[i].ast, second.statements[i].ast));
    verify(text_equal(printed, print_all(&round->q, &second)));
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t count)
{
    Arena arena;
    QueryControl control = {0};
    Round round = {.text = {(const char *)bytes, (i64)count}};
    if (utf8_bad_offset(round.text) != round.text.len)
        return 0;
    arena_open(&arena, NULL);
    query_open(&round.q, &arena, &control);
    if (!query_try(&round.q, run_round, &round))
        verify(!round.parsed || round.q.error.code == E_STATEMENT_TOO_COMPLEX);
    arena_close(&arena);
    return 0;
}
