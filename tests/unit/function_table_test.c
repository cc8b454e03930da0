/* SPDX-License-Identifier: Apache-2.0
 *
 * Walks the tables of functions, casts and aggregates: rows are whole and unique, look-ups find
 * them, each has a kernel unless a higher floor attaches it, and every aggregate can be merged.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/text.h"
#include "functions/cast.h"
#include "functions/function.h"
#include "functions/series.h"

static bool same_arguments(const u32 *a, const u32 *b)
{
    return memcmp(a, b, sizeof(u32) * FUNCTION_ARGUMENTS_MAX) == 0;
}

static void rows_are_unique_and_documented(void **state)
{
    i32 count;
    const FunctionRow *rows = function_rows(&count);
    assert_true(count >= 700);
    for (i32 i = 0; i < count; i++) {
        assert_true(strlen(rows[i].doc) > 3);
        assert_true(rows[i].operation != OP_NONE);
        assert_int_equal(__builtin_popcount(rows[i].flags & (IMMUTABLE | STABLE | VOLATILE)), 1);
        assert_ptr_equal(function_by_proc(rows[i].proc), &rows[i]);
        for (i32 k = 0; k < i; k++) {
            assert_int_not_equal(rows[i].proc, rows[k].proc);
            assert_true(rows[i].oper == 0 || rows[i].oper != rows[k].oper);
            assert_false(strcmp(rows[i].name, rows[k].name) == 0 &&
                         rows[i].argument_count == rows[k].argument_count &&
                         same_arguments(rows[i].arguments, rows[k].arguments));
        }
    }
}

static i32 count_named(Text name, const FunctionRow *(*next)(Text, const FunctionRow *))
{
    i32 count = 0;
    for (const FunctionRow *row = NULL; (row = next(name, row)); count++)
        ;
    return count;
}

static void names_find_their_rows(void **state)
{
    assert_int_equal(count_named(TEXT("abs"), function_next), 6);
    assert_int_equal(count_named(TEXT("substring"), function_next), 6);
    assert_int_equal(count_named(TEXT("@"), operator_next), 6);
    assert_int_equal(count_named(TEXT("^@"), operator_next), 1);
    assert_int_equal(count_named(TEXT("nothing"), function_next), 0);
    assert_null(function_by_proc(1));
}

static void operators_know_their_partners(void **state)
{
    const FunctionRow *less = function_by_proc(64); /* int2lt */
    assert_int_equal(operator_commutator(less)->proc, 146);
    assert_int_equal(operator_negator(less)->proc, 151);
    assert_int_equal(operator_commutator(function_by_proc(854))->proc, 477); /* int48lt, int84gt */
    assert_int_equal(operator_negator(function_by_proc(850))->proc, 851);    /* textlike */
    assert_null(operator_commutator(function_by_proc(850)));
    assert_null(operator_negator(function_by_proc(177))); /* int4pl */
    assert_int_equal(operator_commutator(function_by_proc(1141))->proc, 2550);
}

static void casts_name_rows_that_exist(void **state)
{
    i32 count;
    const CastRow *rows = cast_rows(&count);
    assert_true(count > 100);
    for (i32 i = 0; i < count; i++) {
        assert_ptr_equal(cast_find(rows[i].source, rows[i].target), &rows[i]);
        if (rows[i].method == CAST_FUNCTION)
            assert_non_null(function_by_proc(rows[i].proc));
        else
            assert_int_equal(rows[i].proc, 0);
    }
    assert_int_equal(binary_cast_operation(TYPE_INT4, TYPE_OID), OP_INT4_TO_OID);
    assert_int_equal(binary_cast_operation(TYPE_VARCHAR, TYPE_TEXT), OP_RELABEL);
}

static KernelStatus attached_kernel(KernelCall *call)
{
    return KERNEL_OK;
}

/* Rows without a kernel here are exactly those that may be attached; then none is missing. */
static void every_row_gets_a_kernel(void **state)
{
    const FunctionRow *row;
    i32 attached = 0;
    assert_false(operation_attach(OP_ADD, attached_kernel));
    while ((row = kernel_missing())) {
        assert_true(row->flags & ENV);
        if (!operation_attach(row->operation, attached_kernel))
            fail_msg("%s (%u) has no kernel", row->name, row->proc);
        attached++;
    }
    assert_in_range(attached, 30, 60);
    assert_non_null(set_function_find(OP_GENERATE_SERIES));
}

static void aggregates_are_whole(void **state)
{
    i32 count;
    const AggregateRow *rows = aggregate_rows(&count);
    assert_true(count >= 90);
    for (i32 i = 0; i < count; i++) {
        Lane args[FUNCTION_ARGUMENTS_MAX];
        for (i32 k = 0; k < rows[i].argument_count; k++)
            args[k] = type_lane(type_of(rows[i].arguments[k]));
        const AggregateKernel *kernel = aggregate_find(
            rows[i].operation, args, rows[i].argument_count, type_lane(type_of(rows[i].result)));
        if (!kernel)
            fail_msg("aggregate %s (%u) has no kernel", rows[i].name, rows[i].proc);
        assert_true(kernel->state_bytes > 0);
        assert_non_null(kernel->update);
        assert_non_null(kernel->merge);
        assert_non_null(kernel->emit);
        assert_true(kernel->state_is_zero || kernel->init);
        assert_true(strlen(rows[i].doc) > 3);
        assert_ptr_equal(aggregate_by_proc(rows[i].proc), &rows[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_unique_and_documented),
        cmocka_unit_test(names_find_their_rows),
        cmocka_unit_test(operators_know_their_partners),
        cmocka_unit_test(casts_name_rows_that_exist),
        cmocka_unit_test(aggregates_are_whole),
        cmocka_unit_test(every_row_gets_a_kernel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
