/* SPDX-License-Identifier: Apache-2.0
 *
 * Query: the execution context of the query world (parser, planner, expressions, catalog's
 * look-ups, executor, session stages). It knows no SQL: an arena, an error, the one trap of its
 * task, and the control block it shares with the other tasks of the same statement.
 *
 * Here errors are thrown: query_fail() jumps to the innermost query_try() of this Query. Never
 * throw through storage, never with a lock held, and register every file, pin and temporary
 * space with arena_defer when it is acquired. A local changed between query_try and the throw
 * is not trusted: the body is a function of its own.
 *
 * Threads: a Query belongs to one thread. Workers have their own Query (own arena, own trap)
 * that points to the statement's QueryControl; the first error wins and sets the interrupt.
 */
#ifndef GOTGAN_QUERY_H
#define GOTGAN_QUERY_H

#include <stdatomic.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/look.h"

/* Why a statement must stop; the highest value set wins. */
typedef enum Interrupt {
    INTERRUPT_NONE,
    INTERRUPT_SIBLING_FAILED,  /* another worker of the statement failed: stop quietly */
    INTERRUPT_LOCK_TIMEOUT,    /* 55P03 canceling statement due to lock timeout */
    INTERRUPT_TIMEOUT,         /* 57014 canceling statement due to statement timeout */
    INTERRUPT_CANCEL,          /* 57014 canceling statement due to user request */
    INTERRUPT_CONNECTION_LOST, /* 08006 connection to client lost */
    INTERRUPT_SHUTDOWN,        /* 57P01 terminating connection due to administrator command */
} Interrupt;

/* Shared by all tasks of one statement. */
typedef struct QueryControl {
    _Atomic u32 interrupt; /* an Interrupt; only raised, see query_interrupt */
    _Atomic u32 lock_wait; /* number of the wait for a row's lock under way; 0: none */
    Budget budget;         /* of this statement; parent: the server's */
} QueryControl;

typedef struct Query {
    Arena *arena; /* lives as long as the statement (or, in a worker, its task) */
    QueryControl *control;
    Error error;         /* what was thrown last */
    void *trap;          /* innermost query_try; NULL: a throw aborts the program */
    const u8 *stack_end; /* lowest address recursion may reach (stack_check) */
} Query;

/* Makes q ready for the calling thread; q->stack_end is taken from the thread. */
void query_open(Query *q, Arena *arena, QueryControl *control);

/* Runs body(argument). False: it threw; q->error tells what. */
must_check bool query_try(Query *q, void (*body)(void *argument), void *argument);

/* Throws. The _at form adds where in the statement's text (0-based byte offset; negative:
 * unknown). */
_Noreturn void query_fail(Query *q, ErrorCode code, const char *format, ...) printf_like(3, 4);
_Noreturn void query_fail_at(Query *q, i32 offset, ErrorCode code, const char *format, ...)
    printf_like(4, 5);
/* Throws error as it is: the one-line border to the durable world. */
_Noreturn void query_rethrow(Query *q, const Error *error);

/* The control block of statements to come; name: of its budget, in messages. */
void query_control_open(QueryControl *control, Budget *parent, const char *name);
/* Raises the interrupt of a statement (from any thread; async-signal-safe). */
void query_interrupt(QueryControl *control, Interrupt why);
/* Throws if an interrupt is pending. Once per chunk, and every 64 K rows or 64 KB in loops that
 * do not come back to the driver within a chunk. */
void query_check(Query *q);
/* The same for code that throws nothing; false: error tells why. */
must_check bool query_control_check(const QueryControl *control, Error *error);
static inline bool query_is_interrupted(const QueryControl *control)
{
    return atomic_load_explicit(&control->interrupt, memory_order_relaxed) != INTERRUPT_NONE;
}

/* Throws 54001 "stack depth limit exceeded" when less than 256 KB of stack is left. First line of
 * every function that recurses over user-made depth. */
void stack_check(Query *q);

/* Zeroed memory from arena; throws 53200. */
void *arena_alloc(Query *q, Arena *arena, i64 bytes) __attribute__((returns_nonnull));
/* count elements of size bytes; the product is checked. */
void *arena_alloc_array(Query *q, Arena *arena, i64 count, i64 size)
    __attribute__((returns_nonnull));
/* items with room for one more behind `count` of them: themselves, or a larger copy in the arena.
 * *capacity follows; size: bytes of an element. */
void *arena_grow(Query *q, Arena *arena, void *items, i32 count, i32 *capacity, i64 size)
    __attribute__((returns_nonnull));
/* The same for a list in the query's own arena. */
#define make_room(q, items, count, capacity)                                                       \
    ((items) = arena_grow((q), (q)->arena, (items), (count), (capacity), (i64)sizeof *(items)))
/* buffer_resize that throws and looks for interrupts on its way: to touch a gigabyte for the first
 * time takes most of a second. */
void query_resize(Query *q, Buffer *buffer, i64 bytes);
/* One T, or count Ts, from the query's own arena. */
#define make(q, T) ((T *)arena_alloc((q), (q)->arena, (i64)sizeof(T)))
#define make_array(q, T, count) ((T *)arena_alloc_array((q), (q)->arena, (count), (i64)sizeof(T)))
/* arena_defer that throws. When it throws, closer(thing) has been called. */
void query_defer(Query *q, Arena *arena, void (*closer)(void *), void *thing);

/* Text in the query's arena, NUL-terminated beyond its length. */
Text query_text(Query *q, Text text);
Text query_format(Query *q, const char *format, ...) printf_like(2, 3);

#endif
