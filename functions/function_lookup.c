/* SPDX-License-Identifier: Apache-2.0
 *
 * Finding rows of the function table by number, by name and by operator symbol, and the relations
 * between operators that the planner needs.
 *
 * Names are found through chains: an open hash table from the first row of a name, and for each
 * row the next one with the same name. Both are built once, on the first look-up, and never
 * change. Commutators and negators are not stored: they follow from the symbol and the types.
 */
#include <pthread.h>

#include "base/text.h"
#include "functions/function.h"

enum { ROWS_MAX = 1024, SLOTS = 4096, NO_ROW = 0xffff };

typedef struct NameIndex {
    u16 first[SLOTS];
    u16 next[ROWS_MAX];
} NameIndex;

static NameIndex names, symbols;
static u16 procs[SLOTS];
static pthread_once_t built = PTHREAD_ONCE_INIT;

static u32 text_slot(Text text)
{
    u32 hash = 2166136261u;
    for (i64 i = 0; i < text.len; i++)
        hash = (hash ^ (u8)text.data[i]) * 16777619u;
    return (hash ^ hash >> 15) % SLOTS;
}

static u32 proc_slot(u32 proc)
{
    return proc * 2654435761u >> 20;
}

static Text row_key(const NameIndex *index, const FunctionRow *row)
{
    return text_from(index == &names ? row->name : row->sql_name);
}

/* The slot that holds the first row of key, or the free slot it would have. */
static u32 find_slot(const NameIndex *index, Text key)
{
    i32 count;
    const FunctionRow *rows = function_rows(&count);
    u32 slot = text_slot(key);
    while (index->first[slot] != NO_ROW &&
           !text_equal(row_key(index, &rows[index->first[slot]]), key))
        slot = (slot + 1) % SLOTS;
    return slot;
}

static void index_build(void)
{
    i32 count;
    const FunctionRow *rows = function_rows(&count);
    verify(count <= ROWS_MAX);
    memset(names.first, 0xff, sizeof names.first);
    memset(symbols.first, 0xff, sizeof symbols.first);
    memset(procs, 0xff, sizeof procs);
    for (i32 i = count - 1; i >= 0; i--) {
        u32 slot = find_slot(&names, text_from(rows[i].name));
        names.next[i] = names.first[slot];
        names.first[slot] = (u16)i;
        for (slot = proc_slot(rows[i].proc); procs[slot] != NO_ROW; slot = (slot + 1) % SLOTS)
            ;
        procs[slot] = (u16)i;
        if (rows[i].oper == 0)
            continue;
        slot = find_slot(&symbols, text_from(rows[i].sql_name));
        symbols.next[i] = symbols.first[slot];
        symbols.first[slot] = (u16)i;
    }
}

static const FunctionRow *row_at(u16 i)
{
    i32 count;
    return i == NO_ROW ? NULL : function_rows(&count) + i;
}

const FunctionRow *function_by_proc(u32 proc)
{
    i32 count;
    const FunctionRow *rows = function_rows(&count);
    pthread_once(&built, index_build);
    u32 slot = proc_slot(proc);
    while (procs[slot] != NO_ROW && rows[procs[slot]].proc != proc)
        slot = (slot + 1) % SLOTS;
    return row_at(procs[slot]);
}

static const FunctionRow *index_next(const NameIndex *index, Text key, const FunctionRow *after)
{
    i32 count;
    pthread_once(&built, index_build);
    if (after)
        return row_at(index->next[after - function_rows(&count)]);
    return row_at(index->first[find_slot(index, key)]);
}

const FunctionRow *function_next(Text name, const FunctionRow *after)
{
    return index_next(&names, name, after);
}

const FunctionRow *operator_next(Text symbol, const FunctionRow *after)
{
    return index_next(&symbols, symbol, after);
}

/* Symbols in pairs; a symbol that is its own partner stands with itself. */
typedef struct SymbolPair {
    const char *a, *b;
} SymbolPair;

static const SymbolPair commutators[] = {
    {"=", "="}, {"<>", "<>"},   {"<", ">"},       {"<=", ">="}, {"+", "+"}, {"*", "*"},
    {"&", "&"}, {"~<~", "~>~"}, {"~<=~", "~>=~"}, {"|", "|"},   {"#", "#"},
};
static const SymbolPair negators[] = {
    {"=", "<>"}, {"<", ">="},   {">", "<="},     {"~~", "!~~"},   {"~~*", "!~~*"},
    {"~", "!~"}, {"~*", "!~*"}, {"~<~", "~>=~"}, {"~>~", "~<=~"},
};

static Text partner(const SymbolPair *pairs, i32 count, Text symbol)
{
    for (i32 i = 0; i < count; i++) {
        if (text_equal(text_from(pairs[i].a), symbol))
            return text_from(pairs[i].b);
        if (text_equal(text_from(pairs[i].b), symbol))
            return text_from(pairs[i].a);
    }
    return (Text){NULL, 0};
}

/* The binary operator of that symbol over these types, or NULL. */
static const FunctionRow *operator_with(Text symbol, u32 left, u32 right)
{
    const FunctionRow *row = NULL;
    if (symbol.len == 0)
        return NULL;
    while ((row = operator_next(symbol, row)))
        if (row->argument_count == 2 && row->arguments[0] == left && row->arguments[1] == right)
            return row;
    return NULL;
}

const FunctionRow *operator_commutator(const FunctionRow *row)
{
    if (row->oper == 0 || row->argument_count != 2)
        return NULL;
    Text symbol = partner(commutators, countof(commutators), text_from(row->sql_name));
    return operator_with(symbol, row->arguments[1], row->arguments[0]);
}

const FunctionRow *operator_negator(const FunctionRow *row)
{
    if (row->oper == 0 || row->argument_count != 2 || row->result != TYPE_BOOL)
        return NULL;
    Text symbol = partner(negators, countof(negators), text_from(row->sql_name));
    return operator_with(symbol, row->arguments[0], row->arguments[1]);
}
