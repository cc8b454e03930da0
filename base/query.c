/* SPDX-License-Identifier: Apache-2.0
 *
 * The one trap: query_try keeps a jmp_buf on the C stack and links it into the Query; query_fail
 * fills the Query's error and jumps to the innermost one.
 */
#include "base/query.h"

#include <setjmp.h>
#include <stdarg.h>

#include "base/stack.h"
#include "base/text.h"

enum { STACK_RESERVE = 256 << 10 };

void query_open(Query *q, Arena *arena, QueryControl *control)
{
    *q = (Query){.arena = arena, .control = control, .stack_end = stack_lowest() + STACK_RESERVE};
}

bool query_try(Query *q, void (*body)(void *argument), void *argument)
{
    jmp_buf here;
    void *outer = q->trap;
    q->trap = &here;
    if (setjmp(here) != 0) {
        q->trap = outer;
        return false;
    }
    body(argument);
    q->trap = outer;
    return true;
}

static _Noreturn void throw(Query * q)
{
    verify(q->trap != NULL);
    longjmp(*(jmp_buf *)q->trap, 1);
}

static void fill(Query *q, i32 offset, ErrorCode code, const char *format, va_list arguments)
{
    char message[sizeof q->error.message];
    vsnprintf(message, sizeof message, format, arguments);
    message[utf8_cut(text_from(message), sizeof message - 1)] = 0;
    error_set(&q->error, code, "%s", message);
    q->error.position = offset < 0 ? 0 : offset + 1;
}

_Noreturn void query_fail(Query *q, ErrorCode code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(q, -1, code, format, arguments);
    va_end(arguments);
    throw(q);
}

_Noreturn void query_fail_at(Query *q, i32 offset, ErrorCode code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(q, offset, code, format, arguments);
    va_end(arguments);
    throw(q);
}

_Noreturn void query_rethrow(Query *q, const Error *error)
{
    if (error != &q->error)
        q->error = *error;
    throw(q);
}

void query_control_open(QueryControl *control, Budget *parent, const char *name)
{
    atomic_store(&control->interrupt, INTERRUPT_NONE);
    atomic_store(&control->lock_wait, 0);
    budget_open(&control->budget, parent, 0, name);
    control->budget.statement = control;
}

void query_interrupt(QueryControl *control, Interrupt why)
{
    u32 before = atomic_load(&control->interrupt);
    while (before < (u32)why && !atomic_compare_exchange_weak(&control->interrupt, &before, why))
        ;
}

bool query_control_check(const QueryControl *control, Error *error)
{
    switch ((Interrupt)atomic_load_explicit(&control->interrupt, memory_order_relaxed)) {
    case INTERRUPT_NONE:
        return true;
    case INTERRUPT_SIBLING_FAILED:
        return error_set(error, E_QUERY_CANCELED, "canceling because another worker failed");
    case INTERRUPT_LOCK_TIMEOUT:
        return error_set(error, E_LOCK_NOT_AVAILABLE, "canceling statement due to lock timeout");
    case INTERRUPT_TIMEOUT:
        return error_set(error, E_QUERY_CANCELED, "canceling statement due to statement timeout");
    case INTERRUPT_CANCEL:
        return error_set(error, E_QUERY_CANCELED, "canceling statement due to user request");
    case INTERRUPT_CONNECTION_LOST:
        return error_set(error, E_CONNECTION_FAILURE, "connection to client lost");
    case INTERRUPT_SHUTDOWN:
        return error_set(error, E_ADMIN_SHUTDOWN,
                         "terminating connection due to administrator command");
    }
    unreachable();
}

void query_check(Query *q)
{
    if (!query_control_check(q->control, &q->error))
        throw(q);
}

void stack_check(Query *q)
{
    if (likely((const u8 *)__builtin_frame_address(0) > q->stack_end))
        return;
    error_set(&q->error, E_STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    error_hint(&q->error, "Nest the expressions and subqueries of the statement less deeply.");
    throw(q);
}

void *arena_alloc(Query *q, Arena *arena, i64 bytes)
{
    void *memory = arena_try(arena, bytes, &q->error);
    if (!memory)
        throw(q);
    return memory;
}

void *arena_alloc_array(Query *q, Arena *arena, i64 count, i64 size)
{
    i64 bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        query_fail(q, E_OUT_OF_MEMORY, "out of memory");
    return arena_alloc(q, arena, bytes);
}

void *arena_grow(Query *q, Arena *arena, void *items, i32 count, i32 *capacity, i64 size)
{
    enum { CAPACITY_FIRST = 4 };
    if (count < *capacity)
        return items;
    i32 larger;
    if (__builtin_mul_overflow(*capacity, 2, &larger))
        query_fail(q, E_OUT_OF_MEMORY, "out of memory");
    larger = *capacity ? larger : CAPACITY_FIRST;
    void *grown = arena_alloc_array(q, arena, larger, size);
    if (count)
        memcpy(grown, items, (size_t)(count * size));
    *capacity = larger;
    return grown;
}

void query_resize(Query *q, Buffer *buffer, i64 bytes)
{
    if (!buffer_reserve(buffer, max_i64(bytes - buffer->len, 0), &q->error))
        throw(q);
    do {
        query_check(q);
        i64 piece = min_i64(bytes, buffer->len + BYTES_PER_LOOK);
        if (!buffer_resize(buffer, piece, &q->error))
            throw(q);
    } while (buffer->len < bytes);
}

void query_defer(Query *q, Arena *arena, void (*closer)(void *), void *thing)
{
    if (arena_defer(arena, closer, thing, &q->error))
        return;
    Error error = q->error;
    closer(thing);
    query_rethrow(q, &error);
}

Text query_text(Query *q, Text text)
{
    Text copy;
    if (!arena_text(q->arena, text, &copy, &q->error))
        throw(q);
    return copy;
}

Text query_format(Query *q, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int len = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *data = arena_alloc(q, q->arena, len + 1);
    vsnprintf(data, (size_t)len + 1, format, again);
    va_end(again);
    return (Text){data, len};
}
