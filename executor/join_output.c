/* SPDX-License-Identifier: Apache-2.0
 *
 * Output vectors of joins. Probe columns are not copied for 1:N output: they become the entries of
 * a dictionary whose codes are the probe positions; validity, which a dictionary keeps per row, is
 * gathered.
 */
#include "executor/join_output.h"

static void gather_valid(Query *q, const VectorView *view, const u32 *codes, i32 n, Arena *arena,
                         Vector *out)
{
    out->valid = NULL;
    if (!view->valid)
        return;
    out->valid = arena_alloc_array(q, arena, MASK_WORDS, sizeof(u64));
    for (i32 i = 0; i < n; i++)
        bit_put(out->valid, i, !view_is_null(view, (i32)codes[i]));
}

void join_probe_column(Query *q, const Chunk *in, i32 column, const u32 *codes, i32 n, Arena *arena,
                       Vector *out)
{
    Vector *from = &in->columns[column];
    if (!vector_load(from, in->sel, in->n, &q->error))
        query_rethrow(q, &q->error);
    if (from->form == VECTOR_CONSTANT) {
        *out = *from;
        return;
    }
    if (from->form == VECTOR_SEQUENCE) {
        if (!vector_gather(from, codes, n, arena, out, &q->error))
            query_rethrow(q, &q->error);
        return;
    }
    VectorView view = vector_view(from);
    *out = *from;
    out->form = VECTOR_DICTIONARY;
    u32 *mapped = arena_alloc_array(q, arena, n, sizeof(u32));
    for (i32 i = 0; i < n; i++)
        mapped[i] = (u32)view_index(&view, (i32)codes[i]);
    out->codes = mapped;
    if (from->form == VECTOR_FLAT) {
        Vector *entries = arena_alloc(q, arena, sizeof *entries);
        *entries = *from;
        entries->valid = NULL;
        out->entries = entries;
        out->entry_count = in->n;
        out->dictionary_id = 0;
        out->values = NULL;
    }
    gather_valid(q, &view, codes, n, arena, out);
}

void join_mark_column(Query *q, const u64 *is_true, const u64 *is_unknown, i32 n, Arena *arena,
                      Vector *out)
{
    if (!vector_make(out, type_of(TYPE_BOOL), lane_of(LANE_BOOL), n, arena, &q->error) ||
        !vector_make_valid(out, n, arena, &q->error))
        query_rethrow(q, &q->error);
    u64 *values = out->values;
    for (i64 word = 0; word < bit_words(n); word++) {
        values[word] = is_true[word];
        if (is_unknown)
            out->valid[word] &= ~is_unknown[word];
    }
}

_Noreturn void join_fail_second_match(Query *q)
{
    query_fail(q, E_CARDINALITY_VIOLATION,
               "more than one row returned by a subquery used as an expression");
}
