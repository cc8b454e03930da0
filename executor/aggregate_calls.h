/* SPDX-License-Identifier: Apache-2.0
 *
 * The calls of an aggregation: where their states lie in a group's row, how a chunk is fed to them,
 * and what DISTINCT and ORDER BY inside a call keep until the input is over. Used by op_aggregate.c
 * only.
 *
 * A plain call updates its states as chunks come. A DISTINCT call keeps the distinct (keys,
 * arguments) in a group table, an ordered one all (keys, arguments, order keys) in a row store;
 * both are fed to the states when the groups are complete.
 */
#ifndef GOTGAN_AGGREGATE_CALLS_H
#define GOTGAN_AGGREGATE_CALLS_H

#include "executor/execution.h"
#include "executor/group_table.h"
#include "executor/row_sort.h"

typedef struct CallShape {
    const PlanAggregateCall *plan;
    const AggregateKernel *kernel;
    i32 state_offset;       /* in a group's row */
    i32 first_root;         /* plain: its arguments in the main program */
    const Program *program; /* filter (if any), arguments, order keys; NULL: plain */
    bool distinct, ordered;
    RowLayout distinct_layout; /* keys, arguments; extra: u64 hash of the keys */
    SortColumn *order;         /* positions behind keys and arguments */
} CallShape;

typedef struct AggregateShape {
    const Plan *plan;
    i32 key_count, call_count;
    const Program *program; /* keys, then arguments of plain calls */
    RowLayout layout;       /* keys; extra: states */
    CallShape *calls;
    bool any_kept; /* some call is DISTINCT or ordered */
    bool any_ordered;
} AggregateShape;

/* What one worker keeps for one call. */
typedef struct CallLocal {
    Evaluator *evaluator; /* of the call's own program */
    GroupTable distinct;
    RowStore ordered;
    GroupPartitions parts; /* of distinct */
} CallLocal;

typedef struct ChunkGroups {
    const Chunk *in;
    const Vector *keys;
    const u16 *positions; /* of the rows that count */
    const u32 *groups;    /* of each of them; NULL without keys */
} ChunkGroups;

void aggregate_shape_make(Worker *w, const Plan *plan, AggregateShape *shape);
/* Initial states of groups first..table->count. */
void states_init(const AggregateShape *shape, GroupTable *table, u32 first);
void call_local_open(Worker *w, const AggregateShape *shape, i32 call, Arena *arena,
                     CallLocal *local);
/* Feeds a chunk to a call that is not plain. */
void call_take(Worker *w, const AggregateShape *shape, i32 call, CallLocal *local,
               GroupTable *table, const ChunkGroups *rows, Arena *scratch);
/* Runs a call's update over rows of a chunk; arguments of any form. */
void call_update(Query *q, const CallShape *shape, GroupTable *table, Vector *args,
                 const Selection *sel, i32 n, const u32 *groups, Arena *scratch);
/* Feeds what a worker kept (partition p of it) to the states in table. seen: distinct rows of all
 * workers so far; NULL: this worker is alone. */
void distinct_feed(Query *q, const AggregateShape *shape, i32 call, const CallLocal *local, i32 p,
                   GroupTable *seen, GroupTable *table, Arena *scratch);
/* Feeds all rows of an ordered call, sorted. seen_arena holds what DISTINCT has seen, scratch is
 * given back in between. */
void ordered_feed(Query *q, const AggregateShape *shape, i32 call, const RowStore *rows,
                  GroupTable *table, Arena *seen_arena, Arena *scratch);
/* A vector that is neither LAZY nor SEQUENCE. */
Vector vector_settled(Query *q, const Vector *in, const Selection *sel, i32 n, Arena *arena);
/* 0, 1, 2 ... for chunks without a selection. */
const u16 *positions_of(const Chunk *chunk, const u16 *identity);

#endif
