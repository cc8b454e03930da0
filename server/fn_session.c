/* SPDX-License-Identifier: Apache-2.0
 *
 * Kernels of the functions that ask about the session: current_setting, set_config, pg_backend_pid,
 * version ... attached at start.
 */
#include "base/version.h"
#include "catalog/registered.h"
#include "server/session.h"
#include "types/timestamp.h"

/* One constant text for every row. */
static KernelStatus give_text(KernelCall *call, Text text)
{
    Str *values = call->result->values;
    Text copy;
    if (!arena_text(call->arena, text, &copy, call->error))
        return KERNEL_ERROR;
    for (i32 i = 0; i < call->n; i++)
        values[i] = str_from_text(copy);
    return KERNEL_OK;
}

static KernelStatus fn_version(KernelCall *call)
{
    return give_text(call, TEXT("PostgreSQL " SERVER_VERSION
                                " on x86_64-pc-linux-gnu, compiled by a C17 compiler, 64-bit"));
}

static KernelStatus fn_current_database(KernelCall *call)
{
    return give_text(call, call->env->database);
}

static KernelStatus fn_current_user(KernelCall *call)
{
    return give_text(call, call->env->user);
}
static KernelStatus fn_session_user(KernelCall *call)
{
    return give_text(call, call->env->session_user);
}

static KernelStatus fn_backend_pid(KernelCall *call)
{
    i32 *values = call->result->values;
    for (i32 i = 0; i < call->n; i++)
        values[i] = call->env->backend_pid;
    return KERNEL_OK;
}

static KernelStatus fn_database_encoding(KernelCall *call)
{
    return give_text(call, TEXT("UTF8"));
}

static KernelStatus fn_client_encoding(KernelCall *call)
{
    const Session *session = (const Session *)call->env->session;
    Text value;
    return setting_get(&session->settings, TEXT("client_encoding"), &value, call->error)
               ? give_text(call, value)
               : KERNEL_ERROR;
}

static KernelStatus fn_transaction_id(KernelCall *call)
{
    i64 *values = call->result->values;
    const Session *session = (const Session *)call->env->session;
    u64 id = session->transaction ? transaction_id(session->transaction) : 0;
    for (i32 i = 0; i < call->n; i++)
        values[i] = (i64)id;
    return KERNEL_OK;
}

static KernelStatus fn_postmaster_start(KernelCall *call)
{
    i64 *values = call->result->values;
    const Session *session = (const Session *)call->env->session;
    for (i32 i = 0; i < call->n; i++)
        values[i] = session->server->started_us;
    return KERNEL_OK;
}

static i32 row_count(const KernelCall *call)
{
    return call->sel ? call->sel->count : call->n;
}
static i32 row_at(const KernelCall *call, i32 i)
{
    return call->sel ? call->sel->rows[i] : i;
}

static Text argument(const KernelCall *call, i32 arg, i32 row)
{
    const Vector *vector = &call->args[arg];
    const Str *values = vector->values;
    return str_text(&values[vector->form == VECTOR_CONSTANT ? 0 : row]);
}

static bool argument_bool(const KernelCall *call, i32 arg, i32 row)
{
    const Vector *vector = &call->args[arg];
    return bit_get(vector->values, vector->form == VECTOR_CONSTANT ? 0 : row);
}

/* current_setting(name [, missing_ok]): NULL when missing is fine. */
static KernelStatus fn_current_setting(KernelCall *call)
{
    const Session *session = (const Session *)call->env->session;
    Str *values = call->result->values;
    for (i32 i = 0; i < row_count(call); i++) {
        i32 row = row_at(call, i);
        if (call->result->valid && !bit_get(call->result->valid, row))
            continue;
        Text value, copy;
        if (setting_get(&session->settings, argument(call, 0, row), &value, call->error)) {
            if (!arena_text(call->arena, value, &copy, call->error))
                return KERNEL_ERROR;
            values[row] = str_from_text(copy);
            continue;
        }
        if (call->nargs < 2 || !argument_bool(call, 1, row)) {
            call->bad = row;
            return KERNEL_BAD_ROW;
        }
        if (!call->result->valid &&
            !vector_make_valid(call->result, call->n, call->arena, call->error))
            return KERNEL_ERROR;
        bit_clear(call->result->valid, row);
    }
    return KERNEL_OK;
}

static bool argument_is_null(const KernelCall *call, i32 arg, i32 row)
{
    const Vector *vector = &call->args[arg];
    return vector->valid && !bit_get(vector->valid, vector->form == VECTOR_CONSTANT ? 0 : row);
}

/* NULL as a value is the default, as a third argument false. */
static bool set_config(const KernelCall *call, Settings *settings, i32 row)
{
    Text name = argument(call, 0, row);
    bool local = !argument_is_null(call, 2, row) && argument_bool(call, 2, row);
    bool reset = argument_is_null(call, 1, row);
    if (argument_is_null(call, 0, row))
        return error_set(call->error, E_NULL_VALUE_NOT_ALLOWED, "SET requires parameter name");
    if (reset && setting_find(name))
        return setting_reset(settings, name, local, call->error);
    return setting_set(settings, name, reset ? TEXT("") : argument(call, 1, row), local,
                       call->error);
}

static KernelStatus fn_set_config(KernelCall *call)
{
    Session *session = (Session *)call->env->session;
    Str *values = call->result->values;
    for (i32 i = 0; i < row_count(call); i++) {
        i32 row = row_at(call, i);
        Text value, copy;
        if (!set_config(call, &session->settings, row) ||
            !setting_get(&session->settings, argument(call, 0, row), &value, call->error)) {
            call->bad = row;
            return KERNEL_BAD_ROW;
        }
        if (!arena_text(call->arena, value, &copy, call->error))
            return KERNEL_ERROR;
        values[row] = str_from_text(copy);
    }
    return KERNEL_OK;
}

/* clock_timestamp(): the platform of the server, which is the only one with a clock. */
static i64 session_clock_us(void)
{
    Platform *platform = platform_posix();
    return platform->wall_us(platform);
}

void session_environment(Session *session, Portal *portal)
{
    portal->env = (Environment){.format = session->settings.format,
                                .transaction_us = session->transaction_us,
                                .statement_us = session->statement_us,
                                .user = session->user,
                                .session_user = session->user,
                                .database = session->database,
                                .user_oid = ROLE_GOTGAN,
                                .backend_pid = session->pid,
                                .catalog = &portal->view,
                                .session = (struct SessionView *)session,
                                .sequences = &session->sequences,
                                .random = &session->random};
    session->sequences.read_only = session->settings.read_only;
    portal->names = registered_names(&portal->view);
    portal->env.format.names = &portal->names;
    portal->env.format.now_us = session->transaction_us;
    portal->env.clock_us = session_clock_us;
    portal->env.setting_name = setting_canonical_name;
}

void session_attach_functions(void)
{
    static const struct {
        Operation operation;
        KernelFunction kernel;
    } rows[] = {
        {OP_VERSION, fn_version},
        {OP_CURRENT_DATABASE, fn_current_database},
        {OP_CURRENT_USER, fn_current_user},
        {OP_SESSION_USER, fn_session_user},
        {OP_PG_BACKEND_PID, fn_backend_pid},
        {OP_PG_CLIENT_ENCODING, fn_client_encoding},
        {OP_GETDATABASEENCODING, fn_database_encoding},
        {OP_TXID_CURRENT, fn_transaction_id},
        {OP_PG_POSTMASTER_START_TIME, fn_postmaster_start},
        {OP_CURRENT_SETTING, fn_current_setting},
        {OP_SET_CONFIG, fn_set_config},
        {OP_PG_SLEEP, fn_sleep},
        {OP_PG_SLEEP_FOR, fn_sleep_for},
        {OP_PG_SLEEP_UNTIL, fn_sleep_until},
    };
    for (i32 i = 0; i < countof(rows); i++) {
        bool attached = operation_attach(rows[i].operation, rows[i].kernel);
        verify(attached);
    }
}
