/* SPDX-License-Identifier: Apache-2.0
 *
 * Filling Errors, the table of SQLSTATEs, and the last words of a broken invariant.
 */
#include "base/error.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/text.h"

static const char *const sqlstates[] = {
#define X(name, sqlstate) sqlstate,
#include "base/errors.def"
#undef X
};

/* vsnprintf that never ends inside a UTF-8 character. */
static void format_cut(char *out, i64 size, const char *format, va_list arguments)
{
    int written = vsnprintf(out, (size_t)size, format, arguments);
    if (written >= size) {
        i64 cut = utf8_cut((Text){out, size - 1}, size - 1);
        out[cut] = 0;
    }
}

bool error_set(Error *error, ErrorCode code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error->code = code;
    error->position = 0;
    format_cut(error->message, sizeof error->message, format, arguments);
    error->detail[0] = error->hint[0] = error->context[0] = 0;
    memset(&error->object, 0, sizeof error->object);
    error->routine = NULL;
    va_end(arguments);
    return false;
}

bool error_detail(Error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    format_cut(error->detail, sizeof error->detail, format, arguments);
    va_end(arguments);
    return false;
}

bool error_hint(Error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    format_cut(error->hint, sizeof error->hint, format, arguments);
    va_end(arguments);
    return false;
}

bool error_context(Error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    format_cut(error->context, sizeof error->context, format, arguments);
    va_end(arguments);
    return false;
}

const char *error_sqlstate(ErrorCode code)
{
    verify((u32)code < (u32)countof(sqlstates));
    return sqlstates[code];
}

_Noreturn void verify_failed(const char *condition, const char *file, int line)
{
    fprintf(stderr, "PANIC: %s:%d: %s\n", file, line, condition);
    abort();
}
