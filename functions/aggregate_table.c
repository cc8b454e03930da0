/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of aggregates: one row each, in PostgreSQL's numbers. Aggregates with WITHIN GROUP, and
 * those that make arrays or JSON, are not here.
 */
#include "functions/function.h"

#include "base/text.h"

// clang-format off
static const AggregateRow rows[] = {
    {2100, "avg",            {TYPE_INT8},                  1, TYPE_NUMERIC,     OP_AVG,            "arithmetic mean"},
    {2101, "avg",            {TYPE_INT4},                  1, TYPE_NUMERIC,     OP_AVG,            "arithmetic mean"},
    {2102, "avg",            {TYPE_INT2},                  1, TYPE_NUMERIC,     OP_AVG,            "arithmetic mean"},
    {2103, "avg",            {TYPE_NUMERIC},               1, TYPE_NUMERIC,     OP_AVG,            "arithmetic mean"},
    {2104, "avg",            {TYPE_FLOAT4},                1, TYPE_FLOAT8,      OP_AVG,            "arithmetic mean"},
    {2105, "avg",            {TYPE_FLOAT8},                1, TYPE_FLOAT8,      OP_AVG,            "arithmetic mean"},
    {2106, "avg",            {TYPE_INTERVAL},              1, TYPE_INTERVAL,    OP_AVG,            "arithmetic mean"},
    {2236, "bit_and",        {TYPE_INT2},                  1, TYPE_INT2,        OP_BITS_AND,       "bitwise and of all"},
    {2238, "bit_and",        {TYPE_INT4},                  1, TYPE_INT4,        OP_BITS_AND,       "bitwise and of all"},
    {2240, "bit_and",        {TYPE_INT8},                  1, TYPE_INT8,        OP_BITS_AND,       "bitwise and of all"},
    {2237, "bit_or",         {TYPE_INT2},                  1, TYPE_INT2,        OP_BITS_OR,        "bitwise or of all"},
    {2239, "bit_or",         {TYPE_INT4},                  1, TYPE_INT4,        OP_BITS_OR,        "bitwise or of all"},
    {2241, "bit_or",         {TYPE_INT8},                  1, TYPE_INT8,        OP_BITS_OR,        "bitwise or of all"},
    {6164, "bit_xor",        {TYPE_INT2},                  1, TYPE_INT2,        OP_BITS_XOR,       "bitwise exclusive or of all"},
    {6165, "bit_xor",        {TYPE_INT4},                  1, TYPE_INT4,        OP_BITS_XOR,       "bitwise exclusive or of all"},
    {6166, "bit_xor",        {TYPE_INT8},                  1, TYPE_INT8,        OP_BITS_XOR,       "bitwise exclusive or of all"},
    {2517, "bool_and",       {TYPE_BOOL},                  1, TYPE_BOOL,        OP_BOOL_AND,       "true when all are true"},
    {2518, "bool_or",        {TYPE_BOOL},                  1, TYPE_BOOL,        OP_BOOL_OR,        "true when one is true"},
    {2829, "corr",           {TYPE_FLOAT8, TYPE_FLOAT8},   2, TYPE_FLOAT8,      OP_CORR,           "correlation coefficient"},
    {2147, "count",          {TYPE_ANY},                   1, TYPE_INT8,        OP_COUNT,          "number of rows in which the argument is not NULL"},
    {2803, "count",          {},                           0, TYPE_INT8,        OP_COUNT_ROWS,     "number of rows"},
    {2827, "covar_pop",      {TYPE_FLOAT8, TYPE_FLOAT8},   2, TYPE_FLOAT8,      OP_COVAR_POP,      "covariance of the population"},
    {2828, "covar_samp",     {TYPE_FLOAT8, TYPE_FLOAT8},   2, TYPE_FLOAT8,      OP_COVAR_SAMP,     "covariance of the sample"},
    {2519, "every",          {TYPE_BOOL},                  1, TYPE_BOOL,        OP_BOOL_AND,       "true when all are true"},
    {2115, "max",            {TYPE_INT8},                  1, TYPE_INT8,        OP_MAX,            "greatest value"},
    {2116, "max",            {TYPE_INT4},                  1, TYPE_INT4,        OP_MAX,            "greatest value"},
    {2117, "max",            {TYPE_INT2},                  1, TYPE_INT2,        OP_MAX,            "greatest value"},
    {2118, "max",            {TYPE_OID},                   1, TYPE_OID,         OP_MAX,            "greatest value"},
    {2119, "max",            {TYPE_FLOAT4},                1, TYPE_FLOAT4,      OP_MAX,            "greatest value"},
    {2120, "max",            {TYPE_FLOAT8},                1, TYPE_FLOAT8,      OP_MAX,            "greatest value"},
    {2122, "max",            {TYPE_DATE},                  1, TYPE_DATE,        OP_MAX,            "greatest value"},
    {2123, "max",            {TYPE_TIME},                  1, TYPE_TIME,        OP_MAX,            "greatest value"},
    {2126, "max",            {TYPE_TIMESTAMP},             1, TYPE_TIMESTAMP,   OP_MAX,            "greatest value"},
    {2127, "max",            {TYPE_TIMESTAMPTZ},           1, TYPE_TIMESTAMPTZ, OP_MAX,            "greatest value"},
    {2128, "max",            {TYPE_INTERVAL},              1, TYPE_INTERVAL,    OP_MAX,            "greatest value"},
    {2129, "max",            {TYPE_TEXT},                  1, TYPE_TEXT,        OP_MAX,            "greatest value"},
    {2130, "max",            {TYPE_NUMERIC},               1, TYPE_NUMERIC,     OP_MAX,            "greatest value"},
    {2244, "max",            {TYPE_BPCHAR},                1, TYPE_BPCHAR,      OP_MAX,            "greatest value"},
    {2131, "min",            {TYPE_INT8},                  1, TYPE_INT8,        OP_MIN,            "least value"},
    {2132, "min",            {TYPE_INT4},                  1, TYPE_INT4,        OP_MIN,            "least value"},
    {2133, "min",            {TYPE_INT2},                  1, TYPE_INT2,        OP_MIN,            "least value"},
    {2134, "min",            {TYPE_OID},                   1, TYPE_OID,         OP_MIN,            "least value"},
    {2135, "min",            {TYPE_FLOAT4},                1, TYPE_FLOAT4,      OP_MIN,            "least value"},
    {2136, "min",            {TYPE_FLOAT8},                1, TYPE_FLOAT8,      OP_MIN,            "least value"},
    {2138, "min",            {TYPE_DATE},                  1, TYPE_DATE,        OP_MIN,            "least value"},
    {2139, "min",            {TYPE_TIME},                  1, TYPE_TIME,        OP_MIN,            "least value"},
    {2142, "min",            {TYPE_TIMESTAMP},             1, TYPE_TIMESTAMP,   OP_MIN,            "least value"},
    {2143, "min",            {TYPE_TIMESTAMPTZ},           1, TYPE_TIMESTAMPTZ, OP_MIN,            "least value"},
    {2144, "min",            {TYPE_INTERVAL},              1, TYPE_INTERVAL,    OP_MIN,            "least value"},
    {2145, "min",            {TYPE_TEXT},                  1, TYPE_TEXT,        OP_MIN,            "least value"},
    {2146, "min",            {TYPE_NUMERIC},               1, TYPE_NUMERIC,     OP_MIN,            "least value"},
    {2245, "min",            {TYPE_BPCHAR},                1, TYPE_BPCHAR,      OP_MIN,            "least value"},
    {2822, "regr_avgx",      {TYPE_FLOAT8, TYPE_FLOAT8},   2, TYPE_FLOAT8,      OP_REGR_AVGX,      "mean of the second argument"},
    {2823, "regr_avgy",      {TYPE_FLOAT8, TYPE_FLOAT8},   2, TYPE_FLOAT8,      OP_REGR_AVGY,      "mean of the first argument"},
    {2818, "regr_count",     {TYPE_FLOAT8, TYPE_FLOAT8},   2, TYPE_INT8,        OP_REGR_COUNT,     "rows in which both arguments are not NULL"},
    {2826, "regr_intercept", {TYPE_FLOAT8, TYPE_FLOAT8},   2, TYPE_FLOAT8,      OP_REGR_INTERCEPT, "where the fitted line meets the y axis"},
    {2824, "regr_r2",        {TYPE_FLOAT8, TYPE_FLOAT8},   2, TYPE_FLOAT8,      OP_REGR_R2,        "square of the correlation coefficient"},
    {2825, "regr_slope",     {TYPE_FLOAT8, TYPE_FLOAT8},   2, TYPE_FLOAT8,      OP_REGR_SLOPE,     "slope of the fitted line"},
    {2819, "regr_sxx",       {TYPE_FLOAT8, TYPE_FLOAT8},   2, TYPE_FLOAT8,      OP_REGR_SXX,       "squared deviations of the second argument"},
    {2821, "regr_sxy",       {TYPE_FLOAT8, TYPE_FLOAT8},   2, TYPE_FLOAT8,      OP_REGR_SXY,       "products of deviations"},
    {2820, "regr_syy",       {TYPE_FLOAT8, TYPE_FLOAT8},   2, TYPE_FLOAT8,      OP_REGR_SYY,       "squared deviations of the first argument"},
    {2154, "stddev",         {TYPE_INT8},                  1, TYPE_NUMERIC,     OP_STDDEV_SAMP,    "standard deviation of the sample"},
    {2155, "stddev",         {TYPE_INT4},                  1, TYPE_NUMERIC,     OP_STDDEV_SAMP,    "standard deviation of the sample"},
    {2156, "stddev",         {TYPE_INT2},                  1, TYPE_NUMERIC,     OP_STDDEV_SAMP,    "standard deviation of the sample"},
    {2157, "stddev",         {TYPE_FLOAT4},                1, TYPE_FLOAT8,      OP_STDDEV_SAMP,    "standard deviation of the sample"},
    {2158, "stddev",         {TYPE_FLOAT8},                1, TYPE_FLOAT8,      OP_STDDEV_SAMP,    "standard deviation of the sample"},
    {2159, "stddev",         {TYPE_NUMERIC},               1, TYPE_NUMERIC,     OP_STDDEV_SAMP,    "standard deviation of the sample"},
    {2724, "stddev_pop",     {TYPE_INT8},                  1, TYPE_NUMERIC,     OP_STDDEV_POP,     "standard deviation of the population"},
    {2725, "stddev_pop",     {TYPE_INT4},                  1, TYPE_NUMERIC,     OP_STDDEV_POP,     "standard deviation of the population"},
    {2726, "stddev_pop",     {TYPE_INT2},                  1, TYPE_NUMERIC,     OP_STDDEV_POP,     "standard deviation of the population"},
    {2727, "stddev_pop",     {TYPE_FLOAT4},                1, TYPE_FLOAT8,      OP_STDDEV_POP,     "standard deviation of the population"},
    {2728, "stddev_pop",     {TYPE_FLOAT8},                1, TYPE_FLOAT8,      OP_STDDEV_POP,     "standard deviation of the population"},
    {2729, "stddev_pop",     {TYPE_NUMERIC},               1, TYPE_NUMERIC,     OP_STDDEV_POP,     "standard deviation of the population"},
    {2712, "stddev_samp",    {TYPE_INT8},                  1, TYPE_NUMERIC,     OP_STDDEV_SAMP,    "standard deviation of the sample"},
    {2713, "stddev_samp",    {TYPE_INT4},                  1, TYPE_NUMERIC,     OP_STDDEV_SAMP,    "standard deviation of the sample"},
    {2714, "stddev_samp",    {TYPE_INT2},                  1, TYPE_NUMERIC,     OP_STDDEV_SAMP,    "standard deviation of the sample"},
    {2715, "stddev_samp",    {TYPE_FLOAT4},                1, TYPE_FLOAT8,      OP_STDDEV_SAMP,    "standard deviation of the sample"},
    {2716, "stddev_samp",    {TYPE_FLOAT8},                1, TYPE_FLOAT8,      OP_STDDEV_SAMP,    "standard deviation of the sample"},
    {2717, "stddev_samp",    {TYPE_NUMERIC},               1, TYPE_NUMERIC,     OP_STDDEV_SAMP,    "standard deviation of the sample"},
    {3538, "string_agg",     {TYPE_TEXT, TYPE_TEXT},       2, TYPE_TEXT,        OP_STRING_AGG,     "all values one after the other, with the second argument between them"},
    {3545, "string_agg",     {TYPE_BYTEA, TYPE_BYTEA},     2, TYPE_BYTEA,       OP_STRING_AGG,     "all values one after the other, with the second argument between them"},
    {2107, "sum",            {TYPE_INT8},                  1, TYPE_NUMERIC,     OP_SUM,            "sum; 22003 when out of range"},
    {2108, "sum",            {TYPE_INT4},                  1, TYPE_INT8,        OP_SUM,            "sum; 22003 when out of range"},
    {2109, "sum",            {TYPE_INT2},                  1, TYPE_INT8,        OP_SUM,            "sum; 22003 when out of range"},
    {2110, "sum",            {TYPE_FLOAT4},                1, TYPE_FLOAT4,      OP_SUM,            "sum; 22003 when out of range"},
    {2111, "sum",            {TYPE_FLOAT8},                1, TYPE_FLOAT8,      OP_SUM,            "sum; 22003 when out of range"},
    {2113, "sum",            {TYPE_INTERVAL},              1, TYPE_INTERVAL,    OP_SUM,            "sum; 22003 when out of range"},
    {2114, "sum",            {TYPE_NUMERIC},               1, TYPE_NUMERIC,     OP_SUM,            "sum; 22003 when out of range"},
    {2718, "var_pop",        {TYPE_INT8},                  1, TYPE_NUMERIC,     OP_VAR_POP,        "variance of the population"},
    {2719, "var_pop",        {TYPE_INT4},                  1, TYPE_NUMERIC,     OP_VAR_POP,        "variance of the population"},
    {2720, "var_pop",        {TYPE_INT2},                  1, TYPE_NUMERIC,     OP_VAR_POP,        "variance of the population"},
    {2721, "var_pop",        {TYPE_FLOAT4},                1, TYPE_FLOAT8,      OP_VAR_POP,        "variance of the population"},
    {2722, "var_pop",        {TYPE_FLOAT8},                1, TYPE_FLOAT8,      OP_VAR_POP,        "variance of the population"},
    {2723, "var_pop",        {TYPE_NUMERIC},               1, TYPE_NUMERIC,     OP_VAR_POP,        "variance of the population"},
    {2641, "var_samp",       {TYPE_INT8},                  1, TYPE_NUMERIC,     OP_VAR_SAMP,       "variance of the sample"},
    {2642, "var_samp",       {TYPE_INT4},                  1, TYPE_NUMERIC,     OP_VAR_SAMP,       "variance of the sample"},
    {2643, "var_samp",       {TYPE_INT2},                  1, TYPE_NUMERIC,     OP_VAR_SAMP,       "variance of the sample"},
    {2644, "var_samp",       {TYPE_FLOAT4},                1, TYPE_FLOAT8,      OP_VAR_SAMP,       "variance of the sample"},
    {2645, "var_samp",       {TYPE_FLOAT8},                1, TYPE_FLOAT8,      OP_VAR_SAMP,       "variance of the sample"},
    {2646, "var_samp",       {TYPE_NUMERIC},               1, TYPE_NUMERIC,     OP_VAR_SAMP,       "variance of the sample"},
    {2148, "variance",       {TYPE_INT8},                  1, TYPE_NUMERIC,     OP_VAR_SAMP,       "variance of the sample"},
    {2149, "variance",       {TYPE_INT4},                  1, TYPE_NUMERIC,     OP_VAR_SAMP,       "variance of the sample"},
    {2150, "variance",       {TYPE_INT2},                  1, TYPE_NUMERIC,     OP_VAR_SAMP,       "variance of the sample"},
    {2151, "variance",       {TYPE_FLOAT4},                1, TYPE_FLOAT8,      OP_VAR_SAMP,       "variance of the sample"},
    {2152, "variance",       {TYPE_FLOAT8},                1, TYPE_FLOAT8,      OP_VAR_SAMP,       "variance of the sample"},
    {2153, "variance",       {TYPE_NUMERIC},               1, TYPE_NUMERIC,     OP_VAR_SAMP,       "variance of the sample"},
};

/* What stands in the place of rows above for bpchar without a length. */
static const AggregateRow rows_with_blanks[] = {
    {2244, "max",            {TYPE_BPCHAR},                1, TYPE_BPCHAR,      OP_BPCHAR_MAX,     "greatest value"},
    {2245, "min",            {TYPE_BPCHAR},                1, TYPE_BPCHAR,      OP_BPCHAR_MIN,     "least value"},
};
// clang-format on

const AggregateRow *aggregate_with_blanks(const AggregateRow *row)
{
    for (i32 i = 0; i < countof(rows_with_blanks); i++)
        if (rows_with_blanks[i].proc == row->proc)
            return &rows_with_blanks[i];
    return row;
}

const AggregateRow *aggregate_first_bpchar(void)
{
    static const AggregateRow row = {0,           "first",         {TYPE_BPCHAR}, 1,
                                     TYPE_BPCHAR, OP_BPCHAR_FIRST, "first value"};
    return &row;
}

const AggregateRow *aggregate_rows(i32 *count)
{
    *count = countof(rows);
    return rows;
}

const AggregateRow *aggregate_by_proc(u32 proc)
{
    for (i32 i = 0; i < countof(rows); i++)
        if (rows[i].proc == proc)
            return &rows[i];
    return NULL;
}

const AggregateRow *aggregate_next(Text name, const AggregateRow *after)
{
    for (const AggregateRow *row = after ? after + 1 : rows; row < rows + countof(rows); row++)
        if (text_equal(text_from(row->name), name))
            return row;
    return NULL;
}
