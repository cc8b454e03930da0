/* SPDX-License-Identifier: Apache-2.0
 *
 * Finding the kernel of an aggregate by the lanes of its arguments and of its result.
 */
#include "functions/aggregate.h"

static const AggregateTable *const tables[] = {
    &sum_aggregates,
    &extreme_aggregates,
    &statistics_aggregates,
    &text_aggregates,
};

/* The table that is used in the place of tables[t]. */
static const AggregateTable *table_chosen(i32 t)
{
#ifdef GOTGAN_HAS_V3
    static const AggregateTable *const wide[countof(tables)] = {&sum_aggregates_v3,
                                                                &extreme_aggregates_v3};
    if (instruction_set() == INSTRUCTIONS_V3 && wide[t])
        return wide[t];
#endif
    return tables[t];
}

static bool lane_fits(u8 wanted, Lane lane)
{
    return wanted == AGGREGATE_ANY_LANE || wanted == lane.kind;
}

static bool row_fits(const AggregateKernelRow *row, Operation operation, const Lane *args,
                     i32 nargs, Lane result)
{
    if (row->operation != operation || row->nargs != nargs || !lane_fits(row->result, result))
        return false;
    for (i32 i = 0; i < nargs; i++)
        if (!lane_fits(row->args[i], args[i]))
            return false;
    bool decimal = result.kind == LANE_DEC64 || result.kind == LANE_DEC128;
    return !decimal || result.scale == args[0].scale;
}

const AggregateKernel *aggregate_find(Operation operation, const Lane *args, i32 nargs, Lane result)
{
    for (i32 t = 0; t < countof(tables); t++) {
        const AggregateTable *table = table_chosen(t);
        for (i32 i = 0; i < table->count; i++)
            if (row_fits(&table->rows[i], operation, args, nargs, result))
                return table->rows[i].kernel;
    }
    return NULL;
}
