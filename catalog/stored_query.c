/* SPDX-License-Identifier: Apache-2.0
 *
 * A stored query as SQL with the names of today. Its text names relations by number; what stands
 * there becomes the relation's name, and where that name or a column's is another one than when the
 * query was stored, an alias gives back the names the rest of the text uses.
 *
 * A literal of regclass is a number behind a mark and becomes the relation's name too, also in
 * stored expressions.
 *
 * One pass over the text, which the printer wrote: tokens that matter are quoted names and strings.
 * Memory: the query's arena.
 */
#include "catalog/definition.h"

#include "base/text.h"
#include "catalog/registered.h"
#include "catalog/sequence.h"
#include "parser/parser.h"

typedef struct StoredText {
    Query *q;
    const CatalogView *view;
    const CatalogRelation
        *owner; /* NULL: an expression, which names no relations but by literals */
    Text text;
    i64 at;
    TextBuilder out;
} StoredText;

/* The end of the quoted token that begins at `from`. */
static i64 quoted_end(Text text, i64 from)
{
    char quote = text.data[from];
    i64 at = from + 1;
    while (at < text.len) {
        if (text.data[at++] != quote)
            continue;
        if (at == text.len || text.data[at] != quote)
            return at;
        at++;
    }
    return at;
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || c < 0;
}

static i64 name_end(Text text, i64 from)
{
    if (from < text.len && text.data[from] == '"')
        return quoted_end(text, from);
    while (from < text.len && is_word_byte(text.data[from]))
        from++;
    return from;
}

/* Index into references, or -1: a name like others. */
static i32 reference_number(const StoredText *s, i64 from, i64 end)
{
    if (end - from < 4 || s->text.data[from + 1] != REFERENCE_MARK)
        return -1;
    i32 number = 0;
    for (i64 i = from + 2; i < end - 1; i++)
        number = number * 10 + (s->text.data[i] - '0');
    return number < s->owner->reference_count ? number : -1;
}

/* Does a name of today differ from the one the stored text uses? */
static bool columns_differ(const CatalogReference *reference, const CatalogRelation *now)
{
    for (i32 i = 0; i < reference->column_count; i++) {
        const CatalogReferenceColumn *column = &reference->columns[i];
        if (!text_equal(now->columns[column->number - 1].name, column->name))
            return true;
    }
    return false;
}

static void put_relation_name(StoredText *s, const CatalogRelation *now)
{
    if (!catalog_relation_is_visible(s->q, s->view, now->oid)) {
        print_identifier(&s->out, written_schema(s->q, s->view, now));
        builder_byte(&s->out, '.');
    }
    print_identifier(&s->out, now->name);
}

/* The stored names of the live columns, from the `first`-th on. */
static void put_column_names(StoredText *s, const CatalogReference *reference,
                             const CatalogRelation *now, i32 first)
{
    i32 live = 0;
    for (i32 i = 0; i < now->column_count; i++) {
        if (now->columns[i].dropped)
            continue;
        Text name = now->columns[i].name;
        for (i32 j = 0; j < reference->column_count; j++)
            if (reference->columns[j].number == now->columns[i].number)
                name = reference->columns[j].name;
        if (live++ < first)
            continue;
        if (live > 1)
            builder_add(&s->out, TEXT(", "));
        print_identifier(&s->out, name);
    }
}

static bool starts_at(const StoredText *s, Text word)
{
    return s->at + word.len <= s->text.len &&
           text_equal(text_slice(s->text, s->at, s->at + word.len), word);
}

/* Copies the alias that is written, with all columns behind it when one was renamed. */
static void put_written_alias(StoredText *s, const CatalogReference *reference,
                              const CatalogRelation *now)
{
    i64 from = s->at;
    s->at += starts_at(s, TEXT(" AS ")) ? 4 : 1;
    s->at = name_end(s->text, s->at);
    builder_add(&s->out, text_slice(s->text, from, s->at));
    if (!columns_differ(reference, now))
        return;
    i32 written = 0;
    builder_byte(&s->out, '(');
    if (starts_at(s, TEXT(" (")) || starts_at(s, TEXT("("))) {
        from = s->at = s->at + (starts_at(s, TEXT(" (")) ? 2 : 1);
        while (s->text.data[s->at] != ')') {
            written += s->text.data[s->at] != ',' && s->text.data[s->at] != ' ';
            i64 end = name_end(s->text, s->at);
            s->at = end > s->at ? end : s->at + 1;
        }
        builder_add(&s->out, text_slice(s->text, from, s->at++));
    }
    put_column_names(s, reference, now, written);
    builder_byte(&s->out, ')');
}

static void put_reference(StoredText *s, const CatalogReference *reference)
{
    const CatalogRelation *now = catalog_relation(s->q, s->view, reference->oid);
    if (!now) { /* cannot be: it depends on it */
        print_identifier(&s->out, reference->name);
        return;
    }
    put_relation_name(s, now);
    if (reference->aliased) {
        put_written_alias(s, reference, now);
        return;
    }
    bool renamed = columns_differ(reference, now);
    if (!renamed && text_equal(now->name, reference->name))
        return;
    builder_byte(&s->out, ' ');
    print_identifier(&s->out, reference->name);
    if (!renamed)
        return;
    builder_byte(&s->out, '(');
    put_column_names(s, reference, now, 0);
    builder_byte(&s->out, ')');
}

/* The relation that a literal from..end names by a number behind a mark; 0: another literal. */
static u32 literal_relation(Text text, i64 from, i64 end)
{
    u32 oid = 0;
    if (text.data[from] != '\'' || end - from < 4 || text.data[from + 1] != REFERENCE_MARK)
        return 0;
    for (i64 i = from + 2; i < end - 1; i++)
        oid = oid * 10 + (u32)(text.data[i] - '0');
    return oid;
}

static void put_literal(StoredText *s, u32 relation)
{
    print_string(&s->out, registered_text(s->q, s->view, TYPE_REGCLASS, relation));
    if (!starts_at(s, TEXT("::")))
        builder_add(&s->out, TEXT("::regclass"));
}

static Text text_of_today(StoredText *s)
{
    builder_open(&s->out, s->q, s->q->arena);
    while (s->at < s->text.len) {
        char c = s->text.data[s->at];
        if (c != '"' && c != '\'') {
            builder_byte(&s->out, c);
            s->at++;
            continue;
        }
        i64 from = s->at, end = quoted_end(s->text, from);
        i32 number = c == '"' && s->owner ? reference_number(s, from, end) : -1;
        u32 relation = literal_relation(s->text, from, end);
        s->at = end;
        if (number >= 0)
            put_reference(s, &s->owner->references[number]);
        else if (relation)
            put_literal(s, relation);
        else
            builder_add(&s->out, text_slice(s->text, from, end));
    }
    return builder_text(&s->out);
}

Text stored_query_text(Query *q, const CatalogView *view, const CatalogRelation *owner)
{
    StoredText s = {.q = q, .view = view, .owner = owner, .text = owner->view_query};
    return text_of_today(&s);
}

Text stored_expr_text(Query *q, const CatalogView *view, Text stored)
{
    StoredText s = {.q = q, .view = view, .text = stored};
    return text_of_today(&s);
}

u32 stored_relation_next(Text stored, i64 *at)
{
    while (*at < stored.len) {
        i64 from = *at;
        bool quoted = stored.data[from] == '"' || stored.data[from] == '\'';
        *at = quoted ? quoted_end(stored, from) : from + 1;
        u32 relation = quoted ? literal_relation(stored, from, *at) : 0;
        if (relation)
            return relation;
    }
    return 0;
}
